"""Every rule of a recruitment for the page "under which rules": required, actual, and whether it was kept.

Numbers are held against the rule set by checks; what has none is told in words, once it has happened.
"""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.templatetags.madang import day_text
from councils.models import CouncilTerm, Recruitment
from councils.queries.draws import standing_draw
from councils.queries.recruitment import checks_of
from councils.queries.rules import age_day, method_allowed
from councils.states import Method, RecruitmentStatus
from ordinances.checked_table import CheckedLine, Told, council_lines
from ordinances.checks import Check
from ordinances.council_checks import check_draw_notice, check_term
from ordinances.phrases import people
from ordinances.rulesets import Parameter
from residents.elections import blocks_event
from residents.services.elections import election_days, election_warning

OVER = frozenset({RecruitmentStatus.APPOINTED, RecruitmentStatus.CANCELLED})
WITH_A_FREEZE = frozenset({RecruitmentStatus.FROZEN, RecruitmentStatus.DRAWN, RecruitmentStatus.APPOINTED})


def rule_lines(recruitment: Recruitment, *, at: datetime) -> list[CheckedLine]:
    """The lines of the table, for everybody: numbers of people, never a person's own."""
    checks = (*checks_of(recruitment, at=at), *_checks_on_the_way(recruitment))
    return council_lines(recruitment.rule_set, checks, _told(recruitment, at=at))


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


def _checks_on_the_way(recruitment: Recruitment) -> list[Check]:
    """The notice of the draw once a freeze stands, and the term once there is one."""
    rules, checks = recruitment.rule_set.for_councils(), []
    if rules.draw_notice_hours and recruitment.method == Method.LEXIMIN and recruitment.status in WITH_A_FREEZE:
        draw = standing_draw(recruitment)
        if draw is not None and draw.frozen_at and draw.beacon_at:
            checks.append(check_draw_notice(rules.draw_notice_hours, frozen_at=draw.frozen_at, drawn_at=draw.beacon_at))
    if rules.term_months and recruitment.status == RecruitmentStatus.APPOINTED:
        term = CouncilTerm.objects.filter(recruitment=recruitment).first()
        if term is not None:
            day_after = term.ends_on + timedelta(days=1)
            checks.append(check_term(rules.term_months, begins_on=term.starts_on, ends_on=day_after))
    return checks


def _told(recruitment: Recruitment, *, at: datetime) -> dict[Parameter, Told]:
    told = {
        Parameter.SELECTION_METHOD: Told(recruitment.get_method_display(), method_allowed(recruitment)),
        Parameter.COUNCIL_AGE_REFERENCE: Told(day_text(age_day(recruitment, at=at)), met=True),
    }
    if recruitment.pooled_at is not None:
        # Nobody comes into the pool whose age, basis and hours were not found to be enough (services/pool.py).
        count = recruitment.applications.filter(pool_number__isnull=False).count()
        everybody = Told(_("everybody in the pool: %(people)s") % {"people": people(count)}, met=True)
        told |= dict.fromkeys(
            (Parameter.COUNCIL_AGE_MIN, Parameter.COUNCIL_BASES, Parameter.EDUCATION_HOURS_MIN), everybody
        )
    return told
