"""What is costly to draw is kept in memory until a month is published again, for everyone who sees the same."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import caches
from django.db.models import Max

from posthouse_web.accounts.scope import Scope
from posthouse_web.monitoring.models import Month

_T = TypeVar("_T")


def kept(what: str, scope: Scope, make: Callable[[], _T], *asked: str) -> _T:
    """Return what `make` returns, made once for each scope, for what is asked, and for what is published.

    Parameters
    ----------
    what : name of the thing. asked : everything besides the scope that it depends on, such as the month.
    """
    published = Month.objects.aggregate(at=Max("published_at"))["at"]
    seen = (what, scope.area, sorted(scope.brands) if scope.brands is not None else None, asked, published)
    name = hashlib.sha256(repr(seen).encode()).hexdigest()
    found: _T | None = caches["drawn"].get(name)
    if found is None:
        found = make()
        caches["drawn"].set(name, found)
    return found
