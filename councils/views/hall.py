"""The draw on the wall of the hall, and the same as numbers for everybody who follows it at home."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.pages import public_page
from councils.beacon_wording import beacon_in_words, value_in_words
from councils.drawing import PANELS, draw_digest, read_beacon
from councils.models import Draw
from councils.models.draws import DIGITS
from councils.queries.draws import (
    Phase,
    agreed_value,
    drawn_digits,
    drawn_facts,
    frozen_draws,
    frozen_facts,
    phase_of,
)


def shown_draw(pk: int) -> Draw:
    """A draw that was frozen once, with its readings and digits; 404 for all others."""
    draw = frozen_draws().prefetch_related("entries", "digits").filter(pk=pk).first()
    if draw is None:
        raise Http404
    return draw


def course_of(draw: Draw, at: datetime) -> dict[str, Any]:
    """What everybody sees of a draw at `at`: phase, digits, the sum that chooses the panel."""
    phase, value, digits = phase_of(draw, at), agreed_value(draw), drawn_digits(draw)
    added = None
    if value is not None:
        digest = draw_digest(draw.freeze, read_beacon(draw.beacon).read(value))
        added = int.from_bytes(digest, "big") % PANELS
    index = draw.result.index if phase == Phase.DRAWN else None
    return {
        "phase": phase,
        "digits": [*digits, *[""] * (DIGITS - len(digits))],
        "digits_drawn": digits,
        "added": None if added is None else f"{added:03}",
        "index": None if index is None else f"{index:03}",
        "beacon": beacon_in_words(draw.beacon),
        "value": "" if value is None else value_in_words(draw.beacon, value),
    }


@require_safe
@public_page
def hall_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Black and large: what is waited for, one digit after the other, then the numbers and the quotas."""
    draw = shown_draw(pk)
    context = {"draw": draw, "recruitment": draw.recruitment, **course_of(draw, timezone.now())}
    context["frozen"] = frozen_facts(draw.pk, draw.freeze)
    if context["phase"] == Phase.DRAWN:
        context["drawn"] = drawn_facts(draw.pk, draw.result.sha256)
    return render(request, "councils/draw/hall.html", context)


@require_safe
@public_page
def state(request: HttpRequest, pk: int) -> JsonResponse:
    """Where the draw stands, for pages that ask again; no more than stands on them."""
    del request
    draw = shown_draw(pk)
    course = course_of(draw, timezone.now())
    panel: tuple[str, ...] = ()
    if course["phase"] == Phase.DRAWN:
        panel = drawn_facts(draw.pk, draw.result.sha256).panel
    return JsonResponse(
        {
            "phase": course["phase"],
            "digits": course["digits"],
            "index": course["index"],
            "panel": [int(id_) for id_ in panel],
        }
    )
