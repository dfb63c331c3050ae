"""What a page says, by the message it comes from: a better translation breaks no test."""

from django.utils import translation
from django.utils.translation import gettext


def ko(message: str) -> str:
    """The Korean text of a message of ours."""
    with translation.override("ko"):
        return gettext(message)
