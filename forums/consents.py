"""What applicants for membership consent to. A changed text gets the next version number here."""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from residents.consents import ConsentText

KEPT_WHEN_NOT_APPROVED = 90  # days after the last step
KEPT_WHEN_APPROVED = 30  # days in which errors can still be put right

MEMBERSHIP = ConsentText(
    purpose="club_membership",
    version=1,
    title=_("Consent to handling your application"),
    aim=_("To check whether you can become a member of the Mokmingwan Club, and to tell you what was decided."),
    items=MappingProxyType(
        {
            "name": _("name, in hanja too if you write it"),
            "office": _("local government and office"),
            "birth_date": _("date of birth"),
            "phone": _("telephone and mobile phone"),
            "email": _("mail address"),
            "address": _("address"),
        }
    ),
    period=_(
        "Withdrawn applications: deleted at once. Not approved or not decided: 90 days after the last step. Approved: "
        "date of birth, telephone numbers and address are deleted 30 days after the approval; name, office and mail "
        "address are kept in the register of members while you are a member and in its history afterwards."
    ),
    refusal=_("You may refuse. Without this consent the application cannot be taken; public pages stay open to you."),
)

GUESTS_KEPT = 365  # days after the event's last day

GUEST = ConsentText(
    purpose="club_event_guest",
    version=1,
    title=_("Consent to handling your registration"),
    aim=_(
        "To keep a place for you, to write to you about this event, to name you in its list of attendees, which the "
        "secretariat and members of the club read, and to certify that you took part."
    ),
    items=MappingProxyType(
        {
            "name": _("name"),
            "office": _("organisation and position, if you write them"),
            "email": _("mail address"),
        }
    ),
    period=_("Deleted one year after the event, or with your account. A certificate that was issued is kept."),
    refusal=_("You may refuse. Without this consent you cannot be registered; the programme stays open to you."),
)
