"""The recruitment of 상무2동's council in every stage, side by side, so that each can be looked at.

The dong and its conversion are those of the source; the people, days and draws are invented. The latest council was
appointed this year; the others stand at one stage each, as if time had stopped there.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from councils.drawing.beacons import Balls, next_lotto
from councils.models import Application, Council, Draw, Learner, QuotaValue, Recruitment
from councils.services.applications import ApplicantFacts, submit_application, withdraw
from councils.services.appointing import appoint_members
from councils.services.beacons import enter_beacon
from councils.services.courses import CourseFacts, Lecture, plan_course
from councils.services.decisions import CommitteeSeat, DecisionFacts, record_decision, set_committee
from councils.services.draws import compute_draw, freeze_draw, void_freeze
from councils.services.eligibility import ask_supplement, confirm_eligibility, credit_hours, exclude
from councils.services.panels import draw_panel, enter_digit
from councils.services.pool import settle_pool
from councils.services.quotas import FeaturePlan, QuotaChange, ValuePlan, propose_quotas, relax_quotas, set_quotas
from councils.services.recruitment import Dates, Plan, announce_recruitment, create_recruitment
from councils.states import DecisionKind, FeatureSource, IntakeWay, Method, Track
from demo.accounts import SANGMU_APPLICANTS
from demo.names import invented_name
from meetings.models import Participant
from meetings.services.attendance import check_in, check_out, enter_attendance
from meetings.states import CheckInWay
from ordinances.models import RuleSet
from residents.models import User
from residents.states import Sex

RULES = "demo-seogu-council"
SEATS = 20
HOURS = 6
CONSENT = "1"
INVENTED = "시연을 위해 지어낸 모집입니다. 사람은 모두 가상 인물입니다."
# Youngest, oldest, share in thousandths of those who apply.
AGES = ((19, 29, 80), (30, 39, 150), (40, 49, 220), (50, 59, 250), (60, 69, 190), (70, 79, 110))
AREAS = FeaturePlan(
    "area",
    "사는 통",
    FeatureSource.AREA,
    tuple(
        ValuePlan(f"t{place}", label, 3, 8) for place, label in enumerate(("1~9통", "10~18통", "19~27통", "28~36통"), 1)
    ),
)
BANDS = FeaturePlan(
    "age",
    "나이",
    FeatureSource.AGE,
    (
        ValuePlan("under40", "39세 이하", 3, 10, age_to=39),
        ValuePlan("forties", "40대", 3, 10, 40, 49),
        ValuePlan("fifties", "50대", 3, 9, 50, 59),
        ValuePlan("sixties", "60세 이상", 3, 10, 60),
    ),
)
GROUPS = ("상무2동 통장협의회", "쌍촌시영 아파트 입주자대표회의", "상무2동 새마을부녀회", "무진초 학부모회")
COMMITTEE = (
    CommitteeSeat("남도연", "변호사", is_chair=True),
    CommitteeSeat("기보배", "쌍촌종합사회복지관"),
    CommitteeSeat("백하람", "상무2동 통장협의회"),
    CommitteeSeat("심가을", "무진초 학부모회"),
    CommitteeSeat("노이든", "주민"),
)


class Learning(StrEnum):
    """How the hours came about: certificates from elsewhere, or evenings with lists; or it is all to come."""

    ELSEWHERE = "elsewhere"
    BOTH_EVENINGS = "both evenings"
    FIRST_EVENING = "first evening"
    TO_COME = "to come"


@dataclass(frozen=True, slots=True)
class Stage:
    """One recruitment: how far it is, and on which days before or after today its steps lie."""

    key: str
    name: str
    opens: int
    closes: int
    learning: int
    draw: int
    applicants: int
    hours: Learning = Learning.ELSEWHERE

    @property
    def evenings(self) -> tuple[int, int]:
        """The days of the course's two lectures."""
        return self.learning - 11, self.learning - 4


STAGES = (
    Stage("appointed", "지난 모집", -118, -98, -75, -60, 44),
    Stage("drawn", "추첨 완료", -80, -60, -30, -9, 44),
    Stage("frozen", "명부 확정", -70, -50, -10, 8, 46),
    Stage("pooled", "추첨 대상자 결정", -60, -42, -4, 12, 42, Learning.BOTH_EVENINGS),
    Stage("learning", "교육 중", -38, -16, 9, 20, 24, Learning.FIRST_EVENING),
    Stage("open", "접수 중", -9, 8, 30, 40, 17, Learning.TO_COME),
    Stage("preparing", "공고 준비", 12, 30, 52, 60, 0, Learning.TO_COME),
)
MISPRINT = "공고문에 붙인 할당표의 40대 칸이 잘못 인쇄되어 이번 확정을 무효로 하고, 바로잡은 표로 다시 확정한다."
TOO_FEW = "28~36통의 신청자가 적어 그 구역의 하한을 3명에서 2명으로 낮춘다. 다른 할당은 그대로 둔다."


@dataclass(frozen=True, slots=True)
class Recruiting:
    """Who runs the recruitments of the demo: two officials, since a beacon is read by two."""

    council: Council
    rules: RuleSet
    dong_official: User
    district_official: User
    applicants: Mapping[str, User]
    chance: random.Random
    now: datetime

    def moment(self, days: int, hour: int = 9) -> datetime:
        return (self.now + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def load_recruitments(run: Recruiting) -> dict[str, Recruitment]:
    """One recruitment for each stage, by its key."""
    return {stage.key: _recruit(run, stage) for stage in STAGES}


def _recruit(run: Recruiting, stage: Stage) -> Recruitment:
    opens, closes = run.moment(stage.opens), run.moment(stage.closes, 18)
    dates = Dates(
        opens_at=opens,
        closes_at=closes,
        learning_until=run.moment(stage.learning, 18),
        draw_at=run.moment(stage.draw, 14),
        appoints_on=run.moment(stage.draw + 14).date(),
        erase_on=run.moment(stage.draw + 365).date(),
    )
    plan = Plan(
        title=f"상무2동 주민자치회 위원 모집 ({stage.name})",
        method=Method.LEXIMIN,
        seats=SEATS,
        place="상무2동 행정복지센터 3층 대회의실",
        contact="상무2동 행정복지센터 주민자치 담당 062-000-0000",
        about=f"우리 동의 일을 함께 정하고 실천할 위원을 모십니다. {INVENTED}",
    )
    actor, made = run.dong_official, opens - timedelta(days=2) if stage.opens < 0 else run.now
    recruitment = create_recruitment(
        council=run.council, rule_set=run.rules, plan=plan, dates=dates, actor=actor, at=made
    )
    set_quotas(
        recruitment_id=recruitment.pk, features=(*propose_quotas(recruitment), BANDS, AREAS), actor=actor, at=made
    )
    set_committee(recruitment_id=recruitment.pk, members=COMMITTEE, actor=actor, at=made)
    if stage.opens >= 0:
        return recruitment
    announce_recruitment(recruitment_id=recruitment.pk, actor=actor, at=opens)
    if stage.hours != Learning.ELSEWHERE:
        _plan_courses(run, recruitment, stage)
    _take_in(run, recruitment, stage)
    if stage.hours in {Learning.BOTH_EVENINGS, Learning.FIRST_EVENING}:
        _attend(run, recruitment, stage)
    if stage.key in {"open", "learning"}:
        return recruitment
    if stage.key == "pooled":
        _relax(run, recruitment, stage)
    settle_pool(recruitment_id=recruitment.pk, actor=actor, at=run.moment(stage.learning, 19))
    _draw(run, recruitment, stage)
    recruitment.refresh_from_db()
    return recruitment


def _plan_courses(run: Recruiting, recruitment: Recruitment, stage: Stage) -> None:
    """Two evenings of three hours each; people are put on the lists when their eligibility is confirmed."""
    plan_course(
        recruitment_id=recruitment.pk,
        facts=CourseFacts(
            title="상무2동 주민자치학교",
            place="상무2동 행정복지센터 3층 대회의실",
            about="주민자치회가 하는 일, 마을 의제 찾기, 회의하는 법을 배웁니다. 두 번 모두 오시면 6시간입니다.",
            lectures=tuple(
                Lecture(title, run.moment(day, 18), run.moment(day, 21))
                for title, day in zip(("주민자치회와 우리 마을", "의제 찾기와 회의하기"), stage.evenings, strict=True)
            ),
        ),
        actor=run.dong_official,
        at=run.moment(stage.opens, 10),
    )


def _attend(run: Recruiting, recruitment: Recruitment, stage: Stage) -> None:
    """Who came to the evenings that are over; of a course that is over one in thirteen came only once."""
    learners = Learner.objects.filter(application__recruitment=recruitment).select_related("participant", "application")
    for place, learner in enumerate(learners.order_by("application__number")):
        if stage.hours == Learning.FIRST_EVENING:
            if place % 7 != 5 or learner.application.user_id is not None:
                _come_and_go(run, learner.participant, place, stage.evenings[0])
            continue
        for day in stage.evenings[: 1 if place % 13 == 12 else 2]:
            enter_attendance(
                participant_id=learner.participant_id,
                arrived_at=run.moment(day, 18),
                left_at=run.moment(day, 21),
                actor=run.dong_official,
                at=run.moment(day + 1, 10),
            )


def _come_and_go(run: Recruiting, participant: Participant, place: int, day: int) -> None:
    """In with the own phone or at the desk, out at the end."""
    check_in(
        participant_id=participant.pk,
        way=CheckInWay.DESK if place % 3 == 0 else CheckInWay.QR,
        actor=run.dong_official,
        at=run.moment(day, 18) - timedelta(minutes=place % 15 + 1),
    )
    check_out(participant_id=participant.pk, actor=run.dong_official, at=run.moment(day, 21) + timedelta(minutes=2))


# --- who applies ------------------------------------------------------------------------------------------------------


def _take_in(run: Recruiting, recruitment: Recruitment, stage: Stage) -> None:
    """Applicants in every state that the stage can have."""
    days = max(1, min(stage.closes, 0) - stage.opens - 1)
    received = []
    for place in range(stage.applicants):
        at = run.moment(stage.opens + place * days // stage.applicants, 10) + timedelta(minutes=11 * place % 400)
        facts = invented_applicant(run.chance, place, at.date(), answers={"area": f"t{1 + place % 4}"})
        received.append((_submit(run, recruitment, facts, None, at), at))
    for applicant in SANGMU_APPLICANTS:
        if applicant.applied == stage.key:
            at = run.moment(stage.opens + 1, 20)
            facts = ApplicantFacts(
                name=applicant.name,
                birth_date=applicant.birth_date(run.now.date()),
                sex=applicant.sex,
                email=applicant.email,
                address="서구 상무시민로 90",
                answers={"area": "t2"},
                motive="아이들과 걷기 좋은 동네를 만들고 싶습니다.",
            )
            received.append((_submit(run, recruitment, facts, run.applicants[applicant.email], at), at))
    for place, (application, at) in enumerate(received):
        _handle(run, stage, application, place, at)


def _submit(
    run: Recruiting, recruitment: Recruitment, facts: ApplicantFacts, user: User | None, at: datetime
) -> Application:
    return submit_application(
        recruitment_id=recruitment.pk,
        facts=facts,
        way=IntakeWay.WEB if user else IntakeWay.COUNTER,
        consent_version=CONSENT,
        user=user,
        actor=user or run.dong_official,
        at=at,
    )


def invented_applicant(chance: random.Random, place: int, day: date, *, answers: dict[str, str]) -> ApplicantFacts:
    """Somebody who applies on `day`; each fifth is recommended by an organisation."""
    youngest, oldest, _share = chance.choices(AGES, [share for _young, _old, share in AGES])[0]
    born = date(day.year - chance.randint(youngest, oldest), chance.randint(1, 6), chance.randint(1, 28))
    female = chance.random() < 0.5
    recommended = place % 5 == 4
    return ApplicantFacts(
        name=invented_name(chance, birth_date=born, female=female),
        birth_date=born,
        sex=Sex.FEMALE if female else Sex.MALE,
        address=f"서구 상무시민로 {10 + place}",
        track=Track.RECOMMENDED if recommended else Track.OPEN,
        organisation=chance.choice(GROUPS) if recommended else "",
        answers=answers,
    )


def _handle(run: Recruiting, stage: Stage, application: Application, place: int, at: datetime) -> None:
    """What the office did with it; while applications are taken some are still to be looked at."""
    actor, later = run.dong_official, min(at + timedelta(days=1), run.now)
    is_named = application.user_id is not None
    if stage.key == "open" and place % 4 == 1 and not is_named:
        return
    if stage.key == "open" and place == 2:
        ask_supplement(application_id=application.pk, what="재직증명서를 한 장 보내 주세요.", actor=actor, at=later)
        return
    if stage.key in {"open", "learning"} and place == 7:
        withdraw(application_id=application.pk, actor=actor, at=later)
        return
    if place == 11 and not is_named:
        exclude(
            application_id=application.pk,
            reason="공고일에 다른 구에 살고 있어 서구 주민으로 볼 수 없습니다.",
            actor=actor,
            at=later,
        )
        return
    confirm_eligibility(application_id=application.pk, document="주민등록증", actor=actor, at=later)
    if stage.hours == Learning.ELSEWHERE and place % 13 != 12:
        _credit(actor, application, HOURS * 60, "서구 주민자치학교 6시간 수료증 확인", later)
    elif stage.hours == Learning.TO_COME and place % 3 == 0:
        _credit(actor, application, 180, "작년 주민자치학교 3시간 수료증 확인", later)


def _credit(actor: User, application: Application, minutes: int, reason: str, at: datetime) -> None:
    credit_hours(application_id=application.pk, minutes=minutes, reason=reason, actor=actor, at=at)


# --- the draw ---------------------------------------------------------------------------------------------------------


def _relax(run: Recruiting, recruitment: Recruitment, stage: Stage) -> None:
    """The committee lowers one quota before the pool is settled."""
    value = QuotaValue.objects.get(feature__recruitment=recruitment, feature__key="area", key="t4")
    at = run.moment(stage.learning, 18)
    relax_quotas(
        recruitment_id=recruitment.pk,
        changes=[QuotaChange(value.pk, value.minimum - 1, value.maximum)],
        decision=_decided(TOO_FEW, at),
        actor=run.dong_official,
        at=at,
    )


def _decided(text: str, at: datetime) -> DecisionFacts:
    """A decision of the whole committee on the day of `at`, with one vote against."""
    seats = len(COMMITTEE)
    return DecisionFacts(text, at.date(), entitled=seats, present=seats, in_favour=seats - 1)


def _draw(run: Recruiting, recruitment: Recruitment, stage: Stage) -> None:
    computed = compute_draw(recruitment_id=recruitment.pk, actor=run.dong_official, at=run.moment(stage.learning + 1))
    if stage.key == "pooled":
        return
    if stage.key == "frozen":
        freeze_draw(draw_id=computed.pk, beacon=next_lotto(run.now), actor=run.dong_official, at=run.moment(-3, 9))
        return
    happens = run.moment(stage.draw, 13)
    if stage.key == "drawn":
        computed = _freeze_in_vain(run, computed, happens)
    freeze_draw(
        draw_id=computed.pk, beacon=Balls(count=12, at=happens), actor=run.dong_official, at=happens - timedelta(days=3)
    )
    _hold(run, computed, happens)
    if stage.key == "appointed":
        starts_on = run.moment(stage.draw + 14).date()
        appoint_members(
            recruitment_id=recruitment.pk,
            starts_on=starts_on,
            ends_on=None,
            number=None,
            actor=run.district_official,
            at=run.moment(stage.draw + 10),
        )


def _freeze_in_vain(run: Recruiting, draw: Draw, happens: datetime) -> Draw:
    """A first freeze that the committee declared void, which stays visible; the lottery computed anew after it."""
    actor, recruitment_id, at = run.dong_official, draw.recruitment_id, happens - timedelta(days=7)
    freeze_draw(draw_id=draw.pk, beacon=Balls(count=12, at=happens), actor=actor, at=at)
    at += timedelta(days=1)
    decision = record_decision(
        recruitment_id=recruitment_id,
        kind=DecisionKind.VOID_FREEZE,
        facts=_decided(MISPRINT, at),
        actor=actor,
        at=at,
    )
    void_freeze(draw_id=draw.pk, decision_id=decision.pk, actor=actor, at=at)
    return compute_draw(recruitment_id=recruitment_id, actor=actor, at=at + timedelta(hours=1))


def _hold(run: Recruiting, draw: Draw, happens: datetime) -> None:
    """Twelve digits before an audience as the beacon, read by two; then three digits in the hall."""
    digits = "".join(str(run.chance.randrange(10)) for _place in range(12))
    for official in (run.dong_official, run.district_official):
        enter_beacon(draw_id=draw.pk, value={"digits": digits}, actor=official, at=happens + timedelta(minutes=10))
    at = happens + timedelta(hours=1)
    drawn: Sequence[int] = [run.chance.randrange(10) for _place in range(3)]
    for place, digit in enumerate(drawn):
        enter_digit(draw_id=draw.pk, place=place, digit=digit, actor=run.dong_official, at=at)
    draw_panel(draw_id=draw.pk, digits="".join(map(str, drawn)), actor=run.dong_official, at=at)
