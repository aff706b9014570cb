"""Settings. Everything that differs between installations comes from RUANGAMAN_… variables (docs/operations.md)."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from ruangaman.config.environment import papers_storage
from ruangaman.kernel import keyring, roles

PACKAGE = Path(__file__).resolve().parent.parent

RUANGAMAN_VAR = Path(os.environ.get("RUANGAMAN_VAR", "var")).resolve()
RUANGAMAN_KEYS = Path(os.environ.get("RUANGAMAN_KEYS", RUANGAMAN_VAR / "keys")).resolve()
RUANGAMAN_BACKUPS = Path(os.environ.get("RUANGAMAN_BACKUPS", RUANGAMAN_VAR / "backups")).resolve()
# Backups of wrapped keys, and key-encryption keys that have been rotated away, are kept this long: it is how long an
# erasure takes to be complete, and the data officer is shown it.
ERASURE_DELAY_DAYS = int(os.environ.get("RUANGAMAN_ERASURE_DELAY_DAYS", "30"))
DEMO = os.environ.get("RUANGAMAN_DEMO") == "1"
PROCESS = os.environ.get("RUANGAMAN_PROCESS", "app")
HTTPS = not DEMO and os.environ.get("RUANGAMAN_HTTPS", "1") == "1"
SITE_URL = os.environ.get("RUANGAMAN_SITE_URL", "http://127.0.0.1:8000" if DEMO else "https://localhost")
# What stands in titles and in a browser's history. Neutral on purpose (care.md 3).
SITE_TITLE = os.environ.get("RUANGAMAN_SITE_TITLE", "Informasi Layanan")
# Where Exit leads: a page that anyone may have open.
EXIT_URL = os.environ.get("RUANGAMAN_EXIT_URL", "https://www.google.com/search?q=cuaca+hari+ini")
LEAVE_URL = "/keluar/"
# Where the source of the running version is, for everybody who uses it (AGPL, section 13; ADR-0001).
SOURCE_URL = os.environ.get("RUANGAMAN_SOURCE_URL", "")

DEBUG = False
SECRET_KEY = keyring.read(RUANGAMAN_KEYS).derived("django").hex()
ALLOWED_HOSTS = os.environ.get("RUANGAMAN_HOSTS", "127.0.0.1,localhost").split(",")
CSRF_TRUSTED_ORIGINS = [SITE_URL]


def _database(url: str, **options: Any) -> dict[str, Any]:
    made: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    made["ENGINE"] = "ruangaman.kernel.database"
    made["ATOMIC_REQUESTS"] = True
    made["DISABLE_SERVER_SIDE_CURSORS"] = True
    made["OPTIONS"] = {"prepare_threshold": None, "application_name": f"ruangaman {PROCESS}", **options}
    return made


_urls = roles.derive_urls(os.environ)
_by_process = {
    "app": roles.APP,
    "worker": roles.WORKER,
    "sealer": roles.SEALER,
    "counter": roles.COUNTER,
}
if PROCESS == "owner":
    DATABASES = {"default": _database(os.environ["RUANGAMAN_OWNER_URL"])}
    DATABASES["owner"] = DATABASES["default"]
else:
    DATABASES = {"default": _database(_urls[_by_process[PROCESS]])}
    if PROCESS == "app":
        # The figures of the standards: columns of unsealed facts, and nothing else (ADR-0010).
        DATABASES["counter"] = _database(_urls[roles.COUNTER]) | {"ATOMIC_REQUESTS": False}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "ruangaman.kernel",
    "ruangaman.ledger",
    "ruangaman.places",
    "ruangaman.access",
    "ruangaman.network",
    "ruangaman.notices",
    "ruangaman.clocks",
    "ruangaman.people",
    "ruangaman.consent",
    "ruangaman.papers",
    "ruangaman.agenda",
    "ruangaman.intake",
    "ruangaman.cases",
    "ruangaman.services",
    "ruangaman.justice",
    "ruangaman.closure",
    "ruangaman.standards",
    "ruangaman.desk",
    "ruangaman.config",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "pgtrigger",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "ruangaman.kernel.http.keep_nothing",
    "ruangaman.kernel.http.speak",
    "ruangaman.kernel.http.read_first",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ruangaman.access.middleware.carry_ticket",
    "ruangaman.intake.views.leaving.finish_leaving",
]

ROOT_URLCONF = "ruangaman.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "ruangaman.kernel.context.page",
                "ruangaman.access.context.viewer",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- people who sign in ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "ruangaman.access.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator, who knows the person
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail of ours goes to an address that somebody merely typed
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "ruangaman.access.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
MFA_TOTP_ISSUER = "Ruang Aman"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:today"
LOGOUT_REDIRECT_URL = "intake:home"

# Where clamd listens (``127.0.0.1:3310`` or ``/run/clamav/clamd.ctl``). Without it files stay "unscanned", and the
# pages say so.
SCANNER = os.environ.get("RUANGAMAN_CLAMD", "")

SESSION_ENGINE = "ruangaman.access.sessions"
SESSION_COOKIE_NAME = "masuk"
SESSION_COOKIE_AGE = 12 * 3600  # a working day and its overtime
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None  # gone with the browser
CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = "formulir", "bahasa"
CSRF_FAILURE_VIEW = "ruangaman.access.views.form_too_old"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- what leaves and what comes in --------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        # A browser applies this to the redirect that follows a form as well, and Exit leads away.
        "form-action": [SELF, "{0.scheme}://{0.netloc}".format(urlsplit(EXIT_URL))],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Nothing is told to other sites. With "no-referrer" browsers send "Origin: null" with our own forms as well.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = False  # the proxy in front does it
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # other names of the region's domain are not ours to bind
    "security.W008",  # the proxy in front redirects to HTTPS
    "security.W021",  # nor is the preload list of browsers
]
if os.environ.get("RUANGAMAN_TRUSTED_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 1_048_576 + 65_536  # config/front.py lets no more through
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]  # never a temporary file
MAX_BODY = 1024 * 1024

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(RUANGAMAN_VAR / "mail")
if os.environ.get("RUANGAMAN_EMAIL_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["RUANGAMAN_EMAIL_HOST"]
    EMAIL_PORT = int(os.environ.get("RUANGAMAN_EMAIL_PORT", "587"))
    EMAIL_HOST_USER = os.environ.get("RUANGAMAN_EMAIL_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("RUANGAMAN_EMAIL_PASSWORD", "")
    EMAIL_USE_TLS = True
DEFAULT_FROM_EMAIL = os.environ.get("RUANGAMAN_EMAIL_FROM", "ruang-aman@localhost")
EMAIL_SUBJECT_PREFIX = ""

# Rate limits are counted here; every web process on every machine sees the same numbers.
CACHES = {
    "default": {
        "BACKEND": "ruangaman.kernel.limits.KeyedDatabaseCache",
        "LOCATION": "kernel_cache",
        "TIMEOUT": 3600,
    }
}

# --- language, time, static files ------------------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Bahasa Indonesia")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
USE_THOUSAND_SEPARATOR = True
STATIC_URL = "/static/"
STATIC_ROOT = RUANGAMAN_VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "papers": papers_storage(os.environ),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

PROCRASTINATE_ON_APP_READY = "ruangaman.config.jobs.on_app_ready"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# --- what is told, and what never is: no address, form, header or value goes into a log ----------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_values": {"()": "ruangaman.kernel.logs.NoValues"}},
    "formatters": {"line": {"()": "ruangaman.kernel.logs.Line"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_values"]}
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "ruangaman": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "procrastinate": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
