"""Deleting personal data of applicants, on the day that a recruitment names and with an account; and of enrolments.

What is counted stays: states, times and numbers. Of those who were appointed everything stays that their membership
rests on. The documents of a freeze hold features without names; the seal of a person is opened no more once the secret
beside it is deleted. Of those who enrolled in a programme name and number go a year after its last day.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.notices.services import forget_subject
from councils.models import Application, ApplicationStep, Enrolment, Programme, Recruitment
from councils.models.work import ENROLMENTS_KEPT
from councils.notices.applications import subject_of
from councils.queries.calls import ENDED
from councils.services.courses import take_out_of_courses
from councils.services.locks import locked_recruitment
from councils.states import APPLICATION_TRANSITIONS, ApplicationStatus, ProgrammeStatus
from meetings.models import Participant
from residents.models import User

MEMBERS = frozenset({ApplicationStatus.APPOINTED, ApplicationStatus.DISMISSED})
OVER = frozenset({ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN, ApplicationStatus.EXCLUDED})
NOTHING = "–"  # where a text must stand
EMPTIED = (
    "name", "sex", "phone", "email", "address", "household", "motive", "guardian_name",
    "guardian_relation", "document", "salt",
)  # fmt: skip


@transaction.atomic
def erase_due(*, at: datetime) -> int:
    """Delete the personal data of applications whose recruitment's day has come; says of how many.

    Where a recruitment is late and still runs on that day, only those whose application is over are deleted; the rest
    follows as soon as it has ended.
    """
    due = Recruitment.objects.filter(erase_on__lte=timezone.localdate(at), erased_at=None).order_by("pk")
    number = 0
    for key in list(due.values_list("pk", flat=True)):
        recruitment = locked_recruitment(key)
        has_ended = recruitment.status in ENDED
        found = recruitment.applications.select_for_update(of=("self",)).filter(erased_at=None)
        found = found.exclude(status__in=MEMBERS) if has_ended else found.filter(status__in=OVER)
        erased = _erase(list(found), at)
        number += erased
        if has_ended:
            recruitment.erased_at = at
            recruitment.save(update_fields=["erased_at"])
        if erased:
            record(
                actor=None,
                action="councils.applications_erased",
                target=recruitment,
                scope=recruitment.council.dong.path,
                details={"total": erased},
                at=at,
            )
    return number


@transaction.atomic
def erase_due_enrolments(*, at: datetime) -> int:
    """Delete names and numbers of who enrolled in programmes whose day of deletion has come; says of how many.

    That a place was taken and a fee paid stays: the fund has to add up. Whoever is owed the fee of a programme that
    was called off keeps standing there until it is given back.
    """
    last = timezone.localdate(at) - ENROLMENTS_KEPT
    owed = Q(programme__status=ProgrammeStatus.CANCELLED, paid_on__isnull=False)
    due = Enrolment.objects.filter(programme__ends_on__lte=last).exclude(owed).exclude(name=NOTHING, phone="")
    number = 0
    for key in sorted(set(due.values_list("programme_id", flat=True))):
        programme = Programme.objects.select_for_update(of=("self",)).select_related("council__dong").get(pk=key)
        erased = due.filter(programme=programme).update(name=NOTHING, phone="")
        number += erased
        record(
            actor=None,
            action="councils.enrolments_erased",
            target=programme,
            scope=programme.council.dong.path,
            details={"total": erased},
            at=at,
        )
    return number


@transaction.atomic
def erase_of_account(*, user: User, at: datetime) -> int:
    """When an account goes: end what still runs, and empty everything but what a membership rests on.

    Whoever stands in a frozen pool stays there as a number. Nobody is written to any more. Says of how many.
    """
    theirs = Application.objects.filter(user=user).exclude(status__in=MEMBERS)
    for key in sorted(set(theirs.values_list("recruitment_id", flat=True))):
        locked_recruitment(key)
    found = list(theirs.select_for_update(of=("self",)).select_related("recruitment").order_by("pk"))
    for application in found:
        moves = APPLICATION_TRANSITIONS[application.status]
        if application.status != ApplicationStatus.DRAFT and ApplicationStatus.WITHDRAWN in moves:
            application.move_to(ApplicationStatus.WITHDRAWN)
            application.save(update_fields=["status"])
            ApplicationStep.objects.create(application=application, status=application.status, at=at)
            record(actor=None, action="councils.application_withdrawn", target=application, at=at)
    take_out_of_courses(applications=found, actor=None, at=at)
    return _erase(found, at)


def _erase(applications: Iterable[Application], at: datetime) -> int:
    number = 0
    for application in applications:
        if application.status == ApplicationStatus.DRAFT:
            application.delete()
        else:
            _empty(application, at)
        number += 1
    return number


def _empty(application: Application, at: datetime) -> None:
    if application.status == ApplicationStatus.ALTERNATE:
        # Nobody without a name moves up: with the data goes the place in the order.
        application.move_to(ApplicationStatus.NOT_SELECTED)
        ApplicationStep.objects.create(application=application, status=application.status, at=at)
    for name in EMPTIED:
        setattr(application, name, "")
    application.birth_date, application.user = None, None
    application.answers, application.checks = {}, []
    application.reason = NOTHING if application.reason else ""
    application.erased_at = at
    application.save()
    application.steps.update(text="")
    application.credits.update(reason=NOTHING)
    Participant.objects.filter(learner__application=application).update(
        name=_("erased person"), user=None, affiliation="", email="", remark=""
    )
    forget_subject(subject=subject_of(application), at=at)
