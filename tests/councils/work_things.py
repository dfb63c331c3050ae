"""What a council works on, in each state, by name, for the matrix of permissions: of another body of the dong."""

from datetime import timedelta

from core.ledgers.models import Ledger
from councils.models import (
    Agreement,
    ConversionBid,
    ConversionCall,
    Enrolment,
    FundSettlement,
    Programme,
    RolloutPlan,
    SupportStaff,
    WorkItem,
)
from councils.states import (
    AgreementStatus,
    BidStatus,
    BodyKind,
    CallStatus,
    CouncilType,
    EnrolmentStatus,
    ProgrammeStatus,
    WorkKind,
    WorkStatus,
)
from tests.factories import NOON, CouncilFactory, UserFactory

DAY = NOON.date()
LATER = DAY + timedelta(days=90)


def work_things(dong):
    """One of each in each state."""
    body = CouncilFactory(dong=dong, kind=BodyKind.OTHER, name="마을회의", type="")
    things = {
        f"work of a council {status}": WorkItem.objects.create(
            council=body, kind=WorkKind.OWN, title="마을신문", status=status
        )
        for status in WorkStatus.values
    }
    for status in AgreementStatus.values:
        things[f"agreement {status}"] = Agreement.objects.create(
            council=body, title="협약", subject="운영", status=status, signed_on=DAY, starts_on=DAY, ends_on=LATER
        )
    for status in ProgrammeStatus.values:
        things[f"programme {status}"] = Programme.objects.create(
            council=body,
            title=f"서예 {status}",
            place="자치회관",
            times="월",
            starts_on=DAY,
            ends_on=LATER,
            places=5,
            status=status,
        )
    for status in EnrolmentStatus.values:
        things[f"enrolment {status}"] = Enrolment.objects.create(
            programme=things["programme open"], name="주민", status=status, enrolled_at=NOON
        )
    ledger = Ledger.objects.create(kind="village-fund", key=str(body.pk), title="마을기금", opened_at=NOON)
    things["settlement of a fund"] = FundSettlement.objects.create(
        council=body,
        ledger=ledger,
        year=2025,
        carried_in=0,
        income=0,
        spending=0,
        settled_on=DAY,
        settled_by=UserFactory(),
    )
    return {**things, **_spreading(dong)}


def _spreading(dong):
    """Calls, bids, plans and support staff of the dong's district."""
    things = {}
    for status in CallStatus.values:
        things[f"call for conversion {status}"] = ConversionCall.objects.create(
            region=dong.parent,
            title=f"공모 {status}",
            type=CouncilType.MINISTRY,
            status=status,
            opens_on=DAY,
            closes_on=DAY,
            to_choose=1,
            decided_on=DAY,
        )
        for bid in BidStatus.values if status == CallStatus.DECIDED else ():
            call = ConversionCall.objects.create(
                region=dong.parent, title="공모", type=CouncilType.MINISTRY, opens_on=DAY, closes_on=DAY, to_choose=1
            )
            things[f"bid for conversion {bid}"] = ConversionBid.objects.create(call=call, dong=dong, status=bid)
    things["plan of establishment"] = RolloutPlan.objects.create(
        region=dong.parent, title="계획", place="3쪽", source="자료"
    )
    things["support staff"] = SupportStaff.objects.create(region=dong.parent, name="지원관", since=DAY)
    return things
