"""What an audit objects to, and what it lets pass, ticket by ticket."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desk.domain.audit.allowed import PENS
from desk.domain.audit.codes import CODES, audit_page
from desk.domain.audit.deeds import Deed, Objection
from desk.domain.audit.logs import Past, judge_step
from desk.domain.audit.merges import is_taken, judge_merge, merged_by_hand
from desk.domain.audit.signing import HandEdit
from desk.domain.mending import Origin
from desk.domain.people import Actor
from desk.domain.permissions import COMMANDS, DEFAULT_PERMISSIONS
from desk.domain.settings import Person
from desk.domain.ticket import Change, Entry, Ticket
from desk.domain.workflow import COMMANDS as WORKFLOW
from tests.builders import ANA, EVA, LUIS, MARIA, OLGA, a_ticket, an_entry, minutes, some_settings

RITA = Person("rita", "Rita Oot", "rita@acme.example", "admin")
SETTINGS = replace(some_settings(), people={p.handle: p for p in (ANA, LUIS, EVA, OLGA, RITA)})
NOTED = an_entry("ana noted", 1, "Looks old.")
NO_ONE = Actor("Zoe", "zoe@z.example")


def by(who: Person | Actor, after: float = 5, verb: str = "", **rest: object) -> Deed:
    """Return a commit of somebody's, so many minutes after the ticket was opened."""
    actor = who if isinstance(who, Actor) else Actor(who.name, who.email, who)
    settings = rest.get("settings", SETTINGS)
    subject = str(rest.get("subject", ""))
    return Deed(actor, settings, minutes(after), minutes(after), verb, subject)  # type: ignore[arg-type]


def step(
    deed: Deed, *words: str, before: Ticket | None = None, past: Past | None = None, text: str = ""
) -> list[str]:
    """Return the codes against a commit that adds entries to a ticket of Maria's."""
    ticket = before or a_ticket("open")
    after = ticket
    for words_of_one in words:
        after = after.with_entry(an_entry(words_of_one, 5, text))
    return codes(judge_step(ticket, after, deed, past or Past()).objections)


def codes(objections: Sequence[Objection]) -> list[str]:
    return [each.code for each in objections]


# ------------------------------------------------------------------------------------ the record


def with_log(ticket: Ticket, *log: Entry) -> Ticket:
    return replace(ticket, log=log)


def test_an_entry_that_goes_is_removed_and_one_that_changes_is_rewritten() -> None:
    opened = a_ticket().log[0]
    before = with_log(a_ticket(), opened, NOTED)
    (found,) = judge_step(before, a_ticket(), by(ANA), Past()).objections
    assert (found.code, found.entry) == ("removed", NOTED)
    other = with_log(a_ticket(), opened, NOTED._replace(text="Looks new."))
    assert codes(judge_step(before, other, by(ANA, 1), Past()).objections) == ["rewritten"]
    reverted = by(LUIS, subject='Revert "HD-2611-7K3QF note: x"')
    (found,) = judge_step(before, a_ticket(), reverted, Past()).objections
    assert "by `git revert`" in found.message


def test_an_entry_that_comes_back_is_nobodys_forgery() -> None:
    before, after = a_ticket(), with_log(a_ticket(), a_ticket().log[0], NOTED)
    late = by(LUIS, 60 * 24 * 30)
    assert codes(judge_step(before, after, late, Past()).objections) == ["signature", "date"]
    past = Past(frozenset({NOTED}))
    assert not judge_step(before, after, late, past).objections
    twice = with_log(after, *after.log, NOTED)
    assert codes(judge_step(after, twice, late, past).objections) == ["signature", "date"]


def test_who_and_when_a_ticket_is_never_changes() -> None:
    ticket = a_ticket()
    for key, value in (("id", "HD-2611-00000"), ("created", "2026-11-01T00:00:00Z")):
        other = replace(ticket, values={**ticket.values, key: value})
        assert codes(judge_step(ticket, other, by(RITA), Past()).objections) == ["rewritten"]


def redacted(by_words: str = "rita redacted") -> Entry:
    return an_entry(f"{by_words} entry=2026-11-22T09:35:35Z/ana/noted", 5)


def test_a_redacted_text_is_explained_by_the_entry_that_names_it() -> None:
    opened = a_ticket().log[0]
    before = with_log(a_ticket(), opened, NOTED)
    gone = NOTED._replace(text="[redacted]")
    after = with_log(a_ticket(), opened, gone, redacted())
    assert not judge_step(before, after, by(RITA), Past()).objections
    bare = with_log(a_ticket(), opened, gone)
    assert codes(judge_step(before, bare, by(RITA, 1), Past()).objections)[0] == "rewritten"
    other = with_log(a_ticket(), opened, NOTED._replace(text="Fine."), redacted())
    assert "rewritten" in codes(judge_step(before, other, by(RITA), Past()).objections)
    by_ana = with_log(a_ticket(), opened, gone, redacted("ana redacted"))
    assert codes(judge_step(before, by_ana, by(ANA), Past()).objections) == ["role"]


# ------------------------------------------------------------------------------------ signatures


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (ANA, "ana replied"),
        (LUIS, "luis@acme.example noted"),
        (ANA, "maria.lopez@acme.example wrote status=open"),
        (ANA, "zoe@z.example wrote"),
        (MARIA, "maria.lopez@acme.example wrote status=open"),
        (RITA, "desk escalated level=L2 team=sysadmin"),
    ],
)
def test_who_may_sign(who: Person | Actor, words: str) -> None:
    assert step(by(who), words) == []


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (ANA, "luis replied"),
        (ANA, "luis@acme.example changed priority=P1"),
        (ANA, "luis wrote"),
        (ANA, "requester wrote"),
        (RITA, "ana noted"),
        (MARIA, "ana replied"),
        (MARIA, "zoe@z.example wrote"),
        (MARIA, "desk changed status=closed"),
        (ANA, "desk escalated level=L2 team=sysadmin"),
        (ANA, "zed noted"),
    ],
)
def test_who_may_not_sign(who: Person | Actor, words: str) -> None:
    assert step(by(who), words) == ["signature"]


def test_who_has_no_address_signs_as_the_requester() -> None:
    ticket = a_ticket(requester="The man from room 3")
    assert step(by(ANA), "requester wrote", before=ticket) == []
    assert step(by(ANA), "requester noted", before=ticket) == ["signature"]


def test_what_a_merge_settled_in_a_rebase_is_worth_a_look_and_no_more() -> None:
    assert step(by(ANA), "desk changed priority=P1") == ["automation"]
    assert step(by(ANA), "desk changed priority=P1", text="Rule: x") == ["signature"]


@pytest.mark.parametrize("words", ["ana opened status=new", "maria@x.example opened status=new"])
def test_a_ticket_is_opened_by_its_author_or_in_the_name_of_a_requester(words: str) -> None:
    new = with_log(a_ticket(), an_entry(words))
    assert codes(judge_step(None, new, by(ANA, 0), Past()).objections) == []


def test_nobody_opens_tickets_in_the_name_of_an_agent() -> None:
    new = with_log(a_ticket(), an_entry("luis opened status=open type=incident priority=P3"))
    assert codes(judge_step(None, new, by(ANA, 0), Past()).objections) == ["signature"]


# ----------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(("hours", "found"), [(23, []), (-23, []), (25, ["date"]), (-25, ["date"])])
def test_an_entry_is_dated_near_its_commit(hours: float, found: list[str]) -> None:
    assert step(by(ANA, 5 + hours * 60), "ana noted") == found


def test_either_date_of_the_commit_will_do() -> None:
    rebased = by(ANA)._replace(committed_at=minutes(60 * 24 * 90))
    assert step(rebased, "ana noted") == []
    amended = by(ANA)._replace(authored_at=minutes(-60 * 24 * 90))
    assert step(amended, "ana noted") == []
    assert step(by(ANA)._replace(authored_at=None, committed_at=None), "ana noted") == []


def test_where_a_log_is_ahead_of_the_clock_the_next_entry_follows_its_last() -> None:
    ahead = an_entry("luis noted", 60 * 24 * 10)
    before = with_log(a_ticket(), a_ticket().log[0], ahead)
    follows = ahead._replace(by="ana", at=ahead.at + timedelta(seconds=1))
    after = with_log(before, *before.log, follows)
    assert not judge_step(before, after, by(ANA), Past()).objections
    later = follows._replace(at=ahead.at + timedelta(minutes=5))
    after = with_log(before, *before.log, later)
    assert codes(judge_step(before, after, by(ANA), Past()).objections) == ["date"]


# ----------------------------------------------------------------------------------- permissions


@pytest.mark.parametrize(
    "words",
    [
        "maria.lopez@acme.example changed assignee=ana",
        "maria.lopez@acme.example changed status=closed resolution=fixed",
        "maria.lopez@acme.example noted",
        "maria.lopez@acme.example replied",
        "maria.lopez@acme.example wrote status=closed",
        "maria.lopez@acme.example changed priority=P1",
    ],
)
def test_requesters_assign_end_and_edit_nothing(words: str) -> None:
    assert step(by(MARIA), words) == ["role"]


def test_requesters_answer_rate_and_reopen_what_is_theirs() -> None:
    done = a_ticket("resolved")
    mine = "maria.lopez@acme.example"
    for words in ("wrote status=open", "rated score=5", "changed status=open resolution="):
        assert step(by(MARIA), f"{mine} {words}", before=done) == []
    for words in ("wrote status=open", "rated score=5", "changed status=open"):
        assert step(by(NO_ONE), f"zoe@z.example {words}", before=done) == ["role"]


def test_requesters_open_tickets_and_assign_none_of_them() -> None:
    opened = "maria.lopez@acme.example opened type=incident status=open priority=P3"
    new = with_log(a_ticket(), an_entry(opened))
    assert not judge_step(None, new, by(MARIA, 0), Past()).objections
    given = with_log(a_ticket(assignee="ana"), an_entry(f"{opened} assignee=ana"))
    assert codes(judge_step(None, given, by(MARIA, 0), Past()).objections) == ["role"]


def test_who_left_does_nothing_any_more() -> None:
    assert step(by(OLGA), "olga noted") == ["role"]


def test_a_help_desk_says_itself_what_a_role_may() -> None:
    few = replace(
        SETTINGS, permissions={**DEFAULT_PERMISSIONS, "agent": frozenset({"take", "reply"})}
    )
    assert step(by(ANA, settings=few), "ana changed status=open assignee=ana") == []
    for words in (
        "changed status=open assignee=luis",
        "changed status=resolved resolution=fixed",
        "replied status=closed",
        "changed tags+=a",
        "noted",
    ):
        assert step(by(ANA, settings=few), f"ana {words}") == ["role"], words
    undoing = replace(few, permissions={**few.permissions, "agent": frozenset({"undo"})})
    assert step(by(ANA, settings=undoing, verb="undo"), "ana changed priority=P1") == []
    assert step(by(ANA, settings=undoing), "ana changed priority=P1") == ["role"]


def test_every_command_of_the_workflow_writes_something() -> None:
    assert set(WORKFLOW) <= set(PENS)
    assert set(PENS) <= set(COMMANDS)


# ------------------------------------------------------------------------------------- hand edits

URGENT = Change("priority", "=", "P1")


def edited() -> Ticket:
    return replace(a_ticket(), values={**a_ticket().values, "priority": "P1"})


def test_what_was_changed_by_hand_is_told_and_is_nothing_for_a_requester() -> None:
    found = judge_step(a_ticket(), edited(), by(ANA), Past())
    assert (found.by_hand, found.objections) == ((URGENT,), ())
    found = judge_step(a_ticket(), edited(), by(MARIA), Past())
    assert codes(found.objections) == ["role"]
    renamed = replace(a_ticket(), values={**a_ticket().values, "title": "Mine"})
    found = judge_step(a_ticket(), renamed, by(ANA), Past())
    assert found.by_hand == (Change("title", "=", "Mine"),)
    told = renamed.with_entry(an_entry("ana changed title=Mine", 5))
    assert judge_step(a_ticket(), told, by(ANA), Past()).by_hand == ()


def test_lint_dates_back_what_an_earlier_commit_changed_and_nothing_else() -> None:
    later = by(EVA, 60 * 24 * 30, verb="lint")
    edit = HandEdit(URGENT, Origin(minutes(5), "luis"))
    past = Past(edits=(edit,))
    mended = edited().with_entry(an_entry("luis changed priority=P1", 5))

    def found(words: str, deed: Deed = later, text: str = "", after: float = 5) -> list[str]:
        told = edited().with_entry(an_entry(words, after, text))
        return codes(judge_step(edited(), told, deed, past).objections)

    assert not judge_step(edited(), mended, later, past).objections
    assert found("luis changed priority=P1") == []
    assert found("luis changed priority=P1 until=") == []
    assert found("ana changed priority=P1") == ["signature", "date"]
    assert found("luis changed priority=P2") == ["signature", "date"]
    assert found("luis changed priority=P1", after=-60) == ["signature", "date"]
    assert found("luis changed priority=P1 assignee=luis") == ["signature", "date"]
    assert found("luis noted") == ["signature", "date"]
    assert found("luis changed priority=P1", text="Because.") == ["signature", "date"]
    assert found("luis changed priority=P1", later._replace(verb="edit")) == ["signature", "date"]
    assert found("eva changed priority=P1", after=60 * 24 * 30) == []


# ----------------------------------------------------------------------------------------- merges


def merged(base: Sequence[Entry], sides: Sequence[Sequence[Entry]], after: Sequence[Entry]) -> str:
    """Return the codes against a merge of logs (after `opened`, which all have)."""

    def ticket(log: Sequence[Entry]) -> Ticket:
        return with_log(a_ticket(), *a_ticket().log, *log)

    found = judge_merge([ticket(side) for side in sides], ticket(after), lambda: [ticket(base)])
    return " ".join(each.code for each in found)


ONE, TWO = an_entry("ana noted", 2), an_entry("luis noted", 3)
OWN = an_entry("desk changed priority=P1", 4)


def test_a_merge_has_the_entries_of_both_sides() -> None:
    assert merged([], [[ONE], [TWO]], [ONE, TWO]) == ""
    assert merged([ONE], [[ONE, TWO], [ONE]], [ONE, TWO]) == ""
    assert merged([], [[ONE], [TWO]], [ONE]) == "merge-dropped"
    assert merged([], [[ONE, TWO], [ONE, TWO]], [ONE]) == "merge-dropped"
    assert merged([], [[ONE], []], [ONE, TWO]) == "merge-added"
    assert merged([], [[ONE], [ONE]], [ONE, ONE]) == "merge-added"


def test_what_a_side_took_away_stays_away() -> None:
    assert merged([ONE, TWO], [[ONE, TWO], [TWO]], [TWO]) == ""
    assert merged([TWO], [[ONE, TWO], [TWO]], [TWO]) == "merge-dropped"


def test_entries_by_the_program_come_and_go_with_merges() -> None:
    assert merged([], [[ONE], [TWO]], [ONE, TWO, OWN]) == ""
    assert merged([], [[ONE, OWN], [TWO]], [ONE, TWO]) == ""


def test_of_two_beginnings_one_becomes_a_note() -> None:
    second = an_entry("luis opened status=new", 1)
    note = an_entry("desk noted", 1, "luis opened status=new")
    assert merged([], [[], [second]], [note]) == ""
    assert merged([], [[], [second]], []) == "merge-dropped"


def test_redacted_on_one_side_is_redacted() -> None:
    gone = NOTED._replace(text="[redacted]")
    assert merged([NOTED], [[NOTED, ONE], [gone, redacted()]], [gone, redacted(), ONE]) == ""
    assert merged([NOTED], [[NOTED, ONE], [NOTED]], [gone, ONE]) != ""


def test_a_merge_shows_what_its_log_tells() -> None:
    assert merged_by_hand([a_ticket(), a_ticket()], edited()) == (URGENT,)
    assert merged_by_hand([a_ticket(), edited()], edited()) == ()
    assert merged_by_hand([a_ticket(), None], a_ticket()) == ()


def test_a_merge_takes_the_file_of_the_side_that_changed_it() -> None:
    assert is_taken(["b", "a"], "b", lambda: ["a"])
    assert is_taken(["a", "a"], "a", list)
    assert not is_taken(["b", "a"], "a", lambda: ["a"])
    assert not is_taken(["b", "c"], "b", lambda: ["a"])
    assert not is_taken(["b", "c"], "d", lambda: ["a"])


# ------------------------------------------------------------------------------------------ table


def test_every_code_says_what_it_means_and_what_to_do() -> None:
    page = audit_page()
    for code in CODES:
        assert re.fullmatch(r"[a-z-]+", code.code)
        assert code.meaning.endswith(".")
        assert not code.advice.endswith(".")
        assert f"| `{code.code}` | {code.severity} |" in page
    assert len({code.code for code in CODES}) == len(CODES)


def test_every_code_is_said_somewhere() -> None:
    source = Path(__file__).parents[2] / "desk"
    texts = "".join(
        path.read_text() for path in source.rglob("*.py") if path.name not in ("codes.py",)
    )
    for code in CODES:
        assert f'"{code.code}"' in texts, code.code
