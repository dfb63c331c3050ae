"""What the people of a pool are told of the draw: the freeze with their number, a freeze declared void, the result."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.notices.kinds import NoticeKind, register_kind
from core.notices.services import Recipient, send_notice
from core.templatetags.madang import moment_text
from councils.beacon_wording import beacon_in_words
from councils.models import Application, ApplicationStep, CustomaryDraw, Draw
from councils.notices.applications import APPLICATION, LANGUAGE, OWN
from councils.states import ApplicationStatus

FROZEN = "councils.draw_frozen"
VOIDED = "councils.draw_voided"
RESULT = "councils.draw_result"
KINDS = {FROZEN: _("The pool is frozen"), VOIDED: _("A freeze is declared void"), RESULT: _("Result of the draw")}


def register() -> None:
    for name, title in KINDS.items():
        register_kind(NoticeKind(name, title, APPLICATION, obligatory=True, why=OWN))


def tell_freeze(*, draw: Draw, document: Mapping[str, Any], at: datetime) -> None:
    """Tell everybody of the pool their number, the SHA-256, the event, and in how many of the 1,000 panels they are."""
    counts = Counter(id_ for panel in document["panels"] for id_ in panel)

    def context(one: Application) -> dict[str, Any]:
        return {
            "number": one.pool_number,
            "panels": counts[str(one.pool_number)],
            "total": len(document["panels"]),
            "freeze": draw.freeze,
            "beacon": beacon_in_words(draw.beacon),
            "beacon_at": moment_text(draw.beacon_at),
            "draw_at": moment_text(draw.recruitment.draw_at) if draw.recruitment.draw_at else "",
            "place": draw.recruitment.place,
        }

    _send(FROZEN, draw, _pool(draw), context, at)


def tell_void(*, draw: Draw, reason: str, at: datetime) -> None:
    """Tell everybody of the pool that the freeze no longer holds, by which decision, and that another will follow."""
    _send(VOIDED, draw, _pool(draw), lambda _one: {"freeze": draw.freeze, "reason": reason}, at)


def tell_result(
    *, draw: Draw | CustomaryDraw, steps: Sequence[tuple[Application, ApplicationStep]], at: datetime
) -> None:
    """Tell everybody who was still in the pool what became of them."""
    words = {one.pk: step.text for one, step in steps}

    def context(one: Application) -> dict[str, Any]:
        return {
            "number": one.pool_number,
            "status": one.status,
            "position": one.alternate_position,
            "what": words[one.pk],
        }

    _send(RESULT, draw, [one for one, _step in steps], context, at)


def _pool(draw: Draw) -> list[Application]:
    rows = Application.objects.filter(recruitment=draw.recruitment, status=ApplicationStatus.POOL)
    return list(rows.select_related("user").order_by("pool_number"))


def _send(
    kind: str,
    draw: Draw | CustomaryDraw,
    applications: Iterable[Application],
    context: Callable[[Application], dict[str, Any]],
    at: datetime,
) -> None:
    """One mailing to all who left a mail address; nothing where nobody did."""
    recipients = []
    shared = {
        "title": draw.recruitment.title,
        "contact": draw.recruitment.contact,
        "path": draw.get_absolute_url(),
    }
    for one in applications:
        address = one.email or (one.user.email if one.user else "")
        if not address:
            continue
        language = one.user.language if one.user else LANGUAGE
        with translation.override(language):
            recipients.append(
                Recipient(
                    address=address,
                    language=language,
                    name=one.name,
                    user=one.user,
                    context={**shared, **context(one)},
                )
            )
    if recipients:
        send_notice(
            kind=kind,
            recipients=recipients,
            actor=None,
            at=at,
            scope=draw.recruitment.council.dong.path,
        )
