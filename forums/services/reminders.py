"""Reminders to members, through the notices."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from core.notices.services import Recipient, send_notice
from core.notices.states import DeliveryStatus
from forums.models import Member
from forums.queries.dues import standings
from forums.states import MemberStatus
from residents.models import User


@transaction.atomic
def remind_of_dues(*, actor: User, at: datetime) -> tuple[int, list[str]]:
    """Write to every member with open dues or shares, once a month at most.

    Returns how many were written to, and the names of those who owe something and have no address.

    Raises RuleViolation if nobody owes anything, or whoever does was reminded this month already.
    """
    members = Member.objects.filter(status=MemberStatus.ACTIVE).prefetch_related("mails").order_by("name", "pk")
    owing = [one for one in standings(members) if one.standing.open]
    recipients = [
        Recipient(
            address=mail.address,
            name=one.member.name,
            context={
                "open": one.standing.open,
                "since": one.standing.open_since.isoformat() if one.standing.open_since else "",
            },
        )
        for one in owing
        for mail in one.member.mails.all()[:1]
    ]
    if not recipients:
        raise RuleViolation(_("Nobody owes anything, or there is no address to write to."), code="nobody_owes")
    mailing = send_notice(
        kind="forums.dues_reminder",
        recipients=recipients,
        actor=actor,
        at=at,
        subject_key=f"dues:{timezone.localdate(at):%Y-%m}",
    )
    # Who asked for no such mails is left out of the mailing.
    reminded = mailing.deliveries.exclude(status=DeliveryStatus.LEFT_OUT).count()
    record(actor=actor, action="forums.dues_reminded", target=mailing, details={"members": reminded}, at=at)
    return reminded, [one.member.name for one in owing if not one.member.mails.all()]
