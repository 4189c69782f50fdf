"""The queries of config.yaml: views, and the conditions of policies and rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from desk.domain.config.nodes import Text
from desk.domain.config.reading import Problems, Section
from desk.domain.query.parser import is_view_name, parse_query
from desk.domain.query.subjects import is_front_matter_only, speaks_of_me
from desk.domain.query.tree import EVERYTHING, Query, QueryError, ViewRef, walk
from desk.domain.query.views import QueryNames, check_query, expand
from desk.domain.words import name_key

MOST_VIEWS = 500
DEEPEST_VIEW = 10
"""How many views may name each other in a row."""


class QueryCheck(NamedTuple):
    """What queries are checked against. A view that is wrong itself is empty in `names`, so that
    its fault is told once and not wherever it is used."""

    names: QueryNames

    def query(self, section: Section, key: str) -> Query | None:
        """Return a key's query; None where it is absent or wrong."""
        found = section.query(key)
        return None if found is None else self.checked(found, section.path(key), section.problems)

    def checked(self, text: Text, setting: str, problems: Problems) -> Query | None:
        """Return the query that a text is; None, and a problem, where it is none."""
        try:
            query = parse_query(text.text)
            check_query(query, self.names)
        except QueryError as error:
            place = f"at character {error.position + 1} of the query"
            problems.add(text, "query", f"`{setting}`: {error} ({place})")
            return None
        return query

    def policy_condition(self, section: Section) -> str:
        """Return a policy's `if`, which may test front-matter fields alone: whatever else holds of
        a ticket changes as time goes by, and its promise must not."""
        query = self._condition(section)
        if query is None:
            return ""
        if not is_front_matter_only(query, self.names.views):
            fault = "a policy can test front-matter fields only: no clocks, texts, times or `@me`"
            section.problems.add(section.values["if"], "query", f"`{section.path('if')}`: {fault}")
        return query.text

    def rule_condition(self, section: Section) -> str:
        """Return a rule's `if`, which may test anything but who asks."""
        query = self._condition(section)
        if query is None:
            return ""
        if speaks_of_me(query, self.names.views):
            fault = "nobody in particular runs `desk sweep`: name a person in place of `@me`"
            section.problems.add(section.values["if"], "query", f"`{section.path('if')}`: {fault}")
        return query.text

    def _condition(self, section: Section) -> Query | None:
        """Return the query of `if`; one that tests nothing says the same as none at all."""
        query = self.query(section, "if")
        if query is not None and expand(query, self.names).where == EVERYTHING:
            message = f"`{section.path('if')}` only sorts: leave it out for every ticket"
            section.problems.add(section.values["if"], "query", message)
            return None
        return query


def read_views(root: Section, names: QueryNames) -> QueryCheck:
    """Read `views`; return the check for queries that may name them, views among its names."""
    section = root.section("views")
    if section is None:
        return QueryCheck(names)
    if len(section.values) > MOST_VIEWS:
        message = f"`views` are {len(section.values)}: {MOST_VIEWS} are the most"
        root.problems.add(section.at, "value", message)
        return QueryCheck(names)
    _check_view_names(section)
    texts = {name: text for name in section.values if (text := section.query(name))}
    views = dict.fromkeys(texts, "")
    alone = QueryCheck(names._replace(views=dict(views)))
    refs: dict[str, list[str]] = {}
    by_key = {name_key(name): name for name in views}
    for name, text in texts.items():
        query = alone.checked(text, section.path(name), root.problems)
        if query is not None:
            views[name] = text.text
            nodes = walk(query.where)
            refs[name] = [
                by_key[name_key(node.name)] for node in nodes if isinstance(node, ViewRef)
            ]
    _check_nesting(section, texts, views, refs)
    for name, named in refs.items():
        together = QueryCheck(names._replace(views=views))
        if named and not together.checked(texts[name], section.path(name), root.problems):
            views[name] = ""
    return QueryCheck(names._replace(views=views))


def _check_view_names(section: Section) -> None:
    taken: dict[str, str] = {}
    for name, key in section.keys.items():
        first = taken.setdefault(name_key(name), name)
        if first != name:
            message = f"`{section.path(name)}`: `@{first}` and `@{name}` are the same to a query"
            section.problems.add(key, "twice", message)
        elif name and not is_view_name(name):
            message = (
                f"`{section.path(name)}` cannot be the name of a view: use letters, digits, `-`, "
                "`_` and `.`, and not `me`"
            )
            section.problems.add(key, "value", message)


def _check_nesting(
    section: Section, texts: Mapping[str, Text], views: dict[str, str], refs: dict[str, list[str]]
) -> None:
    """Note views that name themselves by way of others, then those that name too many in a row;
    empty them in `views` and `refs`, so that each ring and each chain is told once."""
    for fault_of in (_ring_fault, _depth_fault):
        for name in refs:
            if fault := fault_of(name, refs):
                section.problems.add(texts[name], "query", f"`{section.path(name)}`: {fault}")
                views[name], refs[name] = "", []


def _ring_fault(view: str, refs: Mapping[str, list[str]]) -> str:
    trails: dict[str, tuple[str, ...]] = {view: (view,)}
    for _ in range(DEEPEST_VIEW):
        trails = {
            ref: (*trail, ref) for name, trail in trails.items() for ref in refs.get(name, ())
        }
        if view in trails:
            ring = " -> ".join(f"`@{name}`" for name in trails[view])
            return f"views name each other in a ring: {ring}; take one of them out"
    return ""


def _depth_fault(view: str, refs: Mapping[str, list[str]]) -> str:
    reached = {view}
    for _ in range(DEEPEST_VIEW + 1):
        reached = {ref for name in reached for ref in refs.get(name, ())}
    return f"views name each other more than {DEEPEST_VIEW} deep" if reached else ""
