"""The fields of a query: one table, from which parsing, checks, help and completion come."""

from __future__ import annotations

from typing import Literal, NamedTuple

from desk.domain.fields import FIELD
from desk.domain.patterns import pattern
from desk.domain.sla import STATES
from desk.domain.words import name_key

_CLOCK_ROWS = (
    ("first_response", "the first answer", "sla.first_response:missed"),
    ("next_response", "the answer to what was said last", "sla.next-response:running"),
    ("ownership", "somebody takes it on", "sla.ownership:met"),
    ("resolution", "the solution", "sla.resolution:at-risk"),
)

FLAGS = {
    "open": "somebody still has to do something (`live` says the same)",
    "done": "resolved or closed",
    "mine": "assigned to whoever asks",
    "unassigned": "assigned to nobody",
    "overdue": "open, and what was due next is late",
    "at-risk": "a clock has used most of its time",
    "breached": "a clock is running over its target",
    "paused": "a clock stands still",
    "escalated": "it was escalated at least once",
    "reopened": "it came back at least once after it was done",
}
"""What `is` may ask for, and what it means."""

Kind = Literal[
    "flag", "state", "choice", "suggestion", "rank", "date", "duration", "number",
    "text", "person", "path", "list", "id", "words", "custom",
]  # fmt: skip

KINDS = {
    "flag": "one of a fixed set",
    "state": "one of a fixed set",
    "choice": "one of a fixed set",
    "suggestion": "the whole value; `*` stands for anything",
    "rank": "one of config.yaml's list; a range follows its order",
    "date": "a day, a month, a year, an instant or a range of them",
    "duration": "time like 90m, 4h, 3d; mostly a range, as in 3d..",
    "number": "a whole number or a range",
    "text": "the whole value; `*` stands for anything",
    "person": "a handle, a name, an address or @me; `*` stands for anything",
    "path": "the value or one below it; `*` stands for anything",
    "list": "one whole element; `*` stands for anything",
    "id": "an ID, or a beginning or ending of its random part",
    "words": "words, or a phrase in quotes; `*` ends the beginning of a word",
    "custom": "the whole value; `*` stands for anything",
}
"""What a value of each kind looks like."""

RANGED = ("rank", "date", "duration", "number")
WILD = ("suggestion", "text", "person", "path", "list")
"""The kinds whose values may hold a wildcard."""

_UNSORTED = ("flag", "state", "list", "custom")


class QueryField(NamedTuple):
    """One name that may stand before a colon.

    `values` are the ones it may have, or, of a `suggestion`, the usual ones.
    """

    name: str
    kind: Kind
    meaning: str
    example: str
    values: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def is_sortable(self) -> bool:
        """Whether `sort:` takes it."""
        return self.kind not in _UNSORTED and self.name != "text"

    @property
    def is_optional(self) -> bool:
        """Whether a ticket may lack it, so that `has:` and `no:` take it."""
        return self.kind not in ("flag", "duration") and self.name != "text"


def _of_ticket(name: str, kind: Kind, example: str, *aliases: str) -> QueryField:
    field = FIELD[name]
    return QueryField(name, kind, field.meaning, example, field.values, aliases)


QUERY_FIELDS = (
    QueryField("is", "flag", "what holds of it now", "is:open", tuple(FLAGS)),
    _of_ticket("id", "id", "id:7k3"),
    _of_ticket("title", "words", 'title:"paper jam"'),
    QueryField(
        "text", "words", "any of its texts; a word without a field means this", "text:print*"
    ),
    _of_ticket("type", "choice", "type:incident,problem"),
    _of_ticket("status", "choice", "status:waiting,hold"),
    _of_ticket("resolution", "suggestion", "resolution:duplicate"),
    _of_ticket("priority", "rank", "priority:P1..P2"),
    _of_ticket("impact", "text", "impact:high"),
    _of_ticket("urgency", "text", "urgency:low"),
    _of_ticket("requester", "person", "requester:*@acme.example"),
    _of_ticket("company", "text", 'company:"Value 22"'),
    _of_ticket("phone", "text", "phone:+34*"),
    _of_ticket("assignee", "person", "assignee:@me,nobody"),
    _of_ticket("team", "text", "team:support"),
    _of_ticket("level", "rank", "level:L2.."),
    _of_ticket("category", "path", "category:hardware"),
    _of_ticket("tags", "list", "tag:floor-*", "tag"),
    _of_ticket("channel", "suggestion", "channel:email,phone"),
    _of_ticket("links", "list", "links:blocks", "link"),
    _of_ticket("kb", "list", "kb:printer-jams"),
    _of_ticket("watchers", "person", "watchers:@me", "watcher"),
    _of_ticket("external_id", "text", "external_id:4711"),
    _of_ticket("former_ids", "list", "has:former_ids", "former_id"),
    _of_ticket("fields", "custom", "fields.asset:PC-42", "field"),
    _of_ticket("created", "date", "created:2026-11"),
    QueryField("updated", "date", "when something last happened", "updated:-7d.."),
    QueryField("resolved", "date", "when it was done, where it still is", "resolved:yesterday"),
    QueryField("closed", "date", "when it was closed, where it still is", "closed:2026-10.."),
    QueryField("due", "date", "when the next promise falls due", "due:..tomorrow"),
    _of_ticket("until", "date", "until:today"),
    QueryField("age", "duration", "time since it was created", "age:30d.."),
    QueryField("idle", "duration", "time since something last happened", "idle:3d.."),
    QueryField("sla", "state", "the state of any of its clocks", "sla:breached,at-risk", STATES),
    *(
        QueryField(f"sla.{clock}", "state", f"the state of one clock: {meaning}", example, STATES)
        for clock, meaning, example in _CLOCK_ROWS
    ),
    QueryField("replies", "number", "how often an agent answered", "replies:0"),
    QueryField("reopens", "number", "how often it came back after it was done", "reopens:2.."),
    QueryField("escalations", "number", "how often it was escalated", "escalations:1.."),
    QueryField("handovers", "number", "how often it went from person to person", "has:handovers"),
    QueryField("worked_minutes", "number", "the time spent on it", "worked_minutes:60.."),
    QueryField("rating", "number", "the requester's score, 1 to 5", "rating:1..2"),
)  # fmt: skip

SYNTAX = (
    ("field:value", "the field has this value; case, and - or _ in names, make no difference"),
    ("field:a,b", "it has one of these values"),
    ("field:A..B", "it lies from A to B, both included; A.. and ..B are open at one end"),
    ('field:"Value 22"', "in quotes a blank, a comma, `..`, `*` and `@` are only characters"),
    ("-field:value, not field:value", "it does not have the value"),
    ("has:field, no:field", "it has any value, or none"),
    ('word "a phrase" begin*', "these words occur in the ticket's texts, accents aside"),
    ("a b, a or b, (a or b) c", "both; one of them; parentheses group, `or` binds least"),
    ("@me", "you, as in assignee:@me or requester:@me"),
    ("@view", "the conditions, and the order, of a view from config.yaml"),
    ("sort:field, sort:-field", "the order, ascending or descending; several with a comma"),
)
"""The forms of the language, and what they mean."""

_BY_KEY = {name_key(name): field for field in QUERY_FIELDS for name in (field.name, *field.aliases)}
_CUSTOM = _BY_KEY["fields"]

NAME = pattern(r"\w(?:[\w.-]*\w)?")
"""What custom fields and views are called, as `desk.domain.headings` has it for entries."""

PREFIXES = ("has", "no", "sort")
"""What stands before a colon and is no field."""


def is_name(text: str) -> bool:
    """Tell whether a custom field or a view can be called that."""
    return NAME.fullmatch(text) is not None


def find_field(name: str) -> QueryField | None:
    """Return the field of this name or alias, ``fields.<name>`` included; None for an unknown."""
    key = name_key(name)
    group, dot, custom = key.partition(".")
    if dot and _BY_KEY.get(group) is _CUSTOM:
        if not is_name(custom):
            return None
        return _CUSTOM._replace(name=f"{_CUSTOM.name}.{custom}", kind="text", aliases=())
    return _BY_KEY.get(key)


def field_named(name: str) -> QueryField:
    """Return the field of this name, which a parsed query has; LookupError for an unknown."""
    field = find_field(name)
    if field is None:
        raise LookupError(f"there is no field {name}")
    return field


def field_names() -> list[str]:
    """Return the names and aliases of all fields, for suggestions."""
    return [name for field in QUERY_FIELDS for name in (field.name, *field.aliases)]


def value_named(field: QueryField, given: str) -> str | None:
    """Return the value of a field's set that `given` means, None where it is not among them."""
    key = name_key(given)
    if field.kind == "flag" and key == "live":
        return "open"
    return next((value for value in field.values if name_key(value) == key), None)
