"""Notices about dues and meetings."""

from django.utils.translation import gettext_lazy as _

from core.notices.kinds import Category, NoticeKind, register_kind
from forums.permissions import keeps_the_club

DUES = Category("forums.dues", _("Dues of the club"), _("Reminders of dues and shared costs that are open."))
MEETINGS = Category("forums.meetings", _("Meetings of the club"), _("Invitations to meetings that you belong to."))


def register() -> None:
    register_kind(NoticeKind("forums.dues_reminder", _("Reminder of open dues"), DUES, may_send=keeps_the_club))
    register_kind(
        NoticeKind(
            "forums.meeting_called",
            _("Invitation to a meeting of the club"),
            MEETINGS,
            obligatory=True,
            why=_("You get this because you belong to the body that meets."),
            may_send=keeps_the_club,
        )
    )
