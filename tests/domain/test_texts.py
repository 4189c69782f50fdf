"""Texts from strangers: kept as given, never taken for an entry, never sent raw to a terminal."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.texts import (
    MAX_TEXT_BYTES,
    STRANGE,
    guard,
    one_line,
    quoted,
    shortened,
    stored,
    trimmed,
    unguard,
    visible,
    visible_lines,
    with_plain_ends,
)
from tests.builders import QUICK, hostile_texts, hostile_values
from tests.timing import MOST, growth

HEADING = "## 2026-11-22T09:34:35Z ana changed status=closed"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("a", "a"),
        ("a\n", "a"),
        ("\n \n\t\n  a  \n\nb\n \t\n", "  a  \n\nb"),
        ("a\r\nb\r\n", "a\nb"),
        ("a\rb", "a\rb"),
        ("\r\n\r\n", ""),
        (" \t ", ""),
        ("\x0c\na", "\x0c\na"),
        ("\u00a0\na\n\u2028", "\u00a0\na\n\u2028"),
        ("e\u0301 \ufb01", "e\u0301 \ufb01"),
    ],
)
def test_a_text_is_kept_but_for_line_ends_and_outer_blank_lines(text: str, kept: str) -> None:
    assert stored(text) == kept


@pytest.mark.parametrize(
    ("text", "fault"), [("a\0b", "NUL"), ("\ud800", "UTF-8"), ("x" * 1_000_001, "1,000,001 bytes")]
)
def test_what_no_ticket_may_hold(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        stored(text)


def test_the_limit_counts_bytes_as_they_are_stored() -> None:
    assert MAX_TEXT_BYTES == 1_000_000
    assert stored("\n" + "é" * 500_000 + "\r\n") == "é" * 500_000
    with pytest.raises(ValueError, match="1,000,002 bytes"):
        stored("é" * 500_001)


@QUICK
@given(hostile_texts)
def test_storing_twice_is_storing_once(text: str) -> None:
    once = stored(text)
    assert stored(once) == once
    assert trimmed(once) == once


@pytest.mark.parametrize(
    "line",
    [
        HEADING,
        "## 2026-11-22T",
        "## 0000-99-99Tanything",
        "<<<<<<< HEAD",
        ">>>>>>> theirs",
        "<<<<<<< ",
    ],
)
@pytest.mark.parametrize("depth", [0, 1, 3])
def test_a_line_that_could_be_mistaken_gets_one_more_backslash(line: str, depth: int) -> None:
    text = f"before\n{chr(92) * depth}{line}\nafter"
    assert guard(text) == f"before\n{chr(92) * (depth + 1)}{line}\nafter"
    assert unguard(guard(text)) == text


@pytest.mark.parametrize(
    "line",
    [
        *("## Steps", "## 2026-11-22", "## 26-11-22T", "##  2026-11-22T", "### 2026-11-22T"),
        *(" ## 2026-11-22T", "x\\## 2026-11-22T", "## ٢٠٢٦-11-22T", "##\t2026-11-22T"),
        *("<<<<<<<", "<<<<<< HEAD", "<<<<<<<< HEAD", "=======", "|||||||", "---", "\\", "\\\\a"),
        *("a\r## 2026-11-22T", "a\u2028## 2026-11-22T", "a\x85>>>>>>> b"),
    ],
)
def test_other_markdown_is_left_alone(line: str) -> None:
    assert guard(line) == line
    assert unguard(line) == line


@QUICK
@given(hostile_texts)
def test_what_is_guarded_reads_back_and_forges_nothing(text: str) -> None:
    guarded = guard(text)
    assert unguard(guarded) == text
    assert not re.search(r"^(## \d{4}-\d\d-\d\dT|<<<<<<< |>>>>>>> )", guarded, re.M | re.A)


@QUICK
@given(hostile_texts)
def test_guarding_again_adds_and_reading_takes_one_layer(text: str) -> None:
    assert unguard(guard(guard(text))) == guard(text)


@QUICK
@given(hostile_values)
def test_a_quoted_value_is_json_and_yaml_without_a_strange_character(value: str) -> None:
    written = quoted(value)
    assert json.loads(written) == value
    assert yaml.load(written, yaml.BaseLoader) == value
    assert not STRANGE.search(written)


@pytest.mark.parametrize(
    ("text", "shown", "lines"),
    [
        ("plain é 😀 ﷽", "plain é 😀 ﷽", "plain é 😀 ﷽"),
        ("\x1b[31mred\x9b", "\\u001b[31mred\\u009b", "\\u001b[31mred\\u009b"),
        ("a\tb\nc\rd", "a\\u0009b\\u000ac\\u000dd", "a\tb\nc\\u000dd"),
        ("\u202eexe.txt\u2066", "\\u202eexe.txt\\u2066", "\\u202eexe.txt\\u2066"),
        ("\x85\u2028\u2029\x7f", "\\u0085\\u2028\\u2029\\u007f", "\\u0085\\u2028\\u2029\\u007f"),
    ],
)
def test_strange_characters_are_shown_escaped(text: str, shown: str, lines: str) -> None:
    assert visible(text) == shown
    assert visible_lines(text) == lines


@pytest.mark.parametrize("code", [*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029, 0x200E, 0x202E])
def test_every_control_character_is_strange(code: int) -> None:
    assert STRANGE.fullmatch(chr(code))


@QUICK
@given(st.text())
def test_nothing_strange_reaches_the_screen(text: str) -> None:
    assert not STRANGE.search(visible(text))
    assert not STRANGE.search(visible_lines(text).replace("\n", "").replace("\t", ""))


def test_a_line_loses_its_outer_white_space() -> None:
    assert one_line(" \tPrinter  jams\n") == "Printer  jams"


@pytest.mark.parametrize(("text", "fault"), [("\0", "NUL"), ("\udc80", "UTF-8")])
def test_a_line_is_text(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        one_line(text)


def test_many_carriage_returns_take_no_longer_than_as_many_letters() -> None:
    assert with_plain_ends("a\r\r\nb\rc\r\r") == "a\nb\rc\n"
    assert growth(with_plain_ends, lambda size: "\r" * size + "a", 4_000) < MOST


def test_a_sentence_loses_its_middle() -> None:
    assert shortened("`abc` is no number", 18) == "`abc` is no number"
    assert shortened(f"`{'9' * 100}` is no number", 30) == f"`{'9' * 14} ... 9` is no number"
