"""Notices to applicants, and to accounts that act for a member."""

from django.utils.translation import gettext_lazy as _

from core.notices.kinds import Category, NoticeKind, register_kind
from forums.services.applications import APPROVED, RECEIVED, REFUSED, SUPPLEMENT
from forums.services.members import INVITED

APPLICATION = Category(
    "forums.application", _("Application for membership of the Mokmingwan Club"), _("What becomes of your application")
)
ACCOUNT = Category("forums.account", _("Acting for a member of the Mokmingwan Club"), _("When this begins"))

OWN_APPLICATION = _("You get this because you applied for membership.")
OWN_ACCOUNT = _("You get this because the secretariat lets your account act for a member.")

KINDS = (
    NoticeKind(RECEIVED, _("Application received"), APPLICATION, obligatory=True, why=OWN_APPLICATION),
    NoticeKind(SUPPLEMENT, _("Something is asked for"), APPLICATION, obligatory=True, why=OWN_APPLICATION),
    NoticeKind(APPROVED, _("Application approved"), APPLICATION, obligatory=True, why=OWN_APPLICATION),
    NoticeKind(REFUSED, _("Application not approved"), APPLICATION, obligatory=True, why=OWN_APPLICATION),
    NoticeKind(INVITED, _("Your account acts for a member"), ACCOUNT, obligatory=True, why=OWN_ACCOUNT),
)


def register() -> None:
    for kind in KINDS:
        register_kind(kind)
