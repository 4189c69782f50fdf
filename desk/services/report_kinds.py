"""The reports that there are: desk's own, and those that config.yaml defines."""

from __future__ import annotations

from collections.abc import Sequence

from desk.domain.report.catalogue import BUILT_IN, BuiltIn
from desk.domain.report.groups import CLOCK_METRICS
from desk.domain.report.periods import EVERY
from desk.domain.report_words import AGENT, CLOCK, GROUPINGS, as_grouping
from desk.domain.settings import ReportDefinition, Settings
from desk.domain.words import name_key
from desk.errors import NotFound, UsageError, did_you_mean


def all_kinds(settings: Settings | None) -> tuple[BuiltIn, ...]:
    """Return every report; without settings, desk's own."""
    defined = settings.reports.values() if settings else ()
    return (*BUILT_IN.values(), *map(_defined, defined))


def find_kind(settings: Settings, name: str) -> BuiltIn | None:
    """Return a report by its name, None where there is none."""
    key = name_key(name)
    return next((kind for kind in all_kinds(settings) if name_key(kind.name) == key), None)


def kind_named(settings: Settings, name: str) -> BuiltIn:
    """Return a report by its name; NotFound."""
    if (kind := find_kind(settings, name)) is not None:
        return kind
    names = [kind.name for kind in all_kinds(settings)]
    shown = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
    hint = did_you_mean(name, names) or f"there are {shown}"
    raise NotFound(f"there is no report `{name}`", hint)


def _defined(report: ReportDefinition) -> BuiltIn:
    base = BUILT_IN[report.base]
    by = report.by or base.by
    usual = CLOCK_METRICS if by == (CLOCK,) else base.metrics
    return base._replace(
        name=report.name,
        summary=report.summary,
        metrics=report.columns or usual,
        by=by,
        base=base.name,
        title=report.title,
        query_text=report.query_text,
        every=next((each for each in EVERY if each == report.every), None),
        sort=report.sort,
    )


def groupings(kind: BuiltIn, given: Sequence[str]) -> tuple[str, ...]:
    """Return the names of what the rows are to stand for, those of the report itself where nothing
    is given; UsageError."""
    found: list[str] = []
    for each in given:
        name = as_grouping(each)
        if each.casefold() == CLOCK and kind.base == "sla":
            name = CLOCK
        if not name:
            known = [*GROUPINGS, AGENT, *([CLOCK] if kind.base == "sla" else [])]
            hint = did_you_mean(each, known) or f"there are {', '.join(known)} and fields.NAME"
            raise UsageError(f"rows cannot stand for `{each}`", hint)
        if name not in found:
            found.append(name)
    if CLOCK in found and len(found) > 1:
        raise UsageError("rows that stand for clocks stand for nothing else", "name one of them")
    return tuple(found) or kind.by
