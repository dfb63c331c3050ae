"""Sending what waits of a mailing: each message is claimed and committed before it is sent, so that none goes twice.

A worker that is killed leaves its message as "sending". Nobody can tell whether that one went out; after a while it
counts as perhaps sent, and a person decides. Several workers may send the same mailing: each claims other messages.
"""

import logging
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.jobs.kinds import Work
from core.notices.channels import (
    Channel,
    PermanentError,
    SendingError,
    TemporaryError,
    UncertainError,
    UnreachableError,
    channel_called,
)
from core.notices.composing import NotWritableError, compose
from core.notices.kinds import kind_called
from core.notices.models import Delivery, Mailing
from core.notices.queries import Counts, counts_of, refused_among
from core.notices.states import DeliveryStatus, Problem

# A message that is "sending" for so long has lost its worker: longer than all the waits of one SMTP dialogue.
LOST_AFTER = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
MOST_UNANSWERED = 3
SHORT_REST = 1.0  # seconds between two looks whether more may be sent in this minute
SETTLED = ["status", "problem", "settled_at", "due_at", "attempts"]

logger = logging.getLogger("madang.notices")


@dataclass(slots=True)
class Round:
    """One worker's go at a mailing: who it is, its clock and its open channels."""

    mailing: Mailing
    clock: Callable[[], datetime] = timezone.now
    sleep: Callable[[float], None] = time.sleep
    lease: uuid.UUID = field(default_factory=uuid.uuid4)
    channels: dict[str, Channel] = field(default_factory=dict)
    # Messages in a row of which nobody can tell whether they were taken.
    unanswered: int = 0

    def channel(self, name: str) -> Channel:
        """Raises UnreachableError."""
        if name not in self.channels:
            channel = channel_called(name)
            channel.open()
            self.channels[name] = channel
        return self.channels[name]

    def close(self) -> None:
        for channel in self.channels.values():
            channel.close()


def send_mailing(
    mailing: Mailing,
    tell: Callable[[int, str], None],
    *,
    clock: Callable[[], datetime] = timezone.now,
    sleep: Callable[[float], None] = time.sleep,
) -> Counts:
    """Send everything of the mailing that is due, and give the counts afterwards.

    `tell` is told percent and step before each message and may raise to stop; then nothing is under way.
    """
    note_lost(at=clock(), mailing=mailing)
    counts = counts_of(mailing)
    done = counts.total - counts.waiting
    with closing(Round(mailing, clock, sleep)) as one_round:
        while True:
            percent = 100 * min(done, counts.total) // max(counts.total, 1)
            tell(percent, _("%(done)s of %(total)s messages done") % {"done": done, "total": counts.total})
            while _rate_is_reached(clock()):
                sleep(SHORT_REST)
                tell(percent, "")
            delivery = claim_next(mailing, lease=one_round.lease, at=clock())
            if delivery is None:
                break
            if delivery.status == DeliveryStatus.SENDING and not _send_one(one_round, delivery):
                break
            done += 1
    return counts_of(mailing)


def claim_next(mailing: Mailing, *, lease: uuid.UUID, at: datetime) -> Delivery | None:
    """The next message, committed as "sending" in a transaction of its own; or as left out if it is not wanted now.

    None if nothing is due. Other workers' claims are passed over.
    """
    with transaction.atomic(durable=True):
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True)
            .filter(mailing=mailing, status=DeliveryStatus.WAITING, due_at__lte=at)
            .order_by("id")
            .first()
        )
        if delivery is None:
            return None
        delivery.mailing = mailing
        if _is_refused(delivery):
            delivery.move_to(DeliveryStatus.LEFT_OUT)
            delivery.settled_at = at
        else:
            delivery.move_to(DeliveryStatus.SENDING)
            delivery.lease = lease
            delivery.claimed_at = at
            delivery.attempts += 1
        delivery.save(update_fields=["status", "lease", "claimed_at", "attempts", "settled_at"])
    return delivery


def note_lost(*, at: datetime, mailing: Mailing | None = None) -> int:
    """Count messages whose worker was lost as perhaps sent, and say how many; of one mailing, or of all."""
    with transaction.atomic():
        # A claim from the future says nothing, the clock was set back since: it counts from now on.
        under_way = Delivery.objects.filter(status=DeliveryStatus.SENDING)
        under_way.filter(claimed_at__gt=at + LOST_AFTER).update(claimed_at=at)
        lost = Delivery.objects.select_for_update(skip_locked=True).filter(
            status=DeliveryStatus.SENDING, claimed_at__lt=at - LOST_AFTER
        )
        rows = list(lost if mailing is None else lost.filter(mailing=mailing))
        for delivery in rows:
            # The lease stays: if the worker was only slow, it comes back and says what became of the message.
            delivery.move_to(DeliveryStatus.UNCERTAIN)
            delivery.problem = Problem.STOPPED
            delivery.settled_at = at
        Delivery.objects.bulk_update(rows, ["status", "problem", "settled_at"], batch_size=500)
    return len(rows)


def stop_waiting(mailing: Mailing, *, at: datetime, problem: Problem, channel: str = "") -> int:
    """Count everything of the mailing (of one channel, if it is named) that still waits as not sent; say how many."""
    with transaction.atomic():
        waiting = mailing.deliveries.select_for_update().filter(status=DeliveryStatus.WAITING)
        rows = list(waiting.filter(channel=channel) if channel else waiting)
        for delivery in rows:
            delivery.move_to(DeliveryStatus.FAILED)
            delivery.problem = problem
            delivery.settled_at = at
        Delivery.objects.bulk_update(rows, ["status", "problem", "settled_at"], batch_size=500)
    return len(rows)


def run(work: Work) -> None:
    """The job "notices.mailing". Safe to repeat: what was claimed once is not sent again."""
    mailing = Mailing.objects.get(pk=work.job.parameters["mailing"])
    work.say(outcome_in_words(send_mailing(mailing, work.tell)))


def outcome_in_words(counts: Counts) -> str:
    """What came of a mailing so far, in sentences."""
    parts = [
        ngettext("%(count)s message was sent.", "%(count)s messages were sent.", counts.sent) % {"count": counts.sent}
    ]
    if counts.failed:
        text = ngettext("%(count)s could not be sent.", "%(count)s could not be sent.", counts.failed)
        parts.append(text % {"count": counts.failed})
    if counts.uncertain:
        text = ngettext("%(count)s was perhaps sent.", "%(count)s were perhaps sent.", counts.uncertain)
        parts.append(text % {"count": counts.uncertain})
    if counts.waiting:
        text = ngettext("%(count)s is tried again later.", "%(count)s are tried again later.", counts.waiting)
        parts.append(text % {"count": counts.waiting})
    if counts.left_out:
        text = ngettext(
            "%(count)s recipient does not want this.", "%(count)s recipients do not want this.", counts.left_out
        )
        parts.append(text % {"count": counts.left_out})
    return " ".join(parts)


def _send_one(one_round: Round, delivery: Delivery) -> bool:
    """Send a claimed message and commit what became of it. False if nothing more can be sent now."""
    try:
        message = compose(delivery)
    except (KeyError, TemplateDoesNotExist, TemplateSyntaxError, NotWritableError) as error:
        logger.warning("a notice of kind %s is not writable: %s", delivery.mailing.kind, type(error).__name__)
        _settle(one_round, delivery, DeliveryStatus.FAILED, Problem.NOT_WRITABLE)
        return True
    try:
        one_round.channel(delivery.channel).send(message)
    except UnreachableError as error:
        _settle_temporary(one_round, delivery, error)
        _postpone_the_others(one_round, delivery)
        return False
    except SendingError as error:
        if isinstance(error, TemporaryError):
            _settle_temporary(one_round, delivery, error)
        elif isinstance(error, PermanentError):
            _settle(one_round, delivery, DeliveryStatus.FAILED, error.problem)
        elif isinstance(error, UncertainError):
            _settle(one_round, delivery, DeliveryStatus.UNCERTAIN, error.problem)
            one_round.unanswered += 1
            return not _rests_after_silence(one_round, delivery)
        else:
            raise
    else:
        _settle(one_round, delivery, DeliveryStatus.SENT)
    one_round.unanswered = 0
    return True


def _settle(
    one_round: Round, delivery: Delivery, status: DeliveryStatus, problem: str = "", due_at: datetime | None = None
) -> None:
    """Commit what became of a message, unless somebody has decided about it meanwhile."""
    with transaction.atomic(durable=True):
        row = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if row.lease != one_round.lease or row.status not in {DeliveryStatus.SENDING, DeliveryStatus.UNCERTAIN}:
            return
        if row.status != status:
            row.move_to(status)
        row.problem = problem
        row.settled_at = None if status == DeliveryStatus.WAITING else one_round.clock()
        row.due_at = due_at or row.due_at
        row.save(update_fields=SETTLED)
    delivery.status, delivery.due_at, delivery.problem = row.status, row.due_at, row.problem


def _settle_temporary(one_round: Round, delivery: Delivery, error: TemporaryError) -> None:
    """Let it wait for the next attempt, or give up after the last."""
    pauses = settings.NOTICE_RETRY_PAUSES
    if delivery.attempts > len(pauses):
        _settle(one_round, delivery, DeliveryStatus.FAILED, error.problem)
        return
    again = one_round.clock() + timedelta(seconds=pauses[delivery.attempts - 1])
    _settle(one_round, delivery, DeliveryStatus.WAITING, error.problem, due_at=again)


def _postpone_the_others(one_round: Round, delivery: Delivery) -> None:
    """When nothing can be sent at all, everything that waits fares as the one that was tried."""
    others = one_round.mailing.deliveries.filter(channel=delivery.channel, status=DeliveryStatus.WAITING)
    if delivery.status == DeliveryStatus.FAILED:
        stop_waiting(one_round.mailing, at=one_round.clock(), problem=Problem.UNREACHABLE, channel=delivery.channel)
    else:
        others.filter(due_at__lt=delivery.due_at).update(due_at=delivery.due_at, attempts=delivery.attempts)


def _rests_after_silence(one_round: Round, delivery: Delivery) -> bool:
    """Whether the others wait for a later attempt, because a server fell silent over MOST_UNANSWERED messages in a row.

    Each further one would leave a person another message to decide about.
    """
    pauses = settings.NOTICE_RETRY_PAUSES
    if one_round.unanswered < MOST_UNANSWERED or not pauses:
        return False
    again = one_round.clock() + timedelta(seconds=pauses[min(delivery.attempts, len(pauses)) - 1])
    others = one_round.mailing.deliveries.filter(channel=delivery.channel, status=DeliveryStatus.WAITING)
    others.filter(due_at__lt=again).update(due_at=again, attempts=delivery.attempts)
    return True


def _is_refused(delivery: Delivery) -> bool:
    try:
        kind = kind_called(delivery.mailing.kind)
    except KeyError:
        return False
    if kind.obligatory:
        return False
    users = [delivery.user_id] if delivery.user_id else []
    return bool(refused_among(kind.category.key, users=users, keys=[delivery.address_key]))


def _rate_is_reached(at: datetime) -> bool:
    """Whether NOTICE_RATE messages of all workers were claimed in the last minute; 0 is no limit."""
    rate: int = settings.NOTICE_RATE
    # What lies in the future was claimed before the clock was set back.
    lately = Delivery.objects.filter(claimed_at__gt=at - MINUTE, claimed_at__lte=at + MINUTE)
    return bool(rate) and lately.count() >= rate
