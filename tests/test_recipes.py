"""The recipes for CI that users copy: read by their own programs' schemas, and run here as far as a
machine without those services can."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.conftest import Shell

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "ci.md").read_text()
LATE = "2026-11-24T10:00:00Z"
"""When `late` is over its promises."""


class Late(NamedTuple):
    """A help desk with one ticket that is late, and what runs a shell in it."""

    desk: Shell
    ticket_id: str

    def bash(self, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
        found = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        return subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script],
            cwd=self.desk.folder,
            env={**os.environ, "PATH": found, "DESK_NOW": LATE, **variables},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def late(make_desk: Callable[..., Shell]) -> Late:
    desk = make_desk(config=(ROOT / "config.yaml").read_text())
    return Late(desk, desk.id("new", "Printer jams", "-p", "P1"))


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def check_schema(schema: str, path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def action_step() -> dict[str, Any]:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    steps: list[dict[str, Any]] = action["runs"]["steps"]
    return next(step for step in steps if step.get("name") == "Check")


def action_inputs(**given: str) -> dict[str, str]:
    """Return the variables of the action's step for these inputs, as a runner would set them."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    defaults = {name: each.get("default", "") for name, each in action["inputs"].items()}
    defaults |= {name.replace("_", "-"): value for name, value in given.items()}
    expression = re.compile(r"\$\{\{ inputs\.([a-z-]+) \}\}")
    return {
        name: expression.sub(lambda match: defaults[match[1]], text)
        for name, text in action_step()["env"].items()
    }


def test_the_action_is_one_that_github_reads() -> None:
    check_schema("vendor.github-actions", ROOT / "action.yml")


def test_the_action_annotates_and_fails(late: Late) -> None:
    done = late.bash(action_step()["run"], **action_inputs())
    assert done.returncode == 1
    path = f"tickets/2026/11/{late.ticket_id}.md"
    assert f"::error file={path},line=5," in done.stdout
    assert "Printer jams" in done.stdout


@pytest.mark.parametrize(
    ("inputs", "code", "out"),
    [
        ({"fail_on": "never"}, 0, "::warning file="),
        ({"query": "priority:P2"}, 0, ""),
        ({"query": "priority:P1 -tag:vip"}, 1, "::error file="),
        ({"check": "lint"}, 0, ""),
        ({"check": "lint", "format": "text"}, 0, ""),
        ({"check": "sl"}, 2, "::error::check is sla or lint"),
        ({"query": "$(touch here)"}, 2, ""),
        ({"directory": "; touch here"}, 5, ""),
    ],
)
def test_inputs_of_the_action(late: Late, inputs: dict[str, str], code: int, out: str) -> None:
    done = late.bash(action_step()["run"], **action_inputs(**inputs))
    assert done.returncode == code, done.stderr
    assert done.stdout.startswith(out)
    assert bool(done.stdout) == bool(out)
    assert not (late.desk.folder / "here").exists()


def test_the_action_writes_a_file(late: Late, tmp_path: Path) -> None:
    output = tmp_path / "desk.sarif"
    inputs = action_inputs(format="sarif", output=str(output))
    assert late.bash(action_step()["run"], **inputs).returncode == 1
    assert json.loads(output.read_text())["version"] == "2.1.0"


def test_the_workflow_that_the_page_shows(tmp_path: Path) -> None:
    (workflow,) = (each for each in blocks("yaml") if "runs-on" in each)
    (tmp_path / "workflow.yml").write_text(workflow)
    check_schema("vendor.github-workflows", tmp_path / "workflow.yml")
    known = set(yaml.safe_load((ROOT / "action.yml").read_text())["inputs"])
    for step in yaml.safe_load(workflow)["jobs"]["desk"]["steps"][1:]:
        assert set(step["with"]) <= known


def test_the_template_is_one_that_gitlab_reads(tmp_path: Path) -> None:
    check_schema("vendor.gitlab-ci", ROOT / "ci" / "gitlab.yml")
    (include,) = (each for each in blocks("yaml") if each.startswith("include:"))
    (tmp_path / "gitlab.yml").write_text(include)
    check_schema("vendor.gitlab-ci", tmp_path / "gitlab.yml")


@pytest.mark.parametrize(("job", "code"), [("desk-sla", 1), ("desk-lint", 0)])
def test_the_jobs_for_gitlab(late: Late, job: str, code: int) -> None:
    template = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text())
    variables = template[template[job]["extends"]]["variables"]
    done = late.bash("\n".join(template[job]["script"]), **variables)
    assert done.returncode == code, done.stderr
    (report,) = template[job]["artifacts"]["reports"].values()
    text = (late.desk.folder / report).read_text()
    assert (late.ticket_id in text) == (job == "desk-sla")


class Week(NamedTuple):
    """A clone in which a job makes the week's report, its remote, and the programs around it."""

    clone: Path
    remote: Shell
    variables: dict[str, str]

    def report(self) -> str:
        """Return what the remote has as REPORT.md."""
        return self.remote.git("show", "HEAD:REPORT.md")


@pytest.fixture
def week(late: Late, tmp_path: Path) -> Week:
    """A Tuesday morning; `gh` and `curl` write down what they are asked."""
    late.desk.git("config", "receive.denyCurrentBranch", "updateInstead")
    clone = tmp_path / "clone"
    source = f"file://{late.desk.folder}"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", source, clone], check=True)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, script in (
        ("date", 'case "$1" in -d) echo 2026-11-17;; *) echo 2026-11-24;; esac'),
        ("gh", f'echo "$@" > {tmp_path}/asked'),
        ("curl", f'echo "$@" > {tmp_path}/asked'),
    ):
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    path = f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    return Week(clone, late.desk, {"PATH": path, "GITHUB_STEP_SUMMARY": f"{tmp_path}/summary"})


def check_report(text: str) -> None:
    """See that a forge would show two tables, and no more than that."""
    from tests.render.test_markdown import FORGE

    kinds = [token.type for token in FORGE.parse(text)]
    assert (kinds.count("heading_open"), kinds.count("table_open")) == (2, 2)
    assert text.startswith("## summary from 2026-11-17 up to 2026-11-24")
    assert "| created | 1 (0) |" in text


def test_the_weekly_report_on_github(late: Late, week: Week, tmp_path: Path) -> None:
    path = ROOT / "ci" / "weekly-report.yml"
    check_schema("vendor.github-workflows", path)
    job = yaml.safe_load(path.read_text())["jobs"]["report"]
    steps = {step["name"]: step["run"] for step in job["steps"] if "run" in step}
    variables = {**job["env"], **week.variables, "ISSUE": "12"}
    for name in ("Make the report", "Keep it", "Say it"):
        done = late.bash(f"cd {shlex.quote(str(week.clone))}\n{steps[name]}", **variables)
        assert done.returncode == 0, done.stderr
    check_report(week.report())
    assert (tmp_path / "summary").read_text() == week.report()
    assert (tmp_path / "asked").read_text() == "issue comment 12 --body-file REPORT.md\n"
    before = week.remote.git("rev-parse", "HEAD")
    late.bash(f"cd {shlex.quote(str(week.clone))}\n{steps['Keep it']}", **variables)
    assert week.remote.git("rev-parse", "HEAD") == before  # nothing new, no commit


@pytest.mark.parametrize("token", ["", "s3cret"])
def test_the_weekly_report_on_gitlab(late: Late, week: Week, token: str, tmp_path: Path) -> None:
    template = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text())
    job = template["desk-report"]
    assert job["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "schedule"'}]
    script = "\n".join(job["script"])
    subprocess.run(
        [
            *("git", "-C", week.clone, "config"),
            f"url.file://{week.remote.folder}.insteadOf",
            "https://desk:s3cret@gitlab.example/acme/desk.git",
        ],
        check=True,
    )
    script = script.replace(" --push-option ci.skip", "")  # which a plain folder does not take
    variables = template[job["extends"]]["variables"]
    done = late.bash(
        f"cd {shlex.quote(str(week.clone))}\n{script}",
        **{**variables, **week.variables},
        DESK_TOKEN=token,
        DESK_REPORT_ISSUE="12",
        CI_SERVER_HOST="gitlab.example",
        CI_PROJECT_PATH="acme/desk",
        CI_PROJECT_ID="7",
        CI_API_V4_URL="https://gitlab.example/api/v4",
        CI_COMMIT_BRANCH="main",
    )
    assert done.returncode == 0, done.stderr
    check_report((week.clone / "REPORT.md").read_text())
    if token:
        check_report(week.report())
        asked = (tmp_path / "asked").read_text()
        assert asked.endswith("https://gitlab.example/api/v4/projects/7/issues/12/notes\n")
    else:
        assert not (tmp_path / "asked").exists()


def test_the_crontab_lines(late: Late, tmp_path: Path) -> None:
    """Each line, in a clone that stands for /srv/helpdesk."""
    config = late.desk.folder / "config.yaml"
    config.write_text(
        config.read_text() + "escalation: [{clock: resolution, at: 100%, do: tag late}]\n"
    )
    late.desk.git("commit", "--quiet", "--all", "-m", "rules")
    late.desk.git("config", "receive.denyCurrentBranch", "updateInstead")
    clone = tmp_path / "srv"
    subprocess.run(["git", "clone", "--quiet", late.desk.folder, clone], check=True)
    sweep, report = "".join(blocks("cron")).strip().split("\n")
    commands = [line.split(" ", 5)[5] for line in (sweep, report)]
    assert all("cd /srv/helpdesk " in command for command in commands)
    commands = [command.replace("/srv/helpdesk", shlex.quote(str(clone))) for command in commands]
    done = late.bash(commands[0])
    assert (done.returncode, done.stderr) == (0, "")
    assert "tags: [late]" in late.desk.file_of(late.ticket_id).read_text()
    done = late.bash(commands[1])
    assert done.returncode == 0, done.stderr
    assert late.ticket_id in done.stdout


def test_metrics_are_renamed_into_place(late: Late, tmp_path: Path) -> None:
    (script,) = (each for each in blocks("sh") if "prometheus" in each)
    assert late.bash(script.replace("/var/lib/node_exporter", str(tmp_path))).returncode == 0
    assert "desk_sla_findings" in (tmp_path / "desk.prom").read_text()


def test_the_hook_is_one_that_pre_commit_reads() -> None:
    from pre_commit.clientlib import load_manifest

    (hook,) = load_manifest(ROOT / ".pre-commit-hooks.yaml")
    (config,) = (each for each in blocks("yaml") if each.startswith("repos:"))
    assert hook["id"] == yaml.safe_load(config)["repos"][0]["hooks"][0]["id"]
    for path in ("tickets/2026/11/HD-2611-7K3QF.md", "a/kb/vpn.md", "config.yaml"):
        assert re.search(hook["files"], path), path
    for path in ("README.md", "docs/config.yaml.md", "src/app.py"):
        assert not re.search(hook["files"], path), path


def test_the_entry_of_the_hook(late: Late) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert late.bash(hook["entry"]).returncode == 0
    late.desk.file_of(late.ticket_id).write_text("no ticket\n")
    done = late.bash(hook["entry"])
    assert done.returncode == 1
    assert "no front matter" in done.stdout
    args = "-C " + shlex.quote(str(late.desk.folder))
    assert late.bash(f"cd / && {hook['entry']} {args}").returncode == 1


def test_checks_need_no_history_and_no_identity(late: Late, tmp_path: Path) -> None:
    clone = tmp_path / "shallow"
    source = f"file://{late.desk.folder}"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", source, clone], check=True)
    before = stamps(clone)
    home = tmp_path / "nobody"
    home.mkdir()
    for check, code in (("sla check", 1), ("lint", 0), ("config check", 0)):
        done = late.bash(f"desk -C {clone} {check}", HOME=str(home))
        assert done.returncode == code, done.stderr
    assert stamps(clone) == before


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what tells whether anything changed, but for what may be deleted at any time."""
    throw_away = folder / ".git" / "desk"
    return {
        str(path): (path.lstat().st_mtime_ns, path.lstat().st_size)
        for path in sorted(folder.rglob("*"))
        if throw_away not in (path, *path.parents) and path != folder / ".git"
    }
