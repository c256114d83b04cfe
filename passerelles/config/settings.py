"""Settings: everything that differs between deployments comes from the environment (docs/operations.md)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from passerelles.core.postgres.location import database_urls, parse_url, var_dir

PACKAGE = Path(__file__).resolve().parent.parent
VAR = var_dir()


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "oui"}


def _secret_key() -> str:
    """From the environment, else made once and kept in the variable folder (demonstration, tests)."""
    given = os.environ.get("PASSERELLES_SECRET_KEY")
    if given:
        return given
    path = VAR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


TESTING = _flag("PASSERELLES_TESTING")
DEMO = _flag("PASSERELLES_DEMO")
DEBUG = False
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("PASSERELLES_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("PASSERELLES_ORIGINS", "").split(",") if origin]

STATE_SERVICE = _flag("PASSERELLES_STATE_SERVICE")
SITE_NAME = os.environ.get("PASSERELLES_SITE_NAME", "Passerelles")
DEPLOYER = os.environ.get("PASSERELLES_DEPLOYER", "Plateforme d’intégration professionnelle")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "widget_tweaks",
    "dsfr",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "csp",
    "procrastinate.contrib.django",
    "passerelles.network",
    "passerelles.journal",
    "passerelles.parameters",
    "passerelles.people",
    "passerelles.linkage",
    "passerelles.messages",
    "passerelles.orientation",
    "passerelles.referrals",
    "passerelles.reception",
    "passerelles.pathway",
    "passerelles.indicators",
    "passerelles.reports",
    "passerelles.exchange",
    "passerelles.synthetic",
    "passerelles.portal",
    "passerelles.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "passerelles.network.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "passerelles.parameters.middleware.ParametersMiddleware",
    "passerelles.core.middleware.SentenceMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "passerelles.config.urls"
WSGI_APPLICATION = "passerelles.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "passerelles.web.context.layout",
            ],
        },
    }
]

DATABASES = {
    "default": {
        **parse_url(os.environ.get("PASSERELLES_CONNECT_AS_OWNER") and database_urls().owner or database_urls().app),
        "CONN_MAX_AGE": 0 if TESTING else 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "network.Agent"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "network:login"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "network:login"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_COOKIES = _flag("PASSERELLES_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_SSL_REDIRECT = SECURE_COOKIES
BEHIND_PROXY = _flag("PASSERELLES_BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31536000 if SECURE_COOKIES else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
OTP_TOTP_ISSUER = SITE_NAME
OTP_TOTP_THROTTLE_FACTOR = 1

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "passerelles.network.views.locked_out"
AXES_VERBOSE = False
AXES_IPWARE_PROXY_COUNT = 1 if BEHIND_PROXY else None

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
DSFR_USE_INTEGRITY_CHECKSUMS = False

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "français"), ("en", "English")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_LIMIT_BYTES = 60 * 1024 * 1024

MESSAGE_BACKEND = os.environ.get("PASSERELLES_MESSAGES", "console")
SMS_BACKEND = os.environ.get("PASSERELLES_SMS", "console")
SMS_URL = os.environ.get("PASSERELLES_SMS_URL", "")
SMS_TOKEN = os.environ.get("PASSERELLES_SMS_TOKEN", "")
SMS_SENDER = os.environ.get("PASSERELLES_SMS_SENDER", "Passerelles")
FT_AUTH_URL = os.environ.get("PASSERELLES_FT_AUTH_URL", "")
"""« Rendez-vous partenaire » of France Travail: nothing is kept nor sent until the four are given."""
FT_API_URL = os.environ.get("PASSERELLES_FT_API_URL", "")
FT_CLIENT_ID = os.environ.get("PASSERELLES_FT_CLIENT_ID", "")
FT_CLIENT_SECRET = os.environ.get("PASSERELLES_FT_CLIENT_SECRET", "")
FT_AGENT = os.environ.get("PASSERELLES_FT_AGENT", "PASSERELLES")
FT_TIMEOUT = float(os.environ.get("PASSERELLES_FT_TIMEOUT", "10"))
LETTER_BACKEND = os.environ.get("PASSERELLES_LETTERS", "console")
LETTER_FOLDER = os.environ.get("PASSERELLES_LETTER_FOLDER", str(VAR / "letters"))
SITE_ADDRESS = os.environ.get("PASSERELLES_ADDRESS", "http://localhost:8000").rstrip("/")
"""Where people reach the platform: what a link sent or printed begins with."""
EMAIL_HOST = os.environ.get("PASSERELLES_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("PASSERELLES_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("PASSERELLES_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("PASSERELLES_SMTP_PASSWORD", "")
EMAIL_USE_TLS = _flag("PASSERELLES_SMTP_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("PASSERELLES_FROM", "ne-pas-repondre@passerelles.example")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
