"""What requesters and agents say: new, reply, note, edit, rate, watch, attach."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from desk.cli.asking import (
    edit_text,
    given_text,
    id_argument,
    ids_argument,
    named_id,
    named_ids,
    text_options,
)
from desk.cli.choices import complete_paths
from desk.cli.completion import complete_field, complete_people
from desk.cli.run import Run, command
from desk.cli.writing import report
from desk.domain.editing import Wishes
from desk.errors import UsageError

_FIELD_OPTIONS = (
    ("-r", "--requester", "WHO", "Who asks: `Name <address>`, an address, a handle."),
    ("-p", "--priority", "P", "How urgent it is."),
    ("-t", "--type", "TYPE", "incident, request, question, problem or change."),
    ("-c", "--category", "NAME", "What it is about."),
    ("-a", "--assignee", "WHO", "Who works on it: a handle, @me."),
    ("", "--team", "TEAM", "Which team answers for it."),
    ("", "--company", "NAME", "Whom the requester works for."),
    ("", "--phone", "NUMBER", "Where the requester can be called."),
    ("", "--channel", "NAME", "How the request came in."),
    ("", "--impact", "WORD", "How much it touches."),
    ("", "--urgency", "WORD", "How soon it hurts."),
)


def field_options(
    function: Callable[..., Any], tags: str = "A word to find it by; repeats."
) -> Callable[..., Any]:
    """Add the options that set fields, the same for `new` and `edit`; `tags` is said of --tag."""
    function = click.option(
        "--attach",
        "attachments",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        shell_complete=complete_paths("file"),
        help="A file to keep with the ticket; repeats.",
    )(function)
    function = click.option(
        "--set", "custom", multiple=True, metavar="NAME=VALUE", help="A custom field; repeats."
    )(function)
    function = click.option("--tag", "tags", multiple=True, metavar="TAG", help=tags)(function)
    for short, long, metavar, text in reversed(_FIELD_OPTIONS):
        names = [short, long] if short else [long]
        name = long.removeprefix("--")
        function = click.option(
            *names, name, metavar=metavar, help=text, shell_complete=complete_field(name)
        )(function)
    function = click.option(
        "-F",
        "--file",
        metavar="FILE",
        shell_complete=complete_paths("file"),
        help="The description from a file, - for standard input.",
    )(function)
    return click.option("-d", "--description", metavar="TEXT", help="The request in full.")(
        function
    )


def _wishes(given: dict[str, Any], title: str | None = None) -> Wishes:
    fields = {key: value for key, value in given.items() if value is not None}
    tags = fields.pop("tags", ())
    custom = {}
    for pair in fields.pop("custom", ()):
        name, sign, value = pair.partition("=")
        if not sign:
            raise UsageError(f"`{pair}` sets nothing", "write --set NAME=VALUE")
        custom[name.removeprefix("fields.")] = value
    if title is not None:
        fields["title"] = title
    return Wishes(fields, tuple(tags), custom)


@command("new", writes=True)
@click.argument("title", nargs=-1, metavar="[TITLE...]")
@field_options
def new_command(
    run: Run,
    title: tuple[str, ...],
    description: str | None,
    file: str | None,
    attachments: tuple[Path, ...],
    **fields: Any,
) -> None:
    """Open a ticket.

    Without other words: an incident, the last priority but one, the lowest level and its team, and
    you as the requester. On a terminal, articles that likely answer it are named first.

    \b
    Examples:
      desk new Printer on the third floor jams
      desk new "VPN is down" -r "Maria <maria@acme.example>" -p P1 --tag vpn
      fortune | desk new "What does this mean?" -F -
    """
    from desk.cli.answers import show_likely_answers
    from desk.services.opening import open_ticket

    words = " ".join(title)
    if not title and run.can_ask:
        words = click.prompt("Title", err=True)
    elif not title:
        raise UsageError("a ticket needs a title", "write `desk new What is wrong`")
    text = given_text(run, description, file, "the description", required=False, option="-d")
    show_likely_answers(run, words, text, fields["category"] or "", fields["tags"])
    outcome = open_ticket(run.desk, _wishes(fields, words), text, attachments)
    report(run, outcome, "new")


@command("reply", writes=True)
@ids_argument
@text_options("What to say")
@click.option("--wait", is_flag=True, help="Then wait for the requester.")
@click.option(
    "--from",
    "speaker",
    metavar="WHO",
    shell_complete=complete_people,
    help="Take down what the requester, or somebody on their side, said.",
)
def reply_command(
    run: Run,
    ids: tuple[str, ...],
    message: str | None,
    file: str | None,
    wait: bool,
    speaker: str | None,
) -> None:
    """Answer the requester, in public; or say something as the requester.

    \b
    Examples:
      desk reply 7k3 -m "Which tray do you use?" --wait
      desk reply 7k3 --from maria@acme.example -m "The lower one."
    """
    from desk.services.saying import reply

    names = named_ids(ids)
    if wait and speaker:
        raise UsageError("--wait is for answers, and --from for what the requester said", "use one")
    text = given_text(run, message, file, "the reply", names=names)
    report(run, reply(run.desk, names, text, wait, speaker), "reply")


@command("note", writes=True)
@ids_argument
@text_options("What to write down")
def note_command(run: Run, ids: tuple[str, ...], message: str | None, file: str | None) -> None:
    """Write something down, internally.

    \b
    Example:
      desk note 7k3 -m "Called the supplier: new rollers on Monday."
    """
    from desk.services.saying import note

    names = named_ids(ids)
    text = given_text(run, message, file, "the note", names=names)
    report(run, note(run.desk, names, text), "note")


@command("rate", writes=True)
@id_argument
@click.argument("score", type=int, metavar="1..5")
@text_options("Why")
def rate_command(run: Run, ids: str, score: int, message: str | None, file: str | None) -> None:
    """Say how content you are with a ticket, from 1 to 5.

    \b
    Example:
      desk rate 7k3 5 -m "Quick and friendly."
    """
    from desk.services.saying import rate

    names = named_ids(ids)
    text = given_text(run, message, file, "the reason", required=False)
    report(run, rate(run.desk, names, score, text), "rate")


@command("watch", writes=True)
@ids_argument
@click.option("--remove", is_flag=True, help="No longer.")
def watch_command(run: Run, ids: tuple[str, ...], remove: bool) -> None:
    """Hear of what happens to a ticket: puts you among its watchers.

    \b
    Examples:
      desk watch 7k3
      desk list watchers:@me
    """
    from desk.services.saying import watch

    outcome = watch(run.desk, named_ids(ids), remove)
    report(run, outcome, "watch", "is not watched by you" if remove else "")


@command("attach", writes=True)
@id_argument
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@text_options("What they show")
def attach_command(
    run: Run, ids: str, files: tuple[Path, ...], message: str | None, file: str | None
) -> None:
    """Keep files with a ticket, at most 25 MB each.

    \b
    Example:
      desk attach 7k3 screenshot.png -m "The error on the display."
    """
    from desk.services.saying import attach

    name = named_id(ids)
    text = given_text(run, message, file, "the text", required=False)
    report(run, attach(run.desk, name, files, text), "attach")


@command("edit", writes=True)
@ids_argument
@partial(field_options, tags="One more word to find it by; repeats (`desk tag` takes one off).")
@click.option("--title", metavar="TEXT", help="A better title.")
def edit_command(
    run: Run,
    ids: tuple[str, ...],
    description: str | None,
    file: str | None,
    title: str | None,
    attachments: tuple[Path, ...],
    **fields: Any,
) -> None:
    """Change fields; without options, edit the whole file in your editor.

    An empty value clears a field. -d and -F add a new description; the old one stays in the log.

    \b
    Examples:
      desk edit 7k3 -p P1 --set asset=PC-42 --attach screen.png
      desk edit 7k3
    """
    from desk.services.editing import edit_fields, edit_file

    names = named_ids(ids)
    wishes = _wishes(fields, title)
    text = given_text(run, description, file, "the description", required=False, option="-d")
    if not wishes.is_empty or text or attachments:
        report(run, edit_fields(run.desk, names, wishes, text, attachments), "edit")
        return
    if not run.can_ask:
        raise UsageError("nothing to change is named", "see `desk edit --help` for the options")
    if len(names) != 1:
        raise UsageError("the editor takes one ticket at a time", "name one, or use options")
    if run.dry_run:
        raise UsageError("-n shows what options would change", "leave it out to use the editor")

    def edit(text: str, path: Path) -> str:
        run.typed = path
        return edit_text(text, path)

    report(run, edit_file(run.desk, names[0], edit), "edit")
