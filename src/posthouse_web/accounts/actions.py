"""What can be done with accounts, one function per use case: permission, change, one entry in the log."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django_otp import devices_for_user
from django_otp.plugins.otp_totp.models import TOTPDevice

from posthouse_web.accounts.models import AccessLog, User
from posthouse_web.accounts.roles import Permission
from posthouse_web.accounts.scope import scope_of


def log_access(request: HttpRequest, what: str, subject: str, rows: int) -> None:
    """Write down that this person has read personal data."""
    user: Any = request.user
    AccessLog.objects.create(
        user=user, what=what, subject=subject[:200], rows=rows, address=request.META.get("REMOTE_ADDR") or None
    )


@transaction.atomic
def save_account(by: User, account: User, password: str = "") -> User:
    """Make or change an account; a new password ends all its sessions (Django ties them to the hash)."""
    scope_of(by).require(Permission.MANAGE_ACCOUNTS)
    if password:
        account.set_password(password)
    account.full_clean(exclude=["password"])
    account.save()
    return account


@transaction.atomic
def reset_second_factor(by: User, account: User) -> None:
    """Remove the account's device, so that its owner sets up a new one at the next sign-in."""
    scope_of(by).require(Permission.MANAGE_ACCOUNTS)
    for device in devices_for_user(account, confirmed=None):
        device.delete()


def open_device(user: User) -> TOTPDevice:
    """Return the device that the person is setting up, made if there is none; it counts once confirmed."""
    device: TOTPDevice
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "TOTP"})
    return device


def confirm_device(device: TOTPDevice, code: str) -> bool:
    """Confirm the device with a first code; return whether the code was right."""
    if not code.isdigit() or not device.verify_token(code):
        return False
    device.confirmed = True
    device.save()
    return True
