"""Where somebody of a pool opens what a freeze holds of them sealed, with the secret that only they were told."""

import json
import secrets
from http import HTTPStatus
from typing import Any

from allauth.decorators import rate_limit
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from councils.drawing import is_opened_by
from councils.drawing.canonical import canonical, plain
from councils.models import Draw
from councils.views.hall import shown_draw


class SealForm(forms.Form):
    """Number and secret, as they stand on one's own application."""

    number = forms.IntegerField(
        label=_("your number in the pool"), min_value=1, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    secret = forms.CharField(
        label=_("your secret"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("32 signs from 0–9 and a–f. They stand on the page of your application."),
    )

    def clean_secret(self) -> str:
        return "".join(str(self.cleaned_data["secret"]).split()).lower()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def seal_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What was sealed, for who brings the secret of the number; the same refusal for a wrong number and secret.

    Only sending it counts against the rate.
    """
    if request.method != "POST":
        return _seal(request, pk)
    limited = rate_limit(  # type: ignore[no-untyped-call]
        action="open_seal", config={"open_seal": settings.VERIFY_RATE}
    )
    response: HttpResponseBase = limited(_seal)(request, pk)
    return response


def _seal(request: HttpRequest, pk: int) -> HttpResponse:
    draw = shown_draw(pk)
    form = SealForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"draw": draw, "recruitment": draw.recruitment, "form": form}
    status = HTTPStatus.OK
    if form.is_bound:
        status = HTTPStatus.BAD_REQUEST
        opened = _opened(draw, form.cleaned_data) if form.is_valid() else None
        if opened is not None:
            status = HTTPStatus.OK
            context["opened"] = opened
        elif form.is_valid():
            form.add_error(None, _("Nothing is sealed under this number with this secret."))
    return render(request, "councils/draw/seal.html", context, status=status)


def _opened(draw: Draw, given: dict[str, Any]) -> dict[str, Any] | None:
    """Attributes and commitment of the number, where the secret is the one that seals it."""
    whole = Draw.objects.only("full", "public").get(pk=draw.pk)
    id_ = str(given["number"])
    opening = json.loads(whole.full).get(id_)
    if opening is None or not secrets.compare_digest(opening["salt"].encode(), given["secret"].encode()):
        return None
    published = next(person for person in json.loads(whole.public)["pool"] if person["id"] == id_)
    sealed = {"attributes": opening["attributes"], "household": opening["household"], "id": id_}
    return {
        "number": id_,
        "attributes": opening["attributes"].items(),
        "commitment": published["commitment"],
        "fits": is_opened_by(published, opening),
        "text": canonical(plain(sealed)).decode(),
        "salt": opening["salt"],
    }
