"""`desk lint` over real files: every check, where it points, and what it is asked about."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.domain.findings import Finding
from desk.domain.lint import CHECK
from desk.errors import NotFound
from desk.services.checks import LintResult, lint, lint_articles
from desk.services.desk import open_desk
from desk.storage import ticket_store
from tests.conftest import Shell

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ID, OTHER, THIRD = "HD-2611-7K3QF", "HD-2611-00001", "HD-2611-00002"
MONTH = "tickets/2026/11"

OPENED = "2026-11-22T09:00:00Z maria@x.example opened status=new priority=P3"


def a_file(
    *headings: str, ticket_id: str = ID, head: str = "", log: str = "", status: str = "new"
) -> str:
    """A ticket's file; `head` adds lines to the front matter, `log` replaces the entries."""
    entries = log or "".join(f"\n## {heading}\n" for heading in (OPENED, *headings))
    return (
        f"---\nid: {ticket_id}\ntitle: Printer jams\nstatus: {status}\npriority: P3\n"
        f"requester: Maria <maria@x.example>\ncreated: 2026-11-22T09:00:00Z\n{head}---\n{entries}"
    )


def put(root: Path, path: str, content: str | bytes) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)


def put_ticket(root: Path, *headings: str, ticket_id: str = ID, head: str = "") -> None:
    put(root, f"{MONTH}/{ticket_id}.md", a_file(*headings, ticket_id=ticket_id, head=head))


def check(root: Path, *given: str) -> LintResult:
    return lint(open_desk(root, NOW), given)


def codes(result: LintResult) -> list[str]:
    return [each.code for each in result.findings]


@pytest.fixture
def root(desk: Shell) -> Path:
    return desk.folder


def _encoding(root: Path) -> None:
    put(root, f"{MONTH}/{ID}.md", a_file().encode() + b"\n\xff")


def _size(root: Path) -> None:
    put_ticket(root)
    put(root, f"{MONTH}/{ID}/disk.img", b"")
    with (root / f"{MONTH}/{ID}/disk.img").open("wb") as stream:
        stream.truncate(25_000_001)


def _conflict(root: Path) -> None:
    log = f"\n<<<<<<< HEAD\n## {OPENED}\n=======\n## {OPENED}\n>>>>>>> theirs\n"
    put(root, f"{MONTH}/{ID}.md", a_file(log=log))


def _link(root: Path) -> None:
    (root / MONTH).mkdir(parents=True)
    (root / f"{MONTH}/{ID}.md").symlink_to("/etc/passwd")


def _log(*headings: str) -> Callable[[Path], None]:
    return lambda root: put_ticket(root, *headings)


def _head(lines: str) -> Callable[[Path], None]:
    return lambda root: put_ticket(root, head=lines)


def _raw(content: str) -> Callable[[Path], None]:
    return lambda root: put(root, f"{MONTH}/{ID}.md", content)


def _at(path: str, content: str = "") -> Callable[[Path], None]:
    def build(root: Path) -> None:
        put_ticket(root)
        put(root, path, content)

    return build


def _linked(root: Path) -> None:
    put_ticket(root, head=f"links: [blocks {OTHER}]\n")
    put_ticket(root, ticket_id=OTHER)


def _claimed_twice(root: Path) -> None:
    put_ticket(root)
    put_ticket(root, ticket_id=OTHER, head=f"former_ids: [{ID}]\n")


EXAMPLES: dict[str, Callable[[Path], None]] = {
    "encoding": _encoding,
    "size": _size,
    "front-matter": _raw("A ticket without anything.\n"),
    "yaml": _head("tags: [a\n"),
    "field": _head("tags: a\n"),
    "heading": _log("2026-11-22T09:30:00Z ana said"),
    "text-before-log": _raw(a_file(log="Hello.\n")),
    "conflict": _conflict,
    "link": _link,
    "stray": _at("tickets/README.md", "# Tickets\n"),
    "unreadable": _log(),
    "path": _at("tickets/2026/10/HD-2610-00001.md", a_file(ticket_id=OTHER)),
    "duplicate-id": _at("tickets/2026/10/copy.md", a_file()),
    "claimed-twice": _claimed_twice,
    "missing": _raw(a_file().replace("title: Printer jams\n", "")),
    "value": _head("type: incidnet\n"),
    "setting": _head("team: suport\n"),
    "person": _log("2026-11-22T09:30:00Z pedro noted"),
    "link-relation": _head("links: [blocks it]\n"),
    "link-target": _head(f"links: [blocks {THIRD}]\n"),
    "link-inverse": _linked,
    "kb-link": lambda root: put(root, "kb/vpn.md", "---\ntitle: VPN\n---\n\n[gone](gone.md)\n"),
    "kb-slug": _head("kb: [vpn-drops]\n"),
    "unknown-key": _head("colour: blue\n"),
    "repeated": _head("watchers: [ana, ana]\n"),
    "opened": _raw(a_file(log="\n## 2026-11-22T09:00:00Z ana noted\n")),
    "log-order": _log("2026-11-22T09:40:00Z ana noted", "2026-11-22T09:30:00Z ana noted"),
    "disagreement": _head("company: ACME\n"),
    "entry-key": _log("2026-11-22T09:30:00Z ana worked"),
    "future": _log("2026-11-23T09:30:00Z ana noted"),
    "orphan": _at(f"{MONTH}/{OTHER}/scan.pdf"),
    "file-name": _at(f"{MONTH}/{ID}/aux.txt"),
    "leftover": _at(f"{MONTH}/.{ID}.md.0badcafe.desk-tmp"),
}


@pytest.mark.parametrize("code", CHECK)
def test_every_check_names_its_problem(
    code: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    EXAMPLES[code](root)
    if code == "unreadable":

        def refuse(path: str, limit: int) -> bytes:
            raise PermissionError(13, "Permission denied", path)

        monkeypatch.setattr(ticket_store, "read_plain", refuse)
    result = check(root)
    found = [each for each in result.findings if each.code == code]
    assert found, result.findings
    assert {each.severity for each in found} == {CHECK[code].severity}
    assert all(each.message and "\n" not in each.message for each in result.findings)
    assert all((root / each.path).exists() for each in found)


def test_there_is_an_example_of_every_check() -> None:
    assert EXAMPLES.keys() == CHECK.keys()


def test_files_in_order_are_clean(root: Path) -> None:
    put_ticket(root, "2026-11-22T09:30:00Z ana noted")
    put(root, f"{MONTH}/{ID}/scan.pdf", b"%PDF")
    put(root, "kb/vpn-drops.md", "---\ntitle: VPN\nowner: ana\ncategory: network\n---\n")
    assert check(root) == LintResult(checked=1, articles=1, findings=())


def test_an_empty_help_desk_is_clean(root: Path) -> None:
    assert check(root) == LintResult(checked=0, articles=0, findings=())


def test_hints_are_clean(root: Path) -> None:
    EXAMPLES["unknown-key"](root)
    result = check(root)
    assert codes(result) == ["unknown-key"]
    assert result.is_clean
    put(root, f"{MONTH}/{OTHER}.md", "nothing")
    assert not check(root).is_clean


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1, findings
    return findings[0]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (a_file(head="type: incidnet\n"), 8, 7),
        (a_file(head="links: [relates HD-2611-00002]\n"), 8, 9),
        (a_file(head="watchers:\n- ana\n- pedro\n"), 8, 1),
        (a_file().replace("title: Printer jams\n", ""), 1, 1),
        (a_file("2026-11-22T09:30:00Z pedro noted"), 12, 25),
        (a_file("2026-11-22T09:30:00Z ana changed status=opne status=new"), 12, 37),
        (a_file("2026-11-23T09:30:00Z ana noted"), 12, 1),
        (a_file("2026-11-22T09:30:00Z ana noted", head='"colour": blue\n'), 1, 1),
        (a_file("2026-11-22T09:30:00Z pedro noted").replace("\n", "\r\n"), 12, 25),
        (a_file("2026-11-22T09:30:00Z pedro noted", head="# 1\n## 2026-11-22T09\n"), 14, 25),
    ],
)
def test_findings_point_at_lines_and_columns(root: Path, text: str, line: int, column: int) -> None:
    put(root, f"{MONTH}/{ID}.md", text)
    found = only([each for each in check(root).findings if each.code != "disagreement"])
    assert (found.path, found.line, found.column) == (f"{MONTH}/{ID}.md", line, column)


def test_an_entry_out_of_order_is_the_one_in_the_file(root: Path) -> None:
    put_ticket(
        root,
        "2026-11-22T09:50:00Z pedro noted",
        "2026-11-22T09:30:00Z ana noted",
        "2026-11-22T09:40:00Z zoe noted",
    )
    result = check(root)
    assert [(each.code, each.line) for each in result.findings] == [
        ("person", 12),
        ("log-order", 14),
        ("person", 16),
    ]


def test_every_problem_of_a_broken_file_is_named_and_hides_no_other(root: Path) -> None:
    put(
        root,
        f"{MONTH}/{OTHER}.md",
        a_file("2026-11-22T09:30:00Z ana said", "soon ana noted", ticket_id=OTHER)
        .replace("created: 2026-11-22T09:00:00Z", "created: today")
        .replace("soon ana", "2026-99-99T00:00:00Z ana"),
    )
    EXAMPLES["unknown-key"](root)
    result = check(root)
    assert [(each.code, each.line) for each in result.findings] == [
        ("field", 7),
        ("heading", 12),
        ("heading", 14),
        ("unknown-key", 8),
    ]
    assert [(each.path, each.line) for each in result.unreadable] == [
        (f"{MONTH}/{OTHER}.md", line) for line in (7, 12, 14)
    ]
    assert result.checked == 2


def test_articles_are_checked_with_their_lines(root: Path) -> None:
    put(root, "kb/vpn.md", "---\ntitle: VPN\nowner: pedro\nrelated: [gone]\nx: y\n---\n")
    put(root, "kb/Bad Name.md", "---\ntitle: x\naudience: all\n---\n")
    put(root, "kb/.vpn.md.0badcafe.desk-tmp", "")
    result = check(root)
    assert [(each.path, each.code, each.line) for each in result.findings] == [
        ("kb/.vpn.md.0badcafe.desk-tmp", "leftover", 0),
        ("kb/Bad Name.md", "file-name", 0),
        ("kb/Bad Name.md", "field", 3),
        ("kb/vpn.md", "person", 3),
        ("kb/vpn.md", "kb-slug", 4),
        ("kb/vpn.md", "unknown-key", 5),
    ]
    assert (result.checked, result.articles) == (0, 2)


def test_an_article_that_cannot_be_read_is_still_there(root: Path) -> None:
    put(root, "kb/vpn-drops.md", "nothing")
    put_ticket(root, "2026-11-22T09:30:00Z ana changed kb+=vpn-drops", head="kb: [vpn-drops]\n")
    assert codes(check(root)) == ["front-matter"]


def test_leftovers_of_config_yaml_are_seen(root: Path) -> None:
    put(root, ".config.yaml.0badcafe.desk-tmp", "")
    assert codes(check(root)) == ["leftover"]


def test_those_named_alone_are_checked_against_all(root: Path, tmp_path: Path) -> None:
    put_ticket(root, head=f"links: [blocks {OTHER}]\ncolour: blue\n")
    put_ticket(root, ticket_id=OTHER, head="colour: blue\n")
    put(root, f"{MONTH}/{OTHER}/aux.txt", "")
    put(root, f"{MONTH}/{THIRD}.md", "broken")
    one = ["link-inverse", "disagreement", "unknown-key"]
    assert sorted(codes(check(root, ID))) == sorted(one)
    assert sorted(codes(check(root, "7k3"))) == sorted(one)
    assert sorted(codes(check(root, f"{MONTH}/{ID}.md"))) == sorted(one)
    assert sorted(codes(check(root, str(root / f"{MONTH}/{ID}.md")))) == sorted(one)
    other = check(root, OTHER)
    assert codes(other) == ["unknown-key", "file-name"]
    assert other.checked == 1
    assert codes(check(root, THIRD)) == ["front-matter"]
    assert len(check(root, ID, THIRD).findings) == len(one) + 1
    assert check(root, "tickets/2026").findings == check(root).findings
    assert check(root, ".").findings == check(root).findings
    assert check(root, "config.yaml").findings == ()


@pytest.mark.parametrize("name", ["ZZZZZ", "tickets/2026/11/none.md", "../elsewhere.md", "none.md"])
def test_what_is_not_there_is_not_found(root: Path, name: str) -> None:
    put_ticket(root)
    (root.parent / "elsewhere.md").write_text("")
    with pytest.raises(NotFound):
        check(root, name)


def test_nothing_outside_is_read(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    put(outside, f"{ID}.md", a_file(head="colour: blue\n"))
    (root / "tickets" / "2026").mkdir(parents=True)
    (root / MONTH).symlink_to(outside)
    result = check(root)
    assert [(each.code, each.path) for each in result.findings] == [("link", MONTH)]


def test_findings_are_plain_data(root: Path) -> None:
    EXAMPLES["setting"](root)
    found = [each._asdict() for each in check(root).findings]
    assert json.loads(json.dumps(found)) == found


def test_what_commands_write_is_clean(desk: Shell, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"%PDF")
    one = desk.id("new", "Printer jams", "-r", "Maria <maria@x.example>", "--tag", "floor-3")
    two = desk.id("new", "Printer smokes", "-r", "boss", "--set", "asset=PC-42", user="eva")
    for words in (
        ("attach", one, str(tmp_path / "scan.pdf")),
        ("take", one),
        ("hold", one, "-m", "Parts ordered", "--until", "2026-12-01"),
        ("reply", one, "-m", "## 2026-11-22T09:00:00Z ana opened", "--wait"),
        ("escalate", one, "-m", "beyond us"),
        ("link", one, "blocks", two),
        ("worked", one, "15m"),
        ("split", one, "1"),
        ("resolve", two, "--as", "workaround"),
        ("reopen", two, "-m", "smokes again"),
        ("merge", two, "--into", one),
        ("undo",),
        ("rate", one, "4"),
        ("tag", one, "floor-3", "--remove"),
    ):
        desk(*words)
    assert codes(check(desk.folder)) == []
    assert check(desk.folder).checked == 3


ARTICLE = (
    "---\ntitle: VPN drops\nowner: nobody-here\n---\n\n[a](gone.md)\n[b]({ID}) [c](#x)\n\n## X\n"
)


def test_articles_alone_are_checked_as_with_everything_else(root: Path) -> None:
    put_ticket(root)
    put(root, f"{MONTH}/{OTHER}.md", "broken")
    put(root, "kb/vpn-drops.md", ARTICLE.replace("{ID}", ID))
    put(root, "kb/vpn.md", ARTICLE.replace("{ID}", THIRD))
    put(root, "kb/Bad Name.md", "---\ntitle: x\n---\n")
    put(root, "kb/broken.md", "---\n")
    alone = lint_articles(open_desk(root, NOW))
    assert alone.articles == 4
    assert [(each.code, each.path, each.line, each.column) for each in alone.findings] == [
        ("file-name", "kb/Bad Name.md", 0, 0),
        ("front-matter", "kb/broken.md", 1, 1),
        ("person", "kb/vpn-drops.md", 3, 8),
        ("kb-link", "kb/vpn-drops.md", 6, 5),
        ("person", "kb/vpn.md", 3, 8),
        ("kb-link", "kb/vpn.md", 6, 5),
        ("kb-link", "kb/vpn.md", 7, 5),
    ]
    assert alone.findings == check(root, "kb").findings


def test_a_link_may_name_a_ticket_by_an_earlier_id_and_have_any_length(root: Path) -> None:
    put_ticket(root, head=f"former_ids: [{THIRD}]\n")
    text = f"[a]({THIRD}) [b]({'x' * 5000}.md) [c](%00)"
    put(root, "kb/vpn.md", f"---\ntitle: VPN\n---\n{text}\n")
    assert codes(lint_articles(open_desk(root, NOW))) == ["kb-link", "kb-link"]
