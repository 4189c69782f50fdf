"""What git is asked about the differences of many commits."""

from __future__ import annotations

import io

from desk.storage.commit_walk import _ask
from desk.storage.git_program import Conversation


def test_no_question_is_longer_than_a_pipe_of_one_page() -> None:
    asked = io.BytesIO()
    pairs = (f"{number:064x} {number + 1:064x}\n" for number in range(1_000))
    assert _ask(Conversation(asked, io.BytesIO()), pairs)
    assert len(asked.getvalue()) <= 4096
