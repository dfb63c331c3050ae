"""What participants are told when a programme changes or an event is called off."""

from datetime import datetime
from typing import Any

from django.utils import translation

from core.notices.services import Recipient, send_notice
from core.templatetags.madang import day_text
from forums.models import Forum, ProgrammeVersion, Registration
from forums.programme import Programme, change_from_data, from_data
from forums.programme_wording import change_in_words
from forums.states import AttendeeRole, ForumStatus, RegistrationStatus
from residents.models import User

CHANGED = "forums.programme_changed"
CANCELLED = "forums.event_cancelled"


def _address_of(registration: Registration) -> str:
    """Where notices about a registration go; a head whose line names no address is written to as a member."""
    if registration.contact or registration.role != AttendeeRole.HEAD or registration.member is None:
        return registration.contact
    return next((mail.address for mail in registration.member.mails.all()), "")


def _told(forum: Forum, version: ProgrammeVersion, programme: Programme, language: str) -> dict[str, Any]:
    """What the message says, in this language."""
    is_off = forum.status == ForumStatus.CANCELLED
    with translation.override(language):
        return {
            "title": programme.title,
            "path": forum.get_absolute_url(),
            "first_day": day_text(programme.starts_on),
            "version": version.number,
            "note": version.note,
            "reason": forum.cancelled_because,
            "changes": [] if is_off else [change_in_words(change_from_data(change)) for change in version.changes],
        }


def tell_participants(forum: Forum, version: ProgrammeVersion, *, actor: User | None, at: datetime) -> None:
    """Write to everybody who is registered, if there is something to tell: a later version, or that it is off."""
    is_off = forum.status == ForumStatus.CANCELLED
    if not is_off and not version.changes:
        return
    expected = [RegistrationStatus.REGISTERED, RegistrationStatus.WAITING]
    found = forum.registrations.filter(status__in=expected).prefetch_related("member__mails").order_by("pk")
    # As it was published: the tables may hold a next version that nobody was told of.
    programme = from_data(version.snapshot)
    written_to = [(address, one) for one in found if (address := _address_of(one))]
    told = {
        language: _told(forum, version, programme, language) for language in {one.language for _, one in written_to}
    }
    recipients = [
        Recipient(address=address, name=one.name, language=one.language, context=told[one.language])
        for address, one in written_to
    ]
    if recipients:
        key = f"forum:{forum.pk}:{'off' if is_off else version.number}"
        send_notice(kind=CANCELLED if is_off else CHANGED, recipients=recipients, actor=actor, at=at, subject_key=key)
