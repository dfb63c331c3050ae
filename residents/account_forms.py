"""allauth's forms in our words: labels of our own, no placeholders instead of labels."""

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
    "code": gettext_lazy("Code"),
}
LONGEST_TYPED_PASSWORD = 4096


class _OurWords(forms.Form):
    """Puts our labels on allauth's fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in LABELS:
                field.label = LABELS[name]
                field.widget.attrs.pop("placeholder", None)
            if "password" in name and isinstance(field, forms.CharField):
                # Longer than any password that we accept; says no before a hash is computed.
                field.max_length = LONGEST_TYPED_PASSWORD
                field.validators.append(forms.CharField(max_length=LONGEST_TYPED_PASSWORD).validators[0])
                if name in {"password", "oldpassword"}:
                    field.help_text = ""
            if name == "code":
                field.widget.attrs.update({"inputmode": "numeric", "maxlength": 20})


class LoginForm(_OurWords, account.LoginForm):
    pass


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
    pass


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


class AuthenticateForm(_OurWords, mfa.AuthenticateForm):
    pass


class ReauthenticateCodeForm(_OurWords, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(_OurWords, totp.ActivateTOTPForm):
    pass
