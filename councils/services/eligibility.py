"""What officials decide about applications, each with its reason: supplements, eligibility, exclusions, hours."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from councils.models import Application, CreditedHours
from councils.queries.applications import unmet_in_words, written_checks
from councils.queries.applied import OVER
from councils.queries.courses import hours_needed
from councils.queries.pool import missing_values
from councils.queries.rules import age_day, council_days, features_of
from councils.services.applications import refuse_twin, refuse_unless_announced, said
from councils.services.courses import enrol_in_courses, take_out_of_courses
from councils.services.decisions import checked_decision
from councils.services.locks import locked_application
from councils.services.own_matters import refuse_own
from councils.services.steps import take_step, take_steps
from councils.states import ApplicationStatus, DecisionKind, RecruitmentStatus
from ordinances.council_checks import check_applicant
from residents.models import User
from residents.persons import holds_a_number

LONGEST_CREDIT = 200 * 60  # minutes


@transaction.atomic
def ask_supplement(*, application_id: int, what: str, actor: User, at: datetime) -> Application:
    """Ask an applicant for what is missing; they see the sentence. Raises RuleViolation without one."""
    application = locked_application(application_id)
    refuse_own(application, actor)
    refuse_unless_announced(application.recruitment)
    application.reason = said(what, _("Please say what is missing."))
    application.move_to(ApplicationStatus.SUPPLEMENT)
    application.save()
    take_step(application, "councils.supplement_asked", actor=actor, at=at, text=application.reason)
    return application


@transaction.atomic
def confirm_eligibility(*, application_id: int, document: str, actor: User, at: datetime) -> Application:
    """Confirm that an applicant may become a member: the rule set's checks are kept as they were on this day.

    `document` says which kind was seen (never its number). Where the rule set wants hours of education the applicant
    goes on to the courses at once. Raises RuleViolation with the check that is not met, if a value that quotas count
    is missing, if a document's number is written down, or for one's own application.
    """
    application = locked_application(application_id)
    recruitment = application.recruitment
    refuse_own(application, actor)
    refuse_unless_announced(recruitment)
    if holds_a_number(document):
        raise RuleViolation(_("Please write only the kind of document, never its number."), code="number")
    rules = recruitment.rule_set.for_councils()
    if application.birth_date is None:
        raise RuleViolation(_("The date of birth is missing."))
    missing = missing_values(application, features_of(recruitment), age_day(recruitment, at=at))
    if missing:
        raise RuleViolation(
            _("Please ask for this first: %(features)s") % {"features": ", ".join(one.label for one in missing)},
            code="value_missing",
        )
    try:
        checks = check_applicant(
            rules,
            birth_date=application.birth_date,
            basis=application.basis,
            days=council_days(recruitment, at=at),
        )
    except ValueError as error:
        raise RuleViolation(_("Age counts on the day of the appointment. Please set that day first.")) from error
    unmet = unmet_in_words(checks)
    if unmet:
        raise RuleViolation(_("This cannot be confirmed: %(found)s") % {"found": unmet}, code="not_eligible")
    application.checks = written_checks(checks)
    application.document, application.decided_at, application.reason = document.strip(), at, ""
    application.move_to(ApplicationStatus.CHECKED)
    application.save()
    take_step(application, "councils.eligibility_confirmed", actor=actor, at=at)
    if hours_needed(recruitment):
        send_to_courses(application, actor=actor, at=at)
    return application


def send_to_courses(application: Application, *, actor: User | None, at: datetime) -> None:
    """Let a locked application go on to the courses of its recruitment."""
    application.move_to(ApplicationStatus.LEARNING)
    application.save()
    take_step(application, "councils.learning_begun", actor=actor, at=at)


@transaction.atomic
def exclude(
    *, application_id: int, reason: str, actor: User, at: datetime, decision_id: int | None = None
) -> Application:
    """Exclude an applicant with a reason that they read. Somebody of the settled pool only by a recorded decision.

    Raises RuleViolation without a reason, without that decision, or once the pool is frozen.
    """
    application = locked_application(application_id)
    refuse_own(application, actor)
    if application.status == ApplicationStatus.POOL:
        if application.recruitment.status != RecruitmentStatus.POOLED:
            raise RuleViolation(_("The pool is frozen; nobody can be excluded any more."), code="frozen")
        checked_decision(application.recruitment, decision_id or 0, DecisionKind.EXCLUSION)
    else:
        refuse_unless_announced(application.recruitment)
    set_out(application, said(reason, _("Please say why the applicant is excluded.")), actor=actor, at=at)
    return application


def set_out(application: Application, reason: str, *, actor: User | None, at: datetime) -> None:
    """Exclude a locked application, with the reason that the applicant reads."""
    application.reason, application.decided_at = reason, at
    application.move_to(ApplicationStatus.EXCLUDED)
    application.pool_number = None
    application.save()
    take_out_of_courses(applications=[application], actor=actor, at=at)
    take_step(application, "councils.application_excluded", actor=actor, at=at, text=reason)


def set_all_out(reasons: Mapping[Application, str], *, actor: User | None, at: datetime) -> None:
    """Exclude many locked applications of one recruitment, each with the reason that they read."""
    for application, reason in reasons.items():
        application.reason, application.decided_at, application.pool_number = reason, at, None
        application.move_to(ApplicationStatus.EXCLUDED)
    take_out_of_courses(applications=reasons, actor=actor, at=at)
    take_steps(
        list(reasons),
        "councils.application_excluded",
        actor=actor,
        at=at,
        fields=["status", "reason", "decided_at", "pool_number"],
        texts=list(reasons.values()),
    )


@transaction.atomic
def readmit(*, application_id: int, reason: str, actor: User, at: datetime) -> Application:
    """Take an exclusion back: to the courses if eligibility was confirmed before, otherwise to be checked again.

    Raises RuleViolation without a reason, or once the pool is settled (it can be opened again by a decision).
    """
    application = locked_application(application_id)
    refuse_own(application, actor)
    refuse_unless_announced(application.recruitment)
    because = said(reason, _("Please say why the exclusion is taken back."))
    application.reason = ""
    was_confirmed = bool(application.checks)
    refuse_twin(application)
    application.move_to(ApplicationStatus.LEARNING if was_confirmed else ApplicationStatus.RECEIVED)
    application.save()
    enrol_in_courses(application=application, actor=actor, at=at)
    take_step(application, "councils.application_readmitted", actor=actor, at=at, text=because)
    return application


@transaction.atomic
def credit_hours(*, application_id: int, minutes: int, reason: str, actor: User, at: datetime) -> CreditedHours:
    """Count education from elsewhere, in minutes, on a document that was seen; before the pool is settled."""
    application = locked_application(application_id)
    refuse_own(application, actor)
    _refuse_unless_learning(application)
    if not 1 <= minutes <= LONGEST_CREDIT:
        raise RuleViolation(_("Please say how many hours are credited."))
    credit = CreditedHours.objects.create(
        application=application,
        minutes=minutes,
        reason=said(reason, _("Please say which course, and which document was seen.")),
        recorded_by=actor,
        recorded_at=at,
    )
    _note(application, "councils.hours_credited", actor, at, {"minutes": minutes})
    return credit


@transaction.atomic
def strike_credit(*, credit_id: int, reason: str, actor: User, at: datetime) -> CreditedHours:
    """Take credited hours back, with the reason; the entry stays."""
    application = locked_application(CreditedHours.objects.values_list("application_id", flat=True).get(pk=credit_id))
    refuse_own(application, actor)
    _refuse_unless_learning(application)
    credit = CreditedHours.objects.select_for_update().get(pk=credit_id)
    if credit.struck_because:
        raise RuleViolation(_("These hours were taken back already."), code="wrong_state")
    credit.struck_because = said(reason, _("Please say why the hours are taken back."))
    credit.save(update_fields=["struck_because"])
    _note(application, "councils.credit_struck", actor, at, {"minutes": credit.minutes})
    return credit


def _refuse_unless_learning(application: Application) -> None:
    refuse_unless_announced(application.recruitment)
    if application.status in OVER:
        raise RuleViolation(_("This application is over."), code="wrong_state")


def _note(application: Application, action: str, actor: User, at: datetime, details: Mapping[str, Any]) -> None:
    record(
        actor=actor,
        action=action,
        target=application,
        persons=[application.user] if application.user else [],
        scope=application.recruitment.council.dong.path,
        at=at,
        details=details,
    )
