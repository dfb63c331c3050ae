"""How somebody signs in: mail address and password."""

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest


class EmailBackend(AuthenticationBackend):
    """allauth's backend under our own name, so that settings name one of ours. Rights come from roles, not from it."""


def sign_in_name(request: HttpRequest | None, credentials: dict[str, str] | None = None) -> str:
    """The name under which axes counts failed sign-ins: the mail address in one spelling.

    allauth passes it as `email`; axes itself and Django's own forms pass `username`.
    """
    del request
    given = credentials or {}
    return (given.get("email") or given.get("username") or "").strip().lower()
