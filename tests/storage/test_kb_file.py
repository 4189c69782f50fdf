"""Articles on disk: read whole, or told what is wrong with each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.kb import Article
from desk.errors import Diagnostic
from desk.storage.kb_file import parse_article, read_library

WHOLE = """\
---
title: "VPN: drops every hour"
tags: [vpn, network]
category: network
audience: public
owner: ana
reviewed: 2026-11-01
related: [reset-2fa]
colour: blue
---

# What to do

Restart it.
"""


def read(text: str | bytes, path: str = "kb/vpn-drops.md") -> Article:
    article, problems = parse_article(text.encode() if isinstance(text, str) else text, path)
    assert problems == ()
    assert article is not None
    return article


def fault(text: str | bytes) -> Diagnostic:
    article, problems = parse_article(
        text.encode() if isinstance(text, str) else text, "kb/vpn-drops.md"
    )
    assert article is None
    assert len(problems) == 1, problems
    return problems[0]


def with_line(line: str) -> str:
    return f"---\ntitle: VPN\n{line}\n---\n"


def test_an_article_with_everything() -> None:
    assert read(WHOLE) == Article(
        slug="vpn-drops",
        title="VPN: drops every hour",
        text="# What to do\n\nRestart it.",
        audience="public",
        tags=("vpn", "network"),
        category="network",
        owner="ana",
        reviewed=date(2026, 11, 1),
        related=("reset-2fa",),
        others={"colour": "blue"},
    )


def test_an_article_with_a_title_alone() -> None:
    assert read("---\ntitle: VPN\n---\n") == Article("vpn-drops", "VPN")


def test_line_ends_and_byte_order_marks_make_no_difference() -> None:
    windows = b"\xef\xbb\xbf" + WHOLE.encode().replace(b"\n", b"\r\n")
    assert read(windows) == read(WHOLE)


def test_scalars_are_their_characters() -> None:
    article = read("---\ntitle: no\ntags: [1.10, yes, yes]\nowner:\ncategory: ~\n---\n")
    assert (article.title, article.tags) == ("no", ("1.10", "yes"))
    assert (article.owner, article.category) == ("", "")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("audience: everyone", "unknown audience `everyone`"),
        ("audience: Public", "did you mean `public`?"),
        ("reviewed: 01/11/2026", "is not a date"),
        ("reviewed: 2026-02-30", "does not exist"),
        ("tags: vpn", "`tags` is a list: write tags: [one, two]"),
        ("related: {a: b}", "`related` cannot hold a mapping"),
        ("owner: [ana]", "`owner` is no list"),
        ("tags: [[a]]", "`tags` is nested too deeply"),
        ('colour: "\\0"', "`colour` holds a NUL character"),
    ],
)
def test_a_value_of_the_wrong_kind_has_its_line(line: str, message: str) -> None:
    found = fault(with_line(line))
    assert (found.code, found.path, found.line) == ("field", "kb/vpn-drops.md", 3)
    assert message in found.message


def test_every_fault_is_named_at_once() -> None:
    _, problems = parse_article(b"---\naudience: all\nreviewed: soon\n---\n", "kb/a.md")
    assert [each.line for each in problems] == [2, 3]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("---\ntags: [a]\n---\n", "field", 1),
        ("---\n---\n", "field", 1),
        ("no front matter", "front-matter", 1),
        ("---\ntitle: VPN\n", "front-matter", 1),
        ("---\n- title\n---\n", "yaml", 2),
        ("---\ntitle: [\n---\n", "yaml", 3),
        ("---\ntitle: a\ntitle: b\n---\n", "yaml", 3),
        ("---\ntitle: &a b\n---\n", "yaml", 2),
        ("---\n<<<<<<< ours\ntitle: a\n=======\ntitle: b\n>>>>>>> x\n---\n", "conflict", 2),
        (b"---\ntitle: \xff\n---\n", "encoding", 2),
        ("---\ntitle: VPN\n---\n\0", "encoding", 4),
        ("---\ntitle: VPN\n---\n" + "x" * 1_000_000, "size", 0),
    ],
)
def test_what_is_no_article_says_why(text: str | bytes, code: str, line: int) -> None:
    found = fault(text)
    assert (found.code, found.line) == (code, line)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: f"---\n{text}\n---\n".encode(errors="replace"))
)
def test_reading_is_total(data: bytes) -> None:
    article, problems = parse_article(data, "kb/a.md")
    assert (article is None) == bool(problems)


def test_one_bad_article_hides_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    (folder / "old").mkdir(parents=True)
    (folder / "good.md").write_text("---\ntitle: Good\n---\n")
    (folder / "bad.md").write_text("bad")
    (folder / "link.md").symlink_to(folder / "good.md")
    (folder / "old" / "lost.md").write_text("---\ntitle: Lost\n---\n")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / ".hidden.md").write_text("x")
    library = read_library(tmp_path)
    assert [each.path for each in library.articles] == ["kb/good.md"]
    assert [(each.code, each.path) for each in library.unreadable] == [
        ("front-matter", "kb/bad.md"),
        ("link", "kb/link.md"),
        ("stray", "kb/old/lost.md"),
    ]


def test_there_may_be_no_knowledge_base(tmp_path: Path) -> None:
    assert read_library(tmp_path) == ((), ())


def test_a_knowledge_base_behind_a_link_is_not_read(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret.md").write_text("---\ntitle: Secret\n---\n")
    (tmp_path / "kb").symlink_to(elsewhere)
    library = read_library(tmp_path)
    assert library.articles == ()
    assert [each.code for each in library.unreadable] == ["link"]
