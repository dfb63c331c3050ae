"""Two officials at one draw at once, on PostgreSQL."""

from functools import partial

import pytest

from core.audit.models import AuditEntry
from councils.models import Draw, DrawResult
from councils.services.beacons import enter_beacon
from councils.services.draws import compute_draw
from councils.services.panels import draw_panel, enter_digit
from councils.states import ApplicationStatus, DrawStatus
from tests.councils.drawing_town import HALL, LOTTO, agreed, digits, frozen, runner
from tests.councils.recruiting import SETTLING, settled
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
