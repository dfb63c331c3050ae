"""Every write to an application for a council: written, received, checked, supplemented, excluded, withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from councils.models import Application, Recruitment
from councils.queries.applied import OVER
from councils.queries.rules import features_of
from councils.services.courses import enrol_in_courses, take_out_of_courses
from councils.services.locks import locked_application, locked_recruitment
from councils.services.own_matters import refuse_competitor, refuse_own
from councils.services.steps import take_step
from councils.states import (
    BEFORE_POOL,
    ApplicationStatus,
    FeatureSource,
    IntakeWay,
    RecruitmentStatus,
    Track,
)
from residents.duplicates import name_key
from residents.models import User
from residents.persons import (
    ImplausibleError,
    checked_birth_date,
    cleaned_name,
    cleaned_phone,
    is_child,
)
from residents.states import Basis, Sex


@dataclass(frozen=True, slots=True)
class ApplicantFacts:
    """What stands in an application. `answers`: {short name of a feature: short name of a value}."""

    name: str
    birth_date: date | None
    sex: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    basis: str = Basis.REGISTERED
    track: str = Track.OPEN
    organisation: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    motive: str = ""
    guardian_name: str = ""
    guardian_relation: str = ""


@transaction.atomic
def save_draft(*, recruitment_id: int, user: User, facts: ApplicantFacts, at: datetime) -> Application:
    """Keep what somebody has written so far; nothing has to be complete. No step, no audit entry: nobody else reads it.

    Raises RuleViolation if applications are not open, or this person has applied already.
    """
    recruitment = locked_recruitment(recruitment_id)
    refuse_unless_open(recruitment, at)
    draft = _own(recruitment, user) or Application(recruitment=recruitment, user=user, way=IntakeWay.WEB)
    if draft.status != ApplicationStatus.DRAFT:
        raise _applied_already()
    _write(draft, facts)
    draft.save()
    return draft


@transaction.atomic
def submit_application(  # noqa: PLR0913 - an application has this many facts
    *,
    recruitment_id: int,
    facts: ApplicantFacts,
    way: IntakeWay,
    consent_version: str,
    user: User | None,
    actor: User | None,
    at: datetime,
) -> Application:
    """Receive an application and give it the next number of its recruitment. A draft of this account becomes it.

    `user` is the applicant's account, `actor` who hands it in: the applicant, an organisation's account or an official
    at the counter; None is an applicant without account. Numbers have no gaps, because they are given under the
    recruitment's lock. Raises RuleViolation if applications are not open, if something is missing or implausible, or
    if the same account, or somebody of the same name and date of birth, has applied already.
    """
    recruitment = locked_recruitment(recruitment_id)
    refuse_unless_open(recruitment, at)
    application = _own(recruitment, user) if user else None
    if application and application.status != ApplicationStatus.DRAFT:
        raise _applied_already()
    application = application or Application(recruitment=recruitment, user=user, way=way)
    application.way = IntakeWay(way)
    _write(application, facts)
    _check_whole(application, consent_version, at)
    refuse_twin(application)
    application.number = _next_number(recruitment)
    application.consent_version, application.consented_at = consent_version, at
    application.submitted_at = at
    application.entered_by = actor if actor and (user is None or actor.pk != user.pk) else None
    application.move_to(ApplicationStatus.RECEIVED)
    application.save()
    enrol_in_courses(application=application, actor=actor, at=at)
    take_step(application, "councils.application_received", actor=actor, at=at, details={"way": application.way})
    return application


@transaction.atomic
def correct_application(*, application_id: int, facts: ApplicantFacts, actor: User, at: datetime) -> Application:
    """Mend what an official or a reader misread, such as a spelling, before the pool is settled.

    Raises RuleViolation as submit_application does, and later than that.
    """
    application = locked_application(application_id)
    refuse_own(application, actor)
    if application.status not in BEFORE_POOL:
        raise RuleViolation(_("An application is corrected before the pool is settled."), code="wrong_state")
    _write(application, facts)
    _check_whole(application, application.consent_version, at)
    refuse_twin(application)
    application.save()
    take_step(application, "councils.application_corrected", actor=actor, at=at)
    return application


@transaction.atomic
def supplement(
    *, application_id: int, actor: User | None, at: datetime, facts: ApplicantFacts | None = None, text: str = ""
) -> Application:
    """Hand in what was asked for: changed facts, a sentence, or a document shown at the counter (said in `text`).

    Possible until the education ends, also after applications have closed. Raises RuleViolation if nothing was asked
    for, if nothing is handed in, or as submit_application does.
    """
    application = locked_application(application_id)
    refuse_unless_announced(application.recruitment)
    if application.status != ApplicationStatus.SUPPLEMENT:
        raise RuleViolation(_("No supplement is asked for."), code="wrong_state")
    if at >= application.recruitment.learning_until:
        raise RuleViolation(_("The time for supplements is over."), code="too_late")
    if facts is None and not text.strip():
        raise RuleViolation(_("Please write or change what was asked for."))
    if facts is not None:
        _write(application, facts)
        _check_whole(application, application.consent_version, at)
        refuse_twin(application)
    application.reason = ""
    application.move_to(ApplicationStatus.RECEIVED)
    application.save()
    take_step(application, "councils.supplement_received", actor=actor, at=at, text=text.strip()[:300])
    return application


@transaction.atomic
def withdraw(*, application_id: int, actor: User | None, at: datetime, reason: str = "") -> Application:
    """Withdraw an application, by the applicant or on their request at the desk (`reason` says how they asked).

    Possible until the appointment. Whoever stands in a frozen pool keeps their number in its panels, and alternates
    take the place. Raises RuleViolation for an application that is over.
    """
    application = locked_application(application_id)
    refuse_competitor(application, actor)
    if application.status == ApplicationStatus.DRAFT:
        application.move_to(ApplicationStatus.WITHDRAWN)
        application.delete()
        return application
    was = application.status
    application.reason = reason.strip()[:300]
    application.move_to(ApplicationStatus.WITHDRAWN)
    application.save()
    take_out_of_courses(applications=[application], actor=actor, at=at)
    take_step(
        application,
        "councils.application_withdrawn",
        actor=actor,
        at=at,
        text=application.reason,
        details={"was": was},
    )
    return application


def refuse_unless_open(recruitment: Recruitment, at: datetime) -> None:
    """Raise RuleViolation if applications are not taken at this moment."""
    if recruitment.status != RecruitmentStatus.ANNOUNCED or at >= recruitment.closes_at:
        raise RuleViolation(_("Applications are closed."), code="closed")
    if at < recruitment.opens_at:
        raise RuleViolation(_("Applications are not open yet."), code="not_open")


def _own(recruitment: Recruitment, user: User) -> Application | None:
    own = recruitment.applications.filter(user=user).exclude(status=ApplicationStatus.WITHDRAWN)
    application: Application | None = own.select_for_update(of=("self",)).first()
    if application:
        application.recruitment = recruitment
    return application


def _applied_already() -> RuleViolation:
    return RuleViolation(_("You have applied already."), code="applied_already")


def _write(application: Application, facts: ApplicantFacts) -> None:
    application.name = " ".join(facts.name.split())[:60]
    application.birth_date = facts.birth_date
    application.sex = Sex(facts.sex) if facts.sex else ""
    application.phone = _phone(facts.phone)
    application.email = facts.email.strip()
    application.address = " ".join(facts.address.split())[:200]
    application.household = household_of(facts.address)
    application.basis = Basis(facts.basis)
    application.track = Track(facts.track)
    application.organisation = facts.organisation.strip()[:120] if application.track == Track.RECOMMENDED else ""
    if application.track == Track.RECOMMENDED and not application.organisation:
        raise RuleViolation(_("Please name the organisation that recommends."), code="no_organisation")
    application.answers = {key: value for key, value in facts.answers.items() if value}
    application.motive = facts.motive.strip()[:2000]
    application.guardian_name = " ".join(facts.guardian_name.split())[:60]
    application.guardian_relation = facts.guardian_relation.strip()[:30]


def household_of(address: str) -> str:
    """An address in one spelling, so that people of one household are found: no spaces, signs or capital letters."""
    return "".join(sign for sign in address.casefold() if sign.isalnum() or sign == "-")[:200]


def _phone(phone: str) -> str:
    try:
        return cleaned_phone(phone)
    except ImplausibleError as error:
        raise RuleViolation(_("This is no telephone number."), code="phone", status=422) from error


def _check_whole(application: Application, consent_version: str, at: datetime) -> None:
    day = timezone.localdate(at)
    try:
        application.name = cleaned_name(application.name)
        if application.birth_date is None:
            raise RuleViolation(_("Please fill in the date of birth."), code="birth_date", status=422)
        checked_birth_date(application.birth_date, day)
    except ImplausibleError as error:
        sentence = {
            "name": _("Please write the name with letters only."),
            "birth_date": _("This date of birth is not plausible."),
        }[error.code]
        raise RuleViolation(sentence, code=error.code, status=422) from error
    if not consent_version:
        raise RuleViolation(_("An application needs the consent to keeping these data."), code="no_consent")
    if is_child(application.birth_date, day) and not (application.guardian_name and application.guardian_relation):
        raise RuleViolation(
            _("For children under 14 a guardian has to consent: please fill in name and relation."), code="no_guardian"
        )
    _check_answers(application)


def _check_answers(application: Application) -> None:
    asked = {
        feature.key: feature
        for feature in features_of(application.recruitment)
        if feature.source in {FeatureSource.ASKED, FeatureSource.AREA}
    }
    for key, value in application.answers.items():
        if key not in asked or all(known.key != value for known in asked[key].values.all()):
            raise RuleViolation(_("One of the answers is not among those offered."), code="answers", status=422)
    for key, feature in asked.items():
        if key not in application.answers:
            raise RuleViolation(
                _("Please answer this question: %(question)s") % {"question": feature.label},
                code="answers",
                status=422,
            )


def refuse_twin(application: Application) -> None:
    """Raise RuleViolation if somebody of the same name and date of birth has applied.

    Merely similar names and shared telephones refuse nothing: the desk shows them to the officials.
    """
    same_day = (
        application.recruitment.applications.filter(birth_date=application.birth_date)
        .exclude(pk=application.pk)
        .exclude(status__in=[*OVER, ApplicationStatus.EXCLUDED])
    )
    key = name_key(application.name)
    if any(name_key(name) == key for name in same_day.values_list("name", flat=True)):
        raise RuleViolation(
            _("Somebody of this name and date of birth has applied already. The office can look it up for you."),
            code="applied_already",
        )


def _next_number(recruitment: Recruitment) -> int:
    last: int | None = recruitment.applications.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def refuse_unless_announced(recruitment: Recruitment) -> None:
    """Raise RuleViolation if the recruitment is not at the stage where applications are handled."""
    if recruitment.status != RecruitmentStatus.ANNOUNCED:
        raise RuleViolation(_("Applications are handled until the pool is settled."), code="wrong_state")


def said(text: str, otherwise: str) -> str:
    """A reason as it is kept. Raises RuleViolation with `otherwise` if nothing was said."""
    reason = text.strip()[:300]
    if not reason:
        raise RuleViolation(otherwise)
    return reason
