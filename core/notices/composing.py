"""The message of one delivery, made from its kind's template at the moment of sending."""

from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import override

from core.letters import in_lines
from core.notices.channels import Message
from core.notices.kinds import NoticeKind, kind_called
from core.notices.models import Delivery
from core.notices.states import ChannelName


class NotWritableError(Exception):
    """The template does not make a message, as when its subject is empty."""


def stop_address(delivery: Delivery) -> str:
    """Where this recipient stops notices of this category; the same for people and for mail readers (RFC 8058)."""
    with override(delivery.language):
        return settings.SITE_URL + reverse("notices:stop", args=[delivery.token])


def compose(delivery: Delivery) -> Message:
    """The message in the recipient's language.

    Raises KeyError if the kind's app is gone, TemplateDoesNotExist, and NotWritableError if there is nothing in it.
    """
    kind = kind_called(delivery.mailing.kind)
    facts = _facts(delivery, kind)
    with override(delivery.language):
        if delivery.channel != ChannelName.MAIL:
            text = get_template(kind.template(delivery.language, "sms")).render(facts).strip()
            if not text:
                raise NotWritableError(kind.name)
            return Message(delivery.address, "", text)
        written = get_template(kind.template(delivery.language)).render(facts)
        html = get_template(kind.template(delivery.language, "html")).render(facts) if kind.html else ""
        first_line, _line, body = written.partition("\n")
        if not first_line.strip() or not body.strip():
            raise NotWritableError(kind.name)
        subject = f"[{settings.SITE_NAME}] {' '.join(first_line.split())}"
    return Message(delivery.address, subject, in_lines(body), html, _headers(delivery, kind))


def _facts(delivery: Delivery, kind: NoticeKind) -> dict[str, object]:
    return {
        **delivery.context,
        "name": delivery.name,
        "SITE_NAME": settings.SITE_NAME,
        "SITE_OWNER": settings.SITE_OWNER,
        "SITE_CONTACT": settings.SITE_CONTACT,
        "site": settings.SITE_URL,
        "stop_url": "" if kind.obligatory else stop_address(delivery),
        "category": kind.category.title,
        "why": kind.why if kind.obligatory else "",
    }


def _headers(delivery: Delivery, kind: NoticeKind) -> dict[str, str]:
    """The same number for the same delivery, so that a mail that was sent twice after all is known as one."""
    headers = {
        "Message-ID": f"<{delivery.mailing_id}.{delivery.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": delivery.language,
    }
    if not kind.obligatory:
        headers["List-Unsubscribe"] = f"<{stop_address(delivery)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
