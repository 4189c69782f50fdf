"""Countries and their holidays: what the source says, the package says too."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import holidays
import pytest
from holidays.registry import COUNTRIES

from desk.storage import holiday_package
from desk.storage.holiday_package import country_fault, holiday_dates, package_stamp


@pytest.mark.parametrize("country", ["ES", "DE", "US", "GB", "CH", "AU", "BR", "FR", "PT"])
def test_the_source_names_the_subdivisions_that_the_package_has(country: str) -> None:
    for part in holidays.country_holidays(country).subdivisions:
        assert holiday_package._is_in_source(country, part)
    assert not holiday_package._is_in_source(country, "nowhere")


def test_the_source_names_every_country_that_the_package_has() -> None:
    for names in COUNTRIES.values():
        assert holiday_package._is_in_source(names[1], "")
    for other in ("XX", "es", "NYSE", "ECB", '"', ".*", "", "Spain"):
        assert not holiday_package._is_in_source(other, "")


@pytest.mark.parametrize(
    ("country", "subdivision", "fault"),
    [
        ("ES", "", ""),
        ("ESP", "MD", ""),
        ("ES", "Madrid", ""),
        ("es", "", "country `es`; did you mean `ES`?"),
        ("Spain", "", "country `Spain`; did you mean `ES`?"),
        ("XX", "", "country `XX`; write a code of ISO 3166, like ES"),
        ("NYSE", "", "country `NYSE`; write a code"),
        ("ES", "MX", "subdivision `MX` of ES; there are AN, AR"),
        ("ES", "Barcelonna", "subdivision `Barcelonna` of ES; did you mean `Barcelona`?"),
        ("VA", "X", "subdivision `X` of VA; leave it out"),
    ],
)
def test_what_is_wrong_is_said_with_the_way_out(country: str, subdivision: str, fault: str) -> None:
    found = country_fault(country, subdivision)
    assert fault in found
    assert bool(fault) == bool(found)


def test_it_does_without_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.storage.holiday_package._package", lambda: None)
    country_fault.cache_clear()
    assert country_fault("ES", "MD") == ""
    assert country_fault("ES", "MX") != ""
    country_fault.cache_clear()


def test_the_package_is_found_where_python_finds_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert holiday_package._package() == Path(holidays.__file__).parent
    assert package_stamp() != ""
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    holiday_package._package.cache_clear()
    assert package_stamp() == ""
    holiday_package._package.cache_clear()


def test_holidays_are_dates_of_the_year_with_names() -> None:
    found = holiday_dates("ES", "MD", 2026)
    assert found[date(2026, 5, 2)] == "Madrid Day"
    assert date(2026, 12, 25) in found
    assert list(found) == sorted(found)
    assert {day.year for day in found} == {2026}
    assert date(2026, 5, 2) not in holiday_dates("ES", None, 2026)


def test_an_unknown_country_has_no_holidays() -> None:
    with pytest.raises(ValueError, match="country `XX`"):
        holiday_dates("XX", None, 2026)
