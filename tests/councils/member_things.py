"""A term, members in each state, a subcommittee with seats and a meeting, by name, for the matrix of permissions."""

from datetime import timedelta

from councils.models import CouncilMeeting, CouncilTerm, Member, Subcommittee, SubcommitteeSeat
from councils.states import BodyKind, CouncilMeetingKind, MemberStatus
from tests.factories import NOON, CouncilFactory, MeetingFactory

DAY = NOON.date()


def member_things(dong):
    """Those of another body of the dong, so that its council stays what it is."""
    body = CouncilFactory(dong=dong, kind=BodyKind.YOUTH, name="청년참여위원회", type="")
    term = CouncilTerm.objects.create(
        council=body, number=1, starts_on=DAY - timedelta(days=99), ends_on=DAY + timedelta(days=300), seats=9
    )
    members = {
        f"council member {status}": Member.objects.create(
            term=term,
            name=f"위원 {status}",
            appointed_on=term.starts_on,
            status=status,
            left_on=None if status == MemberStatus.SERVING else DAY,
            leaving_reason="" if status == MemberStatus.SERVING else "이사",
        )
        for status in MemberStatus.values
    }
    part = Subcommittee.objects.create(council=body, name="문화분과", founded_on=term.starts_on)
    meeting = MeetingFactory(kind="council-regular", scope=dong.path)
    return {
        "term of a council": term,
        **members,
        "subcommittee": part,
        "subcommittee dissolved": Subcommittee.objects.create(
            council=body, name="환경분과", founded_on=term.starts_on, dissolved_on=DAY
        ),
        "seat asked for": SubcommitteeSeat.objects.create(subcommittee=part, name="주민", asked_at=NOON),
        "seat taken": SubcommitteeSeat.objects.create(subcommittee=part, name="주민", joined_on=DAY),
        "meeting of a council": CouncilMeeting.objects.create(
            council=body, kind=CouncilMeetingKind.REGULAR, meeting=meeting
        ),
    }
