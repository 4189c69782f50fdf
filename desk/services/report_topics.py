"""What tickets are about, and whose they are: how many of each there are, and what rose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from desk.domain.report.behind import term_of, tickets_behind
from desk.domain.report.tally import Tally
from desk.domain.words import natural_key
from desk.services.report_apart import Apart, ApartRow, created_tally, span_of_all, spans_of
from desk.services.report_making import Plan
from desk.services.report_rows import Grouping, grouping_of, with_values

KINDS = ("category", "tags", "company")
"""What a topic is, where nobody says."""


class _Tickets:
    """The tickets of a period, by what the index tells of each grouping."""

    def __init__(self, span: tuple[int, int], width: int) -> None:
        self.start, self.end = span
        self.count = 0
        self.told: list[Counter[Any]] = [Counter() for _ in range(width)]

    def add(self, created: int, told: Sequence[Any]) -> None:
        """Count a ticket, if it was created in the period."""
        if self.start <= created < self.end:
            self.count += 1
            for counter, each in zip(self.told, told, strict=True):
                counter[each] += 1


class _Topics:
    """The values of one grouping: how many tickets have each, and how many of them have it or one
    before it (`so_far`). The greatest come first, then what others had; none is last."""

    def __init__(self, grouping: Grouping, told: Counter[Any], others: Sequence[str] = ()) -> None:
        each = [(grouping.values_of(one), count) for one, count in told.items()]
        self.counts: Counter[str] = Counter(dict.fromkeys(others, 0))
        for values, count in each:
            for value in values:
                self.counts[value] += count
        self.values = sorted(
            self.counts, key=lambda value: (not value, -self.counts[value], natural_key(value))
        )
        places = {value: place for place, value in enumerate(self.values)}
        first = [0] * len(places)
        for values, count in each:
            first[min(places[value] for value in values)] += count
        self.so_far: dict[str, int] = {}
        total = 0
        for value, count in zip(self.values, first, strict=True):
            total += count
            self.so_far[value] = total

    def tally(self, value: str, in_all: int, before: int = 0) -> Tally:
        """Return the tally of a value."""
        return created_tally(self.counts[value], in_all, self.so_far.get(value, 0), before)


def topics(plan: Plan) -> Apart:
    """Return the rows of `topics`: those of one kind after the other."""
    desk, kinds, spans = plan.desk, plan.by or KINDS, spans_of(plan)
    groupings = [grouping_of(desk, kind) for kind in kinds]

    def count(rows: Iterator[tuple[Any, ...]]) -> list[_Tickets]:
        made = [_Tickets(span, len(kinds)) for span in spans]
        for created, *told in rows:
            for tickets in made:
                tickets.add(created, told)
        return made

    columns = ("created", *(each.sql for each in groupings))
    with_fields = any(each.is_field for each in groupings)
    (now, *others), wrong = with_values(
        desk, plan.query_text, columns, span_of_all(spans), count, with_fields
    )
    then = others[0] if others else None
    behind = tickets_behind("created", plan.period, desk.settings.zone)
    rows: list[ApartRow] = []
    for place, (kind, grouping) in enumerate(zip(kinds, groupings, strict=True)):
        before = _Topics(grouping, then.told[place]) if then else None
        found = _Topics(grouping, now.told[place], before.values if before else ())
        for value in found.values:
            earlier = before.counts[value] if before else 0
            term = term_of(kind, value, desk.settings.policies, found.values)
            rows.append(
                ApartRow(
                    {kind: value},
                    found.tally(value, now.count, earlier),
                    before.tally(value, then.count) if before and then else None,
                    " ".join(filter(None, (term, behind))),
                )
            )
    earlier = then.count if then else 0
    total = created_tally(now.count, now.count, now.count, earlier)
    in_all = created_tally(earlier, earlier, earlier) if then else None
    return Apart(tuple(kinds), rows, total, in_all, not (now.count or earlier), wrong)
