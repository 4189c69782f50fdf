from __future__ import annotations

from desk.domain.drafts import draft_text
from tests.builders import a_ticket, an_entry


def test_a_draft_is_the_question_and_the_public_answers() -> None:
    ticket = a_ticket(text="It jams on every page.")
    for entry in (
        an_entry("ana replied", 1, "Which tray?"),
        an_entry("maria.lopez@acme.example wrote", 2, "The lower one."),
        an_entry("ana noted", 3, "She is rude."),
        an_entry("ana changed status=open", 4, "Internal too."),
        an_entry("ana replied", 5, "[redacted]"),
        an_entry("ana replied status=resolved resolution=fixed", 6, "New rollers are in."),
    ):
        ticket = ticket.with_entry(entry)
    assert draft_text(ticket) == (
        "## Question\n\nIt jams on every page.\n\n## Answer\n\nWhich tray?\n\nNew rollers are in."
    )


def test_without_a_description_the_title_is_the_question() -> None:
    assert draft_text(a_ticket(text="")) == (
        "## Question\n\nPrinter on the third floor jams\n\n## Answer"
    )
    described = a_ticket(text="Wrong").with_entry(an_entry("ana described", 1, "Right"))
    assert "Right" in draft_text(described)
    assert "Wrong" not in draft_text(described)
