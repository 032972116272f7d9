"""Settings of the console; what differs between offices comes from the environment.

POSTHOUSE_OUT : folder that `posthouse run --out` writes (months/, bulletin, list, map).
POSTHOUSE_SECRET_KEY : set it in production; without it a random one is made at each start, which ends all sessions.
POSTHOUSE_HOSTS : comma-separated host names under which the console is reached.
"""

import os
import secrets
from pathlib import Path

SECRET_KEY = os.environ.get("POSTHOUSE_SECRET_KEY") or secrets.token_urlsafe(48)
ALLOWED_HOSTS = os.environ.get("POSTHOUSE_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
POSTHOUSE_OUT = Path(os.environ.get("POSTHOUSE_OUT", "out/run"))
DEBUG = False

INSTALLED_APPS = ["django.contrib.staticfiles", "posthouse_web.monitoring"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "posthouse_web.headers.content_security_policy",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "posthouse_web.urls"
WSGI_APPLICATION = "posthouse_web.wsgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
X_FRAME_OPTIONS = "SAMEORIGIN"
"""The map of a month is shown inside the overview."""
