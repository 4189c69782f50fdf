"""The reports of one's own in config.yaml."""

from __future__ import annotations

from desk.domain.config.nodes import Text
from desk.domain.config.queries import QueryCheck
from desk.domain.config.reading import Section, section_of
from desk.domain.query.fields import is_name
from desk.domain.report_words import AGENT, CLOCK, GROUPINGS, as_grouping
from desk.domain.settings import ReportDefinition
from desk.domain.words import name_key

MOST_REPORTS = 500
MOST_GROUPINGS = 3
"""So much that a row stands for can still be read."""


def read_reports(root: Section, queries: QueryCheck) -> dict[str, ReportDefinition]:
    """Read `reports`. None of them may be called like a report of desk's own."""
    found = {}
    taken: dict[str, str] = {}
    for name, node in root.named("reports"):
        what = f"reports.{name.text}"
        if len(taken) == MOST_REPORTS:
            message = f"`reports` are more than {MOST_REPORTS}"
            root.problems.add(name, "value", message)
            break
        first = taken.setdefault(name_key(name.text), name.text)
        if first != name.text:
            message = f"`{what}`: `{first}` and `{name.text}` are the same to `desk report`"
            root.problems.add(name, "twice", message)
        _check_name(root, name)
        section = section_of(node, what, root.problems, "reports.NAME")
        if section is not None:
            found[name.text] = _report(section, name.text, queries)
    return found


def _check_name(root: Section, name: Text) -> None:
    from desk.domain.report.catalogue import BUILT_IN, EXPLAIN

    key = name_key(name.text)
    if key in {name_key(each) for each in (*BUILT_IN, EXPLAIN)}:
        fault = "is a report of desk's own: take another name"
    elif not is_name(name.text):
        fault = "cannot be the name of a report: use letters, digits, `-`, `_` and `.`"
    else:
        return
    root.problems.add(name, "value", f"`reports.{name.text}` {fault}")


def _report(section: Section, name: str, queries: QueryCheck) -> ReportDefinition:
    from desk.domain.report.catalogue import BUILT_IN
    from desk.domain.report.groups import CLOCK_METRICS
    from desk.domain.report.periods import EVERY

    bases = [kind.name for kind in BUILT_IN.values() if not kind.is_apart]
    base = section.choice("base", "report", bases, "summary")
    by = _groupings(section, base)
    every = section.choice("every", "period", EVERY)
    usual = CLOCK_METRICS if by == (CLOCK,) else BUILT_IN[base].metrics
    columns = _columns(section, usual)
    if columns and by == (CLOCK,):
        message = f"`{section.path('columns')}`: rows of clocks have their own; leave it out"
        section.problems.add(section.values["columns"], "value", message)
    query = queries.query(section, "query")
    if query is not None and query.sort:
        message = f"`{section.path('query')}` sorts tickets: leave that out, rows have `sort`"
        section.problems.add(section.values["query"], "query", message)
    title = section.text("name", name)
    return ReportDefinition(
        name=name,
        title=title,
        base=base,
        query_text=query.text if query else "",
        by=by,
        every=every,
        columns=columns,
        sort=_sort(section, (*by, *filter(None, [every]), *(columns or usual))),
        summary=section.text("summary", title),
    )


def _groupings(section: Section, base: str) -> tuple[str, ...]:
    found: dict[str, Text] = {}
    given = section.texts("by") or ()
    for each in given:
        name = as_grouping(each.text)
        if base == "sla" and each.text == CLOCK and len(given) == 1:
            return (CLOCK,)
        if not name:
            section.problems.unknown(each, section.path("by"), "grouping", [*GROUPINGS, AGENT])
        elif name in found:
            message = f"`{section.path('by')}` names `{found[name].text}` twice"
            section.problems.add(each, "twice", message)
        else:
            found[name] = each
    if len(found) > MOST_GROUPINGS:
        message = f"`{section.path('by')}` are {len(found)}: {MOST_GROUPINGS} are the most"
        section.problems.add(section.values["by"], "value", message)
    return tuple(found)


def _columns(section: Section, usual: tuple[str, ...]) -> tuple[str, ...]:
    given = section.texts("columns")
    if given is None:
        return ()
    from desk.domain.report.metrics import METRICS

    if not given:
        message = f"`{section.path('columns')}` are none: name some, or leave it out"
        section.problems.add(section.values["columns"], "value", message)
    known = dict.fromkeys(name for name in (*usual, *METRICS) if not METRICS[name].is_apart)
    for column in given:
        if column.text not in known:
            section.problems.unknown(column, section.path("columns"), "metric", known)
    return tuple(column.text for column in given)


def _sort(section: Section, sortable: tuple[str, ...]) -> str:
    sort = section.scalar("sort")
    if sort is None:
        return ""
    minus, name = ("-", sort.text[1:]) if sort.text.startswith("-") else ("", sort.text)
    name = as_grouping(name) or name
    if name not in sortable:
        section.problems.unknown(sort, section.path("sort"), "metric or grouping", sortable)
    return f"{minus}{name}"
