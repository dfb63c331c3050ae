"""Writes on calls for conversion: briefed, open, closed, decided; what is decided begins the conversion itself (C2)."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.audit.services import record
from core.errors import RuleViolation
from councils.models import CallBriefing, ConversionBid, ConversionCall, Council
from councils.services.roster import start_conversion, start_first_conversion
from councils.states import BidStatus, BodyKind, CallStatus, CouncilStatus, CouncilType
from residents.models import Region, User
from residents.states import RegionLevel

MOST_SCORE = 1000


@transaction.atomic
def plan_call(  # noqa: PLR0913 - a call has this many facts
    *,
    region: Region,
    title: str,
    type: CouncilType,  # noqa: A002 - the field's own name
    opens_on: date,
    closes_on: date,
    to_choose: int,
    briefings_from: date | None = None,
    briefings_to: date | None = None,
    briefed: int | None = None,
    source: str = "",
    note: str = "",
    actor: User | None,
    at: datetime,
) -> ConversionCall:
    """Plan a district's call to its dongs. Days count, first and last included.

    Raises RuleViolation if the region is no municipality, the days are out of order or nobody is to be chosen.
    """
    if region.level != RegionLevel.MUNICIPALITY:
        raise RuleViolation(_("A call for conversion belongs to a city, county or district."))
    if closes_on < opens_on or (briefings_from and briefings_to and briefings_to < briefings_from):
        raise RuleViolation(_("The last day comes before the first."), code="ends_before_start")
    if to_choose < 1 or not title.strip():
        raise RuleViolation(_("Please give the call a title, and say how many dongs are chosen: one at least."))
    call = ConversionCall.objects.create(
        region=region,
        title=title.strip(),
        type=CouncilType(type),
        opens_on=opens_on,
        closes_on=closes_on,
        to_choose=to_choose,
        briefings_from=briefings_from,
        briefings_to=briefings_to,
        briefed=briefed,
        source=source.strip(),
        note=note.strip(),
    )
    _note("councils.call_planned", call, actor, at)
    return call


@transaction.atomic
def record_briefing(  # noqa: PLR0913 - a briefing has this many facts
    *, call_id: int, dong: Region, held_on: date, people: int | None, actor: User | None, at: datetime
) -> CallBriefing:
    """Record that a dong was briefed. Raises RuleViolation for a dong elsewhere, a day to come, or one that was."""
    call = _locked(call_id)
    _of_the_call(call, dong)
    if held_on > timezone.localdate(at):
        raise RuleViolation(_("This day is still to come."))
    if call.briefings.filter(dong=dong).exists():
        raise RuleViolation(_("This dong has been briefed already."), code="briefed_already")
    briefing = CallBriefing.objects.create(call=call, dong=dong, held_on=held_on, people=people)
    _note("councils.dong_briefed", call, actor, at)
    return briefing


@transaction.atomic
def open_call(*, call_id: int, actor: User | None, at: datetime) -> ConversionCall:
    """Let dongs answer. Raises RuleViolation before the first day, or if the call is not planned."""
    call = _locked(call_id)
    if timezone.localdate(at) < call.opens_on:
        raise RuleViolation(_("The first day of this call has not come yet."), code="too_early")
    call.move_to(CallStatus.OPEN)
    call.save(update_fields=["status"])
    _note("councils.call_opened", call, actor, at)
    return call


@transaction.atomic
def submit_bid(*, call_id: int, dong: Region, plan: str, actor: User | None, at: datetime) -> ConversionBid:
    """A dong answers the call, once; a bid that was withdrawn can be handed in anew.

    Raises RuleViolation if the call is not open or over, the dong lies elsewhere, has handed one in, has a council of
    this type already or one that is being converted, or there is no plan of operation.
    """
    call = _locked(call_id)
    day = timezone.localdate(at)
    if call.status != CallStatus.OPEN or not call.opens_on <= day <= call.closes_on:
        raise RuleViolation(_("This call takes no bids now."), code="call_not_open")
    _of_the_call(call, dong)
    if not plan.strip():
        raise RuleViolation(_("Please write the plan of operation: what the council of the dong is going to do."))
    council = _council_of(dong)
    if council and (council.type == call.type or council.status == CouncilStatus.CONVERTING):
        raise RuleViolation(_("The dong has a council of this type, or one that is being converted."))
    bid = ConversionBid.objects.filter(call=call, dong=dong).first()
    if bid is not None and bid.status != BidStatus.WITHDRAWN:
        raise RuleViolation(_("This dong has answered the call already."), code="bid_already")
    if bid is not None:
        bid.delete()  # it was withdrawn; the audit log keeps that it was there
    bid = ConversionBid.objects.create(call=call, dong=dong, submitted_on=day, plan=plan.strip())
    _note("councils.bid_submitted", call, actor, at, dong)
    return bid


@transaction.atomic
def withdraw_bid(*, bid_id: int, actor: User | None, at: datetime) -> ConversionBid:
    """Take a bid back before the decision. Raises RuleViolation after it."""
    bid = _locked_bid(bid_id)
    bid.move_to(BidStatus.WITHDRAWN)
    bid.save(update_fields=["status"])
    _note("councils.bid_withdrawn", bid.call, actor, at, bid.dong)
    return bid


@transaction.atomic
def close_call(*, call_id: int, actor: User | None, at: datetime) -> ConversionCall:
    """Take no more bids. Raises RuleViolation before the last day is over, or if the call is not open."""
    call = _locked(call_id)
    if timezone.localdate(at) <= call.closes_on:
        raise RuleViolation(_("The last day of this call is not over yet."), code="too_early")
    call.move_to(CallStatus.CLOSED)
    call.save(update_fields=["status"])
    _note("councils.call_closed", call, actor, at)
    return call


@transaction.atomic
def score_bid(*, bid_id: int, score: int, actor: User | None, at: datetime) -> ConversionBid:
    """Write down how a bid was judged, in points. Raises RuleViolation before the closing and after the decision."""
    bid = _locked_bid(bid_id)
    if bid.call.status != CallStatus.CLOSED or bid.status != BidStatus.SUBMITTED:
        raise RuleViolation(_("Bids are judged between the closing of the call and the decision."))
    if not 0 <= score <= MOST_SCORE:
        raise RuleViolation(_("A score lies between 0 and %(most)s.") % {"most": MOST_SCORE})
    bid.score = score
    bid.save(update_fields=["score"])
    _note("councils.bid_scored", bid.call, actor, at, bid.dong)
    return bid


@transaction.atomic
def decide_call(  # noqa: PLR0913 - a decision has this many facts
    *, call_id: int, chosen: Collection[int], reason: str, decided_on: date, actor: User | None, at: datetime
) -> ConversionCall:
    """Choose the bids with the keys `chosen`, and begin the conversion of their councils.

    Raises RuleViolation if the call is not closed, more are chosen than it says, fewer without a reason, the day lies
    before the closing or ahead, or a key is none of its bids.
    """
    call = _locked(call_id)
    if not call.closes_on <= decided_on <= timezone.localdate(at):
        raise RuleViolation(_("A call is decided on its last day or later, and not ahead of time."))
    bids = {bid.pk: bid for bid in call.bids.select_related("dong__parent").filter(status=BidStatus.SUBMITTED)}
    wanted = set(chosen)
    if wanted - bids.keys():
        raise RuleViolation(_("Only dongs that answered this call can be chosen."), code="unknown_bid")
    if len(wanted) > call.to_choose:
        raise RuleViolation(
            ngettext(
                "This call chooses %(count)d dong; more are marked.",
                "This call chooses %(count)d dongs; more are marked.",
                call.to_choose,
            )
            % {"count": call.to_choose},
            code="too_many",
        )
    if len(wanted) < call.to_choose and not reason.strip():
        raise RuleViolation(_("Fewer dongs are chosen than the call says. Please write down why."), code="no_reason")
    call.move_to(CallStatus.DECIDED)
    call.decided_on = decided_on
    call.save(update_fields=["status", "decided_on"])
    for bid in bids.values():
        bid.move_to(BidStatus.CHOSEN if bid.pk in wanted else BidStatus.NOT_CHOSEN)
        bid.reason = reason.strip()[:300]
        if bid.status == BidStatus.CHOSEN:
            bid.council = _convert(call, bid.dong, actor, at)
        bid.save()
    _note("councils.call_decided", call, actor, at)
    return call


def _convert(call: ConversionCall, dong: Region, actor: User | None, at: datetime) -> Council:
    council = _council_of(dong)
    kind = CouncilType(call.type)
    if council is None:
        return start_first_conversion(dong=dong, type=kind, note=call.title, actor=actor, at=at)
    if council.status == CouncilStatus.CONVERTING:
        return council
    return start_conversion(council_id=council.pk, type=kind, actor=actor, at=at)


def _council_of(dong: Region) -> Council | None:
    return Council.objects.filter(dong=dong, kind=BodyKind.COUNCIL).exclude(status=CouncilStatus.DISSOLVED).first()


def _of_the_call(call: ConversionCall, dong: Region) -> None:
    if dong.level != RegionLevel.DONG or not call.region.contains(dong):
        raise RuleViolation(_("This dong does not belong to the municipality of the call."), code="other_place")


def _locked(call_id: int) -> ConversionCall:
    return ConversionCall.objects.select_for_update(of=("self",)).select_related("region").get(pk=call_id)


def _locked_bid(bid_id: int) -> ConversionBid:
    call = _locked(ConversionBid.objects.values_list("call_id", flat=True).get(pk=bid_id))
    bid = ConversionBid.objects.select_related("dong__parent").get(pk=bid_id)
    bid.call = call
    return bid


def _note(action: str, call: ConversionCall, actor: User | None, at: datetime, dong: Region | None = None) -> None:
    details = {"dong": dong.code} if dong else {}
    record(actor=actor, action=action, target=call, scope=(dong or call.region).path, details=details, at=at)
