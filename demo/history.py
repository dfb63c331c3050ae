"""Assemblies of the past: school assemblies of 2018 and 2019, and the dong's assembly that took up their items.

From the source are: which schools held one in which year, what their items were about, and the day of 금부초's in 2019
(18 June). Everything else, above all every number of votes, is invented for the demo, and the pages say so.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from assemblies.states import AssemblyKind, Category, Channel, PollKind
from demo.accounts import GEUMHO
from demo.plans import AssemblyPlan, Item, PollPlan, Stage, pupils, signed

SEOUL = ZoneInfo("Asia/Seoul")
SANGMU = "2914075100"
INVENTED = "득표수와 참여 인원은 시연을 위해 지어낸 숫자입니다."
INVENTED_DAY = "날짜와 득표수, 참여 인원은 시연을 위해 지어낸 것입니다."

GINKGO = Item(
    "은행나무 열매 냄새 없애기",
    "가을마다 통학로에서 나는 냄새가 줄어듭니다.",
    Category.HYGIENE,
    "5학년 학생들",
    34,
    "떨어진 열매를 밟으면 신발에 냄새가 남아 교실까지 따라옵니다.",
    "학교 앞 가로수 길",
)
REST = Item(
    "학생들이 쉴 수 있는 공간과 쉼터 만들기",
    "방과 후에 기다리거나 이야기할 곳이 생깁니다.",
    Category.FACILITIES,
    "6학년 학생들",
    30,
    "비가 오거나 더운 날에도 잠깐 앉아 있을 곳이 필요합니다.",
    "학교 주변 자투리땅",
)
PARKING = Item(
    "학교 주변 불법 주정차 막기",
    "차에 가려지지 않고 길을 건널 수 있습니다.",
    Category.PARKING,
    "전교 학생회",
    36,
    "등교 시간에 길가에 세운 차 때문에 오는 차가 보이지 않습니다.",
    "학교 앞 통학로",
)
FACILITIES = Item(
    "마을에 편의시설 만들기",
    "놀이터에서 물을 마시고 그늘에서 쉴 수 있습니다.",
    Category.FACILITIES,
    "4학년 학생들",
    22,
    "놀이터와 공원에 음수대와 그늘막이 부족합니다.",
    "마을 놀이터와 공원",
)
CROSSING = Item(
    "횡단보도 신호 시간 늘리기",
    "저학년과 어르신이 뛰지 않고 건널 수 있습니다.",
    Category.SAFETY,
    "전교 학생회",
    18,
    "시연을 위해 지어낸 의제입니다.",
    "학교 앞 사거리",
)


def school(  # noqa: PLR0913 - a school's assembly has this many facts
    key: str,
    name: str,
    dong: str,
    held_at: datetime,
    *,
    items: tuple[Item, ...],
    roll: tuple[str, ...],
    voters: int,
    day_known: bool = False,
) -> AssemblyPlan:
    """A school's assembly: about two hours, with a roll and booths; the order by votes goes on to the dong."""
    return AssemblyPlan(
        key=key,
        dong=dong,
        title=f"{held_at.year} {name} 학교총회",
        purpose="학생들이 마을에 바라는 일의 순서를 투표로 정해 동 주민총회에 제안합니다.",
        rules="demo-school",
        held_at=held_at,
        place=f"{name} 강당",
        stage=Stage.CONCLUDED,
        kind=AssemblyKind.SCHOOL,
        host=name,
        description=INVENTED if day_known else INVENTED_DAY,
        items=items,
        polls=(
            PollPlan(
                title="마을 의제 투표",
                question="우리 마을에 먼저 필요한 일을 두 가지까지 골라 주세요.",
                kind=PollKind.CHOOSE,
                items=tuple(range(1, len(items) + 1)),
                max_choices=2,
                opens_at=held_at + timedelta(minutes=50),
                closes_at=held_at + timedelta(minutes=95),
                voters=voters,
            ),
        ),
        references=roll,
        reference_channel=Channel.BOOTH,
        notice=timedelta(days=7),
    )


def _at(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SEOUL)


def past_assemblies() -> list[AssemblyPlan]:
    """In the order in which they were held."""
    return [
        school(
            "geumbu-2018",
            "금부초등학교",
            GEUMHO,
            _at(2018, 6, 20, 10),
            items=(GINKGO, REST, CROSSING),
            roll=pupils(range(5, 7), 2, 12),
            voters=44,
        ),
        _geumho_2018(),
        school(
            "geumbu-2019",
            "금부초등학교",
            GEUMHO,
            _at(2019, 6, 18, 10),
            items=(GINKGO, REST, CROSSING),
            roll=pupils(range(5, 7), 2, 11),
            voters=41,
            day_known=True,
        ),
        school(
            "sangmu-2019",
            "상무초등학교",
            SANGMU,
            _at(2019, 6, 25, 10),
            items=(PARKING, REST, FACILITIES, CROSSING),
            roll=pupils(range(5, 7), 2, 10),
            voters=36,
        ),
        school(
            "geumho-es-2019",
            "금호초등학교",
            GEUMHO,
            _at(2019, 7, 2, 10),
            items=(PARKING, REST, FACILITIES),
            roll=pupils(range(4, 7), 1, 15),
            voters=41,
        ),
        school(
            "geumho-ms-2019",
            "금호중학교",
            GEUMHO,
            _at(2019, 7, 4, 14),
            items=(REST, PARKING, FACILITIES),
            roll=pupils(range(1, 3), 2, 13),
            voters=47,
        ),
    ]


def _geumho_2018() -> AssemblyPlan:
    held_at = _at(2018, 9, 15, 14)
    return AssemblyPlan(
        key="geumho-2018",
        dong=GEUMHO,
        title="2018 금호1동 주민총회",
        purpose="2019년 주민참여예산에 제안할 마을 의제의 순서를 정합니다.",
        rules="demo-residents-2018",
        held_at=held_at,
        place="금호1동 행정복지센터 대회의실",
        stage=Stage.CONCLUDED,
        description=f"{INVENTED_DAY} 인구도 시연용 숫자입니다.",
        population=(20_800, _at(2017, 12, 31, 0)),
        items=(
            Item(
                "은행나무 열매 냄새 없는 거리",
                "가을 통학로와 상가 앞이 깨끗해집니다.",
                Category.HYGIENE,
                "금부초등학교 학생들",
                30,
                "열매가 떨어지기 전에 거두고, 심한 곳은 열매가 없는 나무로 바꿉니다.",
                "금부초등학교 앞 가로수 길",
                9_000_000,
                origin="geumbu-2018/1",
            ),
            Item(
                "통학로 자투리땅 쉼터",
                "학생과 어르신이 함께 쉬는 의자가 생깁니다.",
                Category.FACILITIES,
                "금부초등학교 학생들",
                27,
                "쓰지 않는 땅에 의자와 나무 그늘을 마련합니다.",
                "금부초등학교 후문",
                14_000_000,
                origin="geumbu-2018/2",
            ),
            Item(
                "마을신문 만들기",
                "동네 소식을 모든 집이 함께 봅니다.",
                Category.CULTURE,
                "주민자치회 문화 분과",
                16,
                cost=6_000_000,
            ),
            Item(
                "골목 주차선 다시 긋기",
                "소방차가 지나갈 길이 열립니다.",
                Category.PARKING,
                "주민자치회 안전 분과",
                22,
                cost=11_000_000,
                place="금호로 이면 도로",
            ),
        ),
        polls=(
            PollPlan(
                title="마을 의제 우선순위 투표",
                question="먼저 했으면 하는 의제를 두 가지까지 골라 주세요.",
                kind=PollKind.CHOOSE,
                items=(1, 2, 3, 4),
                max_choices=2,
                adopted=2,
                opens_at=held_at - timedelta(days=5, hours=5),
                closes_at=held_at + timedelta(minutes=90),
                voters=219,
            ),
        ),
        references=signed("선거인", 517),
    )
