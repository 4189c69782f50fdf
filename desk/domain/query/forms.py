"""The forms under which a field's value can be found: `hardware/printer` is `hardware` too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import accumulate

from desk.domain.words import folded, name_key

Record = Mapping[str, object]
"""What a predicate looks at, flat: the front matter's fields under their names (text or None,
lists as tuples, `fields` a mapping), the instants `created updated resolved closed due until`
(aware, or None), the numbers `replies reopens escalations handovers worked_minutes rating`, `sla`
(a mapping from clock to state, or None) and `text`, all of the ticket's texts, its title first."""


def forms_of(record: Record, field: str) -> tuple[str, ...]:
    """Return every form of a record's field, folded; of a list, those of each element."""
    value = custom_value(record, field) if field.startswith("fields.") else record.get(field)
    if not value:
        return ()
    if isinstance(value, str):
        return forms_of_text(field, value)
    if isinstance(value, (tuple, list)):
        return tuple(form for element in value for form in forms_of_text(field, element))
    return ()


@lru_cache(maxsize=20_000)
def forms_of_text(field: str, value: str) -> tuple[str, ...]:
    """Return the forms of one text: of a field, or of an element of a list. The same few people,
    companies and categories come again and again, so they are kept."""
    forms = _FORMS.get(field)
    return tuple(map(folded, forms(value))) if forms else (folded(value),)


def custom_value(record: Record, field: str) -> object:
    """Return the value of ``fields.<name>``, None where there is none; case, and hyphen or
    underscore, make no difference in the name."""
    custom = record.get("fields")
    if not isinstance(custom, Mapping):
        return None
    name = field.removeprefix("fields.")
    if name in custom:
        return custom[name]
    key = name_key(name)
    return next((value for known, value in custom.items() if name_key(str(known)) == key), None)


def _person(text: str) -> Iterator[str]:
    """`Name <address>`, and each of the two."""
    yield text
    if text.endswith(">"):
        name, bracket, address = text[:-1].rpartition("<")
        if bracket:
            yield from (part for part in (name.strip().strip('"'), address.strip()) if part)


def _path(text: str) -> Iterator[str]:
    """A category, and those it lies below."""
    yield from accumulate(text.split("/"), "{}/{}".format)


def _link(text: str) -> Iterator[str]:
    """`blocks HD-2611-7K3QF`, the relation and the ID."""
    yield text
    relation, blank, target = text.partition(" ")
    if blank:
        yield relation
        yield target


_FORMS: dict[str, Callable[[str], Iterator[str]]] = {
    "requester": _person,
    "watchers": _person,
    "category": _path,
    "links": _link,
}
