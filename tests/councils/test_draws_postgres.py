"""Two officials at one draw at once, on PostgreSQL."""

from functools import partial

import pytest

from core.audit.models import AuditEntry
from councils.models import Draw, DrawResult
from councils.queries.draws import agreed_value
from councils.services.beacons import enter_beacon, take_back_reading
from councils.services.decisions import record_decision
from councils.services.draws import compute_draw, freeze_draw, void_freeze
from councils.services.panels import draw_panel, enter_digit
from councils.states import ApplicationStatus, DecisionKind, DrawStatus, RecruitmentStatus
from tests.councils.drawing_town import FREEZING, HALL, LOTTO, agreed, balls, computed, digits, frozen, runner
from tests.councils.recruiting import SETTLING, decision, settled
from tests.forums.test_registry_postgres import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_officials_draw_at_once_and_there_is_one_result() -> None:
    draw = digits(agreed(frozen()))
    tries = [
        partial(draw_panel, draw_id=draw.pk, digits="417", actor=runner(draw.recruitment), at=HALL)
        for _number in range(3)
    ]
    assert sorted(at_once(*tries), key=str) == [None, "drawn_already", "drawn_already"]
    assert DrawResult.objects.count() == 1
    assert AuditEntry.objects.filter(action="councils.panel_drawn").count() == 1
    assert AuditEntry.objects.filter(action="councils.second_draw_refused").count() == 2
    selected = draw.recruitment.applications.filter(status=ApplicationStatus.SELECTED)
    assert selected.count() == draw.recruitment.seats


def test_a_digit_sent_by_two_at_once_stands_once() -> None:
    draw = agreed(frozen())
    actors = [runner(draw.recruitment) for _number in range(2)]
    at_once(
        *(
            partial(enter_digit, draw_id=draw.pk, place=0, digit=digit, actor=actor, at=HALL)
            for actor, digit in zip(actors, (4, 7), strict=True)
        )
    )
    assert draw.digits.filter(struck_because="").count() == 1


def test_two_readings_at_once_agree_once() -> None:
    draw = frozen()
    readings = (
        partial(enter_beacon, draw_id=draw.pk, value=LOTTO, actor=runner(draw.recruitment), at=HALL)
        for _number in range(2)
    )
    at_once(*readings)
    assert draw.entries.count() == 2
    assert AuditEntry.objects.filter(action="councils.beacon_agreed").count() == 1


def test_a_lottery_computed_twice_at_once_is_kept_once() -> None:
    recruitment = settled()
    compute = partial(compute_draw, recruitment_id=recruitment.pk, actor=runner(recruitment), at=SETTLING)
    at_once(compute, compute)
    assert Draw.objects.filter(status=DrawStatus.COMPUTED).count() == 1


def test_two_freezes_at_once_are_one() -> None:
    draw = computed()
    tries = [
        partial(freeze_draw, draw_id=draw.pk, beacon=balls(), actor=runner(draw.recruitment), at=FREEZING)
        for _number in range(3)
    ]
    outcomes = at_once(*tries)
    assert outcomes.count(None) == 1
    assert len(outcomes) == 3
    assert Draw.objects.filter(status=DrawStatus.FROZEN).count() == 1
    assert AuditEntry.objects.filter(action="councils.draw_frozen").count() == 1


def test_a_freeze_is_drawn_from_or_void_and_never_both() -> None:
    draw = digits(agreed(frozen()))
    voiding = record_decision(
        recruitment_id=draw.recruitment_id,
        kind=DecisionKind.VOID_FREEZE,
        facts=decision(),
        actor=draw.computed_by,
        at=FREEZING,
    )
    outcomes = at_once(
        partial(draw_panel, draw_id=draw.pk, digits="417", actor=runner(draw.recruitment), at=HALL),
        partial(void_freeze, draw_id=draw.pk, decision_id=voiding.pk, actor=runner(draw.recruitment), at=HALL),
    )
    assert outcomes.count(None) == 1
    assert len(outcomes) == 2
    draw = Draw.objects.select_related("recruitment").get(pk=draw.pk)
    was_drawn = draw.status == DrawStatus.DRAWN
    assert DrawResult.objects.exists() is was_drawn
    assert draw.recruitment.status == (RecruitmentStatus.DRAWN if was_drawn else RecruitmentStatus.POOLED)
    assert draw.recruitment.applications.filter(status=ApplicationStatus.SELECTED).exists() is was_drawn


def test_a_reading_is_taken_back_before_another_agrees_or_not_at_all() -> None:
    draw = frozen()
    first, second = (runner(draw.recruitment) for _number in range(2))
    enter_beacon(draw_id=draw.pk, value=LOTTO, actor=first, at=HALL)
    at_once(
        partial(take_back_reading, draw_id=draw.pk, actor=first, at=HALL),
        partial(enter_beacon, draw_id=draw.pk, value=LOTTO, actor=second, at=HALL),
    )
    draw = Draw.objects.get(pk=draw.pk)
    standing = draw.entries.filter(taken_back=False).count()
    assert (agreed_value(draw) is not None) is (standing == 2)
    agreed_once = AuditEntry.objects.filter(action="councils.beacon_agreed").count()
    assert agreed_once == (1 if standing == 2 else 0)
