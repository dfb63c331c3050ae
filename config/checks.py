"""Production refuses to start with values that only a demo may have; a machine says what it lacks."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 - Django's name for it
from django.core.exceptions import ImproperlyConfigured

from reports.pdf.fonts import what_is_missing

MIN_KEY_LENGTH = 50
MANIFEST = "staticfiles.json"


def problems_of_production() -> list[tuple[str, str]]:
    """Every demo value that production would run with, as (id, sentence)."""
    key, database = settings.SECRET_KEY, settings.DATABASES["default"]
    conditions = [
        (
            key == settings.DEMO_SECRET_KEY or len(key) < MIN_KEY_LENGTH,
            "madang.E001",
            f"SECRET_KEY must be a secret of at least {MIN_KEY_LENGTH} signs.",
        ),
        (
            settings.DEMO_SECRET_KEY in settings.SECRET_KEY_FALLBACKS,
            "madang.E002",
            "SECRET_KEY_FALLBACKS must not contain the demo's key.",
        ),
        (
            not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS,
            "madang.E003",
            "ALLOWED_HOSTS must name the hosts of the site, and not '*'.",
        ),
        (settings.DEBUG, "madang.E004", "DEBUG must be off."),
        (not settings.OFFICIALS_NEED_SECOND_FACTOR, "madang.E005", "OFFICIALS_NEED_SECOND_FACTOR must be on."),
        ("sqlite" in database["ENGINE"], "madang.E006", "DATABASE_URL must name a PostgreSQL database."),
        (not settings.REDIS_URL, "madang.E007", "REDIS_URL must name a Redis server."),
        (
            not settings.SITE_OWNER or not settings.SITE_CONTACT,
            "madang.E008",
            "SITE_OWNER and SITE_CONTACT must name whose site this is.",
        ),
        ("console" in settings.EMAIL_BACKEND, "madang.E009", "EMAIL_URL must name a mail server."),
        (not settings.DEFAULT_FROM_EMAIL, "madang.E010", "DEFAULT_FROM_EMAIL must name the sender of mails."),
    ]
    return [(code, text) for is_wrong, code, text in conditions if is_wrong]


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


@register("madang", deploy=True)
def check_static_files(app_configs: Sequence[Any] | None, **_kwargs: object) -> list[CheckMessage]:
    """Report on `manage.py check --deploy` that style sheets and scripts are missing: every page would answer 500."""
    del app_configs
    if not settings.PRODUCTION or (Path(settings.STATIC_ROOT) / MANIFEST).is_file():
        return []
    text = "The static files have not been collected. Run manage.py collectstatic before the site starts."
    return [Error(text, id="madang.E011")]


@register("madang", deploy=True)
def check_printing(app_configs: Sequence[Any] | None, **_kwargs: object) -> list[CheckMessage]:
    """Report on `manage.py check --deploy` which packages of the system PDF documents still need."""
    del app_configs
    missing = what_is_missing()
    return [Warning(missing, id="madang.W001")] if missing else []
