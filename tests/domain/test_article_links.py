"""Links in articles: found in the Markdown, and made out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.article_checks import Reach, link_problems
from desk.domain.article_links import Target, anchors_of, links_in, made_out
from desk.domain.kb import Article
from tests.builders import ID, PATH, QUICK
from tests.timing import MOST, growth

FILES = {PATH, "kb/vpn-drops.md", "kb/plan.png", "kb/two words.md", "README.md"}


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("See [VPN](vpn-drops.md) and [more](#more).", ["vpn-drops.md", "#more"]),
        ('![plan](plan.png "The plan") [![x](a.png)](b.md)', ["plan.png", "a.png", "b.md"]),
        ("[a](<two words.md>)", ["two words.md"]),
        ('[a]: vpn-drops.md "VPN"', ["vpn-drops.md"]),
        ("[a](https://x.example/b.md) [b](mailto:a@x.example) [c](/kb/a.md) [d]()", []),
        ("`[a](b.md)` [c](d.md) ``[e](f.md)``", ["d.md"]),
        ("```\n[a](b.md)\n```\n[c](d.md)\n~~~ md\n[e](f.md)\n```\n[g](h.md)\n", ["d.md"]),
        ("\\[a\\](b.md)", []),
        ("a ` alone [b](c.md)", ["c.md"]),
    ],
)
def test_relative_links_are_found_but_for_those_in_code(text: str, targets: list[str]) -> None:
    assert [link.target for link in links_in(text)] == targets


def test_a_link_knows_its_line() -> None:
    assert [link.line for link in links_in("a\n\n[a](b.md)\n[c](d.md)")] == [2, 3]


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("vpn-drops.md", Target("kb/vpn-drops.md")),
        ("kb/vpn-drops.md#a", Target("kb/vpn-drops.md", anchor="a")),
        ("two%20words.md?plain=1", Target("kb/two words.md")),
        ("../README.md", Target("README.md")),
        (PATH, Target(PATH)),
        (f"../{PATH}", Target(PATH)),
        (ID.lower(), Target(ticket=ID)),
        ("#what-to-do", Target(anchor="what-to-do")),
        ("../../secret.md", None),
    ],
)
def test_where_a_link_leads(written: str, target: Target | None) -> None:
    assert made_out(written, FILES.__contains__) == target


def test_anchors_are_made_as_forges_make_them() -> None:
    text = "# What to do?\n## What to do\n### A_b, c--d #\n```\n# none\n```\nSet #5\n#\n"
    assert anchors_of(text) == {"what-to-do", "what-to-do-1", "a_b-c--d", ""}


def told(text: str) -> list[tuple[int, str]]:
    reach = Reach(FILES.__contains__, {ID}.__contains__, lambda slug: frozenset({"steps"}))
    article = Article("printer-jams", "A printer jams", text)
    slugs = frozenset({"vpn-drops", "printer-jams"})
    return [(each.line, each.message) for each in link_problems(article, slugs, reach)]


def test_links_that_lead_somewhere_are_fine() -> None:
    assert (
        told(
            f"[a](vpn-drops.md#steps) [b](#steps) [c]({ID}) [d](plan.png) [e](../{PATH}#x)\n"
            "[f](kb/vpn-drops.md) [g](../../other/repository.md)"
        )
        == []
    )


def test_links_that_lead_nowhere_are_named_with_a_guess() -> None:
    assert told("[a](vpn-drop.md)\n[b](#stepps)\n[c](HD-2611-ZZZZZ)\n[d](x/y.png)") == [
        (0, "there is no file kb/vpn-drop.md: did you mean `vpn-drops`?"),
        (1, "kb/printer-jams.md has no heading `#stepps`: did you mean `steps`?"),
        (2, "there is no ticket HD-2611-ZZZZZ: correct the ID, or remove the link"),
        (3, "there is no file kb/x/y.png: correct the link, or remove it"),
    ]


@QUICK
@given(st.text("[]()<>#`~ a.\\:/%\n-", max_size=60))
def test_every_text_can_be_looked_through(text: str) -> None:
    for link in links_in(text):
        made_out(link.target, lambda path: True)
    anchors_of(text)


@pytest.mark.parametrize("piece", ["](", "[a](", "`a``", "](<", "[", "# #", "~~~\n", "\\]("])
def test_links_are_found_in_time_in_proportion_to_the_text(piece: str) -> None:
    assert growth(lambda text: list(links_in(text)), lambda n: piece * n, 2000) < MOST
    assert growth(anchors_of, lambda n: "# " + piece * n, 2000) < MOST
