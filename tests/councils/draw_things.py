"""Draws in each state, by name, for the matrix of permissions: of a recruitment of another body of the dong."""

from datetime import date, timedelta

from councils.models import CommitteeDecision, CustomaryDraw, Draw, Recruitment
from councils.states import BodyKind, CustomaryStatus, DecisionKind, DrawStatus, Method
from tests.factories import NOON, CouncilFactory, RuleSetFactory, UserFactory


def _recruitment(dong, name):
    body = CouncilFactory(dong=dong, kind=BodyKind.OTHER, name=name, type="")
    return Recruitment.objects.create(
        council=body,
        rule_set=RuleSetFactory(region=dong.parent),
        title=f"{name} 모집",
        seats=5,
        opens_at=NOON,
        closes_at=NOON + timedelta(days=20),
        learning_until=NOON + timedelta(days=40),
        erase_on=date(2030, 1, 1),
    )


def draw_things(dong):
    """One draw in each state, each of a recruitment of its own, and customary ones."""
    actor, things = UserFactory(), {}
    for number, status in enumerate(DrawStatus.values, start=1):
        recruitment = _recruitment(dong, f"추첨단 {number}")
        things["recruitment with a draw"] = recruitment
        voiding = _decision(recruitment, DecisionKind.VOID_FREEZE, actor) if status == DrawStatus.VOIDED else None
        frozen = status not in {DrawStatus.COMPUTED, DrawStatus.DISCARDED}
        things[f"draw {status}"] = Draw.objects.create(
            recruitment=recruitment,
            number=1,
            status=status,
            computed_at=NOON,
            computed_by=actor,
            lottery="{}",
            public="{}" if frozen else "",
            freeze="0" * 64 if frozen else "",
            frozen_at=NOON if frozen else None,
            beacon_at=NOON + timedelta(days=2) if frozen else None,
            voided_at=NOON if voiding else None,
            voided_by=voiding,
        )
    for number, status in enumerate(CustomaryStatus.values, start=1):
        recruitment = _recruitment(dong, f"공 추첨단 {number}")
        voided = status == CustomaryStatus.VOIDED
        things[f"customary draw {status}"] = CustomaryDraw.objects.create(
            recruitment=recruitment,
            method=Method.BALLS,
            status=status,
            rule={},
            pool={},
            started_at=NOON,
            voided_by=_decision(recruitment, DecisionKind.VOID_DRAW, actor) if voided else None,
        )
    return things


def _decision(recruitment, kind, actor):
    return CommitteeDecision.objects.create(
        recruitment=recruitment,
        kind=kind,
        text="의결",
        decided_on=NOON.date(),
        entitled=9,
        present=7,
        in_favour=7,
        recorded_by=actor,
        recorded_at=NOON,
    )
