"""Texts found by their words, the best first: SQLite's full-text table.

It holds texts as `desk.domain.words.searchable` makes them, and splits them at blanks alone (the
tokenizer `ascii` takes every other sign of such a text for a letter), so it finds what
`desk.domain.words.occurs` finds. It keeps no text itself, only which words are in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from desk.domain.words import searchable, words

TITLE_WEIGHT = 8.0
"""A word in a title tells this much more than one in the text below it."""


class Phrase(NamedTuple):
    """Words side by side, in order; with `prefix`, the last needs only to begin a word."""

    words: tuple[str, ...]
    prefix: bool = False

    @classmethod
    def of(cls, text: str, prefix: bool = False) -> Phrase:
        """Return the phrase that a text is."""
        return cls(tuple(words(text)), prefix)

    @property
    def match(self) -> str:
        """The phrase as a term of a MATCH: words hold no quotes."""
        return f'"{" ".join(self.words)}"{"*" if self.prefix else ""}'


def any_of(phrases: Iterable[Phrase]) -> str:
    """Return the MATCH that at least one of the phrases fulfils."""
    return " OR ".join(phrase.match for phrase in phrases)


def all_of(phrases: Iterable[Phrase]) -> str:
    """Return the MATCH that all of the phrases fulfil."""
    return " AND ".join(phrase.match for phrase in phrases)


def full_text_table(name: str) -> str:
    """Return the statement that makes a full-text table. Its rows are never taken out: whoever
    uses it joins it with the rows that there are."""
    return f"CREATE VIRTUAL TABLE {name} USING fts5(title, body, content='', tokenize='ascii')"


def add_texts(
    database: sqlite3.Connection, name: str, texts: Iterable[tuple[int, str, str]]
) -> None:
    """Add (number, title, text), both `searchable`, to a full-text table."""
    database.executemany(f"INSERT INTO {name} (rowid, title, body) VALUES (?, ?, ?)", texts)


def ranking(name: str) -> str:
    """Return the expression to order by, the best first, where a full-text table is searched."""
    return f"bm25({name}, {TITLE_WEIGHT}, 1.0)"


def ranked(texts: Mapping[str, tuple[str, str]], match: str) -> list[str]:
    """Return the keys of those texts, each a title and what stands below it, that fulfil a MATCH
    (`all_of`, `any_of`), the best first; of equals, as they were given."""
    if not match:
        return []
    keys: Sequence[str] = list(texts)
    database = sqlite3.connect(":memory:")
    try:
        database.execute(full_text_table("words"))
        given = enumerate(texts.values())
        rows = ((n, searchable(title), searchable(body)) for n, (title, body) in given)
        add_texts(database, "words", rows)
        order = f"{ranking('words')}, rowid"
        found = database.execute(
            f"SELECT rowid FROM words WHERE words MATCH ? ORDER BY {order}", (match,)
        )
        return [keys[number] for (number,) in found]
    finally:
        database.close()
