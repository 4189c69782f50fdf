"""Headings of entries: read as they are written, and nothing else read at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.fields import VERBS
from desk.domain.headings import is_custom_name, is_who, new_entry, parse_heading, unquoted
from desk.domain.texts import STRANGE
from desk.domain.ticket import Change, Entry
from tests.builders import QUICK, START, changes, entries, whos

WHEN = "2026-11-22T09:34:35Z"
BEGIN = f"{WHEN} ana changed"


def written(*carried: Change) -> str:
    """Return the changes of a new entry as its heading has them."""
    return new_entry(START, "ana", "changed", carried).heading.removeprefix(BEGIN).lstrip(" ")


def read(text: str) -> tuple[Change, ...]:
    return parse_heading(f"{BEGIN} {text}").changes


EXAMPLES = [
    ("status=open", Change("status", "=", "open")),
    ("assignee=", Change("assignee", "=", "")),
    ("tags+=floor-3", Change("tags", "+=", "floor-3")),
    ("tags-=old", Change("tags", "-=", "old")),
    ("fields.asset=PC-42", Change("fields.asset", "=", "PC-42")),
    ("fields.a-b.c=", Change("fields.a-b.c", "=", "")),
    ("category=hardware/printer", Change("category", "=", "hardware/printer")),
    ("phone=+34600", Change("phone", "=", "+34600")),
    ("company=España", Change("company", "=", "España")),
    ("company=50%", Change("company", "=", "50%")),
    ('title="Printer jams"', Change("title", "=", "Printer jams")),
    ('title="c\'est"', Change("title", "=", "c'est")),
    (r'title="say \"a\\b\""', Change("title", "=", r'say "a\b"')),
    ('company="a=b"', Change("company", "=", "a=b")),
    ('tags+="paper jam"', Change("tags", "+=", "paper jam")),
    (r'title="a\u000ab\u0085\u2028\u202e"', Change("title", "=", "a\nb\x85\u2028\u202e")),
    ("until=2026-11-23T08:00:00Z", Change("until", "=", "2026-11-23T08:00:00Z")),
    ('links+="relates HD-2611-7K3QF"', Change("links", "+=", "relates HD-2611-7K3QF")),
    ("minutes=15", Change("minutes", "=", "15")),
    ("ticket-owner=x", Change("ticket-owner", "=", "x")),
]


@pytest.mark.parametrize(("text", "change"), EXAMPLES)
def test_a_change_is_written_and_read(text: str, change: Change) -> None:
    assert written(change) == text
    assert read(text) == (change,)


def test_a_heading_says_when_who_what_and_every_change() -> None:
    heading = f"{WHEN} maria@acme.example opened status=new priority=P3 tags+=a tags+=b"
    carried = (
        Change("status", "=", "new"),
        Change("priority", "=", "P3"),
        Change("tags", "+=", "a"),
        Change("tags", "+=", "b"),
    )
    expected = Entry(START, "maria@acme.example", "opened", carried, "It jams.", heading)
    assert new_entry(START, "maria@acme.example", "opened", carried, "It jams.\n") == expected
    assert parse_heading(heading, "It jams.") == expected


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_needs_no_change_and_takes_any(verb: str) -> None:
    assert parse_heading(f"{WHEN} ana {verb}").verb == verb
    assert parse_heading(f"{WHEN} ana {verb} status=open").change_of("status") == "open"


def test_a_new_entry_is_dated_in_utc_to_the_second() -> None:
    at = START.astimezone(timezone(timedelta(hours=5))) + timedelta(microseconds=7)
    entry = new_entry(at, "ana", "noted")
    assert (entry.at, entry.heading) == (START, f"{WHEN} ana noted")


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ('status="open"', Change("status", "=", "open")),
        (r'title="\u0041\/\n\ud83d\ude00"', Change("title", "=", "A/\n😀")),
        ("title=it's", Change("title", "=", "it's")),
        ('company=a"b', Change("company", "=", 'a"b')),
        ('assignee=""', Change("assignee", "=", "")),
    ],
)
def test_others_may_write_it_in_another_way(text: str, change: Change) -> None:
    assert read(text) == (change,)


@pytest.mark.parametrize(
    ("heading", "fault"),
    [
        ("", "needs an instant, a person and a verb"),
        (f"{WHEN} ana", "needs an instant, a person and a verb"),
        ("2026-11-22 ana noted", "is not an instant"),
        ("2026-02-30T00:00:00Z ana noted", "does not exist"),
        (f"{WHEN}  ana noted", "neither a handle nor"),
        (f"{WHEN} a=b noted", "neither a handle nor"),
        (f'{WHEN} "ana" noted', "neither a handle nor"),
        (f"{WHEN} ana\u202e noted", "neither a handle nor"),
        (f"{WHEN} ana shouted", "unknown verb `shouted`"),
        (f"{WHEN} ana Noted", "unknown verb `Noted`"),
        (f"{BEGIN}  status=open", "one blank stands between"),
        (f"{BEGIN} status=open  team=x", "one blank stands between"),
        (f"{BEGIN} status", "`status` is not of the form key=value"),
        (f"{BEGIN} =open", "is not the name of a field"),
        (f"{BEGIN} title=a=b", "is not of the form key=value"),
        (f'{BEGIN} title="a', "is not of the form key=value"),
        (f'{BEGIN} title="a"b', "is not of the form key=value"),
        (f'{BEGIN} title="\\x"', "is not a JSON string"),
        (f'{BEGIN} title="\\u0000"', "is not a text that a ticket may hold"),
        (f'{BEGIN} title="\\ud800"', "is not a JSON string"),
        (f"{BEGIN} title=a\tb", "control character"),
        (f'{BEGIN} title="a\u2028b"', "control character"),
        (f"{BEGIN} tags=vpn", "`tags` is a list"),
        (f"{BEGIN} status+=open", "`status` is no list"),
        (f"{BEGIN} until+=2026-11-23T08:00:00Z", "`until` is no list"),
        (f"{BEGIN} until=tomorrow", "is not an instant"),
        (f"{BEGIN} fields=x", "`fields` is a mapping"),
        (f"{BEGIN} fields.=x", "is not the name of a field"),
        (f"{BEGIN} fields.a-=x", "no list"),
        (f"{BEGIN} a.b=x", "is not the name of a field"),
        (f"{BEGIN} -a=x", "is not the name of a field"),
    ],
)
def test_what_no_heading_is(heading: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        parse_heading(heading)


@pytest.mark.parametrize(
    ("by", "change", "text", "fault"),
    [
        ("", None, "", "cannot sign"),
        ("Ana Ruiz", None, "", "cannot sign"),
        ("a" * 255, None, "", "cannot sign"),
        ("ana", None, "\0", "NUL"),
        ("ana", Change("title", "=", "a\0b"), "", "not a text that a ticket may hold"),
        ("ana", Change("tags", "=", "vpn"), "", "is a list"),
        ("ana", Change("fields.a b", "=", "x"), "", "not the name of a field"),
        ("ana", Change("until", "=", "soon"), "", "is not an instant"),
    ],
)
def test_what_no_entry_can_carry_is_never_written(
    by: str, change: Change | None, text: str, fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        new_entry(START, by, "changed", [change] if change else [], text)


@pytest.mark.parametrize("who", ["ana", "maria@acme.example", "requester", "desk", "ñ", "a" * 254])
def test_who_can_sign(who: str) -> None:
    assert is_who(who)


@pytest.mark.parametrize(
    "who", ["", "a b", 'a"b', "a=b", "a\nb", "a\u00a0b", "a\u200fb", "a" * 255]
)
def test_who_cannot_sign(who: str) -> None:
    assert not is_who(who)


@pytest.mark.parametrize("name", ["asset", "a", "warranty.end", "a-b_c", "größe", "42", "a" * 100])
def test_names_of_custom_fields(name: str) -> None:
    assert is_custom_name(name)


@pytest.mark.parametrize("name", ["", "-a", "a-", ".a", "a.", "a b", "a=b", "a+", "a:b", "a" * 101])
def test_what_no_custom_field_is_called(name: str) -> None:
    assert not is_custom_name(name)


@pytest.mark.parametrize("written", ['"', "a", '"a', "1", '["a"]', "null"])
def test_only_a_json_string_is_unquoted(written: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        unquoted(written)


@QUICK
@given(entries())
def test_a_new_entry_reads_as_it_was_made(entry: Entry) -> None:
    assert parse_heading(entry.heading, entry.text) == entry
    assert "\n" not in entry.heading
    assert not STRANGE.search(entry.heading)


@QUICK
@given(st.lists(changes(), min_size=1, max_size=4))
def test_no_value_can_pass_for_another_change(carried: Sequence[Change]) -> None:
    parts = [written(change) for change in carried]
    whole = written(*carried)
    assert whole == " ".join(parts)
    assert read(whole) == tuple(carried)


@QUICK
@given(st.text(max_size=40), whos)
def test_any_line_is_an_entry_or_a_value_error(text: str, who: str) -> None:
    for line in (text, f"{WHEN} {who} {text}", f"{BEGIN} {text}"):
        try:
            entry = parse_heading(line)
        except ValueError:
            continue
        assert entry.heading == line
        again = new_entry(entry.at, entry.by, entry.verb, entry.changes)
        assert parse_heading(again.heading)[:4] == entry[:4]
