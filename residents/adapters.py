"""What we change in allauth: our words, our client address, our encryption. Flows stay allauth's."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.limits import client_address
from residents.models import User

LONGEST_PASSWORD = 128

ACCOUNT_MESSAGES: dict[str, str | Promise] = {
    "account_inactive": _("This account is switched off."),
    "duplicate_email": _("This is your mail address already."),
    "email_password_mismatch": _("Mail address or password is not right."),
    "email_taken": _("There is already an account with this mail address."),
    "enter_current_password": _("This is not your present password."),
    "incorrect_code": _("This code is not right."),
    "incorrect_password": _("The password is not right."),
    "invalid_or_expired_key": _("This link is not valid any more."),
    "invalid_login": _("The sign-in did not work."),
    "invalid_password_reset": _("This link is not valid any more."),
    "rate_limited": _("Too many attempts. Please wait a little and try again."),
    "same_as_current": _("This is the value you have already."),
    "too_many_login_attempts": _("Too many wrong codes. Please wait 15 minutes and try again."),
    "unverified_primary_email": _("Please confirm your mail address first."),
}
MFA_MESSAGES: dict[str, str | Promise] = {
    "add_email_blocked": _(
        "With a second factor the mail address cannot be changed. Please switch the second factor off first."
    ),
    "cannot_delete_authenticator": _("The second factor cannot be switched off."),
    "cannot_generate_recovery_codes": _("Recovery codes need an authenticator app. Please set it up first."),
    "incorrect_code": _("This code is not right."),
    "unverified_email": _("Please confirm your mail address first. Then you can set up a second factor."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by mail address and password."""

    error_messages = {**DefaultAccountAdapter.error_messages, **ACCOUNT_MESSAGES}

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that our limits count, found in the one way of the house."""
        address = client_address(request)
        if not address:
            raise PermissionDenied
        return address

    def is_ajax(self, request: HttpRequest) -> bool:
        """Every answer is a page: nothing here is asked for by a script."""
        del request
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: wrong passwords are counted by axes. allauth's counter is for codes of the second factor only."""

    def reauthenticate(self, user: User, password: str) -> bool:  # type: ignore[override]
        """Whether this is the person's password; wrong ones count like failed sign-ins."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def clean_password(self, password: str, user: User | None = None) -> str:  # type: ignore[override]
        if len(password) > LONGEST_PASSWORD:
            raise ValidationError(_("The password may have at most %(length)d signs.") % {"length": LONGEST_PASSWORD})
        return str(super().clean_password(password, user))

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm an address, unless somebody else's account has it: two accounts never share one."""
        if User.objects.filter(email=email_address.email).exclude(pk=email_address.user_id).exists():
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False
        return bool(super().confirm_email(request, email_address))


class MFAAdapter(DefaultMFAAdapter):
    """Second factors, with their secrets encrypted in the database."""

    error_messages = {**DefaultMFAAdapter.error_messages, **MFA_MESSAGES}

    def encrypt(self, text: str) -> str:
        """Encrypt with the key made of SECRET_KEY."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt with SECRET_KEY or one of SECRET_KEY_FALLBACKS.

        Raises cryptography.fernet.InvalidToken if it was encrypted with neither.
        """
        return _keys().decrypt(encrypted_text.encode()).decode()

    def re_encrypt(self, encrypted_text: str) -> str:
        """The same secret under today's SECRET_KEY, so that the old key can be dropped."""
        return _keys().rotate(encrypted_text.encode()).decode()


def _keys() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_fernet_key(secret)) for secret in secrets])


def _fernet_key(secret: str) -> bytes:
    """32 bytes of HMAC-SHA256 over a fixed label, so that the key serves this one purpose."""
    digest = salted_hmac("residents.second_factor", "fernet", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
