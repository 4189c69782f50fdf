import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.query import (
    QUERY_FIELDS,
    Query,
    QueryError,
    SortKey,
    compile_predicate,
    from_arguments,
    is_query_option,
    parse_query,
    sort_key,
    to_text,
)
from desk.domain.query.tree import (
    EVERYTHING,
    Among,
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
from desk.domain.words import words
from tests.domain.query_records import CONTEXT, a_record


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("", ""),
        ("a AND  b", "a b"),
        ("(a b) or c", "a b or c"),
        ("(a or b) c", "(a or b) c"),
        ("not (a or b)", "-(a or b)"),
        ("not not a", "not -a"),
        ("-has:Assignee", "no:assignee"),
        ('text:"or"', '"or"'),
        ("sort:id,-age is:live", "is:open sort:id sort:-age"),
        ('company:"a""b"c*', "company:abc*"),
        ('company:"say \\"hi\\""', 'company:"say \\"hi\\""'),
        ('assignee:"@me",@me,"me"', 'assignee:"@me",@me,"me"'),
        ("@Mine", "@Mine"),
    ],
)
def test_writes_in_one_way(given: str, written: str) -> None:
    assert to_text(parse_query(given)) == written


def test_what_nobody_wrote_is_not_written() -> None:
    with pytest.raises(LookupError):
        to_text(Query(Among("team", frozenset({"support"}))))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8) | st.sampled_from(
    [
        "Value 22",
        "a,b",
        "a..b",
        "me",
        "@me",
        "or",
        "a*b",
        'a"b',
        "\\",
        '\\"',
        "..",
        ".",
        "-a",
        "(x)",
    ]
)
PHRASES = TEXTS.filter(lambda text: bool(words(text)))
EXACTS = st.builds(Exact, TEXTS)
PATTERNS = st.builds(
    lambda first, middle, last: Pattern((first, *middle, last)),
    TEXTS | st.just(""),
    st.lists(TEXTS, max_size=2),
    TEXTS | st.just(""),
)
ENDS = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted)
RANGES = ENDS.flatmap(
    lambda ends: st.sampled_from(
        [
            Range(str(ends[0]), None),
            Range(None, str(ends[1])),
            Range(str(ends[0]), str(ends[1])),
            Exact(str(ends[0])),
        ]
    )
)
DATES = st.sampled_from(
    [Exact("2026-11"), Exact("2026-11-22 18:00"), Range("-7d", None), Range("2025", "today")]
)
OPTIONAL = st.sampled_from([field.name for field in QUERY_FIELDS if field.is_optional])
SORTABLE = st.sampled_from([field.name for field in QUERY_FIELDS if field.is_sortable])


def terms(names: list[str], operands: st.SearchStrategy[object]) -> st.SearchStrategy[Node]:
    values = st.lists(operands, min_size=1, max_size=3).map(tuple)
    return st.builds(Term, st.sampled_from(names), values)


LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.builds(Words, st.sampled_from(["text", "title"]), PHRASES, st.booleans()),
    st.builds(Has, OPTIONAL),
    st.builds(ViewRef, st.sampled_from(["mine", "Late-Ones", "p1.x"])),
    terms(["company", "category", "tags", "fields.asset"], EXACTS | PATTERNS),
    terms(["assignee", "requester"], EXACTS | PATTERNS | st.just(Me())),
    terms(["priority", "level", "replies"], RANGES),
    terms(["created", "due"], DATES),
    terms(["is"], st.sampled_from([Exact("open"), Exact("at-risk")])),
    terms(["sla", "sla.ownership"], st.sampled_from([Exact("at_risk"), Exact("met")])),
    terms(["id"], EXACTS),
)
TREES = st.recursive(
    LEAVES,
    lambda nodes: (
        st.builds(Not, nodes)
        | st.builds(
            Group,
            st.sampled_from(["and", "or"]),
            st.lists(nodes, min_size=2, max_size=3).map(tuple),
        )
    ),
    max_leaves=8,
)
QUERIES = st.builds(
    Query,
    st.just(EVERYTHING) | TREES,
    st.lists(st.builds(SortKey, SORTABLE, st.booleans()), max_size=2).map(tuple),
)


@settings(max_examples=400, deadline=None)
@given(QUERIES)
def test_reading_what_was_written_gives_the_same_tree(query: Query) -> None:
    try:
        again = parse_query(to_text(query))
    except QueryError as error:
        assert "nests deeper" in error.message
    else:
        assert again == query
        assert to_text(again) == to_text(query)


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        ([], ""),
        (["status:open", "printer"], "status:open printer"),
        (["company:Value 22"], 'company:"Value 22"'),
        (["-company:Value 22"], '-company:"Value 22"'),
        (["company:Marks and Spencer", "a"], 'company:"Marks and Spencer" a'),
        (['company:say "hi" now'], 'company:say "hi" now'),
        (["requester:Maria López <m@acme.example>"], 'requester:"Maria López <m@acme.example>"'),
        (["fields.asset:PC 42"], 'fields.asset:"PC 42"'),
        (["title:paper jam"], 'title:"paper jam"'),
        (["created:yesterday 18:00"], 'created:"yesterday 18:00"'),
        (["company:Big Co*"], 'company:"Big Co"*'),
        (["category:C:\\a b"], 'category:"C:\\\\a b"'),
        (["paper jam"], "paper jam"),
        (["company:ACME"], "company:ACME"),
        (["company: ACME"], "company: ACME"),
        (["company:ACME or printer"], "company:ACME or printer"),
        (["company:ACME not printer"], "company:ACME not printer"),
        (["company:ACME -printer"], "company:ACME -printer"),
        (["company:ACME status:open"], "company:ACME status:open"),
        (["company:ACME @mine"], "company:ACME @mine"),
        (["company:ACME (a b)"], "company:ACME (a b)"),
        (["company:A, B"], "company:A, B"),
        (["priority:P1.. printer"], "priority:P1.. printer"),
        (["status:open printer"], "status:open printer"),
        (["is:open stuck printer"], "is:open stuck printer"),
        (["note:it is late"], "note:it is late"),
        (["a or b", "-tag:x y"], 'a or b -tag:"x y"'),
    ],
)
def test_puts_the_words_of_a_command_line_together(arguments: list[str], query: str) -> None:
    assert from_arguments(arguments) == query


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["a", "Ärger", "22", "&", "o'clock", "norm", "C:\\x"]), min_size=2))
def test_a_field_and_words_are_one_term(values: list[str]) -> None:
    argument = f"company:{' '.join(values)}"
    read = parse_query(from_arguments([argument]))
    assert read.where == Term("company", (Exact(argument.removeprefix("company:")),))


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("-tag:printer", True),
        ("-status:open,new", True),
        ("-no:assignee", True),
        ("-is:open printer", True),
        ("-fields.asset:PC", True),
        ("-sla.first-response:met", True),
        ("-stauts:open", True),
        ("-@mine", True),
        ("-(tag:printer or tag:vpn)", True),
        ('-"paper jam"', True),
        ("-o", False),
        ("-ojson", False),
        ("--as-of", False),
        ("--as-of:x", False),
        ("-C:", False),
        ("-7d:x", False),
        ("-", False),
        ("-printer", False),
        ("tag:printer", False),
        ("-m text: x", False),
    ],
)
def test_tells_a_negated_term_from_an_option(argument: str, expected: bool) -> None:
    assert is_query_option(argument) is expected


@settings(max_examples=150, deadline=None)
@given(QUERIES)
def test_every_query_that_checks_finds_or_does_not_find_and_its_opposite_the_other(
    query: Query,
) -> None:
    try:
        found, opposite = (
            compile_predicate(parse_query(text), CONTEXT)(a_record())
            for text in (to_text(query), f"-({to_text(Query(query.where))} or zzz)")
        )
        sort_key(query, CONTEXT)(a_record())
    except QueryError:
        return
    assert found is not opposite
