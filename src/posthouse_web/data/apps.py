"""The app's registration with Django."""

from django.apps import AppConfig


class DataConfig(AppConfig):
    """Uploads, loads and the quarantine."""

    name = "posthouse_web.data"
    verbose_name = "数据"
