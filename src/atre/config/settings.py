"""Django settings, read from the environment. One module for every place Âtre runs.

What an installation may set is listed in docs/reference/settings.md.
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = Path(__file__).resolve().parents[1]


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "oui"}


def secret_key() -> str:
    """From the environment, or from the file that `./atre up` creates; never a built-in value."""
    if key := os.environ.get("ATRE_SECRET_KEY"):
        return key
    path = DATA_DIR / "secret_key"
    if path.is_file():
        return path.read_text(encoding="ascii").strip()
    raise ImproperlyConfigured(
        "ATRE_SECRET_KEY manque : donnez une longue suite aléatoire, ou lancez ./atre up une fois."
    )


def database() -> dict[str, object]:
    """SQLite in the data folder, or the PostgreSQL of DATABASE_URL."""
    url = os.environ.get("DATABASE_URL", "")
    if not url or url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///") or str(DATA_DIR / "atre.sqlite3")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            # WAL lets readers work while one writes; IMMEDIATE takes the write lock when a
            # transaction opens, so two of them never both read before either writes; FULL keeps
            # a committed row through a power cut.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL : schéma {parts.scheme!r} inconnu.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # A page that needs more than ten seconds is a fault to see, not to wait for.
        # Under row-level security the planner weighs every order of a page's many small joins
        # (43 ms to plan what runs in 0.5 ms) and then compiles them: four tables at a time, as
        # the query names them, plan in 9 ms and run as fast.
        "OPTIONS": {
            "options": (
                "-c statement_timeout=10000 -c lock_timeout=5000"
                " -c join_collapse_limit=4 -c jit=off"
            )
        },
    }


DATA_DIR = Path(os.environ.get("ATRE_DATA_DIR", ROOT / "var")).resolve()
FILES_DIR = DATA_DIR / "files"
REFERENCE_DIR = DATA_DIR / "reference"

DEBUG = flag("ATRE_DEBUG")
DEMO = flag("ATRE_DEMO")
SECRET_KEY = secret_key()
BASE_URL = os.environ.get("ATRE_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
HTTPS = BASE_URL.startswith("https://")
# Where people get the source of the very version they use (AGPL, article 13).
SOURCE_URL = os.environ.get("ATRE_SOURCE_URL", "")
ALLOWED_HOSTS = os.environ.get("ATRE_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "atre.web.design",
    "atre.web.account",
    "atre.domain.territories",
    "atre.domain.audit",
    "atre.domain.messages",
    "atre.domain.agencies",
    "atre.domain.network",
    "atre.domain.households",
    "atre.domain.visits",
    "atre.domain.support",
    "atre.web.public",
    "atre.web.home",
    "atre.web.household",
    "atre.web.visit",
    "atre.web.support",
    "atre.web.network",
    "atre.web.steering",
    "atre.web.observatory",
    "atre.web.api",
    "atre.web.organisation",
    "atre.jobs",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "csp",
    "django_q",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "atre.config.middleware.PrivateByDefault",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "atre.config.middleware.CurrentMembership",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "atre.config.middleware.SecondFactorForStaff",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
]

ROOT_URLCONF = "atre.config.urls"
WSGI_APPLICATION = "atre.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "atre.web.design.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["atre.domain.agencies.passwords.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "atre.web.account.adapter.InvitationOnly"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# An account exists because an agency invited that address: the invitation proved it.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    # Passwords are slowed down by domain/agencies/login_attempts.py; this is for the codes that
    # come after one, where counting by account locks out nobody but who holds the password.
    "login_failed": "60/5m/ip,10/5m/key",
    "reset_password": "20/m/ip,5/m/key",
}
# How many reverse proxies of ours add to X-Forwarded-For; 0 believes the connection only.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("ATRE_TRUSTED_PROXIES", "0"))
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Âtre"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "atre.web.design.errors.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

# A photograph of a bill fits; what is larger is answered in French by the upload form itself.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 * 1024 * 1024
UPLOAD_MAX_BYTES = 15 * 1024 * 1024

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [("atre", PACKAGE / "web" / "design" / "dist")]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_DIR},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_BACKEND = os.environ.get(
    "ATRE_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("ATRE_FROM_EMAIL", "Âtre <ne-pas-repondre@localhost>")

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "atre_cache",
        # Beyond its limit the cache forgets at random, used codes and counters included: the
        # usual 300 would let a stranger make it forget on purpose.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

Q_CLUSTER = {
    "name": "atre",
    "orm": "default",
    "workers": 1,
    # A task is redelivered after `retry`: it must have been stopped by then.
    "timeout": 300,
    "retry": 360,
    "max_attempts": 5,
    "catch_up": False,
    "poll": 2,
    "label": "Âtre",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_personal_data": {"()": "atre.config.logs.WithoutPersonalData"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["no_personal_data"],
        }
    },
    "root": {"handlers": ["console"], "level": os.environ.get("ATRE_LOG_LEVEL", "WARNING")},
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}
