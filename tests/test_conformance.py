from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance import main

VECTORS = Path(__file__).parent / "vectors"
OPENING = {"timezone": "UTC", "hours": {"mon": [["09:00", "17:00"]]}}
ADDED = {
    "id": "X1",
    "calendar": OPENING,
    "op": "add",
    "at": "2026-06-01T09:00:00Z",
    "seconds": 60,
    "expect": "2026-06-01T09:01:00Z",
}
TICKET = {
    "id": "X2",
    "calendar": OPENING,
    "policy": {"resolution": 3_600, "warn_at": 0.5},
    "log": [{"at": "2026-06-01T09:00:00Z", "by": "requester", "verb": "opened", "status": "new"}],
    "as_of": "2026-06-01T09:30:00Z",
    "expect": {"resolution": {"state": "at_risk", "elapsed_seconds": 1_800}, "ownership": None},
}


def write(path: Path, *vectors: object) -> str:
    path.write_text(json.dumps(vectors), encoding="utf-8")
    return str(path)


def test_our_vectors_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(VECTORS / "calendar.json"), str(VECTORS / "sla.json")]) == 0
    assert capsys.readouterr().out == "563 passed, 0 failed\n"


def test_failures_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(
        tmp_path / "vectors.json",
        ADDED,
        ADDED | {"id": "X3", "expect": "2026-06-01T09:02:00Z"},
        TICKET,
        TICKET | {"id": "X4", "expect": {"resolution": {"due": None, "state": "paused"}}},
        TICKET | {"id": "X5", "expect": {"resolution": None, "ownership": {"due": None}}},
        ADDED | {"id": "X6", "op": "multiply"},
    )
    assert main([path]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{path}: X3: expected 2026-06-01T09:02:00Z, got 2026-06-01T09:01:00Z",
        f"{path}: X4: resolution.due expected None, got 2026-06-01T10:00:00Z",
        f"{path}: X4: resolution.state expected paused, got at_risk",
        f"{path}: X5: resolution expected None, got at_risk",
        f"{path}: X5: ownership.due expected None, got no clock",
        f"{path}: X6: expected {ADDED['expect']}, got ValueError: there is no operation `multiply`",
        "2 passed, 4 failed",
    ]


def test_a_file_that_cannot_be_read_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "none.json"), write(tmp_path / "one.json", ADDED)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 1 failed"


def test_an_entry_from_the_future_does_not_exist(tmp_path: Path) -> None:
    later = {"at": "2026-06-01T10:00:00Z", "by": "agent", "verb": "changed", "status": "closed"}
    ticket = TICKET | {
        "log": [{"at": "2026-06-01T09:00:00Z", "by": "requester", "verb": "opened"}, later]
    }
    assert main([write(tmp_path / "one.json", ticket)]) == 0
