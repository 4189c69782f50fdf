"""Charts as SVG that stands inside a page: pygal draws them, and what is taken over of its drawing
is listed here (docs/adr/0012-pages.md)."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, Literal, NamedTuple

from desk.domain.patterns import pattern

WIDE, NARROW = 900, 340
"""How wide charts are drawn, in pixels of the page: for screens and paper, and for phones."""

_LABELS = {WIDE: 12, NARROW: 5}
"""So many labels fit below a chart."""

_CHARACTER = 7
_MOST_TICKS = 4
_DECIMALS = pattern(r"\d+\.\d+")
_TAGS = {"svg", "g", "rect", "path", "text", "a", "circle"}
_ATTRIBUTES = {"class", "x", "y", "width", "height", "d", "transform", "cx", "cy", "r"}
_FOR_SCRIPTS = {"reactive", "tooltip-trigger"}
_LEFT_OUT = {"background", "tooltip-overlay", "text-overlay", "titles"}


class Series(NamedTuple):
    """What is drawn in one colour: a value for each label, what is said of it, and where it leads
    ("": nowhere)."""

    name: str
    values: Sequence[float]
    titles: Sequence[str]
    links: Sequence[str]


def chart(
    kind: Literal["bars", "line"], labels: Sequence[str], series: Sequence[Series], height: int
) -> list[tuple[str, str]]:
    """Return the chart as SVG, for each width by its name (`wide`, `narrow`); [] of nothing."""
    if not labels or not any(any(each.values) for each in series):
        return []
    return [
        (name, _drawn(kind, labels, series, width, height))
        for name, width in (("wide", WIDE), ("narrow", NARROW))
    ]


def _drawn(
    kind: str, labels: Sequence[str], series: Sequence[Series], width: int, height: int
) -> str:
    pygal = _pygal()
    ticks = _ticks(max(max(each.values, default=0) for each in series))
    every = -(-len(labels) // _LABELS[width])
    options: dict[str, Any] = {
        "width": width,
        "height": height,
        "explicit_size": False,
        "js": [],
        "css": [],
        "no_prefix": True,
        "show_legend": False,
        "margin": 4,
        "margin_left": 8 + _CHARACTER * max(len(f"{tick:,}") for tick in ticks),
        "margin_right": 12,
        "margin_bottom": 24,
        "spacing": 0,
        "range": (0, ticks[-1]),
        "y_labels": ticks,
        "formatter": lambda value: f"{value:,.0f}",
        "x_labels": list(labels),
        "x_labels_major": list(labels)[::every],
        "show_minor_x_labels": False,
        "show_y_labels": True,
        "show_x_guides": False,
        "truncate_label": -1,
    }
    drawing = pygal.Bar(**options) if kind == "bars" else pygal.Line(**options, dots_size=2.5)
    for each in series:
        rows = zip(each.values, each.titles, each.links, strict=True)
        drawing.add(each.name, [_value(*row) for row in rows])
    return "".join(_written(drawing.render_tree()))


def _pygal() -> Any:
    """Return pygal, and leave Python's imports as they were. Its hook for plug-ins is of a kind
    that Python warns of at every later import; and the backport that it asks for, of what Python
    has, keeps Python from finding what is installed."""
    from importlib import metadata

    hooks, backport = [*sys.meta_path], "importlib_metadata"
    is_lent = sys.modules.setdefault(backport, metadata) is metadata
    import pygal

    sys.meta_path[:] = hooks
    if is_lent:
        del sys.modules[backport]
    return pygal


def _value(value: float, title: str, link: str) -> dict[str, Any]:
    return {"value": value, "label": title, **({"xlink": {"href": link}} if link else {})}


def _ticks(most: float) -> list[int]:
    """Return the values that the axis names: whole, from 0 up to the first that nothing exceeds."""
    step = next(each for each in _steps() if each * _MOST_TICKS >= most)
    count = max(1, -(-int(most) // step))
    return [step * number for number in range(count + 1)]


def _steps() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


def _written(element: Any) -> Iterator[str]:
    """Yield an element of a drawing with what of it belongs on a page: no styles, no scripts, no
    comments."""
    if not isinstance(element.tag, str):
        return
    tag = element.tag.rpartition("}")[2]
    classes = set(element.get("class", "").split())
    if tag not in _TAGS or classes & _LEFT_OUT:
        return
    attributes = "".join(
        f' {name}="{escape(_short(name, value))}"'
        for name, value in element.items()
        if name in _ATTRIBUTES and value
    )
    if tag == "svg":
        attributes = f' viewBox="{escape(element.get("viewBox", ""))}" aria-hidden="true"'
    if tag == "a":
        href = next(value for name, value in element.items() if name.endswith("href"))
        attributes = f' href="{escape(href)}" tabindex="-1"'
    yield f"<{tag}{attributes}>"
    title = next((each.text for each in element if _is_label(each)), None)
    if title:
        yield f"<title>{escape(title)}</title>"
    if tag == "text" and element.text:
        yield escape(element.text)
    for each in element:
        yield from _written(each)
    yield f"</{tag}>"


def _is_label(element: Any) -> bool:
    return (
        isinstance(element.tag, str)
        and element.tag.endswith("desc")
        and element.get("class") == "label"
    )


def _short(name: str, value: str) -> str:
    """Return an attribute with its numbers in tenths of a pixel, or its classes that a style is
    for."""
    if name == "class":
        return " ".join(each for each in value.split() if each not in _FOR_SCRIPTS)
    return _DECIMALS.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value)
