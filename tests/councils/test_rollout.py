"""Plans of establishment that contradict one another, goals that are reckoned, calls for conversion."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RuleViolation
from councils.models import ConversionCall, Council, RolloutPlan
from councils.queries.rollout import boards
from councils.rollout import (
    DONGS_OF_SEOUL,
    FUND_GOAL,
    STAFF_BY_YEAR,
    STAFF_EACH,
    STAFF_GOAL,
    FundTarget,
    PlannedYear,
    reckon,
    total_by_year,
)
from councils.services.calls import (
    close_call,
    decide_call,
    open_call,
    plan_call,
    record_briefing,
    score_bid,
    submit_bid,
    withdraw_bid,
)
from councils.services.rollout import add_rollout_plan, note_on_plan, write_year
from councils.states import BidStatus, CallStatus, CouncilStatus, CouncilType
from residents.states import Role
from tests.factories import CouncilFactory, DongFactory, MunicipalityFactory, ProvinceFactory, official

TENTATIVE = [
    PlannedYear(year, planned, printed)
    for year, planned, printed in zip(
        range(2017, 2023), (26, 65, 50, 181, 29, 73), (26, 91, 141, 322, 351, 424), strict=True
    )
]
UNIT = [PlannedYear(2018, 91, 91), PlannedYear(2019, 75, 166), PlannedYear(2020, 156, 322), PlannedYear(2021, 102, 424)]
SEOUL = ZoneInfo("Asia/Seoul")


def test_both_plans_of_seoul_reach_424_and_differ_on_the_way() -> None:
    one, other = reckon(TENTATIVE), reckon(UNIT)
    assert one[-1].total == other[-1].total == DONGS_OF_SEOUL
    assert all(year.off == 0 for year in (*one, *other))
    sums = [total_by_year(plan) for plan in (one, other)]
    assert {year: (sums[0][year], total) for year, total in sums[1].items() if sums[0][year] != total} == {
        2019: (141, 166),
        2021: (351, 424),
    }


def test_a_print_that_does_not_add_up_is_named() -> None:
    assert [year.off for year in reckon([PlannedYear(2018, 5, 4), PlannedYear(2019, 1)])] == [-1, None]
    with pytest.raises(ValueError, match="twice"):
        reckon([PlannedYear(2018, 5), PlannedYear(2018, 5)])


def test_goals_of_the_plan_are_reckoned_to_the_won() -> None:
    assert (FUND_GOAL.each, FUND_GOAL.reconciles) == (9_433_962, True)
    assert not FundTarget(4_000_000_000, 326, 9_400_000).reconciles
    assert STAFF_EACH * DONGS_OF_SEOUL == STAFF_GOAL == sum(STAFF_BY_YEAR.values())


@given(st.dictionaries(st.integers(2000, 2030), st.integers(0, 500), min_size=1))
def test_sums_run_through_years_without_an_entry(planned) -> None:
    plan = reckon(PlannedYear(year, number) for year, number in planned.items())
    totals = total_by_year(plan)
    assert list(totals) == list(range(min(planned), max(planned) + 1))
    assert all(totals[year] == sum(n for y, n in planned.items() if y <= year) for year in totals)


# --- the board ---


def plan_of(region, title="잠정", years=TENTATIVE):
    return add_rollout_plan(
        region=region, title=title, place="8쪽", source="기본계획", years=years, actor=None, at=at(2018)
    )


def at(year, month=3, day=20):
    return datetime(year, month, day, 10, tzinfo=SEOUL)


@pytest.mark.django_db
def test_the_board_shows_plans_beside_one_another(client, django_assert_num_queries) -> None:
    page = reverse("councils:rollout")
    assert client.get(page).status_code == 200
    seoul = ProvinceFactory(code="1100000000", name="서울")
    plan_of(seoul)
    plan_of(seoul, "단위사업", UNIT)
    (board,) = boards()
    assert [row.year for row in board.compared if row.differs] == [2019, 2021]
    assert board.compared[0].totals == (26, None)
    with django_assert_num_queries(5):
        text = client.get(page).content.decode()
    assert "9,433,962" in text
    assert "848" in text
    for number in range(6):
        plan_of(MunicipalityFactory(), f"계획 {number}")
    with django_assert_num_queries(5):
        client.get(page)


@pytest.mark.django_db
def test_a_plan_is_recorded_once_and_its_years_are_replaced() -> None:
    region = MunicipalityFactory()
    plan = plan_of(region)
    with pytest.raises(RuleViolation) as no:
        plan_of(region)
    assert no.value.code == "plan_exists"
    write_year(plan_id=plan.pk, year=PlannedYear(2019, 50, 141, actual=44), actor=None, at=at(2020))
    assert plan.years.count() == 6
    assert plan.years.get(year=2019).actual == 44
    assert note_on_plan(plan_id=plan.pk, note=" 두 곳이 다릅니다 ", actor=None, at=at(2020)).note == "두 곳이 다릅니다"
    for wrong in (PlannedYear(1066, 1), PlannedYear(2019, -1), PlannedYear(2019, 99_999)):
        with pytest.raises(RuleViolation):
            write_year(plan_id=plan.pk, year=wrong, actor=None, at=at(2020))
    assert plan.years.count() == 6


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"title": " "}, {"years": [PlannedYear(2018, 1), PlannedYear(2018, 2)]}])
def test_a_plan_needs_its_facts(wrong) -> None:
    with pytest.raises(RuleViolation):
        plan_of(MunicipalityFactory(), **wrong)
    with pytest.raises(RuleViolation):
        plan_of(DongFactory())
    assert not RolloutPlan.objects.exists()


# --- calls ---


def call_of(district, **facts):
    given = {"opens_on": at(2019, 3, 11).date(), "closes_on": at(2019, 4, 12).date(), "to_choose": 2} | facts
    return plan_call(region=district, title="전환 공모", type=CouncilType.SEOGU, **given, actor=None, at=at(2019, 3, 4))


def bid(call, dong, when=None):
    return submit_bid(call_id=call.pk, dong=dong, plan="분과를 꾸립니다.", actor=None, at=when or at(2019, 3, 20))


@pytest.fixture
def district(db):
    return MunicipalityFactory()


@pytest.fixture
def dongs(district):
    return [DongFactory(parent=district) for _number in range(3)]


def opened(district, **facts):
    return open_call(call_id=call_of(district, **facts).pk, actor=None, at=at(2019, 3, 11))


def decide(call, chosen, reason="", when=None):
    day = when or at(2019, 4, 30)
    return decide_call(
        call_id=call.pk, chosen=chosen, reason=reason, decided_on=day.date(), actor=None, at=at(2019, 5, 2)
    )


def test_two_of_three_dongs_are_chosen_and_their_conversion_begins(client, district, dongs) -> None:
    council = CouncilFactory(dong=dongs[0], type=CouncilType.MINISTRY)
    call = opened(district, briefed=11)
    held = at(2019, 3, 13).date()
    record_briefing(call_id=call.pk, dong=dongs[2], held_on=held, people=30, actor=None, at=at(2019, 3, 14))
    with pytest.raises(RuleViolation):
        record_briefing(call_id=call.pk, dong=dongs[2], held_on=held, people=30, actor=None, at=at(2019, 3, 14))
    bids = [bid(call, dong) for dong in dongs]
    with pytest.raises(RuleViolation) as no:
        bid(call, dongs[0])
    assert no.value.code == "bid_already"
    with pytest.raises(RuleViolation) as no:
        close_call(call_id=call.pk, actor=None, at=at(2019, 4, 12))
    assert no.value.code == "too_early"
    close_call(call_id=call.pk, actor=None, at=at(2019, 4, 15))
    assert score_bid(bid_id=bids[0].pk, score=92, actor=None, at=at(2019, 4, 20)).score == 92
    with pytest.raises(RuleViolation):
        score_bid(bid_id=bids[0].pk, score=1001, actor=None, at=at(2019, 4, 20))
    decide(call, [bids[0].pk, bids[1].pk])
    assert list(call.bids.order_by("pk").values_list("status", flat=True)) == ["chosen", "chosen", "not_chosen"]
    council.refresh_from_db()
    assert (council.status, council.type) == (CouncilStatus.CONVERTING, CouncilType.SEOGU)
    assert Council.objects.get(dong=dongs[1]).status == CouncilStatus.CONVERTING
    page = client.get(reverse("councils:call", args=[call.pk]))
    assert page.status_code == 200
    assert "분과를 꾸립니다" not in page.content.decode()
    assert client.get(reverse("councils:rollout")).status_code == 200


def test_no_more_than_the_call_says_and_fewer_with_a_reason(district, dongs) -> None:
    call = opened(district, to_choose=1)
    bids = [bid(call, dong) for dong in dongs]
    close_call(call_id=call.pk, actor=None, at=at(2019, 4, 15))
    for chosen, code in (([bids[0].pk, bids[1].pk], "too_many"), ([], "no_reason"), ([10**6], "unknown_bid")):
        with pytest.raises(RuleViolation) as no:
            decide(call, chosen)
        assert no.value.code == code
    with pytest.raises(RuleViolation):
        decide(call, [bids[0].pk], when=at(2019, 5, 3))
    decided = decide(call, [], "기준에 맞는 동이 없습니다.")
    assert decided.status == CallStatus.DECIDED
    assert set(call.bids.values_list("status", flat=True)) == {BidStatus.NOT_CHOSEN}
    assert not Council.objects.exists()


def test_a_bid_is_withdrawn_and_handed_in_anew(district, dongs) -> None:
    call = opened(district)
    first = bid(call, dongs[0])
    withdraw_bid(bid_id=first.pk, actor=None, at=at(2019, 3, 21))
    assert bid(call, dongs[0]).status == BidStatus.SUBMITTED


def test_only_while_it_is_open_and_of_its_own_dongs(district, dongs) -> None:
    planned = call_of(district)
    with pytest.raises(RuleViolation):
        bid(planned, dongs[0])
    with pytest.raises(RuleViolation):
        open_call(call_id=planned.pk, actor=None, at=at(2019, 3, 10))
    call = opened(district)
    for dong, when in ((DongFactory(), None), (district, None), (dongs[0], at(2019, 4, 13))):
        with pytest.raises(RuleViolation):
            bid(call, dong, when)
    CouncilFactory(dong=dongs[1], type=CouncilType.SEOGU)
    with pytest.raises(RuleViolation):
        bid(call, dongs[1])


def test_a_call_needs_its_facts(district, dongs) -> None:
    for wrong in ({"to_choose": 0}, {"closes_on": at(2019, 3, 10).date()}):
        with pytest.raises(RuleViolation):
            call_of(district, **wrong)
    with pytest.raises(RuleViolation):
        call_of(dongs[0])
    assert not ConversionCall.objects.exists()


def test_what_is_only_planned_is_not_shown(client, district) -> None:
    assert client.get(reverse("councils:call", args=[call_of(district).pk])).status_code == 404


def test_the_district_runs_a_call_at_the_desk(client, district, dongs, settings) -> None:
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    client.force_login(official(Role.DISTRICT_OFFICIAL, district))

    def desk(name, *args):
        return reverse(f"admin:councils_{name}", args=args)

    today = datetime.now(SEOUL).date()
    facts = {
        "region": district.pk,
        "title": "전환 공모",
        "type": "seogu",
        "opens_on": f"{today - timedelta(days=1)}",
        "closes_on": f"{today + timedelta(days=9)}",
        "to_choose": "1",
    }
    assert client.post(desk("conversioncall_add"), facts).status_code == 302
    call = ConversionCall.objects.get()
    briefed = {"dong": dongs[0].pk, "held_on": f"{today}", "people": "12"}
    assert client.post(desk("conversioncall_brief", call.pk), briefed).status_code == 302
    assert client.post(desk("conversioncall_open", call.pk)).status_code == 302
    handed_in = {"dong": dongs[0].pk, "plan": "분과를 꾸립니다."}
    assert client.post(desk("conversioncall_bid", call.pk), handed_in).status_code == 302
    one = call.bids.get()
    for name in ("conversioncall_changelist", "conversionbid_changelist", "rolloutplan_changelist"):
        assert client.get(desk(name)).status_code == 200
    for name, pk in (("conversioncall_change", call.pk), ("conversionbid_change", one.pk)):
        assert client.get(desk(name, pk)).status_code == 200
    assert client.post(desk("conversionbid_withdraw", one.pk)).status_code == 302
    plan = {"region": district.pk, "title": "계획", "place": "3쪽", "source": "자료", "note": ""}
    assert client.post(desk("rolloutplan_add"), plan).status_code == 302
    year = {"year": "2019", "planned": "3", "label": ""}
    made = RolloutPlan.objects.get()
    assert client.post(desk("rolloutplan_year", made.pk), year).status_code == 302
    assert made.years.get().planned == 3
    client.force_login(official(Role.DONG_OFFICIAL, dongs[0]))
    assert client.get(desk("conversioncall_change", call.pk)).status_code == 200
