"""The pages of a lead and of an agent."""

from __future__ import annotations

from collections.abc import Mapping

from desk.domain.report.advice import QUERIES, Tone
from desk.domain.report.behind import joined
from desk.domain.report.metrics import METRICS
from desk.domain.report.tally import AGES
from desk.render.changes import change_words
from desk.render.html import sections
from desk.render.html.heat import heat
from desk.render.html.lists import Lists, TicketRow, ticket_row
from desk.render.html.page import Part, Setting, page
from desk.render.reports import figure_text, period_words
from desk.render.shell import shell_words
from desk.services.dashboard import Dashboard
from desk.services.outlines import Outline

MOST_PRESSING = 12
"""So many late tickets a lead sees one by one; an agent sees more of them."""

MOST_OWN = 40

_MARKS: Mapping[Tone, tuple[str, str]] = {
    "late": ("▲", "at once"),
    "watch": ("●", "to watch"),
    "good": ("✓", "good"),
}
_TILES = ("created", "resolved", "backlog", "breached", "unassigned", "reopened")
_TIMES = ("first_response_median_seconds", "resolution_median_seconds")
_EXPLAINED = (
    *("created", "resolved", "reopened", "backlog", "unassigned", "breached"),
    *(f"backlog_{bucket}" for bucket, _ in AGES),
    *("promises_compliance", "promises_missed", "promises_breached"),
    *("ratings", "rating_mean", "satisfied_share"),
)
_SHARES = ("resolution_compliance", "rating_mean")

_LATE, _AT_RISK = QUERIES["late"], QUERIES["at_risk"]
_NEXT = "status:new,open -is:breached -is:at-risk"
_PARKED = "status:waiting,hold -is:breached -is:at-risk"
"""What finds the tickets of each group of a queue."""


def dashboard_page(made: Dashboard, setting: Setting) -> str:
    """Return the page of a lead, or of an agent."""
    led = Lists(made.lists)
    notes = [
        {
            "tone": note.tone,
            "mark": _MARKS[note.tone][0],
            "said": _MARKS[note.tone][1],
            "text": note.text,
            "href": led.href(note.query, note.text.rstrip(".")),
        }
        for note in made.notes
    ]
    tiles, tiled = _tiles(made, led)
    queue = _queue(made, setting)
    found = [
        each
        for each in (
            sections.trend(made, led),
            sections.promises(made, led),
            sections.backlog(made, led),
            *((sections.loads(made, led), sections.topics(made, led)) if not made.who else ()),
            sections.satisfaction(made, led),
        )
        if each is not None
    ]
    arrivals = None if made.who else heat(made.hours, setting.zone_name)
    parts = [Part("first", "First"), Part("queue", str(queue["heading"]))]
    parts += [Part(str(each["id"]), str(each["name"])) for each in found]
    parts += [Part("arrivals", "Arrivals")] if arrivals else []
    return page(
        *("dashboard.html.jinja", _heading(made), _subtitle(made, setting), setting, parts, led),
        metrics=[*tiled, *_EXPLAINED],
        content={
            "first": "What to do first",
            "notes": notes,
            "figures": tiles,
            "queue": queue,
            "sections": found,
            "heat": arrivals,
        },
    )


def _heading(made: Dashboard) -> str:
    return f"The desk of {made.name}" if made.who else "How the desk stands"


def _subtitle(made: Dashboard, setting: Setting) -> str:
    words = period_words(made.period, setting.zone).capitalize()
    words += ", compared with as much time before"
    if made.query_text and not made.who:
        words += f". Tickets that match: {made.query_text}"
    return words


def _tiles(made: Dashboard, led: Lists) -> tuple[list[dict[str, str]], list[str]]:
    """Return the figures at the top, and their metrics; those of which nothing is known are left
    out."""
    now, before = made.summary.totals, made.summary.previous
    tiles, names = [], []
    for name in (*_TILES, *_TIMES, *_SHARES):
        if now[name] is None or (name == "unassigned" and made.who):
            continue
        metric = METRICS[name]
        amount, judged = change_words(metric, now[name], before.get(name))
        names.append(name)
        tiles.append(
            {
                "name": metric.words,
                "metric": name,
                "definition": metric.definition,
                "figure": figure_text(metric, now[name]),
                "href": led.href(made.summary.behind.get(name, ""), metric.words),
                "change": f"{amount} {judged}".strip(),
                "tone": judged or "same",
            }
        )
    return tiles, names


def _queue(made: Dashboard, setting: Setting) -> dict[str, object]:
    """Return what is late and at risk; of an agent's tickets the others too."""
    if made.who:
        heading, empty, most = "Tickets in hand", "Nothing is in hand.", MOST_OWN
        groups = [
            ("Late", _LATE, [each for each in made.queue if each.standing.is_late]),
            ("At risk", _AT_RISK, [each for each in made.queue if each.standing.is_at_risk]),
            ("Next", _NEXT, [each for each in made.queue if _is_next(each, parked=False)]),
            (
                *("Waiting and on hold", _PARKED),
                [each for each in made.queue if _is_next(each, parked=True)],
            ),
        ]
    else:
        heading, empty, most = "Late and at risk", "Nothing is late, or at risk.", MOST_PRESSING
        groups = [
            ("Late now", _LATE, [each for each in made.queue if each.standing.is_late]),
            ("At risk", _AT_RISK, [each for each in made.queue if each.standing.is_at_risk]),
        ]
    shown = []
    for name, query, tickets in groups:
        if not tickets:
            continue
        rows: list[TicketRow] = [ticket_row(each, setting.zone) for each in tickets[:most]]
        rest, size = len(tickets) - len(rows), f"{len(tickets):,}"
        command = f"desk list {shell_words(joined(made.query_text, query))}"
        more = {"more": f"{rest:,} more:" if rest else "", "command": command}
        shown.append({"heading": name, "size": size, "tickets": rows, **more})
    return {"heading": heading, "groups": shown, "empty": empty}


def _is_next(ticket: Outline, parked: bool) -> bool:
    if ticket.standing.is_late or ticket.standing.is_at_risk:
        return False
    return (ticket.fields.status in ("waiting", "hold")) == parked
