from __future__ import annotations

import re
import struct
import zoneinfo
from datetime import UTC, datetime
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest

from desk.domain.zone import Change, changes_in, offset_at, zone_named
from tests.slow import utc

DAY = 86_400
ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Freetown",
    "Africa/Monrovia",
    "America/New_York",
    "America/Noronha",
    "America/Sao_Paulo",
    "Antarctica/Casey",
    "Asia/Gaza",
    "Australia/Lord_Howe",
    "Europe/Madrid",
    "Pacific/Apia",
    "UTC",
)


def zone_file(name: str) -> bytes:
    """Return the file that the standard library reads for a zone (RFC 8536)."""
    for root in zoneinfo.TZPATH:
        path = Path(root, name)
        if path.is_file():
            return path.read_bytes()
    return resources.files("tzdata").joinpath("zoneinfo", name).read_bytes()


def changes_of(data: bytes) -> list[Change]:
    """Return the changes of offset that a zone's file lists; a rule may follow the last."""
    counts = struct.unpack(">6l", data[20:44])
    utc_count, wall_count, leaps, times, types, letters = counts
    start = 44 + times * 5 + types * 6 + letters + leaps * 8 + wall_count + utc_count
    utc_count, wall_count, leaps, times, types, letters = struct.unpack(
        ">6l", data[start + 20 : start + 44]
    )
    start += 44
    instants = struct.unpack(f">{times}q", data[start : start + 8 * times])
    kinds = data[start + 8 * times : start + 9 * times]
    start += 9 * times
    offsets = [
        struct.unpack(">l", data[start + 6 * kind : start + 6 * kind + 4])[0]
        for kind in range(types)
    ]
    found = []
    before = offsets[0]
    for at, kind in zip(instants, kinds, strict=True):
        if offsets[kind] != before:
            found.append(Change(at, before, offsets[kind]))
        before = offsets[kind]
    return found


@pytest.mark.parametrize("name", ZONES)
def test_changes_are_those_of_the_zone_file(name: str) -> None:
    listed = changes_of(zone_file(name))
    last = datetime.fromtimestamp(listed[-1].at, UTC).year if listed else 2040
    years = range(1930, min(last, 2100))
    found = [change for year in years for change in changes_in(zone_named(name), year)]
    assert found == [
        change for change in listed if datetime.fromtimestamp(change.at, UTC).year in years
    ]


def test_no_zone_changes_twice_within_the_probing_step() -> None:
    """The step is two days; a release of tzdata that breaks this must not pass unseen."""
    for name in zoneinfo.available_timezones():
        since_1900 = [
            change.at for change in changes_of(zone_file(name)) if change.at > -2_208_988_800
        ]
        for first, second in pairwise(since_1900):
            assert second - first > 2 * DAY, name


def test_rules_go_on_for_ever() -> None:
    (spring, autumn) = changes_in(zone_named("America/New_York"), 2199)
    assert (spring.before, spring.after) == (-18_000, -14_400)
    assert (autumn.before, autumn.after) == (-14_400, -18_000)
    assert offset_at(zone_named("America/New_York"), spring.at - 1) == -18_000
    assert offset_at(zone_named("America/New_York"), spring.at) == -14_400


def test_a_change_to_the_second() -> None:
    (change,) = changes_in(zone_named("Africa/Monrovia"), 1972)
    assert change == Change(int(utc("1972-01-07 00:44").timestamp()) + 30, -2_670, 0)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Europe/Madird", "did you mean `Europe/Madrid`?"),
        ("madrid", "did you mean `Europe/Madrid`?"),
        ("", "write it like Europe/Madrid or UTC"),
        ("Europe", "is not a time zone"),
        ("/etc/passwd", "is not a time zone"),
        ("../UTC", "is not a time zone"),
        ("Europe/Madrid\0", "is not a time zone"),
    ],
)
def test_unknown_zones_are_refused(name: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        zone_named(name)
