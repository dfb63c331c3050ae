"""What applicants for a council are told, step by step.

Whoever has an account is led to their page of the recruitment, everybody else to the page that their key opens; who
left no mail address is told nothing here and finds it on that page, or asks at the counter.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.notices.kinds import Category, NoticeKind, register_kind
from core.notices.services import Recipient, send_notice
from core.templatetags.madang import moment_text
from councils.models import Application, ApplicationStep, Course
from councils.states import ApplicationStatus
from meetings.states import MeetingStatus

APPLICATION = Category(
    "councils.application", _("Application for a residents’ council"), _("What becomes of your application")
)
OWN = _("You get this because you applied for this council.")
LANGUAGE = "ko"  # of those without an account

KINDS = {
    ApplicationStatus.RECEIVED: ("councils.application_received", _("Application for a council received")),
    ApplicationStatus.SUPPLEMENT: ("councils.application_supplement", _("Supplement to an application asked for")),
    ApplicationStatus.CHECKED: ("councils.application_checked", _("Eligibility of an applicant confirmed")),
    ApplicationStatus.LEARNING: ("councils.application_learning", _("Applicant may take the courses")),
    ApplicationStatus.POOL: ("councils.application_pool", _("Applicant is in the pool")),
    ApplicationStatus.EXCLUDED: ("councils.application_excluded", _("Applicant excluded")),
    ApplicationStatus.SELECTED: ("councils.application_selected", _("Applicant selected")),
    ApplicationStatus.ALTERNATE: ("councils.application_alternate", _("Applicant is an alternate")),
    ApplicationStatus.NOT_SELECTED: ("councils.application_not_selected", _("Applicant not selected")),
    ApplicationStatus.APPOINTED: ("councils.application_appointed", _("Applicant appointed")),
    ApplicationStatus.WITHDRAWN: ("councils.application_withdrawn", _("Application for a council withdrawn")),
}

LAPSED = ("councils.alternate_lapsed", _("Alternate waits no more"))


def register() -> None:
    for name, title in (*KINDS.values(), LAPSED):
        register_kind(NoticeKind(name, title, APPLICATION, obligatory=True, why=OWN))


def subject_of(application: Application) -> str:
    """About what messages to an applicant are: "council-application:<id>", and a step behind a colon."""
    return f"council-application:{application.pk}"


def tell_applicant(*, application: Application, step: ApplicationStep, at: datetime) -> None:
    """Write to the applicant about this step; nothing for those without a mail address.

    A confirmation that courses follow at once goes out with the courses alone. In the caller's transaction; the same
    step is told once.
    """
    kind = _kind_of(application, step)
    address = application.email or (application.user.email if application.user else "")
    if kind is None or not address or (step.status == ApplicationStatus.CHECKED and _wants_hours(application)):
        return
    language = application.user.language if application.user else LANGUAGE
    with translation.override(language):
        courses = list(_courses(application.recruitment_id)) if step.status == ApplicationStatus.LEARNING else []
        context = _context(application, step, courses)
    recipient = Recipient(
        address=address, language=language, name=application.name, user=application.user, context=context
    )
    send_notice(
        kind=kind[0],
        recipients=[recipient],
        actor=None,
        at=at,
        subject_key=f"{subject_of(application)}:{step.pk}",
        scope=application.recruitment.council.dong.path,
    )


def tell_applicants(*, steps: Sequence[tuple[Application, ApplicationStep]], at: datetime) -> None:
    """Write to many applicants of one recruitment about steps that they took together: one mailing for each kind."""
    recipients: dict[str, list[Recipient]] = {}
    courses: dict[str, list[str]] = {}
    for application, step in steps:
        kind = _kind_of(application, step)
        address = application.email or (application.user.email if application.user else "")
        if kind is None or not address:
            continue
        language = application.user.language if application.user else LANGUAGE
        with translation.override(language):
            if step.status == ApplicationStatus.LEARNING and language not in courses:
                courses[language] = list(_courses(application.recruitment_id))
            context = _context(application, step, courses.get(language, []))
        recipients.setdefault(kind[0], []).append(
            Recipient(address=address, language=language, name=application.name, user=application.user, context=context)
        )
    for name, told in recipients.items():
        send_notice(kind=name, recipients=told, actor=None, at=at, scope=steps[0][0].recruitment.council.dong.path)


def _kind_of(application: Application, step: ApplicationStep) -> tuple[str, Any] | None:
    """What the applicant is told of this step: who had a place in the order was not passed over, but waited."""
    if step.status == ApplicationStatus.NOT_SELECTED and application.alternate_position is not None:
        return LAPSED
    return KINDS.get(ApplicationStatus(step.status))


def _wants_hours(application: Application) -> bool:
    hours = application.recruitment.rule_set.for_councils().education_hours_min
    return hours is not None and hours.value > 0


def _context(application: Application, step: ApplicationStep, courses: list[str]) -> dict[str, Any]:
    recruitment = application.recruitment
    path = (
        reverse("councils:mine", args=[recruitment.pk])
        if application.user_id
        else reverse("councils:application", args=[application.key])
    )
    return {
        "title": recruitment.title,
        "number": application.number,
        "what": step.text,
        "path": path,
        "courses": courses,
        "closes": moment_text(recruitment.closes_at),
        "learning_until": moment_text(recruitment.learning_until),
        "pool_number": application.pool_number,
        "draw_at": moment_text(recruitment.draw_at) if recruitment.draw_at else "",
        "place": recruitment.place,
        "position": application.alternate_position,
        "contact": recruitment.contact,
    }


def _courses(recruitment_id: int) -> Iterator[str]:
    held = Course.objects.filter(recruitment=recruitment_id).exclude(meeting__status=MeetingStatus.CANCELLED)
    for course in held.select_related("meeting").order_by("meeting__starts_at"):
        meeting = course.meeting
        yield f"{moment_text(meeting.starts_at)} {meeting.title} ({meeting.place})"
