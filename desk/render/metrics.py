"""Prometheus's text format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desk.domain.texts import visible


def gauge(name: str, meaning: str, samples: Iterable[tuple[str, int]]) -> list[str]:
    """Return the lines of a metric; a sample is its labels (see `labels`) and its value."""
    values = [f"{name}{each} {value}" for each, value in samples]
    return [f"# HELP {name} {meaning}", f"# TYPE {name} gauge", *values]


def labels(values: Mapping[str, str]) -> str:
    """Return labels as a sample has them: `{state="met",team="support"}`."""
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in values.items())
    return f"{{{pairs}}}"


def _escaped(value: str) -> str:
    return visible(value).replace("\\", r"\\").replace('"', r"\"")
