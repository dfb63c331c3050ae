"""Production refuses to start with values that only a demo may have."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

MIN_KEY_LENGTH = 50


def problems_of_production() -> list[tuple[str, str]]:
    """Every demo value that production would run with, as (id, sentence)."""
    found = []
    if settings.SECRET_KEY == settings.DEMO_SECRET_KEY or len(settings.SECRET_KEY) < MIN_KEY_LENGTH:
        found.append(("madang.E001", f"SECRET_KEY must be a secret of at least {MIN_KEY_LENGTH} signs."))
    if settings.DEMO_SECRET_KEY in settings.SECRET_KEY_FALLBACKS:
        found.append(("madang.E002", "SECRET_KEY_FALLBACKS contains the demo's key."))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        found.append(("madang.E003", "ALLOWED_HOSTS must name the hosts of the site, and not '*'."))
    if settings.DEBUG:
        found.append(("madang.E004", "DEBUG must be off."))
    if not settings.OFFICIALS_NEED_SECOND_FACTOR:
        found.append(("madang.E005", "OFFICIALS_NEED_SECOND_FACTOR must be on."))
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        found.append(("madang.E006", "DATABASE_URL must name a PostgreSQL database."))
    if not settings.REDIS_URL:
        found.append(("madang.E007", "REDIS_URL must name a Redis server."))
    if not settings.SITE_OWNER or not settings.SITE_CONTACT:
        found.append(("madang.E008", "SITE_OWNER and SITE_CONTACT must name whose site this is."))
    if "console" in settings.EMAIL_BACKEND:
        found.append(("madang.E009", "EMAIL_URL must name a mail server."))
    return found


def refuse_demo_values() -> None:
    """Raise ImproperlyConfigured with every problem, if this is production."""
    if settings.PRODUCTION:
        found = problems_of_production()
        if found:
            lines = "\n".join(f"  {code} {text}" for code, text in found)
            raise ImproperlyConfigured(f"Production does not start with demo values:\n{lines}")


@register("madang")
def check_production(app_configs: Sequence[Any] | None, **_kwargs: object) -> list[CheckMessage]:
    """Report the same problems on `manage.py check` and before every command that checks."""
    del app_configs
    if not settings.PRODUCTION:
        return []
    return [Error(text, id=code) for code, text in problems_of_production()]
