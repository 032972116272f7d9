"""How fast and how much one address may ask and send: a person never notices, a script does."""

import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

WINDOW_S = 60
READS = 600
"""Pages in a window; a person who clicks once a second is far below."""
WRITES = 60
MOST_BYTES = 2**30
MOST_BYTES_UNKNOWN = 64 * 2**10
"""What one request may carry, from people who have signed in and from anybody else; looked at before it is read."""


def limit_pace(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Return a middleware that answers 429 to more than READS or WRITES in a minute, and 400 to too large a body."""

    def respond(request: HttpRequest) -> HttpResponse:
        is_write = request.method not in ("GET", "HEAD", "OPTIONS")
        allowed = getattr(settings, "POSTHOUSE_PACE", (READS, WRITES))[is_write]
        who = request.user.pk if request.user.is_authenticated else request.META.get("REMOTE_ADDR", "")
        key = f"pace:{is_write}:{who}:{int(time.time() // WINDOW_S)}"
        cache.add(key, 0, WINDOW_S * 2)
        if cache.incr(key) > allowed:
            response = render(request, "429.html", status=429)
            response.headers["Retry-After"] = str(WINDOW_S)
            return response
        most = MOST_BYTES if request.user.is_authenticated else MOST_BYTES_UNKNOWN
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:
            raise RequestDataTooBig
        return get_response(request)

    return respond
