"""A small town of today for tests that write: a dong, its official, residents, an assembly with two open polls."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from assemblies.models import Assembly, Poll
from assemblies.services import (
    add_agenda_item,
    announce_assembly,
    build_roll,
    create_assembly,
    create_poll,
    open_poll,
    schedule_poll,
)
from assemblies.states import AssemblyKind, Category, PollKind
from residents.models import Region, User
from residents.states import PopulationSource, Role
from tests.factories import DongFactory, MunicipalityFactory, ProvinceFactory, RuleSetFactory, official, resident

PASSWORD = "correct-horse-battery"
ITEMS = (
    (
        "초등학교 앞 불법 주정차 막기",
        "아이들이 차에 가려지지 않고 길을 건널 수 있습니다.",
        Category.PARKING,
        18_000_000,
    ),
    ("골목 쉼터 만들기", "걷다가 쉴 자리가 생깁니다.", Category.FACILITIES, 26_000_000),
    ("은행나무 열매 냄새 없는 거리", "가을에 나는 냄새가 사라집니다.", Category.HYGIENE, 12_000_000),
    ("밤길 바닥 조명", "늦게 돌아오는 길이 밝아집니다.", Category.SAFETY, None),
    ("토요일 골목 음악회", "이웃이 한 달에 한 번 같은 자리에 모입니다.", Category.CULTURE, 8_000_000),
)
AGREEMENT = ("주차장 나눠 쓰기 협약", "낮에는 상가가, 밤에는 주민이 빈자리를 씁니다.", Category.PARKING, None)


@dataclass
class Town:
    """Everything a journey needs: `choose` takes up to three of five items, `answer` asks for or against one."""

    dong: Region
    official: User
    residents: list[User]
    assembly: Assembly
    choose: Poll
    answer: Poll


def make_dong() -> Region:
    """광주광역시 서구 금호1동 with rules that an assembly can stand on."""
    gwangju = ProvinceFactory(code="2900000000", name="광주광역시", kind="광역시")
    seogu = MunicipalityFactory(code="2914000000", name="서구", kind="자치구", parent=gwangju)
    dong = DongFactory(
        code="2914082100",
        name="금호1동",
        parent=seogu,
        population=19_000,
        population_on=date(2026, 1, 1),
        population_source=PopulationSource.DEMO,
    )
    RuleSetFactory(
        region=seogu, title="서구 주민총회 규칙", version="2026", rules__quorum={"kind": "share_of_roll", "amount": 10}
    )
    return dong


def make_town() -> Town:
    now = timezone.now()
    dong = make_dong()
    runner = official(Role.DONG_OFFICIAL, dong)
    names = ("김봄이", "박가람", "최단오", "이새암", "정나루")
    people = [
        resident(dong, name=name, email=f"resident{number}@example.org") for number, name in enumerate(names, start=1)
    ]
    announced = now - timedelta(days=20)
    assembly = create_assembly(
        dong=dong,
        kind=AssemblyKind.RESIDENTS,
        title="금호1동 주민총회",
        purpose="내년에 우리 동에서 먼저 할 사업을 주민이 정합니다.",
        rule_set=dong.parent.rule_sets.get(),
        held_at=now + timedelta(days=9),
        place="금호1동 행정복지센터 대회의실",
        actor=runner,
        at=announced,
    )
    items = [
        add_agenda_item(
            assembly_id=assembly.pk,
            number=number,
            title=title,
            gain=gain,
            category=category,
            cost=cost,
            proposer="주민자치회",
            actor=runner,
            at=announced,
        )
        for number, (title, gain, category, cost) in enumerate((*ITEMS, AGREEMENT), start=1)
    ]
    dates = {"opens_at": now - timedelta(hours=2), "closes_at": now + timedelta(days=9), "actor": runner}
    choose = create_poll(
        assembly_id=assembly.pk,
        title="내년 사업 우선순위 투표",
        question="내년에 먼저 했으면 하는 사업을 3가지까지 골라 주세요.",
        kind=PollKind.CHOOSE,
        max_choices=3,
        adopted_count=3,
        items=[item.pk for item in items[:-1]],
        at=announced,
        **dates,
    )
    answer = create_poll(
        assembly_id=assembly.pk,
        title="협약 찬반 투표",
        question="협약에 찬성하시는지 알려 주세요.",
        kind=PollKind.FOR_AGAINST,
        items=[items[-1].pk],
        at=announced,
        **dates,
    )
    announce_assembly(assembly_id=assembly.pk, actor=runner, at=announced)
    build_roll(assembly_id=assembly.pk, actor=runner, at=announced)
    for poll in (choose, answer):
        schedule_poll(poll_id=poll.pk, actor=runner, at=announced)
        open_poll(poll_id=poll.pk, actor=runner, at=now - timedelta(hours=2))
        poll.refresh_from_db()
    assembly.refresh_from_db()
    return Town(dong, runner, people, assembly, choose, answer)
