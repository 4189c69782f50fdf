"""The public holidays of countries, from the `holidays` package.

Importing the package and a country's module takes longer than all of `desk list` may, and every
command checks config.yaml. So whether the package knows a country is looked up in its source
first, and asked of the package itself wherever that does not say yes.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from desk.domain.patterns import pattern
from desk.errors import did_you_mean, nearest_name

_CODE = pattern(r"[A-Z]{2,3}", re.ASCII)
_SUBDIVISIONS = pattern(r"^    subdivisions\b[^=\n]*= \(\n(.*?)^    \)", re.MULTILINE | re.DOTALL)


def holiday_dates(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    """Return the public holidays of a year, in order, with their names.

    ValueError for a country or a subdivision that the package does not know.
    """
    if fault := country_fault(country, subdivision or ""):
        raise ValueError(fault)
    import holidays

    with _without_deprecations():
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    return {day: name for day, name in sorted(found.items()) if day.year == year}


@cache
def country_fault(country: str, subdivision: str) -> str:
    """Tell what is wrong with a country (ISO 3166) and a part of it (empty: the whole), in one
    sentence; empty where their holidays are known."""
    if _is_in_source(country, subdivision):
        return ""
    from holidays.registry import COUNTRIES

    codes = {code: names[1] for names in COUNTRIES.values() for code in names if _is_code(code)}
    if country in codes:
        return _subdivision_fault(country, subdivision) if subdivision else ""
    by_name = {names[0]: names[1] for names in COUNTRIES.values()}
    meant = codes.get(country.upper()) or by_name.get(nearest_name(country, by_name))
    hint = f"did you mean `{meant}`?" if meant else "write a code of ISO 3166, like ES"
    return f"no public holidays are known of the country `{country}`; {hint}"


def _is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def _subdivision_fault(country: str, subdivision: str) -> str:
    import holidays

    try:
        with _without_deprecations():
            holidays.country_holidays(country, subdiv=subdivision)
    except NotImplementedError:
        known = holidays.country_holidays(country)
        parts = [*known.subdivisions, *known.subdivisions_aliases]
        hint = did_you_mean(subdivision, parts) or f"there are {', '.join(known.subdivisions)}"
        hint = hint if parts else "leave it out"
        return f"no holidays are known of the subdivision `{subdivision}` of {country}; {hint}"
    return ""


def package_stamp() -> str:
    """Return what changes when another version of the package is installed; "" without one."""
    folder = _package()
    if folder is None:
        return ""
    found = (folder / "version.py").stat()
    return f"{found.st_mtime_ns}:{found.st_size}"


@cache
def _package() -> Path | None:
    """Return where the package lies, None where it is not installed."""
    from importlib.machinery import PathFinder  # `importlib.util` takes longer to load

    spec = PathFinder.find_spec("holidays")
    folders = spec.submodule_search_locations if spec else None
    return Path(folders[0]) if folders else None


def _without_deprecations() -> warnings.catch_warnings[None]:
    """Silence the package on subdivisions that it has renamed: it still knows them."""
    return warnings.catch_warnings(action="ignore", category=DeprecationWarning)


def _is_in_source(country: str, subdivision: str) -> bool:
    """Tell whether the package's source lists the country and the subdivision, as it does for most
    countries. False proves nothing."""
    folder = _package()
    if folder is None or not _is_code(country):
        return False
    try:
        registry = (folder / "registry.py").read_text("utf-8").partition("\nFINANCIAL")[0]
        row = re.search(rf'^    "(\w+)": \([^()]*"{country}"[^()]*\)', registry, re.MULTILINE)
        if row is None or not subdivision:
            return row is not None
        found = _SUBDIVISIONS.search((folder / "countries" / f"{row[1]}.py").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return found is not None and f'"{subdivision}"' in re.sub(r"#.*", "", found[1])
