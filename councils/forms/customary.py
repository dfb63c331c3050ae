"""What officials enter at a customary draw: its figures, and each ball or score."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.models import Recruitment
from councils.states import Method

MOST = 1000
TIMES_INVITED = 2  # as many as seats are invited to an interview, where nobody says otherwise
NUMBER = {"inputmode": "numeric", "autocomplete": "off"}


class FiguresForm(forms.Form):
    """Alternates, and for interviews who is invited and the highest score; in persons and points."""

    alternates = forms.IntegerField(label=_("alternates to be drawn"), min_value=0, max_value=MOST)
    invited = forms.IntegerField(label=_("persons invited to an interview"), min_value=1, max_value=MOST)
    highest_score = forms.IntegerField(label=_("highest score"), min_value=1, max_value=MOST, initial=100)

    def __init__(self, *args: Any, recruitment: Recruitment, **kwargs: Any) -> None:
        seats = recruitment.seats
        kwargs.setdefault("initial", {"alternates": seats, "invited": seats * TIMES_INVITED, "highest_score": 100})
        super().__init__(*args, **kwargs)
        if recruitment.method != Method.LOTTERY_INTERVIEW:
            del self.fields["invited"], self.fields["highest_score"]
        if recruitment.method in {Method.RECOMMENDATION_SHARES, Method.WITHIN_GROUPS}:
            self.fields["alternates"].help_text = _("So many from each urn.")


class BallForm(forms.Form):
    """A ball as it was drawn; with `asks_score` a score of an interview."""

    position = forms.IntegerField(min_value=1, widget=forms.HiddenInput())
    number = forms.IntegerField(
        label=_("number on the ball"), min_value=1, widget=forms.NumberInput(attrs={**NUMBER, "autofocus": True})
    )
    score = forms.IntegerField(label=_("score"), min_value=0, widget=forms.NumberInput(attrs=NUMBER))
    drawn_by = forms.CharField(
        label=_("drawn by"),
        max_length=60,
        required=False,
        help_text=_("In words without a name, for example “a resident invited to draw”. It is published."),
    )

    def __init__(self, *args: Any, asks_score: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_score:
            self.fields["number"].label = _("number of the person")
            del self.fields["drawn_by"]
        else:
            del self.fields["score"]
