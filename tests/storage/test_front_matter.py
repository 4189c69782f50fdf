"""The canonical front matter: that it is what YAML reads, and what a rewrite keeps."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from desk.domain.fields import FIELD, FIELDS
from desk.domain.instants import parse_instant
from desk.domain.ticket import Block, Value
from desk.storage import front_matter
from desk.storage.front_matter import comments_in, scan, write, write_value
from desk.storage.head_reader import read_head
from tests.builders import QUICK, all_values, custom_names, hostile_values

STOCK_LOADERS = (yaml.SafeLoader, yaml.CSafeLoader)


def by_yaml(text: str, monkeypatch: pytest.MonkeyPatch | None = None) -> dict[str, Value]:
    """Return what the reader for any YAML makes of a canonical front matter."""
    values, _, wrong = read_head(f"# not canonical\n{text}", "x.md")
    assert wrong == ()
    assert values is not None
    return values


def read(text: str) -> tuple[dict[str, Value], tuple[Block, ...]]:
    values, blocks, wrong = read_head(text, "x.md")
    assert wrong == ()
    assert values is not None
    return values, blocks


def rewritten(text: str, changes: Mapping[str, Value | None]) -> str:
    """Return a front matter after these keys got new values (None: were cleared)."""
    values, blocks = read(text)
    after = {**values, **changes}
    return write({key: value for key, value in after.items() if value}, blocks)


# --------------------------------------------------------------------------- the canonical form


@QUICK
@given(all_values)
def test_the_scanner_and_yaml_read_the_same(values: dict[str, Value]) -> None:
    text = write(values)
    assert scan(text) == values
    assert by_yaml(text) == values
    assert read_head(text, "x.md") == (values, (), ())


_pieces = st.one_of(
    hostile_values,
    hostile_values.map(lambda value: write_value("title", value)),
    st.sampled_from(("[a, b]", "[a,b]", "[ a]", "[a, ]", "[]", "[a, a]", '["a", b]', "[a, 'b']")),
    st.sampled_from(("{a: b}", "{b: 1, a: 2}", "{a: b, }", "{a b: c}", "{a: b, a: c}", "{}", '""')),
    st.sampled_from(('"a"', '"\\u0041"', '"\\x41"', '"a', "'a'", "a # b", "2026-11-22T09:34:35Z")),
)


@QUICK
@given(st.dictionaries(st.sampled_from([*FIELD, "owner", "Title"]), _pieces, max_size=3), st.data())
@example({"fields": "{a b: c}"}, None)
@example({"tags": "[a, a]"}, None)
def test_whatever_the_scanner_accepts_yaml_reads_the_same(
    lines: dict[str, str], data: st.DataObject | None
) -> None:
    keys = sorted(lines, key=list(FIELD).index) if lines.keys() <= FIELD.keys() else list(lines)
    fixed = {"id": "HD-2611-7K3QF", "created": "2026-11-22T09:34:35Z"}
    text = "".join(f"{key}: {fixed.get(key, lines[key])}\n" for key in keys)
    values = scan(text)
    if values is not None:
        assert write(values) == text
        missing = {key: value for key, value in fixed.items() if key not in values}
        assert by_yaml(write({**values, **missing})) == {**values, **missing}


@QUICK
@given(all_values)
def test_stock_yaml_reads_every_text_as_the_same_text(values: dict[str, Value]) -> None:
    text = write(values)
    for loader in STOCK_LOADERS:
        read_back = yaml.load(text, Loader=loader)
        assert list(read_back) == [field.name for field in FIELDS if field.name in values]
        for key, value in values.items():
            if FIELD[key].kind == "instant":
                assert isinstance(value, str)
                assert read_back[key] == parse_instant(value)
            elif isinstance(value, tuple):
                assert read_back[key] == list(value)
            else:
                assert read_back[key] == value


@QUICK
@given(hostile_values, custom_names)
def test_each_value_is_one_line_that_scanner_and_yaml_agree_on(value: str, name: str) -> None:
    values: dict[str, Value] = {
        "title": value,
        "tags": (value,),
        "fields": {name: value},
    }
    text = write(values)
    assert text.count("\n") == len(text.splitlines()) == 3
    assert scan(text) == values
    for loader in STOCK_LOADERS:
        assert yaml.load(text, Loader=loader) == {**values, "tags": [value]}


@pytest.mark.parametrize(
    "value",
    [
        *("0:30.5", "00:15.", "09:30", "1:2:3", "12:30", "-1:30", "+34600123456", "017", "0o17"),
        *("1_000", ".5", "5.", "1e5", "1.10", "no", "Y", "NULL", "~", "<<", "=", "2026-11-22"),
        *("2026-11-22T09:34:35Z", "0x1f", "0b1", ".inf", "+.INF", ".NaN"),
        *("", " a", "a ", "a:", "a: b", "a #b", "#a", "- a", "? a", "-", "a\tb", "a\nb", "\ufeff"),
    ],
)
def test_what_yaml_could_misread_is_quoted(value: str) -> None:
    assert write_value("title", value).startswith('"')
    assert write_value("tags", (value,)).startswith('["')


@pytest.mark.parametrize(
    "value",
    [
        *("a", "Printer jams", "Maria López <m@acme.example>", "a:b", "a#b", "1st", "C:\\spool"),
        *("hardware/printer", "it's", 'say "hi"', "a, b", "a [b]", "日本語", "😀 a", "x=1", "(a)"),
    ],
)
def test_a_plain_text_stays_plain(value: str) -> None:
    assert write_value("title", value) == (value if value[0] != "😀" else f'"{value}"')


def test_lists_and_mappings_are_written_in_flow_form() -> None:
    assert write_value("tags", ("a", "b c", "d,e", "1", "why?")) == '[a, b c, "d,e", "1", "why?"]'
    assert write_value("fields", {"b": "1:2", "a": "x"}) == '{a: x, b: "1:2"}'
    assert write_value("created", "2026-11-22T09:34:35Z") == "2026-11-22T09:34:35Z"


@pytest.mark.parametrize(
    "text",
    [
        "title: a\nid: HD-2611-7K3QF\n",
        "id: HD-2611-7K3QF\nid: HD-2611-7K3QF\n",
        "id:  HD-2611-7K3QF\n",
        "id: HD-2611-7K3QF \n",
        "title: 'a'\n",
        'title: "a"\n',
        'title: "\\x41"\n',
        "title:\n",
        "title: a # b\n",
        "owner: a\n",
        "# a\n",
        "\n",
        "tags: []\n",
        "tags: [a, a]\n",
        "tags: [a,b]\n",
        "tags: [a, b, ]\n",
        'tags: ["a"]\n',
        "tags: a\n",
        "fields: {}\n",
        "fields: {b: 1, a: 2}\n",
        "fields: {a: 1, a: 2}\n",
        "fields: {a b: c}\n",
        "fields: {.a: c}\n",
        "fields: a\n",
        "created: 2026-11-22\n",
        "until: tomorrow\n",
        "title: 12:30\n",
        "title: a\r\n",
    ],
)
def test_what_is_not_canonical_is_not_scanned(text: str) -> None:
    assert scan(text) is None


def test_the_keys_are_written_in_the_order_of_the_table() -> None:
    values: dict[str, Value] = {"zeta": "z", "created": "x", "alpha": "a", "title": "t", "id": "i"}
    assert write(values) == "id: i\ntitle: t\ncreated: x\nalpha: a\nzeta: z\n".replace(
        "x", write_value("created", "x")
    )


# ----------------------------------------------------------------------------------- rewriting

BY_HAND = """\
# Copied from the old system
id: HD-2611-7K3QF   # never changes
"title": 'Printer: jams'  # says Maria
owner:   Facilities       # a key of our own
status: open
# to be checked
priority: 'P2'
requester: >-
  Maria López
  <maria@acme.example>

company: ~
tags:
  - floor-3   # where
  - "printer"
weird: [x, 'y']
created: "2026-11-22T09:34:35Z"
fields:
  asset: PC-42
# the end
"""


def test_a_front_matter_by_hand_is_read() -> None:
    values, blocks = read(BY_HAND)
    assert values == {
        "id": "HD-2611-7K3QF",
        "title": "Printer: jams",
        "owner": "Facilities",
        "status": "open",
        "priority": "P2",
        "requester": "Maria López <maria@acme.example>",
        "tags": ("floor-3", "printer"),
        "weird": ("x", "y"),
        "created": "2026-11-22T09:34:35Z",
        "fields": {"asset": "PC-42"},
    }
    assert write(values, blocks) == BY_HAND


@pytest.mark.parametrize(
    ("key", "value", "old", "new"),
    [
        ("status", "hold", "status: open\n", "status: hold\n"),
        (
            "title",
            "No paper",
            """"title": 'Printer: jams'  # says Maria\n""",
            "title: No paper  # says Maria\n",
        ),
        ("title", None, """"title": 'Printer: jams'  # says Maria\n""", "# says Maria\n"),
        ("owner", None, "owner:   Facilities       # a key of our own\n", "# a key of our own\n"),
        ("priority", "P1", "priority: 'P2'\n", "priority: P1\n"),
        ("company", "ACME", "company: ~\n", "company: ACME\n"),
        (
            "requester",
            "Eva",
            "requester: >-\n  Maria López\n  <maria@acme.example>\n",
            "requester: Eva\n",
        ),
        (
            "tags",
            ("vpn",),
            'tags:\n  - floor-3   # where\n  - "printer"\n',
            "# where\ntags: [vpn]\n",
        ),
        ("tags", None, 'tags:\n  - floor-3   # where\n  - "printer"\n', "# where\n"),
        ("fields", {"a": "1"}, "fields:\n  asset: PC-42\n", 'fields: {a: "1"}\n'),
    ],
)
def test_only_the_lines_of_changed_keys_change(
    key: str, value: Value | None, old: str, new: str
) -> None:
    assert BY_HAND.count(old) == 1
    assert rewritten(BY_HAND, {key: value}) == BY_HAND.replace(old, new)


def test_a_new_key_stands_where_the_table_has_it() -> None:
    after = rewritten(BY_HAND, {"assignee": "ana", "type": "incident", "links": ("relates A",)})
    lines = after.split("\n")
    assert [line for line in lines if line not in BY_HAND.split("\n")] == [
        "type: incident",
        "assignee: ana",
        "links: [relates A]",
    ]
    assert [line for line in BY_HAND.split("\n") if line not in lines] == []
    keys = [
        line.partition(":")[0].strip('"') for line in lines if line[:1].isalpha() or '"t' in line
    ]
    known = [key for key in keys if key in FIELD]
    assert known == sorted(known, key=list(FIELD).index)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{id: HD-2611-7K3QF, created: 2026-11-22T09:34:35Z}\n", ""),
        ('{id: HD-2611-7K3QF, created: 2026-11-22T09:34:35Z, "a: b": [c]}\n', '"a: b": [c]\n'),
        ("{id: HD-2611-7K3QF, created: 2026-11-22T09:34:35Z, note: ~}\n", "note:\n"),
        ("{id: HD-2611-7K3QF, created: 2026-11-22T09:34:35Z, yes: no}\n", '"yes": "no"\n'),
        ("? id\n: HD-2611-7K3QF\n? created\n: 2026-11-22T09:34:35Z\n? a\n: b\n", "a: b\n"),
    ],
)
def test_a_front_matter_without_lines_of_its_own_gets_some(text: str, expected: str) -> None:
    assert rewritten(text, {"status": "open"}) == (
        "id: HD-2611-7K3QF\nstatus: open\ncreated: 2026-11-22T09:34:35Z\n" + expected
    )


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("note: |+\n  a\n\nowner: x\n\nroom: y\n", "note: |+\n  a\n\nroom: y\n"),
        ("note: |+\n  a\nowner: x\n\n# b\n\nroom: y\n", "note: |+\n  a\n# b\n\nroom: y\n"),
        ("note: >-\n  a\nowner: x\n   \nroom: y\n", "note: >-\n  a\nroom: y\n"),
        ("note: a\n\nowner: x\n\nroom: y\n", "note: a\n\n\nroom: y\n"),
    ],
)
def test_blank_lines_of_a_key_that_goes_do_not_fall_to_the_text_above(
    head: str, expected: str
) -> None:
    begin = "id: HD-2611-7K3QF\ncreated: 2026-11-22T09:34:35Z\n"
    assert rewritten(begin + head, {"owner": None}) == begin + expected


def test_tabs_in_braces_are_read() -> None:
    text = "{id: HD-2611-7K3QF,\t# one\n\tcreated: 2026-11-22T09:34:35Z}\n"
    assert rewritten(text, {}) == "# one\nid: HD-2611-7K3QF\ncreated: 2026-11-22T09:34:35Z\n"


def test_comments_in_braces_are_kept() -> None:
    text = "{id: HD-2611-7K3QF, # one\n created: 2026-11-22T09:34:35Z} # two\n# three\n"
    assert rewritten(text, {}) == (
        "# one\n# two\n# three\nid: HD-2611-7K3QF\ncreated: 2026-11-22T09:34:35Z\n"
    )


def test_a_line_that_looks_like_a_comment_may_be_text() -> None:
    text = (
        "id: HD-2611-7K3QF\ncreated: 2026-11-22T09:34:35Z\n"
        'note: "one\n# two\n#three" # real\n# also\nlist: [a, "b\n#c"]\n\n# end\n'
    )
    values, blocks = read(text)
    assert values["note"] == "one # two #three"
    assert write(values, blocks) == text
    after = rewritten(text, {"note": "new", "list": None})
    assert after == (
        "id: HD-2611-7K3QF\ncreated: 2026-11-22T09:34:35Z\n# real\nnote: new\n# also\n\n# end\n"
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("a: b\n", []),
        ("a: b # c\n", ["# c"]),
        ("a: 'b # c' # d # e\n", ["# d # e"]),
        ("a: b#c\n", []),
        ("a: |\n  # no\n  x\n", []),
        ("a:\n# b\n  - c # d\n", ["# b", "# d"]),
        ("a: b\t# c\n", ["# c"]),
        ("a: |\t# c\n  # no\n", ["# c"]),
        ("a: >- # c\n  # no\n# d\n", ["# c", "# d"]),
        ("a:\t[b,\t# c\n\td]\n", ["# c"]),
        ("a: [b, # c # d\n  e]\n", ["# c # d"]),
    ],
)
def test_comments_are_found_and_texts_are_not(lines: str, expected: list[str]) -> None:
    assert comments_in(lines) == expected


_styles = st.sampled_from(("plain", "single", "double", "folded", "literal"))
_comments = st.sampled_from(("", "", "", "  # a note", " # 'odd\" note", "\t# after a tab"))
_between = st.sampled_from(
    ("", "", "", "\n", "\n   \n", "# a comment\n", "  # indented\n", "\n# two\n\n")
)


def _styled(draw: st.DrawFn, value: str, indent: str = "") -> str:
    comment = draw(_comments)
    style = draw(_styles)
    plain = value.replace("\n", " ").strip()
    single = plain.replace("'", "''")
    if style == "single":
        return f" '{single}'{comment}\n"
    if style == "folded":
        return f" >-{comment}\n{indent}  {plain or 'x'}\n{indent}  more\n"
    if style == "literal":
        return f" |{draw(st.sampled_from(('', '-', '+')))}{comment}\n{indent}  {plain or 'x'}\n\n"
    if style == "double":
        return f" {write_value('title', value)}{comment}\n"
    return f" {write_value('title', value)}{comment}\n"


@st.composite
def heads_by_hand(draw: st.DrawFn) -> str:
    """Draw a front matter in every style that YAML has."""
    keys = draw(
        st.lists(
            st.sampled_from(
                [*(key for key in FIELD if key not in ("id", "created", "until")), "owner", "größe"]
            ),
            max_size=5,
            unique=True,
        )
    )
    pieces = ["id: HD-2611-7K3QF\n", "created: '2026-11-22T09:34:35Z'\n"]
    for key in keys:
        kind = FIELD[key].kind if key in FIELD else draw(st.sampled_from(("text", "list")))
        name = draw(st.sampled_from((key, f'"{key}"')))
        if kind == "list":
            items = draw(st.lists(hostile_values, min_size=1, max_size=3))
            if draw(st.booleans()):
                block = "".join(f"-{_styled(draw, item)}" for item in items)
                pieces.append(f"{name}:{draw(_comments)}\n{block}")
            else:
                pieces.append(f"{name}: {write_value('tags', tuple(items))}{draw(_comments)}\n")
        elif kind == "mapping":
            inner = draw(st.dictionaries(custom_names, hostile_values, min_size=1, max_size=2))
            block = "".join(
                f"  {write_value('title', custom)}:{_styled(draw, value, '  ')}"
                for custom, value in inner.items()
            )
            pieces.append(f"{name}:\n{block}")
        else:
            pieces.append(f"{name}:{_styled(draw, draw(hostile_values))}")
    ordered = draw(st.permutations(pieces))
    return "".join(draw(_between) + piece for piece in ordered) + draw(_between)


@QUICK
@given(heads_by_hand(), st.data())
def test_any_front_matter_keeps_what_a_rewrite_does_not_change(
    text: str, data: st.DataObject
) -> None:
    values, blocks, wrong = read_head(text, "x.md")
    if values is None:
        assert wrong
        return
    assert write(values, blocks) == text
    key = data.draw(st.sampled_from([*values, "status", "tags", "kb", "title"]))
    cleared = key not in ("id", "created") and data.draw(st.booleans())
    new: Value = data.draw(hostile_values)
    if key in FIELD and FIELD[key].kind == "list":
        new = data.draw(st.lists(hostile_values, min_size=1, max_size=2, unique=True).map(tuple))
    elif key == "fields":
        new = data.draw(st.dictionaries(custom_names, hostile_values, min_size=1, max_size=2))
    elif key == "id":
        new = "HD-2611-ZZZZZ"
    elif key == "created":
        new = "2026-11-23T00:00:00Z"
    after = dict(values)
    if cleared:
        after.pop(key, None)
    else:
        after[key] = new
    written = write(after, blocks)
    assert read(written)[0] == after
    # Every other key keeps its lines, in their order; no comment is lost.
    others = [block.lines for block in blocks if block.key and block.key != key]
    place = 0
    for lines in others:
        place = written.find(lines, place)
        assert place >= 0
        place += len(lines)
    assert len(comments_in(written)) == len(comments_in(text))


def test_the_scanner_is_strict_about_its_closed_words() -> None:
    for field in FIELDS:
        for value in field.values:
            assert front_matter.write_value(field.name, value) == value
