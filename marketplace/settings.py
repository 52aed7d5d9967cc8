"""Every setting, read from the environment alone. Safe by default: what is not said is the careful choice."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from marketplace import api_settings, broker, content_policy, logs, passwords, pictures, rights_terms, tip_terms
from marketplace.lib import env
from marketplace.schedule import BEAT_SCHEDULE
from marketplace.switch_terms import forced

BASE_DIR = Path(__file__).resolve().parent.parent
KEZHAN_HOME = env.folder("KEZHAN_HOME", BASE_DIR / "var")
env.load(KEZHAN_HOME / ".env")

# --- Who we are -----------------------------------------------------------------------------------------------------
DEBUG = env.flag("KEZHAN_DEBUG")
SECRET_KEY = env.text("KEZHAN_SECRET_KEY")
SECRET_KEY_FALLBACKS = env.keys("KEZHAN_SECRET_KEY_FALLBACKS")
KEZHAN_BASE_URL = env.text("KEZHAN_BASE_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = env.words("KEZHAN_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("KEZHAN_TRUSTED_ORIGINS")
_https = KEZHAN_BASE_URL.startswith("https://")

# --- Rooms ----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "marketplace.lib",
    "marketplace.sample",
    "accounts",
    "operating",
    "creators",
    "videos",
    "courses",
    "learners",
    "payments",
    "community",
    "discovery",
    "moderation",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_vite",
    "csp",
    "accounts.admin_app.AdminApp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]
MIDDLEWARE = [
    "marketplace.request_id.RequestId",
    "marketplace.metrics.RequestMetrics",
    # Reports of watching, and nginx's question for a right, are answered here: what follows costs more than they do.
    "learners.door.Door",
    "videos.right_door.RightDoor",
    "django.middleware.security.SecurityMiddleware",
    "marketplace.lib.kept_pages.KeptPages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "marketplace.asked_language.AskedLanguage",
    "django.middleware.common.CommonMiddleware",
    "marketplace.content_policy.ContentPolicy",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.ReaderPreferences",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.second_factor.StaffSecondFactor",
    "accounts.resting.Resting",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "payments.referrals.links.ReferralLinks",
    "marketplace.refusals.RefusalMiddleware",
    "accounts.acts.StaffActs",
    "accounts.seeing.SeeingAs",
]
ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["marketplace.lib.templatetags.addresses"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "marketplace.page_context.page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data -----------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", pooled=env.flag("KEZHAN_DATABASE_POOLED"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "marketplace.lib.valkey_cache.ValkeyCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "kz",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 1},
    }
}

# --- Files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("KEZHAN_STATIC_ROOT", KEZHAN_HOME / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"  # covers and portraits; films never lie here
MEDIA_ROOT = KEZHAN_HOME / "media"
VIDEO_ROOT = env.folder("KEZHAN_VIDEO_ROOT", KEZHAN_HOME / "video")
STORAGES = {
    "default": pictures.storage(KEZHAN_BASE_URL),
    "private": pictures.private_storage(KEZHAN_HOME),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedStaticFilesStorage"
    },
}
# Vite has put a hash into the names of what it built: these never change. The rest is asked for again after a while.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/assets/.+-[A-Za-z0-9_-]{8}\.\w+$"
WHITENOISE_MAX_AGE = 600
DJANGO_VITE = {
    "default": {"manifest_path": BASE_DIR / "static/dist/manifest.json", "static_url_prefix": "dist"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

# --- People ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backend.Backend"]
AUTH_PASSWORD_VALIDATORS, MFA_FORMS = passwords.VALIDATORS, passwords.CODE_FORMS
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "operating.sign_up.Adapter"
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignUpFields"
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Kezhan"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _https
KEZHAN_CONFIRMED_S = env.number("KEZHAN_CONFIRMED_S", 900, least=60)  # then staff confirm anew who they are
USERSESSIONS_TRACK_ACTIVITY = False

# --- Languages ------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "marketplace.formats"
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "UTC"
USE_TZ = True

# --- Safety of pages ------------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = _https and env.flag("KEZHAN_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 86_400 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("KEZHAN_BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {"DIRECTIVES": content_policy.directives()}

# --- Money ----------------------------------------------------------------------------------------------------------
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET", "")
STRIPE_VERSION = "2026-08-26.dahlia"
# A live key, and only a live key, makes the live book. Without any key the sandbox plays the provider.
PAYMENTS_TRANSPORT = "live" if STRIPE_SECRET_KEY else "sandbox"
# The HTTP client below Stripe's library: Stripe's own, or the sandbox in this process.
PAYMENTS_HTTP_CLIENT = {"live": "stripe.RequestsClient", "sandbox": "payments.sandbox.transport.SandboxTransport"}[
    PAYMENTS_TRANSPORT
]
PAYMENTS_BOOK = "live" if "_live_" in STRIPE_SECRET_KEY else "sandbox"
ALLOW_SANDBOX, SANDBOX_SETTLEMENT = env.flag("ALLOW_SANDBOX"), env.text("SANDBOX_SETTLEMENT", "")
KEZHAN_SIGN_UP, KEZHAN_MEMBERSHIPS, KEZHAN_INSTALMENTS, KEZHAN_TIPS = forced()  # None: administrators turn it
if STRIPE_SECRET_KEY and not STRIPE_WEBHOOK_SECRET:
    raise ImproperlyConfigured("STRIPE_SECRET_KEY is set, so STRIPE_WEBHOOK_SECRET must be set as well.")
if PAYMENTS_TRANSPORT == "sandbox" and not STRIPE_WEBHOOK_SECRET:
    STRIPE_WEBHOOK_SECRET = "whsec_" + SECRET_KEY[:40]
KEZHAN_HOLD_DAYS = env.number("KEZHAN_HOLD_DAYS", 31)  # longer than learners may take money back
KEZHAN_BY_HAND_DAYS = env.number("KEZHAN_BY_HAND_DAYS", 7, least=1)  # so long an order waits for a bank transfer
TIP_MOST_TIMES, TIPS_A_DAY, TIP_BACK_HOURS = tip_terms.asked()
KEZHAN_PAYOUT_APPROVAL_MINOR = env.number("KEZHAN_PAYOUT_APPROVAL_MINOR", 500_000)
KEZHAN_REFUND_ALL_APPROVAL_MINOR = env.number("KEZHAN_REFUND_ALL_APPROVAL_MINOR", 100_000)
KEZHAN_PAYOUT_RUN_CAP_MINOR = env.number("KEZHAN_PAYOUT_RUN_CAP_MINOR", 100_000_000)
# Who computes the tax of a sale: nobody, the table of rates on /finance/tax/, or the provider.
KEZHAN_TAX = env.choice("KEZHAN_TAX", "off", ("off", "table", "stripe"))
KEZHAN_PRICES_INCLUDE_TAX = env.flag("KEZHAN_PRICES_INCLUDE_TAX", default=True)
KEZHAN_STRIPE_TAX_CODE = env.text("KEZHAN_STRIPE_TAX_CODE", "")  # what is sold; empty: the preset of its dashboard
KEZHAN_SELLER_NAME = env.text("KEZHAN_SELLER_NAME", "Kezhan")  # who sells, as invoices say it
KEZHAN_SELLER_ADDRESS = env.words("KEZHAN_SELLER_ADDRESS", between=";")
KEZHAN_SELLER_COUNTRY = env.text("KEZHAN_SELLER_COUNTRY", "").upper()
KEZHAN_SELLER_TAX_ID = env.text("KEZHAN_SELLER_TAX_ID", "")

# --- Certificates ---------------------------------------------------------------------------------------------------
# Signs credentials (ES256); without it certificates have their page and paper alone.
KEZHAN_CREDENTIAL_KEY = env.text("KEZHAN_CREDENTIAL_KEY", "")
KEZHAN_CREDENTIAL_FORMER_KEYS = env.words("KEZHAN_CREDENTIAL_FORMER_KEYS")

# --- Video ----------------------------------------------------------------------------------------------------------
KEZHAN_FFMPEG = env.text("KEZHAN_FFMPEG", "")
# So many community reviewers look at a slight case before their advice goes to a moderator.
KEZHAN_COMMUNITY_VOTES = env.number("KEZHAN_COMMUNITY_VOTES", 5)
SECOND_LOOK_PERCENT = env.number("KEZHAN_SECOND_LOOK_PERCENT", 10)  # so many decisions are read by a second reviewer
RIGHTS_DAYS, RIGHTS_STRIKES, RIGHTS_STRIKE_DAYS = rights_terms.asked()
UPLOAD_MAX_BYTES = env.number("KEZHAN_UPLOAD_MAX_MB", 8192, least=1) * 1024 * 1024
UPLOAD_PART_BYTES = env.number("KEZHAN_UPLOAD_PART_KB", 8192, least=64) * 1024
UPLOAD_QUOTA_BYTES = env.number("KEZHAN_UPLOAD_QUOTA_MB", 200 * 1024, least=1) * 1024 * 1024
# A Python function that writes captions of what is said (docs/operations.md). Empty: none, and nothing of it is shown.
KEZHAN_TRANSCRIBER = env.text("KEZHAN_TRANSCRIBER", "")
FAILED_FILM_DAYS = env.number("KEZHAN_FAILED_FILM_DAYS", 7, least=1)  # so long its original waits for another try
# Parts go straight to this bucket (S3_ENDPOINT_URL, S3_REGION) instead of through us; its URL is as browsers reach it.
VIDEO_BUCKET, VIDEO_BUCKET_URL = env.text("KEZHAN_VIDEO_BUCKET", ""), env.text("KEZHAN_VIDEO_BUCKET_URL", "")
S3_ENDPOINT_URL, S3_REGION = env.text("S3_ENDPOINT_URL", ""), env.text("S3_REGION", "us-east-1")
# Films of this length and more are made in chunks of about the other, side by side by all workers for films.
KEZHAN_VIDEO_CHUNK_FROM_S = env.number("KEZHAN_VIDEO_CHUNK_FROM_S", 60, least=1)
KEZHAN_VIDEO_CHUNK_S = env.number("KEZHAN_VIDEO_CHUNK_S", 20, least=4)
# Originals of films that have been ready for so long go to another folder, or to a bucket; empty: they stay.
COLD_ROOT, COLD_BUCKET = env.text("KEZHAN_COLD_ROOT", ""), env.text("KEZHAN_COLD_BUCKET", "")
COLD_CLASS = env.choice(
    "KEZHAN_COLD_CLASS", "STANDARD_IA", ("STANDARD_IA", "ONEZONE_IA", "GLACIER_IR", "INTELLIGENT_TIERING", "STANDARD")
)  # those that answer at once
KEZHAN_COLD_AFTER_DAYS = env.number("KEZHAN_COLD_AFTER_DAYS", 90, least=1)
if COLD_ROOT and COLD_BUCKET:
    raise ImproperlyConfigured("KEZHAN_COLD_ROOT and KEZHAN_COLD_BUCKET are both set: originals can lie in one place.")
# For how long "may watch" is believed before it is asked again: a refund stops a film within this.
KEZHAN_RIGHT_REMEMBERED_S = env.number("KEZHAN_RIGHT_REMEMBERED_S", 10, least=1)
KEZHAN_DEVICES_AT_ONCE = env.number("KEZHAN_DEVICES_AT_ONCE", 3, least=1)

# --- Workers (the figures behind these are in the design's page on reliability) ---------------------------------------
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = REDIS_URL, broker.TRANSPORT
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_TASK_TIME_LIMIT = 6 * 3600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "videos.*": {"queue": "video"},
    "payments.tasks.check_*": {"queue": "books"},
    "payments.*": {"queue": "payments"},
    "marketplace.lib.tasks.send_mail": {"queue": "mail"},
}
KEZHAN_QUEUES = env.words("KEZHAN_QUEUES", "default,mail,payments,books,video")  # whose workers /readyz asks for
CELERY_IMPORTS, CELERY_BEAT_SCHEDULE = ["marketplace.tasks"], BEAT_SCHEDULE

# --- Mail -----------------------------------------------------------------------------------------------------------
EMAIL_HOST, EMAIL_PORT = env.text("EMAIL_HOST", ""), env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT, EMAIL_FILE_PATH = 10, KEZHAN_HOME / "mail"
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("KEZHAN_FROM_EMAIL", "Kezhan <noreply@localhost>")

# --- API ------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK, SPECTACULAR_SETTINGS = api_settings.REST_FRAMEWORK, api_settings.SPECTACULAR_SETTINGS
SEARCHES_A_SECOND = env.number("KEZHAN_SEARCHES_A_SECOND", 10)  # of one person or address, in each process; 0: any

# --- What operators see -----------------------------------------------------------------------------------------------
LOGGING = logs.configuration(env.text("KEZHAN_LOG_FORMAT", "json"), env.text("KEZHAN_LOG_LEVEL", "INFO").upper())
# Who may read /metrics from outside a private network; empty: nobody.
METRICS_TOKEN = env.text("KEZHAN_METRICS_TOKEN", "")
PROMETHEUS_MULTIPROC_DIR = env.text("PROMETHEUS_MULTIPROC_DIR", "")
