"""Settings of the console; what differs between offices comes from the environment.

POSTHOUSE_OUT : folder that `posthouse run --out` writes (months/, workspace/); the console keeps its files there too.
POSTHOUSE_SECRET_KEY : signs sessions; `python -m posthouse_web` keeps one in the folder, so that sessions live on.
POSTHOUSE_HOSTS : comma-separated host names under which the console is reached.
POSTHOUSE_HTTPS : 1 where the console is reached by https; cookies are then sent by https only.
POSTHOUSE_TWO_FACTOR : 0 lets people in without a second factor; for a demonstration only.
POSTHOUSE_TILES : address of map tiles in the office's own network; without it the map draws roads and places only.
DATABASE_URL : postgres://…; without it SQLite in the folder.
"""

import os
import secrets
from datetime import timedelta
from pathlib import Path

from posthouse_web.database import database_settings

BASE = Path(__file__).resolve().parent
POSTHOUSE_OUT = Path(os.environ.get("POSTHOUSE_OUT", "out/run"))
POSTHOUSE_TWO_FACTOR = os.environ.get("POSTHOUSE_TWO_FACTOR", "1") == "1"
POSTHOUSE_TILES = os.environ.get("POSTHOUSE_TILES", "")
POSTHOUSE_HTTPS = os.environ.get("POSTHOUSE_HTTPS") == "1"
SECRET_KEY = os.environ.get("POSTHOUSE_SECRET_KEY") or secrets.token_urlsafe(48)
ALLOWED_HOSTS = os.environ.get("POSTHOUSE_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
DEBUG = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "simple_history",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "posthouse_web.accounts",
    "posthouse_web.runs",
    "posthouse_web.monitoring",
    "posthouse_web.maps",
    "posthouse_web.programmes",
    "posthouse_web.data",
    "posthouse_web.registers",
    "posthouse_web.plans",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "posthouse_web.headers.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "posthouse_web.accounts.gate.second_factor",
    "posthouse_web.accounts.pace.limit_pace",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "posthouse_web.urls"
WSGI_APPLICATION = "posthouse_web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "posthouse_web.rooms.rooms",
            ]
        },
    }
]

DATABASES = {"default": database_settings(os.environ.get("DATABASE_URL", ""), POSTHOUSE_OUT / "console.sqlite3")}
CACHES = {
    name: {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": name,
        "OPTIONS": {"MAX_ENTRIES": entries},
    }
    for name, entries in (("default", 5_000), ("drawn", 64))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "monitoring:latest"
LOGOUT_REDIRECT_URL = "accounts:login"
OTP_TOTP_ISSUER = "Posthouse"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

SESSION_COOKIE_NAME = "__Host-sessionid" if POSTHOUSE_HTTPS else "sessionid"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = POSTHOUSE_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if POSTHOUSE_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_PERMISSIONS = 0o600

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE / "static"]
WHITENOISE_USE_FINDERS = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SILENCED_SYSTEM_CHECKS = [
    "security.W004",  # HSTS, secure redirect and cookies depend on POSTHOUSE_HTTPS, which the office sets
    "security.W005",  # what else runs under the office's domain is not ours to decide
    "security.W021",
    "security.W008",
    "security.W012",
    "security.W016",
]
