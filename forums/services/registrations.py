"""Who comes to an event: answers of members' offices, guests of public events, and lists taken over from sources.

Every write takes the event's row lock first, so that places are given once; then that of its meeting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.audit.services import record
from core.errors import RuleViolation
from forums.models import Forum, ListedAttendance, Member, PrintedTotal, Registration
from forums.queries.members import Entry, entry_of, with_terms_and_mails
from forums.services.forums import locked_forum
from forums.services.gathering import days_of, say_on_the_list, take_off_the_list
from forums.services.places import HELD, finish, give_place
from forums.states import AttendeeRole, ForumStatus, MemberStatus, RegistrationStatus
from residents.models import User
from residents.states import Office

CHANGEABLE = frozenset({"name", "area", "organisation", "position", "remark", "contact", "language", "source_position"})
MOST_STAFF = 40


class Coming(StrEnum):
    """What an office answers."""

    HEAD = "head"
    PROXY = "proxy"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of an office. key: of their registration, None for a new one."""

    name: str
    position: str = ""
    contact: str = ""
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole answer of a member's office. proxy: who comes in the head's place; contact: of the head's office."""

    coming: Coming
    proxy: Person | None = None
    staff: Sequence[Person] = field(default=())
    contact: str = ""


def closes_at(forum: Forum) -> datetime:
    """Until when one registers, changes and cancels: as the event says, at most to its end; else until it begins."""
    days = days_of(forum)
    return days[0][1] if forum.register_until is None else min(forum.register_until, days[-1][2])


def refuse_if_closed(forum: Forum, at: datetime) -> None:
    """Raises RuleViolation outside of the time in which one registers."""
    if forum.status == ForumStatus.CANCELLED:
        raise RuleViolation(
            _("This event was called off. Nobody needs to register or cancel any more."), code="not_open"
        )
    if forum.status != ForumStatus.PUBLISHED:
        raise RuleViolation(_("Registration for this event is not open at present."), code="not_open")
    if at >= closes_at(forum):
        raise RuleViolation(
            _("Registration for this event is closed. Please write to the secretariat."), code="registration_closed"
        )


def refuse_at_the_desk(forum: Forum) -> None:
    """Raises RuleViolation for an event whose list nobody changes any more."""
    if forum.status == ForumStatus.CANCELLED:
        raise RuleViolation(_("This event was called off. Its list stays as it is."), code="wrong_state")


# --- A member's office ------------------------------------------------------------------------------------------------


def line_of(member: Member, day: date) -> Entry:
    """The member as lists of `day` have them, in Korean: lists are kept in it."""
    with override("ko"):
        return entry_of(with_terms_and_mails(Member.objects.filter(pk=member.pk)).get(), day)


def office_in_words(line: Entry) -> str:
    """The office without its place: 시장; of former heads what they were."""  # korean: an example of an office
    with override("ko"):
        return str(Office(line.office).label) if line.office else line.title


@transaction.atomic
def answer_for_office(  # noqa: PLR0913 - an answer has this many facts
    *, forum_id: int, member_id: int, reply: Reply, actor: User | None, at: datetime, at_the_desk: bool = False
) -> Registration:
    """Take the answer of a member's office: it replaces the one before. Returns the head's line.

    Officials who are not named any more are cancelled. `at_the_desk`: the secretariat enters it, also after the
    closing. Raises RuleViolation outside of the time, for who is no member, without a name where somebody comes,
    for somebody who checked in already, or for more than MOST_STAFF officials.
    """
    forum = locked_forum(forum_id)
    if at_the_desk:
        refuse_at_the_desk(forum)
    else:
        refuse_if_closed(forum, at)
    member = Member.objects.filter(pk=member_id, status=MemberStatus.ACTIVE).first()
    if member is None:
        raise RuleViolation(_("Only members of the club are registered this way."), code="no_member")
    _check_reply(reply)
    line = line_of(member, forum.starts_on)
    place = {"area": line.area, "organisation": line.region}
    head = _answer_of_head(forum, member, reply, line, actor=actor, at=at)
    _answer_of_staff(forum, member, reply, place, actor=actor, at=at)
    details = {"coming": reply.coming.value, "officials": len(reply.staff)}
    record(actor=actor, action="forums.office_answered", target=head, details=details, at=at)
    finish(forum, actor=actor, at=at)
    head.refresh_from_db()
    return head


def _check_reply(reply: Reply) -> None:
    if reply.coming is Coming.PROXY and (reply.proxy is None or not reply.proxy.name.strip()):
        raise RuleViolation(_("Please say who comes in the head’s place."), code="proxy_missing")
    if any(not person.name.strip() for person in reply.staff):
        raise RuleViolation(_("Everybody who comes along needs a name."), code="nameless")
    if len(reply.staff) > MOST_STAFF:
        raise RuleViolation(
            _("At most %(most)s officials come along. Please write to the secretariat.") % {"most": MOST_STAFF},
            code="too_many",
        )


def _answer_of_head(  # noqa: PLR0913 - as its caller
    forum: Forum, member: Member, reply: Reply, line: Entry, *, actor: User | None, at: datetime
) -> Registration:
    # Where an answer was cancelled, the same line is used again.
    lines = forum.registrations.filter(member=member, role=AttendeeRole.HEAD)
    head = lines.exclude(status=RegistrationStatus.CANCELLED).first() or lines.order_by("-pk").first()
    is_new = head is None
    if head is None:
        head = Registration(forum=forum, member=member, role=AttendeeRole.HEAD)
    if is_new or head.status not in HELD:
        head.registered_at = at
    is_proxy = reply.coming is Coming.PROXY
    if not is_new and (is_proxy != head.is_proxy or reply.coming is Coming.NOBODY or _is_another_proxy(head, reply)):
        if head.is_proxy and reply.coming is Coming.HEAD and was_there(head):
            raise RuleViolation(_proxy_is_there(), code="proxy_is_there")
        # Another person comes: a pass of their own.
        take_off_the_list(head, actor=actor, at=at)
    if is_proxy and reply.proxy is not None:
        head.name, head.position = reply.proxy.name.strip(), reply.proxy.position.strip()
        head.contact = reply.proxy.contact.strip().lower() or reply.contact.strip().lower()
    else:
        head.name, head.position = member.name, office_in_words(line)
        head.contact = reply.contact.strip().lower()
    head.is_proxy = is_proxy
    head.area, head.organisation = line.area, line.region
    head.registered_by = actor
    if reply.coming is Coming.NOBODY:
        if is_new:
            head.status = RegistrationStatus.DECLINED
        elif head.status == RegistrationStatus.CANCELLED:
            head.move_to(RegistrationStatus.REGISTERED)
        if head.status != RegistrationStatus.DECLINED:
            head.move_to(RegistrationStatus.DECLINED)
        head.save()
        return head
    give_place(forum, head)
    say_on_the_list(head, actor=actor, at=at)
    return head


def was_there(registration: Registration) -> bool:
    """Whether the record of the meeting names them, also by an entry that was struck."""
    return registration.participant is not None and registration.participant.attendances.exists()


def _proxy_is_there() -> str:
    return _(
        "Somebody stands on the list in the head’s place. If the head came after all, the secretariat says so beside "
        "that name: both stay on the list."
    )


def _is_another_proxy(head: Registration, reply: Reply) -> bool:
    """Whether somebody else than before comes in the head's place."""
    return head.is_proxy and reply.proxy is not None and reply.proxy.name.strip() != head.name


def _answer_of_staff(  # noqa: PLR0913 - as its caller
    forum: Forum, member: Member, reply: Reply, place: Mapping[str, str], *, actor: User | None, at: datetime
) -> None:
    held = forum.registrations.filter(member=member, role=AttendeeRole.STAFF, status__in=HELD).order_by("pk")
    known = {one.pk: one for one in held}
    meant = _meant(known, reply.staff)
    for registration in known.values():
        if registration.pk not in meant:
            _cancel(registration, actor=actor, at=at)
    for person, key in zip(reply.staff, meant, strict=True):
        staff = known.get(key) if key else None
        if staff is None:
            staff = Registration(
                forum=forum, member=member, role=AttendeeRole.STAFF, registered_at=at, registered_by=actor
            )
        staff.name, staff.position = person.name.strip(), person.position.strip()
        staff.contact = person.contact.strip().lower()
        staff.area, staff.organisation = place["area"], place["organisation"]
        give_place(forum, staff)
        say_on_the_list(staff, actor=actor, at=at)


def _meant(known: Mapping[int, Registration], staff: Sequence[Person]) -> list[int | None]:
    """The registrations that the persons stand for, in their order; None for who is new.

    Whoever comes without a key but is registered by that name is the same person: the form was sent twice, or from
    another tab, and nobody loses their place or their pass by that.
    """
    keys = {person.key for person in staff}
    free = {key: one.name for key, one in known.items() if key not in keys}
    meant: list[int | None] = []
    for person in staff:
        key = person.key if person.key in known else None
        if key is None:
            key = next((one for one, name in free.items() if name == person.name.strip()), None)
            free.pop(key, None)  # type: ignore[arg-type] # None is no key of it
        meant.append(key)
    return meant


def _cancel(registration: Registration, *, actor: User | None, at: datetime) -> None:
    take_off_the_list(registration, actor=actor, at=at)
    registration.move_to(RegistrationStatus.CANCELLED)
    registration.save(update_fields=["status"])


@transaction.atomic
def cancel_registration(
    *, registration_id: int, actor: User | None, at: datetime, at_the_desk: bool = False
) -> Registration:
    """Take a registration back; who waits longest moves up.

    Raises RuleViolation outside of the time (but `at_the_desk`), for who is not registered, or who checked in already.
    """
    forum_id = Registration.objects.values_list("forum_id", flat=True).get(pk=registration_id)
    forum = locked_forum(forum_id)
    if at_the_desk:
        refuse_at_the_desk(forum)
    else:
        refuse_if_closed(forum, at)
    registration = Registration.objects.get(pk=registration_id)
    _cancel(registration, actor=actor, at=at)
    record(actor=actor, action="forums.registration_cancelled", target=registration, at=at)
    finish(forum, actor=actor, at=at)
    return registration


# --- The secretariat's list -------------------------------------------------------------------------------------------


@transaction.atomic
def register_attendee(  # noqa: PLR0913 - a line of the list has this many facts
    *,
    forum_id: int,
    role: str,
    name: str,
    actor: User | None,
    at: datetime,
    member: Member | None = None,
    area: str = "",
    organisation: str = "",
    position: str = "",
    is_proxy: bool = False,
    remark: str = "",
    contact: str = "",
    language: str = "ko",
    source_position: int | None = None,
) -> Registration:
    """Put one line on the list, as a source prints it or as the secretariat knows it; also after the event.

    role: a value of AttendeeRole; a proxy has the role of a head. Who is known by their post alone has a position and
    no name. What is left empty of area and organisation is taken from the member on the event's first day.
    Raises RuleViolation without name and position, for a second line of the same head, or an event that was called off.
    """
    forum = locked_forum(forum_id)
    refuse_at_the_desk(forum)
    if not (name.strip() or position.strip()):
        raise RuleViolation(_("Please give a name, or at least a post."), code="nameless")
    if is_proxy and role != AttendeeRole.HEAD:
        raise RuleViolation(_("Only in a head’s place somebody comes as a proxy."), code="proxy_of_nobody")
    if member is not None and not (area and organisation):
        line = line_of(member, forum.starts_on)
        area, organisation = area or line.area, organisation or line.region
    heads = forum.registrations.filter(member=member, role=AttendeeRole.HEAD)
    known = heads.exclude(status=RegistrationStatus.CANCELLED).first() if member is not None else None
    if known is not None and role == AttendeeRole.HEAD:
        if known.is_proxy and not is_proxy:
            raise RuleViolation(_proxy_is_there(), code="head_twice")
        raise RuleViolation(_("This member’s head stands on the list already."), code="head_twice")
    registration = Registration(
        forum=forum,
        member=member,
        role=AttendeeRole(role),
        name=name.strip(),
        area=area.strip(),
        organisation=organisation.strip(),
        position=position.strip(),
        is_proxy=is_proxy,
        remark=remark.strip(),
        contact=contact.strip().lower(),
        language=language,
        source_position=source_position,
        registered_at=at,
        registered_by=actor,
    )
    give_place(forum, registration)
    record(actor=actor, action="forums.attendee_registered", target=registration, details={"role": role}, at=at)
    finish(forum, actor=actor, at=at)
    return registration


@transaction.atomic
def change_registration(
    *, registration_id: int, changes: Mapping[str, Any], actor: User | None, at: datetime
) -> Registration:
    """Change what the list says of somebody (CHANGEABLE), also after the event. ValueError for an unknown field."""
    if not set(changes) <= CHANGEABLE:
        raise ValueError(f"not changeable: {sorted(set(changes) - CHANGEABLE)}")
    forum_id = Registration.objects.values_list("forum_id", flat=True).get(pk=registration_id)
    refuse_at_the_desk(locked_forum(forum_id))
    registration = Registration.objects.select_related("member").get(pk=registration_id)
    changed = sorted(name for name, value in changes.items() if getattr(registration, name) != value)
    for name in changed:
        setattr(registration, name, changes[name])
    if not (registration.name.strip() or registration.position.strip()):
        raise RuleViolation(_("Please give a name, or at least a post."), code="nameless")
    if changed:
        registration.save(update_fields=changed)
        say_on_the_list(registration, actor=actor, at=at)
        details = {"fields": changed}
        record(actor=actor, action="forums.registration_changed", target=registration, details=details, at=at)
    return registration


# --- Figures of sources -----------------------------------------------------------------------------------------------


@transaction.atomic
def set_listed_attendance(  # noqa: PLR0913 - what a source says
    *, forum_id: int, heads: int, officials: int, source: str, actor: User | None, at: datetime
) -> ListedAttendance:
    """Record how many came to an event as a source lists it. Raises RuleViolation without a source or before it."""
    forum = locked_forum(forum_id)
    if forum.starts_on > timezone.localdate(at):
        raise RuleViolation(_("This event is still to come."), code="not_over")
    if not source.strip():
        raise RuleViolation(_("Please say which source lists it."), code="no_source")
    if min(heads, officials) < 0:
        raise RuleViolation(_("Numbers of persons are not negative."), code="negative")
    listed, _is_new = ListedAttendance.objects.update_or_create(
        forum=forum, defaults={"heads": heads, "officials": officials, "source": source.strip()}
    )
    details = {"heads": heads, "officials": officials}
    record(actor=actor, action="forums.attendance_listed", target=forum, details=details, at=at)
    return listed


@transaction.atomic
def set_printed_total(  # noqa: PLR0913 - what a source says
    *,
    term: str,
    source: str,
    actor: User | None,
    at: datetime,
    heads: int | None = None,
    officials: int | None = None,
    members: int | None = None,
    note: str = "",
) -> PrintedTotal:
    """Record what a source prints for a term: heads and officials that came to forums, members of the club, or both.

    Raises RuleViolation without a term or a source, with nothing printed, or with heads or officials alone.
    """
    if not (term.strip() and source.strip()):
        raise RuleViolation(_("Totals need their term and their source."), code="no_source")
    if (heads is None) != (officials is None) or (heads is None and members is None):
        raise RuleViolation(
            _("Please enter what is printed: heads and officials together, the members, or all three."),
            code="nothing_printed",
        )
    if min(heads or 0, officials or 0, members or 0) < 0:
        raise RuleViolation(_("Numbers of persons are not negative."), code="negative")
    printed, _is_new = PrintedTotal.objects.update_or_create(
        term=term.strip(),
        defaults={
            "heads": heads,
            "officials": officials,
            "members": members,
            "source": source.strip(),
            "note": note.strip(),
        },
    )
    details = {"heads": heads, "officials": officials, "members": members}
    record(actor=actor, action="forums.total_printed", target=printed, details=details, at=at)
    return printed
