"""Which rows a person may see: the one place that decides, used by every query of the console.

A row lies within a scope when its place lies in the person's division (or it is a figure of the whole area) and, for
people of an operator, when it is of one of their own brands or is pooled over brands of which one is theirs. A model
says by `SCOPE` which of its fields hold place and brand; a model that says nothing cannot be queried here at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet

from posthouse.vocabulary.divisions import is_within, level_of
from posthouse_web.accounts.roles import BRANDED, Permission, allowed_to

if TYPE_CHECKING:
    from ibis.expr.types import Table

_M = TypeVar("_M", bound=Model)
_ENDS = {"province": 2, "city": 4, "county": 6, "town": 9, "village": 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopedBy:
    """Which fields of a model decide who sees a row.

    place : field with a 12-digit code, "" for the whole area; empty string where rows have no place.
    brand : field with a brand, "" for all brands; empty string where rows are of no brand.
    partners : field naming the brands pooled in a row of all brands, as `|圆通|中通|`, "" where brands play no part;
        where it is not given, a row of no single brand is hidden from people of an operator unless `open_pooled`.
    open_pooled : a row without a brand may be seen by everyone (a village, an outlet of no brand).
    """

    place: str = ""
    brand: str = ""
    partners: str = ""
    open_pooled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What one person may do and see.

    area : 12-digit code of the subtree, "" for everything. brands : None for people of no operator. person : whose.
    """

    permissions: frozenset[Permission]
    area: str = ""
    brands: frozenset[str] | None = None
    person: int | None = None

    def may(self, permission: Permission) -> bool:
        """Whether the person may do this."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise PermissionDenied unless the person may do this."""
        if not self.may(permission):
            raise PermissionDenied(permission)

    def covers(self, place: str) -> bool:
        """Whether a place ("" for the whole area) lies in the person's division."""
        return not place or not self.area or is_within(place, self.area)

    def may_see_brand(self, brand: str) -> bool:
        """Whether rows of this single brand may be seen."""
        return self.brands is None or brand in self.brands


def scope_of(user: Any) -> Scope:
    """Return the scope of a signed-in person; nothing at all for anyone else."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Scope(permissions=frozenset(), brands=frozenset())
    brands = user.brand_names if user.brand_names or user.role in BRANDED else None
    return Scope(permissions=allowed_to(user.role), area=user.division, brands=brands, person=user.pk)


def within(rows: "QuerySet[_M]", scope: Scope) -> "QuerySet[_M]":
    """Return only the rows that lie within the scope.

    Raises
    ------
    TypeError : the model does not say by what it is scoped, which must not mean that everyone may see it.
    """
    by = getattr(rows.model, "SCOPE", None)
    if not isinstance(by, ScopedBy):
        raise TypeError(f"Expected {rows.model.__name__}.SCOPE to say which fields hold place and brand, found none.")
    if by.place and scope.area:
        first, last = _bounds(scope.area)
        rows = rows.filter(Q(**{by.place: ""}) | Q(**{f"{by.place}__gte": first, f"{by.place}__lte": last}))
    if by.brand and scope.brands is not None:
        rows = rows.filter(_own_or_pooled(by, scope.brands))
    return rows


def within_table(table: "Table", scope: Scope, *, place: str, brand: str) -> "Table":
    """Return the rows of an Ibis table that lie within the scope; a row without brand is not shown to an operator.

    Parameters
    ----------
    place, brand : names of the columns, "" where the table has none of the kind.
    """
    if place and scope.area:
        first, last = _bounds(scope.area)
        table = table.filter(table[place].between(first, last))
    if scope.brands is not None:
        table = table.filter(table[brand].isin(sorted(scope.brands)) if brand and scope.brands else False)
    return table


def in_partners(brands: Iterable[str]) -> str:
    """Return the brands as a `partners` field holds them: `|圆通|中通|`, or "" for none."""
    names = sorted(set(brands))
    return f"|{'|'.join(names)}|" if names else ""


def _own_or_pooled(by: ScopedBy, brands: frozenset[str]) -> Q:
    seen = Q(**{f"{by.brand}__in": sorted(brands)})
    if by.open_pooled:
        return seen | Q(**{by.brand: ""})
    if not by.partners:
        return seen
    pooled = Q(**{by.partners: ""})
    for name in sorted(brands):
        pooled |= Q(**{f"{by.partners}__contains": f"|{name}|"})
    return seen | (Q(**{by.brand: ""}) & pooled)


def _bounds(area: str) -> tuple[str, str]:
    prefix = area[: _ENDS[level_of(area)]]
    return prefix.ljust(12, "0"), prefix.ljust(12, "9")
