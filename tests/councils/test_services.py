"""The life of a council, and its figures."""

from datetime import date, timedelta

import pytest

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from councils.models import Council
from councils.services import (
    Figures,
    dissolve_council,
    establish_council,
    finish_conversion,
    start_conversion,
    start_first_conversion,
    update_figures,
)
from councils.states import COUNCIL_TRANSITIONS, CouncilStatus, CouncilType
from tests.factories import NOON, CouncilFactory, DongFactory, MunicipalityFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
GEUMHO = Figures(capacity=30, members=29, main_work="마을신문 제작; 주민총회")


def establish(dong=None, **changed):
    given = {"type": CouncilType.MINISTRY, "established_on": date(2016, 3, 1), "figures": GEUMHO}
    return establish_council(**{**given, "dong": dong or DongFactory(), "actor": UserFactory(), "at": NOON, **changed})


def last_entry():
    return AuditEntry.objects.order_by("id").last()


def test_a_council_at_work_stands_in_the_roster():
    council = establish()

    council.refresh_from_db()
    assert (council.status, council.type, council.capacity, council.members) == ("working", "ministry", 30, 29)
    assert council.main_work_items == ["마을신문 제작", "주민총회"]
    assert (last_entry().action, last_entry().scope) == ("councils.council_established", council.dong.path)


def test_a_dong_has_one_council():
    council = establish()

    with pytest.raises(RuleViolation) as no:
        establish(council.dong)

    assert no.value.code == "council_exists"
    assert Council.objects.count() == 1


def test_a_dong_whose_council_was_dissolved_gets_a_new_one():
    old = establish()
    dissolve_council(council_id=old.pk, reason="통합", actor=UserFactory(), at=NOON)

    assert establish(old.dong).pk != old.pk


def test_a_council_belongs_to_a_dong():
    with pytest.raises(RuleViolation):
        establish(MunicipalityFactory())


def test_a_dong_may_convert_before_it_stands_in_the_roster():
    """Sangmu 2-dong and Dongcheon-dong were being converted to the Seo-gu type, without figures."""
    council = start_first_conversion(
        dong=DongFactory(), type=CouncilType.SEOGU, note="2019. 3. 11. ~ 4. 12. 공모", actor=None, at=NOON
    )

    assert (council.status, council.established_on, council.members) == ("converting", None, None)


def test_a_conversion_changes_the_type_and_keeps_the_figures():
    council = establish()

    start_conversion(council_id=council.pk, type=CouncilType.SEOGU, actor=UserFactory(), at=NOON)

    council.refresh_from_db()
    assert (council.type, council.status, council.members) == ("seogu", "converting", 29)
    assert last_entry().details == {"type": "seogu", "before": "ministry"}


def test_a_conversion_to_the_same_type_is_none():
    with pytest.raises(RuleViolation):
        start_conversion(council_id=establish().pk, type=CouncilType.MINISTRY, actor=None, at=NOON)


def test_a_finished_conversion_puts_the_council_to_work():
    council = start_first_conversion(dong=DongFactory(), type=CouncilType.SEOGU, actor=None, at=NOON)

    finish_conversion(council_id=council.pk, established_on=TODAY, figures=Figures(capacity=50), actor=None, at=NOON)

    council.refresh_from_db()
    assert (council.status, council.established_on, council.capacity) == ("working", TODAY, 50)


def test_a_conversion_finished_without_figures_keeps_the_old_ones():
    council = establish()
    start_conversion(council_id=council.pk, type=CouncilType.SEOGU, actor=None, at=NOON)

    assert finish_conversion(council_id=council.pk, established_on=TODAY, actor=None, at=NOON).members == 29


def test_figures_are_updated():
    council = establish()

    update_figures(
        council_id=council.pk,
        figures=Figures(
            capacity=30, members=26, advisers=2, counted_on=TODAY, inferred=True, note="표가 밀려 있습니다."
        ),
        actor=UserFactory(),
        at=NOON,
    )

    council.refresh_from_db()
    assert (council.members, council.advisers, council.counted_on, council.inferred) == (26, 2, TODAY, True)
    assert last_entry().details == {"type": "ministry", "capacity": 30, "members": 26, "advisers": 2}


@pytest.mark.parametrize(
    "wrong",
    [
        Figures(capacity=30, members=31),
        Figures(members=5),
        Figures(capacity=-1),
        Figures(capacity=30, advisers=-1),
        Figures(counted_on=TODAY + timedelta(days=1)),
        Figures(inferred=True),
    ],
)
def test_figures_that_contradict_each_other_change_nothing(wrong):
    council = establish()

    with pytest.raises(RuleViolation):
        update_figures(council_id=council.pk, figures=wrong, actor=UserFactory(), at=NOON)

    council.refresh_from_db()
    assert (council.capacity, council.members) == (30, 29)


def test_a_day_to_come_is_refused():
    with pytest.raises(RuleViolation):
        establish(established_on=TODAY + timedelta(days=1))


def test_dissolving_needs_a_reason():
    with pytest.raises(RuleViolation):
        dissolve_council(council_id=establish().pk, reason=" ", actor=None, at=NOON)


def test_a_reason_is_kept_beside_the_note():
    council = establish(figures=Figures(note="표의 1행"))

    assert dissolve_council(council_id=council.pk, reason="동 통합", actor=None, at=NOON).note == "표의 1행\n동 통합"


STEPS = {
    "convert": lambda pk: start_conversion(council_id=pk, type=CouncilType.SEOUL, actor=None, at=NOON),
    "finish": lambda pk: finish_conversion(council_id=pk, established_on=TODAY, actor=None, at=NOON),
    "dissolve": lambda pk: dissolve_council(council_id=pk, reason="통합", actor=None, at=NOON),
    "figures": lambda pk: update_figures(council_id=pk, figures=GEUMHO, actor=None, at=NOON),
}
ALLOWED = {
    CouncilStatus.CONVERTING: {"finish": "working", "dissolve": "dissolved", "figures": "converting"},
    CouncilStatus.WORKING: {"convert": "converting", "dissolve": "dissolved", "figures": "working"},
    CouncilStatus.DISSOLVED: {},
}


@pytest.mark.parametrize("status", CouncilStatus)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_in_every_state(status, step):
    council = CouncilFactory(status=status)

    if step in ALLOWED[status]:
        assert STEPS[step](council.pk).status == ALLOWED[status][step]
    else:
        with pytest.raises(RuleViolation) as no:
            STEPS[step](council.pk)
        assert no.value.code == "wrong_state"
        council.refresh_from_db()
        assert council.status == status


def test_every_state_has_its_transitions():
    assert set(COUNCIL_TRANSITIONS) == set(CouncilStatus)
