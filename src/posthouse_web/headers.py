"""Response headers that hold on every page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{tiles}; "
    "connect-src 'self'{tiles}; worker-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'"
)
_PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Return a middleware that allows only what the console itself serves, unless a view has set its own policy.

    No script and no style stands in a page itself, so neither `unsafe-inline` nor a nonce is needed.
    """
    tiles = f" {_origin(settings.POSTHOUSE_TILES)}" if settings.POSTHOUSE_TILES else ""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", _POLICY.format(tiles=tiles))
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        if request.user.is_authenticated if hasattr(request, "user") else False:
            # What a person may see must not stay in a shared computer's cache after they have left.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return respond


def _origin(address: str) -> str:
    return "/".join(address.split("/")[:3])
