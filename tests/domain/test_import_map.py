"""Import maps: what they say, what is wrong with them, and what rows become."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from desk.domain.import_map import ImportMap, Moment, Template
from desk.domain.imported import Drafts, Row, Trouble, draft_tickets
from desk.domain.instants import format_instant
from desk.domain.map_check import check_map
from desk.domain.replay import differences
from desk.domain.settings import Person, Settings
from desk.domain.ticket import Entry, Ticket
from desk.storage.map_file import read_map
from desk.storage.ticket_file import format_ticket, parse_ticket

ROME = ZoneInfo("Europe/Rome")
HEADER = ("Case ID", "Activity", "Who", "At", "Subject", "Who", "State", "By")

EVENTS = """\
rows: events
key: Case ID
at: At
by: "{Who}"
ticket: {title: "{Subject}", requester: "Customer {By}"}
events:
  column: Activity
  values:
    take: {status: open, assignee: "{by}"}
    wait: {status: waiting}
    solve: {status: resolved}
    close: {status: closed}
"""

TICKETS = """\
rows: tickets
key: Case ID
at: At
by: "{Who}"
ticket: {title: "{Subject}", status: "{State}"}
"""


def checked(text: str, header: tuple[str, ...] = HEADER) -> tuple[ImportMap | None, list[str]]:
    root, fault = read_map(text.encode(), "m")
    assert fault is None
    plan, problems = check_map(root, "m", header, "log", ROME)
    return plan, [str(problem) for problem in problems]


def a_map(text: str, header: tuple[str, ...] = HEADER) -> ImportMap:
    plan, problems = checked(text, header)
    assert plan is not None, problems
    return plan


def problems_of(text: str) -> list[str]:
    plan, problems = checked(text)
    assert plan is None
    return problems


def a_row(
    key: str = "7",
    activity: str = "take",
    who: str = "Ana",
    at: str = "2026-03-02T08:00:00Z",
    subject: str = "Printer jams",
    state: str = "",
) -> tuple[str, ...]:
    return (key, activity, who, at, subject, "second", state, "Bea")


def drafts_of(text: str, *rows: tuple[str, ...], settings: Settings | None = None) -> Drafts:
    plan = a_map(text)
    kept = [
        Row(line, tuple(cells[place] for place in plan.columns))
        for line, cells in enumerate(rows, 2)
    ]
    return draft_tickets(plan, kept, settings or Settings())


def ticket_of(text: str, *rows: tuple[str, ...], settings: Settings | None = None) -> Ticket:
    drafts = drafts_of(text, *rows, settings=settings)
    assert not drafts.troubles
    (draft,) = drafts.tickets
    ticket = draft.ticket("HD-2603-00000")
    assert differences(ticket) == ()
    return ticket


def headings(ticket: Ticket) -> list[str]:
    return [entry.heading for entry in ticket.log]


def texts(ticket: Ticket) -> list[str]:
    return [entry.text for entry in ticket.log]


def title_of(written: str, *cells: str, header: tuple[str, ...] = HEADER) -> str:
    plan = a_map(TICKETS.replace('"{Subject}"', written), header)
    row = tuple(cells[place] if place < len(cells) else "" for place in plan.columns)
    return plan.wanted["title"][0].of(row, "ana")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ('"{Case ID}: {Activity}"', "7: jams"),
        ('"{ Case ID }"', "7"),
        ('"{Who}"', "first"),
        ('"{by}"', "ana"),
        ('"{By}"', "Bea"),
        ('"{{Case ID}} {{{Case ID}}}"', "{Case ID} {7}"),
        ("plain", "plain"),
        ("{column: Activity, values: {jams: A jam}}", "A jam"),
        ("{column: Activity, values: {jam: A jam}}", "jams"),
        ("{column: Activity, values: {jam: A jam}, else: Other}", "Other"),
        ('{column: Activity, values: {jams: "{Case ID}!"}}', "7!"),
        ('{column: Activity, else: "{Case ID}?"}', "7?"),
        ('{column: Subject, values: {"": Nothing}}', "Nothing"),
        ("{column: Subject, values: {x: y}}", ""),
        ("{column: Subject, else: Anything}", "Anything"),
    ],
)
def test_texts_with_columns(written: str, title: str) -> None:
    assert title_of(written, "7", "jams", "first", "", "", "second", "", "Bea") == title


def test_blanks_around_a_value_do_not_count() -> None:
    assert title_of("{column: Activity, values: {jams : A jam}}", "7", "\tjams ") == "A jam"
    assert title_of("{column: Activity}", "7", " jams ") == "jams"


def test_by_in_by_itself_is_a_column() -> None:
    header = ("by", "Case ID", "At", "Subject", "State", "Who")
    plan = a_map(TICKETS.replace("{Who}", "{by}"), header)
    assert plan.by == Template((plan.columns.index(0),))


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("Value 2", "value-2"),
        ("Luis  Gil", "luis-gil"),
        ("Íñigo_1.x", "igo_1.x"),
        (" --Ana-- ", "ana"),
        ("", ""),
        ("Bob@Else.example", "bob@else.example"),
        ("Ana <ANA@acme.example>", "ana"),
        ("@home", "home"),
    ],
)
def test_who_did_it(name: str, who: str) -> None:
    people = {"ana": Person("ana", "Ana Ruiz", "ana@acme.example")}
    plan = a_map(TICKETS)
    cells = tuple(a_row(who=name)[place] for place in plan.columns)
    assert plan.who(cells, Settings(people=people)) == who


@pytest.mark.parametrize(
    ("written", "cell", "expected"),
    [
        ("At", "2026-03-02T08:00:00Z", "2026-03-02T08:00:00Z"),
        ("At", "2026-03-02T08:00:00+05:30", "2026-03-02T02:30:00Z"),
        ("At", " 2026-03-02 08:00 ", "2026-03-02T07:00:00Z"),
        ("At", "2026-03-02", "2026-03-01T23:00:00Z"),
        ("At", "2026-03-02T08:00:00.999Z", "2026-03-02T08:00:00Z"),
        ("{column: At, timezone: America/New_York}", "2026-03-02T08:00", "2026-03-02T13:00:00Z"),
        ("{column: At, format: '%d.%m.%y %H.%M'}", "02.03.26 08.15", "2026-03-02T07:15:00Z"),
        (
            "{column: At, format: '%d/%m/%Y %I:%M %p'}",
            "02/03/2026 08:15 PM",
            "2026-03-02T19:15:00Z",
        ),
        ("{column: At, format: '%Y%m%d %H%M %z'}", "20260302 0815 +0200", "2026-03-02T06:15:00Z"),
        # The clocks repeat 02:30 and skip it: the first time round, and on from the hour before.
        ("At", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),
        ("At", "2026-03-29T02:30:00", "2026-03-29T01:30:00Z"),
    ],
)
def test_instants(written: str, cell: str, expected: str) -> None:
    plan = a_map(TICKETS.replace("at: At", f"at: {written}"))
    at = plan.at.needed(tuple(a_row(at=cell)[place] for place in plan.columns))
    assert format_instant(at) == expected
    assert at.tzinfo is UTC


@hypothesis_settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime.fromisoformat("2000-01-02"), datetime.fromisoformat("2099-12-30")),
    st.sampled_from(
        ["%Y-%m-%d %H:%M:%S.%f", "%d.%m.%Y %H:%M", "%Y%m%d", "%m/%d/%Y, %H h", "%S%Y%m%d"]
    ),
    st.sampled_from(["", " ", "0", "x", "٣"]),
    st.integers(0, 20),
)
def test_quick_dates_are_those_of_strptime(at: datetime, form: str, noise: str, place: int) -> None:
    moment = Moment(0, "At", form, ROME)
    text = at.strftime(form)
    text = (text[:place] + noise + text[place:]).strip()
    try:
        expected = datetime.strptime(text, form).replace(tzinfo=ROME, microsecond=0).astimezone(UTC)
    except ValueError:
        with pytest.raises(ValueError, match="is not of the form"):
            moment.read(text)
        return
    if 2000 <= expected.year <= 2099:
        assert moment.read(text) == expected


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("", "`At` is empty, and says when it was"),
        ("2026-13-02", "`At`: `2026-13-02` is not like 2026-11-22T09:34:35Z"),
        ("x" * 99, f"`At`: `{'x' * 60}...` is not like 2026-11-22T09:34:35Z"),
        ("\x1b[2J", "`At`: `\\u001b[2J` is not like 2026-11-22T09:34:35Z"),
        (
            "1999-12-31T23:59:59Z",
            "`At`: `1999-12-31T23:59:59Z` is out of reach: years go from 2000",
        ),
        (
            "2100-01-01T00:00:00Z",
            "`At`: `2100-01-01T00:00:00Z` is out of reach: years go from 2000",
        ),
        ("0001-01-01T00:00:00+01:00", "`At`: `0001-01-01T00:00:00+01:00` is not like"),
    ],
)
def test_dates_that_cannot_be(cell: str, message: str) -> None:
    (trouble,) = drafts_of(TICKETS, a_row(at=cell)).troubles
    assert trouble.line == 2
    assert trouble.message.startswith(message)


def test_a_date_that_its_format_does_not_read() -> None:
    text = TICKETS.replace("at: At", "at: {column: At, format: '%d/%m/%Y'}")
    (trouble,) = drafts_of(text, a_row()).troubles
    assert trouble.message == "`At`: `2026-03-02T08:00:00Z` is not of the form `%d/%m/%Y`"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("rows: events", "rows: event", "m:1:7: `rows`: unknown value `event`; did you mean"),
        ("rows: events", "", "m:2:1: `rows` is missing"),
        (
            "key: Case ID",
            "key: Case",
            "m:2:6: `key`: unknown column `Case`; did you mean `Case ID`?",
        ),
        ("key: Case ID", "key:", "m:2:1: `key` is missing"),
        ("key: Case ID", "key: [a]", "m:2:6: `key` must be a text"),
        (
            "key: Case ID",
            "keys: Case ID\nkey: Case ID",
            "m:2:1: unknown key `keys`; did you mean `key`?",
        ),
        (
            "at: At",
            "at: {column: Att}",
            "m:3:14: `at.column`: unknown column `Att`; did you mean `At`?",
        ),
        ("at: At", "at: {format: '%Y'}", "m:3:5: `at.column` is missing"),
        (
            "at: At",
            "at: {column: At, zone: UTC}",
            "m:3:18: unknown key `zone` in `at`; did you mean `timezone`?",
        ),
        (
            "at: At",
            "at: {column: At, timezone: Europe/Rom}",
            "m:3:28: `at.timezone`: `Europe/Rom` is not a time zone: did you mean `Europe/Rome`?",
        ),
        (
            "at: At",
            "at: {column: At, format: '%Y-%m'}",
            "m:3:26: `at.format`: `%Y-%m` does not tell",
        ),
        (
            "at: At",
            "at: {column: At, format: '%Y-%m-%d %'}",
            "m:3:26: `at.format`: `%Y-%m-%d %` is not",
        ),
        (
            "at: At",
            "at: {column: At, format: '%Y-%m-%d %d'}",
            "m:3:26: `at.format`: `%Y-%m-%d %d` is",
        ),
        (
            "at: At",
            "at: {column: At, format: '%d/%m/%Y %I:%M'}",
            "m:3:26: `at.format`: `%d/%m/%Y %I:%M` has",
        ),
        ('by: "{Who}"', 'by: "{Whom}"', "m:4:5: `by`: unknown column `Whom`; did you mean `Who`?"),
        ('by: "{Who}"', 'by: "{Who"', "m:4:5: `by` has a `{` without its other half"),
        ('by: "{Who}"', "", "m:9:36: `events.values.take.assignee`: there is no `by` to stand for"),
        (
            '"{Subject}"',
            "{Subject}",
            "m:5:18: unknown key `Subject` in `ticket.title`; if the column",
        ),
        ("title:", "titel:", "m:5:10: unknown field `titel` in `ticket`; did you mean `title`?"),
        (
            "title:",
            "id:",
            "m:5:10: `ticket.id` cannot be set: it is made from the source and the key",
        ),
        (
            "title:",
            "status: open, title:",
            "m:5:10: `ticket.status` cannot be set: a ticket begins",
        ),
        (
            "title:",
            "type: incidnt, title:",
            "m:5:16: `ticket.type`: unknown type `incidnt`; did you mean",
        ),
        ("title:", "fields: {a b: c}, title:", "m:5:19: `ticket.fields`: `a b` can name no field"),
        (
            "title:",
            "company: [a, b], title:",
            "m:5:19: `ticket.company` is no list: write one text",
        ),
        *(
            ("title:", f"{key}: [], title:", f"m:5:{len(key) + 12}: `ticket.{key}` is no list")
            for key in ("description", "company", "type")
        ),
        (
            "title:",
            "company: {values: {a: b}}, title:",
            "m:5:19: `ticket.company.column` is missing",
        ),
        (
            "{status: waiting}",
            "{status: wating}",
            "m:10:20: `events.values.wait.status`: unknown status",
        ),
        (
            "{status: waiting}",
            "{stats: waiting}",
            "m:10:12: unknown field `stats` in `events.values.wait`",
        ),
        (
            "{status: waiting}",
            "{verb: repled}",
            "m:10:18: `events.values.wait.verb`: unknown verb `repled`",
        ),
        ("{status: waiting}", "{links: x}", "m:10:12: `events.values.wait.links` cannot be set"),
        ("{status: waiting}", "waiting", "m:10:11: `events.values.wait` must be a mapping"),
        ("column: Activity", "else: note", "m:7:3: `events.column` is missing"),
        (
            "column: Activity",
            "column: Activity\n  else: nothing",
            "m:8:9: `events.else`: unknown value",
        ),
        ("rows: events", "rows: events\nclosed_at: At", "m:2:1: unknown key `closed_at`"),
    ],
)
def test_what_is_wrong_with_a_map(old: str, new: str, problem: str) -> None:
    assert old in EVENTS
    found = problems_of(EVENTS.replace(old, new, 1))
    assert any(each.startswith(problem) for each in found), found


def test_all_problems_at_once_from_the_top_to_the_end() -> None:
    text = EVENTS.replace("At", "Att").replace("Who", "Whom").replace("status: open", "status: opn")
    assert [problem.split(" ")[0] for problem in problems_of(text)] == [
        "m:3:5:",
        "m:4:5:",
        "m:9:20:",
    ]


@pytest.mark.parametrize("text", ["", "text", "[a, b]"])
def test_a_map_that_is_none(text: str) -> None:
    assert problems_of(text) == ["m:1:1: the map is no list of `key: value` lines"]


def test_the_source_is_the_files_name_unless_the_map_says() -> None:
    assert a_map(EVENTS).source == "log"
    assert a_map(EVENTS + "source: old desk\n").source == "old desk"


@hypothesis_settings(max_examples=150, deadline=None)
@given(st.text(alphabet='rowsevntkycba:{}[]",- \n%YAt', max_size=60), st.integers(0, len(EVENTS)))
def test_whatever_a_map_says_its_check_ends(noise: str, place: int) -> None:
    root, fault = read_map((EVENTS[:place] + noise + EVENTS[place:]).encode(), "m")
    plan, problems = check_map(root, "m", HEADER, "log", ROME)
    assert (plan is None) == bool(problems)
    assert fault is None or not fault.line or fault.line >= 1


def test_an_event_log_becomes_entries() -> None:
    ticket = ticket_of(
        EVENTS,
        a_row(activity="assign", who="Bob"),
        a_row(at="2026-03-02T09:00:00Z"),
        a_row(activity="wait", at="2026-03-02T10:00:00Z"),
        a_row(activity="solve", at="2026-03-02T11:00:00Z"),
        a_row(at="2026-03-02T12:00:00Z"),
        a_row(activity="close", who="", at="2026-03-02T13:00:00Z"),
        a_row(activity="close", at="2026-03-02T14:00:00Z"),
    )
    assert headings(ticket) == [
        "2026-03-02T08:00:00Z requester opened status=new channel=import external_id=7",
        "2026-03-02T08:00:00Z bob noted",
        "2026-03-02T09:00:00Z ana changed status=open assignee=ana",
        "2026-03-02T10:00:00Z ana changed status=waiting",
        "2026-03-02T11:00:00Z ana changed status=resolved resolution=fixed",
        "2026-03-02T12:00:00Z ana changed status=open resolution=",
        "2026-03-02T13:00:00Z desk changed status=closed resolution=fixed",
        "2026-03-02T14:00:00Z ana noted",
    ]
    assert texts(ticket) == ["", "assign", "", "", "", "", "", "close"]
    assert ticket.values == {
        "id": "HD-2603-00000",
        "created": "2026-03-02T08:00:00Z",
        "title": "Printer jams",
        "requester": "Customer Bea",
        "status": "closed",
        "resolution": "fixed",
        "assignee": "ana",
        "channel": "import",
        "external_id": "7",
    }


def test_a_ticket_of_an_event_log_may_begin_with_an_assignee() -> None:
    text = EVENTS.replace("title:", "assignee: bob, title:")
    ticket = ticket_of(text, a_row(activity="assign"), a_row())
    assert ticket.log[0].change_of("assignee") == "bob"
    assert headings(ticket)[-1].endswith("ana changed status=open assignee=ana")


def test_rows_need_not_be_in_order() -> None:
    drafts = drafts_of(
        EVENTS,
        a_row(activity="third", at="2026-03-02T08:00:01Z", subject="Later"),
        a_row(key="8"),
        a_row(activity="first", subject="First"),
        a_row(activity="second"),
    )
    assert [draft.external_id for draft in drafts.tickets] == ["7", "8"]
    ticket = drafts.tickets[0].ticket("HD-2603-00000")
    assert texts(ticket) == ["", "first", "second", "third"]
    assert ticket.title == "First"
    assert ticket.created == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert drafts.tickets[0].line == 4


def test_skipped_activities_leave_nothing() -> None:
    ticket = ticket_of(
        EVENTS + "  else: skip\n",
        a_row(activity="assign"),
        a_row(),
        a_row(at="2026-03-02T09:00:00Z"),
    )
    assert [entry.verb for entry in ticket.log] == ["opened", "changed"]


def event_entry(rule: str, **cells: str) -> Entry:
    """Return the entry of a second row with the activity `x`, after `take`."""
    text = EVENTS + f"    x: {rule}\n"
    return ticket_of(text, a_row(), a_row(activity="x", **cells)).log[-1]


@pytest.mark.parametrize(
    ("rule", "heading", "text"),
    [
        ("{verb: replied, text: '{Subject}'}", "ana replied", "Printer jams"),
        ("{verb: replied, status: waiting}", "ana replied status=waiting", "x"),
        ("{verb: wrote, text: '{State}'}", "requester wrote", "x"),
        ("{verb: escalated, level: L2}", "ana escalated level=L2", "x"),
        ("{text: '{Subject}'}", "ana noted", "Printer jams"),
        ("{status: waiting, text: Call back.}", "ana changed status=waiting", "Call back."),
        ("{assignee: }", "ana changed assignee=", ""),
        ("{assignee: '{State}'}", "ana changed assignee=", ""),
        ("{status: '{State}', title: '{State}'}", "ana noted", "x"),
        ("{status: OPEN}", "ana noted", "x"),
        ("{title: New}", "ana changed title=New", ""),
        ("{tags: 'a, b; a'}", "ana changed tags+=a tags+=b", ""),
        ("{tags: [two words, '{Subject}']}", "ana changed tags+=two-words tags+=Printer-jams", ""),
        ("{fields: {a: '{Subject}'}}", 'ana changed fields.a="Printer jams"', ""),
        (
            "{status: hold, until: '2026-04-01T00:00'}",
            "ana changed status=hold until=2026-03-31T22:00:00Z",
            "",
        ),
        (
            "{status: closed, resolution: duplicate}",
            "ana changed status=closed resolution=duplicate",
            "",
        ),
        ("{resolution: duplicate}", "ana noted", "x"),
        ("", "ana noted", "x"),
    ],
)
def test_what_an_activity_can_do(rule: str, heading: str, text: str) -> None:
    entry = event_entry(rule)
    assert entry.heading == f"2026-03-02T08:00:00Z {heading}"
    assert entry.text == text


def test_a_second_end_has_the_resolution_of_the_first() -> None:
    rows = [a_row(activity=each) for each in ("drop", "take", "close")]
    ticket = ticket_of(EVENTS + "    drop: {status: closed, resolution: declined}\n", *rows)
    assert headings(ticket)[-1].endswith("ana changed status=closed resolution=declined")


def test_a_bad_row_adds_nothing_and_hides_nothing() -> None:
    drafts = drafts_of(
        EVENTS + "    set: {status: '{State}'}\n",
        a_row(at="today"),
        a_row(key=" "),
        a_row(subject=" "),
        a_row(activity="set", state="opened", subject="Never seen"),
        a_row(activity="one", subject="Seen", at="2026-03-02T09:00:00Z"),
        a_row(key="8", subject="x" * 2001),
    )
    assert [(trouble.line, trouble.message.split(":")[0]) for trouble in drafts.troubles] == [
        (2, "`At`"),
        (3, "the key is empty"),
        (4, "the title is empty"),
        (5, "`opened` is no status"),
        (7, "the title is 2,001 characters long; 2,000 is the most"),
    ]
    (draft,) = drafts.tickets
    assert draft.values["title"] == "Seen"
    assert [entry.text for entry in draft.log] == ["", "one"]
    assert drafts.rows == 6


def test_a_row_in_trouble_is_counted_and_told() -> None:
    drafts = draft_tickets(a_map(EVENTS), [Trouble(9, "torn")], Settings())
    assert drafts == Drafts((), (Trouble(9, "torn"),), 1)


@pytest.mark.parametrize(
    ("state", "dates", "expected"),
    [
        ("", "", []),
        ("new", "updated_at: Subject", []),
        ("Open", "", ["2026-03-02T08:00:00Z ana changed status=open"]),
        ("open", "updated_at: Subject", ["2026-03-05T00:00:00Z ana changed status=open"]),
        ("open", "closed_at: Subject", ["2026-03-02T08:00:00Z ana changed status=open"]),
        (
            "resolved",
            "resolved_at: Subject",
            ["2026-03-05T00:00:00Z ana changed status=resolved resolution=fixed"],
        ),
        (
            "resolved",
            "updated_at: Subject",
            ["2026-03-05T00:00:00Z ana changed status=resolved resolution=fixed"],
        ),
        (
            "closed",
            "closed_at: Subject",
            ["2026-03-05T00:00:00Z ana changed status=closed resolution=fixed"],
        ),
        ("closed", "", ["2026-03-02T08:00:00Z ana changed status=closed resolution=fixed"]),
        (
            "closed",
            "resolved_at: Activity\nclosed_at: Subject",
            [
                "2026-03-03T00:00:00Z ana changed status=resolved resolution=fixed",
                "2026-03-05T00:00:00Z ana changed status=closed",
            ],
        ),
        (
            "closed",
            "resolved_at: Activity\nupdated_at: Subject",
            [
                "2026-03-03T00:00:00Z ana changed status=resolved resolution=fixed",
                "2026-03-05T00:00:00Z ana changed status=closed",
            ],
        ),
    ],
)
def test_a_row_a_ticket(state: str, dates: str, expected: list[str]) -> None:
    row = a_row(state=state, subject="2026-03-05T00:00Z", activity="2026-03-03T00:00Z")
    ticket = ticket_of(f"{TICKETS}{dates}\n", row)
    assert headings(ticket) == [
        "2026-03-02T08:00:00Z requester opened status=new channel=import external_id=7",
        *expected,
    ]


def test_where_a_ticket_stands_is_told_by_an_entry() -> None:
    fields = "assignee: '{by}', resolution: declined, company: X, description: '{Activity}', "
    text = TICKETS.replace("title:", f"{fields} title:").replace('"{State}"', "closed")
    ticket = ticket_of(text, a_row(activity="It jams.\r\n"))
    assert headings(ticket) == [
        "2026-03-02T08:00:00Z requester opened status=new company=X channel=import external_id=7",
        "2026-03-02T08:00:00Z ana changed status=closed resolution=declined assignee=ana",
    ]
    assert ticket.description == "It jams."


def test_nobody_is_no_assignee() -> None:
    text = TICKETS.replace("title:", "assignee: '{by}', title:")
    ticket = ticket_of(text, a_row(who="", state="open"))
    assert "assignee" not in ticket.values
    assert ticket.log[-1].by == "desk"


def test_an_assignees_address_becomes_a_handle() -> None:
    people = {"ana": Person("ana", "Ana Ruiz", "ana@acme.example")}
    text = TICKETS.replace("title:", "assignee: '{State}', title:").replace('"{State}"', "open")
    row = a_row(state="Ana@acme.example")
    assert ticket_of(text, row, settings=Settings(people=people)).text("assignee") == "ana"
    assert ticket_of(text, row).text("assignee") == "Ana@acme.example"


@pytest.mark.parametrize(
    ("first", "second", "requester", "signature"),
    [
        ("Ana", "ana@x.example", "Ana <ana@x.example>", "ana@x.example"),
        ("Ana", "", "Ana", "requester"),
        ("", "Ana@x.example", "Ana@x.example", "ana@x.example"),
        ("", "", "", "requester"),
    ],
)
def test_requesters(first: str, second: str, requester: str, signature: str) -> None:
    text = TICKETS.replace("title:", "requester: '{Activity} <{State}>', title:")
    text = text.replace('"{State}"', "new")
    ticket = ticket_of(text, a_row(activity=first, state=second))
    assert ticket.requester == requester
    assert ticket.log[0].by == signature


def test_a_key_on_two_rows_and_dates_that_contradict() -> None:
    drafts = drafts_of(
        TICKETS + "closed_at: Subject\n",
        a_row(subject="2026-03-05"),
        a_row(subject="2026-03-05"),
        a_row(key="8", state="closed", subject="2026-03-01"),
    )
    assert [trouble.message for trouble in drafts.troubles] == [
        "the key stands on line 2 already",
        "2026-02-28T23:00:00Z is before 2026-03-02T08:00:00Z",
    ]


cells = st.text(max_size=12) | st.sampled_from(
    [
        "take",
        "wait",
        "solve",
        "close",
        "=1+1",
        "## 2026-03-02T08:00:00Z ana noted",
        "a\r\nb",
        "null",
    ]
)


@hypothesis_settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("12"), cells, cells, st.integers(0, 3), cells), max_size=8)
)
def test_any_log_makes_tickets_that_agree_with_themselves(
    rows: list[tuple[str, str, str, int, str]],
) -> None:
    text = EVENTS.replace("title:", "description: '{Subject}', tags: '{Subject}', title:")
    text = text.replace("  values:", "  values:\n    odd: {company: '{Subject}'}")
    drafts = drafts_of(
        text,
        *(a_row(key, activity, who, f"2026-03-02T08:00:0{second}Z", subject)
          for key, activity, who, second, subject in rows),
    )  # fmt: skip
    for draft in drafts.tickets:
        ticket = draft.ticket("HD-2603-00000")
        assert differences(ticket) == ()
        assert list(ticket.log) == sorted(ticket.log, key=lambda entry: entry.at)
        assert parse_ticket(format_ticket(ticket), "t") == (ticket, ())
    entries = sum(len(draft.log) for draft in drafts.tickets)
    assert entries == len(rows) + len(drafts.tickets) - len(drafts.troubles)
