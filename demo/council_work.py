"""What 상무2동's council of the demo does: its people, meetings, courses and amounts are invented."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from core.errors import RuleViolation
from councils.fund import Income, Spending
from councils.models import Council, Member, Recruitment, Subcommittee
from councils.services.appointing import fill_vacancy
from councils.services.fund import carry_in, record_income, record_spending, settle_fund
from councils.services.meetings import Plan, plan_council_meeting
from councils.services.members import change_office, resign
from councils.services.programmes import enrol, move_programme, plan_programme
from councils.services.staff import add_support_staff, assign_staff, record_career
from councils.services.subcommittees import found_subcommittee, name_head, seat_member, seat_resident
from councils.services.work import add_work, draft_agreement, move_work, sign_agreement
from councils.states import (
    CareerKind,
    CouncilMeetingKind,
    MemberOffice,
    ProgrammeStatus,
    WorkKind,
    WorkStatus,
)
from demo.recruitments import Recruiting
from meetings.services.agenda import add_item
from meetings.services.attendance import check_in
from meetings.services.course import call_meeting, close_meeting, open_meeting
from meetings.services.minutes import approve_minutes, draft_minutes
from meetings.services.records import record_resolution, record_statement
from meetings.states import CheckInWay

OFFICERS = 4


def work(run: Recruiting, recruitments: Mapping[str, Recruitment]) -> None:
    """상무2동's council at work since it was appointed: offices, subcommittees, a meeting, work, courses, fund."""
    members = list(Member.objects.filter(term__recruitment=recruitments["appointed"]).order_by("pk"))
    council, actor, at = run.council, run.dong_official, run.moment(-40, 10)
    for member, office in zip(
        members,
        (MemberOffice.CHAIR, MemberOffice.VICE_CHAIR, MemberOffice.AUDITOR, MemberOffice.SECRETARY),
        strict=False,
    ):
        change_office(member_id=member.pk, office=office, actor=actor, at=at)
    subcommittees = _found_subcommittees(run, members)
    _hold_meeting(run, members)
    _replace_one(run, members)
    _plan_meeting(run)
    _work(run, subcommittees)
    _offer_courses(run)
    _keep_fund(run)
    _support(run, council)


def _found_subcommittees(run: Recruiting, members: list[Member]) -> list[Subcommittee]:
    at, day = run.moment(-38, 19), run.moment(-38).date()
    made = []
    for place, (name, about) in enumerate(
        (
            ("안전·교통 분과", "통학로, 주차, 밤길을 살핍니다."),
            ("돌봄·복지 분과", "혼자 사는 어르신과 아이들을 돌봅니다."),
            ("문화·환경 분과", "마을 축제와 골목 가꾸기를 맡습니다."),
        )
    ):
        made.append(
            found_subcommittee(
                council_id=run.council.pk, name=name, about=about, founded_on=day, actor=run.dong_official, at=at
            )
        )
        for member in members[place::3]:
            seat_member(subcommittee_id=made[-1].pk, member_id=member.pk, on=day, actor=run.dong_official, at=at)
        head = made[-1].seats.order_by("pk").first()
        if head is not None:
            name_head(seat_id=head.pk, actor=run.dong_official, at=at)
        seat_resident(
            subcommittee_id=made[-1].pk,
            name=("윤노을", "임가람", "장다온")[place],
            on=day,
            actor=run.dong_official,
            at=at,
        )
    return made


def _hold_meeting(run: Recruiting, members: list[Member]) -> None:
    """The first regular meeting: quorate, two resolutions, minutes approved."""
    actor, starts = run.dong_official, run.moment(-25, 19)
    meeting = plan_council_meeting(
        council_id=run.council.pk,
        plan=Plan(
            kind=CouncilMeetingKind.REGULAR,
            title="상무2동 주민자치회 정기회의",
            place="상무2동 행정복지센터 2층 회의실",
            starts_at=starts,
            ends_at=starts + timedelta(hours=2),
            notice_days=7,
            convened_by=f"회장 {members[0].name}",
            about="시연을 위해 지어낸 회의입니다.",
        ),
        actor=actor,
        at=starts - timedelta(days=10),
    ).meeting
    items = [
        add_item(meeting_id=meeting.pk, title=title, proposer=who, actor=actor, at=starts - timedelta(days=10))
        for title, who in (("통학로 안전 지도 만들기", "안전·교통 분과"), ("자치회관 겨울 강좌 정하기", "사무국"))
    ]
    call_meeting(meeting_id=meeting.pk, actor=actor, at=starts - timedelta(days=9))
    present = 15
    for place, participant in enumerate(meeting.participants.order_by("order")[:present]):
        check_in(
            participant_id=participant.pk,
            way=CheckInWay.QR if place % 4 else CheckInWay.DESK,
            actor=actor,
            at=starts - timedelta(minutes=place),
        )
    open_meeting(meeting_id=meeting.pk, actor=actor, at=starts + timedelta(minutes=2))
    record_statement(
        meeting_id=meeting.pk,
        speaker=meeting.participants.order_by("order")[1].name,
        gist="무진초 둘레를 학부모와 함께 걸어 보자고 하다.",
        item_id=items[0].pk,
        actor=actor,
        at=starts + timedelta(minutes=20),
    )
    for item, text in zip(items, ("통학로 안전 지도를 만든다.", "겨울 강좌 네 가지를 연다."), strict=True):
        record_resolution(
            meeting_id=meeting.pk,
            text=text,
            present=present,
            in_favour=present - 1,
            against=0,
            abstained=1,
            item_id=item.pk,
            actor=actor,
            at=starts + timedelta(minutes=50),
        )
    close_meeting(meeting_id=meeting.pk, actor=actor, at=starts + timedelta(minutes=95))
    minutes = draft_minutes(meeting_id=meeting.pk, actor=actor, at=starts + timedelta(days=1))
    signed_by = [("회장", members[0].name), ("간사", members[3].name)]
    approve_minutes(minutes_id=minutes.pk, signed_by=signed_by, actor=actor, at=starts + timedelta(days=2))


def _replace_one(run: Recruiting, members: list[Member]) -> None:
    """A member without an office moves away; the first alternate who keeps the quotas takes the seat."""
    for member in reversed(members[OFFICERS:]):
        try:
            with transaction.atomic():
                resign(
                    member_id=member.pk,
                    on=run.moment(-16).date(),
                    reason="다른 시로 이사",
                    actor=run.dong_official,
                    at=run.moment(-15, 10),
                )
                fill_vacancy(
                    member_id=member.pk,
                    on=run.moment(-13).date(),
                    actor=run.district_official,
                    at=run.moment(-13, 10),
                )
        except RuleViolation:
            # Nobody who waits keeps the quotas in this one's place: then it is somebody else who moves away.
            continue
        return


def _plan_meeting(run: Recruiting) -> None:
    starts = run.moment(11, 19)
    meeting = plan_council_meeting(
        council_id=run.council.pk,
        plan=Plan(
            kind=CouncilMeetingKind.REGULAR,
            title="상무2동 주민자치회 정기회의",
            place="상무2동 행정복지센터 2층 회의실",
            starts_at=starts,
            ends_at=starts + timedelta(hours=2),
            notice_days=7,
        ),
        actor=run.dong_official,
        at=run.moment(-1, 10),
    ).meeting
    add_item(
        meeting_id=meeting.pk,
        title="내년 자치계획에 담을 일",
        proposer="임원회",
        actor=run.dong_official,
        at=run.moment(-1, 10),
    )
    call_meeting(meeting_id=meeting.pk, actor=run.dong_official, at=min(run.moment(-1, 11), run.now))


def _work(run: Recruiting, subcommittees: list[Subcommittee]) -> None:
    actor, district, at = run.dong_official, run.district_official, run.moment(-24, 10)
    agreement = draft_agreement(
        council_id=run.council.pk,
        facts={
            "title": "자치회관 운영 위·수탁 협약",
            "subject": "자치회관 강좌 운영과 대관, 시설 관리를 주민자치회가 맡는다.",
            "starts_on": run.moment(-20).date(),
            "ends_on": run.moment(345).date(),
            "amount": 18_000_000,
        },
        actor=district,
        at=at,
    )
    sign_agreement(
        agreement_id=agreement.pk,
        signed_on=run.moment(-21).date(),
        document_number="주민자치과-0000(시연)",
        actor=district,
        at=run.moment(-20, 11),
    )
    items = (
        (WorkKind.OWN, "통학로 안전 지도", subcommittees[0], None, ""),
        (WorkKind.OWN, "상무2동 마을신문", subcommittees[2], None, ""),
        (
            WorkKind.CONSULTED,
            "쌍촌근린공원 정비 의견",
            subcommittees[2],
            None,
            "걷는 길을 먼저 고치고 나무는 그대로 두기를 바랍니다.",
        ),
        (WorkKind.ENTRUSTED, "자치회관 운영", None, agreement, ""),
    )
    for place, (kind, title, subcommittee, agreed, opinion) in enumerate(items):
        item = add_work(
            council_id=run.council.pk,
            facts={
                "kind": kind,
                "title": title,
                "subcommittee": subcommittee,
                "agreement": agreed,
                "starts_on": run.moment(-20 + place).date(),
                "opinion": opinion,
            },
            actor=actor,
            at=at,
        )
        if kind != WorkKind.CONSULTED or place % 2 == 0:
            move_work(work_id=item.pk, status=WorkStatus.UNDER_WAY, actor=actor, at=run.moment(-18, 9))


def _offer_courses(run: Recruiting) -> None:
    """Two programmes of the residents' centre; one is full and has people waiting."""
    actor = run.dong_official
    for title, teacher, times, fee, places, people in (
        ("어르신 스마트폰 교실", "서보라", "매주 화요일 10:00~12:00", 0, 12, 14),
        ("가락장구 첫걸음", "문하늘", "매주 목요일 19:00~21:00", 30_000, 20, 7),
    ):
        programme = plan_programme(
            council_id=run.council.pk,
            facts={
                "title": title,
                "about": "처음 오시는 분도 편하게 배울 수 있습니다.",
                "teacher": teacher,
                "place": "상무2동 자치회관 1강의실",
                "times": times,
                "starts_on": run.moment(14).date(),
                "ends_on": run.moment(84).date(),
                "fee": fee,
                "places": places,
            },
            actor=actor,
            at=run.moment(-15, 10),
        )
        move_programme(programme_id=programme.pk, status=ProgrammeStatus.OPEN, actor=actor, at=run.moment(-14, 9))
        for place in range(people):
            name = f"{'김이박최정강조윤장임한오서신'[place]}{('다솜', '이슬', '누리', '가온')[place % 4]}"
            enrol(
                programme_id=programme.pk,
                user=None,
                name=name,
                phone="",
                actor=actor,
                at=run.moment(-13, 9) + timedelta(hours=place),
            )


def _keep_fund(run: Recruiting) -> None:
    """A year that is settled, and what came and went since."""
    actor, last = run.dong_official, run.now.year - 1
    council = run.council.pk

    def on(month: int, day: int) -> datetime:
        return run.now.replace(year=last, month=month, day=day, hour=10, minute=0, second=0, microsecond=0)

    carry_in(council_id=council, amount=1_240_000, occurred_on=date(last, 1, 2), actor=actor, at=on(1, 2))
    moves = (
        (Income.DUES, 600_000, "위원 회비"),
        (Income.HALL, 450_000, "대회의실 대관료"),
        (Income.COURSES, 2_160_000, "자치회관 수강료"),
        (Spending.COURSES, 1_500_000, "강사료"),
        (Spending.PROJECTS, 830_000, "마을 축제 천막과 음향"),
        (Spending.RUNNING, 120_000, "회의 자료 인쇄"),
    )
    for place, (account, amount, text) in enumerate(moves):
        at = on(2 + place, 15)
        facts = {"council_id": council, "amount": amount, "occurred_on": at.date(), "text": text}
        if isinstance(account, Income):
            record_income(source=account, **facts, actor=actor, at=at)  # type: ignore[arg-type]
        else:
            record_spending(purpose=account, **facts, actor=actor, at=at)  # type: ignore[arg-type]
    settled = min(date(run.now.year, 1, 20), run.now.date())
    if settled > date(last, 12, 31):
        settle_fund(
            council_id=council,
            year=last,
            note="감사 1명이 장부와 통장을 맞추어 보았습니다.",
            settled_on=settled,
            actor=actor,
            at=run.now,
        )
    today = run.now.date()
    record_income(
        council_id=council,
        source=Income.DUES,
        amount=620_000,
        occurred_on=today,
        text="위원 회비",
        actor=actor,
        at=run.now,
    )


def _support(run: Recruiting, council: Council) -> None:
    """An expert who supports the council; an invented person."""
    since = run.moment(-300).date()
    staff = add_support_staff(
        region=council.dong.parent or council.dong, name="권이음", since=since, actor=run.district_official, at=run.now
    )
    assign_staff(
        staff_id=staff.pk,
        council=council,
        since=run.moment(-90).date(),
        duties="의제 찾기와 회의 진행을 돕습니다.",
        actor=run.district_official,
        at=run.now,
    )
    record_career(
        staff_id=staff.pk,
        kind=CareerKind.TRAINING,
        title="마을자치 전문가 기본 과정",
        since=since,
        hours=40,
        actor=run.district_official,
        at=run.now,
    )
