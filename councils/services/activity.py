"""Certificates of what somebody did as a member of a council."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from core.audit.services import record
from core.errors import RuleViolation
from core.templatetags.madang import day_text
from councils.models import Member
from councils.queries.meetings import activity_of
from councils.queries.members import municipality_of
from councils.services.appointing import LANGUAGE, head_of, name_of
from councils.services.members import locked_member
from reports.models import Certificate
from reports.services.certificates import issue_certificate
from residents.models import User

ACTIVITY = "council-activity"
MINUTES_IN_HOUR = 60


@transaction.atomic
def certify_activity(*, member_id: int, actor: User | None, at: datetime) -> Certificate:
    """Certify since when somebody serves or served, to how many meetings they came, and how many full hours.

    Raises RuleViolation where no meeting has been held that they were called to.
    """
    member: Member = locked_member(member_id)
    activity = activity_of([member])[member.pk]
    if not activity.called:
        raise RuleViolation(
            _("There has been no meeting yet that this member was called to, so there is nothing to certify."),
            code="nothing_to_certify",
        )
    council = member.term.council
    region = municipality_of(council.dong)
    with override(LANGUAGE):
        last = day_text(member.left_on) if member.left_on else _("today")
        hours = activity.minutes // MINUTES_IN_HOUR
        certificate = issue_certificate(
            kind=ACTIVITY,
            title=_("Certificate of activity"),
            statement=_("The person named above served in the %(council)s as: %(office)s.")
            % {"council": name_of(council), "office": member.get_office_display()},
            facts=[
                (_("Council"), name_of(council)),
                (_("From"), day_text(member.appointed_on)),
                (_("Until"), last),
                (
                    _("Meetings"),
                    _("%(came)s of %(called)s") % {"came": activity.came, "called": activity.called},
                ),
                (_("Hours"), ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}),
            ],
            holder=member.user,
            holder_name=member.name,
            issued_by=head_of(region),
            region=region,
            actor=actor,
            at=at,
        )
    record(
        actor=actor,
        action="councils.activity_certified",
        target=member,
        scope=council.dong.path,
        persons=[member.user] if member.user else [],
        details={"certificate": certificate.pk, "meetings": activity.came},
        at=at,
    )
    return certificate
