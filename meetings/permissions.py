"""Who may keep and see meetings: each kind says it (meetings.kinds); participants see theirs once it is called."""

from typing import Any

import rules
from django.db.models import Q, QuerySet

from meetings.kinds import conditions, meeting_kind, meeting_kinds
from meetings.models import AgendaItem, Meeting, Participant, Resolution
from meetings.states import MeetingStatus
from residents.models import User
from residents.permissions import Person


def meeting_of(obj: Any) -> Meeting:
    """The meeting that something belongs to."""
    if isinstance(obj, Meeting):
        return obj
    if isinstance(obj, Participant | AgendaItem | Resolution):
        return obj.meeting
    raise TypeError(type(obj))


@rules.predicate
def keeps(user: Person, obj: Any) -> bool:
    """Without an object: whether they keep meetings of any kind."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if obj is None:
        return any(kind.may_keep(user, None) for kind in meeting_kinds())
    meeting = meeting_of(obj)
    kind = meeting_kind(meeting.kind)
    return kind is not None and kind.may_keep(user, meeting)


@rules.predicate
def sees(user: Person, obj: Any) -> bool:
    """What is being prepared is its keepers’ own."""
    if obj is None:
        return any(kind.may_view(user, None) for kind in meeting_kinds())
    meeting = meeting_of(obj)
    kind = meeting_kind(meeting.kind)
    return kind is not None and meeting.status != MeetingStatus.DRAFT and kind.may_view(user, meeting)


@rules.predicate
def takes_part(user: Person, obj: Any) -> bool:
    """One query. Without an object: any account may be invited to something."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if obj is None:
        return True
    meeting = meeting_of(obj)
    return meeting.status != MeetingStatus.DRAFT and meeting.participants.filter(user=user).exists()


def kept_meetings(user: Person) -> QuerySet[Meeting]:
    """The meetings that `user` keeps, for lists."""
    return Meeting.objects.filter(_any_of(list(conditions(user, keeping=True))))


def visible_meetings(user: Person) -> QuerySet[Meeting]:
    """The meetings that `view_meeting` opens to `user`, for lists."""
    condition = _any_of(list(conditions(user, keeping=True)))
    called = _any_of(list(conditions(user, keeping=False)))
    if isinstance(user, User):
        called |= Q(pk__in=Participant.objects.filter(user=user).values("meeting"))
    return Meeting.objects.filter(condition | (called & ~Q(status=MeetingStatus.DRAFT)))


def _any_of(choices: list[Q]) -> Q:
    condition = Q(pk__in=[])
    for one in choices:
        condition |= one
    return condition


rules.add_perm("meetings.keep_meeting", keeps)
rules.add_perm("meetings.view_meeting", keeps | sees | takes_part)
