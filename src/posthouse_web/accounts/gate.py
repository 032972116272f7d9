"""The second factor at the door: a password alone leads no further than the page that asks for it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_otp import user_has_device

ALWAYS = ("accounts:logout", "set_language")
TO_GIVE = (*ALWAYS, "accounts:verify")
"""Pages for whoever has a device and has not given the code."""
TO_SET_UP = (*ALWAYS, "accounts:two_factor", "accounts:two_factor_image")
"""Pages for whoever has no device; a device that is there is never replaced without its code."""


def second_factor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Return a middleware that asks for the one-time code, or for setting it up where there is none yet.

    With POSTHOUSE_TWO_FACTOR=0 (a demonstration) only those who have set it up are asked.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if not user.is_authenticated or user.is_verified() or request.path.startswith(settings.STATIC_URL):
            return get_response(request)
        has_device = user_has_device(user)
        if not has_device and not settings.POSTHOUSE_TWO_FACTOR:
            return get_response(request)
        open_pages = TO_GIVE if has_device else TO_SET_UP
        if request.path in {reverse(name) for name in open_pages}:
            return get_response(request)
        return redirect(open_pages[len(ALWAYS)])

    return respond
