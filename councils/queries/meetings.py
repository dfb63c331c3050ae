"""Shared reads on the meetings of councils: quorum, what everybody may read, how often somebody came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from councils.models import Council, CouncilMeeting, Member, Subcommittee
from councils.queries.members import rules_of_term, term_on
from meetings.models import Participant, Resolution
from meetings.queries import attendances_in_force, attended_by, sittings_of
from meetings.states import HELD, MeetingStatus, QuorumRule
from ordinances.queries import rule_set_in_force
from ordinances.values import CouncilQuorumKind
from residents.states import RegionLevel

LONGEST_ARTICLE = 120
RULES = {
    CouncilQuorumKind.MAJORITY: QuorumRule.MAJORITY,
    CouncilQuorumKind.SHARE_OF_MEMBERS: QuorumRule.SHARE,
    CouncilQuorumKind.NUMBER: QuorumRule.NUMBER,
    CouncilQuorumKind.NONE: QuorumRule.NONE,
}
WITH_AMOUNT = {QuorumRule.SHARE, QuorumRule.NUMBER}


@dataclass(frozen=True, slots=True)
class QuorumOfCouncil:
    """With how many a meeting opens, as `meetings` writes it, and where that stands."""

    rule: str
    amount: int | None
    article: str


def quorum_of(council: Council, subcommittee: Subcommittee | None, day: date) -> QuorumOfCouncil:
    """The quorum of the rule set of the term that runs on `day`; more than half, and said so, where it is silent.

    Ordinances speak of the council; a subcommittee opens with more than half of those who sit in it.
    """
    if subcommittee is not None:
        return QuorumOfCouncil(QuorumRule.MAJORITY, None, _("More than half of those who sit in it"))
    term = term_on(council, day)
    if term is not None:
        rule_set = rules_of_term(term)
    else:
        region = council.dong.parent if council.dong.level == RegionLevel.DONG else council.dong
        rule_set = rule_set_in_force(region, day) if region else None
    rule = rule_set.for_councils().council_quorum if rule_set else None
    if rule is None:
        return QuorumOfCouncil(
            QuorumRule.MAJORITY, None, _("The rules name no quorum; more than half is assumed")[:LONGEST_ARTICLE]
        )
    kind = RULES[rule.value.kind]
    article = f"{rule.source} ({rule.doubt})" if rule.doubt else rule.source
    return QuorumOfCouncil(kind, rule.value.amount if kind in WITH_AMOUNT else None, article[:LONGEST_ARTICLE])


def meetings_of(council: Council) -> QuerySet[CouncilMeeting]:
    """The meetings of a council and its subcommittees, the newest first."""
    return (
        CouncilMeeting.objects.filter(council=council)
        .select_related("meeting", "subcommittee")
        .order_by("-meeting__starts_at", "-pk")
    )


def next_meeting(council: Council, at: datetime) -> CouncilMeeting | None:
    """The next meeting of the whole council that has been called, with its agenda; two queries."""
    return (
        CouncilMeeting.objects.filter(
            council=council,
            subcommittee__isnull=True,
            meeting__status__in=[MeetingStatus.CALLED, MeetingStatus.OPEN, MeetingStatus.ADJOURNED],
            meeting__ends_at__gt=at,
        )
        .select_related("meeting")
        .prefetch_related("meeting__agenda")
        .order_by("meeting__starts_at")
        .first()
    )


def decided_meetings(council: Council) -> QuerySet[CouncilMeeting]:
    """Meetings whose minutes are approved, with what they decided as `meeting.decided`; two queries."""
    decided = Resolution.objects.filter(withdrawn_at__isnull=True).order_by("number")
    return (
        meetings_of(council)
        .filter(meeting__status=MeetingStatus.MINUTED)
        .prefetch_related(Prefetch("meeting__resolutions", queryset=decided, to_attr="decided"))
    )


@dataclass(frozen=True, slots=True)
class Activity:
    """How often and how long a member came to meetings that were held while they served. Hours are minutes ÷ 60."""

    called: int
    came: int
    minutes: int


def activity_of(members: Sequence[Member]) -> dict[int, Activity]:
    """The activity of each, by their keys; four queries, however many they are."""
    numbers = [member.pk for member in members]
    participants = (
        Participant.objects.filter(council_member__member__in=numbers, meeting__status__in=HELD)
        .select_related("meeting", "council_member")
        .prefetch_related(
            "meeting__sittings", Prefetch("attendances", queryset=attendances_in_force(), to_attr="spans")
        )
    )
    found = dict.fromkeys(numbers, Activity(0, 0, 0))
    for one in participants:
        meeting = one.meeting
        until = meeting.closed_at or meeting.ends_at
        minutes = attended_by(one, sittings_of(meeting), until=until).minutes
        member: int = one.council_member.member_id
        before = found[member]
        found[member] = Activity(
            before.called + 1, before.came + bool(getattr(one, "spans", ())), before.minutes + minutes
        )
    return found
