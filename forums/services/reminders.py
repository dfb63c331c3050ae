"""Reminders to members, through the notices."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.audit.services import record
from core.errors import RuleViolation
from core.notices.models import Mailing
from core.notices.services import Recipient, send_notice
from core.notices.states import DeliveryStatus
from core.templatetags.madang import day_text
from forums.models import Member
from forums.queries.dues import standings
from forums.states import MemberStatus
from residents.models import User

REMINDER = "forums.dues_reminder"


@dataclass(frozen=True, slots=True)
class LastReminder:
    """When members were reminded last, and how many were written to."""

    at: datetime
    members: int


def last_reminder() -> LastReminder | None:
    """One query. Who asked for no such mails was left out of it."""
    written_to = Count("deliveries", filter=~Q(deliveries__status=DeliveryStatus.LEFT_OUT))
    last = Mailing.objects.filter(kind=REMINDER).annotate(members=written_to).order_by("-ordered_at").first()
    return LastReminder(last.ordered_at, last.members) if last else None


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
    last = last_reminder()
    try:
        mailing = send_notice(
            kind=REMINDER,
            recipients=recipients,
            actor=actor,
            at=at,
            subject_key=f"dues:{timezone.localdate(at):%Y-%m}",
        )
    except RuleViolation as refused:
        if refused.code != "nobody_to_send_to" or last is None:
            raise
        raise RuleViolation(_reminded_already(last), code="reminded_already") from refused
    # Who asked for no such mails is left out of the mailing.
    reminded = mailing.deliveries.exclude(status=DeliveryStatus.LEFT_OUT).count()
    record(actor=actor, action="forums.dues_reminded", target=mailing, details={"members": reminded}, at=at)
    return reminded, [one.member.name for one in owing if not one.member.mails.all()]


def _reminded_already(last: LastReminder) -> str:
    text = ngettext(
        "Whoever owes something was reminded this month already. The last reminder went out on %(day)s to %(members)s "
        "member. The next one can go out from the first of next month.",
        "Whoever owes something was reminded this month already. The last reminder went out on %(day)s to %(members)s "
        "members. The next one can go out from the first of next month.",
        last.members,
    )
    return text % {"day": day_text(last.at), "members": last.members}
