"""The room's registration with Django."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """总览 and 目标."""

    name = "posthouse_web.monitoring"
    verbose_name = "总览"
