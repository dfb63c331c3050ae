"""Every write to the audit log and the access log."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Model

from core.audit.models import AccessAct, AccessEntry, AuditEntry


class HasPseudonym(Protocol):
    """A person, as the log knows them."""

    @property
    def pseudonym(self) -> uuid.UUID: ...


def record(  # noqa: PLR0913 - an entry has this many facts
    *,
    actor: HasPseudonym | None,
    action: str,
    target: Model,
    at: datetime,
    persons: Iterable[HasPseudonym] = (),
    scope: str = "",
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Insert one entry in the caller's transaction; `actor` None is the system itself.

    `details` must not carry personal data. `scope` is the path of the region concerned ("" for the whole site).
    """
    return AuditEntry.objects.create(
        at=at,
        actor=actor.pseudonym if actor else None,
        persons=[str(person.pseudonym) for person in persons],
        action=action,
        target_type=target._meta.label,
        target_id=str(target.pk),
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
