"""The tickets that articles solved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from desk.services.answering import known_to
from desk.services.desk import Desk
from desk.services.indexing import answered
from desk.services.outlines import fields_of
from desk.services.reading import asked, find, matching
from desk.storage.index import Index

SOLVED = "has:kb is:done -resolution:duplicate,cancelled"
"""Finds the tickets that articles solved."""


def solved_counts(desk: Desk) -> Mapping[str, int]:
    """Return how many tickets each article solved: those that name it, and are done but not as
    duplicates, nor cancelled."""
    return Counter(slug for slugs in named_in(desk, SOLVED) for slug in slugs)


def named_in(desk: Desk, query_text: str) -> list[set[str]]:
    """Return which articles each of the tickets names that a query finds, done ones too."""
    question = asked(desk, query_text, live_by_default=False)

    def slugs_in(index: Index) -> list[tuple[str, ...]] | None:
        known = known_to(desk, index, question)
        if known is None:
            return None
        condition, ahead = known
        told = [fields_of(row[-1]).items("kb") for row in index.values(("path",), condition)]
        return told + [each.ticket.items("kb") for each in matching(desk, ahead, question)]

    named = answered(desk, slugs_in)
    if named is None:
        found = find(desk, query_text, live_by_default=False)
        named = [each.ticket.items("kb") for each in found.shown]
    return [set(slugs) for slugs in named]
