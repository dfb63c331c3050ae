"""The public pages of a draw: what is settled, what decides, how it came out, and everything to check it with."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.paginator import InvalidPage, Paginator
from django.db.models import prefetch_related_objects
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.audit.models import AccessAct
from core.audit.services import log_access
from core.limits import client_address
from core.pages import public_page
from core.templatetags.madang import moment_text
from councils.beacon_wording import value_in_words
from councils.drawing_wording import claim_rows
from councils.models import Application, Draw, DrawResult
from councils.queries.draws import (
    EVER_FROZEN,
    Phase,
    customary_draws,
    drawn_facts,
    draws_of,
    frozen_draws,
    frozen_facts,
    places_after_the_draw,
    reader_name,
    readings_differ,
)
from councils.states import ApplicationStatus, DrawStatus
from councils.views.hall import course_of, shown_draw
from residents.desk.acts import current_user
from residents.desk.site import doorkeeper

SCRIPT = Path(settings.BASE_DIR) / "councils/verifier/verify_draw.py"
ROWS_ON_A_PAGE = 30
JSON = "application/json"


@require_safe
@public_page
def draw_list(request: HttpRequest) -> HttpResponse:
    """Every freeze ever made, the newest first, also those declared void; and the newest customary draws."""
    try:
        page = Paginator(frozen_draws().order_by("-frozen_at"), ROWS_ON_A_PAGE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404 from error
    customary = customary_draws().order_by("-started_at")[:ROWS_ON_A_PAGE] if page.number == 1 else []
    return render(request, "councils/draw/list.html", {"page": page, "customary": customary})


@require_safe
@public_page
def draw_page(request: HttpRequest, pk: int) -> HttpResponse:
    draw = shown_draw(pk)
    at = timezone.now()
    course = course_of(draw, at)
    context: dict[str, Any] = {
        "draw": draw,
        "recruitment": draw.recruitment,
        "frozen": frozen_facts(draw.pk, draw.freeze),
        "stations": _stations(draw, course),
        "readings": _readings(draw, course["phase"]),
        "differ": readings_differ(draw),
        "struck": [one for one in draw.digits.all() if one.struck_because],
        "others": [one for one in draws_of(draw.recruitment) if one.pk != draw.pk],
        "files": _files(draw),
        "own": _own(request, draw),
        **course,
    }
    if course["phase"] == Phase.DRAWN:
        context |= _result(draw)
    return render(request, "councils/draw/draw.html", context)


def _own(request: HttpRequest, draw: Draw) -> dict[str, Any] | None:
    """The number of the visitor, and in how many panels they are, if they are in this pool."""
    if not request.user.is_authenticated:
        return None
    number = (
        Application.objects.filter(recruitment=draw.recruitment_id, user=request.user.pk, pool_number__isnull=False)
        .values_list("pool_number", flat=True)
        .first()
    )
    panels = dict(frozen_facts(draw.pk, draw.freeze).shares).get(str(number))
    return None if panels is None else {"number": number, "panels": panels}


def _result(draw: Draw) -> dict[str, Any]:
    drawn = drawn_facts(draw.pk, draw.result.sha256)
    places = places_after_the_draw(draw.recruitment)
    names = draw.recruitment.rule_set.for_councils().names_published
    drawn_numbers = {int(number) for number in drawn.panel}
    named = bool(names and names.value)
    return {
        "drawn": drawn,
        "panel": sorted(drawn_numbers),
        "gone": [one.pool_number for one in places["withdrawn"] if one.pool_number in drawn_numbers],
        "moved_up": [one.pool_number for one in places["selected"] if one.pool_number not in drawn_numbers],
        "alternates": [(one.alternate_position, one.pool_number) for one in places["alternate"]],
        "appointed": [
            (one.pool_number, one.name)
            for one in places["selected"]
            if named and one.status == ApplicationStatus.APPOINTED and one.name
        ],
    }


def _stations(draw: Draw, course: dict[str, Any]) -> list[dict[str, str]]:
    """The course of a draw as stations of a timeline."""
    phase = course["phase"]
    order = [Phase.WAITING, Phase.READING, Phase.DIGITS, Phase.CONFIRM, Phase.DRAWN]
    reached = order.index(phase) if phase in order else -1

    def standing(done_from: int) -> str:
        if reached < 0:
            return "next"
        return "done" if reached > done_from else "now" if reached == done_from else "next"

    return [
        {
            "title": _("Frozen: pool, quotas, 1,000 panels, rule and event"),
            "when": moment_text(draw.frozen_at),
            "state": "done",
        },
        {
            "title": _("The public event decides"),
            "when": moment_text(draw.beacon_at),
            "text": course["beacon"],
            "state": "next" if phase == Phase.WAITING else standing(0),  # it is days ahead until it happens
        },
        {
            "title": _("Officials read what came out; two must agree"),
            "when": "",
            "text": course["value"],
            "state": standing(1),
        },
        {
            "title": _("Three digits are drawn with balls before the audience"),
            "when": moment_text(draw.recruitment.draw_at) if draw.recruitment.draw_at else "",
            "text": draw.recruitment.place,
            "state": "now" if phase == Phase.CONFIRM else standing(2),
        },
        {
            "title": _("The panel is drawn"),
            "when": moment_text(draw.result.drawn_at) if phase == Phase.DRAWN else "",
            "state": "done" if phase == Phase.DRAWN else "next",
        },
    ]


def _readings(draw: Draw, phase: Phase) -> list[dict[str, Any]]:
    """What was read of the beacon, and by whom: two names of two people are what a neighbour can judge.

    Shown once the value stands or contradicts, so that nobody copies a reading.
    """
    if phase in {Phase.WAITING, Phase.READING} and not readings_differ(draw):
        return []
    prefetch_related_objects([draw], "entries__official")
    return [
        {
            "value": value_in_words(draw.beacon, entry.value),
            "at": entry.entered_at,
            "by_network": entry.official_id is None,
            "by": reader_name(entry),
            "taken_back": entry.taken_back,
        }
        for entry in draw.entries.all()
    ]


def _files(draw: Draw) -> list[dict[str, str]]:
    files = [
        {
            "name": _("The freeze as it was sent out"),
            "url": reverse("councils:draw_freeze", args=[draw.pk]),
            "format": "JSON",
            "note": _("Pool, quotas, 1,000 panels, rule and event; its SHA-256 stands on this page."),
        },
        {
            "name": _("Panels of each number"),
            "url": reverse("councils:draw_csv", args=[draw.pk]),
            "format": "CSV",
            "note": _("For Excel and other programs: one row for each number of the pool."),
        },
        {
            "name": _("Script that verifies a draw"),
            "url": reverse("councils:draw_script"),
            "format": "PY",
            "note": _("One file for Python 3.8 or newer, without anything else."),
        },
    ]
    if draw.status == DrawStatus.DRAWN:
        files.insert(
            0,
            {
                "name": _("Record of the draw"),
                "url": reverse("councils:draw_record", args=[draw.pk]),
                "format": "JSON",
                "note": _("The freeze and everything that followed from event and digits."),
            },
        )
    return files


@require_safe
@public_page
def verify_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Replays the draw in the visitor's browser; without scripts it says how to do it with the script."""
    draw = shown_draw(pk)
    name = "councils:draw_record" if draw.status == DrawStatus.DRAWN else "councils:draw_freeze"
    context = {
        "draw": draw,
        "recruitment": draw.recruitment,
        "document_url": reverse(name, args=[draw.pk]),
        "document_name": _document_name(draw),
        "claims": claim_rows(),
        "files": _files(draw),
    }
    return render(request, "councils/draw/verify.html", context)


def _document_name(draw: Draw) -> str:
    kind = "draw" if draw.status == DrawStatus.DRAWN else "freeze"
    return f"madang-{kind}-{draw.pk}.json"


def _download(text: str, name: str, content_type: str = JSON) -> HttpResponse:
    response = HttpResponse(text.encode(), content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@public_page
def freeze_file(request: HttpRequest, pk: int) -> HttpResponse:
    del request
    draw = get_object_or_404(Draw.objects.only("public"), pk=pk, status__in=EVER_FROZEN)
    return _download(draw.public, f"madang-freeze-{pk}.json")


@require_safe
@public_page
def record_file(request: HttpRequest, pk: int) -> HttpResponse:
    del request
    # By way of the draw: Django keeps numbers beyond the database's from keys alone, not from references.
    draw = get_object_or_404(Draw.objects.only("pk"), pk=pk, status=DrawStatus.DRAWN)
    result = get_object_or_404(DrawResult.objects.only("record"), draw=draw)
    return _download(result.record, f"madang-draw-{pk}.json")


@never_cache
@require_safe
@doorkeeper
def openings_file(request: HttpRequest, pk: int) -> HttpResponse:
    """What opens the commitments of a freeze, for committee and auditors; each download is logged."""
    draw = Draw.objects.select_related("recruitment__council__dong").filter(pk=pk, status__in=EVER_FROZEN).first()
    if draw is None or not current_user(request).has_perm("councils.open_draw", draw):
        raise Http404
    log_access(
        account=current_user(request),
        act=AccessAct.DOWNLOAD,
        what="councils.application",
        count=frozen_facts(draw.pk, draw.freeze).withheld,
        reason=_("openings of a freeze"),
        address=client_address(request),
        scope=draw.recruitment.council.dong.path,
        at=timezone.now(),
    )
    return _download(draw.full, f"madang-openings-{pk}.json")


@require_safe
@public_page
def panels_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Each number of the pool with its panels, and what became of it: UTF-8 with a mark, for Excel."""
    del request
    draw = shown_draw(pk)
    became: dict[str, str] = {}
    if draw.status == DrawStatus.DRAWN:
        drawn = drawn_facts(draw.pk, draw.result.sha256)
        became = dict.fromkeys(drawn.panel, _("in the drawn panel"))
        became |= {
            id_: _("alternate no. %(place)s as drawn") % {"place": place}
            for place, id_ in enumerate(drawn.alternates, start=1)
        }
    rows = [(id_, panels, became.get(id_, "")) for id_, panels in frozen_facts(draw.pk, draw.freeze).shares]
    head = (_("number in the pool"), _("panels of 1,000"), _("result"))
    return _download("\ufeff" + _csv([head, *rows]), f"madang-draw-{pk}.csv", "text/csv")


def _csv(rows: Iterable[Sequence[str | int]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


@require_safe
def script_file(request: HttpRequest) -> HttpResponseBase:
    del request
    return FileResponse(SCRIPT.open("rb"), as_attachment=True, filename="verify_draw.py", content_type="text/x-python")
