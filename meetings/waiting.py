"""What waits for whoever keeps meetings, on the desk's first page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.kinds import meeting_kind
from meetings.models import Meeting
from meetings.permissions import keeps, kept_meetings
from meetings.states import MeetingStatus
from residents.desk.waiting import Coming, Urgency, Waiting, urgency_of
from residents.models import User


def _address(meeting: Meeting) -> str:
    return reverse("meetings:keep", args=[meeting.pk])


def meeting_work(user: User) -> list[Waiting]:
    """Drafts not yet called, meetings to open or close, minutes to write: one line each, with the nearest deadline."""
    if not keeps(user, None):
        return []
    now = timezone.now()
    theirs = list(
        kept_meetings(user)
        .filter(status__in=[MeetingStatus.DRAFT, MeetingStatus.CALLED, *_UNDER_WAY, MeetingStatus.CLOSED])
        .order_by("starts_at", "pk")
    )
    drafts = [one for one in theirs if one.status == MeetingStatus.DRAFT and one.starts_at > now]
    today = [
        one
        for one in theirs
        if one.status in _UNDER_WAY
        or (one.status == MeetingStatus.CALLED and timezone.localdate(one.starts_at) <= timezone.localdate(now))
    ]
    minutes = [one for one in theirs if one.status == MeetingStatus.CLOSED and _wants_minutes(one)]
    lines = []
    if today:
        why = _("Record who comes, open the meeting with its quorum, and close it.")
        lines.append(_line(_("Meetings of today"), today, why, Urgency.NOW))
    if drafts:
        why = _("Look at the agenda and the list, then call the meeting so that the invitations go out.")
        urgency = urgency_of(drafts[0].starts_at, now)
        lines.append(_line(_("Meetings not called yet"), drafts, why, urgency, deadline=True))
    if minutes:
        why = _("The minutes name who was there, what was said and decided, and who signs.")
        lines.append(_line(_("Minutes to write"), minutes, why, Urgency.TO_LOOK_AT))
    return lines


_UNDER_WAY = (MeetingStatus.OPEN, MeetingStatus.ADJOURNED)


def _line(name: str, meetings: list[Meeting], why: str, urgency: Urgency, *, deadline: bool = False) -> Waiting:
    url = _address(meetings[0]) if len(meetings) == 1 else reverse("meetings:list")
    return Waiting(
        label=name,
        count=len(meetings),
        url=url,
        why=why,
        urgency=urgency,
        deadline=meetings[0].starts_at if deadline else None,
    )


def _wants_minutes(meeting: Meeting) -> bool:
    kind = meeting_kind(meeting.kind)
    return kind is not None and kind.wants_minutes


def next_meetings(user: User) -> list[Coming]:
    """The next called meeting that this account keeps."""
    if not keeps(user, None):
        return []
    coming = kept_meetings(user).filter(status=MeetingStatus.CALLED, starts_at__gt=timezone.now()).order_by("starts_at")
    return [Coming(one.starts_at, one.title, _address(one)) for one in coming[:1]]
