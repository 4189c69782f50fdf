"""The query language: one syntax tree for lists, reports, views, policies and rules.

A text becomes a `Query` (`parse_query`); a help desk's settings put its views in place and check
its names (`check_query`, `expand`); a context gives it a meaning (`meaning`), which is a predicate
(`compile_predicate`) or an SQL condition; `sort_key` is its order. `QUERY_FIELDS` is the table of
all there is to ask for.
"""

from desk.domain.query.completion import Completion, completions
from desk.domain.query.fields import QUERY_FIELDS, SYNTAX, QueryField
from desk.domain.query.forms import Record, forms_of
from desk.domain.query.help import query_help
from desk.domain.query.meaning import QueryContext, meaning
from desk.domain.query.order import sort_key
from desk.domain.query.parser import is_view_name, parse_query
from desk.domain.query.predicate import Predicate, compile_predicate
from desk.domain.query.subjects import (
    fields_used,
    is_front_matter_only,
    speaks_of_done_alone,
    speaks_of_live_alone,
    speaks_of_me,
    speaks_of_status,
)
from desk.domain.query.tree import Query, QueryError, SortKey
from desk.domain.query.views import QueryNames, check_query, expand
from desk.domain.query.writing import from_arguments, is_query_option, to_text

__all__ = [
    "QUERY_FIELDS",
    "SYNTAX",
    "Completion",
    "Predicate",
    "Query",
    "QueryContext",
    "QueryError",
    "QueryField",
    "QueryNames",
    "Record",
    "SortKey",
    "check_query",
    "compile_predicate",
    "completions",
    "expand",
    "fields_used",
    "forms_of",
    "from_arguments",
    "is_front_matter_only",
    "is_query_option",
    "is_view_name",
    "meaning",
    "parse_query",
    "query_help",
    "sort_key",
    "speaks_of_done_alone",
    "speaks_of_live_alone",
    "speaks_of_me",
    "speaks_of_status",
    "to_text",
]
