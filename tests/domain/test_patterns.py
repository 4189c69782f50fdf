"""Regular expressions that wait for their first use."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from desk.domain.patterns import pattern

TEXT = r"(?P<key>[a-z]+)=(\d+)"
LINE = "Size=12, weight=7"


def test_it_answers_as_a_compiled_expression_does() -> None:
    compiled = re.compile(TEXT, re.IGNORECASE)
    for ours in (pattern(TEXT, re.IGNORECASE), used := pattern(TEXT, re.IGNORECASE), used):
        assert ours.findall(LINE) == compiled.findall(LINE) == [("Size", "12"), ("weight", "7")]
        assert ours.split(LINE, maxsplit=1) == compiled.split(LINE, maxsplit=1)
        assert ours.sub(r"\g<key>", LINE) == compiled.sub(r"\g<key>", LINE)
        assert [match.span() for match in ours.finditer(LINE, 4)] == [(9, 17)]
        assert ours.match(LINE) and ours.search(LINE, 8) and not ours.fullmatch(LINE)
        assert (ours.pattern, ours.flags, ours.groups) == (TEXT, compiled.flags, 2)
        assert ours.subn("", LINE) == compiled.subn("", LINE)
    assert pattern(rb"\xff+").fullmatch(b"\xff\xff")


def test_what_is_wrong_with_it_comes_when_it_is_used() -> None:
    wrong = pattern("(")
    with pytest.raises(re.error):
        wrong.match("(")


def test_it_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled, compile_ = [], re.compile

    def counted(text: str, flags: int) -> re.Pattern[str]:
        compiled.append(text)
        return compile_(text, flags)

    monkeypatch.setattr("re.compile", counted)
    ours = pattern(TEXT)
    assert ours.pattern == TEXT and compiled == []
    assert ours.search(LINE) and ours.search(LINE) and ours.findall(LINE)
    assert compiled == [TEXT]


_LOADING = """
import pkgutil, re, sys
compile_ = re.compile
def watched(text, flags=0):
    if sys._getframe(1).f_globals["__name__"].startswith("desk."):
        raise AssertionError(f"compiled while it is loaded: {text}")
    return compile_(text, flags)
re.compile = watched
import desk
for module in pkgutil.walk_packages(desk.__path__, "desk."):
    if not module.name.endswith("__main__"):
        __import__(module.name)
"""


def test_no_module_compiles_one_while_it_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", _LOADING], stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr
