"""The app's registration with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts, roles and scope."""

    name = "posthouse_web.accounts"
    verbose_name = "账号"
