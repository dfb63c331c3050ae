"""What officials see of a recruitment: board of numbers, rules as kept, decisions, what the doctor finds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from councils.doctor import Relaxation, Risk, Standing, UndecidedError, examine, smallest_relaxations
from councils.doctor_wording import contradiction_in_words
from councils.models import Application, CommitteeDecision, QuotaFeature, QuotaValue, Recruitment
from councils.queries.applications import minutes_of
from councils.queries.courses import hours_needed
from councils.queries.pool import applicants_so_far, pool_of, value_of
from councils.queries.rules import age_day, checks_before_announcing, checks_of_the_panel, features_of
from councils.states import BEFORE_POOL, ApplicationStatus, RecruitmentStatus
from ordinances.checks import Check, CheckedRule

MINUTES_IN_HOUR = 60
CHOSEN = frozenset({ApplicationStatus.SELECTED, ApplicationStatus.APPOINTED})
RUNNING = frozenset({*BEFORE_POOL, ApplicationStatus.POOL, *CHOSEN, ApplicationStatus.ALTERNATE})
SHARES = frozenset(
    {CheckedRule.OPEN_SHARE, CheckedRule.RECOMMENDED_SHARE, CheckedRule.SEX_SHARE, CheckedRule.YOUNG_SHARE}
)


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One value of a feature beside its quota, in persons."""

    feature: str
    value: QuotaValue
    applicants: int
    with_hours: int
    in_pool: int
    chosen: int

    @property
    def is_short(self) -> bool:
        return self.applicants < self.value.minimum


@dataclass(frozen=True, slots=True)
class Board:
    """A recruitment in numbers of persons. `hours` is how many the rule set wants; 0 for none."""

    stages: tuple[tuple[str, int], ...]
    groups: tuple[GroupLine, ...]
    running: int
    with_hours: int
    hours: int
    without_a_value: int


def board_of(recruitment: Recruitment, *, at: datetime) -> Board:
    """The board of numbers; seven queries, however many applications there are."""
    features = features_of(recruitment)
    received = list(recruitment.applications.exclude(status=ApplicationStatus.DRAFT))
    counts = Counter(application.status for application in received)
    running = [application for application in received if application.status in RUNNING]
    wanted = hours_needed(recruitment)
    minutes = minutes_of(running, at=at)
    enough = {pk for pk, had in minutes.items() if had >= wanted * MINUTES_IN_HOUR}
    day = age_day(recruitment, at=at)
    groups, without = [], set()
    for feature in features:
        values = {application.pk: value_of(feature, application, day) for application in running}
        without |= {pk for pk, key in values.items() if not key}
        groups += _lines(feature, running, values, enough)
    return Board(
        stages=tuple(
            (str(status.label), counts[status])
            for status in ApplicationStatus
            if status != ApplicationStatus.DRAFT and (counts[status] or status in BEFORE_POOL)
        ),
        groups=tuple(groups),
        running=len(running),
        with_hours=len(enough),
        hours=wanted,
        without_a_value=len(without),
    )


def _lines(
    feature: QuotaFeature, running: Sequence[Application], values: dict[int, str], enough: set[int]
) -> list[GroupLine]:
    lines = []
    for value in feature.values.all():
        having = [application for application in running if values[application.pk] == value.key]
        lines.append(
            GroupLine(
                feature=feature.label,
                value=value,
                applicants=len(having),
                with_hours=sum(application.pk in enough for application in having),
                in_pool=sum(application.status == ApplicationStatus.POOL for application in having),
                chosen=sum(application.status in CHOSEN for application in having),
            )
        )
    return lines


def checks_of(recruitment: Recruitment, *, at: datetime) -> tuple[Check, ...]:
    """Every check of a recruitment: what quotas make sure of before the draw, what came out after it."""
    before = checks_before_announcing(recruitment, at=at)
    after = checks_of_the_panel(recruitment, at=at)
    if not after:
        return before
    return (*(check for check in before if check.rule not in SHARES), *after)


def decisions_of(recruitment: Recruitment) -> list[CommitteeDecision]:
    """The committee's decisions with the quotas that they changed; two queries."""
    return list(
        recruitment.decisions.prefetch_related("relaxations__value__feature")
        .select_related("recorded_by")
        .order_by("decided_on", "pk")
    )


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """One quota as the doctor sees it, with the names that people read; numbers are persons."""

    feature: str
    value: str
    standing: Standing

    @property
    def is_short(self) -> bool:
        return self.standing.risk is Risk.SHORT

    @property
    def is_at_risk(self) -> bool:
        return self.standing.risk is Risk.AT_RISK


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What a relaxation would make of one quota. `sent` is how the form for the decision is told."""

    feature: str
    value: str
    before: tuple[int, int]
    after: tuple[int, int]
    sent: str


@dataclass(frozen=True, slots=True)
class Examination:
    """What the doctor found. `undecided` is true where the question was too large to answer exactly in time."""

    applicants: int
    seats: int
    feasible: bool
    lines: tuple[QuotaLine, ...]
    missing: int
    needs: tuple[tuple[str, str, int], ...]
    relaxations: tuple[tuple[ChangeLine, ...], ...]
    more: bool
    settled: bool
    contradictions: tuple[str, ...] = ()
    undecided: bool = False

    @property
    def at_risk(self) -> tuple[QuotaLine, ...]:
        return tuple(line for line in self.lines if line.is_short or line.is_at_risk)


def examination_of(recruitment: Recruitment, *, at: datetime) -> Examination:
    """Ask the doctor about the settled pool, or about everybody who can still come into it."""
    settled = recruitment.pooled_at is not None and recruitment.status != RecruitmentStatus.ANNOUNCED
    given = pool_of(recruitment, at=at) if settled else applicants_so_far(recruitment, at=at)
    labels = given.labels
    try:
        diagnosis = examine(given.pool, given.quotas, given.seats, one_per_household=given.one_per_household)
        smallest = (
            None
            if diagnosis.feasible or diagnosis.contradictions or len(given.pool) < given.seats
            else smallest_relaxations(given.pool, given.quotas, given.seats, one_per_household=given.one_per_household)
        )
    except UndecidedError:
        return Examination(len(given.pool), given.seats, False, (), 0, (), (), False, settled, undecided=True)
    keys = {
        (feature.key, value.key): value.pk for feature in features_of(recruitment) for value in feature.values.all()
    }
    return Examination(
        applicants=diagnosis.applicants,
        seats=diagnosis.seats,
        feasible=diagnosis.feasible,
        lines=tuple(
            QuotaLine(labels[one.quota.feature, ""], labels[one.quota.feature, one.quota.value], one)
            for one in diagnosis.standings
        ),
        missing=diagnosis.shortage.persons if diagnosis.shortage else 0,
        needs=tuple(
            (labels[need.feature, ""], labels[need.feature, need.value], need.persons)
            for need in (diagnosis.shortage.needs if diagnosis.shortage else ())
        ),
        relaxations=tuple(_change_lines(one, labels, keys) for one in (smallest.alternatives if smallest else ())),
        more=smallest.more if smallest else False,
        settled=settled,
        contradictions=tuple(contradiction_in_words(one, given.seats, labels) for one in diagnosis.contradictions),
    )


def _change_lines(
    relaxation: Relaxation, labels: dict[tuple[str, str], str], keys: dict[tuple[str, str], int]
) -> tuple[ChangeLine, ...]:
    return tuple(
        ChangeLine(
            feature=labels[change.quota.feature, ""],
            value=labels[change.quota.feature, change.quota.value],
            before=(change.quota.minimum, change.quota.maximum),
            after=(change.minimum, change.maximum),
            sent=f"{keys[change.quota.feature, change.quota.value]},{change.minimum},{change.maximum}",
        )
        for change in relaxation.changes
    )
