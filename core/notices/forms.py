"""What somebody chooses to get."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.notices.kinds import categories_to_choose


class WantedForm(forms.Form):
    """One box for each category; a ticked one is wanted."""

    wanted = forms.MultipleChoiceField(
        label=_("Notices that I want to get"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["wanted"]
        field.choices = [(one.key, str(one.title)) for one in categories_to_choose()]  # type: ignore[attr-defined]
