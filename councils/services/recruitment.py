"""Every write to a recruitment itself: made, changed, announced, given more time, called off, copied."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from councils.models import CommitteeMember, Council, QuotaFeature, QuotaValue, Recruitment
from councils.queries.rules import checks_before_announcing, method_allowed, problems_of_quotas
from councils.services.decisions import checked_decision
from councils.services.locks import locked_recruitment
from councils.services.own_matters import refuse_candidate
from councils.states import CouncilStatus, DecisionKind, Method, RecruitmentStatus
from ordinances.models import RuleSet
from ordinances.services import lock_rule_set
from ordinances.wording import actual_in_words, check_name, required_in_words
from residents.models import User

ENDED = (RecruitmentStatus.APPOINTED, RecruitmentStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Dates:
    """When things happen in a recruitment. `closes_at` and `learning_until` are the first moment that is too late."""

    opens_at: datetime
    closes_at: datetime
    learning_until: datetime
    draw_at: datetime | None
    appoints_on: date | None
    erase_on: date


@dataclass(frozen=True, slots=True)
class Plan:
    """What a recruitment is for; `seats` in persons."""

    title: str
    method: Method
    seats: int
    place: str = ""
    contact: str = ""
    about: str = ""


@transaction.atomic
def create_recruitment(  # noqa: PLR0913 - a recruitment has this many parts
    *, council: Council, rule_set: RuleSet, plan: Plan, dates: Dates, actor: User | None, at: datetime
) -> Recruitment:
    """Prepare a recruitment; nobody but the desk sees it yet. `actor` None is the system itself.

    Raises RuleViolation if the council is dissolved, if the rule set is not of its region, or if the dates are not in
    order.
    """
    council = Council.objects.select_for_update(of=("self",)).select_related("dong").get(pk=council.pk)
    if council.status == CouncilStatus.DISSOLVED:
        raise RuleViolation(_("A dissolved council stays as it was."), code="wrong_state")
    recruitment = Recruitment(council=council)
    _write(recruitment, rule_set, plan, dates)
    _record("councils.recruitment_created", recruitment, actor, at)
    return recruitment


@transaction.atomic
def change_recruitment(  # noqa: PLR0913 - a recruitment has this many parts
    *, recruitment_id: int, rule_set: RuleSet, plan: Plan, dates: Dates, actor: User | None, at: datetime
) -> Recruitment:
    """Change a recruitment that is still in preparation. Raises RuleViolation as create_recruitment does."""
    recruitment = locked_recruitment(recruitment_id)
    refuse_unless_preparing(recruitment)
    _write(recruitment, rule_set, plan, dates)
    _record("councils.recruitment_changed", recruitment, actor, at)
    return recruitment


@transaction.atomic
def change_contact(  # noqa: PLR0913 - what may still change
    *, recruitment_id: int, place: str, contact: str, about: str, actor: User, at: datetime
) -> Recruitment:
    """Change where the draw takes place, whom to ask and the text about it, until the draw."""
    recruitment = locked_recruitment(recruitment_id)
    if recruitment.status in {RecruitmentStatus.DRAWN, *ENDED}:
        raise RuleViolation(_("A recruitment that is over can no longer be changed."), code="wrong_state")
    recruitment.place, recruitment.contact, recruitment.about = place.strip(), contact.strip(), about.strip()
    recruitment.save(update_fields=["place", "contact", "about"])
    _record("councils.recruitment_changed", recruitment, actor, at)
    return recruitment


@transaction.atomic
def announce_recruitment(*, recruitment_id: int, actor: User | None, at: datetime) -> Recruitment:
    """Publish a recruitment and fix its rule set and quotas.

    Raises RuleViolation with every check that is not met (days of recruitment, seats, shares), if the rule set names
    another way of selection, if the quotas contradict each other, or if applications were already over.
    """
    recruitment = locked_recruitment(recruitment_id)
    recruitment.move_to(RecruitmentStatus.ANNOUNCED)
    recruitment.announced_at = at
    rule_set = lock_rule_set(rule_set_id=recruitment.rule_set_id, actor=actor, at=at)
    recruitment.rule_set = rule_set
    _refuse_rules_of_another_time(rule_set, at)
    if recruitment.closes_at <= at:
        raise RuleViolation(_("Applications would be over already. Please set other dates."))
    if not method_allowed(recruitment):
        raise RuleViolation(_("The rule set names another way of selection. Please choose that one."))
    unmet = [check for check in checks_before_announcing(recruitment, at=at) if not check.met]
    if unmet:
        found = "; ".join(
            _("%(rule)s: required %(required)s, here %(actual)s (%(source)s)")
            % {
                "rule": check_name(check),
                "required": required_in_words(check),
                "actual": actual_in_words(check),
                "source": check.source,
            }
            for check in unmet
        )
        raise RuleViolation(_("The rules are not kept: %(found)s") % {"found": found}, code="rules_not_kept")
    problems = problems_of_quotas(recruitment)
    if problems:
        raise RuleViolation(" ".join(problems), code="quotas_contradict")
    recruitment.save()
    _record("councils.recruitment_announced", recruitment, actor, at, {"rule_set": rule_set.pk})
    return recruitment


@transaction.atomic
def give_more_time(*, recruitment_id: int, decision_id: int, dates: Dates, actor: User, at: datetime) -> Recruitment:
    """Move the dates of an announced recruitment by a decision of its committee; nothing may end earlier than it did.

    Raises RuleViolation without such a decision, for an end that comes earlier, or for an end in the past.
    """
    recruitment = locked_recruitment(recruitment_id)
    refuse_candidate(recruitment, actor)
    if recruitment.status != RecruitmentStatus.ANNOUNCED:
        raise RuleViolation(_("Time is given while a recruitment is announced."), code="wrong_state")
    checked_decision(recruitment, decision_id, DecisionKind.MORE_TIME)
    extend(recruitment, dates, at)
    recruitment.save()
    _record("councils.more_time_given", recruitment, actor, at, {"decision": decision_id})
    return recruitment


def extend(recruitment: Recruitment, dates: Dates, at: datetime) -> None:
    """Take later dates over, unsaved. Raises RuleViolation if one of them ends something earlier than it did."""
    check_order(dates)
    if dates.opens_at != recruitment.opens_at:
        raise RuleViolation(_("The beginning of the applications can no longer be changed."))
    if dates.closes_at < recruitment.closes_at or dates.learning_until < recruitment.learning_until:
        raise RuleViolation(_("More time means a later end. Nobody loses a day that was promised."))
    if dates.learning_until <= at:
        raise RuleViolation(_("The new end lies in the past."))
    _take_dates(recruitment, dates)


@transaction.atomic
def cancel_recruitment(*, recruitment_id: int, reason: str, actor: User, at: datetime) -> Recruitment:
    """Call a recruitment off, with the reason that everybody reads. Raises RuleViolation once the pool is frozen."""
    recruitment = locked_recruitment(recruitment_id)
    refuse_candidate(recruitment, actor)
    recruitment.cancelled_because = reason.strip()
    if not recruitment.cancelled_because:
        raise RuleViolation(_("Please say why the recruitment is called off."))
    recruitment.move_to(RecruitmentStatus.CANCELLED)
    recruitment.save()
    _record("councils.recruitment_cancelled", recruitment, actor, at)
    return recruitment


@transaction.atomic
def copy_recruitment(  # noqa: PLR0913 - what is new in the copy
    *, recruitment_id: int, title: str, dates: Dates, actor: User, at: datetime, rule_set: RuleSet | None = None
) -> Recruitment:
    """Prepare a recruitment like an earlier one of the same council, with new dates: quotas and committee come along.

    `rule_set` None keeps that of the earlier one. Relaxations of the earlier one stay behind: its quotas are copied as
    they were announced. Raises RuleViolation as create_recruitment does.
    """
    old = locked_recruitment(recruitment_id)
    plan = Plan(title, Method(old.method), old.seats, old.place, old.contact, old.about)
    new = create_recruitment(
        council=old.council, rule_set=rule_set or old.rule_set, plan=plan, dates=dates, actor=actor, at=at
    )
    for feature in old.features.prefetch_related("values__relaxations"):
        copied = QuotaFeature.objects.create(
            recruitment=new, key=feature.key, label=feature.label, source=feature.source, position=feature.position
        )
        QuotaValue.objects.bulk_create(_as_announced(value, copied) for value in feature.values.all())
    CommitteeMember.objects.bulk_create(
        CommitteeMember(
            recruitment=new,
            user_id=member.user_id,
            name=member.name,
            affiliation=member.affiliation,
            is_chair=member.is_chair,
        )
        for member in old.committee.all()
    )
    _record("councils.recruitment_copied", new, actor, at, {"from": old.pk})
    return new


def _as_announced(value: QuotaValue, feature: QuotaFeature) -> QuotaValue:
    relaxations = sorted(value.relaxations.all(), key=lambda one: one.pk)
    first = relaxations[0] if relaxations else None
    return QuotaValue(
        feature=feature,
        key=value.key,
        label=value.label,
        minimum=first.minimum_before if first else value.minimum,
        maximum=first.maximum_before if first else value.maximum,
        age_from=value.age_from,
        age_to=value.age_to,
        source=value.source,
        position=value.position,
    )


def refuse_unless_preparing(recruitment: Recruitment) -> None:
    """Raise RuleViolation once the recruitment has been announced."""
    if recruitment.status != RecruitmentStatus.PREPARING:
        raise RuleViolation(
            _("What was announced stays as it is. More time or other quotas need a decision of the committee."),
            code="wrong_state",
        )


def check_order(dates: Dates) -> None:
    """Raise RuleViolation if the dates are not in order."""
    if dates.closes_at <= dates.opens_at:
        raise RuleViolation(_("Applications must close after they open."))
    if dates.learning_until < dates.closes_at:
        raise RuleViolation(_("The education may not end before the applications do."))
    if dates.draw_at and dates.draw_at < dates.learning_until:
        raise RuleViolation(_("The draw comes after the education."))
    if dates.appoints_on and dates.draw_at and dates.appoints_on < timezone.localdate(dates.draw_at):
        raise RuleViolation(_("The appointment comes after the draw."))
    if dates.erase_on <= timezone.localdate(dates.draw_at or dates.learning_until):
        raise RuleViolation(_("Personal data are needed until the draw. Please set a later day for deleting them."))


def _write(recruitment: Recruitment, rule_set: RuleSet, plan: Plan, dates: Dates) -> None:
    if not plan.title.strip():
        raise RuleViolation(_("A recruitment needs a title."))
    if plan.seats < 1:
        raise RuleViolation(_("A recruitment fills at least one seat."))
    if not recruitment.council.dong.path.startswith(rule_set.region.path):
        raise RuleViolation(_("This rule set is of another region."))
    check_order(dates)
    recruitment.rule_set = rule_set
    recruitment.title = plan.title.strip()
    recruitment.method = Method(plan.method)
    recruitment.seats = plan.seats
    recruitment.place, recruitment.contact, recruitment.about = plan.place.strip(), plan.contact.strip(), plan.about
    _take_dates(recruitment, dates)
    recruitment.save()


def _take_dates(recruitment: Recruitment, dates: Dates) -> None:
    recruitment.opens_at, recruitment.closes_at = dates.opens_at, dates.closes_at
    recruitment.learning_until, recruitment.draw_at = dates.learning_until, dates.draw_at
    recruitment.appoints_on, recruitment.erase_on = dates.appoints_on, dates.erase_on


def _refuse_rules_of_another_time(rule_set: RuleSet, at: datetime) -> None:
    today = timezone.localdate(at)
    if today < rule_set.valid_from or (rule_set.valid_until and today >= rule_set.valid_until):
        raise RuleViolation(_("This rule set is not in force today. Please choose the version that is."))


def _record(
    action: str,
    recruitment: Recruitment,
    actor: User | None,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    record(
        actor=actor,
        action=action,
        target=recruitment,
        scope=recruitment.council.dong.path,
        at=at,
        details={"state": recruitment.status, **(details or {})},
    )
