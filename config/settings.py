"""Settings of Madang, all from the environment.

MADANG_MODE says what the process is for:

- `production` (the default): refuses to start with demo values, see `config/checks.py`;
- `demo`: embedded SQLite, in-process worker, mails on the console;
- `test`: as demo, with quick password hashes.

`docs/operations.md` lists every variable.
"""

import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.folders import folder_of_files, refuse_unwritable

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()  # type: ignore[no-untyped-call]

MADANG_MODE: str = env.str("MADANG_MODE", default="production")
if MADANG_MODE not in {"production", "demo", "test"}:
    msg = f"MADANG_MODE is {MADANG_MODE!r}; it must be production, demo or test."
    raise ImproperlyConfigured(msg)
PRODUCTION = MADANG_MODE == "production"

DEBUG: bool = env.bool("DEBUG", default=False)
DEMO_SECRET_KEY = "demo-key-of-the-demo-town-not-a-secret-at-all-0000000000"  # noqa: S105 - production refuses it
# Django fails on an empty key before the check can list what else is wrong: "unset" is too short and listed.
SECRET_KEY: str = env.str("SECRET_KEY", default="") or ("unset" if PRODUCTION else DEMO_SECRET_KEY)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Officials need a second factor to enter the desk. The demo is exempt by this one setting; production refuses it.
OFFICIALS_NEED_SECOND_FACTOR: bool = env.bool("OFFICIALS_NEED_SECOND_FACTOR", default=MADANG_MODE != "demo")

# Where the site stands on the web, for links in mails; the site's own address is the request's.
SITE_NAME = _("Madang")
SITE_OWNER: str = env.str("SITE_OWNER", default="" if PRODUCTION else "마당 시범 마을")  # korean: a name
SITE_CONTACT: str = env.str("SITE_CONTACT", default="" if PRODUCTION else "help@example.org")
# What the club's pages say about the age of their register, if it is not kept up to date here.
CLUB_NOTE = env.str("CLUB_NOTE", default="") or (
    _(
        "This is a demo: members and officers are those of a list printed in January 2014, not of today. Mail "
        "addresses, dues and coming events are invented."
    )
    if MADANG_MODE == "demo"
    else ""
)
# Named on the privacy page: who is in charge of personal data there, and to whom parts of the work are entrusted.
PRIVACY_OFFICER: str = env.str("PRIVACY_OFFICER", default="")
DATA_PROCESSORS: list[str] = env.list("DATA_PROCESSORS", default=[])
# Where whoever finds a hole writes to (/.well-known/security.txt): a mail address or the address of a page.
SECURITY_CONTACT: str = env.str("SECURITY_CONTACT", default=SITE_CONTACT)

INSTALLED_APPS = [
    "config.apps.DeskConfig",
    "config.apps.WiringConfig",
    "core",
    "core.audit",
    "core.jobs",
    "core.notices",
    "core.ledgers",
    "residents",
    "ordinances",
    "reports",
    "meetings",
    "councils",
    "assemblies",
    "forums",
    "portal",
    "demo",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "rules",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    # Outermost, so that refusals of the middleware below carry these headers too.
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.headers.HeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.limits.BodySizeMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "residents.middleware.SecondStepMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.errors.RuleViolationMiddleware",
    "residents.middleware.FormErrorStatusMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
            ],
        },
    }
]

# --- Database: embedded SQLite unless DATABASE_URL names another ------------------------------------------------------

# A relative path begins in the project, wherever a command was started.
VAR_DIR = folder_of_files(BASE_DIR / (env.str("MADANG_VAR_DIR", default="") or "var"))


def _database() -> dict[str, Any]:
    if os.environ.get("DATABASE_URL"):
        database: dict[str, Any] = env.db("DATABASE_URL")
        database.setdefault("CONN_MAX_AGE", env.int("CONN_MAX_AGE", default=60))
        database["CONN_HEALTH_CHECKS"] = True
    else:
        # With a database elsewhere only `media` has to be writable in there.
        refuse_unwritable(VAR_DIR)
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "demo.sqlite3"}
        # A test database is a file, so that the threads of a live server see what the test wrote.
        database["TEST"] = {"NAME": str(Path(tempfile.gettempdir()) / f"madang-test-{os.getpid()}.sqlite3")}
    if "sqlite" in database["ENGINE"]:
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        }
    return database


DATABASES = {"default": _database()}

# --- Redis, cache, Celery: in this process unless REDIS_URL names a server -------------------------------------------

REDIS_URL: str = env.str("REDIS_URL", default="")
if MADANG_MODE == "test" and REDIS_URL:
    # Tests that run side by side empty the cache between them, so each process has a Redis database of its own.
    _redis = urlsplit(REDIS_URL)
    _number = int(_redis.path.strip("/") or 0) + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    REDIS_URL = _redis._replace(path=f"/{_number % 16}").geturl()
if REDIS_URL:
    # A Redis that says nothing at all, as a machine that stands still, must not keep a page waiting for ever.
    _patience = {"socket_connect_timeout": 2, "socket_timeout": 5}
    _redis_cache = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": _patience,
    }
    CACHES: dict[str, Any] = {
        "default": _redis_cache,
        "pages": {**_redis_cache, "BACKEND": "core.caches.PagesOnRedis", "KEY_PREFIX": "pages"},
    }
    CELERY_BROKER_TRANSPORT_OPTIONS = _patience
else:
    # A full memory forgets what is oldest. What limits attempts must not be pushed out by pages with ever new
    # addresses, nor soon by attempts under ever new names: it has a memory of its own, with room for some 30 MB.
    _memory = "django.core.cache.backends.locmem.LocMemCache"
    CACHES = {
        "default": {"BACKEND": _memory, "LOCATION": "madang", "OPTIONS": {"MAX_ENTRIES": 100_000}},
        "pages": {"BACKEND": _memory, "LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 300}},
    }

EMBEDDED_WORKER: bool = env.bool("EMBEDDED_WORKER", default=False)
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_TASK_IGNORE_RESULT = True
# One more attempt for a connection that broke while idle; what is not sent then, the schedule sends.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Seoul"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ALWAYS_EAGER = MADANG_MODE == "test"
CELERY_TASK_EAGER_PROPAGATES = True
# A job's worker gives a sign of life so often; without one for the second span, the job is taken up again.
JOB_BEAT_SECONDS: float = env.float("JOB_BEAT_SECONDS", default=3.0)
JOB_LOST_AFTER_SECONDS: float = env.float("JOB_LOST_AFTER_SECONDS", default=30.0)
CELERY_BEAT_SCHEDULE = {
    # A worker that is busy for long need not do the missed rounds afterwards.
    "take-up-lost-jobs": {
        "task": "core.jobs.tasks.take_up_lost_jobs",
        "schedule": 15.0,
        "options": {"expires": 15.0},
    },
    "forget-expired-files": {"task": "core.jobs.tasks.forget_expired_files", "schedule": 24 * 3600.0},
    "seal-audit-entries": {"task": "core.audit.tasks.seal_audit_entries", "schedule": 10.0},
    "continue-mailings": {"task": "core.notices.tasks.continue_mailings", "schedule": 60.0},
    "forget-addresses": {"task": "core.notices.tasks.forget_addresses", "schedule": 24 * 3600.0},
    "move-due-polls": {"task": "assemblies.tasks.move_due_polls", "schedule": 10.0},
    "forget-old-imports": {"task": "core.jobs.imports.tasks.forget_old_imports", "schedule": 24 * 3600.0},
    "erase-due-applications": {"task": "forums.tasks.erase_due_applications", "schedule": 24 * 3600.0},
    "erase-due-council-applications": {"task": "councils.tasks.erase_due_applications", "schedule": 24 * 3600.0},
    "erase-old-guests": {"task": "forums.tasks.erase_old_guests", "schedule": 24 * 3600.0},
    "forget-old-access-entries": {"task": "core.audit.tasks.forget_old_access_entries", "schedule": 24 * 3600.0},
}

# --- People -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "residents.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "residents.backends.EmailBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if MADANG_MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "portal:home"

ACCOUNT_ADAPTER = "residents.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "residents.forms.SignupExtras"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = env.str("ACCOUNT_EMAIL_VERIFICATION", default="mandatory" if PRODUCTION else "none")
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CHANGE_EMAIL = True
# Whoever changes a password, an address or the second step: the person reads of it by mail.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SIGNUP_REDIRECT_URL = "residents:profile"
# Only in the browser that signed up, where the session remembers it; with the link alone nobody is signed in.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_FORMS = {
    "login": "residents.account_forms.LoginForm",
    "signup": "residents.account_forms.SignupForm",
    "add_email": "residents.account_forms.AddEmailForm",
    "change_password": "residents.account_forms.ChangePasswordForm",
    "set_password": "residents.account_forms.SetPasswordForm",
    "reset_password": "residents.account_forms.ResetPasswordForm",
    "reset_password_from_key": "residents.account_forms.ResetPasswordKeyForm",
    "reauthenticate": "residents.account_forms.ReauthenticateForm",
}
# Failed sign-ins are counted by axes, everything else by allauth: never both (docs/decisions/). What allauth calls
# login_failed is left for wrong codes of the second factor: residents.adapters keeps passwords away from it.
ACCOUNT_RATE_LIMITS = {"login": False, "login_failed": "10/15m/key"}
MFA_FORMS = {
    "authenticate": "residents.account_forms.AuthenticateForm",
    "reauthenticate": "residents.account_forms.ReauthenticateCodeForm",
    "activate_totp": "residents.account_forms.ActivateTOTPForm",
}
MFA_ADAPTER = "residents.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Madang"

AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
# The page says 15 minutes: trying meanwhile does not make them longer.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "residents.backends.sign_in_name"
AXES_LOCKOUT_CALLABLE = "core.errors.too_many_sign_ins"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
PROXY_COUNT: int = env.int("PROXY_COUNT", default=0)
AXES_CLIENT_IP_CALLABLE = "core.limits.client_network"
SEARCH_RATE = env.str("SEARCH_RATE", default="60/m/ip")
VERIFY_RATE = env.str("VERIFY_RATE", default="20/m/ip")
# Where the public randomness of drand is fetched; empty where this machine may not ask.
DRAND_URL: str = env.str("DRAND_URL", default="https://api.drand.sh")
CLUB_JOIN_RATE = env.str("CLUB_JOIN_RATE", default="10/h/ip")
# A whole city hall may stand behind one address when it registers for an academy.
EVENT_REGISTER_RATE = env.str("EVENT_REGISTER_RATE", default="60/h/ip")
# Receipt number, date of birth and a code of 32 bits: whoever has the receipt needs no more than a few attempts.
FIND_APPLICATION_RATE = env.str("FIND_APPLICATION_RATE", default="20/h/ip")
# Without Redis there is one process, and its own memory is cache enough for counting failed sign-ins.
SILENCED_SYSTEM_CHECKS: list[str] = [] if REDIS_URL else ["axes.W001"]

# --- Security ---------------------------------------------------------------------------------------------------------

# Nothing but our own files, and scripts can make no markup from text ('none': no policy that would let them).
CONTENT_SECURITY_POLICY: dict[str, dict[str, Any]] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": [NONE],
    }
}
# What single views, or all of a namespace (with its colon), need besides.
CONTENT_SECURITY_EXCEPTIONS: dict[str, dict[str, Any]] = {
    # jQuery of Django's admin makes markup from text as soon as it is loaded.
    "admin:": {"require-trusted-types-for": None, "trusted-types": None},
    # allauth gives the key of the second factor as a picture in the page: nothing of it may lie in a cache.
    "mfa_activate_totp": {"img-src": [SELF, "data:"]},
}
# Pages whose address holds a key that must not travel on.
VIEWS_WITH_KEYS = frozenset(
    {
        "account_confirm_email",
        "account_reset_password_from_key",
        "notices:stop",
        "forums:registration",
        "meetings:door_link",
        "meetings:pass_link",
        "forums:application",
        "forums:application_answer",
        "forums:application_withdraw",
        "councils:application",
        "councils:application_receipt",
        "councils:application_supplement",
        "councils:application_withdraw",
    }
)
# The site uses no device. Only names that browsers know: an unknown one is a warning on every page.
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "accelerometer": [],
    "autoplay": [],
    "browsing-topics": [],
    "camera": ["self"] if env.bool("CAMERA_ALLOWED", default=False) else [],
    "clipboard-read": [],
    "display-capture": [],
    "encrypted-media": [],
    "geolocation": [],
    "gyroscope": [],
    "hid": [],
    "identity-credentials-get": [],
    "idle-detection": [],
    "local-fonts": [],
    "magnetometer": [],
    "microphone": [],
    "midi": [],
    "payment": [],
    "publickey-credentials-get": [],
    "serial": [],
    "storage-access": [],
    "usb": [],
    "window-management": [],
    "xr-spatial-tracking": [],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
# From the database alone: with a copy in Redis nobody who is signed in would get a page while that is away.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.errors.csrf_failure"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    if SECURE_SSL_REDIRECT:
        CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Forms here are short: whatever is larger is a mistake or an attack and gets a 413 before it is read.
MAX_BODY_BYTES = 256 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES
MAX_UPLOAD_BYTES = 20 * 1024 * 1024
# The views that take files, and how large a body may be there.
UPLOAD_VIEWS: dict[str, int] = {
    "imports:upload": MAX_UPLOAD_BYTES + MAX_BODY_BYTES,
    "admin:forums_material_add": MAX_UPLOAD_BYTES + MAX_BODY_BYTES,
    "admin:forums_publication_add": MAX_UPLOAD_BYTES + MAX_BODY_BYTES,
    "admin:forums_publication_change": MAX_UPLOAD_BYTES + MAX_BODY_BYTES,
    "admin:reports_officeform_add": 5 * 1024 * 1024 + MAX_BODY_BYTES,
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- Language, time, files --------------------------------------------------------------------------------------------

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Seoul"
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = "config.formats"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(VAR_DIR / "media")},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MADANG_MODE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = MADANG_MODE == "test"
# No other site has a reason to read our files by script.
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- Mail -------------------------------------------------------------------------------------------------------------

if os.environ.get("EMAIL_URL"):
    vars().update(env.email("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="" if PRODUCTION else "madang@example.org")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Seconds that a mail server is given for each step of its dialogue.
EMAIL_TIMEOUT: int = env.int("EMAIL_TIMEOUT", default=30)
# The site's own address, for links in mails that no request asked for.
SITE_URL: str = (
    env.str(
        "SITE_URL", default=f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if PRODUCTION and ALLOWED_HOSTS else ""
    ).rstrip("/")
    or "http://localhost:8000"
)
# How notices leave the house: a class for each channel (core.notices.channels.Channel).
NOTICE_CHANNELS: dict[str, str] = {
    "mail": "core.notices.mail.MailChannel",
    "sms": env.str("NOTICE_SMS", default="core.notices.console.ConsoleTexts"),
    "messenger": env.str("NOTICE_MESSENGER", default="core.notices.console.ConsoleMessenger"),
}
# Most notices in a minute, of all workers together; 0 is no limit.
NOTICE_RATE: int = env.int("NOTICE_RATE", default=300)
# Seconds until the next attempt where the first one found a server busy or away; afterwards it counts as failed.
NOTICE_RETRY_PAUSES: list[int] = env.list("NOTICE_RETRY_PAUSES", cast=int, default=[60, 300, 1800, 7200, 21600])
# Days after which addresses and particulars of settled notices are deleted.
NOTICE_KEEP_DAYS: int = env.int("NOTICE_KEEP_DAYS", default=30)

# --- API --------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["core.api.KnownFilters"],
    "DEFAULT_PAGINATION_CLASS": "core.api.NumberedPages",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("API_RATE", default="120/min"),
        "user": env.str("API_RATE_SIGNED_IN", default="600/min"),
    },
    "NUM_PROXIES": PROXY_COUNT,
    "EXCEPTION_HANDLER": "core.api.refusal",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Madang",
    "DESCRIPTION": "Read access to what a residents' assembly publishes.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "AssemblyKind": "assemblies.states.AssemblyKind",
        "AssemblyStatus": "assemblies.states.AssemblyStatus",
        "PollKind": "assemblies.states.PollKind",
        "PollStatus": "assemblies.states.PollStatus",
        "CouncilStatus": "councils.states.CouncilStatus",
        "OrdinanceKind": "ordinances.states.OrdinanceKind",
        "RuleKind": "ordinances.models.rule_sets.RuleKind",
    },
}

# --- Logs: never personal data ---------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "madang": {"level": "INFO"},
        # These two print the name that somebody signed in with.
        "axes": {"level": "CRITICAL"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # What is refused or not there is told with its address, and some addresses are keys.
        "django.request": {"level": "ERROR"},
        # Of a damaged file it prints what stands in it.
        "pypdf": {"level": "CRITICAL"},
    },
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "django.views.debug.SafeExceptionReporterFilter"

TEST_RUNNER = "django.test.runner.DiscoverRunner"
