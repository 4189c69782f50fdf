"""Sentences for a lead: what is said, when, and in which order."""

from __future__ import annotations

import pytest

from desk.domain.report.advice import (
    MOST,
    Movement,
    Note,
    Now,
    backlog_note,
    in_order,
    load_note,
    promise_notes,
    rating_notes,
    standing_notes,
    topic_notes,
)

NOTHING = Now(0, 0, 0, 0, 0, 0, 0, 0, 0)
DAY = 86_400


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (
            NOTHING._replace(late=7, late_unowned=3),
            "7 tickets are past their due; 3 of them nobody has.",
        ),
        (
            NOTHING._replace(late=2, late_unowned=2),
            "2 tickets are past their due, and nobody has them.",
        ),
        (NOTHING._replace(late=1, late_unowned=1), "1 ticket is past its due, and nobody has it."),
        (NOTHING._replace(late=1), "1 ticket is past its due."),
        (NOTHING._replace(at_risk=1), "1 ticket is at risk: most of the time is used up."),
        (
            NOTHING._replace(unowned=2, oldest_unowned_seconds=3 * DAY),
            "2 tickets nobody has taken, the oldest for 3d.",
        ),
        (
            NOTHING._replace(unanswered=1, longest_unanswered_seconds=40),
            "1 requester waits for an answer, for a moment.",
        ),
        (NOTHING._replace(old=1234), "1,234 tickets are older than 90 days."),
    ],
)
def test_how_things_stand(now: Now, said: str) -> None:
    assert [note.text for note in standing_notes(now)] == [said]


def test_what_is_at_risk_is_more_than_what_is_late() -> None:
    late, risk = standing_notes(NOTHING._replace(late=1, at_risk=2))
    assert risk.text == "2 more are at risk: most of the time is used up."
    assert (late.query, risk.query) == ("is:open is:breached", "is:open is:at-risk -is:breached")


def test_the_backlog() -> None:
    assert backlog_note(4, 4, "q") == backlog_note(0, 8, "q") == []
    assert [(note.tone, note.text) for note in backlog_note(128, 1140, "q")] == [
        ("watch", "The backlog grew from 128 to 1,140.")
    ]
    assert [(note.tone, note.text) for note in backlog_note(4, 0, "q")] == [
        ("good", "The backlog shrank from 4 to 0.")
    ]


def test_promises() -> None:
    said = promise_notes(
        [
            ("first_response", 0.9, 0.849, "q1"),
            ("next_response", 0.9, 0.95, "q2"),
            ("ownership", 0.91, 0.89, "q3"),
            ("resolution", 0.91, 0.9, "q4"),
            ("resolution", 0.91, None, "q5"),
        ]
    )
    assert said == [
        Note("watch", "Promises of first response were kept in 85%, down from 90%.", "q1"),
        Note("good", "Promises of next response were kept in 95%, up from 90%.", "q2"),
        Note("watch", "Promises of ownership were kept in 89%.", "q3"),
    ]


def test_topics_rise_by_three_and_by_half() -> None:
    topics = [
        Movement("printing", 4, 19, "q1"),
        Movement("network", 40, 55, "q2"),
        Movement("mail", 0, 2, "q3"),
        Movement("access", 0, 3, "q4"),
        Movement("", 0, 90, "q5"),
        Movement("vpn", 5, 25, "q6"),
    ]
    assert [note.text for note in topic_notes(topics)] == [
        "vpn rose from 5 to 25.",
        "printing rose from 4 to 19.",
    ]


def test_one_person_has_far_more_than_the_others() -> None:
    assert load_note([("Ana", 21, "q"), ("Luis", 3, ""), ("Eva", 2, "")]) == [
        Note("watch", "Ana has 21 of the 26 tickets in hand.", "q")
    ]
    assert load_note([("Ana", 4, "q"), ("Luis", 3, ""), ("Eva", 3, "")]) == []
    assert load_note([("Ana", 2, "q"), ("Luis", 1, "")]) == []
    assert load_note([("Ana", 20, "q")]) == []


def test_ratings() -> None:
    now, before = {"rating_mean": 3.9}, {"rating_mean": 4.6}
    assert rating_notes(now, before, 2, "q") == [
        Note("watch", "2 requesters were not content: a score of 1 or 2.", "q")
    ]
    assert rating_notes(now, before, 0, "q") == [Note("watch", "Ratings fell from 4.6 to 3.9.")]
    assert rating_notes(before, now, 0, "q") == [Note("good", "Ratings rose from 3.9 to 4.6.")]
    assert rating_notes(now, {"rating_mean": None}, 0, "q") == []


def test_what_cannot_wait_comes_first() -> None:
    notes = [Note("good", "a"), Note("watch", "b"), Note("late", "c"), Note("watch", "d")]
    assert [note.text for note in in_order(notes)] == ["c", "b", "d", "a"]
    assert len(in_order(notes * 4)) == MOST
    (well,) = in_order([])
    assert (well.tone, well.text) == ("good", "Nothing is late, and nothing waits to be taken.")
