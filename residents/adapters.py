"""What we change in allauth: our words, our client address, our encryption. Flows stay allauth's."""

import base64
from datetime import timedelta
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.letters import in_lines
from core.limits import client_address
from residents.destinations import destination_of, first_page_after_sign_up, with_destination
from residents.models import ResidentProfile, User

LONGEST_PASSWORD = 128

# Changes after which somebody else could be in the account.
TOLD_BY_MAIL = frozenset(
    {
        "account/email/password_changed",
        "account/email/password_set",
        "account/email/password_reset",
        "account/email/email_changed",
        "mfa/email/totp_activated",
        "mfa/email/totp_deactivated",
        "mfa/email/recovery_codes_generated",
    }
)

ACCOUNT_MESSAGES: dict[str, str | Promise] = {
    "account_inactive": _("This account is switched off."),
    "duplicate_email": _("This is your mail address already."),
    "email_password_mismatch": _(
        "The mail address or the password is not right. Please look at both and try again, or set a new password."
    ),
    "email_taken": _("There is already an account with this mail address."),
    "enter_current_password": _("This is not your present password."),
    "incorrect_code": _("This code is not right. Please write the code that the app shows now."),
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
    "incorrect_code": _("This code is not right. Please write the code that the app shows now."),
    "unverified_email": _("Please confirm your mail address first. Then you can set up a second factor."),
}


def _in_a_request() -> bool:
    return context.request is not None


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by mail address and password."""

    error_messages = {**DefaultAccountAdapter.error_messages, **ACCOUNT_MESSAGES}

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that our limits count, found in the one way of the house."""
        address = client_address(request)
        if not address:
            raise PermissionDenied
        return address

    def is_safe_url(self, url: str) -> bool:
        """Whether `url` lies on this site; what cannot be read as an address (http://[) does not."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Every answer is a page: nothing here is asked for by a script."""
        del request
        return False

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse:  # type: ignore[override]
        """Lead newcomers over their details and their dong to where they were going: before that they cannot vote."""
        if facts["signup"]:
            facts["redirect_url"] = first_page_after_sign_up(facts["redirect_url"] or "")
        return super().post_login(request, user, **facts)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """The link in the mail; it goes on to where the person was going, also on another device."""
        link = str(super().get_email_confirmation_url(request, emailconfirmation))
        goal = destination_of(request)
        is_newcomer = not ResidentProfile.objects.filter(user_id=emailconfirmation.email_address.user_id).exists()
        return with_destination(link, first_page_after_sign_up(goal) if is_newcomer else goal)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the mail; the new password leads on to where the person was going."""
        link = str(super().get_reset_password_from_key_url(key))
        return with_destination(link, destination_of(context.request))

    def format_email_subject(self, subject: str) -> str:
        """Whose mail it is, before what it is about."""
        return f"[{settings.SITE_NAME}] {subject}"

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """The mail as plain text in lines of 72 columns, with the moment until which its link opens."""
        now = timezone.now()
        link_opens_until = {
            "confirm_until": now + timedelta(days=account_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS),
            "reset_until": now + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        }
        mail = super().render_mail(template_prefix, email, {**context, **link_opens_until}, headers)
        mail.body = in_lines(str(mail.body))
        return mail

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,  # type: ignore[override]
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell somebody what was changed in their account, where they might not know; the rest they see on the page."""
        # Outside of a request there is no page that the person used, and so nothing that anybody else could have done.
        if template_prefix in TOLD_BY_MAIL and _in_a_request():
            reset_page = self.request.build_absolute_uri(reverse("account_reset_password"))
            facts = {**(context or {}), "reset_page": reset_page}
            super().send_notification_mail(template_prefix, user, facts, email or user.email)

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
