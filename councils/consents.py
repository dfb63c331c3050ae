"""What applicants for a council consent to. A changed text gets the next version number here.

Source: Personal Information Protection Act, article 15 (purpose, items, period, the right to refuse and what follows
from it); article 22-2 for children under 14.
"""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from residents.consents import ConsentText

APPLICATION = ConsentText(
    purpose="council_application",
    version=1,
    title=_("Consent to handling your application for the council"),
    aim=_(
        "To check whether you can be a member of the residents’ council, to tell you what becomes of your application, "
        "to record your hours at the residents’ school, and to draw and appoint the members."
    ),
    items=MappingProxyType(
        {
            "name": _("name"),
            "birth_date": _("date of birth"),
            "sex": _("sex"),
            "phone": _("phone number"),
            "email": _("mail address, if you write it"),
            "address": _("address and why you belong to this dong"),
            "answers": _("what the recruitment asks besides, for its quotas"),
            "guardian": _("of children under 14: name and relation of the guardian"),
        }
    ),
    period=_(
        "Until the day of deletion that stands on the page of the recruitment. Of those who are appointed: until their "
        "membership and what follows from it have ended."
    ),
    refusal=_(
        "You may refuse. Without this consent the application cannot be taken; everything that is public stays open to "
        "you, and subcommittees are open to residents who are not members."
    ),
)
