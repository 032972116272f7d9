"""The app's registration with Django."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Scenarios and their plans."""

    name = "posthouse_web.plans"
    verbose_name = "规划"
