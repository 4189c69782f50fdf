"""Markdown as a forge renders it: tables stay tables, and texts of strangers are texts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from desk.domain.texts import visible
from desk.render.rows import markdown_rows

FORGE = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

HOSTILE = [
    "a|b",
    "a\\|b",
    "a\\",
    "\\",
    "two\nlines",
    "<script>alert(1)</script>",
    "<b>",
    "</details>",
    "<!-- x",
    "&lt;b&gt; &amp;",
    "`code|span`",
    "``",
    "[link](javascript:x)",
    "![image](x)",
    "<https://evil.example>",
    "*bold* _italic_ __x__",
    "~~gone~~ ~x~",
    "$x$ $$y$$",
    "# head",
    "- item",
    "---",
    "|",
    "\x1b[31mred",
    "a\u2028b",
    "\u202egnp.exe",
    "@everyone",
]


def tokens(text: str) -> Iterator[Token]:
    for token in FORGE.parse(text):
        yield token
        yield from token.children or ()


def table_of(text: str) -> list[list[str]]:
    """Return the cells of the tables in a Markdown text, as people read them."""
    rows: list[list[str]] = []
    for token in FORGE.parse(text):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows and token.level >= 4:
            rows[-1].append("".join(child.content for child in token.children or ()))
    return rows


def check(cells: list[str]) -> None:
    made = markdown_rows(["name", "count"], [[cell, "1"] for cell in cells])
    found = table_of(made)
    assert [row[0].replace("\u200b", "") for row in found[1:]] == [
        visible(cell).strip() for cell in cells
    ]
    assert all(row[1] == "1" for row in found[1:])
    kinds = {token.type for token in tokens(made)}
    assert kinds <= {
        *("table_open", "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close"),
        *("tr_open", "tr_close", "th_open", "th_close", "td_open", "td_close", "inline", "text"),
        "text_special",
    }


@pytest.mark.parametrize("cell", HOSTILE)
def test_a_cell_is_its_text(cell: str) -> None:
    check([cell, f"x {cell}", f"{cell} x"])


@given(st.lists(st.text("ab |\\<>&`[]()*_~$#-!:/@\n", min_size=1, max_size=12), min_size=1))
@example(["\\|"])
def test_any_cells_are_their_texts(cells: list[str]) -> None:
    check(cells)


@pytest.mark.parametrize("cell", ["@ana", "ask @ana", "(@org/team)", "@@x"])
def test_nobody_is_called_by_a_text(cell: str) -> None:
    made = markdown_rows(["name"], [[cell]])
    assert "@ana" not in made
    assert "@org" not in made
    assert "@x" not in made
    assert "maria@acme.example" in markdown_rows(["name"], [["maria@acme.example"]])
