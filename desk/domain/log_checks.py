"""What can be wrong with a ticket's log, and between the log and the front matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from desk.domain.fields import ENTRY_KEYS
from desk.domain.findings import Problem
from desk.domain.instants import format_instant
from desk.domain.patterns import pattern
from desk.domain.replay import differences, replay
from desk.domain.sheet import Known, Sheet, shortened
from desk.domain.texts import MAX_TEXT_BYTES
from desk.domain.ticket import Value


def opening(sheet: Sheet, known: Known) -> Iterator[Problem]:
    """A log begins with `opened`, and has no other."""
    numbers = [number for number, entry in enumerate(sheet.entries) if entry.verb == "opened"]
    numbers.sort(key=lambda number: sheet.entries[number].at)
    if not numbers:
        message = (
            "no entry `opened`: write a heading `## <instant> <who> opened key=value...` with every"
            " field that the ticket started with"
        )
        yield Problem("opened", message, entry=0 if sheet.entries else -1)
        return
    if sheet.ticket.log[0].verb != "opened":
        message = "`opened` is not the first entry: nothing can happen to a ticket before it"
        yield Problem("opened", message, entry=numbers[0])
    for number in numbers[1:]:
        message = "a second `opened`: keep the first, and make this one a `noted`"
        yield Problem("opened", message, entry=number)


def order(sheet: Sheet, known: Known) -> Iterator[Problem]:
    """Entries stand in the order in which they happened."""
    for number, (earlier, later) in enumerate(pairwise(sheet.entries), 1):
        if later.at < earlier.at:
            message = "dated before the entry above it: `desk lint --fix` sorts the log"
            yield Problem("log-order", message, entry=number)


def future(sheet: Sheet, known: Known) -> Iterator[Problem]:
    """What has not happened yet does not count."""
    for number, entry in enumerate(sheet.entries):
        if entry.at > known.now:
            message = (
                f"in the future ({format_instant(entry.at)}): it counts for nothing until then"
            )
            yield Problem("future", message, entry=number)


def entry_keys(sheet: Sheet, known: Known) -> Iterator[Problem]:
    """`worked`, `rated` and `redacted` say how long, how good, and which entry."""
    for number, entry in enumerate(sheet.entries):
        if entry.verb in ENTRY_KEYS:
            key = ENTRY_KEYS[entry.verb]
            value = entry.change_of(key)
            if value is None or not _ENTRY_VALUE[key].fullmatch(value):
                message = f"`{entry.verb}` needs {_ENTRY_EXAMPLE[key]}: it counts for nothing"
                yield Problem("entry-key", message, entry=number, word=f"{key}=")


_ENTRY_VALUE = {
    "minutes": pattern(r"-?[0-9]{1,9}"),
    "score": pattern(r"[1-5]?"),
    "entry": pattern(r".+"),
}
_ENTRY_EXAMPLE = {
    "minutes": "a whole number of minutes, like `minutes=15`",
    "score": "a score from 1 to 5, like `score=4`",
    "entry": "the entry whose text it removed, `entry=<instant>/<who>/<verb>`",
}


def sizes(sheet: Sheet, known: Known) -> Iterator[Problem]:
    """A text has a largest size."""
    for number, entry in enumerate(sheet.entries):
        if len(entry.text) * 4 > MAX_TEXT_BYTES and len(entry.text.encode()) > MAX_TEXT_BYTES:
            message = f"a text of more than {MAX_TEXT_BYTES:,} bytes: attach it as a file"
            yield Problem("size", message, entry=number)


def agreement(sheet: Sheet, known: Known) -> Iterator[Problem]:
    """The front matter is what the log leads to. A log without `opened` leads nowhere, which
    `opening` says already."""
    ticket = sheet.ticket
    if not any(entry.verb == "opened" for entry in ticket.log):
        return
    changes = differences(ticket)
    if not changes:
        return
    told = replay(ticket.log)
    for key in dict.fromkeys(change.key for change in changes):
        here, there = _in_words(ticket.values, key), _in_words(told, key)
        message = (
            f"`{key}` is {here} here and {there} by the log: mend one of them, or let"
            " `desk lint --fix` add the entry that is missing"
        )
        yield Problem("disagreement", message, key=key.partition(".")[0])


def _in_words(values: Mapping[str, Value], key: str) -> str:
    custom = values.get("fields", {})
    if key.startswith("fields.") and isinstance(custom, Mapping):
        value: Value = custom.get(key.removeprefix("fields."), "")
    else:
        value = values.get(key, "")
    if isinstance(value, tuple):
        value = f"[{', '.join(value)}]"
    return f"`{shortened(value)}`" if isinstance(value, str) and value else "nothing"


LOG_CHECKS = (opening, order, future, entry_keys, sizes, agreement)
