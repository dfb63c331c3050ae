"""A town to measure: a long agenda under vote, a published result as long, and other assemblies around them."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assemblies.models import AgendaItem, Assembly, OptionResult, Poll, PollOption, PollResult
from assemblies.services import (
    announce_assembly,
    build_roll,
    cast_ballot,
    close_poll,
    count_poll,
    open_poll,
    publish_poll,
    schedule_poll,
)
from assemblies.states import AssemblyStatus, Category, PollKind, PollStatus, TieRule
from ordinances.models import Rule, RuleKind, RuleSet
from residents.models import Region, Residence, ResidentProfile, User
from residents.states import Basis, RegionLevel, ResidenceStatus

DONGS = 10
OTHERS_OPEN = 5
OTHER_ITEMS = 3
RULES = {
    "voting_age": 16,
    "age_reference": "notice",
    "resident_bases": ["registered", "working", "studying"],
    "quorum": {"kind": "share_of_roll", "amount": 10},
    "notice_days": 14,
    "tie_rule": "shared_rank",
}
TITLE = "학교 앞 불법 주차를 막는 안전한 통학로 만들기"
GAIN = "아이들이 차 사이로 걷지 않고 학교에 갈 수 있습니다."
DESCRIPTION = (
    "등하교 시간에 학교 앞 도로 양쪽에 세워 둔 차 때문에 아이들이 차도로 걷습니다. 주차를 막는 시설을 세우고 "
    "표지판을 달며, 학부모와 통장이 함께 아침마다 안내합니다.\n\n한 해 뒤에 사고 건수와 불편 신고를 다시 셉니다."
)


@dataclass(frozen=True, slots=True)
class Town:
    """Addresses of the pages, and the session of somebody who may vote and has not."""

    pages: dict[str, str]
    session: str


def build(*, voters: int, items: int, others: int) -> Town:
    """Fill an empty database; `items` on each of two agendas, `voters` on each of two rolls, `others` around them."""
    now = timezone.now().replace(microsecond=0)
    province = Region.objects.create(code="29", level=RegionLevel.PROVINCE, kind="광역시", name="광주광역시")
    district = Region.objects.create(
        code="29140", parent=province, level=RegionLevel.MUNICIPALITY, kind="자치구", name="서구", name_en="Seo-gu"
    )
    dongs = [
        Region.objects.create(
            code=f"29140{number:03}", parent=district, level=RegionLevel.DONG, kind="행정동", name=f"마당{number}동"
        )
        for number in range(1, DONGS + 1)
    ]
    rule_set = _rule_set(district)
    people = _people(dongs[0], voters, now)
    polls = [_poll(dongs[0], rule_set, items, now, closes) for closes in (timedelta(days=-20), timedelta(days=5))]
    _publish(polls[0], people)
    open_poll(poll_id=polls[1].pk, actor=None, at=polls[1].opens_at)
    _others(dongs[1:], rule_set, others, now)
    client = Client()
    client.force_login(people[0], backend="residents.backends.EmailBackend")
    return Town(
        pages={
            "home": reverse("portal:home"),
            "assembly": polls[1].assembly.get_absolute_url(),
            "ballot": reverse("assemblies:ballot", args=[polls[1].pk]),
            "result": polls[0].get_absolute_url(),
        },
        session=client.cookies["sessionid"].value,
    )


def _rule_set(district: Region) -> RuleSet:
    rule_set = RuleSet.objects.create(
        region=district,
        kind=RuleKind.DEMO,
        title="주민총회 운영 조례",
        version="1",
        source="-",
        valid_from=date(2015, 1, 1),
    )
    Rule.objects.bulk_create(
        Rule(rule_set=rule_set, name=name, value=value, article="-") for name, value in RULES.items()
    )
    return rule_set


def _people(dong: Region, number: int, now: datetime) -> list[User]:
    """Verified residents. Nobody of them has a password: hashing so many would take longer than measuring."""
    people = User.objects.bulk_create(
        User(email=f"person{index}@example.org", name=f"주민{index}", password=make_password(None))
        for index in range(number)
    )
    ResidentProfile.objects.bulk_create(
        ResidentProfile(user=user, birth_date=date(1970, 1, 1), name_key=user.name) for user in people
    )
    Residence.objects.bulk_create(
        Residence(
            user=user,
            dong=dong,
            basis=Basis.REGISTERED,
            status=ResidenceStatus.VERIFIED,
            declared_at=now,
            checked_at=now,
            checked_by=people[0],
        )
        for user in people
    )
    return people


def _items(assembly: Assembly, number: int) -> list[AgendaItem]:
    categories = Category.values
    return [
        AgendaItem(
            assembly=assembly,
            number=index,
            title=f"{TITLE} {index}",
            gain=GAIN,
            description=DESCRIPTION,
            category=categories[index % len(categories)],
            proposer="주민자치회 교통 분과",
            place=f"{assembly.dong.name} {index}통",
            cost=index * 1_500_000,
            opinion="담당 부서는 추진할 수 있다고 답했습니다.",
        )
        for index in range(1, number + 1)
    ]


def _poll(dong: Region, rule_set: RuleSet, items: int, now: datetime, closes: timedelta) -> Poll:
    """An announced poll of an announced assembly, with its roll, that closes so long after now."""
    closes_at = now + closes
    before = closes_at - timedelta(days=30)
    assembly = Assembly.objects.create(
        dong=dong,
        title=f"{closes_at:%Y}년 {dong.name} 주민총회",
        purpose="내년 마을 사업의 순서를 정합니다.",
        description=DESCRIPTION,
        rule_set=rule_set,
        held_at=closes_at + timedelta(days=1),
        place=f"{dong.name} 행정복지센터",
        population=20_000,
        population_on=before.date(),
    )
    agenda = AgendaItem.objects.bulk_create(_items(assembly, items))
    poll = Poll.objects.create(
        assembly=assembly,
        title="사업 우선순위 투표",
        question="먼저 했으면 하는 사업을 골라 주세요.",
        kind=PollKind.CHOOSE,
        max_choices=max(1, items // 6),
        adopted_count=max(1, items // 6),
        tie_rule=TieRule.SHARED_RANK,
        opens_at=closes_at - timedelta(days=10),
        closes_at=closes_at,
    )
    PollOption.objects.bulk_create(PollOption(poll=poll, item=item, position=item.number) for item in agenda)
    announce_assembly(assembly_id=assembly.pk, actor=None, at=before)
    build_roll(assembly_id=assembly.pk, actor=None, at=before)
    schedule_poll(poll_id=poll.pk, actor=None, at=before)
    return poll


def _publish(poll: Poll, people: list[User]) -> None:
    """Half of the roll votes, each in its own way; then the box is closed, counted and the result published."""
    open_poll(poll_id=poll.pk, actor=None, at=poll.opens_at)
    options = list(poll.options.values_list("pk", flat=True))
    for index, voter in enumerate(people[: max(1, len(people) // 2)]):
        chosen = [options[(index * index + step) % len(options)] for step in range(poll.max_choices or 1)]
        cast_ballot(poll_id=poll.pk, voter=voter, choices=chosen, submission=uuid.uuid4(), at=poll.opens_at)
    close_poll(poll_id=poll.pk, actor=None, at=poll.closes_at)
    count_poll(poll_id=poll.pk, actor=None, at=poll.closes_at)
    publish_poll(poll_id=poll.pk, actor=None, at=poll.closes_at)


def _others(dongs: list[Region], rule_set: RuleSet, number: int, now: datetime) -> None:
    """Other assemblies: a few with open polls, the rest with published results."""
    for index in range(number):
        is_open = index < OTHERS_OPEN
        closes_at = now + timedelta(days=index + 1) if is_open else now - timedelta(days=40 + index)
        dong = dongs[index % len(dongs)]
        assembly = Assembly.objects.create(
            dong=dong,
            title=f"{closes_at:%Y}년 {dong.name} 주민총회 {index}",
            purpose="내년 마을 사업의 순서를 정합니다.",
            rule_set=rule_set,
            status=AssemblyStatus.ANNOUNCED if is_open else AssemblyStatus.CONCLUDED,
            announced_at=closes_at - timedelta(days=30),
            held_at=closes_at + timedelta(days=1),
            place=f"{dong.name} 행정복지센터",
        )
        poll = Poll.objects.create(
            assembly=assembly,
            title="사업 우선순위 투표",
            question="먼저 했으면 하는 사업을 골라 주세요.",
            kind=PollKind.CHOOSE,
            max_choices=1,
            adopted_count=1,
            tie_rule=TieRule.SHARED_RANK,
            opens_at=closes_at - timedelta(days=10),
            closes_at=closes_at,
            status=PollStatus.OPEN if is_open else PollStatus.PUBLISHED,
            opened_at=closes_at - timedelta(days=10),
            published_at=None if is_open else closes_at,
        )
        agenda = AgendaItem.objects.bulk_create(_items(assembly, OTHER_ITEMS))
        options = PollOption.objects.bulk_create(
            PollOption(poll=poll, item=item, position=item.number) for item in agenda
        )
        if not is_open:
            _counted(poll, options)


def _counted(poll: Poll, options: list[PollOption]) -> None:
    result = PollResult.objects.create(
        poll=poll, counted_at=poll.closes_at, on_roll=300, participated=90, ballots=90, invalid=0, quorum_required=30
    )
    OptionResult.objects.bulk_create(
        OptionResult(result=result, option=option, votes=60 // rank, rank=rank, adopted=rank == 1)
        for rank, option in enumerate(options, start=1)
    )
