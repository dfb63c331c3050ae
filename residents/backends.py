"""How somebody signs in: mail address and password."""

from allauth.account.auth_backends import AuthenticationBackend


class EmailBackend(AuthenticationBackend):
    pass


def sign_in_name(request: object, credentials: dict[str, str] | None = None) -> str:
    del request
    return (credentials or {}).get("email", "")
