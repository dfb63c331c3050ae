"""The pool: settled when the education is over, opened again by decision, handed to the lottery as plain values."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.audit.services import record
from core.errors import RuleViolation
from core.templatetags.madang import moment_text
from councils.models import Application, Recruitment
from councils.queries.applications import minutes_of
from councils.queries.courses import hours_needed
from councils.queries.pool import PoolAndQuotas, pool_of
from councils.services.decisions import checked_decision
from councils.services.eligibility import set_all_out
from councils.services.locks import locked_recruitment
from councils.services.own_matters import refuse_candidate
from councils.services.quotas import refuse_computed_lottery
from councils.services.recruitment import Dates, extend
from councils.services.steps import take_steps
from councils.states import ApplicationStatus, DecisionKind, RecruitmentStatus
from ordinances.phrases import hours, minutes_as_hours
from residents.models import User

__all__ = ["PoolAndQuotas", "SettledPool", "hours_of", "pool_of", "reopen_pool", "settle_pool"]

MINUTES_IN_HOUR = 60


@dataclass(frozen=True, slots=True)
class SettledPool:
    """What settling did, in persons."""

    in_pool: int
    excluded: int


def hours_of(application: Application, *, at: datetime) -> int:
    """Minutes of education that count for an applicant: attended in courses until `at`, and credited."""
    return minutes_of([application], at=at)[application.pk]


@transaction.atomic
def settle_pool(*, recruitment_id: int, actor: User | None, at: datetime) -> SettledPool:
    """Decide who may be drawn: whoever has the hours gets a random number, the others read what is missing.

    The numbers are a random order from 1 without gaps; they say nothing about when somebody applied. Raises
    RuleViolation before the education is over, or while applications wait for their check.
    Source: rule set, parameter education_hours_min.
    """
    recruitment = locked_recruitment(recruitment_id)
    refuse_candidate(recruitment, actor)
    if recruitment.status != RecruitmentStatus.ANNOUNCED:
        raise RuleViolation(_("The pool is settled once, of a recruitment that was announced."), code="wrong_state")
    if at < recruitment.learning_until:
        raise RuleViolation(
            _("The education lasts until %(moment)s. The pool is settled after that.")
            % {"moment": moment_text(recruitment.learning_until)},
            code="too_early",
        )
    applications = list(
        recruitment.applications.select_for_update(of=("self",)).select_related("user").order_by("number", "pk")
    )
    for application in applications:
        application.recruitment = recruitment
    _refuse_unchecked(applications)
    enough, excluded = _sort(recruitment, applications, actor, at)
    numbers = list(range(1, len(enough) + 1))
    secrets.SystemRandom().shuffle(numbers)
    for application, number in zip(enough, numbers, strict=True):
        application.pool_number, application.reason = number, ""
        application.move_to(ApplicationStatus.POOL)
    take_steps(enough, "councils.pool_entered", actor=actor, at=at, fields=["status", "pool_number", "reason"])
    recruitment.pooled_at = at
    recruitment.move_to(RecruitmentStatus.POOLED)
    recruitment.save()
    record(
        actor=actor,
        action="councils.pool_settled",
        target=recruitment,
        scope=recruitment.council.dong.path,
        at=at,
        details={"in_pool": len(enough), "excluded": excluded},
    )
    return SettledPool(len(enough), excluded)


@transaction.atomic
def reopen_pool(*, recruitment_id: int, decision_id: int, dates: Dates, actor: User, at: datetime) -> Recruitment:
    """Open a settled pool again by a decision that gives more time; everybody in it gets a new number next time.

    Raises RuleViolation without such a decision, once the pool is frozen, while a lottery is computed, or for dates
    that give no more time.
    """
    recruitment = locked_recruitment(recruitment_id)
    refuse_candidate(recruitment, actor)
    if recruitment.status != RecruitmentStatus.POOLED:
        raise RuleViolation(_("Only a settled pool that is not frozen can be opened again."), code="wrong_state")
    checked_decision(recruitment, decision_id, DecisionKind.MORE_TIME)
    refuse_computed_lottery(recruitment)
    extend(recruitment, dates, at)
    recruitment.pooled_at = None
    recruitment.move_to(RecruitmentStatus.ANNOUNCED)
    recruitment.save()
    members = recruitment.applications.select_for_update(of=("self",)).filter(status=ApplicationStatus.POOL)
    left = list(members.select_related("user").order_by("number"))
    for application in left:
        application.recruitment = recruitment
        application.pool_number = None
        application.move_to(ApplicationStatus.LEARNING)
    take_steps(left, "councils.pool_left", actor=actor, at=at, fields=["status", "pool_number"])
    record(
        actor=actor,
        action="councils.pool_reopened",
        target=recruitment,
        scope=recruitment.council.dong.path,
        at=at,
        details={"decision": decision_id},
    )
    return recruitment


def _refuse_unchecked(applications: list[Application]) -> None:
    waiting = sum(application.status == ApplicationStatus.RECEIVED for application in applications)
    if waiting:
        raise RuleViolation(
            ngettext(
                "%(count)s application waits for its check. Please decide on it first.",
                "%(count)s applications wait for their check. Please decide on them first.",
                waiting,
            )
            % {"count": waiting},
            code="unchecked",
        )


def _sort(
    recruitment: Recruitment, applications: list[Application], actor: User | None, at: datetime
) -> tuple[list[Application], int]:
    """Those who have the hours, and how many were excluded."""
    wanted = hours_needed(recruitment)
    ready = [one for one in applications if one.status in {ApplicationStatus.CHECKED, ApplicationStatus.LEARNING}]
    minutes = minutes_of(ready, at=recruitment.learning_until)
    enough = [one for one in ready if minutes[one.pk] >= wanted * MINUTES_IN_HOUR]
    out = {one: _hours_missing(wanted, minutes[one.pk]) for one in ready if minutes[one.pk] < wanted * MINUTES_IN_HOUR}
    out |= {one: _supplement_missing(one.reason) for one in applications if one.status == ApplicationStatus.SUPPLEMENT}
    set_all_out(out, actor=actor, at=at)
    return enough, len(out)


def _hours_missing(wanted: int, minutes: int) -> str:
    """In the language of the office, because the sentence is kept in the row and read there."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("%(needed)s of education are needed; %(had)s were attended, so %(missing)s are missing.") % {
            "needed": hours(wanted),
            "had": minutes_as_hours(minutes),
            "missing": minutes_as_hours(wanted * MINUTES_IN_HOUR - minutes),
        }


def _supplement_missing(what: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return (_("What was asked for was not handed in: %(what)s") % {"what": what})[:300]
