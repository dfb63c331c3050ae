"""What the services on people share: the lock on a person, and who is refused."""

from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from residents.models import Residence, User
from residents.states import ResidenceStatus


def locked_person(user_id: int) -> User:
    """The account with its row locked: the parent of everything that is written about a person.

    Raises RuleViolation if there is none.
    """
    person = User.objects.select_for_update().filter(pk=user_id).first()
    if person is None:
        raise RuleViolation(_("There is no such account."), code="no_account", status=404)
    return person


def refuse_if_gone(person: User) -> None:
    """Raise RuleViolation for an account that is erased, deactivated or of somebody who died."""
    if person.erased_at is not None:
        raise RuleViolation(_("This account was erased."), code="erased")
    if person.deceased_on is not None:
        raise RuleViolation(_("This person has died."), code="deceased")
    if not person.is_active:
        raise RuleViolation(_("This account is switched off."), code="inactive")


def refuse_oneself(person: User, actor: User | None) -> None:
    """Raise RuleViolation if somebody acts as an official on their own account."""
    if actor is not None and actor.pk == person.pk:
        raise RuleViolation(
            _("Nobody may do this for their own account. Please ask a colleague."), code="own_account", status=403
        )


def scope_of(person: User) -> str:
    """The path of the dong where this person is verified or waits for it; "" if there is none."""
    residence = (
        Residence.objects.filter(user=person, status__in=[ResidenceStatus.VERIFIED, ResidenceStatus.DECLARED])
        .order_by("-status")  # verified before declared
        .select_related("dong")
        .first()
    )
    return residence.dong.path if residence else ""


def end_sessions(person: User) -> int:
    """Sign this account out everywhere, and remove what the sessions hold; the number of sessions.

    Every living session is looked through, because a session's row does not tell whose it is. This is rare.
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore
    keys = [
        session.session_key
        for session in Session.objects.iterator(chunk_size=500)
        if session.get_decoded().get(SESSION_KEY) == str(person.pk)
    ]
    for key in keys:
        store(key).delete(key)
    return len(keys)


def close_residence(residence: Residence, *, reason: str, at: datetime) -> None:
    """End a declared or verified residence on the day of `at`, saved. The caller holds the lock and records."""
    residence.move_to(ResidenceStatus.ENDED)
    residence.ended_on = timezone.localdate(at)
    residence.reason = reason
    residence.save(update_fields=["status", "ended_on", "reason"])


def noted(reason: str) -> str:
    """A reason of our own, in the language of the office, because it is kept in the row and read there."""
    with translation.override(settings.LANGUAGE_CODE):
        return _(reason)
