"""The fields of a ticket's front matter: one table, in the order in which files have them."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["text", "list", "mapping", "instant"]


class Field(NamedTuple):
    """One key of the front matter.

    `values` is the closed set of what it may hold, empty where any text will do; `setting` names
    the part of config.yaml that closes it instead. `logged` is false for what only the front
    matter carries.
    """

    name: str
    meaning: str
    kind: Kind = "text"
    values: tuple[str, ...] = ()
    setting: str = ""
    logged: bool = True


LIVE = ("new", "open", "waiting", "hold")
DONE = ("resolved", "closed")
STATUSES = LIVE + DONE
TYPES = ("incident", "request", "question", "problem", "change")
RESOLUTIONS = ("fixed", "workaround", "duplicate", "declined", "cancelled")
CHANNELS = ("cli", "email", "phone", "web", "chat", "walk-in", "monitoring", "import")

RELATIONS = {
    "relates": "relates",
    "duplicates": "duplicated-by",
    "duplicated-by": "duplicates",
    "blocks": "blocked-by",
    "blocked-by": "blocks",
    "parent": "child",
    "child": "parent",
    "causes": "caused-by",
    "caused-by": "causes",
}
"""Each relation a link may have, and its inverse, which the other ticket carries."""

FIELDS = (
    Field("id", "the ticket's name for ever", logged=False),
    Field("title", "one line that says what is wrong", logged=False),
    Field("type", "what kind of request it is", values=TYPES),
    Field("status", "where it stands", values=STATUSES),
    Field("resolution", "how it ended", values=RESOLUTIONS),
    Field("priority", "how urgent it is", setting="priorities"),
    Field("impact", "how much it touches", setting="priority_matrix"),
    Field("urgency", "how soon it hurts", setting="priority_matrix"),
    Field("requester", "who asked: `Name <address>`, a name or an address", logged=False),
    Field("company", "whom the requester works for"),
    Field("phone", "where the requester can be called"),
    Field("assignee", "who works on it: a handle from `people`", setting="people"),
    Field("team", "which team answers for it", setting="teams"),
    Field("level", "the rung of the support ladder it stands on", setting="levels"),
    Field("category", "what it is about", setting="categories"),
    Field("tags", "words to find it by", kind="list"),
    Field("channel", "how the request came in", values=CHANNELS),
    Field("created", "when the request came in", kind="instant", logged=False),
    Field("until", "when a hold ends", kind="instant"),
    Field("links", "`<relation> <ID>`, one for each related ticket", kind="list"),
    Field("kb", "the knowledge-base articles that belong to it", kind="list"),
    Field("watchers", "who wants to hear of it", kind="list"),
    Field("external_id", "its name in the system it was imported from"),
    Field("former_ids", "IDs it had before", kind="list"),
    Field("fields", "custom fields, a flat mapping", kind="mapping"),
)

FIELD = {field.name: field for field in FIELDS}
ORDER = {field.name: place for place, field in enumerate(FIELDS)}

VERBS = {
    "opened": "the ticket begins, with every field it starts with",
    "wrote": "the requester said something, in public",
    "replied": "an agent answered, in public",
    "noted": "something was written down, internally",
    "changed": "fields changed; a text is internal",
    "described": "the text is the description from now on",
    "escalated": "the ticket went up the ladder",
    "worked": "somebody spent `minutes` on it",
    "rated": "the requester gave a `score` from 1 to 5",
    "redacted": "a text was removed from the entry named by `entry`",
}
"""What can happen to a ticket. Only `opened`, `wrote`, `replied` and `described` are public."""

PUBLIC_VERBS = ("opened", "wrote", "replied", "described")

ENTRY_KEYS = {"worked": "minutes", "rated": "score", "redacted": "entry"}
"""Keys of a heading that say something about the entry and are no field of the ticket."""
