"""The index answers as the files do: whatever is asked, and whatever changed them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.headings import new_entry
from desk.domain.ids import path_of
from desk.domain.instants import format_instant
from desk.domain.query import (
    QueryContext,
    compile_predicate,
    expand,
    meaning,
    parse_query,
    sort_key,
)
from desk.domain.ticket import Change, Ticket
from desk.domain.unanswered import unanswered
from desk.domain.words import searchable
from desk.services.desk import Desk, open_desk
from desk.services.outlines import live_outlines
from desk.services.reading import Found, find, found
from desk.services.records import text_of
from desk.services.row_making import made
from desk.services.rows import row_of
from desk.storage.config_file import load_settings
from desk.storage.index import Index
from desk.storage.index_tables import TEXTS
from desk.storage.query_sql import Condition, order_by
from desk.storage.ticket_file import format_ticket
from desk.storage.ticket_store import Filed
from tests.builders import SLOWER
from tests.conftest import Shell
from tests.services.made_tickets import CLOCK, tickets

CONFIG = (Path(__file__).parents[2] / "config.yaml").read_text()
SETTINGS, _ = load_settings(CONFIG.encode())
assert SETTINGS is not None
DESK = Desk(Path("/nowhere"), SETTINGS, CLOCK)
CONTEXT = QueryContext("ana", CLOCK, SETTINGS.zone, SETTINGS.query_names)

# ------------------------------------------------------------------------- SQL against predicates

TERMS = [
    *("is:open", "is:done", "is:mine", "is:unassigned", "is:overdue", "is:at-risk", "is:breached"),
    *("is:paused", "is:escalated", "is:reopened", "sla:met", "sla:running,at-risk", "sla:missed"),
    *("sla.resolution:breached", "sla.first-response:missed", "sla.ownership:met,paused"),
    *("status:new,waiting", "type:incident", "priority:P1..P2", "priority:P3", "level:L2.."),
    *(
        "company:acme",
        "company:*c*",
        "company:*1*",
        "company:a-b",
        'company:"100%"',
        "team:sys-admin",
    ),
    *("category:hardware", "category:*/printer", "tag:acme", "tag:a*", "tags:Ärger", "has:tags"),
    *("assignee:@me", "assignee:luis,nobody", "requester:ana", "requester:*@acme.example"),
    *("watchers:luis", "links:blocks", "links:HD-2611-7K3QF", "id:7k", "id:HD-2611", "id:abcde"),
    *("external_id:acme", "no:external_id", "fields.asset:acme", "has:fields.asset", "has:fields"),
    *("fields.asset-tag:a*", "no:fields.asset_tag", "created:-7d..", "created:2026-11-20"),
    *("updated:..-3d", "resolved:2026", "closed:-30d..", "due:..tomorrow", "until:today", "no:due"),
    *("age:3d..", "idle:..2d", "replies:1..", "reopens:0", "worked_minutes:15", "rating:4..5"),
    *("printer", "jamón", "tray", '"lower one"', "which*", "text:done", '"jams hd 2611"', "éc*"),
    *("has:rating", "has:sla", "no:sla.next_response", "title:printer", 'title:"el jamon"'),
    *("title:pri*", "resolution:fixed", "has:resolved", "has:worked_minutes"),
]
SORTS = [
    *("", "sort:due", "sort:-due", "sort:priority", "sort:-priority,created", "sort:status"),
    *("sort:-level", "sort:company", "sort:-company", "sort:requester", "sort:category"),
    *("sort:title", "sort:age", "sort:-idle", "sort:id", "sort:rating,-updated", "sort:until"),
]


@st.composite
def queries(draw: st.DrawFn) -> str:
    term = st.sampled_from(TERMS).flatmap(lambda each: st.sampled_from([each, f"-{each}"]))
    some = st.lists(term, min_size=1, max_size=3).map(" ".join)
    shape = st.one_of(
        some,
        st.tuples(some, some).map(lambda two: f"({two[0]}) or {two[1]}"),
        some.map(lambda one: f"not ({one})"),
    )
    return f"{draw(shape)} {draw(st.sampled_from(SORTS))}".strip()


def by_predicate(all_tickets: list[Ticket], text: str) -> list[str]:
    query = parse_query(text)
    matches, order = compile_predicate(query, CONTEXT), sort_key(query, CONTEXT)
    records = [found(DESK, Filed("", ticket, b"")).record for ticket in all_tickets]
    kept = sorted(filter(matches, records), key=order)
    return [str(record["id"]) for record in kept]


def by_sql(all_tickets: list[Ticket], text: str) -> list[str]:
    query = expand(parse_query(text), CONTEXT.names)
    index = Index(Path(":memory:"), "test")
    filed = [Filed(path_of(each.id), each, b"") for each in all_tickets]
    index.add([row_of(each, DESK.levels) for each in filed], ())
    with index.changing():
        numbers = [number for number, _ in index.begin_to_fill(TEXTS)]
        index.add_texts(
            (number, searchable(each.title), searchable(text_of(each)))
            for number, each in zip(numbers, all_tickets, strict=True)
        )
    condition = Condition(meaning(query, CONTEXT), CLOCK)
    order = order_by(query.sort, CONTEXT)
    paths = index.select(condition, order)
    assert index.count(condition) == len(paths)
    index.close()
    return [Path(path).stem for path in paths]


@SLOWER
@given(st.lists(tickets(), min_size=1, max_size=8, unique_by=lambda each: each.id), queries())
def test_sql_and_predicate_find_the_same_in_the_same_order(made: list[Ticket], text: str) -> None:
    assert by_sql(made, text) == by_predicate(made, text)


@SLOWER
@given(
    st.lists(tickets(), max_size=4, unique_by=lambda each: each.id), st.integers(0, 60 * 24 * 40)
)
def test_an_outline_says_what_the_ticket_says(made: list[Ticket], minutes: int) -> None:
    desk = replace(DESK, now=CLOCK + timedelta(minutes=minutes))
    index = Index(Path(":memory:"), "test")
    index.add([row_of(Filed(path_of(each.id), each, b""), DESK.levels) for each in made], ())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desk.services.outlines.answered", lambda desk, answer: answer(index))
        outlines = live_outlines(desk).tickets
    index.close()
    live = [each for each in made if each.is_live]
    expected = {}
    for each in live:
        waiting = unanswered(each, desk.settings)
        since = waiting.at if waiting else None
        expected[each.id] = (each.values, DESK.levels.standing(each, desk.now), since)
    told = {each.fields.id: (each.fields.values, *each[2:4]) for each in outlines}
    assert told == expected


@pytest.mark.parametrize("term", [*TERMS, *filter(None, SORTS)])
def test_every_term_is_answered_alike(term: str, many: list[Ticket]) -> None:
    for text in (term, f"-{term}") if not term.startswith("sort:") else (term,):
        assert by_sql(many, text) == by_predicate(many, text)


@pytest.fixture(scope="module")
def many() -> list[Ticket]:
    found: dict[str, Ticket] = {}

    @SLOWER
    @given(tickets())
    def gather(ticket: Ticket) -> None:
        found[ticket.id] = ticket

    gather()
    return list(found.values())


# ------------------------------------------------------------------ in step with what is on disk


def listed(desk: Shell, *query: str) -> tuple[list[str], int, list[str]]:
    """Return what a query finds by way of the index: IDs, how many, and the unreadable files."""
    listing = find(open_desk(desk.folder, CLOCK + timedelta(days=1)), " ".join(query))
    return _told(listing.shown), listing.total, [each.path for each in listing.unreadable]


def read(desk: Shell, *query: str) -> tuple[list[str], int, list[str]]:
    """Return the same, from a fresh read of the files."""
    opened = open_desk(desk.folder, CLOCK + timedelta(days=1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desk.services.answering.ask", lambda *given: None)
        listing = find(opened, " ".join(query))
    return _told(listing.shown), listing.total, [each.path for each in listing.unreadable]


def _told(shown: tuple[Found, ...]) -> list[str]:
    return [f"{each.ticket.id} {each.ticket.status} {each.ticket.title}" for each in shown]


@pytest.fixture
def some(make_desk: Callable[..., Shell]) -> Iterator[Shell]:
    desk = make_desk(config=CONFIG)
    for number in range(4):
        desk.id("new", f"Ticket {number}", "-p", f"P{number + 1}")
    listed(desk)
    yield desk
    assert listed(desk, "sort:id") == read(desk, "sort:id")
    assert listed(desk, "status:closed") == read(desk, "status:closed")


def first(desk: Shell) -> Path:
    return min(desk.folder.glob("tickets/*/*/*.md"))


def rewrite(path: Path, title: str = "Other") -> None:
    """Write a file in place, of the same size, as an editor might."""
    data = path.read_text()
    old = data.partition("title: ")[2].partition("\n")[0]
    with path.open("r+") as stream:
        stream.write(data.replace(old, title.ljust(len(old), "!")[: len(old)]))


def test_an_edit_in_place_is_seen(some: Shell) -> None:
    rewrite(first(some))
    assert "Other!" in str(listed(some))


def test_an_edit_that_keeps_size_and_time_is_seen(some: Shell) -> None:
    path = first(some)
    before = path.stat()
    rewrite(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "Other!" in str(listed(some))


def test_what_git_does_is_seen(some: Shell) -> None:
    path = first(some)
    some.git("checkout", "--quiet", "-b", "side")
    some("close", path.stem)
    listed(some)
    for words in (
        ["checkout", "--quiet", "main"],
        ["checkout", "--quiet", "side"],
        ["reset", "--quiet", "--hard", "HEAD~1"],
        ["merge", "--quiet", "ORIG_HEAD"],
        ["revert", "--no-edit", "HEAD"],
    ):
        some.git(*words)
        assert listed(some, "sort:id") == read(some, "sort:id")
    rewrite(path)
    listed(some)
    some.git("stash", "--quiet")
    assert "Other!" not in str(listed(some))
    some.git("stash", "pop", "--quiet")
    assert "Other!" in str(listed(some))
    some.git("add", ".")
    rewrite(path, "Again")
    assert "Again" in str(listed(some))


def test_untracked_and_ignored_files_are_seen_when_they_change(some: Shell) -> None:
    (some.folder / ".git/info").mkdir(exist_ok=True)
    (some.folder / ".git/info/exclude").write_text("tickets/\n")
    some.git("config", "status.showUntrackedFiles", "no")
    new = some.id("new", "By hand", "--no-commit")
    assert "By hand" in str(listed(some))
    rewrite(some.file_of(new), "Touched")
    assert "Touched" in str(listed(some))
    some.file_of(new).unlink()
    assert "Touched" not in str(listed(some))


@pytest.fixture
def long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be looked at again because it changed just now."""
    monkeypatch.setattr("desk.storage.freshness.RACY_NANOSECONDS", 0)


@pytest.mark.usefixtures("long_ago")
@pytest.mark.parametrize("how", ["commit", "reset"])
def test_a_file_that_git_was_told_to_forget_is_seen_when_it_changes(some: Shell, how: str) -> None:
    path = first(some)
    if how == "commit":
        some.git("rm", "--quiet", "--cached", str(path.relative_to(some.folder)))
        some.git("commit", "--quiet", "-m", "Forgotten")
    else:
        path = some.file_of(some.id("new", "Last"))
        listed(some)
        some.git("reset", "--quiet", "HEAD~1")
    listed(some)
    rewrite(path)
    assert listed(some, "title:oth*")[1] == 1


@pytest.mark.usefixtures("long_ago")
def test_tickets_are_listed_when_git_has_thrown_away_what_they_were(some: Shell) -> None:
    some("close", first(some).stem)
    assert listed(some)[1] == 3
    some.git("reset", "--quiet", "--hard", "HEAD~1")
    some.git("reflog", "expire", "--expire=now", "--all")
    some.git("gc", "--quiet", "--prune=now")
    assert listed(some)[1] == 4


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_files_that_git_does_not_look_at_are_seen(some: Shell, flag: str) -> None:
    path = first(some)
    some.git("update-index", flag, str(path.relative_to(some.folder)))
    listed(some)
    rewrite(path)
    assert "Other!" in str(listed(some))


def test_a_file_deleted_by_hand_is_not_listed_and_said(some: Shell) -> None:
    path = first(some)
    path.unlink()
    result = some("list")
    assert path.stem not in result.out
    assert "1 ticket was deleted by hand" in result.err


def test_the_name_of_a_deleted_file_is_no_command_of_its_author(some: Shell) -> None:
    path = some.folder / "tickets/2026/11/$(touch x).md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    some.git("add", "--all")
    some.git("commit", "--quiet", "-m", "x")
    path.unlink()
    assert "--worktree 'tickets/2026/11/$(touch x).md'` brings it back" in some("list").err


@pytest.mark.parametrize("is_staged", [False, True])
def test_what_brings_a_deleted_file_back_keeps_other_edits(some: Shell, is_staged: bool) -> None:
    gone, edited = sorted(some.folder.glob("tickets/*/*/*.md"))[:2]
    rewrite(edited)
    before = edited.read_bytes()
    gone.unlink()
    if is_staged:
        some.git("add", str(gone))
    advice = some("list").err.split("`")[1]
    some.git(*advice.split()[1:])
    assert gone.exists()
    assert edited.read_bytes() == before
    assert some("list").err == ""


def test_a_renamed_folder_and_a_backup_are_seen(some: Shell) -> None:
    month = first(some).parent
    subprocess.run(["cp", "-a", str(month), str(some.folder / "backup")], check=True)
    some("close", first(some).stem)
    listed(some)
    month.rename(month.parent / "12")
    assert listed(some, "sort:id") == read(some, "sort:id")
    subprocess.run(["mv", str(some.folder / "backup"), str(month)], check=True)
    (month.parent / "12").rename(some.folder / "gone")
    assert listed(some, "sort:id") == read(some, "sort:id")


def test_broken_files_links_and_strays_are_named(some: Shell) -> None:
    path = first(some)
    text = path.read_text()
    path.write_text("no ticket\n")
    (path.parent / "HD-2611-ZZZZZ.md").symlink_to("/etc/passwd")
    (some.folder / "tickets" / "stray.md").write_text("x")
    assert len(listed(some)[2]) == 3
    assert listed(some, "sort:id") == read(some, "sort:id")
    path.write_text(text)
    (path.parent / "HD-2611-ZZZZZ.md").unlink()
    assert len(listed(some)[2]) == 1


@pytest.mark.usefixtures("long_ago")
def test_links_and_folders_in_place_of_tickets_stay_named_whatever_git_does(some: Shell) -> None:
    path = first(some)
    link = path.with_name("HD-2611-ZZZZZ.md")
    link.symlink_to(path.name)
    some.git("add", "--force", str(link))
    assert len(listed(some)[2]) == 1
    some.git("commit", "--quiet", "-m", "A link")
    assert len(listed(some)[2]) == 1
    some.git("rm", "--quiet", "--cached", str(link))
    listed(some)
    path.rename(link)  # a ticket in place of a link that Git does not know
    assert listed(some, "sort:id") == read(some, "sort:id")
    link.rename(path)
    listed(some)
    text = path.read_bytes()
    path.unlink()
    path.mkdir()
    assert len(listed(some)[2]) == 1
    some.git("commit", "--quiet", "--all", "-m", "A folder")
    assert listed(some, "sort:id") == read(some, "sort:id")
    path.rmdir()
    path.write_bytes(text)


@pytest.mark.usefixtures("long_ago")
def test_no_ticket_is_listed_behind_a_link(some: Shell) -> None:
    month = first(some).parent
    month.rename(some.folder / "elsewhere")
    month.symlink_to("../../elsewhere")
    assert listed(some) == ([], 0, [str(month.relative_to(some.folder))])
    rewrite(next((some.folder / "elsewhere").iterdir()))
    assert listed(some) == read(some)


@pytest.mark.usefixtures("long_ago")
def test_two_files_of_one_id_stand_as_they_lie(some: Shell) -> None:
    path = first(some)
    listed(some)
    ticket = path.read_text()
    for name in ("HD-2611-ZZZZ2.md", "HD-2611-ZZZZ1.md"):
        path.with_name(name).write_text(ticket.replace("title: Ticket", f"title: {name}"))
        listed(some)
    assert listed(some, "sort:-id") == read(some, "sort:-id")


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # pytest-xdist has threads
def test_many_processes_make_the_same_rows(some: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    first(some).write_text("no ticket\n")
    desk = open_desk(some.folder, CLOCK)
    paths = sorted(str(path.relative_to(desk.root)) for path in desk.root.glob("tickets/*/*/*.md"))
    (alone,) = made(desk, paths, {})
    monkeypatch.setattr("desk.services.processes.MANY", 1)
    monkeypatch.setattr("desk.services.processes._AT_A_TIME", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    together = list(made(desk, paths, {}))
    assert len(together) == len(paths)
    assert [row for each in together for row in each.rows] == alone.rows
    assert [problem for each in together for problem in each.problems] == alone.problems


@pytest.mark.parametrize("query", ["", "sort:-priority", "is:overdue", "status:new sort:id"])
@pytest.mark.parametrize("limit", [0, 1, 3])
def test_entries_ahead_of_now_count_for_no_clock(some: Shell, query: str, limit: int) -> None:
    some("take", first(some).stem, now="2026-12-01T09:00:00Z")
    some("close", max(some.folder.glob("tickets/*/*/*.md")).stem, now="2026-12-01T09:00:00Z")
    opened = open_desk(some.folder, CLOCK + timedelta(hours=25))
    by_index = find(opened, query, limit)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desk.services.answering.ask", lambda *given: None)
        by_files = find(opened, query, limit)
    assert (_told(by_index.shown), by_index.total) == (_told(by_files.shown), by_files.total)


def test_settings_that_change_make_it_anew(some: Shell) -> None:
    assert listed(some, "is:overdue")[1] == 1
    config = some.folder / "config.yaml"
    config.write_text(CONFIG.partition("sla:")[0] + "views: {}\n")
    assert listed(some, "is:overdue")[1] == 0


@pytest.mark.parametrize("state", ["gone", "rubbish", "empty", "newer", "foreign", "folder"])
def test_an_index_in_any_state_is_made_anew_or_passed_by(some: Shell, state: str) -> None:
    expected = listed(some)
    path = some.folder / ".git" / "desk" / "index.sqlite"
    if state in ("newer", "foreign"):
        database = sqlite3.connect(path)
        database.execute("PRAGMA user_version = 99")
        if state == "foreign":
            database.execute("DROP TABLE meta")
            database.execute("CREATE TABLE meta (other)")
        database.commit()
        database.close()
    else:
        path.unlink()
    if state == "folder":
        path.mkdir()
    elif state in ("rubbish", "empty"):
        path.write_bytes(b"rubbish" * 1000 if state == "rubbish" else b"")
    assert listed(some) == expected


def test_an_index_that_is_damaged_inside_is_made_anew(some: Shell) -> None:
    expected = listed(some)
    path = some.folder / ".git" / "desk" / "index.sqlite"
    data = bytearray(path.read_bytes())
    page = int.from_bytes(data[16:18], "big")
    data[page:] = b"\xff" * (len(data) - page)
    path.write_bytes(data)
    assert listed(some) == expected
    assert listed(some) == expected
    assert sqlite3.connect(path).execute("SELECT count(*) FROM ticket").fetchone() == (4,)


@pytest.mark.usefixtures("long_ago")
@pytest.mark.parametrize(
    "query", [["list", "--count", "--by", "type"], ["sla", "check", "--fail-on", "never"]]
)
def test_an_index_with_a_damaged_front_matter_is_made_anew(some: Shell, query: list[str]) -> None:
    later = "2026-11-23T09:00:00Z"
    expected = some(*query, "-o", "json", now=later)
    with sqlite3.connect(some.folder / ".git" / "desk" / "index.sqlite") as database:
        database.execute("UPDATE told SET fields = '{'")
    assert some(*query, "-o", "json", now=later) == expected
    assert some(*query, "-o", "json", now=later) == expected


def test_what_articles_solved_is_counted_with_a_damaged_front_matter_too(some: Shell) -> None:
    (some.folder / "kb").mkdir(exist_ok=True)
    (some.folder / "kb" / "jams.md").write_text("---\ntitle: Jams\n---\n\nOpen it.\n")
    ticket_id = some.id("new", "Printer jams", now="2026-11-23T08:00:00Z")
    some("kb", "link", ticket_id, "jams", now="2026-11-23T08:10:00Z")
    some("resolve", ticket_id, now="2026-11-23T08:20:00Z")
    expected = some("kb", "list", "-o", "json", now="2026-11-23T09:00:00Z").out
    assert '"solved": 1' in expected
    with sqlite3.connect(some.folder / ".git" / "desk" / "index.sqlite") as database:
        database.execute("UPDATE told SET fields = '{'")
    assert some("kb", "list", "-o", "json", now="2026-11-23T09:00:00Z").out == expected


@pytest.mark.usefixtures("long_ago")
def test_an_index_with_bytes_that_are_no_text_is_made_anew(some: Shell) -> None:
    expected = listed(some)
    path = some.folder / ".git" / "desk" / "index.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("UPDATE ticket SET path = CAST(id || x'FF' AS TEXT)")
    assert listed(some) == expected
    assert listed(some) == expected
    paths = sqlite3.connect(path).execute("SELECT path FROM ticket").fetchall()
    assert len(paths) == 4


@pytest.mark.parametrize("key", ["serial", "hidden", "sparse", "last_number", "texts_to", "texts"])
def test_an_index_that_says_nonsense_of_itself_is_made_anew(some: Shell, key: str) -> None:
    expected = listed(some, "ticket")
    database = sqlite3.connect(some.folder / ".git" / "desk" / "index.sqlite")
    database.execute("UPDATE meta SET value = '{x' WHERE key = ?", (key,))
    database.commit()
    database.close()
    rewrite(first(some))
    some.git("add", ".")
    for _ in range(2):
        assert listed(some, "ticket")[1] == expected[1] - 1


def test_names_that_are_no_unicode_are_no_trouble(some: Shell) -> None:
    strange = first(some).parent / os.fsdecode(b"\xff\xfe.md")
    strange.write_bytes(b"x")
    assert len(listed(some)[2]) == 1
    assert listed(some, "sort:id") == read(some, "sort:id")
    strange.unlink()
    assert listed(some, "company:\udcff") == ([], 0, [])


def test_an_index_that_is_locked_is_passed_by(some: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.storage.index_file._BUSY_SECONDS", 0.1)
    holder = sqlite3.connect(some.folder / ".git" / "desk" / "index.sqlite", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    rewrite(first(some))
    assert "Other!" in str(listed(some))
    assert "the index is in use by another command" in some("list").err
    holder.execute("ROLLBACK")
    holder.close()


def test_texts_of_tickets_as_they_were_do_not_pile_up(
    some: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.storage.index._STALE_TEXTS", 0)
    path = first(some)
    for number in range(12):
        rewrite(path, f"Word{number}")
        assert listed(some, f"word{number}*")[1] == 1
        assert listed(some, "word*")[1] == 1
    database = sqlite3.connect(some.folder / ".git" / "desk" / "index.sqlite")
    assert database.execute("SELECT count(*) FROM texts").fetchone()[0] <= 2 * 4 + 1
    database.close()


def test_a_worktree_has_an_index_of_its_own(some: Shell, tmp_path: Path) -> None:
    some.git("worktree", "add", "--quiet", str(tmp_path / "second"), "-b", "second")
    second = Shell(tmp_path / "second", some.monkeypatch)
    second("close", first(some).stem)
    assert listed(second)[1] == 3
    assert listed(some)[1] == 4


def test_a_sparse_checkout_lists_what_it_leaves_out(some: Shell) -> None:
    before = listed(some)
    some.git("sparse-checkout", "set", "kb")
    assert listed(some) == before
    assert read(some) == before
    assert some("export").out.count("\n") == 4
    some.git("sparse-checkout", "disable")


def test_a_ticket_that_a_sparse_checkout_leaves_out_is_shown_and_not_written(some: Shell) -> None:
    ticket = first(some).stem
    some.git("sparse-checkout", "set", "kb")
    assert ticket in some("show", ticket[-5:]).out
    assert some("log", ticket).out
    refused = some("note", ticket, "-m", "Hm.", code=4).err
    assert f"{ticket} is left out by the sparse checkout" in refused
    some.git("sparse-checkout", "add", "tickets")
    some("note", ticket, "-m", "Hm.")
    some.git("sparse-checkout", "disable")


def test_a_repository_without_a_commit(make_desk: Callable[..., Shell]) -> None:
    desk = make_desk("bare", config=CONFIG)
    desk.git("update-ref", "-d", "HEAD")
    desk("new", "First", "--no-commit")
    assert listed(desk) == read(desk)
    rewrite(first(desk))
    assert "Other" in str(listed(desk)) or listed(desk) == read(desk)


STEPS = [
    *("new", "close", "edit", "edit-back", "commit", "add", "remove", "stash", "pop", "branch"),
    *("switch", "switch-back", "reset", "hide", "untrack", "touch", "read", "read"),
]


@SLOWER
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 9)), min_size=3, max_size=9))
def test_whatever_happens_the_index_says_what_the_files_say(
    playground: Shell, steps: list[tuple[str, int]]
) -> None:
    desk = playground
    # With an index that marks files as unchanged, git may refuse to reset them.
    (desk.folder / ".git" / "index").unlink()
    desk.git("reset", "--quiet", "--hard", "start")
    desk.git("clean", "--quiet", "-fdx", "tickets")
    for step, number in steps:
        _take(desk, step, number)
        if step == "read":
            assert listed(desk, "sort:id") == read(desk, "sort:id")
            assert listed(desk, "edited sort:id") == read(desk, "edited sort:id")
    for query in ("sort:id", "status:closed sort:id", "ticket sort:id", "-edited sort:id"):
        assert listed(desk, query) == read(desk, query)


@pytest.fixture(scope="module")
def playground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("playground")
    with pytest.MonkeyPatch.context() as patch:
        desk = Shell(folder, patch)
        desk.git("init", "--quiet", "--initial-branch=main")
        desk.git("config", "user.name", "Ana")
        desk.git("config", "user.email", "ana@acme.example")
        (folder / "config.yaml").write_text(CONFIG)
        for number in range(3):
            ticket = _made(number)
            path = folder / path_of(ticket.id)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(format_ticket(ticket))
        desk.git("add", ".")
        desk.git("commit", "--quiet", "-m", "start")
        desk.git("tag", "start")
        yield desk


def _made(number: int, status: str = "new") -> Ticket:
    at = CLOCK - timedelta(hours=number)
    changes = [Change("status", "=", status), Change("priority", "=", "P3")]
    values = {
        "id": f"HD-2611-AAA{number:02}",
        "title": f"Ticket {number}",
        "requester": "maria@acme.example",
        "created": format_instant(at),
    }
    return Ticket(values, ()).with_entry(new_entry(at, "ana", "opened", changes))


def _take(desk: Shell, step: str, number: int) -> None:
    """Do something to the files or to Git; what cannot be done now is passed over."""
    paths = sorted(desk.folder.glob("tickets/*/*/*.md"))
    path = paths[number % len(paths)] if paths else None
    git = ["git", "-C", str(desk.folder)]
    if step == "new":
        ticket = _made(number + 10)
        target = desk.folder / path_of(ticket.id)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(format_ticket(ticket))
    elif path is None:
        return
    elif step == "close":
        path.write_bytes(format_ticket(_made(int(path.stem[-2:]), "closed")))
    elif step in ("edit", "edit-back"):
        rewrite(path, "Edited!!" if step == "edit" else "Ticket 0")
    elif step == "remove":
        path.unlink()
    elif step == "touch":
        os.utime(path)
    elif step == "hide":
        mark = ("--assume-unchanged", "--no-assume-unchanged")[number % 2]
        subprocess.run([*git, "update-index", mark, str(path)], capture_output=True, check=False)
    else:
        words = {
            "commit": ["commit", "--quiet", "--all", "--allow-empty", "-m", "x"],
            "add": ["add", "--all", "--force"],
            "stash": ["stash", "--quiet"],
            "pop": ["stash", "pop", "--quiet"],
            "branch": ["checkout", "--quiet", "-B", "side"],
            "switch": ["checkout", "--quiet", "--force", "start"],
            "switch-back": ["checkout", "--quiet", "--force", "main"],
            "reset": ["reset", "--quiet", "--hard", "HEAD~1"],
            "untrack": ["rm", "--quiet", "--cached", str(path)],
        }.get(step)
        if words:
            subprocess.run([*git, *words], capture_output=True, check=False)
