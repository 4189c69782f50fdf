"""The knowledge base on disk: one article a file, `kb/<slug>.md`; read, and written."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from desk.domain.kb import ARTICLE_FIELDS, ARTICLE_LISTS, AUDIENCES, Article
from desk.domain.opening import parse_date
from desk.domain.patterns import pattern
from desk.domain.texts import MAX_TEXT_BYTES, trimmed
from desk.domain.ticket import Value
from desk.errors import Diagnostic, did_you_mean
from desk.storage import front_matter
from desk.storage.files import LinkError, read_plain
from desk.storage.front_matter import Keys
from desk.storage.head_reader import blocks_of, conflicts, diagnostics, misleading
from desk.storage.ticket_file import decode
from desk.storage.yaml_nodes import Mapping, Node, Scalar, YamlProblem, read_yaml

FOLDER = "kb"

_FENCE = pattern(r"^---[ \t]*(?:\n|\Z)", re.MULTILINE)

_KEYS = Keys(
    {name: place for place, name in enumerate(ARTICLE_FIELDS)},
    {name: "list" if name in ARTICLE_LISTS else "text" for name in ARTICLE_FIELDS}
    | {"reviewed": "date"},
)

_Values = dict[str, Value]


class FiledArticle(NamedTuple):
    """An article, where it lies (from the workspace), and the bytes it was read from."""

    path: str
    article: Article
    data: bytes


class Library(NamedTuple):
    """All articles by path, and what could not be read."""

    articles: tuple[FiledArticle, ...]
    unreadable: tuple[Diagnostic, ...]


def read_library(root: Path) -> Library:
    """Read every article. A file that cannot be read is among the `unreadable`, and hides no
    other; where there is no folder `kb`, there are no articles."""
    articles: list[FiledArticle] = []
    unreadable: list[Diagnostic] = []
    for path, full_path, is_link in _walk(root):
        if is_link:
            unreadable.append(stray_article("link", path))
            continue
        if path.count("/") > 1:
            unreadable.append(stray_article("stray", path))
            continue
        try:
            data = read_plain(full_path, MAX_TEXT_BYTES)
        except OSError as error:
            code = "link" if isinstance(error, LinkError) else "unreadable"
            unreadable.append(Diagnostic(code, path, 0, 0, error.strerror or str(error)))
            continue
        article, problems = parse_article(data, path)
        if article is not None:
            articles.append(FiledArticle(path, article, data))
        unreadable.extend(problems)
    return Library(tuple(articles), tuple(unreadable))


def stray_article(kind: Literal["link", "stray"], path: str) -> Diagnostic:
    """Say what is wrong with a file that is no article by where it lies, or as it is a link."""
    stray = "no article lies here: they lie in kb/ itself; move it there"
    return Diagnostic(kind, path, 0, 0, stray if kind == "stray" else "a symbolic link")


def _walk(root: Path) -> Iterator[tuple[str, str, bool]]:
    """Yield (path, full path, whether a symbolic link) of the Markdown below kb/, sorted."""
    top = os.path.join(root, FOLDER)
    if os.path.islink(top):
        yield FOLDER, top, True
        return
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        here = os.path.relpath(folder, root).replace(os.sep, "/")
        for name in sorted(names):
            if name.endswith(".md") and not name.startswith("."):
                full_path = os.path.join(folder, name)
                yield f"{here}/{name}", full_path, os.path.islink(full_path)


def parse_article(data: bytes, path: str) -> tuple[Article | None, tuple[Diagnostic, ...]]:
    """Read an article's bytes: the article, or everything that is wrong with its front matter.

    `path` names it in the diagnostics, and gives the slug.
    """
    if len(data) > MAX_TEXT_BYTES:
        message = f"the article is larger than {MAX_TEXT_BYTES:,} bytes; attach what is large"
        return None, (Diagnostic("size", path, 0, 0, message),)
    text = decode(data, path)
    if isinstance(text, Diagnostic):
        return None, (text,)
    parts = _parts(text)
    if isinstance(parts, str):
        message = f"the front matter of an article {parts}: add it"
        return None, (Diagnostic("front-matter", path, 1, 1, message),)
    head, body = parts
    values, problems = _read_head(head, path)
    if problems:
        return None, problems
    slug = path.rpartition("/")[2].removesuffix(".md")
    return _article(slug, values, trimmed(body)), ()


def _parts(text: str) -> tuple[str, str] | str:
    """Return the front matter, without its fences, and what follows it; or what is amiss."""
    opening = _FENCE.match(text)
    closing = opening and _FENCE.search(text, opening.end())
    if opening is None or closing is None:
        return f"{'begins' if opening is None else 'ends'} with a line `---`"
    return text[opening.end() : closing.start()], text[closing.end() :]


def text_line(data: bytes) -> int:
    """Return the line, from 1, on which an article's text begins."""
    text = decode(data, "")
    parts = _parts(text) if isinstance(text, str) else ""
    if isinstance(parts, str):
        return 1
    head, body = parts
    return head.count("\n") + body[: body.find(trimmed(body))].count("\n") + 3


def format_article(article: Article, before: bytes | None = None) -> bytes:
    """Write an article as a file: in the canonical form or, with the file that it was read from,
    as that one with what changed alone. `before` reads well."""
    text = decode(before, "") if before is not None else ""
    parts = _parts(text) if isinstance(text, str) else ""
    if isinstance(parts, str):
        return _file(front_matter.write(_values(article), keys=_KEYS), article.text)
    head, body = parts
    was, _ = _read_head(head, "")
    values = _values(article)
    if "audience" not in was and article.audience == "internal":
        del values["audience"]
    if front_matter.scan(head, _KEYS) is not None:
        head = front_matter.write(values, keys=_KEYS)
    elif isinstance(root := read_yaml(head), Mapping):
        head = front_matter.write(values, blocks_of(head, root, was, _KEYS), _KEYS)
    if article.text == trimmed(body):
        return f"---\n{head}---\n{body}".encode()
    return _file(head, article.text)


def _file(head: str, text: str) -> bytes:
    return (f"---\n{head}---\n" + (f"\n{text}\n" if text else "")).encode()


def _values(article: Article) -> _Values:
    values: _Values = {
        "title": article.title,
        "tags": article.tags,
        "category": article.category,
        "audience": article.audience,
        "owner": article.owner,
        "reviewed": article.reviewed.isoformat() if article.reviewed else "",
        "related": article.related,
        **article.others,
    }
    return {key: value for key, value in values.items() if value}


def _read_head(text: str, path: str) -> tuple[_Values, tuple[Diagnostic, ...]]:
    scanned = front_matter.scan(text, _KEYS)
    if scanned is not None and _is_fit(scanned):
        return scanned, ()
    troubles = list(conflicts(text))[:1] or list(misleading(text))
    if troubles:
        return {}, tuple(diagnostics(text, path, troubles, first_line=2))
    try:
        root = read_yaml(text)
    except YamlProblem as error:
        return {}, (Diagnostic("yaml", path, error.line + 1, error.column, error.message),)
    if root is not None and not isinstance(root, Mapping):
        message = "the front matter is no list of `key: value` lines"
        return {}, (Diagnostic("yaml", path, 2, 1, message),)
    values: _Values = {}
    wrong: list[Diagnostic] = []
    for key, node in root.items if root else ():
        try:
            value = _value(key.text, node)
        except ValueError as error:
            wrong.append(Diagnostic("field", path, node.line + 1, node.column, str(error)))
        else:
            if value:
                values[key.text] = value
    if "title" not in values and not wrong:
        message = "the article has no `title`: add one to its front matter"
        wrong.append(Diagnostic("field", path, 1, 1, message))
    return values, tuple(wrong)


def _is_fit(values: _Values) -> bool:
    """Tell whether what was scanned is a whole front matter; where it is not, the reading of it as
    YAML says why."""
    try:
        for key in ("audience", "reviewed"):
            _check(key, str(values.get(key, "")))
    except ValueError:
        return False
    return "title" in values


def _check(key: str, text: str) -> None:
    """ValueError where a key cannot hold a text; an empty one is none."""
    if key == "audience" and text and text not in AUDIENCES:
        guess = did_you_mean(text, AUDIENCES) or f"write {' or '.join(AUDIENCES)}"
        raise ValueError(f"unknown audience `{text}`; {guess}")
    if key == "reviewed" and text:
        parse_date(text)


def _value(key: str, node: Node) -> Value:
    if isinstance(node, Mapping):
        raise ValueError(f"`{key}` cannot hold a mapping")
    if isinstance(node, Scalar):
        if node.is_absent:
            return ""
        if key in ARTICLE_LISTS:
            raise ValueError(f"`{key}` is a list: write {key}: [one, two]")
        return _text(key, node)
    if key in ARTICLE_FIELDS and key not in ARTICLE_LISTS:
        raise ValueError(f"`{key}` is no list")
    elements = (_text(key, item) for item in node.items)
    return tuple(dict.fromkeys(element for element in elements if element))


def _text(key: str, node: Node) -> str:
    if not isinstance(node, Scalar):
        raise ValueError(f"`{key}` is nested too deeply: its values are plain texts")
    if node.is_absent:
        return ""
    text = node.text
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"`{key}` is not Unicode text") from None
    if "\0" in text:
        raise ValueError(f"`{key}` holds a NUL character")
    _check(key, text)
    return text


def _article(slug: str, values: _Values, text: str) -> Article:
    def scalar(key: str) -> str:
        value = values.get(key, "")
        return value if isinstance(value, str) else ""

    def elements(key: str) -> tuple[str, ...]:
        value = values.get(key, ())
        return value if isinstance(value, tuple) else ()

    return Article(
        slug=slug,
        title=scalar("title"),
        text=text,
        audience="public" if scalar("audience") == "public" else "internal",
        tags=elements("tags"),
        category=scalar("category"),
        owner=scalar("owner"),
        reviewed=parse_date(scalar("reviewed")) if "reviewed" in values else None,
        related=elements("related"),
        others={
            key: value
            for key, value in values.items()
            if key not in ARTICLE_FIELDS and isinstance(value, str | tuple)
        },
    )
