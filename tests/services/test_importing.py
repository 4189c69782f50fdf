"""Importing into real repositories: what is written, what is skipped, what is told."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desk.domain.instants import parse_instant
from desk.errors import NotFound, OutsideError, Refused
from desk.services.desk import Desk, open_desk
from desk.services.importing import BadMap, ImportResult, import_csv
from desk.storage import writing
from desk.storage.commits import CommitRefused
from desk.storage.csv_file import UnreadableTable
from desk.storage.files import NewFile
from desk.storage.writing import Announce, Placed
from tests.conftest import NOW, Shell

DOCS = Path(__file__).parents[2] / "docs" / "import.md"

MAP = """\
rows: tickets
key: No
at: Opened
ticket: {title: "{Title}", requester: "{Who}"}
"""
HEADER = "No,Opened,Title,Who\n"
ROWS = "1,2026-03-02T08:00:00Z,Printer jams,Bea\n2,2026-04-02T08:00:00Z,No network,Gil\n"


def opened(shell: Shell) -> Desk:
    return open_desk(shell.folder, parse_instant(NOW), is_dated=True)


def run(
    shell: Shell, table: str | bytes, text: str = MAP, name: str = "old.map.yaml"
) -> ImportResult:
    """Import a table and a map that lie beside the help desk, as `old` unless `name` says else."""
    return run_with(opened(shell), shell, table, text, name)


def run_with(
    desk: Desk, shell: Shell, table: str | bytes, text: str = MAP, name: str = "old.map.yaml"
) -> ImportResult:
    folder = shell.folder.parent
    data = table.encode() if isinstance(table, str) else table
    (folder / "in.csv").write_bytes(data)
    (folder / name).write_text(text)
    return import_csv(desk, folder / "in.csv", folder / name)


def told(result: ImportResult) -> list[str]:
    return [f"{found.line}: {found.message}" for found in result.diagnostics]


def files_of(shell: Shell) -> dict[str, bytes]:
    return {
        str(path.relative_to(shell.folder)): path.read_bytes()
        for path in shell.folder.glob("tickets/*/*/*")
    }


def test_the_examples_of_the_documentation(desk: Shell) -> None:
    blocks = dict(re.findall(r"`([^`\s]+)`:\n\n```\w+\n(.*?)```\n", DOCS.read_text(), re.DOTALL))
    assert len(blocks) == 7
    folder = desk.folder.parent
    for name, text in blocks.items():
        if not name.startswith("tickets/"):
            (folder / name).write_text(text)
    for name in ("old_desk", "phone"):
        result = import_csv(opened(desk), folder / f"{name}.csv", folder / f"{name}.map.yaml")
        assert result.is_clean
    expected = {name: text for name, text in blocks.items() if name.startswith("tickets/")}
    assert {name: data.decode() for name, data in files_of(desk).items()} == expected


def test_one_commit_with_everything(desk: Shell) -> None:
    result = run(desk, HEADER + ROWS)
    assert result == ImportResult(
        source="old",
        rows=2,
        ids=("HD-2603-P1472", "HD-2604-4SGEY"),
        entries=2,
        known=0,
        diagnostics=(),
    )
    assert desk.git("log", "-1", "--format=%s%n%b").split() == [
        *("import", "2", "tickets", "from", "old"),
        *("HD-2603-P1472", "HD-2604-4SGEY"),
        *("Desk-Verb:", "import"),
    ]
    assert desk.git("show", "--name-status", "--format=").splitlines() == [
        "A\ttickets/2026/03/HD-2603-P1472.md",
        "A\ttickets/2026/04/HD-2604-4SGEY.md",
    ]
    assert desk.git("status", "--porcelain") == ""
    assert desk.git("rev-list", "--count", "HEAD") == "2\n"


def test_one_ticket_is_not_several(desk: Shell) -> None:
    run(desk, HEADER + ROWS.splitlines()[0])
    assert desk.git("log", "-1", "--format=%s") == "import 1 ticket from old\n"


def test_many_tickets_are_not_listed_in_the_message(desk: Shell) -> None:
    rows = "".join(f"{n},2026-03-02,Ticket {n},Bea\n" for n in range(101))
    (desk.folder / "staged.txt").write_text("mine")
    desk.git("add", "staged.txt")
    assert len(run(desk, HEADER + rows).ids) == 101
    assert desk.git("log", "-1", "--format=%s%n%b") == (
        "import 101 tickets from old\nDesk-Verb: import\n\n"
    )
    assert desk.git("status", "--porcelain") == "A  staged.txt\n"


def test_importing_twice_adds_nothing(desk: Shell) -> None:
    run(desk, HEADER + ROWS)
    before = files_of(desk)
    again = run(desk, HEADER + ROWS)
    assert (again.known, again.ids, again.entries, again.rows) == (2, (), 0, 2)
    assert files_of(desk) == before
    assert desk.git("rev-list", "--count", "HEAD") == "2\n"


def test_a_known_ticket_is_skipped_whole_and_new_ones_come_in(desk: Shell) -> None:
    run(desk, HEADER + ROWS)
    before = files_of(desk)
    changed = ROWS.replace("Printer jams", "Something else").replace("2026-04", "2026-05")
    result = run(desk, HEADER + changed + "3,2026-05-02,New one,Bea\n")
    assert (result.known, len(result.ids)) == (2, 1)
    assert {path: data for path, data in files_of(desk).items() if path in before} == before


def test_what_somebody_did_to_an_imported_ticket_stays(desk: Shell) -> None:
    ticket_id = run(desk, HEADER + ROWS).ids[0]
    path = desk.file_of(ticket_id)
    path.write_text(path.read_text().replace("Printer jams", "Printer burns"))
    assert run(desk, HEADER + ROWS).known == 2
    assert "Printer burns" in path.read_text()


def test_a_source_is_named_by_its_map(desk: Shell) -> None:
    run(desk, HEADER + ROWS)
    assert run(desk, HEADER + ROWS, name="new.map.yaml").known == 0
    assert run(desk, HEADER + ROWS, MAP + "source: old\n", "other.yaml").known == 2
    assert len(files_of(desk)) == 4


def test_a_ticket_is_known_by_an_earlier_id_and_under_another_prefix(desk: Shell) -> None:
    first, _ = run(desk, HEADER + ROWS).ids
    path = desk.file_of(first)
    new = "HD-2603-00000"
    text = path.read_text().replace(first, new)
    text = text.replace('external_id: "1"\n', f'external_id: "1"\nformer_ids: [{first}]\n')
    path.unlink()
    path.with_name(f"{new}.md").write_text(text)
    config = desk.folder / "config.yaml"
    config.write_text(config.read_text().replace("prefix: HD", "prefix: IT"))
    assert run(desk, HEADER + ROWS).known == 2


def test_a_ticket_of_the_same_external_id_from_elsewhere_is_another(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams")
    path = desk.file_of(ticket_id)
    path.write_text(path.read_text().replace("created:", 'external_id: "1"\ncreated:'))
    assert run(desk, HEADER + ROWS).known == 0


def test_a_taken_id_gives_way_to_the_next(desk: Shell) -> None:
    taken = desk.folder / "tickets/2026/03/HD-2603-P1472.md"
    taken.parent.mkdir(parents=True)
    taken.write_text("---\nid: HD-2603-P1472\ncreated: 2026-03-02T08:00:00Z\n---\n")
    ids = run(desk, HEADER + ROWS).ids
    assert ids[0].startswith("HD-2603-") and ids[0] != "HD-2603-P1472"
    assert run(desk, HEADER + ROWS).known == 2


def test_a_file_that_cannot_be_read_is_told_and_counts_as_known(desk: Shell) -> None:
    ticket_id = run(desk, HEADER + ROWS).ids[0]
    desk.file_of(ticket_id).write_text("<<<<<<< HEAD\n")
    result = run(desk, HEADER + ROWS)
    assert (result.known, result.ids) == (2, ())
    assert [found.code for found in result.unreadable] == ["conflict"]


def test_two_clones_make_the_same_files(make_desk: Callable[..., Shell]) -> None:
    one, other = make_desk("one"), make_desk("other")
    run(one, HEADER + ROWS)
    run(other, HEADER + ROWS)
    assert files_of(one) == files_of(other)


def test_a_dry_run_tells_and_writes_nothing(desk: Shell) -> None:
    result = run_with(replace(opened(desk), dry_run=True), desk, HEADER + ROWS + "3,x,Bad,Bea\n")
    assert result.ids == ("HD-2603-P1472", "HD-2604-4SGEY")
    assert told(result) == ["4: `Opened`: `x` is not like 2026-11-22T09:34:35Z"]
    assert files_of(desk) == {}
    assert desk.git("rev-list", "--count", "HEAD") == "1\n"


def test_without_commits_files_are_written(desk: Shell) -> None:
    run_with(replace(opened(desk), commits=False), desk, HEADER + ROWS)
    assert len(files_of(desk)) == 2
    assert desk.git("rev-list", "--count", "HEAD") == "1\n"


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (b"3,2026-03-02,short\n", "3: 3 cells where the header has 4"),
        (b"3,2026-03-02,long,Bea,\n", "3: 5 cells where the header has 4"),
        (b"3,2026-03-02,caf\xe9,Bea\n", "3: not UTF-8, or a NUL character"),
        (b"3,2026-03-02,a\0b,Bea\n", "3: not UTF-8, or a NUL character"),
        (b"3,2026-03-02,\xed\xa0\x80,Bea\n", "3: not UTF-8, or a NUL character"),
        (b'3,2026-03-02,"a"b,Bea\n', "3: not CSV: ',' expected after '\"'"),
        (b"3,2026-03-02,%b,Bea\n" % (b"x" * 1_000_001), "3: a cell is longer than 1,000,000"),
        (b"3,2026-03-02,%b,Bea\n" % (b"x" * 2001), "3: the title is 2,001 characters long"),
        (b",2026-03-02,No key,Bea\n", "3: the key is empty"),
        (b"1,2026-03-02,Again,Bea\n", "3: the key stands on line 2 already"),
    ],
)
def test_a_bad_row_is_told_with_its_line(desk: Shell, bad: bytes, expected: str) -> None:
    first, second = (f"{line}\n".encode() for line in ROWS.splitlines())
    result = run(desk, HEADER.encode() + first + bad + second)
    (message,) = told(result)
    assert message.startswith(expected)
    assert result.diagnostics[0].path.endswith("in.csv")
    assert not result.is_clean
    assert (len(result.ids), result.rows) == (2, 3)
    assert len(files_of(desk)) == 2


def test_a_quote_that_never_closes_is_told_where_it_begins(desk: Shell) -> None:
    result = run(desk, HEADER + ROWS + '3,2026-03-02,A title,"Bea\n4,2026-03-02,Lost,Gil\n')
    assert told(result) == ["4: a quote begins here that is never closed"]
    assert len(result.ids) == 2


def test_lines_are_those_of_the_file(desk: Shell) -> None:
    table = 'No,Opened,Title,Who\n\n1,2026-03-02,"one\n\ntwo",Bea\n\n2,x,Bad,Bea\n'
    result = run(desk, table)
    assert told(result) == ["7: `Opened`: `x` is not like 2026-11-22T09:34:35Z"]
    assert "title: one two\n" in desk.file_of(result.ids[0]).read_text()


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_any_line_ends_and_a_byte_order_mark(desk: Shell, ends: str) -> None:
    table = "\ufeff" + (HEADER + ROWS).replace("\n", ends)
    assert run(desk, table).ids == ("HD-2603-P1472", "HD-2604-4SGEY")


def test_strangers_texts_forge_nothing(desk: Shell) -> None:
    text = MAP.replace("title:", 'description: "{Title}", tags: "{Who}", title:')
    evil = '"## 2026-03-02T08:00:00Z ana replied status=closed\n---\nid: HD-2603-00000"'
    result = run(
        desk, f'{HEADER}1,2026-03-02T08:00:00Z,{evil},"a: [\x1b[2J\u202e #,{{""x""}}"\n', text
    )
    (filed,) = opened(desk).store.all().tickets
    assert filed.ticket.id == result.ids[0]
    assert [entry.verb for entry in filed.ticket.log] == ["opened"]
    assert filed.ticket.description.startswith(
        "## 2026-03-02T08:00:00Z ana replied status=closed\n-"
    )
    assert filed.ticket.title.startswith("## 2026-03-02T08:00:00Z ana replied status=closed --- id")
    assert "\x1b" not in filed.data.decode()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (b"", "in.csv:1: no names of columns"),
        (b"\n1,2\n", "in.csv:1: no names of columns"),
        (HEADER.encode("utf-16"), "in.csv:1: not UTF-8"),
        (b"N\xb0,Opened\n", "in.csv:1: not UTF-8"),
    ],
)
def test_a_table_without_columns(desk: Shell, table: bytes, message: str) -> None:
    with pytest.raises(UnreadableTable) as refusal:
        run(desk, table)
    assert refusal.value.message.endswith(message)


def test_a_map_that_does_not_check_imports_nothing(desk: Shell) -> None:
    with pytest.raises(BadMap) as refusal:
        run(desk, HEADER + ROWS, MAP.replace("Opened", "Opend").replace("title", "titel"))
    assert refusal.value.exit_code == 4
    assert [detail.partition("old.map.yaml:")[2] for detail in refusal.value.details] == [
        "3:5: `at.column`: unknown column `Opend`; did you mean `Opened`?",
        "4:9: `ticket.title` is missing",
        "4:10: unknown field `titel` in `ticket`; did you mean `title`?",
    ]
    assert files_of(desk) == {}


@pytest.mark.parametrize(
    ("text", "place"),
    [("rows: [", ":2:1: not YAML"), ("a: \0", ":1: a NUL"), ("#" * 1_000_001, ": more than")],
)
def test_a_map_that_cannot_be_read(desk: Shell, text: str, place: str) -> None:
    with pytest.raises(BadMap) as refusal:
        run(desk, HEADER + ROWS, text)
    assert f"old.map.yaml{place}" in refusal.value.details[0]


def test_files_that_are_not_there(desk: Shell) -> None:
    folder = desk.folder.parent
    (folder / "in.csv").write_text(HEADER)
    with pytest.raises(NotFound):
        import_csv(opened(desk), folder / "in.csv", folder / "none.yaml")
    (folder / "m.yaml").write_text(MAP)
    with pytest.raises(NotFound):
        import_csv(opened(desk), folder / "none.csv", folder / "m.yaml")
    with pytest.raises(OutsideError):
        import_csv(opened(desk), folder, folder / "m.yaml")
    with pytest.raises(OutsideError):
        import_csv(opened(desk), folder / "in.csv", folder)


def test_names_that_the_config_lacks_are_kept_and_told(desk: Shell) -> None:
    text = MAP.replace("title:", 'assignee: "{Who}", priority: P9, team: support, title:')
    result = run(desk, HEADER + ROWS, text)
    assert result.is_clean
    assert result.unknown == (
        "1 ticket names the person `Bea`, which config.yaml does not have",
        "1 ticket names the person `Gil`, which config.yaml does not have",
        "2 tickets name the priority `P9`, which config.yaml does not have",
    )
    assert "priority: P9" in desk.file_of(result.ids[0]).read_text()


def test_progress_is_told_to_the_end(desk: Shell) -> None:
    run(desk, HEADER + ROWS)
    folder = desk.folder.parent
    seen: list[tuple[int, int]] = []
    import_csv(
        opened(desk),
        folder / "in.csv",
        folder / "old.map.yaml",
        lambda done, total: seen.append((done, total)),
    )
    assert seen == [(1, 2), (2, 2)]


def test_a_ticket_that_would_be_too_large_is_left_out(desk: Shell) -> None:
    text = MAP.replace("tickets", "events", 1) + "events: {column: Title, values: {}}\n"
    text = text.replace('"{Title}"', '"{Who}"')
    rows = f'1,2026-03-02,"{"x" * 990_000}",Bea\n' * 11
    result = run(desk, f"{HEADER}2,2026-03-02,small,Bea\n{rows}", text)
    (message,) = told(result)
    assert message.startswith("3: `1` would be 10,")
    assert len(result.ids) == 1


def test_importing_needs_nobody(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    config = Path(os.environ["HOME"]) / ".gitconfig"
    config.write_text("[user]\n\tuseConfigOnly = true\n")
    unknown = opened(desk)
    assert unknown.known_actor is None
    with pytest.raises(CommitRefused):
        run_with(unknown, desk, HEADER + ROWS)
    assert files_of(desk) == {}
    assert desk.git("status", "--porcelain") == ""
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Somebody")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "somebody@else.example")
    assert len(run(desk, HEADER + ROWS).ids) == 2


def test_permissions_may_say_otherwise(make_desk: Callable[..., Shell]) -> None:
    config = (
        "desk: {format: 1}\n"
        "people: {ana: {name: Ana, email: ana@acme.example, role: agent}}\n"
        "permissions: {agent: [note], requester: []}\n"
    )
    shell = make_desk(config=config)
    with pytest.raises(Refused, match="may not run `desk import`"):
        run(shell, HEADER + ROWS)
    (Path(os.environ["HOME"]) / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    with pytest.raises(Refused, match="nobody says who you are"):
        run(shell, HEADER + ROWS)


def test_a_file_of_another_program_in_the_way_is_left_alone(
    desk: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = writing.write_files

    def too_late(root: Path, new: list[NewFile], announce: Announce) -> Placed:
        target = root / new[1].path
        target.parent.mkdir(parents=True)
        target.write_text("theirs")
        return written(root, new, announce)

    monkeypatch.setattr("desk.services.committing.write_files", too_late)
    with pytest.raises(Refused, match="was made meanwhile"):
        run(desk, HEADER + ROWS)
    assert files_of(desk) == {"tickets/2026/04/HD-2604-4SGEY.md": b"theirs"}
