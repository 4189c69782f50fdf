"""Contents of many files of a commit, from one git."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from desk.storage.committed import CommittedFile, contents
from desk.storage.git_program import Conversation
from desk.storage.repository import Repository


class Asked(io.BytesIO):
    """What git is asked, and how much of it in one go."""

    def __init__(self) -> None:
        super().__init__()
        self.lengths: list[int] = []

    def write(self, question: bytes, /) -> int:  # type: ignore[override]
        self.lengths.append(len(question))
        return len(question)


class Answering:
    """Stands for a repository with a file for every name."""

    def __init__(self, names: list[str]) -> None:
        self.asked = Asked()
        self.answer = b"".join(f"{name} blob 2\nHi\n".encode() for name in names)

    @contextmanager
    def talking(self, *arguments: str) -> Iterator[Conversation]:
        yield Conversation(self.asked, io.BytesIO(self.answer))


def test_no_question_is_longer_than_a_pipe_of_one_page() -> None:
    names = [f"{number:064x}" for number in range(1_000)]
    answering = Answering(names)
    files = [CommittedFile(f"{name}.md", name) for name in names]
    found = [*contents(cast(Repository, answering), files)]
    assert found == [(file, b"Hi") for file in files]
    assert sum(answering.asked.lengths) == 65_000 and max(answering.asked.lengths) <= 4096
