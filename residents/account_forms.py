"""allauth's forms in our words: labels of our own, no placeholders instead of labels."""

import unicodedata
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import RuleViolation
from residents.models import User

LABELS = {
    "login": gettext_lazy("Mail address"),
    "email": gettext_lazy("Mail address"),
    "password": gettext_lazy("Password"),
    "oldpassword": gettext_lazy("Present password"),
    "password1": gettext_lazy("New password"),
    "password2": gettext_lazy("New password again"),
    "code": gettext_lazy("Code of the second step"),
}
WHEN_EMPTY = {
    "login": gettext_lazy("Please write your mail address."),
    "email": gettext_lazy("Please write your mail address."),
    "password": gettext_lazy("Please write your password."),
    "oldpassword": gettext_lazy("Please write your present password."),
    "password1": gettext_lazy("Please write the password that you want to have."),
    "password2": gettext_lazy("Please write the same password a second time."),
    "code": gettext_lazy("Please write the code."),
}
NOT_AN_ADDRESS = gettext_lazy("This is not a whole mail address. It looks like this: name@example.org")
GOOD_PASSWORD = gettext_lazy("At least 10 signs, not digits alone. Three or four words in a row are easy to remember.")
LONGEST_TYPED_PASSWORD = 4096
LONGEST_TYPED_CODE = 20
# What a phone must not do to an address or a code: begin it with a capital, underline it, mend it.
AS_TYPED = {"autocapitalize": "off", "autocorrect": "off", "spellcheck": "false"}


class _OurWords(forms.Form):
    """Puts our labels, our errors and a fitting keyboard on allauth's fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in LABELS:
                field.label = LABELS[name]
                field.error_messages["required"] = WHEN_EMPTY[name]
                field.widget.attrs.pop("placeholder", None)
            if name in {"login", "email"}:
                field.error_messages["invalid"] = NOT_AN_ADDRESS
                field.widget.attrs.update({"inputmode": "email", **AS_TYPED})
            if "password" in name and isinstance(field, forms.CharField):
                # Longer than any password that we accept; says no before a hash is computed.
                field.max_length = LONGEST_TYPED_PASSWORD
                field.validators.append(forms.CharField(max_length=LONGEST_TYPED_PASSWORD).validators[0])
                field.widget.attrs.update(AS_TYPED)
                field.help_text = GOOD_PASSWORD if name == "password1" else ""
            if name == "code":
                field.widget.attrs.update({"inputmode": "numeric", "maxlength": LONGEST_TYPED_CODE, **AS_TYPED})
        self._name_the_enter_key()

    def _name_the_enter_key(self) -> None:
        """The key below the letters of a phone says whether another field follows."""
        typed = [
            field for field in self.fields.values() if isinstance(field.widget, forms.TextInput | forms.PasswordInput)
        ]
        for field in typed[:-1]:
            field.widget.attrs["enterkeyhint"] = "next"
        for field in typed[-1:]:
            field.widget.attrs["enterkeyhint"] = "go"


class _SpacedCode(_OurWords):
    """A code as apps show it: “123 456” is 123456, also in the wide digits of some keyboards."""

    def clean_code(self) -> str:
        code = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        self.cleaned_data["code"] = "".join(code.replace("-", "").split())
        return str(super().clean_code())  # type: ignore[misc]


class LoginForm(_OurWords, account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SignupForm(_OurWords, account.SignupForm):  # type: ignore[misc]
    """Sign-up as one transaction: an account without its consent must not stay behind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = LABELS["password"]
        self.fields["password2"].label = gettext_lazy("Password again")

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        try:
            with transaction.atomic():
                saved: tuple[User | None, HttpResponse | None] = super().try_save(request)
        except IntegrityError:
            # The same address came twice at once. Which of the two was first is nobody's business.
            raise RuleViolation(
                _("The account could not be made just now. Please go back and try again."), code="sign_up_twice"
            ) from None
        return saved


class AddEmailForm(_OurWords, account.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = gettext_lazy("New mail address")


class ChangePasswordForm(_OurWords, account.ChangePasswordForm):
    pass


class SetPasswordForm(_OurWords, account.SetPasswordForm):
    pass


class ResetPasswordForm(_OurWords, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(_OurWords, account.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(_OurWords, account.ReauthenticateForm):
    pass


class AuthenticateForm(_SpacedCode, mfa.AuthenticateForm):
    pass


class ReauthenticateCodeForm(_SpacedCode, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(_SpacedCode, totp.ActivateTOTPForm):
    pass
