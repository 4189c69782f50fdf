"""docs/file-format.md is normative: what it shows, names and rules is what the program does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.attachments import MAX_ATTACHMENT_BYTES
from desk.domain.fields import ENTRY_KEYS, FIELDS, RELATIONS, VERBS
from desk.domain.headings import new_entry
from desk.domain.kb import ARTICLE_FIELDS, ARTICLE_LISTS
from desk.domain.replay import differences
from desk.domain.texts import MAX_TEXT_BYTES, MAX_TICKET_BYTES
from desk.domain.ticket import Change, Ticket, Value
from desk.services.setup import ATTRIBUTES
from desk.storage import front_matter, ticket_store
from desk.storage.head_reader import read_head
from desk.storage.kb_file import parse_article
from desk.storage.ticket_file import format_ticket, parse_ticket
from desk.storage.ticket_store import TicketStore

PAGE = (Path(__file__).parents[1] / "docs" / "file-format.md").read_text(encoding="utf-8")


def fenced(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def table(heading: str) -> list[list[str]]:
    """Return the rows below the heading row of a table, without the backticks around cells."""
    lines = PAGE.partition(f"\n{heading}\n")[2].split("\n")[1:]
    rows = lines[: next(number for number, line in enumerate(lines) if not line.startswith("|"))]
    assert rows, heading
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]


def code(cell: str) -> str:
    assert cell[0] == cell[-1] == "`", cell
    return cell[1:-1]


def names_in(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


EXAMPLES = [example for example in fenced("markdown") if example.startswith("---\nid:")]
ARTICLES = [example for example in fenced("markdown") if example not in EXAMPLES]


# What the page shows


@pytest.mark.parametrize("example", EXAMPLES)
def test_ticket_examples_are_read_and_written_byte_for_byte(example: str) -> None:
    ticket, problems = parse_ticket(example.encode(), "example")
    assert problems == ()
    assert ticket is not None
    assert format_ticket(ticket) == example.encode()
    assert ticket.head == (), "an example is in canonical form"


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_logs_of_examples_agree_with_their_front_matters(example: str) -> None:
    ticket, _ = parse_ticket(example.encode(), "example")
    assert ticket is not None
    if ticket.log:
        assert differences(ticket) == ()
        assert ticket.log[0].verb == "opened"


def test_the_full_example_reads_as_the_page_says() -> None:
    ticket, _ = parse_ticket(EXAMPLES[0].encode(), "example")
    assert ticket is not None
    assert len(EXAMPLES) == 2
    assert ticket.custom == {"asset": "PRN-7", "bought": "2021-03-01"}
    guarded = next(entry for entry in ticket.log if entry.verb == "escalated")
    assert guarded.text.endswith("\n\n## 2026-11-22T10:12:00Z tray2 error 13.02")


def test_article_examples_are_read() -> None:
    assert ARTICLES
    for example in ARTICLES:
        article, problems = parse_article(example.encode(), "kb/example.md")
        assert problems == ()
        assert article is not None
        assert article.others == {}


def test_gitattributes_are_those_that_init_writes() -> None:
    lines = [line for line in ATTRIBUTES.splitlines() if not line.startswith("#")]
    assert fenced("gitattributes") == ["".join(f"{line}\n" for line in lines)]


# What the page names


def test_every_field_is_in_the_table_as_the_program_has_it() -> None:
    rows = table("| field | kind | meaning | values |")
    told = [(code(name), kind) for name, kind, *_ in rows]
    assert told == [(field.name, field.kind) for field in FIELDS]
    for field, row in zip(FIELDS, rows, strict=True):
        if field.values:
            assert names_in(row[3]) == list(field.values)
        if field.setting:
            assert f"`{field.setting}` of config.yaml" in row[3]


def test_every_relation_is_in_the_table_with_its_inverse() -> None:
    rows = table("| relation | inverse |")
    assert {code(relation): code(inverse) for relation, inverse in rows} == RELATIONS


def test_every_verb_is_in_the_table_with_its_meaning() -> None:
    assert {code(verb): what for verb, what in table("| verb | meaning |")} == VERBS


def test_every_key_of_an_entry_is_in_the_table() -> None:
    rows = table("| key | of the verb | value |")
    assert {code(verb): code(key) for key, verb, _ in rows} == ENTRY_KEYS


def test_every_key_of_an_article_is_in_the_table() -> None:
    rows = table("| key | kind | meaning |")
    assert [code(key) for key, *_ in rows] == list(ARTICLE_FIELDS)
    assert tuple(code(key) for key, kind, _ in rows if kind == "list") == ARTICLE_LISTS


def test_sizes_are_those_of_the_program() -> None:
    for size in (MAX_TICKET_BYTES, MAX_TEXT_BYTES, MAX_ATTACHMENT_BYTES):
        assert f"{size:,} bytes" in PAGE


HEAD = "---\nid: HD-2611-7K3QF\ncreated: 2026-11-22T09:34:35Z\n---\n"
BAD_FILES = {
    "encoding": b"---\n\xff\n---\n",
    "size": b" " * (MAX_TICKET_BYTES + 1),
    "front-matter": b"no front matter\n",
    "yaml": b"---\nid: &anchor HD-2611-7K3QF\n---\n",
    "field": b"---\nid: HD-2611-7K3QF\n---\n",
    "heading": f"{HEAD}\n## 2026-11-22T09:34:35Z ana said\n".encode(),
    "text-before-log": f"{HEAD}\ntext\n".encode(),
    "conflict": f"{HEAD}\n<<<<<<< HEAD\n".encode(),
}


@pytest.mark.parametrize("fault", BAD_FILES)
def test_a_bad_file_has_the_code_that_the_page_has(fault: str) -> None:
    ticket, problems = parse_ticket(BAD_FILES[fault], "example")
    assert ticket is None
    assert [problem.code for problem in problems] == [fault]


def test_every_code_of_the_readers_is_in_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = tmp_path / "tickets" / "2026" / "11"
    month.mkdir(parents=True)
    (month / "HD-2611-7K3QF.md").symlink_to("elsewhere")
    (month.parent / "stray.md").touch()
    (month / "HD-2611-7K3QG.md").touch()

    def refuse(full_path: str, limit: int) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(ticket_store, "read_plain", refuse)
    in_folders = {problem.code for problem in TicketStore(tmp_path).all().unreadable}
    told = [code(name) for name, _ in table("| code | what is wrong |")]
    assert sorted(told) == sorted({*BAD_FILES, *in_folders})


# How scalars are written


def examples_of_values() -> list[tuple[str, Value, str]]:
    found: list[tuple[str, Value, str]] = []
    tables = re.split(r"^\| value \| written as \|$", PAGE, flags=re.MULTILINE)[1:]
    assert len(tables) == 2
    for key, part in zip(("title", "tags"), tables, strict=True):
        for row in re.findall(r"^\| `(.*)` \| `(.*)` \|$", part.partition("\n\n")[0], re.MULTILINE):
            text = row[0].replace("␠", " ").replace("⏎", "\n")
            found.append((key, text if key == "title" else (text,), row[1]))
    return found


@pytest.mark.parametrize(("key", "value", "written"), examples_of_values())
def test_values_are_written_as_the_table_has_them(key: str, value: Value, written: str) -> None:
    assert front_matter.write_value(key, value) == written


def test_the_tables_of_values_are_whole() -> None:
    assert len(examples_of_values()) >= 30


# The grammar, made into regular expressions: no rule of it names itself.

_OUTSIDE = {"wordchar": r"\w", "decimal": r"\d"}
"""Rules that the page states in words."""

_TOKEN = re.compile(
    r"\s+|/\*.*?\*/|(\"[^\"]*\"|'[^']*')|(\[[^\]]+\])|#x([0-9A-F]+)|([A-Za-z-]+\b)|(.)", re.S
)


@cache
def rules() -> Mapping[str, str]:
    (grammar,) = fenced("ebnf")
    heads = list(re.finditer(r"^([A-Za-z-]+) +::= ", grammar, re.MULTILINE))
    ends = [head.start() for head in heads[1:]] + [len(grammar)]
    return {head[1]: grammar[head.end() : end] for head, end in zip(heads, ends, strict=True)}


@cache
def pattern(name: str) -> str:
    """Return a rule as a regular expression."""
    pieces: list[str] = []
    for match in _TOKEN.finditer(rules()[name]):
        literal, bracket, number, rule, mark = match.groups()
        if literal:
            pieces.append(re.escape(literal[1:-1]))
        elif bracket:
            pieces.append(re.sub(r"#x([0-9A-F]+)", _character, bracket))
        elif number:
            pieces.append(re.escape(chr(int(number, 16))))
        elif rule:
            pieces.append(_OUTSIDE.get(rule) or f"(?:{pattern(rule)})")
        elif mark:
            pieces.append({"(": "(?:"}.get(mark, mark))
    while "-" in pieces:  # A - B, both of one character: no B here, but an A
        at = pieces.index("-")
        pieces[at - 1 : at + 2] = [f"(?:(?!{pieces[at + 1]}){pieces[at - 1]})"]
    return "".join(pieces)


def _character(match: re.Match[str]) -> str:
    return f"\\u{int(match[1], 16):04x}"


def fits(rule: str, text: str, flags: int = 0) -> bool:
    return re.fullmatch(pattern(rule), text, flags) is not None


def test_the_grammar_defines_every_rule_that_it_names() -> None:
    for name in rules():
        if name not in _OUTSIDE:
            re.compile(pattern(name))
    assert {name for name in rules() if not pattern(name)} == set(_OUTSIDE)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_are_of_the_grammar(example: str) -> None:
    assert fits("ticket", example)


def test_the_grammar_refuses_what_is_not_canonical() -> None:
    small = EXAMPLES[1]
    for old, new in (
        ("id: ", "id:  "),
        ("\ncreated", "  # a comment\ncreated"),
        ("created", "mine: 1\ncreated"),
        ("created", "title: 12: 30\ncreated"),
        ("created", "tags: [a,b]\ncreated"),
        ("Z\n---\n", "Z\n---\ntext\n"),
    ):
        assert not fits("ticket", small.replace(old, new)), new


texts = st.one_of(
    st.text(alphabet=st.sampled_from(list("aZé9_-+.:#, /<[]{}()\"'\\=~!%@|>?&*\n\t\x85\u2028😀"))),
    st.text(alphabet=st.sampled_from(list("0123456789_+.:-eExXoObBtTzZ "))),
    st.sampled_from(
        ["Yes", "OFF", "nuLL", ".inf", "+.INF", ".NaN", "2026-1-2 3:04:05.6 +01", "1:2"]
    ),
    st.text(),
).filter(lambda text: text != "" and "\0" not in text)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_texts_are_plain_exactly_where_the_grammar_says(text: str) -> None:
    retyped = fits("retyped", text, re.IGNORECASE | re.ASCII)
    is_plain = fits("plain", text) and not retyped
    written = front_matter.write_value("title", text)
    assert (written == text) == is_plain
    assert is_plain or fits("quoted", written)
    is_plain_item = fits("plain-item", text) and not retyped
    assert (front_matter.write_value("tags", (text,)) == f"[{text}]") == is_plain_item


@settings(max_examples=200, deadline=None)
@given(texts, st.lists(texts, min_size=1, max_size=3, unique=True), texts)
def test_every_reader_reads_the_same_texts(title: str, tags: list[str], asset: str) -> None:
    values: dict[str, Value] = {
        "id": "HD-2611-7K3QF",
        "title": title,
        "tags": tuple(tags),
        "created": "2026-11-22T09:34:35Z",
        "fields": {"asset": asset},
    }
    written = front_matter.write(values)
    assert read_head(written, "") == (values, (), ())
    assert read_head(f"# no longer canonical\n{written}", "")[0] == values
    stock = yaml.safe_load(written)
    assert (stock["title"], tuple(stock["tags"]), stock["fields"]) == (
        title,
        tuple(tags),
        {"asset": asset},
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(list(VERBS)), texts, texts), max_size=4))
def test_what_the_program_writes_is_of_the_grammar(acts: list[tuple[str, str, str]]) -> None:
    at = datetime(2026, 11, 22, 9, 34, 35, tzinfo=UTC)
    log = tuple(
        new_entry(
            at + timedelta(minutes=number),
            "ana",
            verb,
            (Change("title", "=", value), Change("tags", "+=", value)),
            text,
        )
        for number, (verb, value, text) in enumerate(acts)
    )
    ticket = Ticket({"id": "HD-2611-7K3QF", "created": "2026-11-22T09:34:35Z"}, log)
    written = format_ticket(ticket)
    assert fits("ticket", written.decode())
    assert parse_ticket(written, "") == (ticket, ())
