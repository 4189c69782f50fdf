import re

import pytest

from desk.domain.query import QUERY_FIELDS, QueryNames, completions, parse_query, query_help
from desk.domain.query.fields import FLAGS, PREFIXES, QueryField
from tests.domain.query_records import NAMES


def offered(begun: str, names: QueryNames = NAMES) -> list[str]:
    return [completion.text for completion in completions(begun, names)]


@pytest.mark.parametrize(
    ("begun", "expected"),
    [
        ("sta", ["status:"]),
        ("-STA", ["-status:"]),
        ("pri", ["priority:"]),
        ("ha", ["handovers:", "has:"]),
        ("@", ["@mine", "@Stale-Ones", "@both"]),
        ("-@m", ["-@mine"]),
        ("status:w", ["status:waiting"]),
        ("status:new,o", ["status:new,open"]),
        ("priority:", ["priority:P1", "priority:P2", "priority:P3", "priority:P4"]),
        ("level:v", ["level:vendor"]),
        ("assignee:", ["assignee:@me", "assignee:ana", "assignee:luis"]),
        ("assignee:ana,l", ["assignee:ana,luis"]),
        ("team:sy", ["team:sysadmin"]),
        ("category:hardware/", ["category:hardware/printer"]),
        ("channel:wa", ["channel:walk-in"]),
        ("sla.res", ["sla.resolution:"]),
        ("sla.resolution:m", ["sla.resolution:met", "sla.resolution:missed"]),
        ("created:t", ["created:today", "created:tomorrow"]),
        ("no:assi", ["no:assignee"]),
        ("has:sla.o", ["has:sla.ownership"]),
        ("sort:-crea", ["sort:-created"]),
        ("sort:priority,crea", ["sort:priority,created"]),
        ("colour:", []),
        ("company:", []),
        ("zzz", []),
    ],
)
def test_offers_what_a_word_may_become(begun: str, expected: list[str]) -> None:
    assert offered(begun) == expected


def test_what_is_offered_means_something_to_a_reader() -> None:
    meanings = {completion.text: completion.meaning for completion in completions("is:", NAMES)}
    assert meanings == {f"is:{flag}": meaning for flag, meaning in FLAGS.items()}


@pytest.mark.parametrize("field", QUERY_FIELDS, ids=lambda field: field.name)
def test_every_value_that_is_offered_can_be_read(field: QueryField) -> None:
    for text in offered(f"{field.name}:"):
        parse_query(text)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_name_that_is_offered_can_be_read(prefix: str) -> None:
    assert len(offered(f"{prefix}:")) > 20
    for text in offered(f"{prefix}:"):
        parse_query(text)


def test_the_page_has_a_row_for_every_field() -> None:
    page = query_help()
    rows = [re.split(r" \| ", line.strip("| ")) for line in page.splitlines() if line[:3] == "| `"]
    of_fields = {row[0]: row for row in rows if len(row) == 4}
    assert [name.strip("`").removesuffix(".<name>") for name in of_fields] == [
        field.name for field in QUERY_FIELDS
    ]
    assert of_fields["`tags`"][3] == "`tag:floor-*`"
    assert "| `is:at-risk` | a clock has used most of its time |" in page


def test_the_tables_of_the_page_have_as_many_cells_in_every_row() -> None:
    for table in re.findall(r"(?:^\|.*\n)+", query_help(), re.MULTILINE):
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_every_example_of_the_page_can_be_read() -> None:
    for example in re.findall(r"\| `([^`]*)` \|$", query_help(), re.MULTILINE):
        parse_query(example)
