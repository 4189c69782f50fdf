"""What the checks say of a ticket, an article or a folder, without a disk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.domain import ids
from desk.domain.article_checks import article_problems
from desk.domain.findings import Finding, Problem, is_clean
from desk.domain.folder_checks import Item, article_name_fault, folder_faults
from desk.domain.headings import parse_heading
from desk.domain.kb import Article
from desk.domain.lint import CHECK, CHECKS, finding, lint_page, severity_of
from desk.domain.settings import Person, Settings
from desk.domain.sheet import Known, Sheet, known_of
from desk.domain.ticket import Entry, Ticket, Value
from desk.domain.ticket_checks import MOST_PROBLEMS, ticket_problems
from desk.errors import Diagnostic

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ID, OTHER, THIRD = "HD-2611-7K3QF", "HD-2611-00001", "HD-2611-00002"

SETTINGS = Settings(
    people={
        "ana": Person("ana", "Ana Ruiz", "ana@acme.example", "agent"),
        "olga": Person("olga", "Olga Dias", "olga@acme.example", "agent", active=False),
    },
    teams=("support", "sysadmin"),
    levels={"L1": "support"},
    priority_matrix={("high", "low"): "P2"},
    categories=("hardware", "network"),
)

OPENED = "2026-11-22T09:00:00Z maria@x.example opened status=new priority=P3"


def entry(heading: str, text: str = "") -> Entry:
    return parse_heading(heading)._replace(text=text)


def a_ticket(*headings: str, without: Iterable[str] = (), **values: Value) -> Ticket:
    """A ticket in order, whose log says what `values` say, unless `headings` replace it."""
    basic: dict[str, Value] = {
        "id": ID,
        "title": "Printer jams",
        "status": "new",
        "priority": "P3",
        "requester": "Maria <maria@x.example>",
        "created": "2026-11-22T09:00:00Z",
    }
    whole = {key: value for key, value in {**basic, **values}.items() if key not in without}
    log = tuple(entry(heading) for heading in headings or (OPENED,))
    return Ticket(whole, tuple(sorted(log, key=lambda each: each.at)))


def known(*others: Ticket, slugs: Iterable[str] = (), settings: Settings = SETTINGS) -> Known:
    return known_of(settings, NOW, [(ids.path_of(each.id), each) for each in others], slugs=slugs)


def problems(
    ticket: Ticket, against: Known | None = None, path: str = "", entries: Iterable[Entry] = ()
) -> list[Problem]:
    """All problems but the disagreements between the log and what a test wrote into the values."""
    sheet = Sheet(path or ids.path_of(ticket.id), ticket, tuple(entries) or ticket.log)
    found = ticket_problems(sheet, against or known(ticket))
    return [each for each in found if each.code != "disagreement"]


def only(found: list[Problem]) -> Problem:
    assert len(found) == 1, found
    return found[0]


def test_a_ticket_in_order_has_no_problem() -> None:
    ticket = a_ticket()
    sheet = Sheet(ids.path_of(ID), ticket, ticket.log)
    assert ticket_problems(sheet, known(ticket)) == []


def test_an_id_belongs_where_its_path_says() -> None:
    ticket, path = a_ticket(), "tickets/2026/10/HD-2611-7K3QF.md"
    found = only(problems(ticket, known_of(SETTINGS, NOW, [(path, ticket)]), path))
    assert (found.code, found.key) == ("path", "id")
    assert "tickets/2026/11/HD-2611-7K3QF.md" in found.message


def test_two_files_of_one_id_name_each_other() -> None:
    ticket = a_ticket()
    elsewhere = "tickets/2026/11/copy.md"
    both = known_of(SETTINGS, NOW, [(ids.path_of(ID), ticket), (elsewhere, ticket)])
    found = only(problems(ticket, both))
    assert found.code == "duplicate-id"
    assert elsewhere in found.message


def test_an_unreadable_file_of_the_same_name_counts_too() -> None:
    ticket = a_ticket()
    path = "tickets/2026/10/HD-2611-7K3QF.md"
    both = known_of(SETTINGS, NOW, [(path, ticket)], [(ids.path_of(ID), ID)])
    assert [each.code for each in problems(ticket, both, path)] == ["path", "duplicate-id"]


def test_an_id_that_was_claimed_twice_is_worth_knowing() -> None:
    ticket, other = a_ticket(), a_ticket(id=OTHER, former_ids=(ID,))
    found = only(problems(ticket, known(ticket, other)))
    assert found.code == "claimed-twice"
    assert f"claimed twice: {ids.path_of(OTHER)}" in found.message
    assert problems(other, known(ticket, other)) == []


def test_one_former_id_finds_one_ticket() -> None:
    one, two = a_ticket(former_ids=(THIRD,)), a_ticket(id=OTHER, former_ids=(THIRD,))
    found = only(problems(one, known(one, two)))
    assert (found.code, found.key, found.word) == ("duplicate-id", "former_ids", THIRD)
    assert problems(one, known(one, two, a_ticket(id=THIRD))) == []


@pytest.mark.parametrize("key", ["title", "requester"])
def test_a_ticket_says_what_and_who(key: str) -> None:
    found = only(problems(a_ticket(without=[key])))
    assert (found.code, found.key) == ("missing", key)


def test_an_unknown_key_is_a_hint_with_a_guess() -> None:
    found = only(problems(a_ticket(prioritty="P1")))
    assert (found.code, severity_of(found.code)) == ("unknown-key", "hint")
    assert "did you mean `priority`?" in found.message


@pytest.mark.parametrize(
    ("key", "value"),
    [("status", "opne"), ("type", "Incident"), ("resolution", "fixd"), ("channel", "fax")],
)
def test_what_the_format_closes_is_checked(key: str, value: str) -> None:
    found = only(problems(a_ticket(**{key: value})))
    assert (found.code, found.key, found.word) == ("value", key, value)


def test_entries_set_no_unknown_status_either() -> None:
    ticket = a_ticket(OPENED, "2026-11-22T09:05:00Z ana changed status=opne")
    found = only(problems(ticket))
    assert (found.code, found.entry, found.word) == ("value", 1, "status=")


@pytest.mark.parametrize(
    ("key", "value", "advice"),
    [
        ("priority", "P9", "there are P1, P2, P3, P4"),
        ("team", "suport", "did you mean `support`?"),
        ("level", "L7", "there are L1"),
        ("category", "fauna", "there are hardware, network"),
        ("impact", "vast", "there are high"),
        ("urgency", "never", "there are low"),
    ],
)
def test_what_the_settings_close_is_checked(key: str, value: str, advice: str) -> None:
    found = only(problems(a_ticket(**{key: value})))
    assert (found.code, found.key, found.word) == ("setting", key, value)
    assert "config.yaml" in found.message
    assert advice in found.message


def test_what_the_settings_leave_open_is_not() -> None:
    open_settings = replace(SETTINGS, teams=(), levels={}, categories=(), priority_matrix={})
    ticket = a_ticket(team="any", level="any", category="any", impact="any", urgency="any")
    assert problems(ticket, known(ticket, settings=open_settings)) == []


def test_people_are_those_of_the_settings() -> None:
    ticket = a_ticket(
        OPENED,
        "2026-11-22T09:05:00Z pedro noted",
        "2026-11-22T09:06:00Z pedro noted",
        assignee="anna",
        watchers=("zoe",),
    )
    found = problems(ticket)
    assert {each.code for each in found} == {"person"}
    assert [(each.key, each.entry, each.word) for each in found] == [
        ("assignee", -1, "anna"),
        ("watchers", -1, "zoe"),
        ("", 1, "pedro"),
    ]
    assert "did you mean `ana`?" in found[0].message


def test_those_who_left_addresses_and_automation_are_known() -> None:
    ticket = a_ticket(
        OPENED,
        "2026-11-22T09:05:00Z olga noted",
        "2026-11-22T09:06:00Z desk noted",
        "2026-11-22T09:07:00Z requester wrote",
        "2026-11-22T09:08:00Z someone@far.example wrote",
        assignee="olga",
        watchers=("boss@acme.example", "ana", "requester"),
    )
    assert problems(ticket) == []


def test_automation_has_no_work_assigned() -> None:
    assert only(problems(a_ticket(assignee="desk"))).code == "person"
    assert only(problems(a_ticket(assignee="@ana"))).code == "person"


@pytest.mark.parametrize(
    "element", ["follows HD-2611-00001", "HD-2611-00001", "relates hd-2611-00001", "relates"]
)
def test_a_link_is_a_relation_and_an_id(element: str) -> None:
    found = only(problems(a_ticket(links=(element,))))
    assert (found.code, found.key, found.word) == ("link-relation", "links", element)


@pytest.mark.parametrize("target", [THIRD, ID])
def test_a_link_leads_to_another_ticket_that_exists(target: str) -> None:
    found = only(problems(a_ticket(links=(f"blocks {target}",))))
    assert (found.code, found.word) == ("link-target", f"blocks {target}")


def test_the_other_ticket_links_back() -> None:
    one = a_ticket(links=(f"blocks {OTHER}",))
    two = a_ticket(id=OTHER)
    found = only(problems(one, known(one, two)))
    assert found.code == "link-inverse"
    assert f"`blocked-by {ID}`" in found.message
    back = a_ticket(id=OTHER, links=(f"blocked-by {ID}",))
    assert problems(one, known(one, back)) == []
    wrong = a_ticket(id=OTHER, links=(f"relates {ID}",))
    assert only(problems(one, known(one, wrong))).code == "link-inverse"


def test_links_by_former_ids_are_as_good() -> None:
    one = a_ticket(links=(f"blocks {THIRD}",), former_ids=("HD-2611-00009",))
    two = a_ticket(id=OTHER, former_ids=(THIRD,), links=("blocked-by HD-2611-00009",))
    against = known(one, two)
    assert problems(one, against) == []
    assert problems(two, against) == []


def test_a_link_to_an_unreadable_ticket_is_no_fault() -> None:
    one = a_ticket(links=(f"blocks {OTHER}",))
    named = [(ids.path_of(OTHER), OTHER)]
    assert problems(one, known_of(SETTINGS, NOW, [(ids.path_of(ID), one)], named)) == []


def test_articles_are_those_of_the_knowledge_base() -> None:
    ticket = a_ticket(kb=("vpn-drops", "vpn-drop"))
    found = only(problems(ticket, known(ticket, slugs=["vpn-drops"])))
    assert (found.code, found.word) == ("kb-slug", "vpn-drop")
    assert "did you mean `vpn-drops`?" in found.message


def test_a_log_has_an_opened() -> None:
    bare = only(problems(replace(a_ticket(), log=())))
    assert (bare.code, bare.entry) == ("opened", -1)
    found = only(problems(a_ticket("2026-11-22T09:05:00Z ana noted")))
    assert (found.code, found.entry) == ("opened", 0)


def test_opened_comes_first() -> None:
    ticket = a_ticket("2026-11-22T08:00:00Z ana noted", OPENED)
    found = only(problems(ticket))
    assert (found.code, found.entry) == ("opened", 1)


def test_there_is_one_opened() -> None:
    ticket = a_ticket(OPENED, "2026-11-22T09:05:00Z ana noted", OPENED.replace("09:00", "09:10"))
    found = only(problems(ticket))
    assert (found.code, found.entry) == ("opened", 2)


def test_entries_stand_in_their_order() -> None:
    first, second, third = (
        entry(OPENED),
        entry("2026-11-22T09:30:00Z ana noted"),
        entry("2026-11-22T09:10:00Z ana noted"),
    )
    ticket = replace(a_ticket(), log=(first, third, second))
    found = only(problems(ticket, entries=[first, second, third]))
    assert (found.code, found.entry) == ("log-order", 2)
    assert problems(ticket, entries=[first, third, second]) == []


def test_the_future_is_a_hint() -> None:
    found = only(problems(a_ticket(OPENED, "2026-11-22T12:00:01Z ana noted")))
    assert (found.code, found.entry, severity_of("future")) == ("future", 1, "hint")
    assert problems(a_ticket(OPENED, "2026-11-22T12:00:00Z ana noted")) == []


@pytest.mark.parametrize(
    ("heading", "is_fine"),
    [
        ("worked minutes=15", True),
        ("worked minutes=-15", True),
        ("worked", False),
        ("worked minutes=1h", False),
        ("rated score=5", True),
        ("rated score=", True),
        ("rated score=6", False),
        ("rated", False),
        ("redacted entry=2026-11-22T09:00:00Z/ana/noted", True),
        ("redacted", False),
    ],
)
def test_entries_say_what_their_verb_needs(heading: str, is_fine: bool) -> None:
    found = problems(a_ticket(OPENED, f"2026-11-22T09:05:00Z ana {heading}"))
    assert [each.code for each in found] == ([] if is_fine else ["entry-key"])


def test_a_text_has_a_largest_size() -> None:
    ticket = a_ticket()
    long = replace(ticket, log=(ticket.log[0]._replace(text="ñ" * 500_001),))
    assert only(problems(long)).code == "size"
    fits = replace(ticket, log=(ticket.log[0]._replace(text="ñ" * 500_000),))
    assert problems(fits) == []


def disagreements(ticket: Ticket) -> dict[str, str]:
    sheet = Sheet(ids.path_of(ticket.id), ticket, ticket.log)
    found = ticket_problems(sheet, known(ticket))
    return {each.key: each.message for each in found if each.code == "disagreement"}


def test_each_field_that_disagrees_is_named_with_both_values() -> None:
    ticket = a_ticket(
        OPENED + " tags+=a fields.asset=PC-1",
        priority="P1",
        tags=("a", "b"),
        fields={"asset": "PC-2"},
        team="support",
    )
    found = disagreements(ticket)
    assert found["priority"].startswith("`priority` is `P1` here and `P3` by the log")
    assert found["tags"].startswith("`tags` is `[a, b]` here and `[a]` by the log")
    assert found["fields"].startswith("`fields.asset` is `PC-2` here and `PC-1` by the log")
    assert found["team"].startswith("`team` is `support` here and nothing by the log")
    assert len(found) == 4


def test_a_field_that_only_the_log_has_disagrees_too() -> None:
    found = disagreements(a_ticket(without=["priority"]))
    assert found == {
        "priority": "`priority` is nothing here and `P3` by the log: mend one of them, or let"
        " `desk lint --fix` add the entry that is missing"
    }


def test_a_log_without_opened_is_not_compared() -> None:
    assert disagreements(a_ticket("2026-11-22T09:05:00Z ana changed priority=P1")) == {}


def test_a_long_value_is_cut_in_messages() -> None:
    found = only(problems(a_ticket(team="x" * 5_000)))
    assert len(found.message) < 300


def test_one_file_does_not_fill_the_report() -> None:
    lines = [f"2026-11-22T09:05:{second:02d}Z ana worked" for second in range(60)] * 3
    found = problems(a_ticket(OPENED, *lines))
    assert len(found) == MOST_PROBLEMS


def test_articles_are_checked_against_the_help_desk() -> None:
    article = Article(
        slug="vpn-drops",
        title="VPN drops",
        owner="pedro",
        category="fauna",
        related=("vpn-drops", "gone"),
        others={"ttle": "x"},
        text="<<<<<<< one\n=======\n>>>>>>> two",
    )
    found = {
        each.code: (each.key, each.word)
        for each in article_problems(article, known(slugs=["vpn-drops"]))
    }
    assert found == {
        "unknown-key": ("ttle", ""),
        "person": ("owner", "pedro"),
        "setting": ("category", "fauna"),
        "kb-slug": ("related", "gone"),
        "conflict": ("", ""),
    }


def test_an_article_may_speak_of_conflict_markers() -> None:
    article = Article("git", "Git", text="<<<<<<< is what git writes, and later\n>>>>>>> that")
    assert list(article_problems(article, known())) == []


MONTH = "tickets/2026/11"


def faults(*items: Item, tickets: Iterable[str] = (f"{MONTH}/{ID}.md",)) -> list[tuple[str, str]]:
    return [(each.code, each.path) for each in folder_faults(items, set(tickets))]


def test_attachments_lie_beside_their_ticket() -> None:
    assert faults(Item(f"{MONTH}/{ID}", "folder"), Item(f"{MONTH}/{ID}/a.txt", "file")) == []
    lost = Item(f"{MONTH}/{OTHER}", "folder")
    assert faults(lost) == [("orphan", f"{MONTH}/{OTHER}")]
    assert faults(Item(f"{MONTH}/notes.txt", "file")) == [("orphan", f"{MONTH}/notes.txt")]


@pytest.mark.parametrize("name", [".hidden", "aux.txt", "a:b", "x ", "a\x1b[2J"])
def test_names_are_safe_everywhere(name: str) -> None:
    assert faults(Item(f"{MONTH}/{ID}/{name}", "file")) == [("file-name", f"{MONTH}/{ID}/{name}")]


@pytest.mark.parametrize("twin", [("A.txt", "a.txt"), ("ñ.txt", "n\u0303.txt")])
def test_names_differ_by_more_than_case_or_normalisation(twin: tuple[str, str]) -> None:
    one, two = (f"{MONTH}/{ID}/{name}" for name in twin)
    assert faults(Item(one, "file"), Item(two, "file")) == [("file-name", two)]
    elsewhere = f"{MONTH}/{ID}/sub/{twin[1]}"
    assert faults(Item(one, "file"), Item(elsewhere, "file")) == []


def test_large_files_links_and_leftovers_are_named() -> None:
    assert faults(
        Item(f"{MONTH}/.{ID}.md.0badcafe.desk-tmp", "file"),
        Item(f"{MONTH}/{ID}/big.iso", "file", 25_000_001),
        Item(f"{MONTH}/{ID}/fits.iso", "file", 25_000_000),
        Item(f"{MONTH}/{ID}/link", "link"),
        Item(f"{MONTH}/{THIRD}", "link"),
    ) == [
        ("leftover", f"{MONTH}/.{ID}.md.0badcafe.desk-tmp"),
        ("size", f"{MONTH}/{ID}/big.iso"),
        ("link", f"{MONTH}/{ID}/link"),
        ("link", f"{MONTH}/{THIRD}"),
    ]


def test_what_lies_above_the_months_is_not_looked_at() -> None:
    assert faults(Item("tickets/.gitkeep", "file"), Item("tickets/2026", "folder")) == []
    assert faults(Item(f"{MONTH}/.gitkeep", "file"), Item(f"{MONTH}/{ID}.md", "file")) == []


def test_articles_are_named_by_slugs() -> None:
    assert article_name_fault("kb/vpn-drops.md") is None
    for name in ("VPN.md", "con.md", "a b.md", "a--b.md"):
        fault = article_name_fault(f"kb/{name}")
        assert fault is not None, name
        assert fault.code == "file-name"


def test_the_table_has_each_code_once() -> None:
    assert len(CHECK) == len(CHECKS)
    assert {check.severity for check in CHECKS} == {"error", "warning", "hint"}
    assert all(check.meaning.endswith(".") for check in CHECKS)


def test_hints_alone_are_clean() -> None:
    hint = finding("unknown-key", "a", 1, 1, "x")
    warning = finding("missing", "a", 1, 1, "x")
    assert (hint.severity, warning.severity) == ("hint", "warning")
    assert is_clean([])
    assert is_clean([hint])
    assert not is_clean([hint, warning])
    assert not is_clean([finding("yaml", "a", 1, 1, "x")])


def test_a_diagnostic_is_an_error() -> None:
    given = Diagnostic("yaml", "a.md", 2, 3, "no")
    assert Finding.of(given) == Finding("yaml", "error", "a.md", 2, 3, "no")


def test_the_page_of_the_documentation_is_in_step() -> None:
    page = Path(__file__).parents[2] / "docs" / "lint.md"
    assert page.read_text() == lint_page()
    assert all(f"| `{check.code}` | {check.severity} |" in lint_page() for check in CHECKS)
