"""Quotas of a recruitment: proposed from its rules, set before it is announced, relaxed by decision afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zlib import crc32

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from councils.bands import AgeBand, bands_from, proportional_quotas
from councils.models import CommitteeDecision, Draw, QuotaFeature, QuotaRelaxation, QuotaValue, Recruitment
from councils.services.decisions import DecisionFacts, write_decision
from councils.services.locks import locked_recruitment
from councils.services.own_matters import refuse_candidate
from councils.services.recruitment import refuse_unless_preparing
from councils.states import DecisionKind, DrawStatus, FeatureSource, RecruitmentStatus, Track
from ordinances.values import Cited, Share
from residents.models import User
from residents.states import Sex

BY_AGE = frozenset({FeatureSource.AGE, FeatureSource.YOUNG})
CHOICES = {FeatureSource.SEX: Sex, FeatureSource.TRACK: Track}
MOST_FEATURES, MOST_VALUES = 12, 60


@dataclass(frozen=True, slots=True)
class ValuePlan:
    """At least `minimum` and at most `maximum` persons have this value; ages in full years, both ends included."""

    key: str
    label: str
    minimum: int
    maximum: int
    age_from: int | None = None
    age_to: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class FeaturePlan:
    """A feature with its values as it is to stand. `source` says where an applicant's value comes from."""

    key: str
    label: str
    source: FeatureSource
    values: tuple[ValuePlan, ...]


@dataclass(frozen=True, slots=True)
class QuotaChange:
    """What one quota is to become, in persons."""

    value_id: int
    minimum: int
    maximum: int


def propose_quotas(recruitment: Recruitment) -> tuple[FeaturePlan, ...]:
    """The quotas that the rule set asks for: shares of sexes, of the young and of the two tracks, in whole persons.

    A feature that no rule speaks of is not proposed. Reads only. Source: rule set, parameters sex_share_max,
    young_share_min, open_call_share_min and recommended_share_max.
    """
    rules, seats = recruitment.rule_set.for_councils(), recruitment.seats
    plans = []
    if rules.sex_share_max:
        most = rules.sex_share_max.value.limit(seats)
        plans.append(
            FeaturePlan(
                "sex",
                _("sex"),
                FeatureSource.SEX,
                tuple(
                    ValuePlan(sex.value, str(sex.label), seats - most, most, source=rules.sex_share_max.source)
                    for sex in Sex
                ),
            )
        )
    if rules.young_share_min and rules.young_age_max:
        plans.append(_young_plan(rules.young_share_min, rules.young_age_max.value, seats))
    if rules.open_call_share_min or rules.recommended_share_max:
        plans.append(_track_plan(rules.open_call_share_min, rules.recommended_share_max, seats))
    return tuple(plans)


def _young_plan(share: Cited[Share], age: int, seats: int) -> FeaturePlan:
    least = share.value.limit(seats)
    return FeaturePlan(
        "young",
        _("young people"),
        FeatureSource.YOUNG,
        (
            ValuePlan("young", _("%(age)s or younger") % {"age": age}, least, seats, 0, age, share.source),
            ValuePlan("older", _("%(age)s or older") % {"age": age + 1}, 0, seats - least, age + 1, None, share.source),
        ),
    )


def _track_plan(open_call: Cited[Share] | None, recommended: Cited[Share] | None, seats: int) -> FeaturePlan:
    least_open = open_call.value.limit(seats) if open_call else 0
    most_recommended = recommended.value.limit(seats) if recommended else seats
    most_recommended = min(most_recommended, seats - least_open)
    cited = "; ".join(dict.fromkeys(rule.source for rule in (open_call, recommended) if rule))
    return FeaturePlan(
        "track",
        _("track"),
        FeatureSource.TRACK,
        (
            ValuePlan(Track.OPEN.value, str(Track.OPEN.label), seats - most_recommended, seats, source=cited),
            ValuePlan(Track.RECOMMENDED.value, str(Track.RECOMMENDED.label), 0, most_recommended, source=cited),
        ),
    )


def mirror_residents(  # noqa: PLR0913 - what a feature and its figures are
    *, label: str, source: FeatureSource, residents: Sequence[tuple[str, int]], seats: int, slack: int, cited: str
) -> FeaturePlan:
    """A feature whose quotas follow the residents: each value's share of the seats, `slack` persons wider.

    residents: (value, residents in persons); of ages the value is the age at which a band begins. `cited` is where the
    figures stand. Reads and writes nothing. Raises RuleViolation for figures that make no shares, ages that do not
    begin at 0 and rise, and a source of which the values are known already.
    """
    if source not in {FeatureSource.AGE, FeatureSource.AREA, FeatureSource.ASKED}:
        raise RuleViolation(_("Only ages, areas and answers can follow the residents."))
    names = [name.strip() for name, _number in residents]
    if len(set(names)) != len(names) or not all(names):
        raise RuleViolation(_("Every value stands in one line, with its residents."))
    try:
        starts = [int(name) for name in names] if source == FeatureSource.AGE else []
        bands = bands_from(starts) if starts else ()
        keys = [band.key for band in bands] or [f"v{number}" for number, _name in enumerate(names, start=1)]
        shares = proportional_quotas(
            source.value, dict(zip(keys, (number for _name, number in residents), strict=True)), seats, slack=slack
        )
    except ValueError as error:
        raise RuleViolation(
            _("These figures make no quotas: ages begin at 0 and rise, and residents are numbers above 0 in all."),
            code="no_shares",
        ) from error
    ages: Sequence[AgeBand | None] = bands or [None] * len(names)
    return FeaturePlan(
        source.value if source != FeatureSource.ASKED else f"asked-{crc32(label.encode()):08x}",
        label,
        source,
        tuple(
            ValuePlan(
                share.value,
                _band_in_words(band) if band else name,
                share.minimum,
                share.maximum,
                band.from_age if band else None,
                band.to_age if band else None,
                cited,
            )
            for share, name, band in zip(shares, names, ages, strict=True)
        ),
    )


def _band_in_words(band: AgeBand) -> str:
    if band.to_age is None:
        return _("%(age)s or older") % {"age": band.from_age}
    return _("%(first)s to %(last)s years") % {"first": band.from_age, "last": band.to_age}


@transaction.atomic
def set_quotas(
    *, recruitment_id: int, features: Sequence[FeaturePlan], actor: User | None, at: datetime
) -> list[QuotaFeature]:
    """Replace all quotas of a recruitment that is still in preparation.

    Raises RuleViolation once it has been announced, for names that repeat, numbers that contradict each other or go
    beyond the seats, bands of age with gaps or overlaps, and values that no applicant can have.
    """
    recruitment = locked_recruitment(recruitment_id)
    refuse_unless_preparing(recruitment)
    _check_features(features, recruitment.seats)
    recruitment.features.all().delete()
    made = []
    for place, plan in enumerate(features):
        feature = QuotaFeature.objects.create(
            recruitment=recruitment, key=plan.key, label=plan.label.strip(), source=plan.source, position=place
        )
        QuotaValue.objects.bulk_create(
            QuotaValue(
                feature=feature,
                key=value.key,
                label=value.label.strip(),
                minimum=value.minimum,
                maximum=value.maximum,
                age_from=value.age_from,
                age_to=value.age_to,
                source=value.source.strip(),
                position=position,
            )
            for position, value in enumerate(plan.values)
        )
        made.append(feature)
    record(
        actor=actor,
        action="councils.quotas_set",
        target=recruitment,
        scope=recruitment.council.dong.path,
        at=at,
        details={"quotas": sum(len(plan.values) for plan in features)},
    )
    return made


@transaction.atomic
def relax_quotas(
    *, recruitment_id: int, changes: Sequence[QuotaChange], decision: DecisionFacts, actor: User, at: datetime
) -> CommitteeDecision:
    """Relax quotas by a decision of the committee, which is recorded with what each quota was.

    Raises RuleViolation before the announcement and from the freeze on, while a lottery computed under the old quotas
    stands, for a change that tightens a quota or changes nothing, and for what `record_decision` refuses.
    """
    recruitment = locked_recruitment(recruitment_id)
    refuse_candidate(recruitment, actor)
    if recruitment.status not in {RecruitmentStatus.ANNOUNCED, RecruitmentStatus.POOLED}:
        raise RuleViolation(_("Quotas are relaxed after the announcement and before the freeze."), code="wrong_state")
    refuse_computed_lottery(recruitment)
    values = {
        value.pk: value for value in QuotaValue.objects.select_for_update().filter(feature__recruitment=recruitment)
    }
    if not changes or len({change.value_id for change in changes}) != len(changes):
        raise RuleViolation(_("Please say which quotas change, each once."))
    for change in changes:
        _check_change(values.get(change.value_id), change, recruitment.seats)
    written = write_decision(recruitment, DecisionKind.RELAXATION, decision, actor, at)
    for change in changes:
        value = values[change.value_id]
        QuotaRelaxation.objects.create(
            decision=written,
            value=value,
            minimum_before=value.minimum,
            maximum_before=value.maximum,
            minimum=change.minimum,
            maximum=change.maximum,
        )
        value.minimum, value.maximum = change.minimum, change.maximum
        value.save(update_fields=["minimum", "maximum"])
    record(
        actor=actor,
        action="councils.quotas_relaxed",
        target=recruitment,
        scope=recruitment.council.dong.path,
        at=at,
        details={"decision": written.pk, "quotas": len(changes)},
    )
    return written


def refuse_computed_lottery(recruitment: Recruitment) -> None:
    """Raise RuleViolation while a lottery is computed: it was computed for the pool and quotas as they were."""
    if Draw.objects.filter(recruitment=recruitment, status=DrawStatus.COMPUTED).exists():
        raise RuleViolation(
            _("A lottery was computed already. Please discard it first, because it would no longer fit."),
            code="lottery_computed",
        )


def _check_change(value: QuotaValue | None, change: QuotaChange, seats: int) -> None:
    if value is None:
        raise RuleViolation(_("This quota is of another recruitment."))
    named = {"quota": value.label}
    if not 0 <= change.minimum <= value.minimum or not value.maximum <= change.maximum <= max(seats, value.maximum):
        raise RuleViolation(_("%(quota)s: a decision can relax a quota and not tighten it.") % named)
    if (change.minimum, change.maximum) == (value.minimum, value.maximum):
        raise RuleViolation(_("%(quota)s: nothing would change.") % named)


def _check_features(features: Sequence[FeaturePlan], seats: int) -> None:
    if len(features) > MOST_FEATURES:
        raise RuleViolation(_("At most %(count)s features can have quotas.") % {"count": MOST_FEATURES})
    if len({plan.key for plan in features}) != len(features):
        raise RuleViolation(_("Two features have the same short name."))
    for source in (FeatureSource.SEX, FeatureSource.TRACK, FeatureSource.YOUNG):
        if sum(plan.source == source for plan in features) > 1:
            raise RuleViolation(_("“%(source)s” can be a feature only once.") % {"source": source.label})
    for plan in features:
        _check_feature(plan, seats)


def _check_feature(plan: FeaturePlan, seats: int) -> None:
    named = {"feature": plan.label}
    if not plan.label.strip() or not all(value.label.strip() for value in plan.values):
        raise RuleViolation(_("Every feature and every value needs a name."))
    if not 2 <= len(plan.values) <= MOST_VALUES:
        raise RuleViolation(
            _("%(feature)s: a feature has at least two values and at most %(most)s.") % {**named, "most": MOST_VALUES}
        )
    if len({value.key for value in plan.values}) != len(plan.values):
        raise RuleViolation(_("%(feature)s: two values have the same short name.") % named)
    for value in plan.values:
        if not 0 <= value.minimum <= value.maximum <= seats:
            raise RuleViolation(
                _("%(feature)s, %(value)s: from 0 to the number of seats, and the least not above the most.")
                % {**named, "value": value.label}
            )
    allowed = CHOICES.get(plan.source)
    if allowed and {value.key for value in plan.values} != set(allowed.values):
        raise RuleViolation(
            _("%(feature)s: the values are %(values)s.")
            % {**named, "values": ", ".join(f"{label} ({key})" for key, label in allowed.choices)}
        )
    if plan.source in BY_AGE:
        _check_bands(plan)


def _check_bands(plan: FeaturePlan) -> None:
    """Every age belongs to one band. The lowest begins where it likes, the highest has no end."""
    bands = sorted(plan.values, key=lambda value: value.age_from or 0)
    complete = bands[-1].age_to is None and all(band.age_to is not None for band in bands[:-1])
    joined = complete and all((band.age_to or 0) + 1 == after.age_from for band, after in pairwise(bands))
    if not joined:
        raise RuleViolation(
            _("%(feature)s: every age belongs to one band; the bands follow one another, and the last has no end.")
            % {"feature": plan.label}
        )


def plan_of(feature: QuotaFeature) -> FeaturePlan:
    """A feature as it stands, as a plan that can be changed and set again."""
    return FeaturePlan(
        feature.key,
        feature.label,
        FeatureSource(feature.source),
        tuple(
            ValuePlan(value.key, value.label, value.minimum, value.maximum, value.age_from, value.age_to, value.source)
            for value in feature.values.all()
        ),
    )
