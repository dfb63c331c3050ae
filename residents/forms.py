"""What people type about themselves."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from residents.consents import ACCOUNT, CONSENTS, ConsentText
from residents.models import Region, User
from residents.persons import ImplausibleError, checked_birth_date, cleaned_name, cleaned_phone, day_as_typed
from residents.queries import dongs_on
from residents.states import Basis, Sex

LONGEST_WORDS = 50
LONGEST_TYPED_DATE = 20
AS_ON_THE_ID = _("As it stands on your ID, so that the check at the community centre goes quickly.")


class NameField(forms.CharField):
    """A person's name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Name"))
        kwargs.setdefault("max_length", 60)
        super().__init__(**kwargs)
        self.error_messages["required"] = _("Please write your name.")
        self.widget.attrs.setdefault("autocomplete", "name")
        self.widget.attrs.setdefault("spellcheck", "false")

    def clean(self, value: Any) -> str:
        name = super().clean(value)
        try:
            return cleaned_name(name)
        except ImplausibleError:
            raise ValidationError(_("Please write the name with letters, at most 60 signs.")) from None


class PhoneField(forms.CharField):
    """A telephone number, kept as digits."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Phone number"))
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)
        self.widget.input_type = "tel"
        self.widget.attrs.setdefault("autocomplete", "tel")
        self.widget.attrs.setdefault("inputmode", "tel")

    def clean(self, value: Any) -> str:
        try:
            return cleaned_phone(super().clean(value))
        except ImplausibleError:
            raise ValidationError(_("This is not a telephone number. Example: 010-0000-0000")) from None


class BirthDateField(forms.DateField):
    """A date of birth between 1900 and today, typed as eight digits or in parts.

    Typed, not picked: from today's month in a phone's calendar it is a long way back to 1945.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Date of birth"))
        kwargs.setdefault("help_text", _("Eight digits. For 15 March 1945 write 19450315."))
        kwargs.setdefault("input_formats", ["%Y-%m-%d"])
        attrs = {"inputmode": "numeric", "maxlength": LONGEST_TYPED_DATE, "autocomplete": "bday"}
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs=attrs))
        super().__init__(**kwargs)
        self.error_messages["required"] = _("Please write your date of birth.")
        self.error_messages["invalid"] = _("This is not a day. For 15 March 1945 write 19450315.")

    def to_python(self, value: Any) -> date | None:
        """The day, whatever stands between year, month and day."""
        return super().to_python(day_as_typed(value) if isinstance(value, str) else value)

    def clean(self, value: Any) -> date | None:
        birth_date = super().clean(value)
        if birth_date is None:
            return None
        try:
            return checked_birth_date(birth_date, timezone.localdate())
        except ImplausibleError:
            raise ValidationError(_("The date of birth must lie between 1900 and today.")) from None


class ConsentMixin(forms.Form):
    """A required box for a consent, with the version of the text that stood beside it."""

    consent_text: ConsentText | None = None

    def ask_consent(self, text: ConsentText) -> None:
        """Add the box and the version to this form."""
        self.consent_text = text
        self.fields["consent"] = forms.BooleanField(
            label=_("I have read this and I consent."),
            error_messages={"required": _("Without the consent this cannot be done. Please read it and tick the box.")},
        )
        self.fields["consent_version"] = forms.IntegerField(widget=forms.HiddenInput, initial=text.version)

    def clean_consent_version(self) -> int:
        version = int(self.cleaned_data["consent_version"])
        if self.consent_text is not None and version != self.consent_text.version:
            raise ValidationError(_("The text of this consent has changed. Please read it again."))
        return version


class SignupExtras(ConsentMixin):
    """What a sign-up asks beside mail address and password. allauth derives its form from this one."""

    field_order = ["email", "name", "password1", "password2", "consent", "consent_version"]

    name = NameField(help_text=AS_ON_THE_ID)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_consent(CONSENTS[ACCOUNT])

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth after the account is saved."""
        # Imported here: allauth reads this module while the apps are still loading.
        from residents.services import open_account  # noqa: PLC0415

        del request
        known = dict(settings.LANGUAGES)
        language = translation.get_language() or settings.LANGUAGE_CODE
        open_account(
            user_id=user.pk,
            name=self.cleaned_data["name"],
            language=language if language in known else settings.LANGUAGE_CODE,
            consent_version=self.cleaned_data["consent_version"],
            at=timezone.now(),
        )
        user.refresh_from_db(fields=["name", "language"])


class ProfileForm(ConsentMixin):
    """What is known of a person. What was checked at the desk is shown and not changed here."""

    name = NameField(help_text=AS_ON_THE_ID)
    birth_date = BirthDateField()
    sex = forms.ChoiceField(
        label=_("Sex"),
        required=False,
        choices=[("", _("I leave this out")), *Sex.choices],
        help_text=_("Only for figures about who takes part. You may leave it out."),
        widget=forms.RadioSelect,
    )
    phone = PhoneField(required=False, help_text=_("You may leave it out."))
    language = forms.ChoiceField(label=_("Language of our mails"), choices=settings.LANGUAGES)

    def __init__(
        self, *args: Any, is_verified: bool = False, consent: ConsentText | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if is_verified:
            for name in ("name", "birth_date"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _(
                    "This was checked at the desk. Please have it corrected there, with a document."
                )
        if consent is not None:
            self.ask_consent(consent)


class DongSearchForm(forms.Form):
    """The search before the choice of a dong, without a script."""

    q = forms.CharField(
        label=_("Name of the dong"),
        max_length=LONGEST_WORDS,
        required=False,
        strip=True,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )


class DongField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among dongs, in groups by municipality."""

    def __init__(self, dongs: list[Region], **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Dong"))
        kwargs.setdefault("empty_label", _("Please choose"))
        not_chosen = _("Please choose your dong from the list.")
        kwargs.setdefault("error_messages", {"required": not_chosen, "invalid_choice": not_chosen})
        # Those found are offered; every dong of today is taken, so that a form sent from another search is not lost.
        super().__init__(queryset=dongs_on(timezone.localdate()), **kwargs)
        self.choices = [("", self.empty_label), *_grouped(dongs)]

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.local_name)


def _grouped(dongs: list[Region]) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    for municipality, group in groupby(dongs, key=lambda dong: dong.parent):
        yield str(municipality), [(dong.pk, dong.local_name) for dong in group]


class DeclareForm(ConsentMixin):
    """Where somebody belongs and why."""

    basis = forms.ChoiceField(
        label=_("Why you belong to this dong"),
        choices=Basis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose why you belong to this dong.")},
    )

    def __init__(self, *args: Any, dongs: list[Region], consent: ConsentText | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dong"] = DongField(dongs)
        self.order_fields(["dong", "basis"])
        if consent is not None:
            self.ask_consent(consent)


class EraseForm(forms.Form):
    """The password again, and that the person knows what happens."""

    understood = forms.BooleanField(
        label=_("I know that this cannot be undone."),
        error_messages={"required": _("Please tick the box if you really want this.")},
    )
    password = forms.CharField(
        label=_("Your password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "autocapitalize": "off", "enterkeyhint": "go"}
        ),
        error_messages={"required": _("Please write your password.")},
    )
