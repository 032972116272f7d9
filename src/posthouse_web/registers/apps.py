"""The app's registration with Django."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """Registers and their history."""

    name = "posthouse_web.registers"
    verbose_name = "台账"
