"""The sealer: gives every committed entry its link in the chain, outside the transaction that wrote the entry.

Entries commit in another order than their ids are given out. That does no harm: a link's position is the order of
sealing, so an entry that commits late is sealed later. What the chain proves is that sealed entries were not changed.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from django.db import connection, transaction

from core.audit.chain import Head, Link, Verdict, digest_after, verify
from core.audit.models import AppendOnlyQuerySet, AuditEntry, AuditSeal

BATCH = 500
NEWEST = 100  # links that are checked whenever an auditor opens the desk
SEALER_LOCK = 0x6D61_6461_6E67  # "madang" in ASCII: the key of the advisory lock


def pending_entries() -> AppendOnlyQuerySet[AuditEntry]:
    """Committed entries without a seal, in order of their ids."""
    return AuditEntry.objects.filter(seal__isnull=True).order_by("id")


def seal_pending(*, at: datetime, batch: int = BATCH) -> int:
    """Seal every entry that waits and say how many were sealed.

    Each batch is a transaction of its own; a second sealer waits for the first and goes on from there.
    """
    total = 0
    while pending_entries().exists():
        total += _seal_batch(at, batch)
    return total


def _seal_batch(at: datetime, size: int) -> int:
    with transaction.atomic(durable=True):
        _wait_for_other_sealers()
        newest = AuditSeal.objects.order_by("-position").first()
        head = Head(newest.position, newest.digest) if newest else Head()
        seals = []
        for entry in pending_entries()[:size]:
            head = Head(head.position + 1, digest_after(head.digest, entry.facts()))
            seals.append(AuditSeal(position=head.position, entry=entry, digest=head.digest, sealed_at=at))
        AuditSeal.objects.bulk_create(seals)
    return len(seals)


def _wait_for_other_sealers() -> None:
    """SQLite needs nothing: its transactions begin IMMEDIATE, one writer at a time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])


def links(batch: int = BATCH) -> Iterator[Link]:
    """The whole chain in order of position, read in batches: two queries each, constant memory, no long transaction."""
    position = -1
    while seals := list(AuditSeal.objects.filter(position__gt=position).order_by("position")[:batch]):
        entries = AuditEntry.objects.in_bulk([seal.entry_id for seal in seals])
        for seal in seals:
            entry = entries.get(seal.entry_id)
            yield Link(seal.position, seal.digest, entry.facts() if entry else None)
        position = seals[-1].position


def newest_links_hold(count: int = NEWEST) -> bool:
    """Whether the newest `count` links follow from each other and from their entries. Two queries.

    Says nothing about what lies before them; `verify_log` walks everything.
    """
    seals = list(AuditSeal.objects.order_by("-position")[: count + 1])[::-1]
    entries = AuditEntry.objects.in_bulk([seal.entry_id for seal in seals])
    for before, seal in pairwise(seals):
        entry = entries.get(seal.entry_id)
        follows = seal.position == before.position + 1
        if entry is None or not follows or seal.digest != digest_after(before.digest, entry.facts()):
            return False
    return True


def verify_log(*, expected: Head | None = None) -> Verdict:
    """Verify the chain as it stands in the database."""
    return verify(links(), expected=expected)
