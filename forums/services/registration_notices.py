"""What people are told about their registration: it is in, they moved up, their answer is missing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils import translation

from core.notices.services import Recipient, send_notice
from forums.models import Forum, Registration
from forums.programme_wording import days_in_words
from forums.services.gathering import programme_for_participants
from forums.states import RegistrationStatus
from residents.models import User

CONFIRMED = "forums.registration_confirmed"
MOVED_UP = "forums.registration_moved_up"
LANGUAGE = "ko"  # what members’ offices are written in, and certificates
SALT = "forums.registration"


def token_of(registration: Registration) -> str:
    """What opens the page of a registration for who has no account; holds its number and nothing of the person."""
    return signing.dumps(registration.pk, salt=SALT)


def registration_of(token: str) -> Registration | None:
    """The registration that a token opens; None for anything that was not made by `token_of`."""
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Registration.objects.select_related("forum").filter(pk=key).first()


def _told(forum: Forum, registration: Registration) -> dict[str, Any]:
    programme = programme_for_participants(forum)
    with translation.override(registration.language):
        path = (
            reverse("forums:registration", args=[token_of(registration)])
            if registration.member_id is None
            else forum.get_absolute_url()
        )
        return {
            "title": programme.title,
            "when": days_in_words(programme.starts_on, programme.ends_on),
            "place": programme.place,
            "waits": registration.status == RegistrationStatus.WAITING,
            "path": path,
        }


def _tell(kind: str, forum: Forum, registrations: Sequence[Registration], actor: User | None, at: datetime) -> None:
    recipients = [
        Recipient(address=one.contact, name=one.name, language=one.language, context=_told(forum, one))
        for one in registrations
        if one.contact
    ]
    if recipients:
        send_notice(kind=kind, recipients=recipients, actor=actor, at=at)


def tell_registered(registration: Registration, *, actor: User | None, at: datetime) -> None:
    """Confirm a registration to the address that it names."""
    _tell(CONFIRMED, registration.forum, [registration], actor, at)


def tell_moved_up(forum: Forum, registrations: Sequence[Registration], *, actor: User | None, at: datetime) -> None:
    """Tell those who got a place from the waiting list."""
    # The act behind it is another person's; the message is the club's.
    del actor
    _tell(MOVED_UP, forum, registrations, None, at)
