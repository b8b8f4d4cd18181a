"""All settings, in the order a reader asks for them. Everything that differs comes from the environment."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from harmreduction.engines import found

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = found.data_dir()
KEYS_DIR = Path(os.environ.get("KEYS_DIR") or DATA_DIR / "keys")


def env_bool(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


# PgBouncer in transaction mode stands between; see docs/hosts.md.
POOLED = env_bool("DATABASE_POOLED")


def database(url: str) -> dict:
    parts = urlsplit(url)
    return {
        "ENGINE": "harmreduction.pg",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": POOLED,
        # For the statements of `pg.prepared` alone. Behind a pooler the next transaction may run on another
        # connection, which prepared nothing.
        "OPTIONS": {"connect_timeout": 2, "prepare_threshold": None if POOLED else 1},
    }


# --- What must be safe ---------------------------------------------------------------
DEBUG = env_bool("DEBUG")
DEFAULT_SECRET = "only-for-debug"  # noqa: S105
SECRET_KEY = found.secret_key() or DEFAULT_SECRET
SECRET_KEY_FALLBACKS = [old for old in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if old]
if SECRET_KEY == DEFAULT_SECRET and not DEBUG:
    raise ImproperlyConfigured("SECRET_KEY is not set. Set it, or run `make demo`, which makes one.")
ALLOWED_HOSTS = (os.environ.get("ALLOWED_HOSTS") or "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if o]
HTTPS = env_bool("HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# A name that no other host of the domain can set; browsers take it over https alone.
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from the machine itself
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# Not no-referrer: browsers then post with `Origin: null`, which no origin check can tell from a foreign one.
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "sites.people.sessions"
SESSION_COOKIE_AGE = 12 * 3600
MESSAGE_STORAGE = "sites.people.cookies.Messages"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 2
# In memory alone: what people bring must never lie in a temporary folder.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 17 * 1024 * 1024  # a body beyond brings no file: a tablet's may have 16 MiB

# --- What it is made of --------------------------------------------------------------
INSTALLED_APPS = [
    "sites.apps.SitesConfig",
    "harmreduction.backups",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "harmreduction.headers.Headers",
    "sites.tablet.turns.InTurn",
    "sites.tablet.door.Door",
    "harmreduction.static.CompressStatic",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "harmreduction.headers.TrustedTypes",
    "sites.people.middleware.OneTransaction",
    "sites.bulletin.middleware.NobodyIsAsked",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "sites.people.sessions.KnownBySession",
    "sites.people.middleware.Language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "sites.people.two_factors.TwoFactors",
    "sites.kiosk.gate.LentScreen",
    "sites.people.middleware.PostedSites",
]
ROOT_URLCONF = "harmreduction.urls"
WSGI_APPLICATION = "harmreduction.wsgi.application"
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
                "sites.people.context.frame",
            ],
            "builtins": ["sites.templatetags.scs", "sites.templatetags.frame"],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Where the truth lives -----------------------------------------------------------
DATABASES = {"default": database(found.database_url() or "postgres://localhost/scs")}
# A streaming replica, for pages of figures alone: it lags, so nothing is decided from it.
if replica_url := os.environ.get("DATABASE_REPLICA_URL"):
    DATABASES["replica"] = database(replica_url)
DATABASE_ROUTERS = ["harmreduction.pg.replica.Router"]
# A login that row security hides nothing from, for backups alone: neither web nor worker needs it.
BACKUP_DATABASE_URL = os.environ.get("BACKUP_DATABASE_URL") or found.running().get("dump_url")
BACKUP_RECIPIENT = os.environ.get("BACKUP_RECIPIENT", "").strip()  # the public key, age1…
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "scs_cache",
        # Beyond these the lowest third by key goes, however fresh: who guesses could push a count out. No
        # machine judges as many passwords before the counts end by themselves.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

# --- Who signs in --------------------------------------------------------------------
AUTH_USER_MODEL = "scs.Staff"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "sites.people.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "code"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
# Never by address: a whole site sits behind one.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key", "login": None, "signup": None}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_ADAPTER = "sites.people.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # half a minute of drift either way
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "sites.people.factor_forms.SignInCode",
    "reauthenticate": "sites.people.factor_forms.ConfirmCode",
    "authenticate_webauthn": "sites.people.factor_forms.SignInPasskey",
    "reauthenticate_webauthn": "sites.people.factor_forms.ConfirmPasskey",
    "add_webauthn": "sites.people.factor_forms.AddPasskey",
}

# --- How it speaks -------------------------------------------------------------------
LANGUAGE_CODE = "fr-ca"
LANGUAGES = [("fr-ca", _("français")), ("en", _("anglais"))]
LOCALE_PATHS = [BASE_DIR / "sites" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- What pages are made of ----------------------------------------------------------
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- Work that is found, not sent ----------------------------------------------------
# Valkey or Redis is transport only: losing it at any moment loses nothing.
CELERY_BROKER_URL = found.redis_url() or "redis://localhost:6379/0"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_connect_timeout": 3}
# Sentinels are asked who leads: sentinel://:PASSWORD@one:26379/0;sentinel://two:26379;sentinel://three:26379
if CELERY_BROKER_URL.startswith("sentinel://"):
    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "master_name": os.environ.get("REDIS_MASTER") or "scs",
        "sentinel_kwargs": {
            "password": os.environ.get("REDIS_SENTINEL_PASSWORD") or None,
            "socket_connect_timeout": 3,
            "socket_timeout": 3,
        },
    }
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
TICK_SECONDS = int(os.environ.get("TICK_SECONDS") or 60)
CELERY_BEAT_SCHEDULE = {
    # A tick that found no worker for a minute is worth nothing: the next one finds the same work.
    "tick": {
        "task": "sites.tick",
        "schedule": TICK_SECONDS,
        "options": {"expires": TICK_SECONDS},
    },
}

# --- Who is told when something stops -------------------------------------------------
ALERT_EMAIL = [address for address in os.environ.get("ALERT_EMAIL", "").split(",") if address]
ALERT_WEBHOOK = os.environ.get("ALERT_WEBHOOK", "")  # gets {"part", "state", "text"}
PING_URL = os.environ.get("PING_URL", "")  # asked each minute; who hears nothing knows that all stopped
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")  # for a scraper on another machine
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or 25)
EMAIL_HOST_USER = os.environ.get("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env_bool("EMAIL_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "scs@localhost")

# A push says its content to whoever stands between, unless it is https.
PUSH_SCHEMES = ["https", "http"] if DEBUG else ["https"]

# --- What is written to the log: no body, no query value, no header, no login ---------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "harmreduction.logs.Line"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["out"], "level": "WARNING"},
    "loggers": {
        "scs": {"level": "INFO"},
        # Their messages quote paths, header values or attempted logins.
        "django.security": {"level": "CRITICAL"},
        "django.request": {"level": "CRITICAL"},
        "django.db.backends": {"level": "CRITICAL"},
        "allauth": {"level": "CRITICAL"},
    },
}
