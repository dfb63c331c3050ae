"""Registering for an event: the answer of a member's office, and a guest's own registration."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from forums.consents import GUEST
from forums.forms.joining import PlainTextField
from forums.models import Registration
from forums.services.registrations import MOST_STAFF, Coming, Person, Reply
from forums.states import AttendeeRole, RegistrationStatus
from residents.forms import ConsentMixin, NameField

MAIL_ERRORS = {"invalid": _("This is no mail address. Example: name@example.org")}
EMPTY_ROWS = 2


class ReplyForm(forms.Form):
    """Who comes for the member, and where notices about the event go."""

    coming = forms.ChoiceField(
        label=_("Who comes?"),
        widget=forms.RadioSelect,
        choices=[
            (Coming.HEAD.value, _("The head comes")),
            (Coming.PROXY.value, _("Somebody comes in the head’s place")),
            (Coming.NOBODY.value, _("Nobody comes")),
        ],
        error_messages={"required": _("Please choose who comes.")},
    )
    proxy_name = PlainTextField(label=_("Name of who comes in the head’s place"), max_length=40, required=False)
    proxy_position = PlainTextField(label=_("Their office or rank"), max_length=60, required=False)
    contact = forms.EmailField(
        label=_("Mail address for notices about this event"),
        required=False,
        max_length=254,
        error_messages=MAIL_ERRORS,
        help_text=_("Changes of the programme are sent there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("coming") == Coming.PROXY and not data.get("proxy_name"):
            self.add_error("proxy_name", _now("Please say who comes in the head’s place."))
        return data


class StaffForm(forms.Form):
    """An official who comes along. A line without a name is left out; emptied, it is taken off."""

    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = PlainTextField(label=_("Name"), max_length=40, required=False)
    position = PlainTextField(label=_("Office or rank"), max_length=60, required=False)
    contact = forms.EmailField(
        label=_("Mail address"),
        required=False,
        max_length=254,
        error_messages=MAIL_ERRORS,
        widget=forms.EmailInput(attrs={"spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("name") and (data.get("position") or data.get("contact")) and not data.get("key"):
            raise ValidationError(_now("Please write the name, too."))
        return data


class BaseStaffRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """The officials of an office."""

    default_error_messages = {
        "too_many_forms": _("At most %(num)d officials come along. Please write to the secretariat."),
    }


StaffRows = forms.formset_factory(
    StaffForm,
    formset=BaseStaffRows,
    extra=EMPTY_ROWS,
    max_num=MOST_STAFF,
    absolute_max=MOST_STAFF + EMPTY_ROWS,
    validate_max=True,
)


def initial_of(lines: Sequence[Registration], mail: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What was answered before, for both forms. `mail` stands where nothing was answered yet."""
    heads = [one for one in lines if one.role == AttendeeRole.HEAD]
    reply: dict[str, Any] = {"contact": mail}
    if heads:
        head = heads[0]
        reply = {"coming": Coming.HEAD.value, "contact": head.contact}
        if head.status == RegistrationStatus.DECLINED:
            reply["coming"] = Coming.NOBODY.value
        elif head.is_proxy:
            reply |= {"coming": Coming.PROXY.value, "proxy_name": head.name, "proxy_position": head.position}
    staff = [
        {"key": one.pk, "name": one.name, "position": one.position, "contact": one.contact}
        for one in lines
        if one.role == AttendeeRole.STAFF
    ]
    return reply, staff


def reply_of(form: ReplyForm, rows: Any) -> Reply:
    """The answer of two valid forms."""
    data = form.cleaned_data
    proxy = Person(data["proxy_name"], data["proxy_position"]) if data["coming"] == Coming.PROXY else None
    staff = tuple(
        Person(row["name"], row["position"], row["contact"], row["key"])
        for row in (one.cleaned_data for one in rows)
        if row.get("name")
    )
    return Reply(Coming(data["coming"]), proxy=proxy, staff=staff, contact=data["contact"])


class GuestForm(ConsentMixin):
    """A guest of a public event."""

    name = NameField(max_length=40)
    organisation = PlainTextField(label=_("Organisation"), max_length=80, required=False)
    position = PlainTextField(label=_("Office or rank"), max_length=60, required=False)
    contact = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        help_text=_("We send the confirmation there, and a link by which you can cancel."),
        error_messages={**MAIL_ERRORS, "required": _("Please write a mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_consent(GUEST)
