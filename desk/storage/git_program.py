"""The git program: the only module that starts it.

Every call has a clean environment (`SCRUBBED`), literal pathspecs and English messages. See
docs/adr/0002-git-program.md.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, ClassVar, NamedTuple, cast

from desk.errors import OutsideError

ENVIRONMENT_OF_A_REPOSITORY = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_REF_FORMAT",
    "GIT_REFERENCE_BACKEND",
)
"""What `git rev-parse --local-env-vars` lists, but for what `git -c` hands to its children."""

SCRUBBED = frozenset(
    {
        *ENVIRONMENT_OF_A_REPOSITORY,
        *("GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"),
    }
)
"""What no git of ours inherits: another repository's environment, other meanings of paths."""


_USAGE = 129
"""git's exit code for options that it does not know, as an old one says of ours."""

_MOST_LINES = 20

_WITH_HOOKS = frozenset({"commit", "merge", "fetch", "push", "update-ref"})


class Conversation(NamedTuple):
    """A git that goes on running: where it is asked, and where it answers."""

    ask: IO[bytes]
    answer: IO[bytes]


@dataclass(frozen=True, eq=False, repr=False)
class GitProgram:
    """The git program, as it runs in `folder`."""

    options: ClassVar[tuple[str, ...]] = ()
    """What a call says ahead of git's command; not where hooks run, which would inherit it."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Variables that every call has besides."""
    _begun: dict[tuple[str, ...], subprocess.Popen[bytes]] = field(default_factory=dict)

    def begin(self, *arguments: str) -> None:
        """Let git work on what `run` or `start` will soon ask in the same words: they take its
        answer then, once."""
        with contextlib.suppress(OutsideError):  # whoever asks will hear of it
            self._begun[arguments] = self._process(arguments, {})

    def has_begun(self, *arguments: str) -> bool:
        """Tell whether an answer that was asked for with `begin` is still to be taken."""
        return arguments in self._begun

    def stop_begun(self) -> None:
        """Stop what was begun and nobody has asked for: what only reads leaves no locks behind."""
        while self._begun:
            with self._begun.popitem()[1] as process:
                process.terminate()

    def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        allowed: Iterable[int] = (0,),
        extra: Mapping[str, str] | None = None,
    ) -> bytes:
        """Run git and return what it prints; OutsideError, with its words, for another exit code
        than the `allowed`."""
        done = self.start(arguments, stdin, extra or {})
        if done.returncode not in allowed:
            name = _name_in(arguments)
            is_usage = done.returncode == _USAGE
            hint = "install git 2.38 or newer" if is_usage else "mend what it names, and try again"
            raise OutsideError(f"git {name} failed", hint, words(done.stderr)[:_MOST_LINES])
        return done.stdout

    def start(
        self, arguments: Sequence[str], stdin: bytes = b"", extra: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git to its end, whatever its exit code. When we are interrupted, it is told to stop
        too and waited for: killed, it would leave its locks behind."""
        process = self._begun.pop(tuple(arguments), None)
        if process is None:
            process = self._process(arguments, extra or {})
        try:
            out, err = process.communicate(stdin)
        except BaseException:
            process.send_signal(signal.SIGINT)
            process.wait()
            raise
        return subprocess.CompletedProcess(["git", *arguments], process.returncode, out, err)

    @contextlib.contextmanager
    def talking(self, *arguments: str) -> Iterator[Conversation]:
        """Run git for as long as somebody reads from it, or asks it. OutsideError, with its words,
        where it ends in trouble by itself; who leaves early stops it."""
        import tempfile

        with tempfile.TemporaryFile() as said:
            process = self._process(arguments, {}, said.fileno())
            talk = Conversation(cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout))
            try:
                yield talk
                talk.ask.close()
                if process.wait():
                    said.seek(0)
                    raise OutsideError(
                        f"git {_name_in(arguments)} failed",
                        "mend what it names, and try again",
                        words(said.read(100_000))[:_MOST_LINES],
                    )
            finally:
                process.terminate()
                for stream in talk:
                    with contextlib.suppress(OSError):
                        stream.close()
                process.wait()

    def _process(
        self, arguments: Sequence[str], extra: Mapping[str, str], stderr: int = subprocess.PIPE
    ) -> subprocess.Popen[bytes]:
        environment = {
            name: value for name, value in self.environment.items() if name not in SCRUBBED
        }
        options = () if _name_in(arguments) in _WITH_HOOKS else self.options
        environment |= {"GIT_LITERAL_PATHSPECS": "1", "LC_ALL": "C.UTF-8", **self.fixed, **extra}
        try:
            return subprocess.Popen(
                ["git", *options, *arguments],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
            )
        except OSError as error:
            raise OutsideError(
                f"cannot run git: {error.strerror}", "install git 2.38 or newer"
            ) from error


def _name_in(arguments: Sequence[str]) -> str:
    """Return the command of git's among its arguments."""
    return next((word for word in arguments if not word.startswith("-") and "." not in word), "")


def words(said: bytes) -> list[str]:
    """Return the lines of what git said, the empty ones left out."""
    return [line for line in said.decode(errors="replace").split("\n") if line.strip()]


def nul_ended(paths: Iterable[str]) -> bytes:
    """Return paths as git reads them with `-z`."""
    return b"".join(os.fsencode(path) + b"\0" for path in paths)
