"""What applicants are told about a course that they are on the list of."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.notices.kinds import Category, NoticeKind, register_kind
from core.notices.services import Recipient, send_notice
from core.templatetags.madang import moment_text
from councils.models import Application, Learner
from councils.states import BEFORE_POOL
from meetings.models import Meeting

CHANGED = "councils.course_changed"
CANCELLED = "councils.course_cancelled"
COURSES = Category("councils.course", _("Courses of the residents’ school"), _("Another time or place"))
BELONGS = _("You get this because you applied for a council and are on the list of this course.")
LANGUAGE = "ko"  # of those without an account


def register() -> None:
    register_kind(NoticeKind(CHANGED, _("Another time or place of a course"), COURSES, obligatory=True, why=BELONGS))
    register_kind(NoticeKind(CANCELLED, _("A course is called off"), COURSES, obligatory=True, why=BELONGS))


def tell_learners(*, meeting: Meeting, is_cancelled: bool, at: datetime) -> None:
    """Write to the applicants on the list who still need hours and left an address."""
    learners = Learner.objects.filter(participant__meeting=meeting, application__status__in=BEFORE_POOL)
    recipients = [
        recipient
        for learner in learners.select_related("application__user", "application__recruitment").order_by("pk")
        if (recipient := _recipient(learner.application, meeting)) is not None
    ]
    if recipients:
        kind = CANCELLED if is_cancelled else CHANGED
        send_notice(kind=kind, recipients=recipients, actor=None, at=at, scope=meeting.scope)


def _recipient(application: Application, meeting: Meeting) -> Recipient | None:
    user = application.user
    address = application.email or (user.email if user else "")
    if not address:
        return None
    language = user.language if user else LANGUAGE
    with translation.override(language):
        path = (
            reverse("councils:mine", args=[application.recruitment_id])
            if user
            else reverse("councils:application", args=[application.key])
        )
        context = {
            "title": meeting.title,
            "starts": moment_text(meeting.starts_at),
            "place": ", ".join(part for part in (meeting.place, meeting.address) if part),
            "why_cancelled": meeting.cancelled_because,
            "path": path,
        }
    return Recipient(address=address, language=language, name=application.name, user=user, context=context)
