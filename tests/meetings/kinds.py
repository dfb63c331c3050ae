"""A kind of meetings for tests: the club's secretariat keeps it, nobody else sees it."""

from datetime import datetime, timedelta

from django.utils import timezone

from meetings.kinds import MeetingKind, register_meeting_kind
from residents.permissions import role_paths
from residents.states import Role


def _secretariat(user, _meeting):
    return bool(role_paths(user, Role.CLUB_SECRETARIAT))


KIND = register_meeting_kind(
    MeetingKind(
        name="test",
        title="시험 회의",
        may_keep=_secretariat,
        new={"quorum_article": "규약 제8조"},
        article="규약 제9조",
    )
)


def soon(at: datetime) -> datetime:
    """In half an hour, but still today: arrivals are recorded from the day of a meeting, and tests run at midnight."""
    today = timezone.localtime(at)
    return min(today + timedelta(minutes=30), today.replace(hour=23, minute=59, second=0, microsecond=0))
