"""What waits at the desk about assemblies: by when, for whom, and at which cost."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assemblies.models import Assembly, Poll
from assemblies.states import AssemblyStatus, PollStatus
from assemblies.waiting import assembly_work, next_dates, running_polls
from residents.desk.waiting import Urgency
from residents.states import Role
from tests.assemblies.conftest import make_town
from tests.assemblies.desk import signed_in
from tests.factories import (
    AssemblyFactory,
    DongFactory,
    PollFactory,
    RollEntryFactory,
    RuleSetFactory,
    official,
)
from tests.residents.town import residence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


def draft(days_ahead, **fields):
    """An assembly in preparation whose last day to announce is `days_ahead` days from today."""
    rule_set = RuleSetFactory()
    notice = rule_set.for_assemblies().notice_days.value
    held = timezone.now() + timedelta(days=notice + days_ahead)
    return AssemblyFactory(dong=DongFactory(parent=rule_set.region), rule_set=rule_set, held_at=held, **fields)


def of(assembly, part):
    """The entry about assemblies with missing parts, or about those ready to be announced."""
    ready, missing = assembly_work(official(Role.DONG_OFFICIAL, assembly.dong))[-2:]
    return {"ready": ready, "missing": missing}[part]


@pytest.mark.parametrize(
    ("days_ahead", "urgency"),
    [(-1, Urgency.NOW), (0, Urgency.NOW), (1, Urgency.THIS_WEEK), (7, Urgency.THIS_WEEK), (8, Urgency.TO_LOOK_AT)],
)
def test_an_announcement_is_due_by_the_days_of_notice(days_ahead, urgency):
    """Source: rule set, days of notice."""
    line = of(draft(days_ahead), "missing")
    last_day = timezone.localdate(line.deadline - timedelta(seconds=1))
    assert last_day == timezone.localdate() + timedelta(days=days_ahead)
    assert line.urgency == urgency


def test_who_has_all_parts_is_ready_to_be_announced():
    assembly = draft(3)
    PollFactory(assembly=assembly, items=2)
    assert (of(assembly, "ready").count, of(assembly, "missing").count) == (0, 1)
    RollEntryFactory(assembly=assembly)
    assert (of(assembly, "ready").count, of(assembly, "missing").count) == (1, 0)
    assert of(assembly, "ready").url.endswith(f"/assembly/{assembly.pk}/change/")


def test_ready_ones_are_a_list_of_their_own():
    assembly = draft(3)
    other = AssemblyFactory(dong=assembly.dong, rule_set=assembly.rule_set, held_at=assembly.held_at, title="다른 총회")
    lacking = AssemblyFactory(dong=assembly.dong, rule_set=assembly.rule_set, title="덜 된 총회")
    for whole in (assembly, other):
        PollFactory(assembly=whole, items=2)
        RollEntryFactory(assembly=whole)
    url = of(assembly, "ready").url
    assert url.endswith("?parts=ready")
    shown = signed_in(official(Role.DONG_OFFICIAL, assembly.dong)).get(url).content.decode()
    assert other.title in shown
    assert lacking.title not in shown


def test_an_incomplete_rule_set_leaves_the_deadline_open():
    assembly = draft(3)
    assembly.rule_set.rules.filter(name="notice_days").delete()
    line = of(assembly, "missing")
    assert (line.count, line.deadline, line.urgency) == (1, None, Urgency.TO_LOOK_AT)


def test_an_announced_assembly_needs_its_roll_before_voting_opens():
    assembly = draft(30)
    opens = timezone.now() + timedelta(hours=3)
    PollFactory(assembly=assembly, items=2, opens_at=opens, closes_at=opens + timedelta(days=1))
    Assembly.objects.filter(pk=assembly.pk).update(status=AssemblyStatus.ANNOUNCED, announced_at=timezone.now())
    assert of(assembly, "missing").deadline == opens


# --- Going on now -----------------------------------------------------------------------------------------------------


def test_turnout_stands_against_roll_and_quorum(clock):
    town = make_town(voters=20, quorum={"kind": "share_of_roll", "amount": 100})
    clock.now = town.poll.opens_at + timedelta(minutes=1)
    (running,) = running_polls(town.official)
    assert (running.participated, running.eligible, running.required, running.missing) == (0, 20, 2, 2)
    assert running_polls(official(Role.DONG_OFFICIAL, DongFactory())) == []
    assert running_polls(official(Role.CLUB_SECRETARIAT)) == []


def test_a_quorum_that_cannot_be_reckoned_is_none(clock):
    town = make_town(quorum={"kind": "share_of_population", "amount": 1})
    Assembly.objects.update(population=None)
    clock.now = town.poll.opens_at + timedelta(minutes=1)
    assert running_polls(town.official)[0].required == 0
    assert signed_in(town.official).get("/admin/").status_code == 200


def test_the_next_dates_are_those_of_the_region():
    assembly = draft(1)
    Assembly.objects.update(status=AssemblyStatus.ANNOUNCED, announced_at=timezone.now())
    opens = timezone.now() + timedelta(days=2)
    poll = PollFactory(assembly=assembly, items=2, opens_at=opens, closes_at=opens + timedelta(days=1))
    Poll.objects.update(status=PollStatus.SCHEDULED)
    dates = next_dates(official(Role.AUDITOR, assembly.dong.parent))
    assert [one.at for one in dates] == [poll.opens_at, assembly.held_at]
    assert next_dates(official(Role.AUDITOR, DongFactory().parent)) == []


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [2, 30])
@pytest.mark.parametrize(
    ("role", "queries"),
    [(Role.DISTRICT_OFFICIAL, 38), (Role.DONG_OFFICIAL, 34), (Role.COUNCIL_OFFICER, 16), (Role.AUDITOR, 13)],
)
def test_the_first_page_costs_the_same_for_two_and_for_thirty(django_assert_num_queries, many, role, queries):
    rule_set = RuleSetFactory()
    dong = DongFactory(parent=rule_set.region)
    for number in range(many):
        residence(dong, "declared", birth_date=date(1950, 1, 1) + timedelta(days=number))
        AssemblyFactory(dong=dong, rule_set=rule_set)
        RollEntryFactory(assembly=PollFactory(assembly=AssemblyFactory(dong=dong, rule_set=rule_set), items=2).assembly)
        PollFactory(assembly=AssemblyFactory(dong=dong, rule_set=rule_set), items=2, status=PollStatus.OPEN)
    here = dong if role in {Role.DONG_OFFICIAL, Role.COUNCIL_OFFICER} else dong.parent
    desk = signed_in(official(role, here))
    desk.get("/admin/")
    with django_assert_num_queries(queries):
        assert desk.get("/admin/").status_code == 200
