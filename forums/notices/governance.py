"""Notices about dues and meetings."""

from django.utils.translation import gettext_lazy as _

from core.notices.kinds import Category, NoticeKind, register_kind
from forums.permissions import keeps_the_club

DUES = Category("forums.dues", _("Dues of the club"), _("Reminders of dues and shared costs that are open."))
MEETINGS = Category("forums.meetings", _("Meetings of the club"), _("Invitations to meetings that you belong to."))
BELONGS = _("You get this because you belong to the body that meets.")


def register() -> None:
    register_kind(NoticeKind("forums.dues_reminder", _("Reminder of open dues"), DUES, may_send=keeps_the_club))
    for name, title in (
        ("forums.meeting_called", _("Invitation to a meeting of the club")),
        ("forums.meeting_changed", _("Another time or place of a meeting of the club")),
        ("forums.meeting_cancelled", _("A meeting of the club is called off")),
    ):
        register_kind(NoticeKind(name, title, MEETINGS, obligatory=True, why=BELONGS, may_send=keeps_the_club))
