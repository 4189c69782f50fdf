"""For administrators, and whoever works in a clone of their own: mend, sync, doctor."""

from __future__ import annotations

from pathlib import Path

import click

from desk import clock
from desk.cli.checking import text_format
from desk.cli.refusing import refuse_as_of
from desk.cli.run import Run, command
from desk.errors import UsageError, WorkspaceError


@command("mend", writes=True)
@click.option(
    "--driver", "versions", nargs=3, type=click.Path(path_type=Path), metavar="O A B", hidden=True
)
def mend_command(run: Run, versions: tuple[Path, Path, Path] | None) -> None:
    """Put tickets in conflict right: after a merge, rebase, cherry-pick or stash.

    Both sides' entries are kept, and the fields follow from them. What was mended is staged; your
    own commit concludes. Articles and config.yaml are for you to settle, and are named.

    \b
    Example:
      desk mend && git commit --no-edit
    """
    from desk.services.conflicts import mend, merge_for_git

    if versions:
        run.answer(merge_for_git(*versions))
        return
    from desk.render.diffs import file_diff
    from desk.render.together import mended_lines, mended_object

    refuse_as_of(run, "mend looks at the files as they are now")
    form = text_format(run)
    mended = mend(run.start, run.dry_run)
    if form == "json":
        from desk.render.machine import json_document

        run.answer(json_document(mended_object(mended)))
    elif run.dry_run:
        run.answer("\n".join(file_diff(each.path, each.before, each.data) for each in mended.files))
    for line in mended_lines(mended, run.dry_run):
        run.say(line)
    if mended.left:
        click.get_current_context().exit(6)


@command("sync", writes=True)
@click.option("--no-push", "stays", is_flag=True, help="Take in what others did, send nothing.")
def sync_command(run: Run, stays: bool) -> None:
    """Fetch what others did, merge it, and send what was done here.

    Files in the work tree change once, when the whole merge is made. Tickets are merged entry by
    entry; where an article or config.yaml was changed on both sides nothing is touched, and you are
    told what to do. It may be stopped anywhere, and run again.

    \b
    Examples:
      desk sync
      desk sync -n             what would come and go
    """
    from desk.render.together import synced_lines, synced_object
    from desk.services.syncing import sync, without_settings

    refuse_as_of(run, "sync works on the present")
    if run.no_commit:
        raise UsageError("a merge is a commit", "use -n to see what would come")
    form = text_format(run)
    try:
        desk = run.desk
    except WorkspaceError:
        desk = without_settings(run.start, clock.now(), clock.is_fixed(), run.dry_run)
    synced = sync(desk, pushes=not stays, may_ask=run.can_ask)
    run.has_written = True
    for notice in desk.notices:
        run.say(notice)
    if form == "json":
        from desk.render.machine import json_document

        run.answer(json_document(synced_object(synced, desk.known_actor, run.dry_run)))
    for line in synced_lines(synced, desk.known_actor, desk.settings.zone, run.dry_run):
        run.say(line)
    if synced.refusal:
        raise synced.refusal


@command("doctor", writes=True)
def doctor_command(run: Run) -> None:
    """See whether this clone is set up as it should be: Git, Python, settings, what lies about.

    What Git has to be told to merge tickets is told to it (-n only looks). Nothing is removed: you
    are told what can be. Exit code 1 where something needs you.

    \b
    Example:
      desk doctor
    """
    from desk.render.doctor import diagnosis_object, diagnosis_text
    from desk.services.doctoring import diagnose

    refuse_as_of(run, "doctor looks at the clone as it is now")
    form = text_format(run)
    diagnosis = diagnose(run.start, run.dry_run)
    if form == "json":
        from desk.render.machine import json_document

        run.answer(json_document(diagnosis_object(diagnosis)))
    else:
        run.answer(diagnosis_text(diagnosis))
    if not diagnosis.is_well:
        click.get_current_context().exit(1)
