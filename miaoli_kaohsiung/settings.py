"""Settings of the portal, read from the environment (and from `.env` beside manage.py, which `make setup` writes).

PORTAL_MODE is `production` unless said otherwise: `trial` is the demonstration on one machine, `test` the test suite.
Production refuses to start on anything that is only good enough for a trial.
"""

from pathlib import Path

import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

from miaoli_kaohsiung.lib import broker, environment, logs, npm, object_storage, refusals, telemetry

BASE_DIR = Path(__file__).resolve().parent.parent
env = environment.Environment()
env.read_env(BASE_DIR / ".env")

MODE = env.str("PORTAL_MODE", default="production")
if MODE not in {"production", "trial", "test"}:
    raise ImproperlyConfigured(f"PORTAL_MODE is {MODE!r}; it may be production, trial or test.")
PRODUCTION = MODE == "production"
TESTING = MODE == "test"
# The demonstration: a bar that moves the portal's date, no second factors.
DEMO = MODE == "trial"
DEBUG = env.bool("DEBUG", default=False)

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
PORTAL_DATE_FILE = None if PRODUCTION else VAR_DIR / "portal_date"
PORTAL_URL = env.str("PORTAL_URL", default="http://127.0.0.1:8000").rstrip("/")

UNSAFE_SECRET_KEY = "only-for-the-trial-and-the-tests-" + "0" * 32
SECRET_KEY = env.str("SECRET_KEY", default="" if PRODUCTION else UNSAFE_SECRET_KEY)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Numbers of people are sealed under the first one (lib/sealed.py); the others still open what they sealed.
PERSONAL_DATA_KEYS = env.list("PERSONAL_DATA_KEYS", default=[] if PRODUCTION else [SECRET_KEY])
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "miaoli_kaohsiung.accounts.admin_config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_filters",
    "django_tables2",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_structlog",
    "miaoli_kaohsiung.accounts",
    "miaoli_kaohsiung.audit",
    "miaoli_kaohsiung.files",
    "miaoli_kaohsiung.notices",
    "miaoli_kaohsiung.changes",
    "miaoli_kaohsiung.lists",
    "miaoli_kaohsiung.backups",
    "communities",
    "grants",
    "evaluation",
    "miaoli_kaohsiung.privacy",
]
if DEMO or TESTING:
    INSTALLED_APPS.append("miaoli_kaohsiung.demo")

# Short on purpose: everything here runs on every request.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "miaoli_kaohsiung.accounts.middleware.SignedInMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "miaoli_kaohsiung.lib.leads_back.LeadsBackMiddleware",
]

ROOT_URLCONF = "miaoli_kaohsiung.urls"
WSGI_APPLICATION = "miaoli_kaohsiung.wsgi.application"

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
                "miaoli_kaohsiung.demo.context.demo",
                "miaoli_kaohsiung.accounts.context.navigation",
            ],
            "libraries": {"portal": "miaoli_kaohsiung.lib.template_tags"},
        },
    },
]
# Plain fields are drawn at once, others from their templates, those in templates/django/forms/widgets in the portal's own way.
FORM_RENDERER = "miaoli_kaohsiung.lib.field_renderer.FieldRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
DJANGO_TABLES2_TEMPLATE = "django_tables2/bootstrap5.html"

# Where the day's head of the trail is copied to, best on a disk that the database's owner cannot write.
AUDIT_HEADS_FILE = env.str("AUDIT_HEADS_FILE", default="")
# Who stamps the day's mark by RFC 3161, and the witness to whom its line is posted (audit/attesting.py).
AUDIT_TSA_URL, AUDIT_TSA_CA = env.str("AUDIT_TSA_URL", default=""), env.str("AUDIT_TSA_CA", default="")
AUDIT_WITNESS_URL = env.str("AUDIT_WITNESS_URL", default="")
AUDIT_WITNESS_TOKEN = env.str("AUDIT_WITNESS_TOKEN", default="")

# The counties with which a portal begins; later they are rows. The trial and the tests add invented names.
FILED_COUNTIES = [BASE_DIR / "miaoli_kaohsiung" / "accounts" / "counties.toml"]
if not PRODUCTION:
    FILED_COUNTIES.append(BASE_DIR / "miaoli_kaohsiung" / "demo" / "counties.toml")
# For how long a process may keep what it read of counties and townships; None: until it changed them itself.
KEPT_SECONDS = None if TESTING else 5

# --- Database, cache, sessions -------------------------------------------------------------------------------------
# Without DATABASE_URL the trial uses the embedded PostgreSQL that `make demo` starts; its socket lies beside its data.
EMBEDDED_DATABASE_DIR = VAR_DIR / "postgres"
_EMBEDDED_DATABASE = f"postgres://postgres@/postgres?host={EMBEDDED_DATABASE_DIR}"
_DATABASE_URL = env.str("DATABASE_URL", default="") or ("postgres:///" if PRODUCTION else _EMBEDDED_DATABASE)
DATABASES = {"default": env.db_url_config(_DATABASE_URL)}
# The same server by a role that may replicate, for the commands of the backup (miaoli_kaohsiung/backups).
BACKUP_DATABASE_URL = env.str("BACKUP_DATABASE_URL", default="")
DATABASES["default"].update(CONN_MAX_AGE=env.int("CONN_MAX_AGE", default=0 if TESTING else 60), CONN_HEALTH_CHECKS=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    # django-allauth counts in the default cache, and so do the portal's limits. It is a table of its own that loses no
    # row still in force (lib/counters.py), and no setting moves it elsewhere.
    "default": {
        "BACKEND": "miaoli_kaohsiung.lib.counters.CounterCache",
        "LOCATION": "portal_counters",
        "OPTIONS": {"MAX_ENTRIES": 5_000},
    },
    # A cache that may be lost: forms kept for somebody whose session ended.
    "kept": env.cache_url("CACHE_URL", default="dbcache://portal_cache?MAX_ENTRIES=5000"),
    # What `{% cache None … %}` of a template keeps in each process: pieces that are the same for everything they name.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 1_000},
    },
}
SESSION_ENGINE = "miaoli_kaohsiung.accounts.sessions"
SESSION_COOKIE_AGE = 8 * 60 * 60
# An idle session ends after half an hour; none lasts longer than a working day.
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
SESSION_LIMIT_SECONDS = SESSION_COOKIE_AGE
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "miaoli_kaohsiung.accounts.views.page_too_old"

# --- The client ------------------------------------------------------------------------------------------------------
# Everything that counts by client, and the logs, use accounts.clients, which uses django-allauth. Each proxy of ours
# appends the address that it saw to X-Forwarded-For; what is further left was sent by the client and is not trusted.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1) if BEHIND_PROXY else 0

# --- Sign-in ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["miaoli_kaohsiung.accounts.backends.OneHashBackend"]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else ["django.contrib.auth.hashers.Argon2PasswordHasher"]
)
_OWN = "miaoli_kaohsiung.accounts.passwords"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": f"{_OWN}.HouseWordsValidator"},
    {"NAME": f"{_OWN}.BreachedPasswordValidator", "OPTIONS": {"path": env.str("BREACHED_PASSWORDS", default="")}},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "miaoli_kaohsiung.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_FORMS = {"reset_password": "miaoli_kaohsiung.accounts.reset_forms.ResetForm"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
# Five wrong passwords lock an account for five minutes. A whole office shares one address, so limits by address are
# wide; those that end in "key" count an account or an e-mail address.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "100/5m/ip,5/5m/key",
    "reset_password": "60/m/ip,5/m/key,10/d/key",
    "reset_password_from_key": "60/m/ip",
}
# The portal's own limits, for a signed-in person or a client's address. A form that checks itself while somebody
# types sends two or three requests a second.
LIMITS = {
    "rescue": "30/h/key",
    "calculator": "600/m/key",
    "public_file": "120/m/key",
    "account_request": "8/h/key",
    # Guesses of a printed code: for one account, and for one client, behind which a whole office may sit.
    "entry_code": "5/5m/key",
    "entry_code_client": "60/h/key",
    "check": "240/m/key",
    # Tickets of a course, typed at its door: everybody there may share one address.
    "course_pass_code": "240/5m/key",
    # Codes by SMS, for a person and for a number: each costs the county money.
    "phone_code": "6/d/key",
    # Codes for a chairperson who confirms a case from afar, by SMS or letter: each may be guessed at a few times.
    "chair_code": "6/d/key",
}
REQUIRE_STAFF_MFA = env.bool("REQUIRE_STAFF_MFA", default=PRODUCTION)  # of everybody but members of associations
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "miaoli_kaohsiung.accounts.adapter.FactorsAdapter"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # a trial is served without TLS
MFA_TOTP_ISSUER = "社區補助入口"
MFA_TOTP_TOLERANCE = 1
_FACTORS = "add_webauthn:AddPasskey edit_webauthn:RenamePasskey login_webauthn:PasskeySignIn activate_totp:Activate authenticate:SignIn reauthenticate:Again"
MFA_FORMS = {
    name: f"miaoli_kaohsiung.accounts.factor_forms.{form}Form"
    for name, form in (f.split(":") for f in _FACTORS.split())
}
USERSESSIONS_ADAPTER = "miaoli_kaohsiung.accounts.adapter.SessionsAdapter"
USERSESSIONS_TRACK_ACTIVITY = False  # written when signing in; following each request would cost every page a query

# --- Language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hant"
LANGUAGES = [("zh-hant", "繁體中文")]
LOCALE_PATHS = [BASE_DIR / "miaoli_kaohsiung" / "locale"]
TIME_ZONE = "Asia/Taipei"
USE_I18N = True
USE_TZ = True

# --- Static files and uploads ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *npm.folders(BASE_DIR),
    ("guide", BASE_DIR / "docs" / "guide" / "pictures"),
]
STATICFILES_FINDERS = ["miaoli_kaohsiung.lib.npm.Finder", "django.contrib.staticfiles.finders.AppDirectoriesFinder"]
WHITENOISE_USE_FINDERS = TESTING or DEBUG
WHITENOISE_AUTOREFRESH = TESTING or DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
# Uploads are private: no MEDIA_URL, they are handed out by permission.
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": object_storage.settings(env),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "miaoli_kaohsiung.lib.hashed_static.HashedStaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", default=20 * 1024 * 1024)
# The first one drops what exceeds MAX_UPLOAD_BYTES while it arrives, so that no upload fills memory or disk.
FILE_UPLOAD_HANDLERS = [
    "miaoli_kaohsiung.files.uploads.QuotaUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A budget of 60 lines posts some 20 fields a line; the rest of the form and formset management come on top.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# Without the script the page of a case's papers posts all chosen files at once.
DATA_UPLOAD_MAX_NUMBER_FILES = 60

CLAMD = env.str("CLAMD", default="")  # the scanner of viruses: its socket, or host:port (files/scanning.py)

# --- Mail ------------------------------------------------------------------------------------------------------------
if PRODUCTION:
    vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
elif not TESTING:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")

# --- SMS and LINE ----------------------------------------------------------------------------------------------------
# Without these nothing is sent by them and the pages say so. The gateway of the government's short code takes JSON
# (notices/carriers/sms.py); LINE's are those of the Messaging API channel.
SMS_URL, SMS_TOKEN = env.str("SMS_URL", default=""), env.str("SMS_TOKEN", default="")
SMS_SENDER = env.str("SMS_SENDER", default="111")
LINE_API_URL = env.str("LINE_API_URL", default="https://api.line.me").rstrip("/")
LINE_CHANNEL_SECRET = env.str("LINE_CHANNEL_SECRET", default="")
LINE_CHANNEL_TOKEN = env.str("LINE_CHANNEL_TOKEN", default="")
LINE_ACCOUNT = env.str("LINE_ACCOUNT", default="")  # as people find it, with its @
# LINE charges for messages that the portal sends first, not for replies. 0: it only replies.
LINE_PUSHES_A_MONTH = env.int("LINE_PUSHES_A_MONTH", default=0)

# --- Celery ----------------------------------------------------------------------------------------------------------
BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_URL = env.str("BROKER_URL", default="memory://" if TESTING else "filesystem://" if not PRODUCTION else "")
CELERY_BROKER_TRANSPORT_OPTIONS = broker.transport_options(CELERY_BROKER_URL, BROKER_DIR)
CELERY_TIMEZONE = TIME_ZONE
# Reading print wants a worker of its own, with requirements-ocr.txt.
OCR = env.bool("OCR", default=False)
CELERY_TASK_ROUTES = {"grants.read_receipts": {"queue": "ocr"}}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page must not wait for a broker that is down or hangs: the sweep finds the row.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = broker.SECONDS_TO_CONNECT

# --- Headers ---------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Bootstrap draws its arrows and ticks with data: pictures in its style sheet.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Logs: one JSON object a line, one request id through web and jobs, never a form value ----------------------------
DJANGO_STRUCTLOG_CELERY_ENABLED = True
# Its own way to the address trusts any header that a client sends; accounts.clients binds the true one.
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10
LOGGING = logs.config(level=env.str("LOG_LEVEL", default="WARNING" if TESTING else "INFO"))
structlog.configure(**logs.STRUCTLOG)
vars().update(telemetry.settings(env, INSTALLED_APPS, MIDDLEWARE))  # metrics and errors

# Web server and worker do not start while there is one (lib/production.py); judging a case by the law needs no server.
REFUSALS = refusals.of(vars(), env) if PRODUCTION else []

# Everything that reads the settings can send a task: tasks belong to the portal's Celery, never to a nameless one.
import miaoli_kaohsiung.celery  # noqa: E402, F401
