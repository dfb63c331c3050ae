"""Every rule of a recruitment for the page "under which rules": required, actual, and whether it was kept.

Numbers are held against the rule set by checks; what has none is told in words, once it has happened.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from core.templatetags.madang import day_text
from councils.models import CouncilTerm, Draw, Recruitment
from councils.queries.draws import standing_draw
from councils.queries.recruitment import checks_of
from councils.queries.rules import CHOSEN, age_day, method_allowed
from councils.queries.rules_at_work import DRAWN, found_at_work
from councils.states import Method, RecruitmentStatus
from ordinances.checked_table import CheckedLine, Told, council_lines
from ordinances.checks import Check
from ordinances.council_checks import check_draw_notice, check_publication_group, check_term
from ordinances.council_rules import CouncilRules
from ordinances.phrases import people
from ordinances.rulesets import Parameter
from residents.elections import blocks_event
from residents.services.elections import election_days, election_warning

OVER = frozenset({RecruitmentStatus.APPOINTED, RecruitmentStatus.CANCELLED})
WITH_A_FREEZE = frozenset({RecruitmentStatus.FROZEN, RecruitmentStatus.DRAWN, RecruitmentStatus.APPOINTED})


def rule_lines(recruitment: Recruitment, *, at: datetime) -> list[CheckedLine]:
    """The lines of the table, for everybody: numbers of people, never a person's own."""
    rules = recruitment.rule_set.for_councils()
    at_work = found_at_work(recruitment, rules, at=at)
    checks, told = _found_in_the_draw(recruitment, rules)
    checks = [*checks_of(recruitment, at=at), *checks, *_term(recruitment, rules), *at_work.checks]
    return council_lines(recruitment.rule_set, checks, _told(recruitment, rules, at=at) | told | at_work.told)


def election_warnings(recruitment: Recruitment, *, at: datetime) -> list[str]:
    """What a local election restricts today, soon, or on the day of the draw: a sentence each; [] once all is over.

    Ordinances oblige to recruit, so that nothing is refused: the office asks the election commission.
    """
    if recruitment.status in OVER:
        return []
    found = [election_warning(timezone.localdate(at))]
    if recruitment.draw_at is not None and recruitment.draw_at > at:
        day = timezone.localdate(recruitment.draw_at)
        if blocks_event(election_days(), day, day):
            found.append(
                _(
                    "The public draw on %(day)s falls into the days before a local election in which events are "
                    "restricted. Please ask the election commission, or choose another day."
                )
                % {"day": day_text(day)}
            )
    return [sentence for sentence in found if sentence]


def _found_in_the_draw(recruitment: Recruitment, rules: CouncilRules) -> tuple[list[Check], dict[Parameter, Told]]:
    """Notice of the draw, groups whose attributes are published, households: once there is a draw."""
    if recruitment.status not in WITH_A_FREEZE and recruitment.method == Method.LEXIMIN:
        return [], {}
    if recruitment.method != Method.LEXIMIN:
        return _found_in_a_customary_draw(recruitment, rules)
    draw = standing_draw(recruitment)
    if draw is None:
        return [], {}
    checks: list[Check] = []
    told: dict[Parameter, Told] = {}
    if rules.draw_notice_hours and draw.frozen_at and draw.beacon_at:
        checks.append(check_draw_notice(rules.draw_notice_hours, frozen_at=draw.frozen_at, drawn_at=draw.beacon_at))
    published = _published(draw.pk, draw.freeze)
    if rules.publication_group_size:
        if published.smallest is None:
            told[Parameter.PUBLICATION_GROUP_SIZE] = Told(_("everybody’s attributes are sealed"), met=True)
        else:
            checks.append(check_publication_group(rules.publication_group_size, smallest=published.smallest))
    if rules.one_per_household:
        told[Parameter.ONE_PER_HOUSEHOLD] = _households_in_panels(
            asked=rules.one_per_household.value, drawn=published.one_per_household
        )
    return checks, told


@dataclass(frozen=True, slots=True)
class _Published:
    """What a freeze gives away: the fewest people who share published attributes, None where all are sealed."""

    smallest: int | None
    one_per_household: bool


@lru_cache(maxsize=32)
def _published(draw_id: int, freeze: str) -> _Published:
    """Read once: the freeze of a draw never changes."""
    document = json.loads(Draw.objects.values_list("public", flat=True).get(pk=draw_id, freeze=freeze))
    alike = Counter(
        json.dumps([person["attributes"], person.get("household", "")], sort_keys=True)
        for person in document["pool"]
        if "attributes" in person
    )
    return _Published(min(alike.values(), default=None), bool(document["rule"]["one_per_household"]))


def _households_in_panels(*, asked: bool, drawn: bool) -> Told:
    """A freeze is refused unless each of its panels keeps the rule that it is frozen with."""
    if drawn:
        return Told(_("at most one person of a household in each of the 1,000 panels"), met=True)
    return Told(_("several people of a household are possible"), met=not asked)


def _found_in_a_customary_draw(
    recruitment: Recruitment, rules: CouncilRules
) -> tuple[list[Check], dict[Parameter, Told]]:
    """Households among those who were drawn. What the record of the balls shows is what the way itself looks at."""
    if not rules.one_per_household or recruitment.status not in DRAWN:
        return [], {}
    chosen = recruitment.applications.filter(status__in=CHOSEN).exclude(household="").order_by()
    shared = chosen.values_list("household").annotate(persons=Count("pk")).values_list("persons", flat=True)
    most = max(shared, default=0)
    words = _("most of one household: %(people)s") % {"people": people(most)}
    return [], {Parameter.ONE_PER_HOUSEHOLD: Told(words, met=most <= 1 or not rules.one_per_household.value)}


def _term(recruitment: Recruitment, rules: CouncilRules) -> list[Check]:
    """The length of the term once there is one."""
    if not rules.term_months or recruitment.status != RecruitmentStatus.APPOINTED:
        return []
    term = CouncilTerm.objects.filter(recruitment=recruitment).first()
    if term is None:
        return []
    return [check_term(rules.term_months, begins_on=term.starts_on, ends_on=term.ends_on + timedelta(days=1))]


def _told(recruitment: Recruitment, rules: CouncilRules, *, at: datetime) -> dict[Parameter, Told]:
    told = {
        Parameter.SELECTION_METHOD: Told(recruitment.get_method_display(), method_allowed(recruitment)),
        Parameter.COUNCIL_AGE_REFERENCE: Told(day_text(age_day(recruitment, at=at)), met=True),
    }
    if rules.young_age_max and recruitment.status != RecruitmentStatus.PREPARING:
        told[Parameter.YOUNG_AGE_MAX] = Told(_("counted so in the share of younger people"), met=True)
    if recruitment.pooled_at is not None:
        # Nobody comes into the pool whose age, basis and hours were not found to be enough (services/pool.py).
        count = recruitment.applications.filter(pool_number__isnull=False).count()
        everybody = Told(_("everybody in the pool: %(people)s") % {"people": people(count)}, met=True)
        told |= dict.fromkeys(
            (Parameter.COUNCIL_AGE_MIN, Parameter.COUNCIL_BASES, Parameter.EDUCATION_HOURS_MIN), everybody
        )
    return told
