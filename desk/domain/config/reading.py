"""Reading sections of config.yaml: values of the right shape, and a note of whatever is not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple, TypeVar

from desk.domain.config.nodes import Items, Node, Pairs, Text
from desk.domain.settings_table import known_keys, required_keys
from desk.domain.texts import STRANGE, shortened, visible
from desk.domain.words import folded
from desk.errors import Diagnostic, UnknownName, did_you_mean

MOST_PROBLEMS = 200
"""Problems named in one go; a file with more is no config.yaml that somebody mistyped."""

LONGEST_MESSAGE = 400
MOST_SUGGESTED = 1000
"""Names among which the nearest is looked for; a hostile file could have many thousands."""

T = TypeVar("T")


class Problems:
    """What is wrong in one file, collected while it is read."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._found: list[Diagnostic] = []

    @property
    def is_full(self) -> bool:
        """Whether `MOST_PROBLEMS` are there; any further one is dropped."""
        return len(self._found) >= MOST_PROBLEMS

    @property
    def count(self) -> int:
        """How many there are so far."""
        return len(self._found)

    def add(self, at: Node, code: str, message: str) -> None:
        """Note a problem at the place of a node; `code` is shape, unknown, missing, value, twice
        or query."""
        if not self.is_full:
            shown = shortened(visible(message), LONGEST_MESSAGE)
            self._found.append(Diagnostic(f"config-{code}", self.path, at.line, at.column, shown))

    def unknown(self, at: Text, setting: str, kind: str, known: Iterable[str]) -> None:
        """Note that the text names something that this help desk does not have."""
        if not self.is_full:
            near = islice(known, MOST_SUGGESTED)
            self.add(at, "unknown", f"`{setting}`: {UnknownName(kind, at.text, near)}")

    def in_order(self) -> tuple[Diagnostic, ...]:
        """Return what was found, from the top of the file to its end."""
        found = sorted(self._found, key=lambda found: (found.line, found.column))
        if self.is_full:
            message = f"there may be more than these {MOST_PROBLEMS} problems"
            found.append(Diagnostic("config-more", self.path, 0, 0, message))
        return tuple(found)


class Section(NamedTuple):
    """A mapping of the file. `name` is what messages call it (``people.ana``, empty at the top);
    `values` leaves out what is absent, `keys` leaves out nothing."""

    name: str
    at: Node
    keys: Mapping[str, Text]
    values: Mapping[str, Node]
    problems: Problems

    def path(self, key: str) -> str:
        """Return what messages call a key of this section."""
        return f"{self.name}.{key}" if self.name else key

    def scalar(self, key: str) -> Text | None:
        """Return a key's characters with their place; None where it is absent, or no text."""
        node = self.values.get(key)
        return None if node is None else clean_text(node, self.path(key), self.problems)

    def query(self, key: str) -> Text | None:
        """Return a key's query; it may stand on several lines, for long ones."""
        node = self.values.get(key)
        if isinstance(node, Text):
            node = node._replace(text=" ".join(node.text.split("\n")).strip())
        return None if node is None else clean_text(node, self.path(key), self.problems)

    def text(self, key: str, default: str = "") -> str:
        """Return a key's characters."""
        found = self.scalar(key)
        return found.text if found else default

    def choice(self, key: str, kind: str, known: Collection[str], default: str = "") -> str:
        """Return a key's value out of a closed set, the default where it is none of it."""
        found = self.scalar(key)
        if found is None:
            return default
        if found.text not in known:
            self.problems.unknown(found, self.path(key), kind, known)
            return default
        return found.text

    def parsed(self, key: str, parse: Callable[[str], T]) -> T | None:
        """Return a key's value as `parse` reads it, whose ValueError becomes a problem."""
        found = self.scalar(key)
        return None if found is None else parsed(found, self.path(key), parse, self.problems)

    def texts(self, key: str) -> tuple[Text, ...] | None:
        """Return the elements of a key's list, each once; None where it is absent, or no list."""
        node = self.values.get(key)
        return None if node is None else clean_texts(node, self.path(key), self.problems)

    def section(self, key: str, pattern: str | None = None) -> Section | None:
        """Return a key's mapping, with `pattern` (its path in the table of settings) checked for
        unknown keys; None where it is absent, or no mapping."""
        node = self.values.get(key)
        if node is None:
            return None
        return section_of(node, self.path(key), self.problems, pattern)

    def named(self, key: str) -> Iterator[tuple[Text, Node]]:
        """Yield what stands in a key's mapping, under names of one's own."""
        found = self.section(key)
        if found is not None:
            for name, node in found.values.items():
                if self.problems.is_full:
                    return
                yield found.keys[name], node

    def elements(self, key: str) -> Iterator[tuple[str, Node]]:
        """Yield the elements of a key's list of mappings, each with what messages call it."""
        node = self.values.get(key)
        if node is None:
            return
        if not isinstance(node, Items):
            self.problems.add(node, "shape", f"`{self.path(key)}` must be a list: write `- ...`")
            return
        for place, item in enumerate(node.items, 1):
            if self.problems.is_full:
                return
            yield f"{self.path(key)}[{place}]", item


def section_of(
    node: Node, name: str, problems: Problems, pattern: str | None = None
) -> Section | None:
    """Return a mapping as a section; None, and a problem, where the node is something else.

    With `pattern`, its path in the table of settings, its keys are checked against the table;
    without, they are names of one's own, none of which may stand there for nothing.
    """
    keys = () if pattern is None else known_keys(pattern)
    if not isinstance(node, Pairs):
        example = keys[0] if keys else "name"
        problems.add(node, "shape", f"`{name}` must be a mapping, like {{{example}: ...}}")
        return None
    section = Section(
        name,
        node,
        {key.text: key for key, _ in node.pairs},
        {key.text: value for key, value in node.pairs if not _is_absent(value)},
        problems,
    )
    for key in section.keys.values():
        if keys and key.text not in keys:
            _note_unknown(key, section, keys)
            continue
        clean_text(key, section.path(key.text), problems)
        if not keys and key.text not in section.values:
            problems.add(key, "missing", f"`{section.path(key.text)}` is empty")
    for name in required_keys(pattern) if pattern is not None else ():
        if name not in section.values:
            at = section.keys.get(name, node)
            problems.add(at, "missing", f"`{section.path(name)}` is missing")
    return section


def _note_unknown(key: Text, section: Section, keys: Sequence[str]) -> None:
    if not section.problems.is_full:
        advice = did_you_mean(key.text, keys) or f"there are {', '.join(keys)}"
        message = f"`{section.path(key.text)}` is no setting; {advice}"
        section.problems.add(key, "unknown", message)


def _is_absent(node: Node) -> bool:
    return isinstance(node, Text) and node.is_absent


def clean_text(node: Node, name: str, problems: Problems) -> Text | None:
    """Return a node's characters; None, and a problem, where it is no text, or one that would
    spoil a line of output: with control characters, or with blanks around it."""
    if not isinstance(node, Text):
        what = "a list" if isinstance(node, Items) else "a mapping"
        problems.add(node, "shape", f"`{name}` must be a text, not {what}")
        return None
    if node.is_absent or not node.text:
        problems.add(node, "missing", f"`{name}` is empty")
    elif STRANGE.search(node.text):
        problems.add(node, "value", f"`{name}` holds a control character")
    elif node.text != node.text.strip():
        problems.add(node, "value", f"`{name}` begins or ends with a blank")
    else:
        return node
    return None


def clean_texts(node: Node, name: str, problems: Problems) -> tuple[Text, ...] | None:
    """Return the elements of a list of texts, each once; None, and a problem, where it is none."""
    if not isinstance(node, Items):
        problems.add(node, "shape", f"`{name}` must be a list, like [one, two]")
        return None
    found: dict[str, Text] = {}
    for place, item in enumerate(node.items, 1):
        text = clean_text(item, f"{name}[{place}]", problems)
        if text is None:
            continue
        first = found.setdefault(folded(text.text), text)
        if first is not text:
            problems.add(text, "twice", f"`{name}` names `{first.text}` twice")
    return tuple(found.values())


def parsed(text: Text, name: str, parse: Callable[[str], T], problems: Problems) -> T | None:
    """Return what `parse` makes of a text; None, and its ValueError as a problem, else."""
    try:
        return parse(text.text)
    except ValueError as error:
        problems.add(text, "value", f"`{name}`: {error}")
        return None
