"""The app's registration with Django."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Plan documents and their goals."""

    name = "posthouse_web.programmes"
    verbose_name = "方案"
