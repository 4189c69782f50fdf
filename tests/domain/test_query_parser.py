import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.fields import FIELD
from desk.domain.headings import CUSTOM_NAME
from desk.domain.query import QUERY_FIELDS, Query, QueryError, SortKey, parse_query
from desk.domain.query.fields import KINDS, NAME, find_field
from desk.domain.query.parser import MAX_DEPTH, is_view_name
from desk.domain.query.tree import (
    EVERYTHING,
    Exact,
    Group,
    Has,
    Me,
    Node,
    Not,
    Pattern,
    Range,
    Term,
    ViewRef,
    Words,
)
from desk.domain.sla import CLOCKS


def where(text: str) -> Node:
    return parse_query(text).where


def refusal(text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    return caught.value


def word(text: str) -> Words:
    return Words("text", text)


def exact(field: str, *values: str) -> Term:
    return Term(field, tuple(map(Exact, values)))


A, B, C = word("a"), word("b"), word("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", EVERYTHING),
        ("  \t\n", EVERYTHING),
        ("status:open", exact("status", "open")),
        ("STATUS:Open,Waiting", exact("status", "open", "waiting")),
        ("-status:open", Not(exact("status", "open"))),
        ("not status:open", Not(exact("status", "open"))),
        ("NOT -a", Not(Not(A))),
        ("a b", Group("and", (A, B))),
        ("a AND b", Group("and", (A, B))),
        ("a or b c", Group("or", (A, Group("and", (B, C))))),
        ("not a or b", Group("or", (Not(A), B))),
        ("(a or b) c", Group("and", (Group("or", (A, B)), C))),
        ("-(a b)c", Group("and", (Not(Group("and", (A, B))), C))),
        ("((a))", A),
        ("a Or b oR c", Group("or", (A, B, C))),
        ('"or"', word("or")),
        ("-a", Not(A)),
        ("a-b", word("a-b")),
        ('"paper jam"', word("paper jam")),
        ('-"paper jam"', Not(word("paper jam"))),
        ('"http://x"', word("http://x")),
        ('"a\\"b\\\\c\\d"', word('a"b\\c\\d')),
        ("print*", Words("text", "print", True)),
        ('"paper ja"*', Words("text", "paper ja", True)),
        ("text:a", A),
        ("title:a,b*", Group("or", (Words("title", "a"), Words("title", "b", True)))),
        ("has:assignee", Has("assignee")),
        ("no:Fields.Asset-Tag", Not(Has("fields.asset_tag"))),
        ("no:assignee,team", Group("or", (Not(Has("assignee")), Not(Has("team"))))),
        ('company:"Value 22"', exact("company", "Value 22")),
        ('company:"A, B",C', exact("company", "A, B", "C")),
        ('company:"A..B"', exact("company", "A..B")),
        ('company:A" and "B', exact("company", "A and B")),
        ("company:ACME*", Term("company", (Pattern(("ACME", "")),))),
        ("company:*a**b*", Term("company", (Pattern(("", "a", "b", "")),))),
        ('company:"*"', exact("company", "*")),
        ("assignee:@me,ana,ME", Term("assignee", (Me(), Exact("ana"), Me()))),
        ('assignee:"@me"', exact("assignee", "@me")),
        ("tag:printer", exact("tags", "printer")),
        ("sla:at-risk,BREACHED", exact("sla", "at_risk", "breached")),
        ("sla.first-response:met", exact("sla.first_response", "met")),
        ("is:at_risk", exact("is", "at-risk")),
        ("is:live", exact("is", "open")),
        ("channel:walk_in,pigeon", exact("channel", "walk-in", "pigeon")),
        ("fields.Asset-Tag:PC-42", exact("fields.asset_tag", "PC-42")),
        ("priority:P1..p2", Term("priority", (Range("P1", "p2"),))),
        ("level:..L2,vendor", Term("level", (Range(None, "L2"), Exact("vendor")))),
        ("created:-7d..", Term("created", (Range("-7d", None),))),
        ("created:2026-11-05..2026-11", Term("created", (Range("2026-11-05", "2026-11"),))),
        ('created:"2026-11-22 18:00"..', Term("created", (Range("2026-11-22 18:00", None),))),
        ("created:2026-11-22T18:00Z", exact("created", "2026-11-22T18:00Z")),
        ("age:3d", exact("age", "3d")),
        ("reopens:2..", Term("reopens", (Range("2", None),))),
        ("@mine", ViewRef("mine")),
        ("-@mine", Not(ViewRef("mine"))),
    ],
)
def test_reads(text: str, tree: Node) -> None:
    assert where(text) == tree


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("sort:created", Query(sort=(SortKey("created"),))),
        (
            "a sort:-Priority,id b Sort:age",
            Query(
                Group("and", (A, B)),
                (SortKey("priority", True), SortKey("id"), SortKey("age")),
            ),
        ),
        ("a or b sort:fields.cost", Query(Group("or", (A, B)), (SortKey("fields.cost"),))),
    ],
)
def test_reads_the_order(text: str, query: Query) -> None:
    assert parse_query(text) == query


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a stauts:open", "stauts", "unknown field `stauts`; did you mean `status`?"),
        ("12:30", "12", "unknown field `12`; text that has a colon goes in quotes"),
        ("colour:red", "colour", "a custom field is written `fields.colour`"),
        ("sort:colour", "colour", "unknown field `colour`; a custom field is written `fields."),
        ("sort:-nope", "nope", "unknown field `nope`; a custom field is written `fields.nope`"),
        ("no:12", "12", "unknown field `12`; `desk help query` names the fields"),
        (":x", ":", "there is no field before this colon"),
        ("status:", ":", "`status:` has no value; write one right after the colon"),
        ("status: open", ":", "`status:` has no value"),
        ('company:""', '"', "or `no:company`"),
        ("tag:a,,b", ",b", "`tags` has an empty value here"),
        ("tag:a,", ",", "`tags` has an empty value here"),
        ("a status:opne", "opne", "`opne` is no value of `status`; did you mean `open`?"),
        ("status:done", "done", "write `is:done`"),
        ("is:closed", "closed", "write `status:closed`"),
        ("type:bug", "bug", "it is one of incident, request, question, problem, change"),
        ("sla:late", "late", "it is one of"),
        ("sla.resolution:brached", "brached", "did you mean `breached`?"),
        ("sla.solution:met", "sla.solution", "did you mean `sla.resolution`?"),
        ("status:open*", "open*", "`open*` is no value of `status`; did you mean `open`?"),
        ("created:yesteday", "yesteday", "did you mean `yesterday`?"),
        ("created:2026-13", "2026", "there is no 2026-13 in the calendar"),
        ("created:2026..2026-13", "2026-13", "there is no 2026-13"),
        ("created:-7d", "-7d", "write `created:-7d..` for since then"),
        ("created:now", "now", "write `created:now..` for since then"),
        ("created:..", "..", "a range has one `..` and at least one end"),
        ("created:2025..2026..2027", "2025", "a range has one `..`"),
        ("created:2026-11..2026-10", "2026-11..", "write `2026-10..2026-11`"),
        ("age:3", "3", "`3` is not a duration like 15m, 4h or 3d"),
        ("idle:4h..3h", "4h", "the range `4h..3h` runs backwards"),
        ("replies:many", "many", "`many` is not a whole number"),
        ("replies:99999999999", "9", "is not a whole number"),
        ("rating:5..1", "5..1", "write `1..5`"),
        ("company:A..B", "..", "`company` has no order, so it takes no range"),
        ("assignee:@bob", "@bob", "people are named by handle, address or `@me`"),
        ("team:@me", "@me", "put an `@` that belongs to the value in quotes"),
        ("fields:x", "x", "write `fields.asset:value`, or `has:fields`"),
        ("fields.:x", "fields.", "unknown field `fields.`"),
        ("has:is", "is", "`has` takes a field that a ticket may lack"),
        ("no:text", "text", "`no` takes a field that a ticket may lack"),
        ("has:colour", "colour", "unknown field `colour`"),
        ("sort:tags", "tags", "tickets cannot be sorted by `tags`"),
        ("sort:", ":", "`sort:` has no value"),
        ("(sort:id a)", "sort", "write it on its own, outside of parentheses"),
        ("-sort:id", "sort", "`sort:-field` turns the order round"),
        ("or a", "or", "`or` needs a condition on either side"),
        ("a or", "or", "`or` needs a condition on either side"),
        ("a or sort:id", "or", "`or` needs a condition on either side"),
        ("and a", "and", "`and` needs a condition on either side"),
        ("a and or b", "and", "`and` needs a condition on either side"),
        ("a not", "not", "`not` has nothing to negate"),
        ("(not)", "not", "`not` has nothing to negate"),
        ("--status", "--", "one `-` negates what it stands before"),
        ("a - b", "-", "there is no letter or digit here to search for"),
        ('a ""', '"', "there is no letter or digit here to search for"),
        ("pr*nt", "*", "among words, `*` stands only at the end"),
        ("(a or b", "(", "this parenthesis is never closed"),
        ("a) b", ")", "this parenthesis closes none"),
        ("a ()", "(", "there is nothing in these parentheses"),
        ('a "b', '"', "a quotation mark opens here and never closes"),
        ("@me", "@me", "write `assignee:@me`, `requester:@me` or `is:mine`"),
        ("a @", "@", "`@` stands before the name of a view"),
        ("@x@y.example", "@x", "put an `@` that belongs to a text in quotes"),
    ],
)
def test_refuses_and_points_at_the_place(text: str, place: str, message: str) -> None:
    found = refusal(text)
    assert message in str(found)
    assert text[found.position :].startswith(place)
    assert found.exit_code == 2
    assert found.text == text


def test_parentheses_nest_to_a_bound() -> None:
    deepest = "(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH
    assert where(deepest) == A
    assert refusal(f"({deepest})").position == MAX_DEPTH
    assert "nests deeper" in str(refusal("(" * 5_000))
    assert "nests deeper" in str(refusal("not " * 2_500 + "a"))


def test_the_caret_stands_below_the_place() -> None:
    assert refusal("a stauts:open").pointed() == "a stauts:open\n  ^"
    assert refusal("日本 x:y").pointed() == "日本 x:y\n     ^"
    assert refusal("\x1b[2J x:y").pointed() == "\\u001b[2J x:y\n          ^"
    assert QueryError("it says nothing", "", 5).pointed() == "\n^"


def test_the_caret_stands_below_the_place_of_a_long_query() -> None:
    line, caret = refusal("x" * 60 + " stauts:open " + "y" * 60).pointed(40).split("\n")
    assert len(line) == 40
    assert line.startswith("...") and line.endswith("...")
    assert line[caret.index("^") :].startswith("stauts:open")


def test_every_field_has_an_example_that_is_about_it() -> None:
    for field in QUERY_FIELDS:
        name = field.example.removeprefix("has:").partition(":")[0]
        found = find_field(name)
        assert found is not None
        assert found.name.removesuffix(".asset") == field.name
        assert where(field.example) != EVERYTHING
        assert field.kind in KINDS


def test_every_clock_and_every_field_of_a_ticket_can_be_asked_for() -> None:
    names = {field.name for field in QUERY_FIELDS}
    assert names >= FIELD.keys()
    assert {name for name in names if "." in name} == {f"sla.{clock}" for clock in CLOCKS}


def test_every_value_of_a_set_is_read() -> None:
    for field in QUERY_FIELDS:
        for value in field.values:
            assert where(f"{field.name}:{value}") == exact(field.name, value)


def test_custom_fields_are_called_as_entries_call_them() -> None:
    assert NAME.pattern == CUSTOM_NAME.pattern


def test_names_of_views() -> None:
    good, bad = ["mine", "late-ones", "p1.late", "日本"], ["me", "ME", "", "-x", "a b", "a:b", "@a"]
    assert [is_view_name(name) for name in good + bad] == [True] * len(good) + [False] * len(bad)


PARTS = st.sampled_from(
    [
        *'"()-:,*@\\. \t\0\x1bé日',
        *("..", "or ", "not ", "and ", "status:", "is:", "sort:", "has:", "created:", "age:"),
        *("priority:", "fields.", "id", "me", "open", "2026", "-7d", "3d"),
    ]
)
ALMOST_QUERIES = st.lists(PARTS, max_size=25).map("".join)


@settings(max_examples=600, deadline=None)
@given(st.one_of(ALMOST_QUERIES, st.text(max_size=40)))
def test_any_text_is_a_query_or_refused_at_one_of_its_characters(text: str) -> None:
    try:
        query = parse_query(text)
    except QueryError as error:
        assert 0 <= error.position <= max(0, len(text) - 1)
        assert error.message and error.pointed().endswith("^")
    else:
        assert query.text == text


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "a " * 5_000,
        "a or " * 2_500 + "b",
        "status:open," * 900,
        "tag:" + "a," * 5_000,
        "tag:" + "*" * 10_000,
        "x" * 10_000 + ":y",
        "is:" + "x" * 10_000,
        "created:" + "1" * 10_000,
        "created:" + "..1" * 3_000,
        "age:" + "1d" * 5_000,
        "replies:" + "9" * 10_000,
        '"' * 9_999,
        "\\" * 10_000,
        "@" * 10_000,
        "-a " * 3_000,
        "(a) " * 2_500,
        "sort:id " * 1_200,
    ],
)
def test_long_texts_are_read_or_refused_quickly(text: str) -> None:
    start = time.process_time()
    try:
        parse_query(text)
    except QueryError as error:
        assert len(str(error)) < 400
        assert len(error.pointed()) < 200
    assert time.process_time() - start < 1
