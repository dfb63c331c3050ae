"""From the draw to the council: appointment with letters, alternates who move up, those who decline."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from core.audit.services import record
from core.errors import RuleViolation
from core.templatetags.madang import day_text
from councils.membership import DAY, Identity, last_day_of_term, reappointments
from councils.models import Application, Council, CouncilTerm, Member, Recruitment
from councils.queries.drawn import Values, next_alternate, values_of
from councils.queries.members import counts_of_term, identity_of, municipality_of
from councils.queries.rules import features_of
from councils.services.locks import locked_application, locked_recruitment
from councils.services.own_matters import refuse_candidate, refuse_competitor
from councils.services.steps import take_step
from councils.services.terms import (
    close_terms_before,
    day_within,
    locked_council,
    locked_term,
    new_term,
    refresh_figures,
)
from councils.states import ApplicationStatus, CouncilStatus, MemberOffice, MemberStatus, RecruitmentStatus
from ordinances.council_checks import check_reappointments, check_term
from ordinances.council_rules import CouncilRules
from ordinances.wording import actual_in_words, check_name, required_in_words
from reports.models import Certificate
from reports.services.certificates import issue_certificate
from residents.models import Region, User

LETTER = "council-appointment"
LANGUAGE = "ko"  # in which letters of appointment are written
# korean: how the head of a municipality signs, by what the municipality is
HEADS = {"시": "시장", "군": "군수", "구": "구청장"}  # korean: as above


@transaction.atomic
def appoint_members(  # noqa: PLR0913 - a term has this many facts
    *,
    recruitment_id: int,
    starts_on: date,
    ends_on: date | None,
    number: int | None,
    actor: User | None,
    at: datetime,
    term_id: int | None = None,
) -> CouncilTerm:
    """Appoint everybody whom a recruitment selected: a term, its members with a letter each, the council at work.

    `ends_on` is the last day and counts; None is reckoned from the rule set. `number` None is the next. With `term_id`
    they take the open seats of that running term instead, from `starts_on` on. Terms that are over are closed.
    Raises RuleViolation if the recruitment is not drawn or nobody is selected, the term overlaps another, is longer
    than the rules allow or has fewer open seats, or somebody has been appointed in a row as often as they allow.
    """
    recruitment = locked_recruitment(recruitment_id)
    refuse_candidate(recruitment, actor)
    if recruitment.status != RecruitmentStatus.DRAWN:
        raise RuleViolation(
            _("Members are appointed after the draw. This recruitment is: %(state)s.")
            % {"state": recruitment.get_status_display()},
            code="not_drawn",
        )
    council = locked_council(recruitment.council_id)
    selected = _of(recruitment, ApplicationStatus.SELECTED)
    if not selected:
        raise RuleViolation(_("Nobody is selected in this recruitment."), code="nobody_selected")
    rules = recruitment.rule_set.for_councils()
    close_terms_before(council, starts_on, actor, at)
    if term_id is None:
        term = new_term(council, number, starts_on, ends_on or _end_of(rules, starts_on), recruitment.seats)
        term.recruitment = recruitment
        _check_length(rules, term)
    else:
        term = _running_term(council, term_id, starts_on, len(selected))
    _check_reappointments(rules, term, selected)
    recruitment.move_to(RecruitmentStatus.APPOINTED)
    recruitment.save(update_fields=["status"])
    term.save()
    features = features_of(recruitment)
    for application in selected:
        values = values_of(application, features, at=at)
        _appoint(application, term, starts_on, values, None, actor, at)
    _put_to_work(council, starts_on)
    refresh_figures(council, at)
    record(
        actor=actor,
        action="councils.members_appointed",
        target=term,
        scope=council.dong.path,
        persons=[application.user for application in selected if application.user],
        details={"recruitment": recruitment.pk, "members": len(selected), "number": term.number},
        at=at,
    )
    return term


def _running_term(council: Council, term_id: int, starts_on: date, members: int) -> CouncilTerm:
    """A term of this council with seats for so many more. Raises RuleViolation for any other."""
    term = locked_term(term_id)
    if term.council_id != council.pk or not term.starts_on <= starts_on <= term.ends_on:
        raise RuleViolation(_("This is no term of the council that runs on that day."), code="foreign_term")
    if counts_of_term(term).members + members > term.seats:
        raise RuleViolation(_("There are fewer open seats in this term than people selected."), code="too_few_seats")
    term.council = council
    return term


def _of(recruitment: Recruitment, status: str) -> list[Application]:
    """The locked applications of a locked recruitment in one state; alternates in their order.

    Whose data were deleted on the recruitment's day can be appointed no more.
    """
    found = (
        Application.objects.select_for_update(of=("self",))
        .filter(recruitment=recruitment, status=status, erased_at=None)
        .select_related("user")
        .order_by("alternate_position", "number")
    )
    applications = list(found)
    for application in applications:
        application.recruitment = recruitment
    return applications


def _end_of(rules: CouncilRules, starts_on: date) -> date:
    if rules.term_months is None:
        raise RuleViolation(
            _("The rules do not say how long a term is. Please give its last day."), code="no_end_of_term"
        )
    return last_day_of_term(starts_on, rules.term_months.value)


def _check_length(rules: CouncilRules, term: CouncilTerm) -> None:
    if rules.term_months is None:
        return
    check = check_term(rules.term_months, begins_on=term.starts_on, ends_on=term.ends_on + DAY)
    if not check.met:
        raise RuleViolation(
            _("%(rule)s (%(source)s): required %(required)s, here %(actual)s.")
            % {
                "rule": check_name(check),
                "source": check.source,
                "required": required_in_words(check),
                "actual": actual_in_words(check),
            },
            code="term_too_long",
        )


def _check_reappointments(rules: CouncilRules, term: CouncilTerm, selected: Sequence[Application]) -> None:
    """Receipt numbers instead of names: the sentence may go further than the desk."""
    if rules.reappointments_max is None:
        return
    beyond = [
        application
        for application, times in _times_in_a_row(term, selected)
        if not check_reappointments(rules.reappointments_max, reappointments=times).met
    ]
    if beyond:
        text = ngettext(
            "%(source)s allows %(most)s re-appointment in a row. It would be passed by the applications: %(numbers)s.",
            "%(source)s allows %(most)s re-appointments in a row. It would be passed by the applications: %(numbers)s.",
            rules.reappointments_max.value,
        )
        raise RuleViolation(
            text
            % {
                "source": rules.reappointments_max.source,
                "most": rules.reappointments_max.value,
                "numbers": ", ".join(str(one.number) for one in beyond),
            },
            code="reappointed_too_often",
        )


def _times_in_a_row(term: CouncilTerm, selected: Sequence[Application]) -> list[tuple[Application, int]]:
    """How many times each would be re-appointed in a row; one query."""
    before: list[tuple[Identity, int]] = [
        (identity_of(member), member.term.number)
        for member in Member.objects.filter(term__council=term.council, term__number__lt=term.number)
        .exclude(office=MemberOffice.ADVISER)
        .select_related("term")
    ]
    found = []
    for application in selected:
        who = Identity(application.user_id or 0, application.name, application.birth_date)
        served = {number for one, number in before if one.is_same_as(who)}
        found.append((application, reappointments(served, term.number)))
    return found


def _appoint(  # noqa: PLR0913, PLR0917 - a member has this many facts
    application: Application,
    term: CouncilTerm,
    day: date,
    values: Values,
    replaces: Member | None,
    actor: User | None,
    at: datetime,
) -> Member:
    application.move_to(ApplicationStatus.APPOINTED)
    application.save(update_fields=["status"])
    member = Member(
        term=term,
        application=application,
        user=application.user,
        name=application.name,
        birth_date=application.birth_date,
        sex=application.sex,
        track=application.track,
        attributes=dict(values),
        appointed_on=day,
        replaces=replaces,
    )
    member.letter = letter_of_appointment(member, actor, at)
    member.save()
    take_step(application, "councils.applicant_appointed", actor=actor, at=at)
    return member


def letter_of_appointment(member: Member, actor: User | None, at: datetime) -> Certificate:
    """Issue the numbered letter of a member that is about to be saved."""
    term = member.term
    with override(LANGUAGE):
        facts = [
            (_("Council"), name_of(term.council)),
            (
                pgettext("of a member", "Term"),
                _("%(first)s to %(last)s") % {"first": day_text(member.appointed_on), "last": day_text(term.ends_on)},
            ),
        ]
        title = _("Letter of appointment")
        role = member.get_office_display()
        words = {"council": name_of(term.council), "role": role}
        if member.office == MemberOffice.MEMBER:
            statement = _("The person named above is appointed a member of the %(council)s.") % words
        else:
            statement = _("The person named above is appointed to the %(council)s as: %(role)s.") % words
        region = municipality_of(term.council.dong)
        issuer = head_of(region)
    return issue_certificate(
        kind=LETTER,
        title=title,
        statement=statement,
        facts=facts,
        holder=member.user,
        holder_name=member.name,
        issued_by=issuer,
        region=region,
        actor=actor,
        at=at,
    )


def name_of(council: Council) -> str:
    """The body's name in a sentence: its own, or that of the council of its dong."""
    if council.name:
        return council.name
    return _("Residents’ council of %(dong)s") % {"dong": council.dong.full_name}


def head_of(region: Region) -> str:
    """How the office that appoints signs: the head of the municipality."""
    return f"{region.full_name[:-1]}{HEADS[region.name[-1]]}" if region.name[-1:] in HEADS else region.full_name


def _put_to_work(council: Council, starts_on: date) -> None:
    if council.status == CouncilStatus.CONVERTING:
        council.move_to(CouncilStatus.WORKING)
        council.established_on = starts_on
        council.save(update_fields=["status", "established_on"])


# --- alternates -------------------------------------------------------------------------------------------------------


@transaction.atomic
def fill_vacancy(*, member_id: int, on: date, actor: User | None, at: datetime) -> Member:
    """Appoint the next alternate to the seat of a member who left: the first in order who keeps the quotas.

    Whoever is passed over keeps the place in the order. Raises RuleViolation if the member serves or was replaced, the
    term is over, no seat is open, nobody waits, or nobody who waits keeps the quotas.
    """
    left = Member.objects.select_related("term").get(pk=member_id)
    term = locked_term(left.term_id)
    left = Member.objects.select_for_update(of=("self",)).select_related("application").get(pk=member_id)
    left.term = term
    if left.status == MemberStatus.SERVING or left.office == MemberOffice.ADVISER:
        raise RuleViolation(_("This seat is not vacant."), code="not_vacant")
    if Member.objects.filter(replaces=left).exists():
        raise RuleViolation(_("Somebody has taken this seat already."), code="filled_already")
    if timezone.localdate(at) > term.ends_on:
        raise RuleViolation(_("The term is over; alternates wait no more."), code="term_over")
    if left.application is None:
        raise RuleViolation(
            _("This member was not drawn here, so nobody waits for the seat. Please add who was appointed by hand."),
            code="no_alternates",
        )
    day_within(term, on, at)
    if left.left_on and on < left.left_on:
        raise RuleViolation(_("The seat was still taken on that day."), code="still_taken")
    recruitment = locked_recruitment(left.application.recruitment_id)
    refuse_candidate(recruitment, actor)
    serving = [
        (member.application, member.attributes or None)
        for member in term.members.filter(
            status=MemberStatus.SERVING, application__recruitment=recruitment
        ).select_related("application")
        if member.application
    ]
    for application, _values in serving:
        application.recruitment = recruitment
    application, values = _next(recruitment, serving, at)
    _check_reappointments(recruitment.rule_set.for_councils(), term, [application])
    application.move_to(ApplicationStatus.SELECTED)
    application.save(update_fields=["status"])
    take_step(
        application, "councils.alternate_moved_up", actor=actor, at=at, text=_("You move up from the alternates.")
    )
    member = _appoint(application, term, on, values, left, actor, at)
    refresh_figures(term.council, at)
    record(
        actor=actor,
        action="councils.vacancy_filled",
        target=member,
        scope=term.council.dong.path,
        persons=[application.user] if application.user else [],
        details={"term": term.pk, "alternate": application.alternate_position},
        at=at,
    )
    return member


def _next(
    recruitment: Recruitment, serving: Sequence[tuple[Application, Values | None]], at: datetime
) -> tuple[Application, Values]:
    """The alternate who moves up beside those who serve, with the values that the quotas go by."""
    waiting = _of(recruitment, ApplicationStatus.ALTERNATE)
    if not waiting:
        raise RuleViolation(_("Nobody waits as an alternate any more."), code="nobody_waits")
    found = next_alternate(recruitment, serving=serving, waiting=waiting, at=at)
    if found is None:
        raise RuleViolation(
            _(
                "None of those who wait can take this seat within the quotas. The committee may relax a quota; "
                "until then the seat stays open."
            ),
            code="nobody_fits",
        )
    return found


@transaction.atomic
def move_up_before_appointment(*, recruitment_id: int, actor: User | None, at: datetime) -> Application:
    """Let the next alternate take a seat that became free between draw and appointment.

    Raises RuleViolation if the recruitment is not drawn, no seat is open, or nobody who waits keeps the quotas.
    """
    recruitment = locked_recruitment(recruitment_id)
    refuse_candidate(recruitment, actor)
    if recruitment.status != RecruitmentStatus.DRAWN:
        raise RuleViolation(_("Alternates move up here between draw and appointment."), code="not_drawn")
    selected = _of(recruitment, ApplicationStatus.SELECTED)
    if len(selected) >= recruitment.seats:
        raise RuleViolation(_("No seat is open."), code="no_open_seat")
    application, _values = _next(recruitment, [(one, None) for one in selected], at)
    application.move_to(ApplicationStatus.SELECTED)
    application.save(update_fields=["status"])
    take_step(
        application, "councils.alternate_moved_up", actor=actor, at=at, text=_("You move up from the alternates.")
    )
    return application


@transaction.atomic
def release_applicant(*, application_id: int, reason: str, actor: User | None, at: datetime) -> Application:
    """Record that somebody who was selected or waits as an alternate declines or cannot be appointed.

    Their seat or place falls to the next. Raises RuleViolation without a reason, or in any other state.
    """
    application = locked_application(application_id)
    refuse_competitor(application, actor)
    reason = " ".join(reason.split())
    if not reason:
        raise RuleViolation(_("Please say why."), code="no_reason")
    if application.status not in {ApplicationStatus.SELECTED, ApplicationStatus.ALTERNATE}:
        raise RuleViolation(_("Only who is selected or an alternate can be released here."), code="wrong_state")
    before = application.status
    application.move_to(ApplicationStatus.WITHDRAWN)
    application.reason = reason[:300]
    application.save(update_fields=["status", "reason"])
    take_step(
        application, "councils.applicant_released", actor=actor, at=at, text=reason[:300], details={"before": before}
    )
    return application
