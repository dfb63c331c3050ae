"""The draft of an official letter: written here, copied into the administration's own system, kept nowhere."""

from http import HTTPStatus

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from reports.letters import UnfitLetter, draft_letter, points_of

LONGEST = 10_000
REFUSALS = {
    "empty": gettext_lazy("Please write what the letter says."),
    "too_deep": gettext_lazy("The items are nested too deeply: there are signs for eight depths."),
    "too_many": gettext_lazy("Too many items stand beside each other: the order of signs ends there."),
}


class LetterForm(forms.Form):
    """What a letter is drafted from, a line for each item."""

    recipient = forms.CharField(label=gettext_lazy("recipient"), max_length=200, required=False)
    subject = forms.CharField(label=gettext_lazy("subject of the letter"), max_length=200, required=False)
    relation = forms.CharField(
        label=gettext_lazy("what the letter relates to"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One line for each earlier letter or decision, with its number and date."),
    )
    body = forms.CharField(
        label=gettext_lazy("what the letter says"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "One line for each item; two blanks at its beginning put it one level below. No numbers."
        ),
    )
    attachments = forms.CharField(
        label=gettext_lazy("attachments"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One line for each, with the number of copies."),
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft_page(request: HttpRequest) -> HttpResponse:
    """The form and, when it was sent, the letter below it. 404 for who keeps no office's papers."""
    if not request.user.has_perm("reports.draft_letter"):
        raise Http404
    form = LetterForm(request.POST if request.method == "POST" else None)
    letter, status = "", HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            said = form.cleaned_data
            try:
                letter = draft_letter(
                    said["relation"].splitlines(),
                    points_of(said["body"]),
                    said["attachments"].splitlines(),
                    recipient=said["recipient"],
                    subject=said["subject"],
                )
            except UnfitLetter as unfit:
                form.add_error("body", str(REFUSALS.get(unfit.reason, _("This letter cannot be drafted."))))
            else:
                status = HTTPStatus.OK
    context = {"form": form, "letter": letter, "rows": letter.count("\n") + 2}
    return render(request, "reports/letter.html", context, status=status)
