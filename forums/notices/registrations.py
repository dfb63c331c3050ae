"""Notices about registering: it is in, a place got free, an answer is missing."""

from django.utils.translation import gettext_lazy as _

from core.notices.kinds import Category, NoticeKind, register_kind
from forums.notices.events import EVENT, REGISTERED
from forums.permissions import keeps_the_club
from forums.services.admission import REMINDER
from forums.services.registration_notices import CONFIRMED, MOVED_UP

INVITATION = Category("forums.invitation", _("Invitations to events of the club"), _("Reminders to answer"))

KINDS = (
    NoticeKind(CONFIRMED, _("Registration confirmed"), EVENT, obligatory=True, why=REGISTERED),
    NoticeKind(MOVED_UP, _("Moved up from the waiting list"), EVENT, obligatory=True, why=REGISTERED),
    NoticeKind(REMINDER, _("Answer to an invitation is missing"), INVITATION, may_send=keeps_the_club),
)


def register() -> None:
    for kind in KINDS:
        register_kind(kind)
