import pytest

from desk.domain.query import Record, parse_query, sort_key
from tests.domain.query_records import CONTEXT, a_record


def order(text: str, records: list[Record]) -> str:
    """Return the last characters of the IDs, in the query's order."""
    key = sort_key(parse_query(text), CONTEXT)
    return "".join(str(record["id"])[-1] for record in sorted(records, key=key))


RECORDS = [
    a_record(id="A", created="2026-11-03T00:00:00Z", priority="P2", status="closed", level=None),
    a_record(id="B", created="2026-11-01T00:00:00Z", priority=None, status="waiting", level="L3"),
    a_record(id="C", created="2026-11-02T00:00:00Z", priority="P1", status="new", level="L1"),
    a_record(id="D", created="2026-11-02T00:00:00Z", priority="p2", status=None, level="vendor"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "BCDA"),
        ("sort:id", "ABCD"),
        ("sort:-id", "DCBA"),
        ("sort:created", "BCDA"),
        ("sort:-created", "ACDB"),
        ("sort:age", "ACDB"),
        ("sort:-age", "BCDA"),
        ("sort:priority", "CDAB"),
        ("sort:-priority", "DACB"),
        ("sort:priority,-id", "CDAB"),
        ("sort:-priority sort:id", "ADCB"),
        ("sort:status", "CDBA"),
        ("sort:-status,-id", "ABDC"),
        ("sort:level", "CABD"),
        ("sort:-level", "DBCA"),
        ("@mine", "DACB"),
    ],
)
def test_order(text: str, expected: str) -> None:
    assert order(text, RECORDS) == expected


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("company", ["acme", "Beta", "z", "ÉLAN"]),
        ("title", ["a", "B", "c"]),
        ("rating", [1, 2, 5]),
        ("worked_minutes", [0, 9, 10]),
        ("due", ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"]),
    ],
)
def test_what_lacks_the_field_comes_last_in_either_direction(
    field: str, values: list[object]
) -> None:
    there = [a_record(id=str(place), **{field: value}) for place, value in enumerate(values)]
    records = [a_record(id="-", **{field: None}), *reversed(there)]
    names = "".join(str(place) for place in range(len(values)))
    assert order(f"sort:{field}", records) == names + "-"
    assert order(f"sort:-{field}", records) == names[::-1] + "-"


def test_custom_fields_sort_as_text() -> None:
    records = [a_record(id=cost, fields={"Cost": cost}) for cost in ("b", "A", "c")]
    assert order("sort:fields.cost", [a_record(id="-", fields={}), *records]) == "Abc-"


def test_idle_is_longest_where_the_last_entry_is_oldest() -> None:
    records = [a_record(id=str(day), updated=f"2026-11-0{day}T00:00:00Z") for day in (2, 1, 3)]
    assert order("sort:-idle", records) == "123"
