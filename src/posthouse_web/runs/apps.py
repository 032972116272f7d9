"""The app's registration with Django."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Background work."""

    name = "posthouse_web.runs"
    verbose_name = "运行"
