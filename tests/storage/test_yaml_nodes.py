"""YAML as it is read everywhere: characters, with their places, and nothing clever."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from desk.storage.yaml_nodes import (
    MAX_DEPTH,
    Mapping,
    Node,
    Scalar,
    Sequence,
    YamlProblem,
    read_yaml,
)
from tests.builders import QUICK


def plain(node: Node | None) -> object:
    """Return a node without its places."""
    if isinstance(node, Scalar):
        return None if node.is_absent else node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.items}
    return node


def problem(text: str) -> tuple[int, int, str]:
    with pytest.raises(YamlProblem) as caught:
        read_yaml(text)
    return caught.value.line, caught.value.column, caught.value.message


@pytest.mark.parametrize(
    "text",
    ["12:30", "+34600", "no", "1.10", "0x1F", "2026-11-22", "2026-11-22T09:34:35Z", "<<", "=", "y"],
)
def test_a_scalar_is_its_characters(text: str) -> None:
    assert plain(read_yaml(f"a: {text}\n")) == {"a": text}
    assert plain(read_yaml(f"- {text}\n")) == [text]
    assert plain(read_yaml(f"{text}: a\n")) == {text: "a"}


@pytest.mark.parametrize("written", ["", "null", "~", '""', "''"])
def test_an_empty_scalar_and_null_are_absent(written: str) -> None:
    assert plain(read_yaml(f"a: {written}\nb: c\n")) == {"a": None, "b": "c"}


@pytest.mark.parametrize("written", ['"null"', "'~'", "Null", "NULL", "nil", "false"])
def test_in_quotes_or_other_letters_null_is_text(written: str) -> None:
    assert plain(read_yaml(f"a: {written}\n")) == {"a": written.strip("\"'")}


def test_nodes_know_where_they_begin() -> None:
    root = read_yaml('é: ü # x\nlist: [a,\n  "b\n  c"]\n\nmap:\n  k: v\n')
    assert root == Mapping(
        (
            (Scalar("é", True, 1, 1, 1), Scalar("ü", True, 1, 4, 1)),
            (
                Scalar("list", True, 2, 1, 2),
                Sequence((Scalar("a", True, 2, 8, 2), Scalar("b c", False, 3, 3, 4)), 2, 7),
            ),
            (
                Scalar("map", True, 6, 1, 6),
                Mapping(((Scalar("k", True, 7, 3, 7), Scalar("v", True, 7, 6, 7)),), 7, 3),
            ),
        ),
        1,
        1,
    )


@pytest.mark.parametrize("text", ["", "\n", "# only this\n", "---\n"])
def test_an_empty_document(text: str) -> None:
    assert plain(read_yaml(text)) is None


def test_one_document_may_be_marked() -> None:
    assert plain(read_yaml("%YAML 1.1\n---\na: b\n...\n")) == {"a": "b"}


def test_a_merge_key_is_a_key() -> None:
    assert plain(read_yaml("<<: {a: b}\n")) == {"<<": {"a": "b"}}


ANCHORS = "anchors and aliases are not read: write the value out"
TAGS = "tags are not read: remove the word that begins with `!`"


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a: &x b\n", 1, 4, ANCHORS),
        ("a: *x\n", 1, 4, ANCHORS),
        ("a:\n  - &x [b]\n", 2, 5, ANCHORS),
        ("&x a: b\n", 1, 1, ANCHORS),
        ("a: !x b\n", 1, 4, TAGS),
        ("a: !!int 1\n", 1, 4, TAGS),
        ("a: ! b\n", 1, 4, TAGS),
        ("a: !<tag:x> {b: c}\n", 1, 4, TAGS),
        ("!x\na: b\n", 1, 1, TAGS),
        ("a: b\na: c\n", 2, 1, "the key `a` stands here twice"),
        ('a: b\n"a": c\n', 2, 1, "the key `a` stands here twice"),
        ("x:\n  a: b\n  a: c\n", 3, 3, "the key `a` stands here twice"),
        ("~: b\n'~': c\n", 2, 1, "the key `~` stands here twice"),
        ("[a]: b\n", 1, 1, "a key must be a plain word"),
        ("? {a: b}\n: c\n", 1, 3, "a key must be a plain word"),
        ("a: b\n---\nc: d\n", 2, 1, "a second YAML document"),
        ("a: b\n...\nc: d\n", 3, 1, "not YAML: did not find expected <document start>"),
        ("a: [b\n", 2, 1, "not YAML: did not find expected ',' or ']'"),
        ("a: b: c\n", 1, 5, "not YAML: mapping values are not allowed in this context"),
        ("a: b\n\tc: d\n", 2, 1, "not YAML: found a tab character that violates indentation"),
        ("é: ü\nö: \x01\n", 2, 4, "not YAML: control characters are not allowed"),
        ("a: \uffff\n", 1, 4, "not YAML: control characters are not allowed"),
        ('a: "\\q"\n', 1, 5, "not YAML: found unknown escape character"),
        (
            "%YAML 9.9\n---\na: b\n",
            1,
            1,
            "not YAML: found incompatible YAML",
        ),
        (MAX_DEPTH * "[" + "[[" + "]" * (MAX_DEPTH + 2), 1, MAX_DEPTH + 2, "nested too deeply"),
        ("{a: " * 50 + "b" + "}" * 50, 1, 4 * MAX_DEPTH + 2, "nested too deeply"),
    ],
)
def test_what_is_not_read(text: str, line: int, column: int, message: str) -> None:
    found = problem(text)
    assert found[2].startswith(message)
    assert found[:2] == (line, column)


@pytest.mark.parametrize("text", ["é: \x01\n", "😀\n\n é\x02", "a: '\x07'"])
def test_the_python_and_the_c_reader_name_the_same_place(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = problem(text)
    monkeypatch.delattr(yaml, "CBaseLoader")
    assert problem(text)[:2] == found[:2]


@QUICK
@given(st.text("ab:-?#,[]{}&*!|>'\"%@`\\ \t\n~<.0", max_size=30))
def test_reading_is_total_and_agrees_with_the_base_loader(text: str) -> None:
    try:
        root = read_yaml(text)
    except YamlProblem as error:
        assert 1 <= error.line <= text.count("\n") + 2
        assert error.column >= 1
        return
    stock = yaml.load(text, Loader=yaml.CBaseLoader)
    assert _characters(root) == ("" if stock is None else stock)


def _characters(node: Node | None) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [_characters(item) for item in node.items]
    if isinstance(node, Mapping):
        return {key.text: _characters(value) for key, value in node.items}
    return ""


@QUICK
@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_yaml(text)
    except YamlProblem as error:
        assert error.message


def test_a_hostile_nesting_is_cheap() -> None:
    for text in ("[" * 1_000_000, "- " * 200_000):  # libyaml may refuse before we do
        assert re.search("nested too deeply|maximum nesting depth", problem(text)[2])


def test_a_conflict_marker_is_called_so() -> None:
    text = "people:\n<<<<<<< HEAD\n  ana: {}\n=======\n  ana: {role: lead}\n>>>>>>> theirs\n"
    assert problem(text) == (2, 1, "a conflict marker of Git: `desk mend` tells what to do")
