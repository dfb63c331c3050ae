"""One thing of the club of each kind in each state, by name, for the matrix of permissions."""

from datetime import date

from forums.models import (
    Appointment,
    Bylaws,
    ClubMeeting,
    CostShare,
    DuesCharge,
    DuesRate,
    Forum,
    Material,
    Member,
    MemberAccount,
    Outsider,
    Partner,
    Payment,
    PrintedTotal,
    ProgrammeVersion,
    Publication,
    Refund,
    Registration,
)
from forums.programme import as_data
from forums.queries.forums import forum_with_programme, programme_of
from forums.states import (
    ApplicationStatus,
    AttendeeRole,
    BylawsStatus,
    EventKind,
    ForumStatus,
    MemberStatus,
    Position,
    PublicationKind,
    PublicationStatus,
)
from tests.factories import NOON, ApplicationFactory, MemberFactory
from tests.forums.club import RAW_RULES

DAY = date(2026, 6, 1)


def club_things(who):
    """`who` are the accounts of the town; "member" acts for a member, "elsewhere" for one who left."""
    own = Member.objects.get(accounts__user=who["member"])
    other = MemberFactory()
    return {
        "membership acted for": own,
        "another membership": other,
        "membership that ended": Member.objects.get(status=MemberStatus.LEFT),
        "account of a member": MemberAccount.objects.get(user=who["member"]),
        "registration of the member acted for": _registration(own),
        "registration of another member": _registration(other),
        **_applications(who, other),
        **_governance(own),
        **_events(),
        **_publications(),
    }


def _applications(who, member):
    things = {
        f"application {status}": ApplicationFactory(
            status=status, member=member if status == ApplicationStatus.APPROVED else None
        )
        for status in ApplicationStatus.values
    }
    return things | {"the member's own application": ApplicationFactory(user=who["member"])}


def _registration(member):
    forum = Forum.objects.create(
        kind=EventKind.VISIT, term="민선8기", title="견학", starts_on=DAY, ends_on=DAY, status=ForumStatus.PUBLISHED
    )
    return Registration.objects.create(
        forum=forum, member=member, role=AttendeeRole.HEAD, name=member.name, registered_at=NOON
    )


def _governance(member):
    days = {"adopted_on": DAY, "in_force_from": DAY}
    return {
        "officer": Appointment.objects.create(position=Position.CO_CHAIR, member=member, since=DAY),
        "outsider": Outsider.objects.create(name="발제자"),
        "partner": Partner.objects.create(name="연구소", since=DAY),
        "bylaws draft": Bylaws.objects.create(number=1, rules=RAW_RULES),
        "bylaws adopted": Bylaws.objects.create(number=2, rules=RAW_RULES, status=BylawsStatus.ADOPTED, **days),
        "dues rate": DuesRate.objects.create(amount=100_000, from_month=DAY),
        "printed total": PrintedTotal.objects.create(term="민선7기", heads=350, officials=1265, source="안내서"),
        # These hang on rows of other apps that no predicate looks at.
        "club meeting": ClubMeeting(),
        "charged dues": DuesCharge(),
        "payment": Payment(),
        "refund": Refund(),
        "cost share": CostShare(),
    }


def _snapshot(forum):
    return as_data(programme_of(forum_with_programme().get(pk=forum.pk)))


def _events():
    things = {}
    for number, status in enumerate(ForumStatus.values, start=1):
        forum = Forum.objects.create(
            kind=EventKind.FORUM,
            status=status,
            number=number,
            term="민선8기",
            title=f"{number}차 포럼",
            starts_on=DAY,
            ends_on=DAY,
            cancelled_because="장소가 없습니다." if status == ForumStatus.CANCELLED else "",
        )
        things[f"forum {status}"] = forum
        if status != ForumStatus.DRAFT:
            ProgrammeVersion.objects.create(forum=forum, number=1, snapshot=_snapshot(forum), published_at=NOON)
        for name, is_public in (("material", False), ("open material", True)):
            things[f"{name} of a forum {status}"] = Material.objects.create(
                forum=forum,
                title="발표 자료",
                file="materials/none",
                file_name="발표.pdf",
                content_type="application/pdf",
                size=1,
                sha256=f"{number}{is_public:d}".ljust(64, "0"),
                is_public=is_public,
                uploaded_at=NOON,
            )
    return things


def _publications():
    kinds = {"publication": PublicationKind.JOURNAL, "forum book": PublicationKind.BOOK}
    return {
        f"{name} {status}": Publication.objects.create(kind=kind, status=status, title="저널", year=2026)
        for name, kind in kinds.items()
        for status in PublicationStatus.values
    }
