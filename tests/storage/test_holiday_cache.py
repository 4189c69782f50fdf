"""Holidays that are kept are those that the package gives, and nothing is lost without them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from desk.storage import holiday_cache
from desk.storage.holiday_cache import HolidayCache
from desk.storage.holiday_package import holiday_dates


def test_they_are_asked_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = holiday_dates("ES", "MD", 2026)
    assert HolidayCache(tmp_path / "desk").dates("ES", "MD", 2026) == expected
    monkeypatch.setattr(holiday_cache, "holiday_dates", lambda *given: pytest.fail("asked again"))
    again = HolidayCache(tmp_path / "desk").dates("ES", "MD", 2026)
    assert again == expected
    assert list(again) == list(expected)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"package": "", "holidays": []}', '{"package": "x", "holidays": {"a": 1}}'],
)
def test_what_is_kept_and_cannot_be_read_is_asked_for(tmp_path: Path, text: str) -> None:
    (tmp_path / "holidays.json").write_text(text)
    assert date(2026, 5, 2) in HolidayCache(tmp_path).dates("ES", "MD", 2026)


def test_another_version_of_the_package_is_asked_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    HolidayCache(tmp_path).dates("ES", "MD", 2026)
    monkeypatch.setattr(holiday_cache, "package_stamp", lambda: "newer")
    monkeypatch.setattr(holiday_cache, "holiday_dates", lambda *given: {date(2026, 1, 2): "New"})
    assert HolidayCache(tmp_path).dates("ES", "MD", 2026) == {date(2026, 1, 2): "New"}


def test_without_a_place_they_are_asked_for_each_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (None, tmp_path / "file"):
        assert date(2026, 5, 2) in HolidayCache(folder).dates("ES", "MD", 2026)
    with pytest.raises(ValueError, match="country `XX`"):
        HolidayCache(None).dates("XX", None, 2026)
