"""The page around the figures: what every page has, and how texts get onto it.

Whatever stands in a template goes through `visible` and is escaped; only what this package itself
makes (`Markup`) is taken as HTML.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from desk import __version__
from desk.domain.report.metrics import METRICS
from desk.domain.texts import visible
from desk.render.html.lists import Lists, list_sections
from desk.render.style import local

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parents[2] / "templates" / "html"


class Part(NamedTuple):
    """A part of the page that the navigation names."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What a page says of the help desk: its name, its zone, the instant of its figures, and the
    commit that they were read from ("": the files as they are)."""

    desk_name: str
    zone: tzinfo
    zone_name: str
    as_of: datetime
    commit: str = ""


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    def shown(value: object) -> object:
        return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )


def page(
    template: str,
    heading: str,
    subtitle: str,
    setting: Setting,
    parts: Sequence[Part],
    lists: Lists,
    metrics: Iterable[str],
    content: Mapping[str, object],
) -> str:
    """Return a whole page. `metrics` are the figures on it, which it explains at its end."""
    from markupsafe import Markup

    style, script = _read("style.css"), _read("sort.js")
    known = [METRICS[name] for name in dict.fromkeys(metrics)]
    sections = list_sections(lists, setting.zone)
    ends = [Part("tickets", "Tickets")] if sections else []
    ends += [Part("definitions", "Definitions")] if known else []
    source = (
        f" The files were read as commit {setting.commit[:12]} has them." if setting.commit else ""
    )
    return (
        _environment()
        .get_template(template)
        .render(
            title=f"{heading} - {setting.desk_name}",
            desk_name=setting.desk_name,
            heading=heading,
            subtitle=subtitle,
            policy=_policy(style, script),
            style=Markup(style),  # noqa: S704 - a file of our own
            script=Markup(script),  # noqa: S704 - a file of our own
            parts=[*parts, *ends],
            lists=sections,
            definitions=known,
            footer=f"Made by desk {__version__} from the tickets as of "
            f"{local(setting.as_of, setting.zone)} ({setting.zone_name}).{source}",
            **content,
        )
    )


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """Return what the page may do: show itself, with its one style and its one script."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
