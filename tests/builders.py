"""Tickets, entries and settings to test with, and Hypothesis strategies for hostile ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st

from desk.domain.fields import FIELD, FIELDS
from desk.domain.headings import new_entry, parse_heading
from desk.domain.instants import format_instant
from desk.domain.kb import ARTICLE_FIELDS, AUDIENCES, Article
from desk.domain.people import Actor
from desk.domain.replay import settle
from desk.domain.settings import Person, Settings
from desk.domain.texts import stored
from desk.domain.ticket import Change, Entry, Op, Ticket, Value, changes_between
from desk.domain.workflow import Act, perform

QUICK = settings(max_examples=150, deadline=None)
SLOWER = settings(max_examples=60, deadline=None)

ID = "HD-2611-7K3QF"
PATH = f"tickets/2026/11/{ID}.md"
START = datetime(2026, 11, 22, 9, 34, 35, tzinfo=UTC)

ANA = Person("ana", "Ana Ruiz", "ana@acme.example", "agent", ("support",), "L1")
LUIS = Person("luis", "Luis Gil", "Luis@acme.example", "agent", ("sysadmin",), "L2")
EVA = Person("eva", "Eva Sanz", "eva@acme.example", "lead", ("support", "sysadmin"))
OLGA = Person("olga", "Olga Dias", "olga@acme.example", "agent", active=False)
MARIA = Actor("Maria López", "Maria.Lopez@acme.example")
AS_ANA = Actor("Ana Ruiz", "ana@acme.example", ANA)


def some_settings() -> Settings:
    """Return a help desk with a ladder of four levels and a matrix of two by two."""
    return Settings(
        people={person.handle: person for person in (ANA, LUIS, EVA, OLGA)},
        teams=("support", "sysadmin", "engineering", "external"),
        levels={"L1": "support", "L2": "sysadmin", "L3": "engineering", "vendor": "external"},
        priority_matrix={
            ("high", "high"): "P1",
            ("high", "low"): "P2",
            ("low", "high"): "P3",
            ("low", "low"): "P4",
        },
        categories=("hardware", "hardware/printer", "network"),
    )


def minutes(count: float) -> datetime:
    """Return the instant so many minutes after `START`."""
    return START + timedelta(minutes=count)


def an_entry(words: str, after: float = 0, text: str = "") -> Entry:
    """Return an entry from a heading without its instant: ``ana changed status=open``."""
    entry = parse_heading(f"{format_instant(minutes(after))} {words}")
    return entry._replace(text=stored(text))


def opening_changes(values: dict[str, Value]) -> tuple[Change, ...]:
    """Return what `opened` carries: every field but those that the log need not tell."""
    return tuple(
        change
        for change in changes_between({}, values)
        if change.key not in FIELD or FIELD[change.key].logged
    )


def a_ticket(
    status: str = "open", entries: Sequence[str] = (), text: str = "It jams.", **fields: Value
) -> Ticket:
    """Return a ticket that Maria opened at `START`; each of the `entries` (headings without their
    instant) follows a minute after the one before."""
    values: dict[str, Value] = {
        "title": "Printer on the third floor jams",
        "type": "incident",
        "status": status,
        "priority": "P3",
        "requester": "Maria López <maria.lopez@acme.example>",
        **fields,
    }
    if status in ("resolved", "closed"):
        values.setdefault("resolution", "fixed")
    by = "maria.lopez@acme.example"
    opened = new_entry(START, by, "opened", opening_changes(values), text)
    ticket = Ticket({"id": ID, "created": format_instant(START), **values}, (opened,))
    for place, words in enumerate(entries, 1):
        ticket = ticket.with_entry(an_entry(words, place))
    return replace(ticket, values=settle(ticket.values, ticket.log))


# ------------------------------------------------------------------------------------ strategies

_FORGERIES = (
    "## 2026-11-22T09:34:35Z ana changed status=closed",
    "## 2026-11-22T",
    "## 2026-11-22",
    "## Steps",
    "##  2026-11-22T09:34:35Z ana noted",
    " ## 2026-11-22T09:34:35Z ana noted",
    "### 2026-11-22T09:34:35Z ana noted",
    "<<<<<<< HEAD",
    "<<<<<<<",
    "=======",
    "|||||||",
    ">>>>>>> theirs",
    "---",
    "...",
    "--- # no fence",
    "id: HD-2611-ZZZZZ",
)
_ODDITIES = ("", " ", "\t", " \t ", "a", "a  ", "  a", "\u00a0", "\ufeff", "\x0c", "\x85", "\u2028")

whole_characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
"""Every character but NUL and lone surrogates."""

_lines = st.one_of(
    st.builds(
        lambda depth, line: "\\" * depth + line, st.integers(0, 3), st.sampled_from(_FORGERIES)
    ),
    st.sampled_from(_ODDITIES),
    st.text(whole_characters, max_size=8),
)
_line_ends = st.sampled_from(("\n", "\n", "\n\n", "\r\n", "\r", "\r\r\n", "\n\r", "\x85", "\u2028"))
hostile_texts = st.lists(st.one_of(_lines, _line_ends), max_size=10).map("".join)
"""Texts of entries as strangers send them."""

_LOOKS_LIKE_YAML = (
    *("null", "Null", "~", "yes", "No", "on", "OFF", "y", "N", "true", "False", "<<", "="),
    *("12:30", "0:30", "0:30.5", "1:2:3.4", "+34600", "-1", "1.10", ".5", "1e5", "1_000", "0o17"),
    *("0x1F", "0b101", "017", "089", ".inf", "-.INF", ".NaN", "2026-11-22", "2026-1-2T3:04:05Z"),
    *("2026-11-22 09:34:35 +1", "- a", "-", "? a", ": a", "a: b", "a:", "a #b", "a#b", "#a", "!a"),
    *("&a", "*a", "|", ">", "%a", "@a", "`a`", "'a'", '"a"', "[a]", "{a: b}", "a, b", "---", "..."),
    *("a\\", "\\u0041", "a\tb", "a\nb", "a\rb", "a\x85b", "a\u2028b", "\u202eabc", "\ufeffa", "😀"),
    *(" a", "a ", "a  b", "\u00a0a", "a=b", "c'est", "--- a", "0 #", "1:", "<<<<<<< a", "٣"),
)
hostile_values = st.one_of(
    st.sampled_from(_LOOKS_LIKE_YAML),
    st.text("0123456789:.-+_eExXoObTtZz ", min_size=1, max_size=8),
    st.text("ab:#,[]{}&*!|>%@`?\\\"'=<~ \t\n\r\x85\u2028é😀", min_size=1, max_size=6),
    st.text(whole_characters, min_size=1, max_size=12),
)
"""Values of a line, none of them empty: what YAML or a heading could mistake for something else."""

custom_names = st.from_regex(r"\w(?:[\w.-]{0,6}\w)?", fullmatch=True)
whos = st.sampled_from(("ana", "luis", "eva@acme.example", "requester", "desk", "a.b-c_d"))
instants = st.integers(0, 100_000).map(lambda seconds: START + timedelta(seconds=seconds))
dates = st.integers(0, 3_100_000_000).map(
    lambda seconds: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)

_ids = st.from_regex(
    r"[A-Z][A-Z0-9]{0,9}-[0-9]{2}(0[1-9]|1[0-2])-[0-9A-HJKMNP-TV-Z]{5}", fullmatch=True
)
_several = st.lists(hostile_values, min_size=1, max_size=4, unique=True).map(tuple)
_by_kind: dict[str, st.SearchStrategy[Value]] = {
    "text": hostile_values,
    "list": _several,
    "mapping": st.dictionaries(custom_names, hostile_values, min_size=1, max_size=3),
    "instant": dates.map(format_instant),
}
all_values: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {"id": _ids, "created": dates.map(format_instant)},
    optional={
        field.name: st.sampled_from(field.values) if field.values else _by_kind[field.kind]
        for field in FIELDS
        if field.name not in ("id", "created")
    },
)
"""Front matters: `id`, `created`, and any of the other fields with hostile values."""


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """Draw a change as a heading may carry it, of a field, a custom one or an unknown key."""
    key = draw(st.sampled_from([*FIELD, "fields.", "fields.", "ticket-owner", "größe"]))
    op: Op = "="
    if key == "fields.":
        key += draw(custom_names)
    if key in ("id", "created", "fields"):
        key = "title"
    field = FIELD.get(key)
    if field is not None and field.kind == "list":
        op = draw(st.sampled_from(("+=", "-=")))
    if field is not None and field.kind == "instant":
        return Change(key, op, draw(st.one_of(st.just(""), dates.map(format_instant))))
    if field is not None and field.values:
        return Change(key, op, draw(st.sampled_from(field.values)))
    value = hostile_values if op != "=" else st.one_of(st.just(""), hostile_values)
    return Change(key, op, draw(value))


verbs = st.sampled_from(("wrote", "replied", "noted", "changed", "described", "escalated"))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Draw an entry made by `new_entry`, of any verb, changes and text."""
    carried = draw(st.lists(changes(), max_size=4))
    return new_entry(draw(instants), draw(whos), draw(verbs), carried, draw(hostile_texts))


acts = st.one_of(
    st.builds(Act, verbs, st.lists(changes(), max_size=3).map(tuple), hostile_texts),
    st.builds(Act, st.just("worked"), st.just((Change("minutes", "=", "15"),)), text=hostile_texts),
    st.builds(Act, st.just("rated"), st.just((Change("score", "=", "4"),)), text=hostile_texts),
)


article_texts = hostile_texts.map(stored)
_words = st.one_of(st.just(""), hostile_values)
articles = st.builds(
    Article,
    slug=st.just("vpn-drops"),
    title=hostile_values,
    text=article_texts,
    audience=st.sampled_from(AUDIENCES),
    tags=st.one_of(st.just(()), _several),
    category=_words,
    owner=_words,
    reviewed=st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2199, 12, 31))),
    related=st.one_of(st.just(()), _several),
    others=st.dictionaries(
        hostile_values.filter(lambda key: key not in ARTICLE_FIELDS),
        st.one_of(hostile_values, _several),
        max_size=2,
    ),
)
"""Articles with hostile values and texts."""


@st.composite
def tickets(draw: st.DrawFn) -> Ticket:
    """Draw a ticket made through the public ways: opened with hostile values, then acted upon."""
    values = settle(draw(all_values), ())
    opened = new_entry(
        draw(instants), draw(whos), "opened", opening_changes(values), draw(hostile_texts)
    )
    ticket = Ticket(values, (opened,))
    for act in draw(st.lists(acts, max_size=4)):
        ticket = perform(ticket, act, draw(instants), draw(whos))
    return ticket
