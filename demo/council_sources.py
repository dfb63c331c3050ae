"""What published sources say of councils: courses, plans of establishment, other bodies, a call for conversion.

Figures are those of the reports of Seo-gu, of Seoul's plan and of the book of the club's 24th forum, as printed.
"""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from councils.rollout import PlannedYear
from councils.services.bodies import found_body
from councils.services.calls import close_call, decide_call, open_call, plan_call, record_briefing, submit_bid
from councils.services.education import set_education_figure
from councils.services.rollout import add_rollout_plan
from councils.services.roster import Figures
from councils.states import BodyKind, CouncilType
from demo.accounts import SEOGU
from residents.models import Region, User

REPORT = "서구 주민자치 추진현황 보고(2019)"
PLAN = "서울시 제2기 마을공동체 기본계획(2018. 3.)"
FORUM = "목민관클럽 제24차 정기포럼 자료집"
SEOUL, SUWON, ULSAN_BUKGU = "1100000000", "4111000000", "3120000000"
SEOUL_TIME = ZoneInfo("Asia/Seoul")
# The title, then lectures, hours, people, years; weeks and times a year where the source has them.
EDUCATION = (
    ("주민자치위원 역량강화 워크숍", {"lectures": 6, "hours": 11, "people": 565, "from_year": 2016, "to_year": 2019}),
    ("마을리더 전문교육", {"lectures": 10, "hours": 18, "people": 659, "from_year": 2016, "to_year": 2019}),
    ("「설레임」 마을학교", {"people": 413, "from_year": 2017, "to_year": 2019}),
)
# The forum's book prints them on the slides of Ulsan's Buk-gu, which say neither hours nor people nor years.
EDUCATION_OF_BUKGU: tuple[tuple[str, dict[str, int | str]], ...] = (
    ("주민자치아카데미", {"weeks": 9, "times_a_year": 1, "note": "주민자치위원 역량 강화 교육"}),
    ("CB학교(마을기업·공동체 학교)", {"weeks": 4, "times_a_year": 2, "note": "마을만들기와 공동체 교육"}),
    ("통장학교", {"times_a_year": 2, "note": "주민참여를 북돋우는 통장의 역할 교육. 기간은 자료에 없습니다."}),
    ("공동주택 공동체 주민리더 양성 교육", {"weeks": 5, "times_a_year": 1, "note": "공동주택 리더 양성"}),
)
# Name, people and who they are; the book names the months of 2012 in which they met, and no days.
PLANNERS_OF_SUWON = (
    ("2030 수원도시계획 시민계획단", 130, "분야별 전문가, 주민, 자영업자, 사회적 약자, 기업인 130명"),
    ("2030 수원도시계획 청소년계획단", 100, "초·중학생 100명"),
)


def load_sources(regions: Mapping[str, Region], actor: User, operator: User, at: datetime) -> None:
    """Courses of education, both of Seoul's plans of establishment, other bodies: as printed, with their places."""
    for title, figures in EDUCATION:
        values = {"title": title, "source": f"{REPORT}, 지원현황 표", **figures}
        set_education_figure(region=regions[SEOGU], values=values, actor=actor, at=at)
    for title, printed in EDUCATION_OF_BUKGU:
        stated = {"title": title, "source": f"{FORUM}, 울산 북구 「주민 의식 교육」", **printed}
        set_education_figure(region=regions[ULSAN_BUKGU], values=stated, actor=operator, at=at)
    seoul = regions[SEOUL]
    add_rollout_plan(
        region=seoul,
        title="주민자치회 연차별 설치(잠정)",
        place="연차별 전환 계획 표",
        source=PLAN,
        years=[
            PlannedYear(year, planned)
            for year, planned in zip(range(2017, 2023), (26, 65, 50, 181, 29, 73), strict=True)
        ],
        note="두 계획은 합계 424개가 같지만 해마다의 수와 끝나는 해가 다릅니다. 어느 쪽도 고치지 않았습니다.",
        actor=operator,
        at=at,
    )
    add_rollout_plan(
        region=seoul,
        title="주민자치회 설치(단위사업)",
        place="주민자치회 설립 지원 단위사업, 연차별 추진계획",
        source=PLAN,
        years=[
            PlannedYear(2018, 91, printed=91, label="2018년까지 91개(그해 65개)"),
            PlannedYear(2019, 75),
            PlannedYear(2020, 156),
            PlannedYear(2021, 102, printed=424),
        ],
        actor=operator,
        at=at,
    )
    add_rollout_plan(
        region=seoul,
        title="자치계획 수립(누계)",
        place="연차별 추진계획 총괄표",
        source=PLAN,
        years=[
            PlannedYear(year, planned, printed=total)
            for year, planned, total in (
                (2018, 26, 26), (2019, 65, 91), (2020, 75, 166), (2021, 156, 322), (2022, 102, 424),
            )
        ],
        note="자치계획은 주민자치회 설치보다 한 해 늦게 갑니다.",
        actor=operator,
        at=at,
    )  # fmt: skip
    found_body(
        kind=BodyKind.YOUTH,
        name="청소년참여위원회(시연)",
        region=regions[SEOGU],
        established_on=date(2019, 3, 2),
        figures=Figures(
            capacity=42, members=42, note="포럼 자료에 나오는 학생 42명의 위원회를 본뜬 시연입니다. 학교를 대표합니다."
        ),
        actor=actor,
        at=at,
    )
    for name, people, who in PLANNERS_OF_SUWON:
        note = f"{who}. 자료({FORUM}, 1-6)는 2012년 2월부터 7월까지라고만 하여 시작한 날은 2월 1일로 적었습니다."
        found_body(
            kind=BodyKind.PLANNING,
            name=name,
            region=regions[SUWON],
            established_on=date(2012, 2, 1),
            figures=Figures(capacity=people, members=people, inferred=True, note=note),
            actor=operator,
            at=at,
        )


def load_call(regions: Mapping[str, Region], actor: User) -> None:
    """The call of 2019 as the report tells it: eleven dongs briefed, a month open, two chosen."""
    zone = SEOUL_TIME
    call = plan_call(
        region=regions[SEOGU],
        title="서구형 주민자치회 전환 공모",
        type=CouncilType.SEOGU,
        opens_on=date(2019, 3, 11),
        closes_on=date(2019, 4, 12),
        to_choose=2,
        briefings_from=date(2019, 3, 13),
        briefings_to=date(2019, 3, 21),
        briefed=11,
        source=REPORT,
        note="설명회를 연 11개 동의 이름은 자료에 없습니다. 심사 점수와 결정일도 없어 결정일은 시연으로 넣었습니다.",
        actor=actor,
        at=datetime(2019, 3, 4, 9, tzinfo=zone),
    )
    open_call(call_id=call.pk, actor=actor, at=datetime(2019, 3, 11, 9, tzinfo=zone))
    chosen = []
    for code in ("2914075200", "2914084000"):
        record_briefing(
            call_id=call.pk,
            dong=regions[code],
            held_on=date(2019, 3, 21),
            people=None,
            actor=actor,
            at=datetime(2019, 3, 22, 9, tzinfo=zone),
        )
        bid = submit_bid(
            call_id=call.pk,
            dong=regions[code],
            plan="분과를 꾸리고 마을 의제를 찾아 자치계획을 세우겠습니다. (시연)",
            actor=actor,
            at=datetime(2019, 4, 10, 9, tzinfo=zone),
        )
        chosen.append(bid.pk)
    close_call(call_id=call.pk, actor=actor, at=datetime(2019, 4, 15, 9, tzinfo=zone))
    decide_call(
        call_id=call.pk,
        chosen=chosen,
        reason="",
        decided_on=date(2019, 4, 30),
        actor=actor,
        at=datetime(2019, 5, 2, 9, tzinfo=zone),
    )
