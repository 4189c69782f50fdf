"""Pages of reference, as Markdown, from the same tables that the program works by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desk.domain.fields import FIELD, FIELDS, RELATIONS, Field
from desk.domain.sla import CLOCKS
from desk.domain.workflow import COMMANDS
from desk.errors import EXIT_CODES
from desk.render.columns import CLOCK_PARTS, COLUMNS

ENVIRONMENT = {
    "DESK_DIR": "the help desk's folder, where -C does not name one",
    "DESK_USER": "who you are: a handle or an address from `people`, ahead of Git's identity",
    "DESK_NOW": "an instant (2026-11-22T09:34:35Z) that replaces the clock, and dates commits",
    "VISUAL, EDITOR": "the editor for texts, VISUAL first",
    "PAGER": "what shows long pages on a terminal",
    "NO_COLOR": "set to anything: no colours",
    "FORCE_COLOR": "set to anything: colours, a terminal or not",
}

FORMATS = {
    "table": "columns that fit the terminal; what lists print there",
    "plain": "tab-separated, nothing cut off, ISO times; what lists print elsewhere",
    "json": "one document with a `schema`; what could not be read is in `unreadable`",
    "jsonl": "one JSON object a line",
    "csv": "for spreadsheets; a cell that a spreadsheet would run gets a leading `'`",
    "ids": "one ID a line, for `desk COMMAND -`",
    "md": "Markdown, for pull requests and wikis",
    "html": "a page, of reports and the dashboard; `--html FILE` writes it to a file",
    "text": "findings of a check, one a line: path:line:column; `plain` and `table` say the same",
    "junit": "findings as test cases, for CI servers",
    "github": "findings as annotations of GitHub Actions",
    "gitlab": "findings as a code-quality report of GitLab",
    "sarif": "findings for code scanning",
    "prometheus": "counts of a check as metrics, for Prometheus",
}


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def fields_page() -> str:
    """Return the table of fields, of relations and of the columns besides."""
    rows = [(f"`{field.name}`", field.meaning, _values(field)) for field in FIELDS]
    derived = ", ".join(
        f"`{name}`" for name in COLUMNS if name not in FIELD and not name.startswith("sla.")
    )
    clocks = ", ".join(f"`{name}`" for name in CLOCKS)
    parts = ", ".join(f"`{name}`" for name in CLOCK_PARTS)
    relations = ", ".join(f"`{name}`" for name in RELATIONS)
    return (
        f"{markdown_table(('field', 'meaning', 'values'), rows)}\n"
        f"Relations of links: {relations}.\n\n"
        f"Lists show besides, with --fields: {derived}, `fields.<name>`, `sla.policy`, "
        f"`sla.calendar`, and `sla.<clock>.<part>`: a clock is one of {clocks}, a part one of "
        f"{parts}. In json and jsonl also whole keys: `sla`, `sla.<clock>`, `log`.\n"
    )


def _values(field: Field) -> str:
    if field.values:
        return ", ".join(field.values)
    if field.setting:
        return f"`{field.setting}` of config.yaml"
    return {"list": "a list", "mapping": "names and values", "instant": "an instant"}.get(
        field.kind, "text"
    )


def workflow_page() -> str:
    """Return the table of commands that act on tickets: from where, to where, and its text."""
    words = {"none": "", "optional": "text", "text": "text, required", "reason": "reason, required"}
    rows = [
        (
            f"`{row.name}`",
            row.summary,
            ", ".join(row.sources),
            row.target or "same",
            words[row.text] + (" (public)" if row.public else ""),
        )
        for row in COMMANDS.values()
    ]
    return markdown_table(("command", "what it does", "from", "to", "text"), rows)


def environment_page() -> str:
    """Return the table of environment variables."""
    rows = [
        (", ".join(f"`{name}`" for name in names.split(", ")), meaning)
        for names, meaning in ENVIRONMENT.items()
    ]
    return markdown_table(("variable", "meaning"), rows)


def formats_page() -> str:
    """Return the table of output formats."""
    return markdown_table(
        ("`-o`", "what it is"), [(f"`{name}`", what) for name, what in FORMATS.items()]
    )


def exit_codes_page() -> str:
    """Return the table of exit codes."""
    return markdown_table(
        ("code", "meaning"), [(str(code), meaning) for code, meaning in EXIT_CODES.items()]
    )
