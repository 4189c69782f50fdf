"""What `desk doctor` found, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desk.domain.texts import visible

if TYPE_CHECKING:
    from desk.services.doctoring import Diagnosis

_WIDTH = 8


def diagnosis_text(diagnosis: Diagnosis) -> str:
    """Return a line for each thing that was looked at: `fine     Git 2.39.5`."""
    return "".join(
        f"{sign.state:<{_WIDTH}} {visible(sign.message)}"
        f"{f'; {visible(sign.advice)}' if sign.advice else ''}\n"
        for sign in diagnosis.signs
    )


def diagnosis_object(diagnosis: Diagnosis) -> dict[str, Any]:
    """Return the same for programs."""
    return {
        "schema": "desk.doctor/1",
        "is_well": diagnosis.is_well,
        "signs": [sign._asdict() for sign in diagnosis.signs],
    }
