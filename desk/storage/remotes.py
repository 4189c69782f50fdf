"""Other repositories: what is fetched from them and pushed to them, and what they answer."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import NamedTuple

from desk.errors import Conflict, OutsideError, Refused
from desk.storage.git_program import words
from desk.storage.repository import Repository

_FETCHED = "refs/desk/fetched"
_DEEPER = (50, 200, 1000, 5000)
"""By how many commits a shallow history is deepened, one try after the other, before all of it is
asked for."""


_MOST_FETCHES = 10


class Place(NamedTuple):
    """Where a branch goes: the remote, the branch there, our own, and whether Git has been told
    that they belong together."""

    remote: str
    branch: str
    own_branch: str
    is_upstream: bool

    @property
    def name(self) -> str:
        """What people call it: `origin/main`."""
        return f"{self.remote}/{self.branch}"


class Answer(NamedTuple):
    """What a remote said to a push: `taken`, `moved` (somebody pushed meanwhile) or `refused`, and
    its words."""

    kind: str
    words: tuple[str, ...] = ()


def current_branch(repository: Repository) -> str:
    """Return the branch that HEAD is on; "" where it is on none."""
    done = repository.start(["symbolic-ref", "--quiet", "HEAD"])
    name = os.fsdecode(done.stdout).removesuffix("\n")
    return name.removeprefix("refs/heads/") if done.returncode == 0 else ""


def place_of(repository: Repository, branch: str) -> Place | None:
    """Return where a branch goes: where Git has been told to, else to the only remote; None where
    there is no remote. Refused where there are several to choose from."""
    told = _settings_of_branch(repository, branch)
    remote, merge = told.get("remote", ""), told.get("merge", "")
    if remote and merge.startswith("refs/heads/"):
        return Place(remote, merge.removeprefix("refs/heads/"), branch, True)
    remotes = os.fsdecode(repository.run("remote")).split("\n")[:-1]
    if not remote and len(remotes) > 1:
        raise Refused(
            f"there are several remotes ({', '.join(remotes)}), and none belongs to {branch}",
            f"tell Git which with `git push -u REMOTE {branch}`, once",
        )
    if not remote and not remotes:
        return None
    return Place(remote or remotes[0], branch, branch, False)


def _settings_of_branch(repository: Repository, branch: str) -> dict[str, str]:
    found = {}
    for key in ("remote", "merge"):
        done = repository.start(["config", "--get", f"branch.{branch}.{key}"])
        if done.returncode == 0:
            found[key] = os.fsdecode(done.stdout).removesuffix("\n")
    return found


def quiet_environment(repository: Repository, may_ask: bool) -> Mapping[str, str]:
    """Return what keeps git, and ssh below it, from asking for passwords where nobody answers."""
    if may_ask:
        return {}
    quiet = {"GIT_TERMINAL_PROMPT": "0"}
    own = ("GIT_SSH", "GIT_SSH_COMMAND")
    if not any(name in repository.environment for name in own):
        done = repository.start(["config", "--get", "core.sshCommand"])
        command = os.fsdecode(done.stdout).strip() or "ssh"
        if command == "ssh":
            quiet["GIT_SSH_COMMAND"] = "ssh -oBatchMode=yes"
    return quiet


def fetch(repository: Repository, place: Place, quiet: Mapping[str, str]) -> str:
    """Fetch a branch and return its commit, "" where the remote has no such branch.

    OutsideError, with git's words, where the remote cannot be reached.
    """
    ref = f"{_FETCHED}-{os.getpid()}"
    asked = f"+refs/heads/{place.branch}:{ref}"
    done = _fetch(repository, place, quiet, "--no-write-fetch-head", asked=asked)
    if done:
        if any("couldn't find remote ref" in line for line in done):
            return ""
        raise OutsideError(
            f"cannot fetch from {place.remote}",
            "what is written here is safe in its commits; see `git remote -v` and the network, "
            "then run `desk sync` again",
            done,
        )
    name = repository.run("rev-parse", "--verify", f"{ref}^{{commit}}").decode().strip()
    repository.run("update-ref", "-d", ref)
    return name


def forget_fetched(repository: Repository, process: str) -> None:
    """Drop the name under which a process that died had fetched."""
    repository.start(["update-ref", "-d", f"{_FETCHED}-{process}"])


def _fetch(
    repository: Repository, place: Place, quiet: Mapping[str, str], *options: str, asked: str
) -> list[str]:
    """Fetch, once more where another git was about to write down the same; return what git said
    where it failed."""
    words_before = ("fetch", "--quiet", "--no-recurse-submodules", *options, "--")
    for tries in range(1, _MOST_FETCHES + 1):
        done = repository.start([*words_before, place.remote, asked], extra=quiet)
        if not done.returncode:
            return []
        said = words(done.stderr) or [f"git fetch ended with exit code {done.returncode}"]
        if not any("cannot lock ref" in line or ".lock': File exists" in line for line in said):
            break
        wait_a_moment(tries)
    return said


def deepen(
    repository: Repository, place: Place, quiet: Mapping[str, str], ours: str, theirs: str
) -> bool:
    """Fetch older commits of a shallow history until two commits have a common ancestor; tell
    whether they have one now."""
    branch = f"refs/heads/{place.branch}"
    for depth in (*_DEEPER, 0):
        if not (repository.common_dir / "shallow").exists():
            break
        how = f"--deepen={depth}" if depth else "--unshallow"
        said = _fetch(repository, place, quiet, how, "--no-write-fetch-head", asked=branch)
        if said:
            raise OutsideError(
                f"cannot fetch older commits from {place.remote}", "see the network", said
            )
        if repository.start(["merge-base", ours, theirs]).returncode == 0:
            return True
    return repository.start(["merge-base", ours, theirs]).returncode == 0


def push(repository: Repository, place: Place, commit: str, quiet: Mapping[str, str]) -> Answer:
    """Push a commit to a branch, never by force."""
    track = () if place.is_upstream or place.remote == "." else ("--set-upstream",)
    # What is to be tracked has to be named by its branch.
    source = place.own_branch if track else ""
    what = f"refs/heads/{source}" if source else commit
    done = repository.start(
        [
            *("push", "--porcelain", "--no-force-with-lease", "--recurse-submodules=no", *track),
            *("--", place.remote, f"{what}:refs/heads/{place.branch}"),
        ],
        extra=quiet,
    )
    if done.returncode == 0:
        return Answer("taken")
    said = tuple(words(done.stderr))
    # "!", what was pushed and where to, and the verdict; which commit it is, nobody needs to read.
    told = [line.split("\t") for line in words(done.stdout)]
    verdict = [f"{place.branch}: {' '.join(line[2:])}" for line in told if line[0] == "!"]
    if any("[rejected]" in line for line in verdict):
        return Answer("moved", said)
    if not verdict:
        return Answer("failed", said)
    return Answer("refused", (*verdict, *said))


def wait_a_moment(tries: int) -> None:
    """Let others finish before the next try: a little longer each time, up to a second; processes
    that wait for each other do not wait equally long."""
    time.sleep(min(0.02 * tries, 1.0) * (1 + os.getpid() % 5 / 5))


def check_is_free(repository: Repository) -> None:
    """Conflict where something is under way, or in conflict, that has to be concluded first."""
    from desk.storage.unmerged import under_way

    busy = repository.why_not_now()
    command = under_way(repository.git_dir)
    if busy:
        raise Conflict(
            f"{busy} is under way",
            f"conclude it first: `desk mend`, then `{command}`" if command else "try again later",
        )
    if repository.run("ls-files", "--unmerged", "-z"):
        raise Conflict("files are in conflict", "run `desk mend`, then commit")
