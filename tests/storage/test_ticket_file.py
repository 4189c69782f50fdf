"""A ticket's file: what reading makes of any bytes, and that nothing is lost on the way."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desk.domain.fields import FIELD
from desk.domain.instants import format_instant
from desk.domain.texts import MAX_TICKET_BYTES, stored
from desk.domain.ticket import Entry, Ticket
from desk.domain.workflow import Act, perform
from desk.errors import Diagnostic
from desk.storage.ticket_file import field_line, format_ticket, heading_lines, parse_ticket
from tests.builders import (
    PATH,
    QUICK,
    SLOWER,
    a_ticket,
    an_entry,
    entries,
    hostile_texts,
    minutes,
    tickets,
)

EXAMPLE = """\
---
id: HD-2611-7K3QF
title: Printer on the third floor jams
type: incident
status: waiting
priority: P2
requester: Maria López <maria.lopez@acme.example>
company: ACME
assignee: ana
team: support
level: L1
category: hardware/printer
tags: [floor-3, printer]
channel: email
created: 2026-11-22T09:34:35Z
---

## 2026-11-22T09:34:35Z maria.lopez@acme.example opened status=new priority=P3 type=incident

The printer on the third floor jams on every second page.

## 2026-11-22T09:40:02Z ana changed status=open assignee=ana priority=P2 tags+=floor-3 tags+=printer

## 2026-11-22T09:41:10Z ana replied status=waiting

Which tray do you use?
"""
"""The example of the design, to the letter (but for the dots in its first heading)."""

HEAD = "id: HD-2611-7K3QF\ncreated: 2026-11-22T09:34:35Z\n"
OPENED = "## 2026-11-22T09:34:35Z ana opened status=new\n"
FILE = f"---\n{HEAD}---\n\n{OPENED}"
LETTERS = "use letters, digits, `_`, `-` and `.`, a hundred at most"
AT = "## 2026-11-22T09:40:00Z"


def read(text: str | bytes) -> Ticket:
    """Return the ticket that these bytes are, without a problem."""
    ticket, problems = parse_ticket(text.encode() if isinstance(text, str) else text, PATH)
    assert problems == ()
    assert ticket is not None
    return ticket


def problems_of(text: str | bytes) -> list[tuple[int, int, str]]:
    """Return line, column and message of each problem."""
    ticket, problems = parse_ticket(text.encode() if isinstance(text, str) else text, PATH)
    assert ticket is None
    assert {problem.path for problem in problems} == {PATH}
    return [(each.line, each.column, each.message) for each in problems]


def rewritten(text: str) -> str:
    """Return what a file is written back as."""
    return format_ticket(read(text)).decode()


def test_the_example_of_the_design_is_canonical() -> None:
    ticket = read(EXAMPLE)
    assert format_ticket(ticket).decode() == EXAMPLE
    assert ticket.head == ()
    assert ticket.title == "Printer on the third floor jams"
    assert ticket.items("tags") == ("floor-3", "printer")
    assert [entry.verb for entry in ticket.log] == ["opened", "changed", "replied"]
    assert [entry.text for entry in ticket.log] == [
        "The printer on the third floor jams on every second page.",
        "",
        "Which tray do you use?",
    ]


# ------------------------------------------------------------------------------------ round trips


@QUICK
@given(tickets())
def test_what_is_written_is_read_back(ticket: Ticket) -> None:
    data = format_ticket(ticket)
    back = read(data)
    assert back == ticket
    assert back.head == () or back.values.keys() > FIELD.keys() & back.values.keys()
    assert format_ticket(back) == data


@QUICK
@given(st.lists(entries(), max_size=5))
def test_entries_of_any_order_come_out_by_instant(made: list[Entry]) -> None:
    ticket = a_ticket()
    log = (*ticket.log, *made)
    data = format_ticket(Ticket(ticket.values, log))
    assert read(data).log == tuple(sorted(log, key=lambda entry: entry.at))


_SNIPPETS = (
    *("---\n", "--- \n", "\n", "\n\n", "\r\n", "\r", " ", "\t", "x", "\ufeff", "\x85", "\u2028"),
    *("## ", "## 2026-11-22T", f"{AT} ana noted\n", f"{AT} ana noted", "\\", "<<<<<<< HEAD\n"),
    *(
        ">>>>>>> x\n",
        "=======\n",
        "note: [a, b]\n",
        "# a comment\n",
        " # a comment",
        "company: ~\n",
    ),
    *('"', "'", "[", "]", "{", "}", ": ", "- a\n", "  more\n", "...\n", "owner: |\n  a\n  b\n"),
    *('"odd: key": x\n', "tags:\n- a\n- b\n", "fields:\n  asset: 1\n", "&a ", "*a", "!x ", "%"),
)


@st.composite
def _mangled(draw: st.DrawFn) -> str:
    """Draw a file as hands and other programs leave it: pieces put in, taken out, repeated."""
    text = draw(st.sampled_from((EXAMPLE, FILE, FILE + "\nA text.\n")))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.sampled_from((0, 0, 0, 1, 2, 10)))
        piece = draw(st.one_of(st.sampled_from(_SNIPPETS), st.text(max_size=3)))
        text = text[:start] + piece + text[end:]
    return text.encode("utf-8", "ignore").decode()


@QUICK
@given(_mangled())
@example(FILE + "x")
@example(f"---\n{HEAD}--- \n\n{OPENED}\none\n\n---\n\ntwo\n")
@example(f"---\n{HEAD}...\n---\n\n{OPENED}")
@example(f'---\n{HEAD}note: "a\u2028b"\nstatus: open\n---\n\n{OPENED}')
@example(f"---\n{{id: HD-2611-7K3QF, created: 2026-11-22T09:34:35Z, 'a: b': c}}\n---\n\n{OPENED}")
def test_a_file_edited_by_hand_is_a_ticket_or_has_problems(text: str) -> None:
    ticket, problems = parse_ticket(text.encode(), PATH)
    assert (ticket is None) == bool(problems)
    for problem in problems:
        assert problem.path == PATH
        assert 1 <= problem.line <= text.count("\n") + 2
        assert problem.column >= 0
        assert problem.code
        assert problem.message
    if ticket is not None:
        again = format_ticket(ticket)
        assert read(again) == ticket
        assert format_ticket(read(again)) == again
        told = {line.strip(" \t\r") for line in text.removeprefix("\ufeff").split("\n")}
        assert {line for line in told if line not in again.decode()} == set() or ticket.head


@QUICK
@given(_mangled(), hostile_texts)
def test_a_file_edited_by_hand_can_be_acted_upon(text: str, said: str) -> None:
    ticket, _ = parse_ticket(text.encode(), PATH)
    if ticket is not None:
        before = ticket.values
        made = an_entry("ana changed").changes
        act = Act(
            "replied", (*made, *an_entry("ana changed status=hold team=x kb+=y").changes), said
        )
        after = perform(ticket, act, minutes(10), "ana")
        back = read(format_ticket(after))
        assert back == after
        unknown = {key: value for key, value in before.items() if key not in ("status", "until")}
        assert unknown.items() <= {**after.values, "team": "x", "kb": "y"}.items() | {
            (key, unknown[key]) for key in ("team", "kb", "resolution") if key in unknown
        }


@SLOWER
@given(st.binary(max_size=200))
@example(b"---\n---\n")
@example(b"---")
@example(b"")
@example(b"---\n\xff\n---\n")
def test_any_bytes_are_a_ticket_or_have_problems(data: bytes) -> None:
    ticket, problems = parse_ticket(data, PATH)
    assert (ticket is None) == bool(problems)


@SLOWER
@given(st.data())
def test_any_bytes_within_a_file_are_a_ticket_or_have_problems(data: st.DataObject) -> None:
    whole = EXAMPLE.encode()
    start = data.draw(st.integers(0, len(whole)))
    noise = data.draw(st.binary(max_size=6))
    ticket, problems = parse_ticket(whole[:start] + noise + whole[start:], PATH)
    assert (ticket is None) == bool(problems)


# ------------------------------------------------------------------------------------------ texts


@QUICK
@given(hostile_texts, hostile_texts)
def test_a_text_cannot_forge_an_entry(first: str, second: str) -> None:
    ticket = perform(a_ticket(text=first), Act("replied", text=second), minutes(1), "ana")
    back = read(format_ticket(ticket))
    assert [(entry.verb, entry.text) for entry in back.log] == [
        ("opened", stored(first)),
        ("replied", stored(second)),
    ]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"\## 2026-11-22T09:34:35Z ana noted", "## 2026-11-22T09:34:35Z ana noted"),
        (r"\\\## 2026-11-22Tx", r"\\## 2026-11-22Tx"),
        (r"\<<<<<<< HEAD", "<<<<<<< HEAD"),
        (r"\>>>>>>> theirs", ">>>>>>> theirs"),
        ("=======", "======="),
        (r"\## Steps", r"\## Steps"),
        ("## Steps", "## Steps"),
        ("<<<<<<<", "<<<<<<<"),
        (r"a \## 2026-11-22T", r"a \## 2026-11-22T"),
        ("---\nid: x\n---", "---\nid: x\n---"),
        ("two\n\n\nlines  ", "two\n\n\nlines  "),
        ("   code", "   code"),
        ("a\rb", "a\rb"),
    ],
)
def test_the_text_of_an_entry_stands_below_its_heading(written: str, text: str) -> None:
    file = f"{FILE}\n{written}\n"
    assert read(file).log[0].text == text
    assert rewritten(file) == file


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\r\n", "\n \t\n", "\r"])
@pytest.mark.parametrize("between", ["\n", "\n\n", "\n\n\n", "\n \n", "\r\n", "\r\n\r\n"])
@pytest.mark.parametrize("text", ["x", "Two words"])
def test_blank_lines_around_a_text_are_no_part_of_it(between: str, text: str, end: str) -> None:
    file = f"---\n{HEAD}---\n\n{OPENED.strip()}{between}{text}{end}"
    assert read(file).log[0].text == text
    assert rewritten(file) == f"{FILE}\n{text}\n"


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n", " \n", "\r\n"])
def test_an_entry_needs_no_text(end: str) -> None:
    assert rewritten(FILE.rstrip("\n") + end) == FILE


def test_entries_may_follow_one_another_without_a_blank_line() -> None:
    file = f"---\n{HEAD}---\n{OPENED}one\n{AT} ana noted\ntwo"
    assert [entry.text for entry in read(file).log] == ["one", "two"]
    assert rewritten(file) == f"{FILE}\none\n\n{AT} ana noted\n\ntwo\n"


def test_entries_of_one_instant_keep_the_order_of_the_file() -> None:
    file = (
        f"{FILE}\n{AT} luis noted\n\n1\n\n## 2026-11-22T09:38:00Z eva noted\n\n2\n"
        f"\n{AT} ana noted\n\n3\n"
    )
    assert [entry.by for entry in read(file).log] == ["ana", "eva", "luis", "ana"]


def test_windows_line_ends_and_a_byte_order_mark_are_coped_with() -> None:
    file = b"\xef\xbb\xbf" + EXAMPLE.replace("\n", "\r\n").encode()
    assert read(file) == read(EXAMPLE)
    assert format_ticket(read(file)).decode() == EXAMPLE


def test_the_closing_fence_is_the_first_one() -> None:
    file = f"---  \n{HEAD}---\t\n\n{OPENED}\none\n\n---\n\ntwo\n"
    assert read(file).log[0].text == "one\n\n---\n\ntwo"
    assert rewritten(file) == f"{FILE}\none\n\n---\n\ntwo\n"


@pytest.mark.parametrize("end", ["\n", "", "  ", "\n\n"])
def test_a_ticket_may_have_no_log(end: str) -> None:
    ticket = read(f"---\n{HEAD}---{end}")
    assert ticket.log == ()
    assert ticket.updated == ticket.created
    assert ticket.status == "new"
    assert ticket.description == ""


# ------------------------------------------------------------------------------------ diagnostics


def test_a_file_without_front_matter() -> None:
    wrong = (1, 1, "no front matter: a ticket begins with a line `---`")
    assert problems_of("") == problems_of("hello\n---\n") == problems_of("----\n") == [wrong]
    assert problems_of(f" ---\n{HEAD}---\n") == [wrong]


def test_a_front_matter_without_an_end() -> None:
    wrong = (1, 1, "the front matter has no end: close it with a line `---`")
    assert problems_of("---") == problems_of(f"---\n{HEAD}") == [wrong]
    assert problems_of(f"---\n{HEAD} ---\n----\n") == [wrong]


@pytest.mark.parametrize(
    ("lines", "line", "column", "message"),
    [
        ("title: [a\n", 5, 1, "not YAML: did not find expected ',' or ']'"),
        ("title: 'a\n", 5, 1, "not YAML: found unexpected end of stream"),
        ("title: a: b\n", 4, 9, "not YAML: mapping values are not allowed in this context"),
        ("- a\n", 4, 1, "not YAML: did not find expected key"),
        ("title: a\n---  x\n", 5, 1, "a second YAML document"),
        ("title: a\ntitle: b\n", 5, 1, "the key `title` stands here twice"),
        ("fields: {a: 1, a: 2}\n", 4, 16, "the key `a` stands here twice"),
        ("title: &t a\n", 4, 8, "anchors and aliases are not read: write the value out"),
        ("title: *t\n", 4, 8, "anchors and aliases are not read: write the value out"),
        ("title: !!str a\n", 4, 8, "tags are not read: remove the word that begins with `!`"),
        ("tags: [!x a]\n", 4, 8, "tags are not read: remove the word that begins with `!`"),
        ("title: ! a\n", 4, 8, "tags are not read: remove the word that begins with `!`"),
        ("? [a]\n: b\n", 4, 3, "a key must be a plain word"),
        ("company: é\x01\n", 4, 11, "not YAML: control characters are not allowed"),
        ("company: {a: b}\n", 4, 10, "`company` cannot hold a mapping: only `fields` does"),
        ("owner:\n  a: b\n", 5, 3, "`owner` cannot hold a mapping: only `fields` does"),
        (
            "fields: {a: {b: c}}\n",
            4,
            13,
            "`fields.a` is nested too deeply: its values are plain texts",
        ),
        (
            "fields: {a: [b]}\n",
            4,
            13,
            "`fields.a` is nested too deeply: its values are plain texts",
        ),
        ("tags: [[a]]\n", 4, 8, "`tags` is nested too deeply: its values are plain texts"),
        ("title: [a, b]\n", 4, 8, "`title` is no list"),
        ("tags: a\n", 4, 7, "`tags` is a list: write tags: [one, two]"),
        ("fields: a\n", 4, 9, "`fields` is a mapping: write fields: {name: value}"),
        ("fields: [a]\n", 4, 9, "`fields` is no list"),
        ('title: "a\\0b"\n', 4, 8, "`title` holds a NUL character"),
        ("until: tomorrow\n", 4, 8, "`tomorrow` is not an instant like 2026-11-22T09:34:35Z"),
        (
            "fields: {a b: 1}\n",
            4,
            10,
            f"`a b` cannot name a custom field: {LETTERS}",
        ),
        (
            "title: a\u2028b\n",
            4,
            9,
            "a line end that is none here: write it as \\u2028 in double quotes",
        ),
        (
            "# a\rstatus: open\n",
            4,
            4,
            "a line end that is none here: write it as \\u000d in double quotes",
        ),
    ],
)
def test_what_is_wrong_in_a_front_matter(lines: str, line: int, column: int, message: str) -> None:
    assert problems_of(f"---\n{HEAD}{lines}---\n\n{OPENED}") == [(line, column, message)]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", [(2, 1, "the front matter is no list of `key: value` lines")]),
        ("- a\n", [(2, 1, "the front matter is no list of `key: value` lines")]),
        ("a\n", [(2, 1, "the front matter is no list of `key: value` lines")]),
        ("created: 2026-11-22T09:34:35Z\n", [(1, 1, "the front matter has no `id`")]),
        ("id: HD-2611-7K3QF\n", [(1, 1, "the front matter has no `created`")]),
        (
            "title: a\n",
            [(1, 1, "the front matter has no `id`"), (1, 1, "the front matter has no `created`")],
        ),
        (
            "id: ~\ncreated:\n",
            [(1, 1, "the front matter has no `id`"), (1, 1, "the front matter has no `created`")],
        ),
        (
            "id: HD-2613-7K3QF\n",
            [
                (1, 1, "the front matter has no `created`"),
                (2, 5, "`HD-2613-7K3QF` is not a ticket ID like HD-2611-7K3QF"),
            ],
        ),
        (
            "id: hd-2611-7k3qf\ncreated: yesterday\ntags: a\ntitle: [b]\n",
            [
                (2, 5, "`hd-2611-7k3qf` is not a ticket ID like HD-2611-7K3QF"),
                (3, 10, "`yesterday` is not an instant like 2026-11-22T09:34:35Z"),
                (4, 7, "`tags` is a list: write tags: [one, two]"),
                (5, 8, "`title` is no list"),
            ],
        ),
        (
            "id: [HD-2611-7K3QF]\ncreated: 2026-02-30T00:00:00Z\n",
            [
                (2, 5, "`id` is no list"),
                (3, 10, "`2026-02-30T00:00:00Z` names a date or a time that does not exist"),
            ],
        ),
    ],
)
def test_a_front_matter_needs_an_id_and_an_instant(
    head: str, expected: list[tuple[int, int, str]]
) -> None:
    assert problems_of(f"---\n{head}---\n\n{OPENED}") == expected


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        (f"{AT} ana", "an entry's heading needs an instant, a person and a verb"),
        (AT, "an entry's heading needs an instant, a person and a verb"),
        ("## 2026-11-22T09:40Z ana noted", "`2026-11-22T09:40Z` is not an instant like"),
        ("## 2026-11-22T09:40:00+01:00 ana noted", "`2026-11-22T09:40:00+01:00` is not an"),
        ("## 2026-11-22T24:00:00Z ana noted", "`2026-11-22T24:00:00Z` is not an instant like 2026"),
        ("## 2026-11-31T09:40:00Z ana noted", "`2026-11-31T09:40:00Z` names a date or a time"),
        (f"{AT} ana said", "unknown verb `said`: an entry is one of opened, wrote, replied,"),
        (f"{AT} a=b noted", "`a=b` is neither a handle nor an e-mail address"),
        (f'{AT} "ana" noted', '`"ana"` is neither a handle nor an e-mail address'),
        (f"{AT} ana changed status", "`status` is not of the form key=value"),
        (f"{AT} ana changed a=b  c=d", "one blank stands between the parts of a heading, not two"),
        (f"{AT} ana changed a=b status", "`status` is not of the form key=value"),
        (f"{AT} ana changed =x", "`` is not the name of a field"),
        (f"{AT} ana changed 1a=x", "`1a` is not the name of a field"),
        (f"{AT} ana changed a/b=x", "`a/b` is not the name of a field"),
        (f"{AT} ana changed company=a=b", "`company=a=b` is not of the form key=value"),
        (f'{AT} ana changed company="a', '`company="a` is not of the form key=value'),
        (f'{AT} ana changed company="a"b', '`company="a"b` is not of the form key=value'),
        (f'{AT} ana changed company="\\x"', '"\\x" is not a JSON string'),
        (f'{AT} ana changed company="\\ud800"', '"\\ud800" is not a JSON string'),
        (f'{AT} ana changed company="\\u0000"', '"\\u0000" is not a text that a ticket may hold'),
        (f"{AT} ana changed company=a\tb", "a control character in an entry's heading"),
        (f"{AT} ana changed company=a\u2028b", "a control character in an entry's heading"),
        (f"{AT} ana changed tags=a", "`tags` is a list: write tags+=element or tags-=element"),
        (f"{AT} ana changed status+=open", "`status` is no list: write status=value"),
        (f"{AT} ana changed fields.a+=x", "`fields.a` is no list: write fields.a=value"),
        (f"{AT} ana changed fields=x", "`fields` is a mapping: write fields.name=value"),
        (f"{AT} ana changed fields.=x", "`fields.` is not the name of a field"),
        (f"{AT} ana changed until=soon", "`soon` is not an instant like 2026-11-22T09:34:35Z"),
    ],
)
def test_what_is_wrong_in_a_heading(heading: str, message: str) -> None:
    (found,) = problems_of(f"{FILE}\na text\n\n{heading}\n\nmore\n")
    assert found[:2] == (10, 1)
    assert found[2].startswith(message)


def test_text_before_the_first_entry() -> None:
    message = "text before the first entry: put it below a heading `## <instant> <who> <verb>`"
    assert problems_of(f"---\n{HEAD}---\n\n \nhello\n{OPENED}") == [(7, 1, message)]
    assert problems_of(f"---\n{HEAD}---\nhello") == [(5, 1, message)]
    assert problems_of(f"---\n{HEAD}---\n## Steps\n") == [(5, 1, message)]


def test_conflict_markers_in_the_log() -> None:
    message = "a conflict marker of Git: `desk mend` settles it, or tells what to do"
    text = f"{FILE}\n<<<<<<< HEAD\n{AT} ana noted\n=======\n{AT} luis noted\n>>>>>>> theirs\n"
    assert problems_of(text) == [(8, 1, message), (12, 1, message)]


def test_conflict_markers_in_the_front_matter() -> None:
    message = "a conflict marker of Git: `desk mend` settles it, or tells what to do"
    text = (
        f"---\n{HEAD}<<<<<<< HEAD\nstatus: open\n=======\nstatus: hold\n>>>>>>> theirs\n---\n"
        f"\n{OPENED}\n<<<<<<< HEAD\n>>>>>>> theirs\n"
    )
    assert problems_of(text) == [
        *[(4, 1, message), (8, 1, message)],
        *[(13, 1, message), (14, 1, message)],
    ]


def test_conflict_markers_around_a_fence() -> None:
    message = "a conflict marker of Git: `desk mend` settles it, or tells what to do"
    assert problems_of(f"<<<<<<< HEAD\n---\n{HEAD}---\n>>>>>>> theirs\n") == [
        (1, 1, message),
        (6, 1, message),
    ]


def test_conflict_markers_behind_a_backslash_are_text() -> None:
    text = f"{FILE}\n\\<<<<<<< HEAD\n=======\n\\\\>>>>>>> theirs\n"
    assert read(text).log[0].text == "<<<<<<< HEAD\n=======\n\\>>>>>>> theirs"
    assert rewritten(text) == text


def test_bytes_that_are_no_text() -> None:
    assert problems_of(f"{FILE}\na\nb \0\n") == [(9, 3, "a NUL character")]
    assert problems_of(FILE.encode() + b"\n\xc3\xa9 \xff\n") == [
        (8, 3, "the file is not UTF-8 here")
    ]
    assert problems_of(b"---\n\xed\xa0\x80\n---\n") == [(2, 1, "the file is not UTF-8 here")]


def test_a_file_that_is_too_large() -> None:
    room = MAX_TICKET_BYTES - len(FILE) - 2
    assert read(f"{FILE}\n{'x' * room}\n").log[0].text == "x" * room
    assert problems_of(f"{FILE}\n{'x' * room}\n\n") == [
        (0, 0, "the file is 10,000,001 bytes long, and 10,000,000 is the most")
    ]


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_file() -> None:
    text = (
        "---\nid: nine\ncreated: 2026-11-22T09:34:35Z\ntags: a\n---\nhello\n"
        f"{AT} ana said\n\n>>>>>>> x\n\n{AT} ana changed x\n"
    )
    assert [line for line, _, _ in problems_of(text)] == [2, 4, 6, 7, 9, 11]


def test_a_diagnostic_says_where() -> None:
    _, problems = parse_ticket(FILE.replace("HD-2611", "HD-26").encode(), PATH)
    assert [str(each) for each in problems] == [
        "tickets/2026/11/HD-2611-7K3QF.md:2:5: `HD-26-7K3QF` is not a ticket ID like HD-2611-7K3QF"
    ]
    assert [each.code for each in problems] == ["field"]
    assert str(Diagnostic("size", "a.md", 0, 0, "too large")) == "a.md: too large"


def test_a_hostile_file_is_read_in_reasonable_time() -> None:
    begin = time.perf_counter()
    lines = 60_000
    assert len(problems_of(f"{FILE}\n" + "<<<<<<< a\n" * lines)) == lines
    assert len(problems_of(f"{FILE}\n" + f"{AT} x\n" * lines)) == lines
    tags = ", ".join(f"a{number}" for number in range(lines))
    assert len(read(FILE.replace("created", f"tags: [{tags}]\ncreated")).items("tags")) == lines
    assert time.perf_counter() - begin < 8


# ----------------------------------------------------------------------------------------- places


def test_the_lines_of_headings_and_fields() -> None:
    data = EXAMPLE.replace("\n", "\r\n").encode()
    lines = EXAMPLE.split("\n")
    assert list(heading_lines(data)) == [(place, lines[place - 1][3:]) for place in (18, 22, 24)]
    assert list(heading_lines(b"\xff")) == []
    assert [field_line(data, key) for key in ("id", "status", "created", "until")] == [2, 5, 15, 1]
    assert field_line(FILE.encode() + b"\nstatus: x\n", "status") == 1


def test_an_entry_at_the_end_of_time_can_be_answered() -> None:
    ticket = read(f"{FILE}\n## 2199-12-31T23:59:59Z luis noted\n")
    after = perform(ticket, Act("noted", text="so late"), minutes(1), "ana")
    assert format_instant(after.log[-1].at) == "2199-12-31T23:59:59Z"
    assert read(format_ticket(after)) == after
