"""What became of the rules of a recruitment once its council is at work: names, re-appointment, quorum, assemblies."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.membership import reappointments
from councils.models import CouncilMeeting, CouncilTerm, Member, Recruitment
from councils.queries.members import identity_of, municipality_of
from councils.services.appointing import head_of
from councils.states import BodyKind, MemberOffice, RecruitmentStatus
from councils.yearly_assemblies import Span, held_in
from ordinances.checked_table import Told
from ordinances.checks import Check
from ordinances.council_checks import check_council_quorum, check_reappointments, end_of_term
from ordinances.council_rules import CouncilRules, SelectionBody
from ordinances.phrases import people
from ordinances.rulesets import Parameter
from ordinances.values import Cited, CouncilQuorum

MONTHS_IN_YEAR = 12
DRAWN = frozenset({RecruitmentStatus.DRAWN, RecruitmentStatus.APPOINTED})


@dataclass(frozen=True, slots=True)
class Found:
    """What was found about rules: checks with numbers, and what is told in words."""

    checks: tuple[Check, ...]
    told: dict[Parameter, Told]


def term_of(recruitment: Recruitment) -> CouncilTerm | None:
    """The term that a recruitment filled, whole or its open seats; one query."""
    filled = Q(recruitment=recruitment) | Q(members__application__recruitment=recruitment)
    return CouncilTerm.objects.filter(filled).select_related("council__dong__parent").distinct().first()


def found_at_work(recruitment: Recruitment, rules: CouncilRules, *, at: datetime) -> Found:
    """Every rule about the council that can be decided at `at`; up to seven queries, however long it works."""
    told: dict[Parameter, Told] = {}
    if rules.selection_body and recruitment.status in DRAWN:
        told[Parameter.SELECTION_BODY] = _body_in_charge(recruitment, rules.selection_body.value)
    term = term_of(recruitment) if recruitment.status == RecruitmentStatus.APPOINTED else None
    if term is None:
        return Found((), told)
    checks = []
    members = list(term.members.filter(application__recruitment=recruitment))
    if rules.names_published:
        words = _("in full: %(people)s") if rules.names_published.value else _("shortened: %(people)s")
        told[Parameter.NAMES_PUBLISHED] = Told(words % {"people": people(len(members))}, met=True)
    if rules.reappointments_max:
        most = _most_reappointments(term, members)
        checks.append(check_reappointments(rules.reappointments_max, reappointments=most))
    if rules.council_quorum and (quorum := _tightest_meeting(term, rules.council_quorum)):
        checks.append(quorum)
    if rules.yearly_assembly and (yearly := _yearly(term, asked=rules.yearly_assembly.value, at=at)):
        told[Parameter.YEARLY_ASSEMBLY] = yearly
    return Found(tuple(checks), told)


def _body_in_charge(recruitment: Recruitment, body: SelectionBody) -> Told:
    """Who decided, as it was written down: a committee with its members, or the head of the district."""
    if body is SelectionBody.DISTRICT_HEAD:
        return Told(head_of(municipality_of(recruitment.council.dong)), met=True)
    members = recruitment.committee.count()
    if not members:
        return Told(_("no committee was written down"), met=False)
    return Told(_("committee: %(people)s") % {"people": people(members)}, met=True)


def _most_reappointments(term: CouncilTerm, members: list[Member]) -> int:
    """How many times in a row whoever was appointed most often is appointed anew; one query."""
    before = [
        (identity_of(one), one.term.number)
        for one in Member.objects.filter(term__council=term.council_id, term__number__lt=term.number)
        .exclude(office=MemberOffice.ADVISER)
        .select_related("term")
    ]
    most = 0
    for member in members:
        who = identity_of(member)
        served = {number for other, number in before if other.is_same_as(who)}
        most = max(most, reappointments(served, term.number))
    return most


def _tightest_meeting(term: CouncilTerm, rule: Cited[CouncilQuorum]) -> Check | None:
    """The meeting of the whole council that came nearest to its quorum, or missed it most; None before the first."""
    opened = CouncilMeeting.objects.filter(
        council=term.council_id,
        subcommittee__isnull=True,
        meeting__opened_at__isnull=False,
        meeting__eligible_at_opening__isnull=False,
        meeting__opened_at__date__range=(term.starts_on, term.ends_on),
    ).order_by()
    counted = opened.values_list("meeting__eligible_at_opening", "meeting__present_at_opening")
    checks = [check_council_quorum(rule, members=members or 0, present=present or 0) for members, present in counted]
    return min(checks, key=_margin, default=None)


def _margin(check: Check) -> int:
    if not isinstance(check.actual, int) or not isinstance(check.required, int):
        raise TypeError("a quorum is counted in persons")
    return check.actual - check.required


def years_over(term: CouncilTerm, day: date) -> list[Span]:
    """The years of a term that are over on `day`, each from its first day to the first day after it."""
    years: list[Span] = []
    while term.starts_on <= day:
        first = end_of_term(term.starts_on, MONTHS_IN_YEAR * len(years))
        after = end_of_term(term.starts_on, MONTHS_IN_YEAR * (len(years) + 1))
        if after > day or first > term.ends_on:
            break
        years.append((first, after))
    return years


def _yearly(term: CouncilTerm, *, asked: bool, at: datetime) -> Told | None:
    """The dong's assembly in each year of the term that is over; other bodies hold none."""
    if not asked:
        return Told(_("nothing is asked"), met=True)
    years = years_over(term, timezone.localdate(at))
    if not years or term.council.kind != BodyKind.COUNCIL:
        return None
    held = held_in(term.council.dong_id, years)
    if held is None:
        return None
    return Told(
        _("held in %(held)s of %(years)s years of the term") % {"held": held, "years": len(years)},
        met=held == len(years),
    )
