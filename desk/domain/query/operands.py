"""What may stand after the colon: the values of one field, read by its kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

from desk.domain.dates import is_calendar_date, is_moment, read_span
from desk.domain.fields import STATUSES
from desk.domain.instants import parse_duration
from desk.domain.patterns import pattern
from desk.domain.query.fields import FLAGS, RANGED, WILD, QueryField, value_named
from desk.domain.query.lexer import Piece
from desk.domain.query.tree import Exact, Me, Operand, Pattern, QueryError, Range
from desk.errors import did_you_mean

_NUMBER = pattern(r"\d{1,9}", re.ASCII)
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Whether a date can be read does not depend on when that is."""

Extent: TypeAlias = tuple[float, float]
"""The first and the last place that a value covers in the order of its kind."""


def read_operand(field: QueryField, piece: Piece, query: str) -> Operand:
    """Read one of the values between the commas; QueryError for what the field cannot hold.

    Values of `rank` fields are left as they are: only the help desk's settings know them.
    """
    if ".." in piece.plain:
        return _range(field, piece, query)
    if field.kind in ("flag", "state", "choice"):
        return Exact(_closed(field, piece, query))
    if field.kind in RANGED:
        _read(field, piece, query)
        if field.kind == "date" and is_moment(piece.text):
            raise QueryError(
                f"`{field.name}:{_short(piece.text)}` is one single moment",
                query,
                piece.at,
                f"write `{field.name}:{piece.text}..` for since then, "
                f"`{field.name}:..{piece.text}` for until then",
            )
        return Exact(piece.text)
    return _wild(field, piece, query)


def _closed(field: QueryField, piece: Piece, query: str) -> str:
    value = value_named(field, piece.text)
    if value is not None:
        return value
    other = ""
    if field.name == "is" and piece.text.lower() in STATUSES:
        other = f"write `status:{piece.text.lower()}`"
    elif field.name == "status" and piece.text.lower() in FLAGS:
        other = f"write `is:{piece.text.lower()}`"
    raise QueryError(
        f"`{_short(piece.text)}` is no value of `{field.name}`",
        query,
        piece.at,
        other or suggestion(piece.text, field.values),
    )


def suggestion(given: str, known: tuple[str, ...]) -> str:
    """Return the hint for a value outside a set: the nearest one, else all of them."""
    return did_you_mean(given[:80], known) or f"it is one of {', '.join(known)}"


def is_relative(field: QueryField, text: str) -> bool:
    """Tell whether what a date stands for depends on now."""
    return field.kind == "date" and (is_moment(text) or text.strip()[:1].isalpha())


def _range(field: QueryField, piece: Piece, query: str) -> Range:
    if field.kind not in RANGED:
        raise QueryError(
            f"`{field.name}` has no order, so it takes no range",
            query,
            piece.places[piece.plain.find("..")],
            "put a `..` that belongs to the value in quotes",
        )
    ends = piece.split("..")
    if len(ends) > 2 or not (ends[0].text or ends[1].text):
        raise QueryError(
            "a range has one `..` and at least one end",
            query,
            piece.at,
            f"write `{field.name}:A..B`, `{field.name}:A..` or `{field.name}:..B`",
        )
    low, high = (_read(field, end, query) if end.text else None for end in ends)
    if low and high and low[0] > high[1]:
        raise backwards(ends[0].text, ends[1].text, query, piece.at)
    return Range(ends[0].text or None, ends[1].text or None)


def backwards(low: str, high: str, query: str, place: int) -> QueryError:
    """Return the refusal of a range whose ends are the wrong way round."""
    return QueryError(
        f"the range `{low}..{high}` runs backwards", query, place, f"write `{high}..{low}`"
    )


def _read(field: QueryField, piece: Piece, query: str) -> Extent | None:
    """Check one value of a kind that has an order; return what it covers there, None where the
    text alone does not tell."""
    reader = _READERS.get(field.kind)
    if reader is None:
        return None
    try:
        return reader(_short(piece.text))
    except ValueError as error:
        raise QueryError(str(error), query, piece.at) from None


def _date(text: str) -> Extent | None:
    start, end = read_span(text, _ANY_TIME, UTC)
    return (start.timestamp(), end.timestamp() - 1) if is_calendar_date(text) else None


def _duration(text: str) -> Extent:
    seconds = parse_duration(text, days=True)
    return seconds, seconds


def _number(text: str) -> Extent:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"`{text}` is not a whole number")
    return int(text), int(text)


_READERS: dict[str, Callable[[str], Extent | None]] = {
    "date": _date,
    "duration": _duration,
    "number": _number,
}


def _wild(field: QueryField, piece: Piece, query: str) -> Operand:
    if field.kind == "person" and piece.plain.lower() in ("@me", "me"):
        return Me()
    if piece.plain[0] == "@":
        raise QueryError(
            f"`{_short(piece.text)}` is no value of `{field.name}`",
            query,
            piece.at,
            "people are named by handle, address or `@me`"
            if field.kind == "person"
            else "put an `@` that belongs to the value in quotes",
        )
    if field.kind in WILD and "*" in piece.plain:
        first, *rest = (part.text for part in piece.split("*"))
        return Pattern((first, *(part for part in rest[:-1] if part), rest[-1]))
    if field.kind == "suggestion":
        return Exact(value_named(field, piece.text) or piece.text)
    return Exact(piece.text)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
