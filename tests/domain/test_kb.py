"""Articles as values, and their slugs."""

from __future__ import annotations

import pytest

from desk.domain.kb import ARTICLE_FIELDS, ARTICLE_LISTS, Article, article_path, is_slug


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
