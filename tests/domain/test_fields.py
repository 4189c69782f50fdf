"""The table of fields, and the closed sets of the format."""

from __future__ import annotations

import pytest

from desk.domain.fields import (
    CHANNELS,
    DONE,
    ENTRY_KEYS,
    FIELD,
    FIELDS,
    LIVE,
    ORDER,
    PUBLIC_VERBS,
    RELATIONS,
    RESOLUTIONS,
    STATUSES,
    TYPES,
    VERBS,
)

IN_ORDER = (
    *("id", "title", "type", "status", "resolution", "priority", "impact", "urgency"),
    *("requester", "company", "phone", "assignee", "team", "level", "category", "tags"),
    *("channel", "created", "until", "links", "kb", "watchers", "external_id", "former_ids"),
    "fields",
)


def test_the_fields_stand_in_this_order_for_ever() -> None:
    assert tuple(field.name for field in FIELDS) == IN_ORDER
    assert tuple(FIELD) == IN_ORDER
    assert [ORDER[name] for name in IN_ORDER] == list(range(len(IN_ORDER)))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("list", {"tags", "links", "kb", "watchers", "former_ids"}),
        ("mapping", {"fields"}),
        ("instant", {"created", "until"}),
    ],
)
def test_what_is_no_plain_text(kind: str, expected: set[str]) -> None:
    assert {field.name for field in FIELDS if field.kind == kind} == expected


def test_the_log_need_not_tell_four_of_them() -> None:
    untold = {field.name for field in FIELDS if not field.logged}
    assert untold == {"id", "title", "requester", "created"}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (STATUSES, "new open waiting hold resolved closed"),
        (LIVE, "new open waiting hold"),
        (DONE, "resolved closed"),
        (TYPES, "incident request question problem change"),
        (RESOLUTIONS, "fixed workaround duplicate declined cancelled"),
        (CHANNELS, "cli email phone web chat walk-in monitoring import"),
        (
            tuple(VERBS),
            "opened wrote replied noted changed described escalated worked rated redacted",
        ),
        (PUBLIC_VERBS, "opened wrote replied described"),
    ],
)
def test_the_closed_sets(found: tuple[str, ...], words: str) -> None:
    assert found == tuple(words.split())


def test_the_fields_have_these_sets() -> None:
    assert {field.name: field.values for field in FIELDS if field.values} == {
        "type": TYPES,
        "status": STATUSES,
        "resolution": RESOLUTIONS,
        "channel": CHANNELS,
    }


def test_what_an_entry_says_of_itself_is_no_field() -> None:
    assert ENTRY_KEYS == {"worked": "minutes", "rated": "score", "redacted": "entry"}
    assert not set(ENTRY_KEYS.values()) & FIELD.keys()


@pytest.mark.parametrize(
    ("relation", "inverse"),
    [
        *(("relates", "relates"), ("duplicates", "duplicated-by"), ("blocks", "blocked-by")),
        *(("parent", "child"), ("causes", "caused-by")),
    ],
)
def test_a_relation_and_its_inverse(relation: str, inverse: str) -> None:
    assert (RELATIONS[relation], RELATIONS[inverse]) == (inverse, relation)
    assert len(RELATIONS) == 9
