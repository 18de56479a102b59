"""What the operator sets, by environment. What a co-op sets is in its bylaws, what a person sets in preferences."""

import os
import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import structlog
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from toadlane.config import environment

ROOT = Path(__file__).parents[2]


setting, switched_on = environment.text, environment.flag
environment.check()


def _key_of_this_server() -> str:
    """Return the server's secret, made once and kept beside its other data."""
    file = DATA / "keys" / "secret"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


# All embedded state: database, photos, keys.
DATA = Path(setting("DATA", str(ROOT / "var"))).resolve()
DATA.mkdir(parents=True, exist_ok=True)

SECRET_KEY = setting("SECRET_KEY") or _key_of_this_server()
DEBUG = switched_on("DEBUG")

# The address people type. Links in letters begin with it, and co-ops live under it at /c/<slug>/.
TOADLANE_ORIGIN = setting("ORIGIN", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}").rstrip("/")
TOADLANE_SCHEME = urlsplit(TOADLANE_ORIGIN).scheme
TOADLANE_HOST = urlsplit(TOADLANE_ORIGIN).hostname or "127.0.0.1"
TOADLANE_NAME = setting("NAME", "The Quay")
# A sandbox server moves no real money: letters and text messages land on a page that anyone can read.
# The demo leaves a mark with its data, so that `toadlane serve` knows as well; said outright, the setting wins.
TOADLANE_SANDBOX = switched_on("SANDBOX") if setting("SANDBOX") else (DATA / "sandbox").exists()
# smtp://user:password@host:587 and https://user:password@gateway/path?from=Quay; without them, only the log knows.
TOADLANE_EMAIL_URL = setting("EMAIL_URL")
TOADLANE_EMAIL_FROM = setting("EMAIL_FROM", f"{TOADLANE_NAME} <post@{TOADLANE_HOST}>")
TOADLANE_SMS_URL = setting("SMS_URL")
TOADLANE_TILES = setting("TILES")
# Empty: the embedded index on SQLite, the database itself on PostgreSQL. Else embedded, postgresql or opensearch://host:9200/prefix.
TOADLANE_SEARCH = setting("SEARCH")
TOADLANE_SEARCH_ROOT = DATA / "search"
TOADLANE_GEOCODER = setting("GEOCODER")
# Whoever uses a server may have its code (AGPL, section 13). Said nothing, it hands out what it runs itself.
TOADLANE_SOURCE_URL = setting("SOURCE_URL", f"{TOADLANE_ORIGIN}/source/").strip()
# What payment providers ask for, each in its own folder.
TOADLANE_PROVIDERS = {one.name: setting(one.name) for one in environment.of_providers()}
IS_SECURE = TOADLANE_SCHEME == "https"
# Names that lead to this machine alone are for trying out: strangers come by the names that the operator gave.
ALLOWED_HOSTS = [
    TOADLANE_HOST,
    *("127.0.0.1", "localhost"),
    *(() if IS_SECURE else (".localhost", ".test")),
    *(host.strip() for host in setting("HOSTS").split(",") if host.strip()),
]
CSRF_TRUSTED_ORIGINS = [TOADLANE_ORIGIN]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
# A browser that came once by HTTPS comes no other way for a year. Names below ours belong to others, and say so themselves.
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if IS_SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if switched_on("BEHIND_PROXY") else None
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "toadlane.ui",
    "toadlane.plumbing.triggers",
    "toadlane.plumbing.tenancy",
    "toadlane.plumbing.audit",
    "toadlane.plumbing.files",
    "toadlane.plumbing.search",
    "toadlane.plumbing.outbox",
    "toadlane.plumbing.once",
    "toadlane.plumbing.sending",
    "toadlane.plumbing.webhooks",
    "toadlane.plumbing.sealing",
    "toadlane.plumbing.desk",
    "toadlane.society.people",
    "toadlane.society.coops",
    "toadlane.society.bylaws",
    "toadlane.society.members",
    "toadlane.society.pages",
    "toadlane.society.messaging",
    "toadlane.society.simulations",
    "toadlane.democracy.circles",
    "toadlane.democracy.proposals",
    "toadlane.democracy.ballots",
    "toadlane.democracy.meetings",
    "toadlane.money.ledger",
    "toadlane.money.payments",
    "toadlane.money.benefits",
    "toadlane.money.funds",
    "toadlane.money.bank",
    "toadlane.money.invoicing",
    "toadlane.ownership.shares",
    "toadlane.ownership.arrivals",
    "toadlane.ownership.dues",
    "toadlane.ownership.surplus",
    "toadlane.ownership.lending",
    "toadlane.ownership.bookkeeping",
    "toadlane.trade.catalog",
    "toadlane.trade.booking",
    "toadlane.trade.work",
    "toadlane.trade.orders",
    "toadlane.trade.reviews",
    "toadlane.trade.billing",
    "toadlane.trade.assignments",
    "toadlane.commons.directory",
    "toadlane.commons.records",
    "toadlane.blueprints.founding",
    "toadlane.blueprints.demo",
    # Last: our templates come before theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.humanize",
]
MIDDLEWARE = [
    "toadlane.config.intake.Intake",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages are read on phones: a fifth of the bytes. Tokens are masked anew in each answer, and the length is blurred.
    "toadlane.config.compression.Compression",
    "toadlane.config.policy.ContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "toadlane.config.problems.Door",
    "toadlane.config.middleware.CoopMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "toadlane.config.middleware.WhoMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "toadlane.config.middleware.WordsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "toadlane.config.urls"
WSGI_APPLICATION = "toadlane.config.wsgi.application"
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email", "phone")},
    },
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/me/"
ACCOUNT_ADAPTER = "toadlane.society.people.handlers.Accounts"
ACCOUNT_FORMS = {
    "login": "toadlane.society.people.forms.SignIn",
    "signup": "toadlane.society.people.forms.SignUp",
    "reset_password": "toadlane.society.people.forms.ResetPassword",
    "reset_password_from_key": "toadlane.society.people.forms.NewPassword",
    "change_password": "toadlane.society.people.forms.ChangePassword",
    "set_password": "toadlane.society.people.forms.SetPassword",
    "change_email": "toadlane.society.people.forms.ChangeEmail",
    "add_email": "toadlane.society.people.forms.AddEmail",
    "change_phone": "toadlane.society.people.forms.ChangePhone",
    "reauthenticate": "toadlane.society.people.forms.Again",
}
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Our form asks for one of the two; the star is for allauth's own checks.
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone", "password1*"]
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = ACCOUNT_PHONE_VERIFICATION_SUPPORTS_CHANGE = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"verify_phone": "1/10s/key,8/d/key,6/m/ip,60/d/ip", "change_phone": "5/m/user"}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
MFA_ADAPTER = "toadlane.society.people.handlers.SecondSteps"
MFA_FORMS = {
    "activate_totp": "toadlane.society.people.forms.ActivateApp",
    "authenticate": "toadlane.society.people.forms.SecondStep",
    "reauthenticate": "toadlane.society.people.forms.SecondStepAgain",
    "add_webauthn": "toadlane.society.people.forms.AddKey",
    "login_webauthn": "toadlane.society.people.forms.KeyAlone",
    "authenticate_webauthn": "toadlane.society.people.forms.KeyAsSecondStep",
    "reauthenticate_webauthn": "toadlane.society.people.forms.KeyAgain",
    "edit_webauthn": "toadlane.society.people.forms.RenameKey",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = TOADLANE_NAME
MFA_TOTP_TOLERANCE = 1
# Browsers allow passkeys without https on this machine alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_SECURE
# Phone numbers without a country code are read as of this country, like IE or MA.
TOADLANE_COUNTRY = setting("COUNTRY").upper() or None
# An address is unique whatever its case: a constraint on the lowered address says so, which the check cannot see.
SILENCED_SYSTEM_CHECKS = ["auth.E003", "auth.W004"]
CSRF_FAILURE_VIEW = "toadlane.config.views.forged"
# What is wrong in a form is told in our words, whoever wrote the form.
FORM_RENDERER = "toadlane.ui.faults.Renderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("fr", _("French")), ("ar", _("Arabic"))]
LOCALE_PATHS = [ROOT / "toadlane" / "locale"]

DATABASE_URL = setting("DATABASE_URL")
if DATABASE_URL:
    DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=None)}
    if not switched_on("POOLER"):
        # What is asked all day is planned once on each connection: half of the database's work for a short statement.
        # Plans are made for storage that jumps as cheaply as it walks; PostgreSQL itself still assumes a disk that turns.
        options = {"server_side_binding": True, "prepare_threshold": 2, "options": "-c random_page_cost=1.1"}
        DATABASES["default"]["OPTIONS"] = options | DATABASES["default"].get("OPTIONS", {})
    DATABASES["default"]["TEST"] = {"NAME": setting("TEST_DB", "test_toadlane"), "MIGRATE": False}
else:
    DATABASES = {
        "default": {
            "ENGINE": "toadlane.plumbing.sqlite",
            "NAME": str(DATA / "toadlane.sqlite3"),
            # Immediate: a transaction that will write says so first, and waits instead of failing half way.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728;"
                # A row that REPLACE puts aside is deleted, and the database's refusals hear of it only so.
                "PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY; PRAGMA recursive_triggers=ON;"
                # What is deleted is written over, whatever this build of SQLite does by itself.
                "PRAGMA secure_delete=ON;",
            },
            "CONN_MAX_AGE": None,
            # A file, not memory: tests with several threads want several connections.
            "TEST": {"NAME": str(DATA / f"{setting('TEST_DB', 'test')}.sqlite3"), "MIGRATE": False},
        }
    }
IS_POSTGRESQL = DATABASES["default"]["ENGINE"].endswith("postgresql")

# Every process sees the same counts of failed sign-ins: a folder by default, Redis where there are several machines.
CACHE_URL = setting("CACHE_URL")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": DATA / "cache"}
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "media"
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "toadlane.ui.storage.Gathered"},
}
WHITENOISE_MANIFEST_STRICT = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # Everything asks for these names; the plain ones need not be compressed as well.
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [
            SELF,
            "data:",
            *([f"{urlsplit(TOADLANE_TILES).scheme}://{urlsplit(TOADLANE_TILES).netloc}"] if TOADLANE_TILES else []),
        ],
        "object-src": [NONE],
        "base-uri": [NONE],
        # A form at a co-op's own host leads on to the card page and the sign-in at the server's.
        "form-action": [SELF, TOADLANE_ORIGIN],
        "frame-ancestors": [NONE],
    }
}

# Written out: packages that wrap the loaders by themselves undo each other in silence.
_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "toadlane.ui.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "toadlane.ui.templatetags.ui",
            ],
            "loaders": [("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", _LOADERS)])],
        },
    }
]
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# Bytes of whatever is sent at once with its files; each kind of file has a bound of its own below it.
TOADLANE_UPLOAD_BYTES = int(setting("UPLOAD_MB", "30")) * 2**20

# To stderr: what a command prints on stdout may be read by a program.
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
# Django by itself tells of an error only while debugging; here whatever breaks leaves its traceback where the operator looks.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s [%(levelname)s] %(name)s: %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # A page that is not there is no news.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        # Whoever tries names at every address of the internet would fill the log with our tracebacks.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
    },
}
