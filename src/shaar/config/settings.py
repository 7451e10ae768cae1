"""The settings of Django, all in one place; what varies comes from typed environment variables."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from shaar.config import database, environment
from shaar.config.modules import MODULES
from shaar.config.secret_key import earlier_keys, secret_key
from shaar.config.templates import UNKNOWN_VARIABLE

ENVIRONMENT = environment.name()
PRODUCTION = ENVIRONMENT == "production"
TESTING = ENVIRONMENT == "test"
PACKAGE = Path(__file__).resolve().parents[1]
SHAAR_HOME = environment.home()
SHAAR_PORT = environment.integer("SHAAR_PORT", default=8000, low=1, high=65535)
# Links in files that leave the installation (reports, mails) lead here.
if PRODUCTION:
    environment.require("SHAAR_HOSTS", "SHAAR_PUBLIC_URL")
SHAAR_PUBLIC_URL = environment.address("SHAAR_PUBLIC_URL", default=f"http://127.0.0.1:{SHAAR_PORT}")

# The live stream is a process of its own. In production a reverse proxy puts it on the origin of pages, under
# /live/, or SHAAR_LIVE_URL says where it is; elsewhere pages ask for it on their host at this port.
SHAAR_LIVE_PORT = environment.integer("SHAAR_LIVE_PORT", default=SHAAR_PORT % 65535 + 1, low=1, high=65535)
SHAAR_LIVE_URL = os.environ.get("SHAAR_LIVE_URL", "") and environment.address("SHAAR_LIVE_URL", default="")

SECRET_KEY = secret_key(SHAAR_HOME, production=PRODUCTION)
SECRET_KEY_FALLBACKS = earlier_keys()
DEBUG = environment.flag("SHAAR_DEBUG", default=False) and not PRODUCTION
ALLOWED_HOSTS = environment.words(
    "SHAAR_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS = environment.words("SHAAR_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "axes",
    "csp",
    *(f"shaar.{module}" for module in MODULES),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "shaar.portal.statistics.counting.CountingMiddleware",
    "shaar.portal.caching.PublicPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shaar.kernel.once.OneLookMiddleware",
    "shaar.access.middleware.HistoryMiddleware",
    "shaar.access.middleware.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
    "shaar.kernel.refused.RefusedMiddleware",
]

ROOT_URLCONF = "shaar.config.urls"
WSGI_APPLICATION = "shaar.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# Database -------------------------------------------------------------------------------------------------
def _database() -> dict[str, object]:
    given = conninfo_to_dict(os.environ.get("DATABASE_URL") or database.embedded_url(SHAAR_HOME))
    options: dict[str, object] = {
        key: value
        for key, value in given.items()
        if key not in {"dbname", "user", "password", "host", "port"}
    }
    if not TESTING:
        options["pool"] = {"min_size": 1, "max_size": 4, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.get("dbname", "shaar"),
        "USER": given.get("user", ""),
        "PASSWORD": given.get("password", ""),
        "HOST": given.get("host", ""),
        "PORT": given.get("port", ""),
        "OPTIONS": options,
        "TEST": {"NAME": "test_shaar", "TEMPLATE": "template0"},
    }


DATABASES = {"default": _database()}

# People ---------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Outside production a second factor is asked for and may be left out; demonstration people have none.
SECOND_FACTOR_REQUIRED = environment.flag("SHAAR_SECOND_FACTOR", default=False) or PRODUCTION
OIDC = environment.provider(production=PRODUCTION)
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/staff/"
LOGOUT_REDIRECT_URL = "/"
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "shaar.config.proxy.client_address"
AXES_LOCKOUT_CALLABLE = "shaar.access.views.entering.locked_out"
SESSION_COOKIE_AGE = 12 * 3600

# Languages and time ---------------------------------------------------------------------------------------
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("ky", "Кыргызча"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Bishkek"

# Channels of notices: what is not set here is not offered --------------------------------------------------
SHAAR_EMAIL = environment.mail("SHAAR_EMAIL_URL")
EMAIL_HOST, EMAIL_PORT = (SHAAR_EMAIL.host, SHAAR_EMAIL.port) if SHAAR_EMAIL else ("localhost", 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (SHAAR_EMAIL.user, SHAAR_EMAIL.password) if SHAAR_EMAIL else ("", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = (SHAAR_EMAIL.starttls, SHAAR_EMAIL.tls) if SHAAR_EMAIL else (False, False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = SHAAR_EMAIL.sender if SHAAR_EMAIL else "shaar@localhost"
PUSH_HOSTS = environment.words(
    "SHAAR_PUSH_HOSTS",
    default=[
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        "*.push.apple.com",
        "*.notify.windows.com",
    ],
)
TELEGRAM_TOKEN = os.environ.get("SHAAR_TELEGRAM_TOKEN", "")
TELEGRAM_BOT = os.environ.get("SHAAR_TELEGRAM_BOT", "").removeprefix("@")
TELEGRAM_API = environment.address("SHAAR_TELEGRAM_API", default="https://api.telegram.org")

# Jobs -----------------------------------------------------------------------------------------------------
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# Pages and files ------------------------------------------------------------------------------------------
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "shaar.ui.context.shell",
            ],
            "string_if_invalid": UNKNOWN_VARIABLE if TESTING else "",
        },
    },
]
STATIC_URL = "/static/"
STATIC_ROOT = SHAAR_HOME / "static" if PRODUCTION else None
FILE_ROOT = SHAAR_HOME / "files"
DEMO_MARK = SHAAR_HOME / "demonstration"
MEDIA_ROOT = FILE_ROOT
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# For how long a process trusts what it knows of the city's words, and of all else, before it serves a kept
# page.
PUBLIC_PAGES_SECONDS = 0 if TESTING else 1
PUBLIC_FIGURES_SECONDS = 0 if TESTING else 10
# Whether answers say how long the program took for them; for measuring.
SERVER_TIMING = environment.flag("SHAAR_TIMING", default=False)

# Security headers -----------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
BEHIND_PROXY = environment.flag("SHAAR_PROXY", default=False)
SECURE_SSL_REDIRECT = PRODUCTION and environment.flag("SHAAR_TLS", default=True)
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SESSION_COOKIE_SECURE = SECURE_SSL_REDIRECT
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "shaar.cases.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Logs name what happened and where; values of requests and settings stay out of them ----------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "shaar": {"level": "INFO"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # anybody can send a wrong name
        "fido2": {"level": "ERROR"},  # it names the keys of people
        "axes": {"level": "ERROR"},  # its warnings name who failed to sign in; the table keeps that
    },
}
