"""What the club holds about an account as one who came to its events."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.madang import moment_text
from forums.models import Registration
from forums.queries.registrations import registrations_of
from forums.services.admission import erase_registrations_of
from residents.models import User
from residents.personal_data import Fact, Section


def sections(user: User) -> Iterator[Section]:
    """Registrations for oneself; one query."""
    found = registrations_of(user).select_related("forum").order_by("registered_at", "pk")
    yield Section(
        "club_registrations",
        gettext_lazy("Registrations for events of the Mokmingwan Club"),
        tuple(_facts(one) for one in found),
    )


def _facts(one: Registration) -> tuple[Fact, ...]:
    return (
        Fact("event", _("event"), one.forum.title),
        Fact("state", _("state"), one.get_status_display()),
        Fact("registered_at", _("registered at"), moment_text(one.registered_at)),
        Fact("name", _("name"), one.name),
        Fact("organisation", _("organisation"), one.organisation),
        Fact("position", _("office or rank"), one.position),
        Fact("contact", _("mail address"), one.contact),
        Fact("language", _("language of mails"), one.get_language_display()),
    )


def erase(user: User, at: datetime) -> None:
    erase_registrations_of(user=user, at=at)
