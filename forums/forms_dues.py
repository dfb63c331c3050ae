"""Input about dues."""

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums.services.dues import HIGHEST

FIRST_YEAR, LAST_YEAR = 2010, 2100


class MonthField(forms.DateField):
    """A month, as its first day. Browsers that know no month send it as 2026-03."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("month"))
        super().__init__(
            input_formats=["%Y-%m", "%Y-%m-%d"],
            widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
            **kwargs,
        )

    def clean(self, value: Any) -> date:
        month: date = super().clean(value)
        if not FIRST_YEAR <= month.year <= LAST_YEAR:
            raise forms.ValidationError(_("Please choose a month since the club exists."))
        return month.replace(day=1)


class MonthForm(forms.Form):
    month = MonthField()


class WonField(forms.IntegerField):
    """Whole won, as people write them: 200000, 200,000 or 200,000원."""  # korean: the unit

    widget = forms.TextInput

    def __init__(self, *, least: int = 1, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("amount in won"))
        super().__init__(min_value=least, max_value=HIGHEST, **kwargs)
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).strip().removesuffix("원").replace(",", "")  # korean: the unit
        number: int | None = super().to_python(value)
        return number
