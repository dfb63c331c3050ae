"""Every component in all its states, for those who build pages. Shown only where DEBUG is on."""

from datetime import datetime, timedelta
from types import SimpleNamespace as Sample
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.templatetags.madang import day, won_short

TONES = ("info", "success", "warning", "danger")
BADGES = ("", "open", "soon", "success", "warning", "danger")
ROWS = (
    (gettext_lazy("Village newspaper"), 312),
    (gettext_lazy("Safe way to school"), 287),
    (gettext_lazy("Garden"), 96),
)
DISTANCES = (timedelta(hours=3), timedelta(days=1), timedelta(days=9), timedelta(days=-1))
AMOUNTS = (30_000_000, 123_456_789, 9_500, 0, None)


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=gettext_lazy("Name"), help_text=gettext_lazy("As it stands on your identity card."))
    email = forms.EmailField(label=gettext_lazy("Mail address"), required=False)
    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[("for", gettext_lazy("For")), ("against", gettext_lazy("Against"))],
        widget=forms.RadioSelect,
    )
    about = forms.CharField(label=gettext_lazy("Description"), widget=forms.Textarea, required=False)


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """The components, each as a page would use it. Raises Http404 where DEBUG is off."""
    if not settings.DEBUG:
        raise Http404
    now = timezone.now()
    context = {
        "now": now,
        "tones": TONES,
        "badges": BADGES,
        "moments": [
            now + timedelta(hours=3),
            now + timedelta(days=1),
            now + timedelta(days=9),
            now - timedelta(days=1),
        ],
        "amounts": AMOUNTS,
        "steps": _steps(now),
        "stations": _stations(now),
        "rows": [Sample(name=name, value=votes, text=_("%(count)s votes") % {"count": votes}) for name, votes in ROWS],
        "rows_total": sum(votes for _name, votes in ROWS),
        "parts": [Sample(name=name, amount=votes * 100_000) for name, votes in ROWS],
        "parts_total": sum(votes for _name, votes in ROWS) * 100_000,
        "files": [
            Sample(name=_("Result as a table"), url="#files", format="CSV", size="4 KB", note=_("for Excel")),
            Sample(name=_("Minutes"), url="#files", format="PDF", size="180 KB", note=""),
        ],
        "persons": [
            Sample(name="김봄이", office=_("Chair"), place="금호1동", url=""),  # korean: an invented name
            Sample(name="Lee Saeam", office=_("Member"), place="", url="#person"),
        ],
        "form": SampleForm(),
        "wrong_form": SampleForm({"wrong-name": "", "wrong-email": "bom@", "wrong-answer": ""}, prefix="wrong"),
        "page": Paginator(range(50), 10).page(3),
    }
    return render(request, "portal/styleguide.html", context)


def _steps(now: datetime) -> list[Any]:
    return [
        Sample(name=_("Announced"), state="done", when=day(now - timedelta(days=20)), url="#steps", note=""),
        Sample(name=_("Voting"), state="now", when=day(now), url="", note=_("Today")),
        Sample(name=_("Day of the assembly"), state="next", when=day(now + timedelta(days=9)), url="", note=""),
        Sample(name=_("Result"), state="next", when="", url="", note=""),
    ]


def _stations(now: datetime) -> list[Any]:
    return [
        Sample(when=day(now - timedelta(days=90)), title=_("Suggested"), text="", url="", money=None, state="done"),
        Sample(
            when=day(now),
            title=_("Decided"),
            text=_("Third of nine items, %(amount)s.") % {"amount": won_short(30_000_000)},
            url="#timeline",
            money=30_000_000,
            state="now",
        ),
        Sample(when=day(now + timedelta(days=60)), title=_("Built"), text="", url="", money=None, state="next"),
    ]
