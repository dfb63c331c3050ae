"""The places of an event: given in the order in which people registered, and passed on when they get free.

`forum` is under its row lock everywhere, so that places are given once.
"""

from datetime import datetime

from core.audit.services import record
from forums.models import Forum, Registration
from forums.services.gathering import bring_to_the_list, days_of
from forums.services.registration_notices import tell_moved_up
from forums.states import ForumStatus, RegistrationStatus
from residents.models import User

HELD = frozenset({RegistrationStatus.REGISTERED, RegistrationStatus.WAITING})


def _places_left(forum: Forum) -> bool:
    if forum.places is None:
        return True
    return forum.registrations.filter(status=RegistrationStatus.REGISTERED).count() < forum.places


def _is_next(forum: Forum) -> bool:
    """Whether a free place may go to who comes now. One that just got free is for those who wait for it already."""
    return _places_left(forum) and not forum.registrations.filter(status=RegistrationStatus.WAITING).exists()


def give_place(forum: Forum, registration: Registration) -> None:
    """Registered, or on the waiting list behind all who wait already. Saves it."""
    if registration._state.adding or registration.status not in HELD:
        status = RegistrationStatus.REGISTERED if _is_next(forum) else RegistrationStatus.WAITING
        if registration._state.adding:
            registration.status = status
        else:
            registration.move_to(status)
    registration.save()


def _move_up(forum: Forum, *, actor: User | None, at: datetime) -> None:
    """Give free places to who has waited longest, and tell them; once the event is over nobody is sent there."""
    if forum.status != ForumStatus.PUBLISHED or at >= days_of(forum)[-1][2]:
        return
    moved = []
    for registration in forum.registrations.filter(status=RegistrationStatus.WAITING).order_by("registered_at", "pk"):
        if not _places_left(forum):
            break
        registration.move_to(RegistrationStatus.REGISTERED)
        registration.save(update_fields=["status"])
        record(actor=actor, action="forums.registration_moved_up", target=registration, at=at)
        moved.append(registration)
    if moved:
        tell_moved_up(forum, moved, actor=actor, at=at)


def finish(forum: Forum, *, actor: User | None, at: datetime) -> None:
    """After every change: who waits moves up, and everybody who is registered stands on the list of the meeting."""
    _move_up(forum, actor=actor, at=at)
    bring_to_the_list(forum, actor=actor, at=at)
