"""Assemblies around the day of loading: one open in 금호1동, and one in every other state, in other dongs.

The topics of the open one are those of the source; costs, opinions and all votes are invented for the demo.
"""

from datetime import datetime, timedelta

from assemblies.states import Category, Channel, PollKind
from demo.accounts import GEUMHO
from demo.agenda import PLAN, PROJECTS
from demo.plans import AssemblyPlan, Item, PollPlan, Stage, signed

GWANGCHEON = "2914073000"
NONGSEONG2 = "2914066000"
PUNGAM = "2914083000"
SEOCHANG = "2914080000"
YANG = "2914057500"
YANG3 = "2914059000"
RESIDENTS_RULES = "demo-seogu-assembly"
EARLIER_RULES = "demo-residents-2018"
INVENTED = "시연을 위해 지어낸 주민총회입니다. 사람과 득표수, 금액은 실제와 관계가 없습니다."
CHOOSE_QUESTION = "내년에 먼저 했으면 하는 사업을 {count}가지까지 골라 주세요."


def _clock(now: datetime, days: int, hour: int, minute: int = 0) -> datetime:
    return (now + timedelta(days=days)).replace(hour=hour, minute=minute, second=0, microsecond=0)


def _spring(now: datetime) -> datetime:
    """The last 16 May that is at least a month ago, 14:00."""
    this_year = now.replace(month=5, day=16, hour=14, minute=0, second=0, microsecond=0)
    return this_year if now - this_year > timedelta(days=30) else this_year.replace(year=now.year - 1)


def open_assembly(now: datetime) -> AssemblyPlan:
    """금호1동 votes: choose up to three of eight projects, and for or against the plan. Closes in nine days."""
    held_at = _clock(now, 9, 14)
    opens_at, closes_at = _clock(now, -5, 9), held_at + timedelta(hours=2)
    return AssemblyPlan(
        key="geumho-open",
        dong=GEUMHO,
        title=f"{now.year} 금호1동 주민총회",
        purpose="내년에 우리 동에서 먼저 할 사업과 내년 자치계획을 주민이 정합니다.",
        description=f"학교총회와 분과위원회에서 나온 의제를 모았습니다. {INVENTED}",
        rules=RESIDENTS_RULES,
        held_at=held_at,
        place="금호1동 행정복지센터 대회의실",
        stage=Stage.OPEN,
        items=PROJECTS + PLAN,
        polls=(
            PollPlan(
                title="내년 사업 우선순위 투표",
                question=CHOOSE_QUESTION.format(count=3),
                kind=PollKind.CHOOSE,
                items=tuple(range(1, len(PROJECTS) + 1)),
                max_choices=3,
                adopted=3,
                opens_at=opens_at,
                closes_at=closes_at,
                voters=228,
            ),
            PollPlan(
                title="자치계획과 협약 찬반 투표",
                question="두 안건에 각각 찬성하시는지 알려 주세요.",
                kind=PollKind.FOR_AGAINST,
                items=(9, 10),
                opens_at=opens_at,
                closes_at=closes_at,
                voters=197,
            ),
        ),
        references=signed("현장 접수", 96),
        reference_channel=Channel.BOOTH,
        notice=timedelta(days=30),
    )


def other_assemblies(now: datetime) -> list[AssemblyPlan]:
    """One for every other state."""
    return [
        _published(now),
        _missed_quorum(now),
        _objected(now),
        _counted(now),
        _closed(now),
        _scheduled(now),
        _drafted(now),
    ]


def _choose(  # noqa: PLR0913 - a poll has this many facts
    count: int,
    most: int,
    *,
    opens_at: datetime,
    closes_at: datetime,
    voters: int,
    adopted: int | None = None,
    votes: tuple[int, ...] | None = None,
) -> PollPlan:
    """A poll on items 1 to `count`, of which up to `most` may be chosen."""
    return PollPlan(
        title="사업 우선순위 투표",
        question=CHOOSE_QUESTION.format(count=most),
        kind=PollKind.CHOOSE,
        items=tuple(range(1, count + 1)),
        max_choices=most,
        adopted=adopted,
        opens_at=opens_at,
        closes_at=closes_at,
        voters=voters,
        votes=votes,
    )


SPRING_ITEMS = (
    Item(
        "횡단보도 그늘막 세 곳",
        "여름에도 그늘에서 신호를 기다립니다.",
        Category.FACILITIES,
        "금호1동 노인회",
        38,
        "햇볕이 강한 횡단보도 세 곳에 접이식 그늘막을 세웁니다.",
        "금호1동 행정복지센터 앞 등 횡단보도 세 곳",
        10_500_000,
        "도로 담당: 추진할 수 있습니다. 전깃줄이 지나는 한 곳은 자리를 조금 옮깁니다.",
    ),
    Item(
        "경로당 가는 길 손잡이",
        "비탈길을 손잡이를 잡고 오르내립니다.",
        Category.SAFETY,
        "주민자치회 복지 분과",
        33,
        "경로당으로 올라가는 비탈길 두 곳에 손잡이와 미끄럼을 막는 바닥을 설치합니다.",
        "경로당 앞 비탈길 두 곳",
        8_200_000,
        "안전 담당: 추진할 수 있습니다.",
    ),
    Item(
        "여름밤 마을 영화",
        "이웃이 돗자리를 펴고 함께 영화를 봅니다.",
        Category.CULTURE,
        "마을 영화 모임",
        25,
        "7월과 8월에 두 번씩 근린공원에서 영화를 틉니다.",
        "근린공원 앞마당",
        4_600_000,
        "문화 담당: 추진할 수 있습니다. 밤 9시 30분 전에 마칩니다.",
    ),
    Item(
        "골목 화분 나누기",
        "집집마다 화분을 하나씩 내놓아 골목이 밝아집니다.",
        Category.ENVIRONMENT,
        "골목 가꾸기 모임",
        17,
        "봄꽃 화분 300개를 나누고, 물 주는 당번을 정합니다.",
        "금호1동 전체",
        3_000_000,
        "녹지 담당: 추진할 수 있습니다.",
    ),
)


def spring_assembly(now: datetime) -> AssemblyPlan:
    """What 금호1동 decided in spring, before its residents of today had accounts here.

    So that the page of the dong shows a year with decisions and their money.
    """
    held_at = _spring(now) - timedelta(days=7)
    return AssemblyPlan(
        key="geumho-spring",
        dong=GEUMHO,
        title=f"{held_at.year} 금호1동 봄 주민총회",
        purpose="여름이 오기 전에 할 작은 마을 사업을 정합니다.",
        description=INVENTED,
        rules=EARLIER_RULES,
        held_at=held_at,
        place="금호1동 행정복지센터 앞마당",
        stage=Stage.CONCLUDED,
        items=SPRING_ITEMS,
        polls=(
            _choose(
                4,
                2,
                opens_at=held_at - timedelta(days=6, hours=5),
                closes_at=held_at + timedelta(hours=2),
                voters=236,
                adopted=3,
                votes=(151, 122, 93, 52),
            ),
        ),
        references=signed("봄 선거인", 402),
    )


def _published(now: datetime) -> AssemblyPlan:
    held_at = _spring(now)
    return AssemblyPlan(
        key="gwangcheon-spring",
        dong=GWANGCHEON,
        title=f"{held_at.year} 광천동 봄 주민총회",
        purpose="하반기에 할 마을 사업의 순서를 정합니다.",
        description=f"두 의제의 표가 같아 한 자리를 정하지 못한 주민총회의 본보기입니다. {INVENTED}",
        rules=EARLIER_RULES,
        held_at=held_at,
        place="광천동 행정복지센터 마당",
        stage=Stage.CONCLUDED,
        items=(
            Item(
                "하천 산책길 의자 놓기",
                "걷다가 쉴 자리가 생깁니다.",
                Category.FACILITIES,
                "광천동 산책 모임",
                30,
                cost=7_500_000,
                place="하천 산책길",
            ),
            Item(
                "재활용 정거장 새로 꾸미기",
                "분리배출이 쉬워지고 골목이 깨끗해집니다.",
                Category.ENVIRONMENT,
                "주민자치회 환경 분과",
                24,
                cost=9_000_000,
                place="정거장 여섯 곳",
            ),
            Item(
                "나눔 공구함",
                "자주 쓰지 않는 공구를 함께 씁니다.",
                Category.CULTURE,
                "아파트 대표 모임",
                14,
                cost=3_200_000,
                place="광천동 행정복지센터",
            ),
            Item(
                "어린이 보호구역 과속 알림판",
                "차가 천천히 지나갑니다.",
                Category.SAFETY,
                "학부모회",
                30,
                cost=11_000_000,
                place="초등학교 앞",
            ),
        ),
        polls=(
            _choose(
                4,
                2,
                opens_at=held_at - timedelta(days=7, hours=5),
                closes_at=held_at + timedelta(hours=2),
                voters=104,
                adopted=2,
                # Two items share the second place, and two are to be adopted.
                votes=(62, 47, 24, 47),
            ),
        ),
        references=signed("선거인", 263),
    )


def _missed_quorum(now: datetime) -> AssemblyPlan:
    held_at = _clock(now, -200, 15)
    return AssemblyPlan(
        key="seochang-past",
        dong=SEOCHANG,
        title=f"{held_at.year} 서창동 주민총회",
        purpose="마을 기금을 어디에 먼저 쓸지 정합니다.",
        description=f"성원이 되지 않아 아무것도 정하지 못한 주민총회의 본보기입니다. {INVENTED}",
        rules=EARLIER_RULES,
        held_at=held_at,
        place="서창동 마을회관",
        stage=Stage.CONCLUDED,
        items=(
            Item("들녘 길 가로등", "밤에 걷는 길이 밝아집니다.", Category.SAFETY, "마을 청년회", 40, cost=12_000_000),
            Item("마을 잔치", "이웃이 한자리에 모입니다.", Category.CULTURE, "부녀회", 30, cost=5_000_000),
            Item("농기계 함께 쓰기", "비싼 기계를 나눠 씁니다.", Category.OTHER, "작목반", 30, cost=15_000_000),
        ),
        polls=(
            _choose(
                3, 1, opens_at=held_at - timedelta(days=3), closes_at=held_at + timedelta(hours=2), voters=41, adopted=1
            ),
        ),
        references=signed("선거인", 187),
    )


def _objected(now: datetime) -> AssemblyPlan:
    held_at = _clock(now, -24, 10)
    return AssemblyPlan(
        key="yang-objected",
        dong=YANG,
        title=f"{held_at.year} 양동 주민총회",
        purpose="시장 둘레에서 내년에 먼저 할 일을 정합니다.",
        description=f"결과가 나온 뒤 이의신청이 들어온 주민총회의 본보기입니다. {INVENTED}",
        rules=RESIDENTS_RULES,
        held_at=held_at,
        place="양동 행정복지센터",
        stage=Stage.CONCLUDED,
        items=(
            Item(
                "시장 골목 빗물받이 고치기",
                "비가 와도 골목이 잠기지 않습니다.",
                Category.SAFETY,
                "상인회",
                34,
                cost=14_000_000,
            ),
            Item(
                "장보기 짐 나르기",
                "어르신이 무거운 짐을 들지 않습니다.",
                Category.WELFARE,
                "청년 상인 모임",
                33,
                cost=6_000_000,
            ),
            Item(
                "골목 벽 밝게 칠하기", "어두운 골목이 밝아집니다.", Category.CULTURE, "벽화 동아리", 20, cost=3_500_000
            ),
        ),
        polls=(
            _choose(
                3, 1, opens_at=held_at - timedelta(days=4), closes_at=held_at + timedelta(hours=2), voters=57, adopted=1
            ),
        ),
        references=signed("선거인", 158),
        under_objection=True,
    )


def _counted(now: datetime) -> AssemblyPlan:
    """Held and counted yesterday: the result waits to be published today."""
    held_at = _clock(now, -1, 14)
    return AssemblyPlan(
        key="yang3-counted",
        dong=YANG3,
        title=f"{held_at.year} 양3동 주민총회",
        purpose="내년 마을 사업의 순서를 정합니다.",
        description=INVENTED,
        rules=RESIDENTS_RULES,
        held_at=held_at,
        place="양3동 행정복지센터",
        stage=Stage.COUNTED,
        items=(
            Item(
                "오래된 골목 계단 손잡이",
                "비 오는 날에도 안전하게 오르내립니다.",
                Category.SAFETY,
                "경로당",
                40,
                cost=6_400_000,
            ),
            Item(
                "빈집 앞 꽃밭",
                "쓰레기가 쌓이던 자리가 꽃밭이 됩니다.",
                Category.ENVIRONMENT,
                "골목 가꾸기 모임",
                35,
                cost=4_100_000,
            ),
            Item(
                "시장 앞 화장실 고치기",
                "누구나 깨끗하게 쓸 수 있습니다.",
                Category.HYGIENE,
                "상인회",
                33,
                cost=13_000_000,
            ),
        ),
        polls=(
            _choose(
                3, 1, opens_at=held_at - timedelta(days=5), closes_at=held_at + timedelta(hours=2), voters=64, adopted=1
            ),
        ),
        references=signed("선거인", 171),
    )


def _closed(now: datetime) -> AssemblyPlan:
    """Held yesterday until the desk closed: the ballots wait to be counted today."""
    held_at = _clock(now, -1, 16)
    return AssemblyPlan(
        key="nongseong2-closed",
        dong=NONGSEONG2,
        title=f"{held_at.year} 농성2동 주민총회",
        purpose="내년에 우리 동에서 먼저 할 사업을 정합니다.",
        description=INVENTED,
        rules=RESIDENTS_RULES,
        held_at=held_at,
        place="농성2동 행정복지센터",
        stage=Stage.CLOSED,
        items=(
            Item(
                "역 앞 자전거 보관대",
                "자전거를 안심하고 세웁니다.",
                Category.FACILITIES,
                "자전거 모임",
                22,
                cost=8_000_000,
            ),
            Item(
                "1인 가구 함께 밥 먹기",
                "혼자 사는 이웃이 서로 알게 됩니다.",
                Category.WELFARE,
                "청년 모임",
                31,
                cost=4_800_000,
            ),
            Item("화재 감지기 달기", "불이 나면 바로 압니다.", Category.SAFETY, "의용소방대", 35, cost=9_900_000),
            Item(
                "작은 책방 골목 지도", "동네 가게를 찾기 쉽습니다.", Category.CULTURE, "마을 기록단", 15, cost=2_500_000
            ),
        ),
        polls=(
            _choose(
                4,
                2,
                opens_at=_clock(now, -7, 9),
                closes_at=held_at + timedelta(hours=2),
                voters=75,
                adopted=2,
            ),
        ),
        references=signed("선거인", 194),
    )


def _scheduled(now: datetime) -> AssemblyPlan:
    held_at = _clock(now, 16, 14)
    return AssemblyPlan(
        key="pungam-scheduled",
        dong=PUNGAM,
        title=f"{held_at.year} 풍암동 주민총회",
        purpose="호수 둘레와 골목에서 내년에 먼저 할 일을 정합니다.",
        description=INVENTED,
        rules=RESIDENTS_RULES,
        held_at=held_at,
        place="풍암동 행정복지센터",
        stage=Stage.SCHEDULED,
        items=(
            Item(
                "호수 둘레길 야간 조명",
                "저녁에도 마음 놓고 걷습니다.",
                Category.SAFETY,
                "호수 지킴이",
                30,
                cost=24_000_000,
                place="풍암호수 둘레길",
            ),
            Item(
                "장난감 나눔방",
                "아이가 자라면 장난감을 바꿔 씁니다.",
                Category.CHILDCARE,
                "육아 모임",
                28,
                cost=12_000_000,
            ),
            Item(
                "골목 주차 나눔", "낮에 빈 주차장을 이웃이 씁니다.", Category.PARKING, "주차 분과", 25, cost=7_000_000
            ),
        ),
        polls=(_choose(3, 2, opens_at=_clock(now, 8, 9), closes_at=held_at + timedelta(hours=2), voters=0),),
        references=signed("선거인", 240),
        notice=timedelta(days=20),
    )


def _drafted(now: datetime) -> AssemblyPlan:
    """Next year's assembly of 금호1동, with things missing: so that the list of what is missing shows something."""
    held_at = _clock(now, 150, 14)
    return AssemblyPlan(
        key="geumho-next",
        dong=GEUMHO,
        title=f"{held_at.year} 금호1동 봄 주민총회(준비 중)",
        purpose="봄에 시작할 작은 사업을 정합니다.",
        rules=RESIDENTS_RULES,
        held_at=held_at,
        place="장소 미정",
        stage=Stage.DRAFTED,
        items=(
            Item(
                "봄맞이 골목 청소의 날",
                "겨울에 쌓인 것을 함께 치웁니다.",
                Category.ENVIRONMENT,
                "주민자치회 환경 분과",
                1,
            ),
            Item(
                "텃밭 나누기",
                "빈 땅에서 이웃이 함께 기릅니다.",
                Category.ENVIRONMENT,
                "도시 농부 모임",
                1,
                cost=3_000_000,
            ),
        ),
        polls=(_choose(2, 2, opens_at=_clock(now, 140, 9), closes_at=held_at + timedelta(hours=2), voters=0),),
        notice=timedelta(days=160),
    )
