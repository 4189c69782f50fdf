"""Articles as values, and their slugs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.kb import (
    ARTICLE_FIELDS,
    ARTICLE_LISTS,
    Article,
    article_path,
    as_slug,
    is_slug,
    slug_of,
)
from tests.builders import QUICK


@pytest.mark.parametrize("slug", ["vpn-drops", "a", "2fa", "reset-2-factors"])
def test_slugs_are_words_with_hyphens(slug: str) -> None:
    assert is_slug(slug)


@pytest.mark.parametrize(
    "text", ["", "VPN", "vpn_drops", "-vpn", "vpn-", "a--b", "../x", "a/b", "ñ", "a\n", "a" * 101]
)
def test_what_no_slug_looks_like(text: str) -> None:
    assert not is_slug(text)


def test_an_article_lies_under_its_slug() -> None:
    assert article_path("vpn-drops") == "kb/vpn-drops.md"


def test_what_is_not_said_to_be_public_is_internal() -> None:
    assert Article("vpn-drops", "VPN drops").audience == "internal"


def test_the_lists_are_fields() -> None:
    assert set(ARTICLE_LISTS) < set(ARTICLE_FIELDS)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("VPN drops every hour", "vpn-drops-every-hour"),
        ("  Año nuevo: ¿qué cambia?  ", "ano-nuevo-que-cambia"),
        ("Straße, Łódź & Ærø", "strasse-lodz-aero"),
        ("Can't print", "cant-print"),
        ("Ⅷ ½ ﬁx", "viii-1-2-fix"),
        ("Принтер", ""),
        ("Printer: Принтер 2", "printer-2"),
        ("!?", ""),
        ("a" * 70, "a" * 60),
        ("word " * 20, "-".join(["word"] * 12)),
    ],
)
def test_a_title_makes_a_slug(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@QUICK
@given(st.text(max_size=300))
def test_what_a_title_makes_is_a_slug_or_nothing(title: str) -> None:
    assert not slug_of(title) or is_slug(slug_of(title))


@pytest.mark.parametrize(
    "given", ["vpn-drops", "VPN_drops", " kb/vpn-drops.md", "/home/x/kb/vpn-drops.md", "vpn drops"]
)
def test_a_slug_may_be_typed_in_many_ways(given: str) -> None:
    assert as_slug(given) == "vpn-drops"
