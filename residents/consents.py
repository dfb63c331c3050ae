"""What people consent to: purpose, items, period, right to refuse and consequence, in numbered versions.

A changed text gets the next version number here; whoever consented to an older one is asked again. What was agreed to
stays readable: the consent's row keeps items and period as they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACCOUNT = "account"
RESIDENCE = "residence"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of one text, in the parts that the Personal Information Protection Act (article 15) asks for."""

    purpose: str
    version: int
    title: str | Promise
    aim: str | Promise
    items: Mapping[str, str | Promise]
    period: str | Promise
    refusal: str | Promise


CONSENTS: Mapping[str, ConsentText] = MappingProxyType(
    {
        ACCOUNT: ConsentText(
            purpose=ACCOUNT,
            version=1,
            title=_("Consent to keeping an account"),
            aim=_("To know you again when you sign in, and to write to you about your account."),
            items=MappingProxyType(
                {
                    "email": _("mail address"),
                    "password": _("password (as a code that cannot be read)"),
                    "name": _("name"),
                    "language": _("language"),
                }
            ),
            period=_("until you erase your account"),
            refusal=_("You may refuse. Without this consent no account can be made; public pages stay open to you."),
        ),
        RESIDENCE: ConsentText(
            purpose=RESIDENCE,
            version=1,
            title=_("Consent to checking where you belong"),
            aim=_("To check your dong and your age, so that you can vote there once and nobody votes twice."),
            items=MappingProxyType(
                {
                    "birth_date": _("date of birth"),
                    "sex": _("sex (may be left out)"),
                    "phone": _("phone number (may be left out)"),
                    "dong": _("dong and basis of eligibility"),
                    "document": _("kind of document seen at the desk, never its number"),
                }
            ),
            period=_("until you withdraw this consent or erase your account"),
            refusal=_("You may refuse. Without this consent you can read everything, but you cannot vote."),
        ),
    }
)
