"""Taking a secret out: redact."""

from __future__ import annotations

import click

from desk.cli.asking import given_text, id_argument, named_id, text_options
from desk.cli.run import Run, command
from desk.cli.writing import report


@command("redact", writes=True)
@id_argument
@click.argument("entry", metavar="ENTRY")
@text_options("Why")
def redact_command(run: Run, ids: str, entry: str, message: str | None, file: str | None) -> None:
    """Take the text out of an entry: a password, or what nobody should read. The entry stays, and a
    new one says who redacted it; no later merge brings the text back. ENTRY is a number as `desk
    log` shows it.

    The text is still in Git's history, and in every clone. Change the password first. To purge the
    history, put the secret into a file, a line each, and run `git filter-repo --replace-text FILE`
    (https://github.com/newren/git-filter-repo); then everybody clones anew.

    \b
    Example:
      desk redact 7k3 4 -m "a password"
    """
    from desk.services.redacting import redact

    reason = given_text(run, message, file, "the reason", required=False)
    done = redact(run.desk, named_id(ids), entry, reason)
    report(run, done.outcome, "redact", "is redacted there already")
    for path in done.copies:
        run.say(f"a copy that could not be committed has the text too: {path}")
    if done.outcome.saves and not run.dry_run:
        run.say("it is still in Git's history: `desk help redact` says how to purge that")
