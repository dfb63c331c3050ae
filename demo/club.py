"""The mayors' club in the demo: members, officers and bylaws as the book of the 24th forum prints them.

Real are the heads with their offices, the officers, the dates of the bylaws, the events with their figures. Invented
are mail addresses, the days on which officers were elected, dues and payments, and everything that happens after 2022.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.articles import Article
from demo.facts import DATA, day, rows_of
from forums.models import Member, Outsider
from forums.services.bylaws import adopt_bylaws, draft_bylaws
from forums.services.dues import charge_month, record_payment, set_dues
from forums.services.members import Particulars, add_member
from forums.services.officers import Wanted, add_partner, appoint
from forums.services.outsiders import save_outsider
from forums.states import MemberKind, Position
from residents.models import LocalElection, OfficeTerm, Region, User
from residents.services.elections import save_election

SEOUL = ZoneInfo("Asia/Seoul")
# No source says on which day the officers of the list were elected; the bylaws hold assemblies in September.
ELECTED_ON = date(2012, 9, 20)
DUES = 200_000
MONTHS_CHARGED = 3
# Of every so many members one has not paid the last month, one nothing at all.
BEHIND, OWING = 9, 23


@dataclass(frozen=True, slots=True)
class Club:
    """What the club's events are loaded with: members by name, persons from outside by name, who keeps it, and when."""

    members: dict[str, Member]
    outsiders: dict[str, Outsider]
    regions: dict[str, Region]
    actor: User
    now: datetime


def moment(on: date, hour: int = 10) -> datetime:
    return datetime(on.year, on.month, on.day, hour, tzinfo=SEOUL)


def load_elections(operator: User, at: datetime) -> None:
    """Days of the local elections of this century's terms; the one ahead is reckoned by article 34 of the act."""
    for row in rows_of("local_elections.csv"):
        held_on = day(row["held_on"])
        if held_on is None:
            raise ValueError(f"{row['title']} has no day")
        save_election(
            election=LocalElection(held_on=held_on, title=row["title"], source=row["source"]), actor=operator, at=at
        )


def load_bylaws(actor: User) -> None:
    """Both versions, each from the day on which it was adopted."""
    data = json.loads((DATA / "bylaws.json").read_text(encoding="utf-8"))
    rules: dict[str, Any] = {}
    articles: dict[str, list[str]] = {}
    for version in data["versions"]:
        rules |= version["rules"]
        articles |= version["articles"]
        adopted_on = date.fromisoformat(version["adopted_on"])
        draft = draft_bylaws(
            articles=[Article(number, title, text) for number, (title, text) in articles.items()],
            rules=rules,
            note=version["note"],
            actor=actor,
            at=moment(adopted_on),
        )
        adopt_bylaws(
            bylaws_id=draft.pk,
            adopted_on=adopted_on,
            in_force_from=date.fromisoformat(version["in_force_from"]),
            resolution=None,
            from_source=True,
            actor=actor,
            at=moment(adopted_on),
        )


def load_members(actor: User, at: datetime) -> dict[str, Member]:
    """The 57 entries of the list: 56 serving heads by their term, one former head as an honorary member."""
    terms = {(term.region.code, term.name): term for term in OfficeTerm.objects.select_related("region")}
    members = {}
    for row in rows_of("office_terms.csv"):
        is_honorary = row["member_kind"] == "honorary"
        number = int(row["printed_position"])
        mails: tuple[str, ...] = (f"head{number:02}@example.org",)
        if row["name"] in TWO_MAILS:
            mails += (f"office{number:02}@example.org",)
        members[row["name"]] = add_member(
            particulars=Particulars(
                name=row["name"],
                name_hanja=row["name_hanja"],
                former_office=row["office"] if is_honorary else "",
                area=row["area"],
                mails=mails,
            ),
            kind=MemberKind.HONORARY if is_honorary else MemberKind.REGULAR,
            term=None if is_honorary else terms[row["region_code"], row["name"]],
            joined_on=None,
            actor=actor,
            at=at,
            came_by="import",
        )
    return members


# In the printed list one member has two addresses.
TWO_MAILS = frozenset({"최성"})


def load_officers(members: dict[str, Member], actor: User) -> dict[str, Outsider]:
    """The officers of the list. Returns the persons from outside by name."""
    outsiders: dict[str, Outsider] = {}
    for row in rows_of("club_officers.csv"):
        name = row["name"]
        if row["outsider_affiliation"]:
            outsiders[name] = save_outsider(
                outsider=Outsider(name=name, affiliation=row["outsider_affiliation"], title=row["outsider_title"]),
                actor=actor,
                at=moment(ELECTED_ON),
            )
        appoint(
            wanted=Wanted(
                position=Position(row["position"]),
                since=ELECTED_ON,
                member=None if name in outsiders else members[name],
                outsider=outsiders.get(name),
                election_count=int(row["elections"]) if row["elections"] else None,
                basis="제24차 정기포럼 자료집의 임원 명단. 뽑힌 날은 시범을 위해 정했습니다.",
                position_in_list=int(row["printed_position"]),
            ),
            actor=actor,
            at=moment(ELECTED_ON),
        )
    add_partner(
        name="지방자치 배움터(시범)",
        about="시범을 위해 지어낸 협력기관입니다. 포럼 자료를 함께 만듭니다.",
        since=date(2025, 10, 1),
        resolution=None,
        basis="시범을 위해 지어낸 운영위원회 결의입니다.",
        actor=actor,
        at=moment(date(2025, 10, 1)),
    )
    return outsiders


def load_dues(members: dict[str, Member], actor: User, now: datetime) -> None:
    """Invented dues of the last months: most have paid, some are behind, a few owe all of it."""
    months = []
    first = now.date().replace(day=1)
    for _number in range(MONTHS_CHARGED):
        months.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    months.reverse()
    set_dues(
        amount=DUES,
        from_month=months[0],
        resolution=None,
        basis="시범을 위해 정한 금액입니다.",
        actor=actor,
        at=moment(months[0]),
    )
    for month in months:
        charge_month(month=month, actor=actor, at=max(moment(month), moment(months[0])))
    for number, member in enumerate(sorted(members.values(), key=lambda one: (one.name, one.pk))):
        if member.kind == MemberKind.HONORARY or number % OWING == 0:
            continue
        paid_months = MONTHS_CHARGED - (number % BEHIND == 0)
        record_payment(
            member_id=member.pk,
            amount=DUES * paid_months,
            received_on=months[-1],
            note="",
            actor=actor,
            at=moment(months[-1], 15),
        )
