"""What a page says, by the message it comes from: a better translation breaks no test."""

from django.utils import translation
from django.utils.translation import gettext, pgettext


def ko(message: str, context: str = "") -> str:
    """The Korean text of a message of ours; `context` where the catalogue has it in several."""
    with translation.override("ko"):
        return pgettext(context, message) if context else gettext(message)
