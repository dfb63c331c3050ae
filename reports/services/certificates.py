"""Certificates: numbered without gaps, with a code that shows whether one is genuine."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from reports.codes import new_code
from reports.models import Certificate, SerialCounter
from reports.states import CertificateStatus
from residents.models import Region, User

MOST_FACTS = 30


@transaction.atomic
def issue_certificate(  # noqa: PLR0913 - a certificate has this many facts
    *,
    kind: str,
    title: str,
    statement: str,
    facts: Sequence[tuple[str, str]],
    holder: User | None,
    holder_name: str,
    issued_by: str,
    region: Region | None,
    actor: User | None,
    at: datetime,
) -> Certificate:
    """Issue the next certificate of this kind in this year. Whether `actor` may is for the caller.

    statement: the sentence that is certified. facts: name and value, without data of the person, because anybody who
    has the code reads them. Takes the counter's row lock, so that numbers have no gap and none comes twice, whatever
    is rolled back. Raises RuleViolation without a name, a title or a statement.
    """
    if not (holder_name.strip() and title.strip() and statement.strip() and issued_by.strip()):
        raise RuleViolation(
            _("A certificate needs a title, a name, what it certifies and the office that issues it."),
            code="certificate_incomplete",
        )
    if len(facts) > MOST_FACTS:
        raise RuleViolation(_("These are too many facts for one certificate."), code="certificate_too_long")
    day = timezone.localdate(at)
    SerialCounter.objects.get_or_create(kind=kind, year=day.year)
    counter = SerialCounter.objects.select_for_update().get(kind=kind, year=day.year)
    counter.last += 1
    counter.save(update_fields=["last"])
    certificate = Certificate.objects.create(
        kind=kind,
        year=day.year,
        number=counter.last,
        code=_unused_code(),
        title=title.strip(),
        statement=statement.strip(),
        facts=[[name, value] for name, value in facts],
        holder=holder,
        holder_name=holder_name.strip(),
        region=region,
        issued_on=day,
        issued_by=issued_by.strip(),
    )
    record(
        actor=actor,
        action="reports.certificate_issued",
        target=certificate,
        persons=[holder] if holder else [],
        scope=region.path if region else "",
        details={"kind": kind, "year": day.year, "number": counter.last},
        at=at,
    )
    return certificate


def _unused_code() -> str:
    while True:
        code = new_code(secrets.choice)
        if not Certificate.objects.filter(code=code).exists():
            return code


@transaction.atomic
def withdraw_certificate(*, certificate_id: int, reason: str, actor: User, at: datetime) -> Certificate:
    """Declare a certificate void; who verifies it sees since when and why.

    Raises RuleViolation without a reason, or if it is withdrawn already.
    """
    certificate = Certificate.objects.select_for_update(of=("self",)).select_related("region").get(pk=certificate_id)
    reason = reason.strip()
    if not reason:
        raise RuleViolation(
            _("Please say why the certificate is withdrawn. Whoever verifies it reads the reason."), code="no_reason"
        )
    certificate.move_to(CertificateStatus.WITHDRAWN)
    certificate.withdrawn_on = timezone.localdate(at)
    certificate.withdrawn_because = reason[:200]
    certificate.save()
    record(
        actor=actor,
        action="reports.certificate_withdrawn",
        target=certificate,
        persons=[certificate.holder] if certificate.holder else [],
        scope=certificate.region.path if certificate.region else "",
        at=at,
    )
    return certificate
