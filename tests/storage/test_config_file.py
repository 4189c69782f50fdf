"""config.yaml from bytes: what it is made of, what it is not, and the one that `init` writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desk.domain.settings import Person
from desk.domain.settings_table import SETTINGS
from desk.domain.texts import STRANGE
from desk.errors import Diagnostic
from desk.storage.config_file import load_settings, starter_config
from desk.storage.root import MAX_CONFIG_BYTES, looks_like_workspace

DESIGN = """\
desk: {format: 1, name: ACME IT, prefix: HD, timezone: Europe/Madrid}
people:                                    # active: false for those who left
  ana:  {name: Ana Ruiz, email: ana@acme.example, role: agent, teams: [support], level: L1}
  eva:  {name: Eva Sanz, email: eva@acme.example, role: lead, teams: [support, sysadmin]}
teams: [support, sysadmin, external]
levels: {L1: support, vendor: external}
priorities: [P1, P2, P3, P4]
priority_matrix: {high/high: P1, low/low: P4}
calendars:
  office:
    hours: {mon-thu: 09:00-14:00 15:00-18:00, fri: 09:00-15:00}
    holidays: {country: ES, subdivision: MD, dates: [2026-12-24]}
    exceptions: {2026-12-31: 09:00-12:00}
  always: {timezone: UTC, hours: {mon-sun: 00:00-24:00}}
sla:
  - name: vip
    if: company:ACME priority:P1
    calendar: always
    first_response: 15m
  - name: standard
    calendar: office
    warn_at: 75%
    pause_in: {resolution: [waiting, hold], next_response: [hold]}
    resolution: {P1: 4h, P2: 8h, P3: 24h, P4: 40h}
escalation:
  - {clock: resolution, at: 100%, do: escalate}
close_resolved_after: 5d
views: {mine: assignee:@me is:open, stale: is:open idle:3d..}
reports: {}
permissions: {}
git: {commit: auto, subject: title}
"""


@pytest.mark.parametrize(
    "data",
    [
        b"desk:",
        b"desk: {}\n",
        b"# ours\ndesk:\n  format: 1\n",
        b"people: {}\ndesk:\r\n",
        b"\xef\xbb\xbfdesk: {}",
        b'"desk": {}',
        b"desk : {}",
        b"desk: {half",
    ],
)
def test_a_workspace_is_known_by_its_desk_key(data: bytes) -> None:
    assert looks_like_workspace(data)


@pytest.mark.parametrize(
    "data",
    [b"", b" desk: {}", b"desks: {}", b"a: {desk: 1}", b"# desk: {}", b"desk:1", b"desk", b"\0"],
)
def test_other_tools_config_files_are_passed_by(data: bytes) -> None:
    assert not looks_like_workspace(data)


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    plain = load_settings(DESIGN.encode())
    assert plain[1] == ()
    assert plain[0] is not None
    assert load_settings(b"\xef\xbb\xbf" + DESIGN.replace("\n", "\r\n").encode()) == plain


def test_scalars_are_their_characters() -> None:
    text = """\
desk: {name: 1.10}
people: {12: {email: a@b.c, name: no, teams: [2026-12-24, 12:30, 0x1F]}}
levels: {1e3: yes, "null": "~"}
"""
    found, diagnostics = load_settings(text.encode())
    assert diagnostics == ()
    assert found is not None
    assert found.name == "1.10"
    assert found.people == {
        "12": Person("12", "no", "a@b.c", "requester", ("2026-12-24", "12:30", "0x1F"))
    }
    assert found.levels == {"1e3": "yes", "null": "~"}


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        (b"desk: {}\nname: \xe9\n", 2, 7, "not UTF-8; save the file as UTF-8 text"),
        (b"desk: {}\nname: a\0b\n", 2, 8, "a NUL character; save the file as UTF-8 text"),
        ("desk: {}".encode("utf-16"), 1, 1, "not UTF-8"),
        (b"desk: {}\n" + b"#" * MAX_CONFIG_BYTES, 0, 0, "1,000,009 bytes are too many"),
        (b"desk: {name: a\nteams: []\n", 2, 6, "not YAML: "),
        (b"desk: {}\ndesk: {}\n", 2, 1, "`desk` stands here twice"),
        (b"desk: {}\nteams: &t [a]\ncategories: *t\n", 2, 8, "anchors"),
        (b"desk: !!map {}\n", 1, 7, "tags"),
        (b"desk: {}\n---\ndesk: {}\n", 2, 1, "a second YAML document"),
        (b"desk: " + b"[" * 100, 1, None, "nested too deeply"),
        (b"desk: {}\n? [a]\n: b\n", 2, 3, "a key must be a plain word"),
        (b"desk: {name: a\x07b}\n", 1, 15, "not YAML: "),
    ],
)
def test_what_cannot_be_read_is_one_problem_at_its_place(
    data: bytes, line: int, column: int | None, message: str
) -> None:
    found, [problem] = load_settings(data, "desk/config.yaml")
    assert found is None
    assert (problem.code, problem.path, problem.line) == (
        "config-syntax",
        "desk/config.yaml",
        line,
    )
    assert column in (None, problem.column)
    assert message in problem.message


def test_the_python_parser_of_yaml_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = DESIGN.replace("ana@acme", "acme").replace("mon-thu", "mno").replace("vip", '"a\\nb"')
    with_c = [load_settings(DESIGN.encode()), load_settings(bad.encode())]
    assert len(with_c[1][1]) == 3
    monkeypatch.delattr(yaml, "CBaseLoader", raising=False)
    assert [load_settings(DESIGN.encode()), load_settings(bad.encode())] == with_c


def starter(name: str = "ACME IT", person: str = "Ana Ruiz", handle: str = "ana") -> str:
    return starter_config(name, "HD", "Europe/Madrid", handle, person, "ana@acme.example")


def test_the_starter_config_checks_and_says_what_was_asked() -> None:
    found, diagnostics = load_settings(starter().encode())
    assert diagnostics == ()
    assert found is not None
    assert (found.name, found.prefix, found.timezone) == ("ACME IT", "HD", "Europe/Madrid")
    ana = Person("ana", "Ana Ruiz", "ana@acme.example", "admin", ("support",), "L1")
    assert found.people == {"ana": ana}
    assert "  name: ACME IT\n" in starter()
    assert found.calendars["office"]["timezone"] == "Europe/Madrid"


def test_the_starter_configs_examples_work_once_the_sign_is_taken_away() -> None:
    text = re.sub(r"(?m)^( *)#(?=\S)", r"\1", starter())
    assert text != starter()
    found, diagnostics = load_settings(text.encode())
    assert diagnostics == ()
    assert found is not None
    assert {"eva", "luis"} < set(found.people)
    assert (found.policies[0].name, found.policies[0].calendar_name) == ("vip", "always")


def test_the_starter_config_shows_every_section() -> None:
    sections = {row.path.partition(".")[0].removesuffix("[]") for row in SETTINGS} - {
        "teams",
    }
    assert {key for key in sections if re.search(rf"(?m)^#?{key}:", starter())} == sections


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
@example("yes", "null")
@example("{{PREFIX}}", "\\1")
@example('a: "b" # c', "- [x], {y}: 'z'")
@example("a\nb\x07\u2028c", "\ud800")
@example("", " \t ")
def test_any_name_makes_a_starter_config_that_checks(name: str, person: str) -> None:
    found, diagnostics = load_settings(starter(name, person).encode())
    assert diagnostics == ()
    assert found is not None
    if re.fullmatch(r"[\w'\":#{}\[\]&*!|>%@`,-]+", name):
        assert found.name == name
    assert found.people["ana"].name == " ".join(found.people["ana"].name.split())


@pytest.mark.parametrize("handle", ["no", "null", "12", "1e3", "a.b", "0x1f", "y"])
def test_any_handle_stays_what_it_is_for_every_reader_of_yaml(handle: str) -> None:
    assert list(yaml.safe_load(starter(handle=handle))["people"]) == [handle]


def is_whole(result: tuple[object, tuple[Diagnostic, ...]]) -> bool:
    """Either settings or problems, each of them fit for a terminal."""
    found, diagnostics = result
    return (found is None) == bool(diagnostics) and all(
        problem.message and not STRANGE.search(str(problem)) and problem.line >= 0
        for problem in diagnostics
    )


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
@example(b"desk: {}\n<<: {a: b}\n")
@example(b"desk: {name: \xed\xa0\x80}")
@example(b"{}: {}: {}")
def test_no_bytes_crash_it(data: bytes) -> None:
    assert is_whole(load_settings(data))


WORDS = sorted(
    {part.removesuffix("[]") for row in SETTINGS for part in row.path.split(".")}
    | {value for row in SETTINGS for value in (row.example, *row.values)}
    | {"", "~", "ana", "L1", "P1", "mon-fri", "2026-12-24", "@a", "a", "is:(", "resolution", "\x07"}
)
TREES = st.recursive(
    st.none() | st.sampled_from(WORDS) | st.text(max_size=6) | st.integers() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)
    ),
    max_leaves=12,
)
SECTIONS = sorted({row.path.partition(".")[0].removesuffix("[]") for row in SETTINGS})


@settings(max_examples=250, deadline=None)
@given(st.dictionaries(st.sampled_from(SECTIONS), TREES, max_size=5))
def test_no_tree_crashes_it(tree: dict[str, object]) -> None:
    assert is_whole(load_settings(yaml.safe_dump(tree, allow_unicode=True).encode()))


LINES = DESIGN.splitlines(keepends=True)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_half_written_config_crashes_it(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        cut = data.draw(st.integers(0, len(lines[at])))
        lines[at] = lines[at][:cut] + data.draw(st.sampled_from(["", "\n", "{", "'", ": ", "#"]))
    assert is_whole(load_settings("".join(lines).encode()))


def test_settings_need_no_holidays_package_where_its_source_says_yes() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from desk.storage.config_file import load_settings; "
        "found, _ = load_settings(sys.stdin.buffer.read()); "
        "print(found is not None, 'holidays' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", code],
        input=DESIGN.encode(),
        capture_output=True,
        cwd=root,
        check=True,
    )
    assert run.stdout == b"True False\n"
