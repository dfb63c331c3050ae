"""The kinds of meetings, handed in by the apps that hold them in `AppConfig.ready()`.

register_meeting_kind(MeetingKind(
    name="club-general", title=_("General assembly"), may_keep=secretariat_keeps, may_view=is_member, …
))

A kind says who may keep its meetings (prepare, call, open, record) and who may see them besides the participants.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.functional import Promise

from meetings.states import MajorityRule

if TYPE_CHECKING:
    from meetings.models import Meeting, Resolution
    from residents.permissions import Person


def _nobody(_user: "Person", _meeting: "Meeting | None") -> bool:
    return False


def _nothing_against(_meeting: "Meeting", _at: datetime) -> list[str]:
    return []


def _nothing_rests_on(_resolution: "Resolution") -> str:
    return ""


def _stands_alone(_meeting: "Meeting") -> str:
    return ""


@dataclass(frozen=True, slots=True)
class DoorStep:
    """A step beside a name at the door: its words, and the address of the page that asks back and takes it."""

    label: str
    url: str


def _no_steps(_meeting: "Meeting") -> "Mapping[int, DoorStep]":
    return {}


@dataclass(frozen=True, slots=True)
class MeetingKind:
    """A kind of meetings.

    may_keep, may_view: (account, meeting or None for “any of this kind”). Participants see theirs in any case, once it
    is called. kept_among, seen_among: the same as a condition on meetings, for lists; where they are not given, whoever
    may with None may with all.
    against_calling: what stands against calling this meeting now, as sentences: who may call it, days of notice.
    against_withdrawing: what stands against withdrawing a resolution, as a sentence: that something rests on it.
    against_cancelling: what stands against calling the meeting off by itself, as a sentence: that it is part of a thing
    of the app above, and follows that.
    new: values of a new meeting's fields, such as the quorum's article; the keeper may change them.
    majority, article: how it decides; the article stands beside each resolution.
    is_bound: whether bylaws and a register of the app above say who calls it, who counts, with how many it opens and by
    which majority it decides; the keeper changes none of that.
    is_offered: whether the list of meetings offers to make one; otherwise the app above makes them in its own way.
    wants_minutes: whether minutes are written of it; of an event with a list of who came there are none.
    planned_at: the address of the page where the app above plans one.
    desk_page: the address of the page where the app above keeps what it adds to a meeting, such as who calls it.
    door_steps: what the app above lets the desk at the door do besides, by the number of the participant; one query.
    """

    name: str
    title: str | Promise
    may_keep: "Callable[[Person, Meeting | None], bool]"
    may_view: "Callable[[Person, Meeting | None], bool]" = _nobody
    kept_among: "Callable[[Person], Q | None] | None" = None
    seen_among: "Callable[[Person], Q | None] | None" = None
    against_calling: "Callable[[Meeting, datetime], list[str]]" = _nothing_against
    against_withdrawing: "Callable[[Resolution], str]" = _nothing_rests_on
    against_cancelling: "Callable[[Meeting], str]" = _stands_alone
    new: Mapping[str, Any] = field(default_factory=dict)
    majority: MajorityRule = MajorityRule.OF_PRESENT
    article: str = ""
    is_bound: bool = False
    is_offered: bool = True
    wants_minutes: bool = True
    planned_at: Callable[[], str] | None = None
    desk_page: "Callable[[Meeting], str] | None" = None
    door_steps: "Callable[[Meeting], Mapping[int, DoorStep]]" = _no_steps


_kinds: dict[str, MeetingKind] = {}


def register_meeting_kind(kind: MeetingKind) -> MeetingKind:
    """Let meetings of this kind be held. Raises ValueError if the name is taken by another one."""
    known = _kinds.get(kind.name)
    if known is not None and known.may_keep is not kind.may_keep:
        raise ValueError(f"two kinds of meetings are called {kind.name}")
    _kinds[kind.name] = kind
    return kind


def meeting_kind(name: str) -> MeetingKind | None:
    """None for a kind of an app that is gone: nobody keeps such meetings."""
    return _kinds.get(name)


def is_bound(meeting: "Meeting") -> bool:
    """Whether who counts, quorum and majority of this meeting stand in bylaws (`MeetingKind.is_bound`)."""
    kind = meeting_kind(meeting.kind)
    return kind is not None and kind.is_bound


def meeting_kinds() -> list[MeetingKind]:
    """All, in the order in which the apps handed them in."""
    return list(_kinds.values())


def _among(user: "Person", kind: MeetingKind, *, keeping: bool) -> Q | None:
    given, may = (kind.kept_among, kind.may_keep) if keeping else (kind.seen_among, kind.may_view)
    if given is not None:
        condition = given(user)
        return None if condition is None else Q(kind=kind.name) & condition
    return Q(kind=kind.name) if may(user, None) else None


def conditions(user: "Person", *, keeping: bool) -> Iterator[Q]:
    """For each kind the condition on the meetings that `user` keeps (or sees); kinds without any are left out."""
    for kind in _kinds.values():
        condition = _among(user, kind, keeping=keeping)
        if condition is not None:
            yield condition
