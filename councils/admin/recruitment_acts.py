"""The steps that officials take on a recruitment, from its announcement to the settled pool."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.admin.recruitment_forms import (
    AnyDecisionForm,
    CopyForm,
    MirrorForm,
    MoreTimeForm,
    ReasonForm,
    dates_from,
    decision_from,
)
from councils.models import Recruitment
from councils.queries.rules import features_of
from councils.services.decisions import record_decision
from councils.services.pool import reopen_pool, settle_pool
from councils.services.quotas import mirror_residents, plan_of, propose_quotas, set_quotas
from councils.services.recruitment import (
    announce_recruitment,
    cancel_recruitment,
    copy_recruitment,
    give_more_time,
)
from councils.states import DecisionKind, FeatureSource, RecruitmentStatus
from residents.desk import Act
from residents.desk.acts import current_user

RUN = "councils.run_recruitment"


def _is(*statuses: RecruitmentStatus) -> Callable[[Recruitment], bool]:
    return lambda recruitment: recruitment.status in statuses


def _propose(request: HttpRequest, recruitment: Recruitment, data: dict[str, Any]) -> str:
    del data
    plans = propose_quotas(recruitment)
    set_quotas(recruitment_id=recruitment.pk, features=plans, actor=current_user(request), at=timezone.now())
    if not plans:
        return _("The rule set says nothing of shares, so it proposes no quotas. Please set them yourself.")
    return _("The quotas are set as the rule set asks. You can still change them.")


def _mirror(request: HttpRequest, recruitment: Recruitment, data: dict[str, Any]) -> str:
    plan = mirror_residents(
        label=data["label"].strip(),
        source=FeatureSource(data["source"]),
        residents=data["residents"],
        seats=recruitment.seats,
        slack=data["slack"],
        cited=data["cited"],
    )
    others = [plan_of(feature) for feature in features_of(recruitment) if feature.key != plan.key]
    set_quotas(recruitment_id=recruitment.pk, features=[*others, plan], actor=current_user(request), at=timezone.now())
    return _("The quotas follow the residents now. You can still change them.")


def _announce(request: HttpRequest, recruitment: Recruitment, data: dict[str, Any]) -> str:
    del data
    announce_recruitment(recruitment_id=recruitment.pk, actor=current_user(request), at=timezone.now())
    return _("The recruitment is announced. Rule set and quotas stay as they are now.")


def _settle(request: HttpRequest, recruitment: Recruitment, data: dict[str, Any]) -> str:
    del data
    done = settle_pool(recruitment_id=recruitment.pk, actor=current_user(request), at=timezone.now())
    return _("The pool is settled: %(in_pool)s in it, %(excluded)s excluded with what is missing.") % {
        "in_pool": done.in_pool,
        "excluded": done.excluded,
    }


def _more_time(request: HttpRequest, recruitment: Recruitment, data: dict[str, Any]) -> str:
    actor, at = current_user(request), timezone.now()
    with transaction.atomic():
        decision = record_decision(
            recruitment_id=recruitment.pk,
            kind=DecisionKind.MORE_TIME,
            facts=decision_from(data),
            actor=actor,
            at=at,
        )
        dates = dates_from(data, recruitment)
        change = reopen_pool if recruitment.status == RecruitmentStatus.POOLED else give_more_time
        change(recruitment_id=recruitment.pk, decision_id=decision.pk, dates=dates, actor=actor, at=at)
    return _("The decision is recorded and the new dates stand.")


def _decide(request: HttpRequest, recruitment: Recruitment, data: dict[str, Any]) -> str:
    record_decision(
        recruitment_id=recruitment.pk,
        kind=DecisionKind(data["kind"]),
        facts=decision_from(data),
        actor=current_user(request),
        at=timezone.now(),
    )
    return _("The decision is recorded.")


def _cancel(request: HttpRequest, recruitment: Recruitment, data: dict[str, Any]) -> str:
    cancel_recruitment(
        recruitment_id=recruitment.pk, reason=data["reason"], actor=current_user(request), at=timezone.now()
    )
    return _("The recruitment is called off.")


def _copy(request: HttpRequest, recruitment: Recruitment, data: dict[str, Any]) -> str:
    data["copy"] = copy_recruitment(
        recruitment_id=recruitment.pk,
        title=data["title"],
        dates=dates_from(data),
        actor=current_user(request),
        at=timezone.now(),
    )
    return _("The copy is in preparation. Please look at its rule set and quotas.")


def _more_time_form(_request: HttpRequest, recruitment: Any, data: Mapping[str, Any] | None) -> forms.Form:
    names = ("closes_at", "learning_until", "draw_at", "appoints_on")
    return MoreTimeForm(data, initial={name: getattr(recruitment, name) for name in names})


def _copy_form(_request: HttpRequest, recruitment: Any, data: Mapping[str, Any] | None) -> forms.Form:
    return CopyForm(data, initial={"title": recruitment.title})


PREPARING, ANNOUNCED, POOLED = (
    RecruitmentStatus.PREPARING,
    RecruitmentStatus.ANNOUNCED,
    RecruitmentStatus.POOLED,
)

ACTS = (
    Act(
        name="announce",
        label=gettext_lazy("Announce the recruitment"),
        permission=RUN,
        run=_announce,
        question=gettext_lazy(
            "Everybody sees the recruitment from now on. Its rule set, quotas and dates stay; only a recorded decision "
            "of the committee can relax quotas or give more time."
        ),
        available=_is(PREPARING),
    ),
    Act(
        name="propose-quotas",
        label=gettext_lazy("Set the quotas that the rules ask for"),
        permission="councils.change_recruitment",
        run=_propose,
        question=gettext_lazy("Quotas that stand here already are replaced by those that follow from the rule set."),
        available=_is(PREPARING),
    ),
    Act(
        name="mirror-residents",
        label=gettext_lazy("Set quotas that follow the residents"),
        permission="councils.change_recruitment",
        run=_mirror,
        question=gettext_lazy(
            "Each value gets its share of the seats. Other features stay; the same feature is replaced."
        ),
        form=MirrorForm,
        available=_is(PREPARING),
    ),
    Act(
        name="settle-pool",
        label=gettext_lazy("Settle the pool"),
        permission=RUN,
        run=_settle,
        question=gettext_lazy(
            "Whoever is eligible and has the hours comes into the pool with a random number. The others are excluded "
            "and told what is missing. Everybody gets a notice."
        ),
        available=lambda one: one.status == ANNOUNCED and timezone.now() >= one.learning_until,
    ),
    Act(
        name="more-time",
        label=gettext_lazy("Record a decision to give more time"),
        permission=RUN,
        run=_more_time,
        question=gettext_lazy(
            "Dates can only move later. A pool that was settled is opened again, and its numbers are drawn anew."
        ),
        make_form=_more_time_form,
        available=_is(ANNOUNCED, POOLED),
    ),
    Act(
        name="record-decision",
        label=gettext_lazy("Record another decision of the committee"),
        permission=RUN,
        run=_decide,
        question=gettext_lazy("A decision is recorded once and never changed."),
        form=AnyDecisionForm,
        available=lambda one: one.status not in {PREPARING, RecruitmentStatus.CANCELLED},
    ),
    Act(
        name="copy",
        label=gettext_lazy("Copy with new dates"),
        permission=RUN,
        run=_copy,
        question=gettext_lazy("Quotas as they were announced, committee and texts come along; applications do not."),
        make_form=_copy_form,
        available=lambda one: one.status != PREPARING,
        then=lambda _one, data: data["copy"],
    ),
    Act(
        name="cancel",
        label=gettext_lazy("Call the recruitment off"),
        permission=RUN,
        run=_cancel,
        question=gettext_lazy("Everybody sees that it is called off, and why. This cannot be taken back."),
        form=ReasonForm,
        available=_is(PREPARING, ANNOUNCED, POOLED),
        danger=True,
    ),
)
