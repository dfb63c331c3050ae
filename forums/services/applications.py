"""Applications for membership: from the form to the approval, and the deletion of what is needed no more.

Whoever sends an application learns nothing about others: it is taken also where the office has a member or another
application is open, and the secretariat sees that and decides.
"""

import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit.services import record
from core.errors import RuleViolation
from core.notices.services import Recipient, forget_subject, send_notice
from forums import membership
from forums.consents import KEPT_WHEN_APPROVED, KEPT_WHEN_NOT_APPROVED, MEMBERSHIP
from forums.models import Application, ApplicationStep, Member
from forums.queries.members import area_of_region, find_term, services_of
from forums.services.members import (
    MOST_MAILS,
    Particulars,
    add_member,
    begin_term,
    come_back,
    let_act,
    make_honorary,
)
from forums.states import OPEN_APPLICATIONS, ApplicationStatus, MemberKind, MemberStatus
from forums.titles import REGION_ENDINGS, title_of
from residents.models import OfficeTerm, Region, User

RECEIVED = "forums.application_received"
SUPPLEMENT = "forums.application_supplement"
APPROVED = "forums.application_approved"
REFUSED = "forums.application_refused"

DUTIES = gettext_lazy("Please take on the rights and duties of a member; without that nobody can become one.")
LAPSED = gettext_lazy("Nothing happened for 90 days. The application ended and its data was deleted.")
PERSONAL = ("name_hanja", "organisation", "office", "phone", "mobile", "email", "address", "reason")
NEEDED_BY_THE_CHECK_ONLY = ("phone", "mobile", "address", "email")


KEPT_WHEN_EMPTY = frozenset({"birth_date", "phone", "mobile", "email", "address"})


@dataclass(frozen=True, slots=True)
class Given:
    """What the applicant wrote: the fields of the club's paper form. `office` is one of residents.states.Office."""

    kind: str
    name: str
    organisation: str
    office: str
    email: str
    birth_date: date | None = None
    name_hanja: str = ""
    region: Region | None = None
    phone: str = ""
    mobile: str = ""
    address: str = ""
    pledged: bool = False


@transaction.atomic
def submit_application(  # noqa: PLR0913 - an application has this many facts
    *, key: uuid.UUID, given: Given, consent_version: int, user: User | None, language: str, at: datetime
) -> Application:
    """Take an application. The same key again is the same form sent twice: the first one is given back.

    A form that a browser brought back after its application was decided or withdrawn is a new application.
    Raises RuleViolation if the consent is not the one of today, the duties are not taken on, or this account has an
    open application already.
    """
    known = Application.objects.filter(key=key).first()
    if known is not None and known.status in OPEN_APPLICATIONS:
        return known
    key = key if known is None else uuid.uuid4()
    _refuse_without_agreement(given, consent_version)
    if user is not None:
        User.objects.select_for_update().get(pk=user.pk)
        if Application.objects.filter(user=user, status__in=OPEN_APPLICATIONS).exists():
            raise RuleViolation(
                _("You have an application that is not decided yet. Please look at it under your applications."),
                code="own_application_open",
            )
    application = Application(
        key=key,
        consent_version=str(consent_version),
        consented_at=at,
        submitted_at=at,
        user=user,
        language=language,
        **{name: value for name, value in asdict(given).items() if name != "region"},
        region=given.region,
    )
    application.term = _free_term(application, at)
    application.erase_on = timezone.localdate(at) + timedelta(days=KEPT_WHEN_NOT_APPROVED)
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError:
        # The same form came twice at the same moment.
        return Application.objects.get(key=key)
    _step(application, at)
    record(actor=user, action="forums.application_submitted", target=application, details={"type": given.kind}, at=at)
    _tell(application, RECEIVED, actor=None, at=at)
    return application


@transaction.atomic
def answer_request(*, key: uuid.UUID, given: Given, user: User | None, at: datetime) -> Application:
    """Take what the secretariat asked for; the application waits for its check once more.

    Date of birth, telephones and addresses that are left empty stay as they were: the form does not show them again.
    """
    application = _locked_by_key(key)
    if not given.pledged:
        raise RuleViolation(str(DUTIES), code="not_pledged")
    application.move_to(ApplicationStatus.SUBMITTED)
    for name, value in asdict(given).items():
        if name != "region" and (value or name not in KEPT_WHEN_EMPTY):
            setattr(application, name, value)
    application.region = given.region
    application.reason = ""
    application.term = None
    application.term = _free_term(application, at)
    application.erase_on = timezone.localdate(at) + timedelta(days=KEPT_WHEN_NOT_APPROVED)
    application.save()
    _step(application, at)
    record(actor=user, action="forums.application_supplemented", target=application, at=at)
    return application


@transaction.atomic
def withdraw_application(*, key: uuid.UUID, user: User | None, at: datetime) -> Application:
    """The applicant takes it back; what they wrote is deleted at once."""
    application = _locked_by_key(key)
    application.move_to(ApplicationStatus.WITHDRAWN)
    application.decided_at = at
    _step(application, at)
    record(actor=user, action="forums.application_withdrawn", target=application, at=at)
    _erase(application, at)
    return application


@transaction.atomic
def ask_for_supplement(*, application_id: int, what: str, actor: User, at: datetime) -> Application:
    """Ask the applicant for something, as a sentence that they get by mail and read on their page."""
    application = _locked(application_id)
    what = _said(what)
    application.move_to(ApplicationStatus.SUPPLEMENT)
    application.reason = what
    application.erase_on = timezone.localdate(at) + timedelta(days=KEPT_WHEN_NOT_APPROVED)
    application.save()
    _step(application, at, note=what, by_secretariat=True)
    record(actor=actor, action="forums.application_supplement_asked", target=application, at=at)
    _tell(application, SUPPLEMENT, actor=actor, at=at, what=what)
    return application


@transaction.atomic
def check_application(
    *, application_id: int, term_id: int | None, evidence: str, actor: User, at: datetime
) -> Application:
    """Note that the application was checked against article 2, with the term of office it is for.

    evidence: what shows that somebody was a head, where the register of terms does not know it; honorary members only.
    Raises RuleViolation if the bylaws do not allow this membership today.
    """
    application = _locked(application_id)
    term = None
    if term_id is not None:
        term = OfficeTerm.objects.select_for_update().get(pk=term_id)
        _refuse_term_of_another_application(application, term)
    _refuse_unqualified(application, term, timezone.localdate(at), knows_otherwise=bool(evidence.strip()))
    application.move_to(ApplicationStatus.CHECKED)
    application.term = term
    application.erase_on = timezone.localdate(at) + timedelta(days=KEPT_WHEN_NOT_APPROVED)
    application.save()
    _step(application, at, note=evidence.strip(), by_secretariat=True)
    record(actor=actor, action="forums.application_checked", target=application, at=at)
    return application


@transaction.atomic
def approve_application(*, application_id: int, member_id: int | None, actor: User, at: datetime) -> Application:
    """Make the applicant a member, or take up the membership `member_id` of the same person again.

    The mail address goes into the register, the account acts for the member from now on (`acts_when_approved`). What
    only the check needed is deleted after 30 days. Raises RuleViolation if the application was not checked, the term
    ended meanwhile, or the office has a member already.
    """
    application = _locked(application_id)
    day = timezone.localdate(at)
    term = application.term
    knows_otherwise = application.kind == MemberKind.HONORARY and term is None
    _refuse_unqualified(application, term, day, knows_otherwise=knows_otherwise)
    member = _member_for(application, member_id, actor, at)
    application.move_to(ApplicationStatus.APPROVED)
    application.member = member
    application.decided_at = at
    application.erase_on = day + timedelta(days=KEPT_WHEN_APPROVED)
    application.save()
    user = application.user
    if user is not None and acts_when_approved(application) and not _acts(member, user):
        is_head = user.name == application.name
        let_act(member_id=member.pk, user_id=user.pk, is_head=is_head, actor=actor, at=at)
    _step(application, at, by_secretariat=True)
    record(actor=actor, action="forums.application_approved", target=application, at=at)
    _tell(application, APPROVED, actor=actor, at=at)
    return application


@transaction.atomic
def refuse_application(*, application_id: int, reason: str, actor: User, at: datetime) -> Application:
    """Say no, with the reason that the applicant reads."""
    application = _locked(application_id)
    reason = _said(reason)
    application.move_to(ApplicationStatus.REFUSED)
    application.reason = reason
    application.decided_at = at
    application.erase_on = timezone.localdate(at) + timedelta(days=KEPT_WHEN_NOT_APPROVED)
    application.save()
    _step(application, at, note=reason, by_secretariat=True)
    record(actor=actor, action="forums.application_refused", target=application, at=at)
    _tell(application, REFUSED, actor=actor, at=at, what=reason)
    return application


@transaction.atomic
def erase_due(*, at: datetime) -> int:
    """Delete the personal data of applications whose day has come, and say of how many.

    Those that nobody decided end with it. Of approved ones name and office stay: they are in the register anyway.
    """
    due = Application.objects.select_for_update(of=("self",)).filter(
        erase_on__lte=timezone.localdate(at), erased_at__isnull=True
    )
    number = 0
    for application in due:
        if application.status in OPEN_APPLICATIONS:
            application.move_to(ApplicationStatus.WITHDRAWN)
            application.decided_at = at
            _erase(application, at)
            with translation.override(application.language):
                _step(application, at, note=str(LAPSED))
            record(actor=None, action="forums.application_lapsed", target=application, at=at)
        else:
            _erase(application, at)
        number += 1
    if number:
        record(actor=None, action="forums.applications_erased", target=Application, details={"total": number}, at=at)
    return number


@transaction.atomic
def erase_of_account(*, user: User, at: datetime) -> None:
    """Delete what applications of an erased person hold, and end what is open; the register keeps public facts."""
    for application in Application.objects.select_for_update(of=("self",)).filter(user=user):
        if application.status in OPEN_APPLICATIONS:
            application.move_to(ApplicationStatus.WITHDRAWN)
            application.decided_at = at
            _step(application, at)
        _erase(application, at)
        application.user = None
        application.save(update_fields=["user"])


def acts_when_approved(application: Application) -> bool:
    """Whether the account that sent the application will act for the member: if it signs in with the address in it.

    Anybody can write what is known of a head, with the address of the office, and send it with an account of their own.
    Another account that is to act is let act on the page of the member.
    """
    return application.user is not None and application.user.email == application.email


# --- within -----------------------------------------------------------------------------------------------------------


def _acts(member: Member, user: User) -> bool:
    return member.accounts.filter(user=user, until=None).exists()


def _refuse_without_agreement(given: Given, consent_version: int) -> None:
    if consent_version != MEMBERSHIP.version:
        raise RuleViolation(_("The text of this consent has changed. Please read it again."), code="old_consent")
    if not given.pledged:
        raise RuleViolation(str(DUTIES), code="not_pledged")


def _said(words: str) -> str:
    words = words.strip()
    if not words:
        raise RuleViolation(_("Please write a sentence that the applicant can understand."), code="nothing_said")
    return words


def _locked(application_id: int) -> Application:
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("term__region__parent", "region", "user")
        .filter(pk=application_id, erased_at__isnull=True)
        .first()
    )
    return _there(application)


def _locked_by_key(key: uuid.UUID) -> Application:
    application = Application.objects.select_for_update(of=("self",)).filter(key=key, erased_at__isnull=True).first()
    return _there(application)


def _there(application: Application | None) -> Application:
    if application is None:
        raise RuleViolation(_("There is no such application any more."), code="unknown_application", status=404)
    return application


def _free_term(application: Application, at: datetime) -> OfficeTerm | None:
    """The term it is for, unless another open application is for that; then the secretariat decides which."""
    term = find_term(
        name=application.name,
        region=application.region,
        office=application.office,
        kind=application.kind,
        day=timezone.localdate(at),
    )
    if term is None:
        return None
    OfficeTerm.objects.select_for_update().get(pk=term.pk)
    return None if _others_for(application, term).exists() else term


def _others_for(application: Application, term: OfficeTerm) -> "QuerySet[Application]":
    return Application.objects.filter(term=term, status__in=OPEN_APPLICATIONS).exclude(pk=application.pk)


def _refuse_term_of_another_application(application: Application, term: OfficeTerm) -> None:
    if _others_for(application, term).exists():
        raise RuleViolation(
            _("Another open application is for the same term of office. Please decide on that one first."),
            code="other_application_open",
        )


def _refuse_unqualified(application: Application, term: OfficeTerm | None, day: date, *, knows_otherwise: bool) -> None:
    """Article 2. Former heads whose terms nobody entered are believed on what the secretariat found."""
    kind = membership.Kind(application.kind)
    if membership.qualifies(kind, services_of([term] if term else []), day):
        return
    if kind is membership.Kind.REGULAR:
        raise RuleViolation(
            _(
                "A regular member is a head in office (bylaws, article 2). Please choose the term of office that runs "
                "today; if it is missing, enter it under the terms of office first."
            ),
            code="not_serving",
        )
    if term is not None:
        raise RuleViolation(
            _(
                "An honorary member is a former head (bylaws, article 2). "
                "The term of office that was chosen is not over."
            ),
            code="not_former",
        )
    if not knows_otherwise:
        raise RuleViolation(
            _("Please choose the term of office that is over, or write what shows that the applicant was a head."),
            code="no_evidence",
        )


def _member_for(application: Application, member_id: int | None, actor: User, at: datetime) -> Member:
    term = application.term
    if member_id is None:
        mails = (application.email,) if application.email else ()
        return add_member(
            particulars=Particulars(
                name=application.name,
                name_hanja=application.name_hanja or (term.name_hanja if term else ""),
                former_office=_former_office(application),
                area=_area(application),
                mails=mails,
            ),
            kind=application.kind,
            term=term,
            joined_on=timezone.localdate(at),
            actor=actor,
            at=at,
            came_by="application",
        )
    member = Member.objects.get(pk=member_id)
    if member.status == MemberStatus.LEFT:
        member = come_back(member_id=member_id, kind=application.kind, term=term, actor=actor, at=at)
    elif application.kind == MemberKind.HONORARY and member.kind == MemberKind.REGULAR:
        former_office = "" if member.terms.exists() else _former_office(application)
        member = make_honorary(member_id=member_id, former_office=former_office, actor=actor, at=at)
    elif term is not None and application.kind == MemberKind.REGULAR and _begins(member, term):
        member = begin_term(member_id=member_id, term_id=term.pk, actor=actor, at=at)
    else:
        raise RuleViolation(_("They are a member already."), code="already_a_member")
    known = set(member.mails.values_list("address", flat=True))
    if application.email and application.email not in known and len(known) < MOST_MAILS:
        member.mails.create(address=application.email, position=len(known))
    return member


def _begins(member: Member, term: OfficeTerm) -> bool:
    """Whether the term is new to the member, or makes a regular member of an honorary one."""
    return member.kind == MemberKind.HONORARY or not member.terms.filter(term=term).exists()


def _former_office(application: Application) -> str:
    """What the directory prints of somebody whose term nobody entered; a term that is known tells it by itself."""
    if application.kind != MemberKind.HONORARY or application.term is not None:
        return ""
    place = application.region.name if application.region else application.organisation
    # An organisation that is no Korean name of a place stands as it was written.
    is_place = application.office and place.endswith(REGION_ENDINGS)
    return title_of(place, application.office) if is_place else place


def _area(application: Application) -> str:
    """Where the directory's filter by region finds them; "" leaves it to the term of office."""
    return area_of_region(application.region) if application.region and application.term is None else ""


def _step(application: Application, at: datetime, *, note: str = "", by_secretariat: bool = False) -> None:
    ApplicationStep.objects.create(
        application=application, at=at, status=application.status, note=note, by_secretariat=by_secretariat
    )


def _tell(application: Application, kind: str, *, actor: User | None, at: datetime, what: str = "") -> None:
    """Write to the applicant; the link leads to the page that only they have the key of."""
    if not application.email:
        return
    with translation.override(application.language):
        path = reverse("forums:application", args=[application.key])
    step = application.steps.order_by("-pk").values_list("pk", flat=True).first()
    send_notice(
        kind=kind,
        recipients=[
            Recipient(
                address=application.email,
                language=application.language,
                name=application.name,
                user=application.user,
                context={"path": path, "what": what},
            )
        ],
        actor=actor,
        at=at,
        subject_key=f"{_subject(application)}:{step}",
    )


def _subject(application: Application) -> str:
    """About what messages to an applicant are."""
    return f"application:{application.pk}"


def _erase(application: Application, at: datetime) -> None:
    """Empty what is needed no more. States and times stay, so that the figures of the year do."""
    application.birth_date = None
    if application.status == ApplicationStatus.APPROVED:
        for name in NEEDED_BY_THE_CHECK_ONLY:
            setattr(application, name, "")
    else:
        for name in (*PERSONAL, "name"):
            setattr(application, name, "")
        application.region = None
        application.term = None
        application.user = None
        application.steps.update(note="")
        forget_subject(subject=_subject(application), at=at)
    application.erased_at = at
    application.save()
