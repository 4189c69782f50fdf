"""For administrators: what the history says."""

from __future__ import annotations

import sys
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

import click

from desk import clock
from desk.cli.checking import CHECK_FORMATS, text_format
from desk.cli.choices import complete_words, one_of
from desk.cli.refusing import refuse_as_of, refuse_fields
from desk.cli.run import Run, command
from desk.errors import DeskError, UsageError, WorkspaceError

if TYPE_CHECKING:
    from desk.services.auditing import AuditResult

HOOKS = ("pre-receive",)


@command("audit", of_now=True)
@click.argument("range", required=False, default="", metavar="[RANGE]")
@click.option("--since", default="", metavar="WHEN", help="Only commits made since then.")
@click.option("--signed", is_flag=True, help="Commits need a good signature of their author.")
@click.option(
    "--hook",
    metavar=f"[{'|'.join(HOOKS)}]",
    callback=one_of("hook", HOOKS),
    shell_complete=complete_words(HOOKS),
    help="Judge a push, as a hook of Git's on a server.",
)
def audit_command(run: Run, range: str, since: str, signed: bool, hook: str | None) -> None:
    """Find in the history who touched the record: entries rewritten or removed, signed as somebody
    else, dated far away; tickets deleted; what a role may not.

    RANGE is a branch, a commit, or a range of Git's; all of HEAD by default. Exit code 1 where
    something is found; hints alone leave it 0. `desk help audit` lists what it finds.

    \b
    Examples:
      desk audit
      desk audit origin/main..HEAD -o github
      desk audit --since -7d
      desk audit --hook pre-receive        in hooks/pre-receive of a server
    """
    from desk.render.auditing import audit_summary, audit_text
    from desk.services.auditing import audit

    refuse_as_of(run, "an audit looks at the history as it is now")
    refuse_fields(run)
    form = text_format(run, CHECK_FORMATS)
    if hook:
        if range or since:
            raise UsageError("a hook judges what is pushed", "leave RANGE and --since out")
        _judge_push(run, form, signed)
        return
    when = clock.parse_when(since, clock.now(), _zone(run)) if since else None
    result = audit(run.start, range, when, signed)
    run.answer(audit_text(result, form))
    run.say(audit_summary(result))
    _end(result)


def _zone(run: Run) -> tzinfo:
    """Return the zone whose days `--since` means; a bare repository on a server has none of its
    own."""
    try:
        return run.desk.settings.zone
    except WorkspaceError:
        return UTC


def _judge_push(run: Run, form: str, signed: bool) -> None:
    """Judge what standard input tells of a push. Whatever goes wrong refuses it: with exit code 1,
    and a sentence that whoever pushes gets to read."""
    from desk.render.auditing import advice_lines, audit_summary, audit_text
    from desk.services.receiving import audit_push, updates_in

    lines = sys.stdin.buffer.read().decode(errors="surrogateescape").split("\n")
    try:
        result = audit_push(run.start, updates_in(line for line in lines if line), signed)
    except DeskError as error:
        run.warn([*error.details, f"desk: the push is refused, as it cannot be judged: {error}"])
        click.get_current_context().exit(1)
    if form == "text":
        run.warn(audit_text(result, form).split("\n")[:-1])
    else:
        run.answer(audit_text(result, form))
    if not result.is_clean:
        run.warn(advice_lines(result))
        run.warn([f"desk: the push is refused: {audit_summary(result)}"])
    _end(result)


def _end(result: AuditResult) -> None:
    if not result.is_clean:
        click.get_current_context().exit(1)
