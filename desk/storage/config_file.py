"""config.yaml: from bytes to checked `Settings`, or to everything that is wrong with them."""

from __future__ import annotations

import re
from pathlib import Path

from desk.domain.config.check import check_config
from desk.domain.config.nodes import Items, Node, Pairs, Text
from desk.domain.patterns import pattern
from desk.domain.settings import Settings
from desk.domain.texts import STRANGE, quoted, visible
from desk.errors import Diagnostic, WorkspaceError
from desk.storage import yaml_nodes
from desk.storage.config_cache import ConfigCache
from desk.storage.root import CONFIG, MAX_CONFIG_BYTES, config_bytes, find_git_dir
from desk.storage.yaml_nodes import YamlProblem, read_yaml

_BOM = b"\xef\xbb\xbf"


def read_settings(root: Path) -> tuple[Settings, bytes]:
    """Load the workspace's config.yaml, and return the bytes that the settings come from too;
    WorkspaceError, with all that is wrong in it."""
    data = config_bytes(root) or b""
    git_dir = find_git_dir(root)
    cache = ConfigCache(git_dir / "desk") if git_dir else None
    settings, problems = load_settings(data, CONFIG, cache)
    if settings is None:
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise WorkspaceError(f"config.yaml has {count}", "mend it first", problems)
    return settings, data


def load_settings(
    data: bytes, path: str = CONFIG, cache: ConfigCache | None = None
) -> tuple[Settings | None, tuple[Diagnostic, ...]]:
    """Read config.yaml; `path` is what diagnostics call it, and `cache` may know what is in it.

    Either there are settings and no diagnostic, or none and every problem in the file, from its
    top to its end. Never raises, whatever the bytes are.
    """
    root = cache.nodes(data) if cache else None
    if root is None:
        root, fault = _read(data, path)
        if fault is not None:
            return None, (fault,)
        if cache and root is not None:
            cache.keep(data, root)
    return check_config(root, path, _holiday_fault)


def _holiday_fault(country: str, subdivision: str) -> str:
    from desk.storage.holiday_package import country_fault

    return country_fault(country, subdivision)


def _read(data: bytes, path: str) -> tuple[Node | None, Diagnostic | None]:
    """Return the file's nodes (None where there are none), or what makes it unreadable."""
    if len(data) > MAX_CONFIG_BYTES:
        message = f"{len(data):,} bytes are too many for settings; {MAX_CONFIG_BYTES:,} is the most"
        return None, Diagnostic("config-syntax", path, 0, 0, message)
    try:
        text = data.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        return None, _unreadable(path, "not UTF-8", before.decode(errors="replace"))
    start, nul, _ = text.partition("\0")
    if nul:
        return None, _unreadable(path, "a NUL character", start)
    try:
        root = read_yaml(text)
    except YamlProblem as problem:
        where = (path, problem.line, problem.column)
        return None, Diagnostic("config-syntax", *where, visible(problem.message))
    return None if root is None else _placed(root), None


def _unreadable(path: str, fault: str, before: str) -> Diagnostic:
    line = before.count("\n") + 1
    column = len(before) - before.rfind("\n")
    return Diagnostic("config-syntax", path, line, column, f"{fault}; save the file as UTF-8 text")


def _placed(node: yaml_nodes.Node) -> Node:
    if isinstance(node, yaml_nodes.Scalar):
        return Text(node.text, node.line, node.column, node.is_absent and node.is_plain)
    if isinstance(node, yaml_nodes.Sequence):
        return Items(tuple(map(_placed, node.items)), node.line, node.column)
    pairs = ((Text(key.text, key.line, key.column), _placed(value)) for key, value in node.items)
    return Pairs(tuple(pairs), node.line, node.column)


def starter_config(
    name: str,
    prefix: str,
    timezone: str,
    admin_handle: str,
    admin_name: str,
    admin_email: str,
) -> str:
    """Write the commented config.yaml that `desk init` begins with.

    Any names will do: control characters in them become blanks, and what is empty then is left to
    its default. The other values are written as they are; `load_settings` tells what is wrong
    with them.
    """
    values = {
        "NAME": _one_line(name) or "Help desk",
        "PREFIX": prefix,
        "TIMEZONE": timezone,
        "ADMIN_HANDLE": admin_handle,
        "ADMIN_NAME": _one_line(admin_name) or admin_handle,
        "ADMIN_EMAIL": admin_email,
    }
    template = (Path(__file__).parents[1] / "templates" / CONFIG).read_text("utf-8")
    return re.sub(r"\{\{([A-Z_]+)\}\}", lambda match: _scalar(values[match[1]]), template)


def _one_line(name: str) -> str:
    return " ".join(STRANGE.sub(" ", name).split())


_PLAIN = pattern(r"[A-Za-z][A-Za-z0-9]*(?:[ ._/@+-][A-Za-z0-9]+)*", re.ASCII)
_RETYPED = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


def _scalar(text: str) -> str:
    """Write a value so that every YAML reader takes it for these characters, between brackets
    too."""
    plain = _PLAIN.fullmatch(text) and text.casefold() not in _RETYPED
    return text if plain else quoted(text)
