import pytest

from desk.domain.query import (
    Query,
    QueryError,
    QueryNames,
    SortKey,
    check_query,
    expand,
    fields_used,
    is_front_matter_only,
    parse_query,
    speaks_of_done_alone,
    speaks_of_me,
    speaks_of_status,
)
from desk.domain.query.tree import ViewRef, walk
from desk.domain.query.views import MAX_NODES, MAX_VIEWS_IN_A_ROW
from tests.domain.query_records import NAMES


def refusal(text: str, names: QueryNames = NAMES) -> QueryError:
    with pytest.raises(QueryError) as caught:
        check_query(parse_query(text), names)
    return caught.value


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a priority:P9", "P9", "`P9` is no value of `priority`; it is one of P1, P2, P3, P4"),
        ("@mine priority:P1,P2,P9", "P9", "`P9` is no value of `priority`"),
        ("priority:P1..P9", "P1..P9", "`P9` is no value of `priority`"),
        ("priority:P3..P1", "P3..P1", "the range `P3..P1` runs backwards; write `P1..P3`"),
        ("-(level:vendr)", "vendr", "did you mean `vendor`?"),
        ("a @mnie", "@mnie", "there is no view `@mnie`; did you mean `mine`?"),
        ("@x", "@x", "there are `@mine`, `@Stale-Ones`, `@both`"),
    ],
)
def test_checks_what_the_settings_know(text: str, place: str, message: str) -> None:
    found = refusal(text)
    assert message in str(found)
    assert text[found.position :].startswith(place)


def test_what_the_settings_have_is_fine_in_any_spelling() -> None:
    check_query(parse_query("priority:p1..P4 level:..VENDOR @MINE -@stale_ones"), NAMES)


def test_a_fault_within_a_view_is_said_at_the_view_that_the_query_names() -> None:
    names = NAMES._replace(views={"outer": "a @inner", "inner": "b priority:P9"})
    found = refusal("is:open @outer", names)
    assert found.message == "in the view `@inner`: `P9` is no value of `priority`"
    assert (found.text, found.position) == ("is:open @outer", 8)
    unread = refusal("@odd", NAMES._replace(views={"odd": "stauts:open"}))
    assert "in the view `@odd`: unknown field `stauts`" in str(unread)


def test_a_help_desk_without_views_says_so() -> None:
    assert "config.yaml has no views" in str(refusal("@mine", QueryNames()))


def test_a_ring_of_views_is_named() -> None:
    names = QueryNames(views={"a": "@b", "b": "x or @c", "c": "-@A"})
    found = refusal("is:open @a", names)
    assert "views name each other in a ring: `@a` -> `@b` -> `@c` -> `@a`" in str(found)
    assert found.position == 8
    assert "in a ring: `@b` -> `@c` -> `@a` -> `@b`" in str(refusal("@b", names))


def test_a_long_row_of_views_is_refused() -> None:
    views = {f"v{place}": f"@v{place + 1}" for place in range(2_000)} | {"v2000": "a"}
    assert "views name each other too deeply" in str(refusal("@v0", QueryNames(views=views)))
    check_query(parse_query(f"@v{2_001 - MAX_VIEWS_IN_A_ROW}"), QueryNames(views=views))


def test_views_that_double_again_and_again_are_refused() -> None:
    views = {f"v{place}": f"@v{place + 1} or -@v{place + 1}" for place in range(9)} | {"v9": "a b"}
    assert "the query is too large" in str(refusal("@v0", QueryNames(views=views)))
    wide = QueryNames(views={"w": "a " * (MAX_NODES - 1)})
    check_query(parse_query("@w"), wide)
    assert "the query is too large" in str(refusal("@w " * MAX_NODES, wide))


def test_nesting_adds_up_over_views() -> None:
    views = {f"v{place}": f"a -(b or @v{place + 1})" for place in range(8)} | {"v8": "a"}
    assert "the query is too large" in str(refusal("@v0", QueryNames(views=views)))
    check_query(parse_query("@v3"), QueryNames(views=views))


def test_a_view_is_put_in_its_place() -> None:
    query = expand(parse_query("printer -@stale-ones"), NAMES)
    assert query.where == parse_query("printer -(is:open idle:3d..)").where
    assert expand(query, NAMES) == query
    assert not any(isinstance(node, ViewRef) for node in walk(query.where))


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("@mine", (SortKey("priority", True),)),
        ("printer @stale-ones @mine", (SortKey("priority", True),)),
        ("@both", (SortKey("priority", True),)),
        ("@mine sort:id", (SortKey("id"),)),
        ("-@mine", ()),
        ("@mine or a", ()),
        ("a", ()),
    ],
)
def test_the_order_of_a_view_is_that_of_a_query_without_one(
    text: str, sort: tuple[SortKey, ...]
) -> None:
    assert expand(parse_query(text), NAMES).sort == sort


def test_a_query_is_narrowed_by_another_one() -> None:
    def narrowed(text: str, other: str) -> Query:
        return parse_query(text).narrowed_to(parse_query(other))

    both = narrowed("a or b", "is:open @mine sort:id")
    assert both == parse_query("(a or b) (is:open @mine) sort:id")
    expanded = parse_query("(a or b) (is:open (assignee:@me is:open))")
    assert expand(both, NAMES).where == expanded.where
    assert narrowed("sort:due", "a sort:id") == parse_query("a sort:due")
    assert narrowed("a", "") == parse_query("a")
    assert narrowed("", "") == parse_query("")


def test_a_default_order_gives_way_to_one_of_its_own() -> None:
    assert parse_query("a").sorted_by(SortKey("due")).sort == (SortKey("due"),)
    assert parse_query("a sort:id").sorted_by(SortKey("due")).sort == (SortKey("id"),)


def test_fields_used() -> None:
    query = parse_query("-(tag:a or no:Fields.X) word title:b is:open sla.ownership:met sort:-due")
    assert fields_used(query) == {
        "tags", "fields.x", "text", "title", "is", "sla.ownership", "due",
    }  # fmt: skip
    assert fields_used(parse_query("@mine")) == frozenset()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("status:open", True),
        ("-status:closed", True),
        ("a or (b is:mine,done)", True),
        ("is:open", True),
        ("is:reopened", True),
        ("reopens:2..", True),
        ("resolved:-7d..", True),
        ("no:closed", True),
        ("has:resolution", True),
        ("resolution:duplicate", True),
        ("sla:met", True),
        ("sla.ownership:running,missed", True),
        ("@mine", True),
        ("-@both", True),
        ("", False),
        ("is:mine,overdue", False),
        ("sla:breached", False),
        ("closed open done", False),
        ("created:2026 sort:closed", False),
        ("@plain", False),
    ],
)
def test_speaks_of_status(text: str, expected: bool) -> None:
    views = {**NAMES.views, "plain": "tag:a sla:breached"}
    assert speaks_of_status(parse_query(text), views) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("status:closed", True),
        ("a status:closed,resolved", True),
        ("is:done", True),
        ("resolution:duplicate", True),
        ("has:closed", True),
        ("closed:2026 or resolved:-7d..", True),
        ("@over", True),
        ("status:closed or a", False),
        ("-status:closed", False),
        ("no:closed", False),
        ("status:open,closed", False),
        ("is:done,open", False),
        ("is:mine", False),
        ("is:reopened", False),
        ("", False),
    ],
)
def test_speaks_of_done_alone(text: str, expected: bool) -> None:
    assert speaks_of_done_alone(parse_query(text), {"over": "a is:done"}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("assignee:ana", False),
        ("-(a or requester:bob,@me)", True),
        ("is:open,mine", True),
        ("is:open", False),
        ("@both", True),
    ],
)
def test_speaks_of_me(text: str, expected: bool) -> None:
    assert speaks_of_me(parse_query(text), NAMES.views) is expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "company:ACME priority:P1",
        'fields.service_level:"Value 1"',
        "-(category:hardware or no:tags) title:printer level:L2..",
        "status:open created:2026-11.. until:..2027 sort:due",
        "requester:*@acme.example has:fields",
        "@fine",
    ],
)
def test_front_matter_alone(text: str) -> None:
    assert is_front_matter_only(parse_query(text), {"fine": "company:ACME"})


@pytest.mark.parametrize(
    "text",
    [
        "company:ACME is:open",
        "-sla:breached",
        "company:ACME or word",
        "text:word",
        "replies:0",
        "has:rating",
        "has:sla",
        "due:2026",
        "updated:2026",
        "age:3d..",
        "created:-7d..",
        "created:..today",
        'created:" today"',
        "assignee:ana,@me",
        "@mine",
    ],
)
def test_more_than_front_matter(text: str) -> None:
    assert not is_front_matter_only(parse_query(text), NAMES.views)
