"""The holidays of countries, kept in the git directory: importing the package that knows them takes
longer than all of `desk list` may.

Derived, and safe to delete at any time. Where it cannot be read or written, the package is asked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from desk.storage.holiday_package import holiday_dates, package_stamp
from desk.storage.kept import keep, read_kept


class HolidayCache:
    """Holidays by country, part of it and year, as another version of the package would give them
    only after it is installed."""

    def __init__(self, folder: Path | None) -> None:
        """Keep them in `folder` (`desk` in the git directory), which need not be there yet; None:
        nowhere."""
        self._path = folder / "holidays.json" if folder else None
        self._known: dict[str, dict[str, str]] | None = None

    def dates(self, country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
        """Return the public holidays of a year with their names; ValueError for a country or a
        subdivision that the package does not know."""
        if self._known is None:
            self._known = self._read()
        key = f"{country}/{subdivision or ''}/{year}"
        if key not in self._known:
            found = holiday_dates(country, subdivision, year)
            self._known[key] = {day.isoformat(): name for day, name in found.items()}
            self._write()
        with contextlib.suppress(ValueError):
            return {date.fromisoformat(day): name for day, name in self._known[key].items()}
        return holiday_dates(country, subdivision, year)

    def _read(self) -> dict[str, dict[str, str]]:
        if self._path is None:
            return {}
        told = read_kept(self._path)
        try:
            if told["package"] != package_stamp():
                return {}
            return {
                str(key): {str(day): str(name) for day, name in days.items()}
                for key, days in told["holidays"].items()
            }
        except (KeyError, TypeError, AttributeError):
            return {}

    def _write(self) -> None:
        if self._path:
            keep(self._path, {"package": package_stamp(), "holidays": self._known})
