"""What the account pages read."""

from django.db.models import Exists, OuterRef, QuerySet
from django_otp.plugins.otp_totp.models import TOTPDevice

from posthouse_web.accounts.models import AccessLog, User


def list_accounts() -> "QuerySet[User]":
    """Return all accounts, each with whether it has a second factor."""
    devices = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    return User.objects.annotate(has_second_factor=Exists(devices))


def list_reads() -> "QuerySet[AccessLog]":
    """Return the reads of personal data, newest first."""
    return AccessLog.objects.select_related("user")
