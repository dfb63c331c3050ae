"""The application as an official takes it down at the counter, for somebody without an account."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from councils.consents import APPLICATION
from councils.forms.applying import ApplicationForm
from residents.forms import ConsentMixin


class CounterForm(ConsentMixin, ApplicationForm):
    """In the order in which one asks across a counter; nothing is remembered by the browser."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "birth_date", "phone", "email", "address", "organisation", "guardian_name"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["name"].widget.attrs["autofocus"] = True
        self.fields["email"].help_text = _("May be left out. Then everything is asked for with the receipt.")
        self.fields["motive"].widget.attrs["rows"] = 2
        self.fields["motive"].label = _("Why they apply")
        self.fields["basis"].label = _("Why they belong to this dong")
        self.fields["track"].label = _("How they apply")
        self.fields["address"].help_text = ""
        self.ask_consent(APPLICATION)
        self.fields["consent"].label = _("I have read this out or shown it, and the person consents.")
