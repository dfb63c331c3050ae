"""The hash chain of the audit log: canonical form, digest, verification. Pure: no Django, no clock.

Every sealed entry has a link: its position (1, 2, 3 … without gaps) and its digest, the SHA-256 of the digest before it
followed by the canonical form of the entry. Whoever changes, removes, adds or swaps entries afterwards breaks a link.
Only cutting off the tail leaves a whole chain; that shows against a head that was written down elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

GENESIS = "0" * 64
DIGEST_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Entry:
    """The facts of an audit entry that its digest covers: all of them."""

    id: int
    at: datetime
    actor: str | None
    persons: list[str]
    action: str
    target_type: str
    target_id: str
    scope: str
    details: dict[str, Any]


ENTRY_FACTS = tuple(field.name for field in fields(Entry))


@dataclass(frozen=True, slots=True)
class Link:
    """One link as it stands in the database; `entry` is None if it is gone."""

    position: int
    digest: str
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends. Position 0 is the empty chain."""

    position: int = 0
    digest: str = GENESIS

    def __str__(self) -> str:
        return f"{self.position}:{self.digest}"


class Fault(StrEnum):
    """What is wrong with the first broken link."""

    CHANGED_ENTRY = "changed_entry"
    MISSING_ENTRY = "missing_entry"
    MISSING_SEAL = "missing_seal"
    WRONG_ORDER = "wrong_order"
    OTHER_HISTORY = "other_history"
    CUT_OFF = "cut_off"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first broken link. `entry_id` is None where no entry is at hand to point at."""

    position: int
    fault: Fault
    entry_id: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found: the last whole link, how many entries up to it, and the first broken one if any."""

    head: Head
    broken: Broken | None

    @property
    def count(self) -> int:
        return self.head.position

    @property
    def is_whole(self) -> bool:
        return self.broken is None


def canonical(entry: Entry) -> bytes:
    """The one spelling of an entry: JSON in ASCII, keys sorted, no spaces, the time in UTC with microseconds.

    Raises ValueError if the time has no zone or a number in the details is not finite.
    """
    if entry.at.tzinfo is None:
        raise ValueError("the time of an entry has no zone")
    facts = {name: getattr(entry, name) for name in ENTRY_FACTS}
    facts["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode("ascii")


def digest_after(previous: str, entry: Entry) -> str:
    """SHA-256 of the previous digest (32 bytes) followed by the canonical entry, as 64 hexadecimal digits."""
    return hashlib.sha256(bytes.fromhex(previous) + canonical(entry)).hexdigest()


def head_from(text: str) -> Head:
    """Read `POSITION:DIGEST` as verify_audit prints it. Raises ValueError for anything else."""
    position, colon, digest = text.partition(":")
    digest = digest.lower()
    if not colon or not position.isascii() or not position.isdigit() or len(digest) != DIGEST_LENGTH:
        raise ValueError(f"{text!r} is not POSITION:DIGEST")
    if not set(digest) <= set("0123456789abcdef"):
        raise ValueError(f"{digest!r} is not a SHA-256 digest")
    return Head(int(position), digest)


def verify(links: Iterable[Link], *, expected: Head | None = None) -> Verdict:
    """Walk the links in order of position, in constant memory, up to the first broken one.

    `expected` is a head that was written down earlier: the chain must run through it. It finds a cut-off tail, and a
    history that was rewritten and sealed anew.
    """
    head = Head()
    for link in links:
        fault = _fault(link, head)
        if fault is Fault.MISSING_SEAL:
            return Verdict(head, Broken(head.position + 1, fault))
        if fault:
            return Verdict(head, Broken(link.position, fault, link.entry.id if link.entry else None))
        head = Head(link.position, link.digest)
        if expected and head.position == expected.position and head.digest != expected.digest:
            return Verdict(head, Broken(head.position, Fault.OTHER_HISTORY, link.entry.id if link.entry else None))
    if expected and head.position < expected.position:
        return Verdict(head, Broken(head.position + 1, Fault.CUT_OFF))
    if expected and expected.position == 0 and expected.digest != GENESIS:
        return Verdict(head, Broken(0, Fault.OTHER_HISTORY))
    return Verdict(head, None)


def _fault(link: Link, head: Head) -> Fault | None:
    if link.position <= head.position:
        return Fault.WRONG_ORDER
    if link.position > head.position + 1:
        return Fault.MISSING_SEAL
    if link.entry is None:
        return Fault.MISSING_ENTRY
    if digest_after(head.digest, link.entry) != link.digest:
        return Fault.CHANGED_ENTRY
    return None
