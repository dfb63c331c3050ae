"""Shared reads of meetings."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from meetings.hours import Attended, Span, attended
from meetings.models import Attendance, Meeting, Participant, Resolution
from meetings.quorum import Quorum, check_quorum
from meetings.sittings import Day, Times, day_at, days_of, end_of
from meetings.states import MeetingStatus

MOST_POSTERS = 31  # of a meeting that was given no sittings

OF_FORCE = Q(replaced_at__isnull=True, is_struck=False)


def attendances_in_force() -> QuerySet[Attendance]:
    """Those that were neither replaced nor struck, in order of arrival."""
    return Attendance.objects.filter(OF_FORCE).order_by("arrived_at", "pk")


def roll_of(meeting: Meeting) -> QuerySet[Participant]:
    """The participants in the order of the list, each with `.spans` in force; two queries."""
    return meeting.participants.order_by("order", "pk").prefetch_related(
        Prefetch("attendances", queryset=attendances_in_force(), to_attr="spans")
    )


def open_span(participant: Participant, day: Day) -> Attendance | None:
    """The span of somebody of `roll_of` who came on that day and has not left."""
    return next((span for span in spans_of(participant) if span.left_at is None and day.has(span.arrived_at)), None)


def spans_of(participant: Participant) -> list[Attendance]:
    """What counts of somebody of `roll_of`; asks the database only for others."""
    loaded: list[Attendance] | None = getattr(participant, "spans", None)
    return loaded if loaded is not None else list(attendances_in_force().filter(participant=participant))


def meeting_days(meeting: Meeting) -> list[Day]:
    """The days of a meeting, at least one; one query unless its sittings were fetched before."""
    return days_of(sittings_of(meeting), timezone.get_default_timezone())


def _door_spans(meeting: Meeting) -> list[Times]:
    """The sittings; of a meeting without any the meeting itself, unless it goes on for more than a day."""
    sittings = [(sitting.starts_at, sitting.ends_at) for sitting in meeting.sittings.all()]
    if sittings or meeting.ends_at - meeting.starts_at > timedelta(days=1):
        return sittings
    return [(meeting.starts_at, meeting.ends_at)]


def poster_days(meeting: Meeting) -> list[date]:
    """The days for which there is a code on paper: those on which something begins, or from the first to the last."""
    if spans := _door_spans(meeting):
        return sorted({timezone.localdate(begins) for begins, _ends in spans})
    first, last = timezone.localdate(meeting.starts_at), timezone.localdate(meeting.ends_at)
    return [first + timedelta(days=number) for number in range(min((last - first).days + 1, MOST_POSTERS))]


def poster_day(meeting: Meeting, at: datetime) -> date:
    """Whose code on paper holds at `at`: of the day in the calendar, or past midnight of what goes on since then."""
    running = next((begins for begins, ends in _door_spans(meeting) if begins <= at < ends), at)
    return timezone.localdate(running)


def counts_of(meeting: Meeting, at: datetime) -> tuple[int, int, int]:
    """(eligible, eligible who are there, all who are there), in persons, on the day that `at` belongs to.

    One query, and one for the sittings unless they were fetched before. Whoever came on a day before and has not come
    again is not there.
    """
    there = Q(
        attendances__left_at__isnull=True,
        attendances__replaced_at__isnull=True,
        attendances__is_struck=False,
        attendances__isnull=False,
    )
    since = day_at(meeting_days(meeting), at).since
    if since is not None:
        there &= Q(attendances__arrived_at__gte=since)
    counted = Participant.objects.filter(meeting=meeting).aggregate(
        eligible=Count("pk", filter=Q(is_eligible=True), distinct=True),
        voting=Count("pk", filter=Q(is_eligible=True) & there, distinct=True),
        there=Count("pk", filter=there, distinct=True),
    )
    eligible = meeting.eligible if meeting.eligible is not None else counted["eligible"]
    return eligible, counted["voting"], counted["there"]


def quorum_now(meeting: Meeting, at: datetime) -> Quorum:
    """Whether enough are there at this moment; queries as `counts_of`."""
    eligible, present, _all = counts_of(meeting, at)
    return check_quorum(meeting.quorum, eligible=eligible, present=present, article=meeting.quorum_article)


def quorum_at_opening(meeting: Meeting) -> Quorum | None:
    """What was counted when it opened; None before."""
    if meeting.present_at_opening is None:
        return None
    return Quorum(
        eligible=meeting.eligible_at_opening or 0,
        present=meeting.present_at_opening,
        needed=meeting.needed_at_opening or 0,
        article=meeting.quorum_article,
    )


def came(participant: Participant) -> bool:
    """Whether somebody of `roll_of` was there at any time."""
    return bool(spans_of(participant))


def sittings_of(meeting: Meeting) -> list[Times]:
    """The spans for which attendance is reckoned, in order: the sittings, or the meeting as it was really held."""
    sittings = [(sitting.starts_at, sitting.ends_at) for sitting in meeting.sittings.all()]
    if sittings:
        return sittings
    start = meeting.opened_at or meeting.starts_at
    return [(start, max(start, meeting.closed_at or meeting.ends_at))]


def attended_by(participant: Participant, sittings: Iterable[Times], *, until: datetime) -> Attended:
    """How long somebody of `roll_of` was there within `sittings_of` the meeting."""
    held = list(sittings)
    return attended(_spans(participant, held, until), held, until=until)


def attended_each(participant: Participant, sittings: Iterable[Times], *, until: datetime) -> list[Attended]:
    """The same for each sitting alone, in their order."""
    held = list(sittings)
    spans = _spans(participant, held, until)
    return [attended(spans, [sitting], until=until) for sitting in held]


def _spans(participant: Participant, sittings: list[Times], until: datetime) -> list[Span]:
    """Without a departure somebody was there to the end of that day, not through the night."""
    days = days_of(sittings, timezone.get_default_timezone())
    return [
        Span(span.arrived_at, span.left_at or end_of(span.arrived_at, days, until)) for span in spans_of(participant)
    ]


def spans_within(participant: Participant, sittings: Iterable[Times], *, until: datetime) -> list[list[Attendance]]:
    """For each sitting the attendances of somebody of `roll_of` that reach into it."""
    held = list(sittings)
    pairs = list(zip(spans_of(participant), _spans(participant, held, until), strict=True))
    return [[one for one, span in pairs if span.start < ends and (span.end or until) > begins] for begins, ends in held]


def resolutions_of(meeting: Meeting) -> QuerySet[Resolution]:
    """Those that stand, with their candidates; two queries."""
    return (
        meeting.resolutions.filter(withdrawn_at=None)
        .select_related("item")
        .prefetch_related("candidates")
        .order_by("number")
    )


def coming_meetings(meetings: QuerySet[Meeting], at: datetime) -> QuerySet[Meeting]:
    """Those that are not over, the nearest first."""
    return meetings.filter(
        Q(status__in=[MeetingStatus.OPEN, MeetingStatus.ADJOURNED])
        | Q(status__in=[MeetingStatus.DRAFT, MeetingStatus.CALLED], ends_at__gt=at)
    ).order_by("starts_at", "pk")
