"""What is kept of config.yaml is what is in it, and nothing is lost without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.config.nodes import Items, Node, Pairs, Text
from desk.storage import config_cache, config_file
from desk.storage.config_cache import ConfigCache
from desk.storage.config_file import load_settings
from desk.storage.kept import keep, read_kept

CONFIG = b"""\
desk: {format: 1, name: Caf\xc3\xa9, timezone: Europe/Madrid}
people: {ana: {name: Ana, email: ana@acme.example, role: admin, teams: [support]}}
teams: [support]
views: {mine: assignee:@me}
"""


def test_it_is_read_as_yaml_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = load_settings(CONFIG)
    assert expected[0] is not None
    cache = ConfigCache(tmp_path / "desk")
    assert load_settings(CONFIG, cache=cache) == expected
    monkeypatch.setattr(config_file, "read_yaml", lambda text: pytest.fail("read again"))
    assert load_settings(CONFIG, cache=cache) == expected


def test_problems_are_told_each_time_where_they_stand(tmp_path: Path) -> None:
    wrong = CONFIG + b"priorites: [P1]\nlevels: {L1: suport}\n"
    cache = ConfigCache(tmp_path)
    for _ in range(2):
        settings, problems = load_settings(wrong, cache=cache)
        assert settings is None
        assert [(each.line, each.column) for each in problems] == [(5, 1), (6, 14)]


def test_what_is_no_yaml_is_not_kept(tmp_path: Path) -> None:
    for _ in range(2):
        [problem] = load_settings(b"desk: {", cache=ConfigCache(tmp_path))[1]
        assert problem.code == "config-syntax"
    assert not (tmp_path / "config.json").exists()


def test_another_byte_or_another_version_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = ConfigCache(tmp_path)
    load_settings(CONFIG, cache=cache)
    assert cache.nodes(CONFIG) is not None
    assert cache.nodes(CONFIG + b"#") is None
    monkeypatch.setattr(config_cache, "__version__", "newer")
    assert cache.nodes(CONFIG) is None


@pytest.mark.parametrize(
    "nodes",
    [
        None,
        "text",
        [],
        ["text", "desk"],
        ["text", 1, 1, 1, False],
        ["items", {}, 1, 1],
        ["pairs", [["text", "desk", 1, 1, False]], 1, 1],
        ["pairs", [[["items", [], 1, 1], ["items", [], 1, 1]]], 1, 1],
    ],
)
def test_what_is_kept_and_does_not_fit_is_read_anew(tmp_path: Path, nodes: object) -> None:
    cache = ConfigCache(tmp_path)
    load_settings(CONFIG, cache=cache)
    told = read_kept(tmp_path / "config.json")
    keep(tmp_path / "config.json", {**told, "nodes": nodes})
    assert cache.nodes(CONFIG) is None
    assert load_settings(CONFIG, cache=cache) == load_settings(CONFIG)


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 100_000, '{"made_from": 1}'])
def test_a_damaged_file_is_passed_by(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    assert load_settings(CONFIG, cache=ConfigCache(tmp_path)) == load_settings(CONFIG)


def test_without_a_place_it_is_read_each_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert load_settings(CONFIG, cache=ConfigCache(tmp_path / "file")) == load_settings(CONFIG)


places = st.integers(1, 99)
scalars = st.builds(Text, st.text(max_size=5), places, places, st.booleans())
trees = st.recursive(
    scalars,
    lambda inner: (
        st.builds(Items, st.lists(inner, max_size=3).map(tuple), places, places)
        | st.builds(
            Pairs, st.lists(st.tuples(scalars, inner), max_size=3).map(tuple), places, places
        )
    ),
    max_leaves=8,
)


@given(trees)
def test_nodes_come_back_as_they_were(node: Node) -> None:
    assert config_cache._unpacked(json.loads(json.dumps(config_cache._packed(node)))) == node


def test_one_letter_that_is_another_makes_it_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    keep(path, {"due": 1})
    assert read_kept(path) == {"due": 1}
    path.write_bytes(path.read_bytes().replace(b"1}", b"2}"))
    assert read_kept(path) is None
