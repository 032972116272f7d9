"""The rooms of the console in the order of the navigation, and which of them a person may enter."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from posthouse_web.accounts.roles import Permission
from posthouse_web.accounts.scope import scope_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One entry of the navigation: the address it leads to, the app that answers there, and who may enter."""

    address: str
    title: str | Promise
    app: str
    needs: Permission


ROOMS = (
    Room(address="monitoring:latest", title=_("总览"), app="overview", needs=Permission.READ_FIGURES),
    Room(address="monitoring:goals", title=_("目标"), app="goals", needs=Permission.READ_FIGURES),
    Room(address="maps:map", title=_("地图"), app="maps", needs=Permission.READ_FIGURES),
    Room(address="programmes:index", title=_("方案"), app="programmes", needs=Permission.READ_FIGURES),
    Room(address="data:index", title=_("数据"), app="data", needs=Permission.LOAD_DATA),
    Room(address="registers:index", title=_("台账"), app="registers", needs=Permission.READ_REGISTERS),
    Room(address="plans:index", title=_("规划"), app="plans", needs=Permission.READ_PLANS),
    Room(address="runs:list", title=_("运行"), app="runs", needs=Permission.READ_RUNS),
    Room(address="accounts:list", title=_("账号"), app="accounts", needs=Permission.MANAGE_ACCOUNTS),
)


def rooms(request: HttpRequest) -> dict[str, Any]:
    """Return what every page shows of the rooms: those that this person may enter (a context processor)."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"rooms": ()}
    scope = scope_of(user)
    return {"rooms": [room for room in ROOMS if scope.may(room.needs)], "scope": scope}
