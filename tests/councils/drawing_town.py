"""Draws for tests in each state; everything goes through the services.

draw = computed()                            # the lottery of a settled pool of 24 for 10 seats
frozen(); agreed(draw); digits(draw, "417"); drawn()
"""

from datetime import timedelta

from councils.drawing import Balls, Lotto, next_lotto
from councils.services.beacons import enter_beacon
from councils.services.draws import compute_draw, freeze_draw
from councils.services.panels import draw_panel, enter_digit
from residents.states import Role
from tests.councils.recruiting import SETTLING, settled
from tests.factories import official

FREEZING = SETTLING + timedelta(hours=1)
LOTTO = {"numbers": [3, 7, 12, 24, 33, 41], "bonus": 9}
HALL = FREEZING + timedelta(days=8)


def runner(recruitment, role=Role.DISTRICT_OFFICIAL):
    """An official who may run the draw of this recruitment."""
    dong = recruitment.council.dong
    return official(role, region=dong.parent if role == Role.DISTRICT_OFFICIAL else dong)


def computed(recruitment=None, *, actor=None, **options):
    recruitment = recruitment or settled(**options)
    return compute_draw(recruitment_id=recruitment.pk, actor=actor or runner(recruitment), at=SETTLING)


def frozen(draw=None, *, actor=None, beacon=None, at=FREEZING, **options):
    """By default on the first Lotto draw that the notice allows."""
    draw = draw or computed(actor=actor, **options)
    beacon = beacon or next_lotto(at + timedelta(hours=24))
    return freeze_draw(draw_id=draw.pk, beacon=beacon, actor=actor or draw.computed_by, at=at)


def balls(at=FREEZING + timedelta(hours=25)):
    return Balls(6, at)


def agreed(draw, value=None, *, at=HALL):
    """Two officials read the same."""
    for _number in range(2):
        enter_beacon(draw_id=draw.pk, value=value or LOTTO, actor=runner(draw.recruitment), at=at)
    return draw


def digits(draw, three="417", *, actor=None, at=HALL):
    for place, digit in enumerate(three):
        enter_digit(draw_id=draw.pk, place=place, digit=int(digit), actor=actor or draw.computed_by, at=at)
    return draw


def drawn(draw=None, three="417", *, actor=None, **options):
    """A draw that took place."""
    draw = digits(agreed(draw or frozen(actor=actor, **options)), three, actor=actor)
    draw_panel(draw_id=draw.pk, digits=three, actor=actor or draw.computed_by, at=HALL)
    draw.refresh_from_db()
    return draw


__all__ = ["FREEZING", "HALL", "LOTTO", "Lotto", "agreed", "balls", "computed", "digits", "drawn", "frozen", "runner"]
