"""The club's year around the day of loading, all of it invented: an assembly, a committee, applications."""

import uuid
from datetime import date, datetime, time, timedelta

from django.test.utils import override_settings

from core.jobs.models import Job
from core.jobs.running import run
from core.jobs.states import JobStatus
from demo.club import Club, moment
from forums.consents import MEMBERSHIP
from forums.models import Member
from forums.services.applications import Given, ask_for_supplement, check_application, submit_application
from forums.services.meetings import Plan, plan_meeting
from forums.states import ClubMeetingKind, MemberKind
from meetings.models import Meeting
from meetings.services.agenda import add_item
from meetings.services.attendance import check_in
from meetings.services.course import call_meeting, close_meeting, open_meeting
from meetings.services.minutes import approve_minutes, draft_minutes
from meetings.services.records import record_resolution, record_statement
from meetings.states import CheckInWay
from residents.states import Office

NOTICE_DAYS = 20
# Of 56 regular members 29 are a quorum.
CAME = 31
COMMITTEE_AHEAD = 12


def send_into_nowhere() -> int:
    """Send the mails that were ordered while loading to nobody, so that no terminal is filled by a demo; how many jobs.

    Called when the town is committed: a mail is sent outside of every transaction.
    """
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend", NOTICE_RATE=0):
        return sum(run(job.pk) for job in Job.objects.filter(kind="notices.mailing", status=JobStatus.QUEUED))


def assembly_day(now: datetime) -> date:
    """The last 17 September: general assemblies are held in that month."""
    day = date(now.year, 9, 17)
    return day if now.date() > day + timedelta(days=1) else day.replace(year=now.year - 1)


def _at(on: date, hour: int, minute: int = 0) -> datetime:
    return moment(on).replace(hour=hour, minute=minute)


def hold_assembly(club: Club) -> Meeting:
    """Hold the last general assembly: quorate, two resolutions, minutes approved. Nobody was elected: terms go on."""
    on = assembly_day(club.now)
    planned = moment(on - timedelta(days=NOTICE_DAYS + 5))
    meeting = plan_meeting(
        plan=Plan(
            kind=ClubMeetingKind.GENERAL,
            title=f"{on.year}년 정기총회(시범)",
            place="오산시청 물향기실",
            address="경기도 오산시 오산시청 2층",
            starts_at=_at(on, 14),
            ends_at=_at(on, 17),
            callers=[club.members["나소열"]],
            about="한 해 사업을 돌아보고 다음 해 계획을 정합니다. 시범을 위해 지어낸 회의입니다.",
        ),
        actor=club.actor,
        at=planned,
    ).meeting
    titles = ("지난 사업 보고", "다음 해 사업계획", "공동대표 빈자리")
    items = [
        add_item(meeting_id=meeting.pk, title=title, proposer="운영위원회", actor=club.actor, at=planned)
        for title in titles
    ]
    call_meeting(meeting_id=meeting.pk, actor=club.actor, at=moment(on - timedelta(days=NOTICE_DAYS)))
    for place, participant in enumerate(meeting.participants.order_by("order")[:CAME]):
        way = CheckInWay.QR if place % 3 else CheckInWay.DESK
        came = _at(on, 13, 30) + timedelta(minutes=place % 28)
        check_in(participant_id=participant.pk, way=way, actor=club.actor, at=came)
    open_meeting(meeting_id=meeting.pk, actor=club.actor, at=_at(on, 14, 5))
    record_statement(
        meeting_id=meeting.pk,
        speaker="나소열",
        gist="한 해 동안 연 포럼과 낸 책을 보고하다.",
        item_id=items[0].pk,
        actor=club.actor,
        at=_at(on, 14, 20),
    )
    decided = (("지난 사업 보고를 받아들인다.", 0), ("다음 해 사업계획을 정한다.", 2))
    for item, (text, against) in zip(items, decided, strict=False):
        record_resolution(
            meeting_id=meeting.pk,
            text=text,
            present=CAME,
            in_favour=CAME - against - 1,
            against=against,
            abstained=1,
            item_id=item.pk,
            actor=club.actor,
            at=_at(on, 15),
        )
    record_statement(
        meeting_id=meeting.pk,
        speaker="노현송",
        gist="빈 공동대표 한 자리는 다음 총회에서 뽑자고 제안하다.",
        item_id=items[2].pk,
        actor=club.actor,
        at=_at(on, 16),
    )
    close_meeting(meeting_id=meeting.pk, actor=club.actor, at=_at(on, 16, 40))
    minutes = draft_minutes(meeting_id=meeting.pk, actor=club.actor, at=moment(on + timedelta(days=1)))
    approve_minutes(
        minutes_id=minutes.pk,
        signed_by=[("공동대표", "나소열"), ("감사", "김선교")],
        actor=club.actor,
        at=moment(on + timedelta(days=1), 15),
    )
    return meeting


def call_committee(club: Club) -> Meeting:
    """The next meeting of the committee, called by its chair."""
    on = club.now.date() + timedelta(days=COMMITTEE_AHEAD)
    meeting = plan_meeting(
        plan=Plan(
            kind=ClubMeetingKind.COMMITTEE,
            title="운영위원회(시범)",
            place="희망제작소 회의실",
            starts_at=_at(on, 11),
            ends_at=_at(on, 13),
            callers=[club.members["나소열"]],
            about="다음 포럼의 개최지와 회비를 정합니다. 시범을 위해 지어낸 회의입니다.",
        ),
        actor=club.actor,
        at=club.now,
    ).meeting
    for title in ("다음 포럼의 주제와 개최지", "내년 회비"):
        add_item(meeting_id=meeting.pk, title=title, proposer="사무국", actor=club.actor, at=club.now)
    call_meeting(meeting_id=meeting.pk, actor=club.actor, at=club.now)
    return meeting


def apply_for_membership(club: Club) -> None:
    """Three invented applicants: one just came, one is asked for something, one waits for approval."""
    seogu = club.regions["2914000000"]
    applicants = (
        ("구새롬", "광주 서구(시범)", MemberKind.REGULAR, seogu, 2),
        ("시한결", "강남구(시범)", MemberKind.REGULAR, club.regions["1168000000"], 6),
        ("군다온", "용산구(시범)", MemberKind.HONORARY, club.regions["1117000000"], 10),
    )
    made = []
    for number, (name, organisation, kind, region, days) in enumerate(applicants):
        at = club.now - timedelta(days=days)
        made.append(
            submit_application(
                key=uuid.uuid5(uuid.NAMESPACE_URL, f"demo-application-{number}"),
                given=Given(
                    kind=kind,
                    name=name,
                    organisation=organisation,
                    office=Office.DISTRICT_HEAD,
                    region=region,
                    email=f"applicant{number + 1}@example.org",
                    birth_date=date(1966 + number, 3, 14),
                    phone="02-000-0000",
                    address="시범 주소",
                    pledged=True,
                ),
                consent_version=MEMBERSHIP.version,
                user=None,
                language="ko",
                at=at,
            )
        )
    ask_for_supplement(
        application_id=made[1].pk,
        what="당선증이나 임기를 알 수 있는 자료를 보내 주세요.",
        actor=club.actor,
        at=club.now - timedelta(days=4),
    )
    check_application(
        application_id=made[2].pk,
        term_id=None,
        evidence="임기를 적은 확인서(시범)",
        actor=club.actor,
        at=club.now - timedelta(days=3),
    )


def members_at_random(club: Club, number: int) -> list[Member]:
    """Every so many members of the register in order of names, for lists that need some."""
    members = sorted(club.members.values(), key=lambda one: (one.name, one.pk))
    return members[:: max(1, len(members) // number)][:number]


def noon(on: date) -> datetime:
    return datetime.combine(on, time(12), tzinfo=moment(on).tzinfo)
