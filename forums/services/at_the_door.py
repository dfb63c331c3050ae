"""What the list of an event learns at the door: that a head came after all, though somebody was sent in their place."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from forums.models import Forum, Registration
from forums.services.forums import locked_forum
from forums.services.gathering import say_on_the_list, take_off_the_list
from forums.services.places import finish
from forums.services.registrations import line_of, office_in_words, refuse_at_the_desk, was_there
from forums.states import AttendeeRole, RegistrationStatus
from meetings.services.attendance import check_in
from meetings.states import CHECK_IN_POSSIBLE, CheckInWay
from residents.models import User


def is_proxy_on_the_list(registration: Registration) -> bool:
    """Whether somebody stands on the list in the place of a member’s head."""
    return (
        registration.is_proxy
        and registration.member_id is not None
        and registration.role == AttendeeRole.HEAD
        and registration.status == RegistrationStatus.REGISTERED
    )


@transaction.atomic
def head_came_after_all(*, registration_id: int, actor: User | None, at: datetime) -> tuple[Registration, bool]:
    """The head of a member came, for whom somebody else stands on the list. (the head’s line, whether checked in).

    Who came in their place was there: they stay as an official of the office, with their pass and the times of their
    attendance. Who never came makes way. The head is checked in now, while the event goes on, and has a place however
    full it is: they stand at the door. Raises RuleViolation for a line that is no proxy’s, or an event called off.
    """
    forum = locked_forum(Registration.objects.values_list("forum_id", flat=True).get(pk=registration_id))
    refuse_at_the_desk(forum)
    proxy = Registration.objects.select_related("member", "participant").get(pk=registration_id)
    member = proxy.member
    if member is None or not is_proxy_on_the_list(proxy):
        raise RuleViolation(_("Nobody stands on this line in a head’s place."), code="no_proxy")
    stays = was_there(proxy)
    head = _beside(proxy, actor=actor, at=at) if stays else proxy
    if not stays:
        take_off_the_list(proxy, actor=actor, at=at)
    line = line_of(member, forum.starts_on)
    head.name, head.position, head.is_proxy = member.name, office_in_words(line), False
    head.area, head.organisation = line.area, line.region
    head.save()
    finish(forum, actor=actor, at=at)
    head.refresh_from_db()
    is_there = _check_in(forum, head, actor=actor, at=at)
    details = {"proxy_stays": stays, "checked_in": is_there}
    record(actor=actor, action="forums.head_came", target=head, details=details, at=at)
    return head, is_there


def _beside(proxy: Registration, *, actor: User | None, at: datetime) -> Registration:
    """A line for the head, in the proxy’s place of the list; the proxy stands among the officials from now on."""
    head = Registration(
        forum=proxy.forum,
        member=proxy.member,
        role=AttendeeRole.HEAD,
        status=RegistrationStatus.REGISTERED,
        source_position=proxy.source_position,
        registered_at=at,
        registered_by=actor,
    )
    # First: a member has one line of a head.
    proxy.role, proxy.is_proxy, proxy.source_position = AttendeeRole.STAFF, False, None
    proxy.save(update_fields=["role", "is_proxy", "source_position"])
    say_on_the_list(proxy, actor=actor, at=at)
    return head


def _check_in(forum: Forum, head: Registration, *, actor: User | None, at: datetime) -> bool:
    """On its days, while its meeting takes arrivals; else their times are entered from the signed sheet."""
    participant = head.participant
    if participant is None or not forum.starts_on <= timezone.localdate(at) <= forum.ends_on:
        return False
    if participant.meeting.status not in CHECK_IN_POSSIBLE:
        return False
    check_in(participant_id=participant.pk, way=CheckInWay.DESK, actor=actor, at=at)
    return True
