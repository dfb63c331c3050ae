"""The hash chain by itself: every later change shows. Source: audit entries are append-only and chained by hash."""

import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audit.chain import (
    GENESIS,
    Broken,
    Entry,
    Fault,
    Head,
    Link,
    Verdict,
    canonical,
    digest_after,
    head_from,
    verify,
)

pytestmark = pytest.mark.once

NOON = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
ENTRY = Entry(7, NOON, None, [], "polls.closed", "assemblies.Poll", "3", "/12/1224/", {"votes": 312})

TEXT = st.text(max_size=8)
JSON = st.dictionaries(TEXT, st.none() | st.booleans() | st.integers() | TEXT | st.lists(TEXT, max_size=2), max_size=3)
ENTRIES = st.builds(
    Entry,
    id=st.integers(1, 10**9),
    at=st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    actor=st.none() | st.uuids().map(str),
    persons=st.lists(st.uuids().map(str), max_size=2),
    action=TEXT,
    target_type=TEXT,
    target_id=TEXT,
    scope=TEXT,
    details=JSON,
)
LOGS = st.lists(ENTRIES, min_size=2, max_size=6, unique_by=lambda entry: entry.id)


def chained(entries, start=GENESIS):
    links, digest = [], start
    for position, entry in enumerate(entries, 1):
        digest = digest_after(digest, entry)
        links.append(Link(position, digest, entry))
    return links


def head_of(links):
    return Head(links[-1].position, links[-1].digest)


def test_digest_is_sha256_of_the_previous_digest_and_the_canonical_entry():
    expected = hashlib.sha256(bytes(32) + canonical(ENTRY)).hexdigest()

    assert digest_after(GENESIS, ENTRY) == expected


def test_canonical_form_is_sorted_ascii_json_with_every_fact():
    facts = json.loads(canonical(ENTRY))

    assert list(facts) == sorted(field.name for field in fields(Entry))
    assert facts["at"] == "2026-06-01T03:00:00.000000+00:00"
    assert canonical(replace(ENTRY, scope="마당\ud800")).isascii()


def test_the_same_moment_in_another_zone_is_the_same_entry():
    assert canonical(replace(ENTRY, at=NOON.astimezone(timezone(timedelta(hours=9))))) == canonical(ENTRY)


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        canonical(replace(ENTRY, at=NOON.replace(tzinfo=None)))


def test_a_number_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        canonical(replace(ENTRY, details={"share": float("nan")}))


def test_the_empty_chain_is_whole():
    assert verify([]) == Verdict(Head(0, GENESIS), None)


@given(entries=LOGS)
def test_an_untouched_chain_is_whole(entries):
    links = chained(entries)

    verdict = verify(links, expected=head_of(links))

    assert verdict.is_whole
    assert (verdict.count, verdict.head) == (len(entries), head_of(links))


@given(entries=LOGS, data=st.data())
def test_any_one_changed_bit_of_a_digest_is_found_at_its_place(entries, data):
    links = chained(entries)
    at = data.draw(st.integers(0, len(links) - 1))
    bit = data.draw(st.integers(0, 255))
    links[at] = replace(links[at], digest=f"{int(links[at].digest, 16) ^ (1 << bit):064x}")

    assert verify(links).broken == Broken(at + 1, Fault.CHANGED_ENTRY, entries[at].id)


@given(entries=LOGS, data=st.data())
def test_any_one_changed_bit_of_a_text_is_found_at_its_place(entries, data):
    links = chained(entries)
    at = data.draw(st.integers(0, len(links) - 1))
    name = data.draw(st.sampled_from(["action", "target_type", "target_id", "scope"]))
    text = getattr(entries[at], name) or "\0"
    sign = data.draw(st.integers(0, len(text) - 1))
    changed = text[:sign] + chr(ord(text[sign]) ^ (1 << data.draw(st.integers(0, 7)))) + text[sign + 1 :]
    links[at] = replace(links[at], entry=replace(entries[at], **{name: changed}))

    assert verify(links).broken == Broken(at + 1, Fault.CHANGED_ENTRY, entries[at].id)


CHANGES = {
    "id": lambda entry: entry.id + 1,
    "at": lambda entry: entry.at + timedelta(microseconds=1),
    "actor": lambda entry: None if entry.actor else "00000000-0000-0000-0000-000000000000",
    "persons": lambda entry: [*entry.persons, "00000000-0000-0000-0000-000000000000"],
    "action": lambda entry: entry.action + " ",
    "target_type": lambda entry: entry.target_type + " ",
    "target_id": lambda entry: entry.target_id + "0",
    "scope": lambda entry: entry.scope + "/",
    "details": lambda entry: {**entry.details, "": "changed"},
}


def test_a_change_is_known_for_every_fact():
    assert set(CHANGES) == {field.name for field in fields(Entry)}


@given(entries=LOGS, name=st.sampled_from(sorted(CHANGES)), data=st.data())
def test_a_change_of_any_fact_is_found(entries, name, data):
    links = chained(entries)
    at = data.draw(st.integers(0, len(links) - 1))
    changed = replace(entries[at], **{name: CHANGES[name](entries[at])})
    links[at] = replace(links[at], entry=changed)

    assert verify(links).broken == Broken(at + 1, Fault.CHANGED_ENTRY, changed.id)


@given(entries=LOGS, data=st.data())
def test_a_removed_entry_is_found(entries, data):
    links = chained(entries)
    at = data.draw(st.integers(0, len(links) - 1))
    links[at] = replace(links[at], entry=None)

    assert verify(links).broken == Broken(at + 1, Fault.MISSING_ENTRY)


@given(entries=LOGS, data=st.data())
def test_a_removed_link_is_found_also_when_the_rest_moves_up(entries, data):
    links = chained(entries)
    at = data.draw(st.integers(0, len(links) - 2))
    del links[at]
    moved_up = [replace(link, position=position) for position, link in enumerate(links, 1)]

    assert verify(links).broken == Broken(at + 1, Fault.MISSING_SEAL)
    assert verify(moved_up).broken == Broken(at + 1, Fault.CHANGED_ENTRY, entries[at + 1].id)


@given(entries=LOGS, data=st.data())
def test_two_swapped_entries_are_found(entries, data):
    links = chained(entries)
    one, other = sorted(data.draw(st.permutations(range(len(links))))[:2])
    links[one], links[other] = (
        replace(links[one], entry=links[other].entry),
        replace(links[other], entry=links[one].entry),
    )

    assert verify(links).broken == Broken(one + 1, Fault.CHANGED_ENTRY, entries[other].id)


@given(entries=LOGS, data=st.data())
def test_links_out_of_order_are_found(entries, data):
    links = chained(entries)
    at = data.draw(st.integers(0, len(links) - 2))
    links[at], links[at + 1] = links[at + 1], links[at]

    assert verify(links).broken == Broken(at + 1, Fault.MISSING_SEAL)
    assert verify([*chained(entries), chained(entries)[at]]).broken.fault is Fault.WRONG_ORDER


@given(entries=LOGS, extra=ENTRIES, data=st.data())
def test_an_inserted_entry_is_found(entries, extra, data):
    at = data.draw(st.integers(0, len(entries) - 1))
    links = chained(entries)
    before = links[at - 1].digest if at else GENESIS
    links.insert(at, Link(0, digest_after(before, extra), extra))
    links = [replace(link, position=position) for position, link in enumerate(links, 1)]

    broken = verify(links).broken

    # The inserted link itself fits, the one after it does not.
    assert broken == Broken(at + 2, Fault.CHANGED_ENTRY, entries[at].id)


@given(entries=LOGS, data=st.data())
def test_a_cut_off_end_shows_against_a_head_written_down(entries, data):
    links = chained(entries)
    kept = data.draw(st.integers(0, len(links) - 1))

    assert verify(links[:kept]).is_whole
    assert verify(links[:kept], expected=head_of(links)).broken == Broken(kept + 1, Fault.CUT_OFF)


@given(entries=LOGS)
def test_a_history_sealed_anew_shows_against_a_head_written_down(entries):
    links = chained(entries)
    rewritten = chained([replace(entries[0], action="other" + entries[0].action), *entries[1:]])

    assert verify(rewritten).is_whole
    assert verify(rewritten, expected=head_of(links)).broken.fault is Fault.OTHER_HISTORY


@given(entries=LOGS)
def test_a_chain_that_has_grown_still_runs_through_the_old_head(entries):
    links = chained(entries)

    assert verify(links, expected=head_of(links[:1])).is_whole
    assert verify(links, expected=Head()).is_whole


def test_a_head_reads_as_it_is_printed():
    head = Head(3, "ab" * 32)

    assert head_from(str(head)) == head


@pytest.mark.parametrize("text", ["", "3", "3:", "-1:" + "0" * 64, "x:" + "0" * 64, "3:" + "0" * 63, "3:" + "g" * 64])
def test_a_head_that_makes_no_sense_is_refused(text):
    with pytest.raises(ValueError, match="not"):
        head_from(text)
