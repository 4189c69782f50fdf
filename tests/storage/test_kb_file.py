"""Articles on disk: read whole, or told what is wrong with each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.kb import Article
from desk.errors import Diagnostic
from desk.storage.kb_file import format_article, parse_article, read_library, text_line
from tests.builders import QUICK, articles

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


CANONICAL = """\
---
title: "VPN: drops every hour"
tags: [vpn, "1.10"]
category: network
audience: internal
owner: ana
reviewed: 2026-11-01
related: [reset-2fa]
---

# What to do

Restart it.
"""


def test_a_canonical_file_is_written_as_it_was_read() -> None:
    assert format_article(read(CANONICAL)).decode() == CANONICAL
    assert format_article(Article("vpn", "VPN")).decode() == (
        "---\ntitle: VPN\naudience: internal\n---\n"
    )


@QUICK
@given(articles)
def test_what_is_written_is_read_back(article: Article) -> None:
    data = format_article(article)
    assert parse_article(data, "kb/vpn-drops.md") == (article, ())
    assert format_article(article, data) == data


@pytest.mark.parametrize("key", ["<<<<<<< a", ">>>>>>> a", "... a", "...", "---", "- a", "<<", "~"])
def test_a_key_is_never_taken_for_something_else(key: str) -> None:
    article = Article("vpn-drops", "VPN", others={key: "x"})
    assert parse_article(format_article(article), "kb/vpn-drops.md") == (article, ())


@QUICK
@given(articles, articles)
def test_a_rewritten_file_says_what_the_article_says(before: Article, after: Article) -> None:
    data = format_article(after, format_article(before))
    assert parse_article(data, "kb/vpn-drops.md") == (after, ())


BY_HAND = """\
---
# reviewed every spring
audience:   public   # everybody
title: VPN   # short
colour: blue
tags:
  - vpn
  - network
---


Restart it.
"""


def test_a_rewrite_keeps_comments_unknown_keys_and_what_it_does_not_change() -> None:
    article = read(BY_HAND)
    assert format_article(article, BY_HAND.encode()).decode() == BY_HAND
    changed = replace(article, title="The VPN", owner="ana", reviewed=date(2026, 11, 22))
    assert format_article(changed, BY_HAND.encode()).decode() == BY_HAND.replace(
        "title: VPN   # short\ncolour: blue\n",
        "title: The VPN  # short\ncolour: blue\n",
    ).replace("  - network\n", "  - network\nowner: ana\nreviewed: 2026-11-22\n")


def test_a_rewrite_leaves_unsaid_what_was_and_puts_a_new_text_below() -> None:
    article = replace(read("---\ntitle: VPN\n---\nold"), text="new")
    assert format_article(article, b"---\ntitle: VPN\n---\nold") == (
        b"---\ntitle: VPN\n---\n\nnew\n"
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [(CANONICAL, 11), (BY_HAND, 12), ("---\ntitle: VPN\n---\nx", 4), ("---\ntitle: V\n---\n", 4)],
)
def test_the_line_on_which_a_text_begins(text: str, line: int) -> None:
    assert text_line(text.encode()) == line
    assert text_line(text.replace("\n", "\r\n").encode()) == line


@pytest.mark.parametrize("line", ["owner: a\x85b", "...", "owner: a\u2028b"])
def test_what_yaml_takes_for_an_end_is_refused(line: str) -> None:
    assert (fault(with_line(line)).code, fault(with_line(line)).line) == ("yaml", 3)
