"""Long lists: searched, filtered, sorted and paged in the database, and shown by one template (`table.html`).

A room declares a Listing once; a view gives it the rows that `within` has left and the query string, and renders the
Page. Nothing from the query string reaches the database but the names that the Listing declares.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise

ROWS = 50
MAX_SEARCH = 60
"""Characters of a search that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: a field (`a__b` follows a relation), its heading, and how a cell is shown.

    words : row to text, where the field's own value is not what people read. link : row to address.
    is_sorted : whether people may sort by it.
    """

    field: str
    title: str | Promise
    is_number: bool = False
    is_sorted: bool = True
    words: Callable[[Any], object] | None = None
    link: Callable[[Any], str] | None = None

    def show(self, row: Any) -> object:
        """Return what the cell says."""
        if self.words:
            return self.words(row)
        value = reduce(lambda item, name: getattr(item, name, None), self.field.split("__"), row)
        display = getattr(row, f"get_{self.field}_display", None)
        return display() if display else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column as the page shows it: `query` sorts by it, `order` is ascending, descending or none."""

    column: Column
    query: str
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A filter as the page shows it."""

    field: str
    title: str | Promise
    options: Sequence[tuple[str, object]]
    chosen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list, ready for the template."""

    headings: Sequence[Heading]
    rows: Sequence[Any]
    count: int
    number: int
    pages: int
    search: str
    is_searchable: bool
    choices: Sequence[Choice]
    previous: str
    following: str
    words: str

    def cells(self) -> Iterable[tuple[Any, list[tuple[Column, object, str]]]]:
        """Return each row with its cells: column, text, address or ""."""
        for row in self.rows:
            yield (
                row,
                [(h.column, h.column.show(row), h.column.link(row) if h.column.link else "") for h in self.headings],
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How a list may be searched, filtered and sorted.

    search : fields that a typed word is looked for in. filters : field to heading. order : sorted by, `-` descending.
    labels : field to the words for its values, where the model has no choices of its own.
    """

    columns: Sequence[Column]
    order: str
    search: Sequence[str] = ()
    filters: Sequence[tuple[str, str | Promise]] = ()
    labels: dict[str, dict[str, object]] | None = None
    rows: int = ROWS

    def page(self, rows: "QuerySet[Any]", query: QueryDict) -> Page:
        """Return the page that the query string asks for; what it does not know it leaves aside."""
        search, choices, order = self._asked(rows, query)
        ordered = self._found(rows, search, choices).order_by(order, "pk")
        found = Paginator(ordered, self.rows).get_page(query.get("page", "1"))
        return Page(
            headings=[self._heading(column, order, query) for column in self.columns],
            rows=list(found.object_list),
            count=found.paginator.count,
            number=found.number,
            pages=found.paginator.num_pages,
            search=search,
            is_searchable=bool(self.search),
            choices=choices,
            previous=_with(query, page=str(found.number - 1)) if found.has_previous() else "",
            following=_with(query, page=str(found.number + 1)) if found.has_next() else "",
            words=" ".join(filter(None, [search, *(choice.chosen for choice in choices), f"第 {found.number} 页"])),
        )

    def all(self, rows: "QuerySet[Any]", query: QueryDict) -> "QuerySet[Any]":
        """Return the rows of all pages of what the query string asks for, in its order."""
        search, choices, order = self._asked(rows, query)
        return self._found(rows, search, choices).order_by(order, "pk")

    def _asked(self, rows: "QuerySet[Any]", query: QueryDict) -> tuple[str, list[Choice], str]:
        choices = [self._choice(rows, field, title, query.get(field, "")) for field, title in self.filters]
        return query.get("q", "").strip()[:MAX_SEARCH], choices, self._order(query.get("order", ""))

    def _found(self, rows: "QuerySet[Any]", search: str, choices: Sequence[Choice]) -> "QuerySet[Any]":
        if search:
            rows = rows.filter(reduce(or_, (Q(**{f"{field}__icontains": search}) for field in self.search)))
        for choice in choices:
            if choice.chosen:
                rows = rows.filter(**{choice.field: choice.chosen})
        return rows

    def _order(self, asked: str) -> str:
        allowed = {column.field for column in self.columns if column.is_sorted}
        return asked if asked.removeprefix("-") in allowed else self.order

    def _heading(self, column: Column, order: str, query: QueryDict) -> Heading:
        if not column.is_sorted:
            return Heading(column=column, query="", order="")
        now = {column.field: "ascending", f"-{column.field}": "descending"}.get(order, "none")
        then = f"-{column.field}" if now == "ascending" else column.field
        return Heading(column=column, query=_with(query, order=then, page="1"), order=now)

    def _choice(self, rows: "QuerySet[Model]", field: str, title: str | Promise, asked: str) -> Choice:
        words: dict[str, object] = dict(rows.model._meta.get_field(field).flatchoices)  # type: ignore[union-attr]
        words.update((self.labels or {}).get(field, {}))
        values = [str(v) for v in rows.order_by(field).values_list(field, flat=True).distinct() if v not in ("", None)]
        options = [(value, words.get(value, value)) for value in values]
        return Choice(field=field, title=title, options=options, chosen=asked if asked in values else "")


def _with(query: QueryDict, **changes: str) -> str:
    changed = query.copy()
    for name, value in changes.items():
        changed[name] = value
    return f"?{changed.urlencode()}"
