"""Notices to those who are registered for an event."""

from django.utils.translation import gettext_lazy as _

from core.notices.kinds import Category, NoticeKind, register_kind
from forums.permissions import keeps_the_club
from forums.services.programme_notices import CANCELLED, CHANGED

EVENT = Category("forums.event", _("Events that I am registered for"), _("Changes of the programme, and cancellations"))
REGISTERED = _("You get this because you are registered for this event.")

KINDS = (
    NoticeKind(CHANGED, _("Programme changed"), EVENT, obligatory=True, why=REGISTERED, may_send=keeps_the_club),
    NoticeKind(CANCELLED, _("Event cancelled"), EVENT, obligatory=True, why=REGISTERED, may_send=keeps_the_club),
)


def register() -> None:
    for kind in KINDS:
        register_kind(kind)
