"""Every write to the audit log and the access log, but sealing (`core.audit.sealing`)."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.models import AccessAct, AccessEntry, AccessReview, AuditEntry
from core.audit.queries import access_entries_of
from core.errors import RuleViolation

ACCESS_LOG_YEARS = 2
DECEMBER = 12


class HasPseudonym(Protocol):
    """A person, as the log knows them."""

    @property
    def pseudonym(self) -> uuid.UUID: ...


def record(  # noqa: PLR0913 - an entry has this many facts
    *,
    actor: HasPseudonym | None,
    action: str,
    target: Model | type[Model],
    at: datetime,
    persons: Iterable[HasPseudonym] = (),
    scope: str = "",
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Insert one entry in the caller's transaction; `actor` None is the system itself.

    `target` is the thing acted on, or its class where the act concerned all of its kind. `details` must not carry
    personal data. `scope` is the path of the region concerned ("" for the whole site).
    """
    return AuditEntry.objects.create(
        at=at,
        actor=actor.pseudonym if actor else None,
        persons=[str(person.pseudonym) for person in persons],
        action=action,
        target_type=target._meta.label,
        target_id=str(target.pk) if isinstance(target, Model) else "",
        scope=scope,
        details=dict(details or {}),
    )


def log_access(  # noqa: PLR0913 - an entry has this many facts
    *,
    account: HasPseudonym,
    act: AccessAct,
    what: str,
    at: datetime,
    whose: HasPseudonym | None = None,
    count: int = 1,
    reason: str = "",
    address: str = "",
    scope: str = "",
) -> AccessEntry:
    """Note that `account` saw or took personal data of `whose`, or of `count` persons at once."""
    return AccessEntry.objects.create(
        at=at,
        account=account.pseudonym,
        act=act,
        what=what,
        whose=whose.pseudonym if whose else None,
        count=count,
        reason=reason,
        address=address or None,
        scope=scope,
    )


@transaction.atomic
def review_access_log(*, month: date, scope: str, note: str, actor: HasPseudonym, at: datetime) -> AccessReview:
    """Record that `actor` looked through the access log of `month` in `scope` and what they found.

    Raises RuleViolation if the month is not over, has been reviewed, or nothing is said about what was found.
    """
    first = month.replace(day=1)
    note = note.strip()
    if not note:
        raise RuleViolation(_("Please write what the review found, also when everything was in order."))
    if _month_after(first) > timezone.localdate(at):
        raise RuleViolation(_("A month can be reviewed when it is over."), code="month_not_over")
    review, is_new = AccessReview.objects.get_or_create(
        month=first,
        scope=scope,
        defaults={
            "reviewer": actor.pseudonym,
            "at": at,
            "entries": access_entries_of(month=first, scope=scope).count(),
            "note": note,
        },
    )
    if not is_new:
        raise RuleViolation(_("This month has already been reviewed."), code="already_reviewed")
    record(actor=actor, action="audit.access_log_reviewed", target=review, scope=scope, at=at)
    return review


@transaction.atomic
def forget_old_access_entries(*, at: datetime) -> int:
    """Delete access entries older than two years and say how many. Source: the access log is kept two years."""
    forgotten = AccessEntry.objects.filter(at__lt=_years_before(at, ACCESS_LOG_YEARS)).forget()
    if forgotten:
        record(
            actor=None,
            action="audit.access_entries_forgotten",
            target=AccessEntry,
            details={"entries": forgotten},
            at=at,
        )
    return forgotten


def _month_after(first: date) -> date:
    return date(first.year + 1, 1, 1) if first.month == DECEMBER else date(first.year, first.month + 1, 1)


def _years_before(at: datetime, years: int) -> datetime:
    local = timezone.localtime(at)
    if (local.month, local.day) == (2, 29):
        local = local.replace(day=28)
    return local.replace(year=local.year - years)
