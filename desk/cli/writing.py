"""After a write: the ID on stdout, a sentence on stderr; in a dry run the diff instead."""

from __future__ import annotations

from desk.cli.run import Run
from desk.render.sentences import outcome_lines
from desk.services.acting import Outcome


def report(run: Run, outcome: Outcome, command: str, is_so: str = "") -> None:
    """Tell what a command did, or with -n what it would do; `is_so` is said of tickets where there
    was nothing to do."""
    run.has_written = True
    run.say_notices()
    if run.dry_run:
        from desk.render.diffs import diff_of

        for saved in outcome.saves:
            run.answer(diff_of(saved))
    else:
        run.answer("\n".join(ticket.id for ticket in outcome.tickets))
    zone = run.desk.settings.zone
    for line in outcome_lines(outcome, command, zone, run.dry_run, is_so):
        run.say(line)
