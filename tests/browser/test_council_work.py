"""A council at work on a phone: matters, programmes, fund, roll-out; a resident enrols with and without script."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from councils.fund import Income, Spending
from councils.models import Enrolment
from councils.services.calls import open_call, plan_call, record_briefing, submit_bid
from councils.services.fund import carry_in, record_income, record_spending, settle_fund
from councils.services.programmes import enrol, move_programme, plan_programme
from councils.services.rollout import add_rollout_plan
from councils.services.staff import add_support_staff
from councils.services.work import add_work, draft_agreement, move_work, sign_agreement
from councils.states import CouncilType, ProgrammeStatus, WorkKind, WorkStatus
from tests.browser.inspection import inspect
from tests.councils.test_rollout import TENTATIVE, UNIT
from tests.factories import CouncilFactory, DongFactory, ProvinceFactory, official, resident

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_second_factor")]


@pytest.fixture
def now(transactional_db):
    return timezone.now()


@pytest.fixture
def council(now):
    return CouncilFactory()


@pytest.fixture
def programme(council, now):
    day = timezone.localdate(now)
    facts = {
        "title": "어르신 스마트폰 교실",
        "about": "처음 오시는 분도 편하게 배울 수 있습니다.",
        "teacher": "서보라",
        "place": "자치회관 1강의실",
        "times": "매주 화요일 10:00~12:00",
        "starts_on": day,
        "ends_on": day + timedelta(days=70),
        "fee": 30_000,
        "places": 1,
    }
    made = plan_programme(council_id=council.pk, facts=facts, actor=None, at=now)
    enrol_one = {"programme_id": made.pk, "user": None, "name": "김다솜", "phone": "", "actor": None, "at": now}
    move_programme(programme_id=made.pk, status=ProgrammeStatus.OPEN, actor=None, at=now)
    enrol(**enrol_one)
    return made


@pytest.fixture
def work(council, now):
    day = timezone.localdate(now)
    agreement = draft_agreement(
        council_id=council.pk,
        facts={
            "title": "자치회관 운영 위·수탁 협약",
            "subject": "강좌 운영과 대관",
            "starts_on": day,
            "ends_on": day + timedelta(days=365),
            "amount": 18_000_000,
        },
        actor=None,
        at=now,
    )
    sign_agreement(agreement_id=agreement.pk, signed_on=day, document_number="1", actor=None, at=now)
    for kind, title, more in (
        (WorkKind.OWN, "상무2동 마을신문", {}),
        (WorkKind.CONSULTED, "쌍촌근린공원 정비 의견", {"opinion": "걷는 길을 먼저 고치기를 바랍니다."}),
        (WorkKind.ENTRUSTED, "자치회관 운영", {"agreement": agreement}),
    ):
        facts = {"kind": kind, "title": title, "starts_on": day, **more}
        item = add_work(council_id=council.pk, facts=facts, actor=None, at=now)
        move_work(work_id=item.pk, status=WorkStatus.UNDER_WAY, actor=None, at=now)
    return agreement


@pytest.fixture
def fund(council, now):
    last = now.year - 1
    carry_in(council_id=council.pk, amount=1_240_000, occurred_on=date(last, 1, 2), actor=None, at=now)
    for account, amount in (
        (Income.DUES, 600_000),
        (Income.COURSES, 2_160_000),
        (Spending.COURSES, 1_500_000),
        (Spending.PROJECTS, 830_000),
    ):
        facts = {"council_id": council.pk, "amount": amount, "occurred_on": date(last, 5, 1), "text": "시연"}
        if isinstance(account, Income):
            record_income(source=account, **facts, actor=None, at=now)
        else:
            record_spending(purpose=account, **facts, actor=None, at=now)
    actor = official(region=council.dong.parent)
    day = date(last + 1, 1, 1)
    settle_fund(council_id=council.pk, year=last, note="맞습니다.", settled_on=day, actor=actor, at=now)
    facts = {"amount": 620_000, "occurred_on": timezone.localdate(now), "text": "회비"}
    record_income(council_id=council.pk, source=Income.DUES, **facts, actor=None, at=now)


@pytest.fixture
def call(council, now):
    seoul = ProvinceFactory(code="1100000000", name="서울")
    for title, years in (("주민자치회 연차별 설치(잠정)", TENTATIVE), ("주민자치회 설치(단위사업)", UNIT)):
        facts = {"title": title, "place": "연차별 전환 계획 표", "source": "기본계획(2018. 3.)", "years": years}
        add_rollout_plan(region=seoul, **facts, actor=None, at=now)
    day, district = timezone.localdate(now), council.dong.parent
    made = plan_call(
        region=district,
        title="서구형 주민자치회 전환 공모",
        type=CouncilType.SEOGU,
        opens_on=day,
        closes_on=day + timedelta(days=30),
        to_choose=2,
        briefed=11,
        actor=None,
        at=now,
    )
    dong = DongFactory(parent=district)
    record_briefing(call_id=made.pk, dong=dong, held_on=day, people=20, actor=None, at=now)
    open_call(call_id=made.pk, actor=None, at=now)
    submit_bid(call_id=made.pk, dong=dong, plan="분과를 꾸립니다.", actor=None, at=now)
    add_support_staff(region=district, name="권이음", since=day, actor=None, at=now)
    return made


@pytest.mark.usefixtures("work", "fund")
def test_everybody_reads_about_a_council_at_work(visit, council, programme, call):
    page, found = visit(), {}
    for address in (
        f"/councils/{council.pk}/",
        f"/councils/{council.pk}/work/",
        f"/councils/{council.pk}/programmes/",
        f"/councils/{council.pk}/fund/",
        f"/councils/{council.pk}/fund/?year={timezone.now().year - 1}",
        f"/programmes/{programme.pk}/",
        f"/councils/calls/{call.pk}/",
        "/councils/rollout/",
        "/councils/",
    ):
        page.goto(address)
        if wrong := inspect(page):
            found[address] = wrong
    assert found == {}


@pytest.mark.parametrize("script", [True, False])
def test_a_resident_enrols_waits_and_cancels(visit, listener, council, programme, script):
    page = visit(user=resident(council.dong), java_script_enabled=script)
    page.goto(f"/councils/{council.pk}/programmes/")
    page.locator(".programme h2 a").click()
    page.locator("main a.button--primary").click()
    if script:
        assert inspect(page) == []
    listener.allowed.add(400)
    page.locator("main input[type=tel]").fill("12")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#form-errors")).to_be_visible()
    page.locator("main input[type=tel]").fill("010-1234-5678")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#own")).to_be_visible()
    assert Enrolment.objects.filter(user__isnull=False).get().status == "waiting"
    if script:
        assert inspect(page) == []
    page.locator("main section form button[type=submit]").click()
    expect(page.locator(".notice--success")).to_be_visible()
    assert Enrolment.objects.filter(user__isnull=False).get().status == "cancelled"


@pytest.mark.usefixtures("fund")
def test_the_desk_of_a_council_at_work_on_a_tablet(visit, council, programme, work, call):
    page = visit(user=official(region=council.dong.parent), size=(768, 1024))
    made = ("workitem", "agreement", "programme", "conversioncall", "rolloutplan", "supportstaff")
    lists = (*made, "enrolment", "fundsettlement", "conversionbid")
    addresses = [
        *(reverse(f"admin:councils_{name}_changelist") for name in lists),
        *(reverse(f"admin:councils_{name}_add") for name in made),
        *(reverse(f"admin:councils_council_fund-{name}", args=[council.pk]) for name in ("income", "take-back")),
        reverse("admin:councils_agreement_change", args=[work.pk]),
        reverse("admin:councils_programme_enrol", args=[programme.pk]),
        reverse("admin:councils_conversioncall_bid", args=[call.pk]),
    ]
    found = {}
    for address in addresses:
        page.goto(address)
        if wrong := inspect(page, size=(768, 1024)):
            found[address] = wrong
    assert found == {}
