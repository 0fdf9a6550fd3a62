"""Django's settings, all drawn from `environment.read()`."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF

from reglo import secrets
from reglo.config import environment
from reglo.ports import clock

ENV = environment.read()
# Lets `forms.ModelForm[User]` be written where the types need it (ADR 0004).
django_stubs_ext.monkeypatch()

PACKAGE = Path(__file__).resolve().parent.parent

secrets.configure(ENV.encryption_keys)
if ENV.simulation:
    clock.follow_offset_file(ENV.clock_file)

SECRET_KEY = ENV.secret_key
DEBUG = ENV.debug
SIMULATION = ENV.simulation
BASE_URL = ENV.base_url
ALLOWED_HOSTS = [urlsplit(ENV.base_url).hostname or "localhost"]
CSRF_TRUSTED_ORIGINS = [ENV.base_url]

INSTALLED_APPS = [
    "reglo.ui",  # before django.forms: its form field replaces theirs
    "reglo.dashboard",  # before allauth: its pages in our words
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "heroicons",
    "csp",
    "reglo.database",
    "reglo.files",
    "reglo.events",
    "reglo.companies",
    "reglo.customers",
    "reglo.catalog",
    "reglo.ledger",
    "reglo.invoicing",
    "reglo.payments",
    "reglo.rendering",
    "reglo.archives",
    "reglo.delivery",
    "reglo.hooks",
    "reglo.portal",
    "reglo.operations",
    "reglo.config",
]

MIDDLEWARE = [
    "reglo.config.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "reglo.config.body_limit.BodyLimitMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "reglo.config.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "reglo.config.urls"
WSGI_APPLICATION = "reglo.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reglo.dashboard.navigation.frame",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "django.templatetags.i18n"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def _database(address: str) -> dict[str, Any]:
    if not address.startswith(("postgresql://", "postgres://")):
        return {
            "ENGINE": "reglo.database.sqlite",
            "NAME": str(Path(address).absolute()),
            "CONN_MAX_AGE": None,
            "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
        }
    parts = urlsplit(address)
    return {
        "ENGINE": "reglo.database.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASE_ADDRESS = ENV.database
DATABASES = {"default": _database(ENV.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "companies.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "reglo.companies.passwords.GuessablePasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# Rate limits are counted in the database, so that several processes share one count.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "reglo_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # beyond, entries are dropped: a flood must not wash the counts away
    }
}

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "reglo.dashboard.accounts.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "reglo.dashboard.forms.sign_in.LoginForm",
    "reauthenticate": "reglo.dashboard.forms.sign_in.ReauthenticateForm",
    "reset_password": "reglo.dashboard.forms.sign_in.ResetPasswordForm",
    "reset_password_from_key": "reglo.dashboard.forms.sign_in.ResetPasswordKeyForm",
    "change_password": "reglo.dashboard.forms.sign_in.ChangePasswordForm",
    "set_password": "reglo.dashboard.forms.sign_in.SetPasswordForm",
}
MFA_FORMS = {
    "authenticate": "reglo.dashboard.forms.sign_in.AuthenticateForm",
    "reauthenticate": "reglo.dashboard.forms.sign_in.ReauthenticateByCodeForm",
    "activate_totp": "reglo.dashboard.forms.sign_in.ActivateTotpForm",
}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip,5/h/key"}  # nobody's box is flooded; the rest as allauth has it
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.trusted_proxies
MFA_ADAPTER = "reglo.dashboard.accounts.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Réglo"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENV.secure

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [str(PACKAGE / "locale")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = str(ENV.static.absolute())
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = ENV.debug

# The only places a payer is sent to: the hosted pages of the providers, and the sandbox's in a simulation.
STRIPE_DASHBOARD = ENV.stripe_dashboard
PAYMENT_PAGE_ORIGINS = frozenset({"https://checkout.stripe.com", ENV.stripe_api if ENV.simulation else ""} - {""})

# Django's connection, dialled only where a stranger may send us.
EMAIL_BACKEND = "reglo.delivery.mail_servers.CheckedBackend"
INTERNAL_MAIL_SERVERS = ENV.internal_mail_servers

FILES_ROOT = ENV.files.absolute()
GUIDES_ROOT = PACKAGE.parent / "docs" / "user"
REACTIONS = "reglo.config.reactions.REACTIONS"
SCHEDULE = "reglo.config.schedule.SCHEDULE"

COOKIE_PREFIX = "__Host-" if ENV.secure else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}reglo_session"
SESSION_COOKIE_SECURE = ENV.secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}reglo_csrf"
CSRF_COOKIE_SECURE = ENV.secure
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "reglo.config.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}reglo_language"
LANGUAGE_COOKIE_SECURE = ENV.secure
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if ENV.secure else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.trusted_proxies else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # an invoice of 500 lines, 8 fields each
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "reglo.config.request_log.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": ENV.log_level},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "django.server": {"handlers": ["console"], "propagate": False},
    },
}
