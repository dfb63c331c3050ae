"""What happens to accounts in allauth's own flows, written to the audit log."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from axes.handlers.proxy import AxesProxyHandler
from django.http import HttpRequest
from django.utils import timezone

from core.audit.services import record
from core.limits import client_network
from residents.backends import sign_in_name
from residents.models import User


def _record(user: User, action: str, **details: str) -> None:
    record(actor=user, action=action, target=user, persons=[user], details=details, at=timezone.now())


def password_changed(user: User, **_kwargs: Any) -> None:
    _record(user, "residents.password_changed")


def password_reset(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Record it, and lift the lock of too many failed sign-ins: whoever reads the mails may try again."""
    _record(user, "residents.password_reset")
    AxesProxyHandler.reset_attempts(
        username=sign_in_name(request, {"email": user.email}), ip_address=client_network(request)
    )


def mail_changed(user: User, **_kwargs: Any) -> None:
    _record(user, "residents.mail_changed")


def mail_confirmed(email_address: Any, **_kwargs: Any) -> None:
    _record(email_address.user, "residents.mail_confirmed")


def second_factor_added(user: User, authenticator: Any, **_kwargs: Any) -> None:
    _record(user, "residents.second_factor_added", kind=str(authenticator.type))


def second_factor_removed(user: User, authenticator: Any, **_kwargs: Any) -> None:
    _record(user, "residents.second_factor_removed", kind=str(authenticator.type))


def connect() -> None:
    """Listen; called once when the app is ready."""
    account.password_changed.connect(password_changed)
    account.password_set.connect(password_changed)
    account.password_reset.connect(password_reset)
    account.email_changed.connect(mail_changed)
    account.email_confirmed.connect(mail_confirmed)
    mfa.authenticator_added.connect(second_factor_added)
    mfa.authenticator_reset.connect(second_factor_added)
    mfa.authenticator_removed.connect(second_factor_removed)
