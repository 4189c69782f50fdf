"""What is promised, and to whom: targets in open time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from fractions import Fraction

Target: TypeAlias = int | Mapping[str, int]
"""Open seconds, the same for all or by priority."""

DEFAULT_WARN_AT = 0.75
DEFAULT_PAUSE_IN: Mapping[str, frozenset[str]] = {
    "resolution": frozenset({"waiting", "hold"}),
    "next_response": frozenset({"hold"}),
}
"""What config.yaml leaves out; nothing in this module applies it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What is promised for the tickets that `query_text` matches, in the calendar's open time.

    A clock without a target is not promised, one without a `pause_in` never pauses. `warn_at` is
    the share of the target from which a running clock is at risk (0.75: three quarters), None for
    never. There are no defaults: reading config.yaml fills them in.
    """

    name: str
    query_text: str
    calendar_name: str
    targets: Mapping[str, Target]
    pause_in: Mapping[str, frozenset[str]]
    warn_at: Fraction | float | None
    _warn: tuple[int, int] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_warn", _ratio(self.warn_at))

    def warn_seconds(self, target: int) -> int | None:
        """Return the first whole second of use at which a clock with this target is at risk."""
        if self._warn is None:
            return None
        numerator, denominator = self._warn
        return -(-target * numerator // denominator)


def _ratio(share: Fraction | float | None) -> tuple[int, int] | None:
    if share is None:
        return None
    if isinstance(share, float):
        # The decimal that was written: 0.9 of an hour is 3,240 seconds, although the nearest
        # binary number is a little more than 0.9.
        return round(share * 1_000_000), 1_000_000
    return share.numerator, share.denominator


def target_of(
    policy: Policy, clock: str, priority: str = "", priorities: Sequence[str] = ()
) -> int | None:
    """Return a clock's target in open seconds, None where the policy promises nothing.

    `priorities` begin with the most urgent. A ticket without a priority, or with one that is none
    of them, has the least urgent target; a priority that the policy passes over has none.
    """
    target = policy.targets.get(clock)
    if target is None or isinstance(target, int):
        return target
    if priority in target:
        return target[priority]
    if priority and priority in priorities:
        return None
    known = [name for name in priorities if name in target] or list(target)
    return target[known[-1]] if known else None
