"""Who comes to the club's events in the demo: heads and posts of the printed list, staff with invented names."""

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from core.errors import RuleViolation
from demo.accounts import OFFICES, PASSWORD
from demo.club import Club, moment
from demo.facts import rows_of
from demo.names import invented_name
from forums.models import Forum, Member, MemberTerm
from forums.services.materials import add_material
from forums.services.members import let_act
from forums.services.registrations import (
    Coming,
    Person,
    Reply,
    answer_for_office,
    register_attendee,
    set_listed_attendance,
    set_printed_total,
)
from forums.states import AttendeeRole, Part
from meetings.services.attendance import check_in
from meetings.states import CheckInWay
from reports.content import Items, Paragraph, Report, Section, Style, Tone
from reports.pdf import render_pdf
from residents.consents import ACCOUNT
from residents.services import register_person
from residents.services.elections import refuse_publishing

SEED = 20140110
HANDBOOK = "지방선거 희망공약 안내서(2022)의 정기포럼 목록"
TERM, PRINTED_HEADS, PRINTED_OFFICIALS = "민선7기", 350, 1265
# How the printed list shortens the names of regions that the register has in full.
SHORTENED = {"서울시": "서울특별시"}
NOT_PRINTED = (
    "발제문은 지은이의 글이므로 싣지 않습니다. 이 자료는 발제 자료가 자료집의 어디에 붙는지 보여 주려고 만들었습니다."
)
QUESTIONS = ("무엇을 하려고 했는가", "무엇이 달라졌는가", "무엇이 남았는가")
STAFF_BORN = date(1976, 5, 5)


def _members_by_office() -> dict[tuple[str, str], Member]:
    """Members by area and region, as the list names offices; some lines of it are of offices without a member."""
    shortened = {name: short for short, name in SHORTENED.items()}
    terms = MemberTerm.objects.select_related("member", "term__region")
    return {
        (held.member.area, shortened.get(held.term.region.name, held.term.region.name)): held.member for held in terms
    }


def _name(chance: random.Random) -> str:
    return invented_name(chance, birth_date=STAFF_BORN, female=chance.random() < 0.5)


def load_attendees_of_24th(club: Club, forum: Forum) -> None:
    """The printed list in its order: 22 lines of heads, two of them proxies, then staff. All of them came."""
    chance = random.Random(SEED)  # noqa: S311 - the same people every time
    at = forum_day = moment(forum.starts_on)
    by_office = _members_by_office()
    registrations = [
        register_attendee(
            forum_id=forum.pk,
            role=AttendeeRole(row["role"]),
            name=row["name"] or _name(chance),
            member=by_office.get((row["area"], row["organisation"])),
            area=row["area"],
            organisation=row["organisation"],
            position=row["position"],
            is_proxy=row["proxy"] == "true",
            remark=row["remark"],
            source_position=int(row["printed_position"]),
            actor=club.actor,
            at=at - timedelta(days=2),
        )
        for row in rows_of("forum_24_attendees.csv")
    ]
    for place, registration in enumerate(registrations):
        registration.refresh_from_db()
        if registration.participant_id is not None:
            came = forum_day + timedelta(hours=2, minutes=place % 55)
            check_in(participant_id=registration.participant_id, way=CheckInWay.SHEET, actor=club.actor, at=came)


def load_figures(club: Club, forums: list[Forum]) -> None:
    """What the handbook lists for each event, and the totals that it prints."""
    by_key = {(forum.term, forum.title): forum for forum in forums}
    at = club.now
    for row in rows_of("club_events.csv"):
        if row["heads"]:
            set_listed_attendance(
                forum_id=by_key[row["term"], row["title"]].pk,
                heads=int(row["heads"]),
                officials=int(row["officials"]),
                source=HANDBOOK,
                actor=club.actor,
                at=at,
            )
    for row in rows_of("club_members_printed.csv"):
        has_totals = row["term"] == TERM
        set_printed_total(
            term=row["term"],
            heads=PRINTED_HEADS if has_totals else None,
            officials=PRINTED_OFFICIALS if has_totals else None,
            members=int(row["members"]),
            source=f"{HANDBOOK}; {row['source']}" if has_totals else row["source"],
            note="목록에는 출범식과 열네 번의 포럼만 있고 제4, 11, 12, 15차가 없습니다." if has_totals else "",
            actor=club.actor,
            at=at,
        )


def load_answers(club: Club, forum: Forum) -> None:
    """Two of three offices have answered for the coming forum: the head, somebody in their place, or nobody."""
    chance = random.Random(SEED + 1)  # noqa: S311 - the same people every time
    members = sorted(club.members.values(), key=lambda one: (one.name, one.pk))
    for number, member in enumerate(members):
        if member.kind == "honorary" or number % 3 == 2:
            continue
        coming = (Coming.HEAD, Coming.HEAD, Coming.PROXY, Coming.HEAD, Coming.NOBODY)[number % 5]
        staff = [
            Person(name=_name(chance), position=post)
            for post in ("비서실장", "자치행정과장", "주민참여팀장")[: number % 4]
            if coming is not Coming.NOBODY
        ]
        answer_for_office(
            forum_id=forum.pk,
            member_id=member.pk,
            reply=Reply(
                coming=coming,
                proxy=Person(name=_name(chance), position="부단체장") if coming is Coming.PROXY else None,
                staff=staff,
                contact=f"office{number:02}@example.org",
            ),
            actor=club.actor,
            at=club.now - timedelta(days=3),
            at_the_desk=True,
        )


def _may_show(at: datetime) -> bool:
    """Whether nothing keeps a file from everybody's eyes at that moment (the days before a local election do)."""
    try:
        refuse_publishing(at=at)
    except RuleViolation:
        return False
    return True


def load_materials(club: Club, forum: Forum) -> None:
    """A sheet for each presentation, drawn here in our own words; none where this machine draws no PDF.

    They are put on record today: the forum of January 2014 was held in the days before a local election.
    """
    at = club.now
    with TemporaryDirectory() as folder:
        for number, part in enumerate(forum.contributions.filter(part=Part.PRESENTER).select_related("theme")):
            target = Path(folder) / f"{number}.pdf"
            try:
                render_pdf(_sheet(part.title, part.printed_as, str(part.theme)), target, lambda _percent, _step: None)
            except RuleViolation:
                return
            add_material(
                forum_id=forum.pk,
                data=target.read_bytes(),
                name=f"발제{number + 1}.pdf",
                title=part.title,
                author=part.printed_as,
                contribution=part,
                is_public=number == 0 and _may_show(at),
                actor=club.actor,
                at=at,
            )


def _sheet(title: str, who: str, theme: str) -> Report:
    """A page that stands where the printed book has the slides of the presentation."""
    return Report(
        title=title,
        subtitle=who,
        style=Style.A4,
        sections=(
            Section("발제 요지", (Paragraph(f"주제: {theme}", Tone.LEAD), Paragraph(NOT_PRINTED))),
            Section("살펴볼 점", (Items(QUESTIONS, ordered=True),)),
        ),
    )


def load_offices(club: Club) -> None:
    """Accounts that act for a member: they read the directory, answer for the office, and see what it owes."""
    for office in OFFICES:
        user = register_person(
            email=office.email,
            name=office.name,
            password=PASSWORD,
            mail_confirmed=True,
            actor=None,
            at=club.now - timedelta(days=40),
            consents=[ACCOUNT],
        )
        let_act(
            member_id=club.members[office.member].pk,
            user_id=user.pk,
            is_head=False,
            actor=club.actor,
            at=club.now - timedelta(days=40),
        )
