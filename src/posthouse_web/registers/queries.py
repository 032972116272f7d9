"""What this room reads, always within the scope of the person who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from posthouse.records.schema import Column, Table, get_table
from posthouse.stores.workspace import Workspace, open_workspace
from posthouse.vocabulary.errors import UnusableInputError
from posthouse_web.accounts.scope import Scope, within
from posthouse_web.registers import mapping
from posthouse_web.registers.models import Entry

MOST_CHANGES = 50
"""Changes of a row that are shown, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One line of the list of registers."""

    name: str
    title: str
    meaning: str
    valid: int
    closed: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of a row. cells : heading, before, after. by : None where no person changed it."""

    at: datetime
    by: Any
    is_copied: bool
    cells: Sequence[tuple[str, str, str]]


def find_workspace() -> Workspace | None:
    """Return the workspace, or None where nothing was ever loaded."""
    try:
        return open_workspace(Path(settings.POSTHOUSE_OUT) / "workspace")
    except UnusableInputError:
        return None


def list_registers(scope: Scope) -> list[Register]:
    """Return every register with how many rows of it this person sees."""
    counts = {
        row["table"]: row
        for row in within(Entry.objects.all(), scope)
        .order_by()
        .values("table")
        .annotate(closed=Count("pk", filter=Q(is_closed=True)), every=Count("pk"), last=Max("changed_at"))
    }
    none: dict[str, Any] = {"closed": 0, "every": 0, "last": None}
    return [
        Register(
            name=name,
            title=mapping.title_of(table),
            meaning=table.meaning,
            valid=row["every"] - row["closed"],
            closed=row["closed"],
            changed_at=row["last"],
        )
        for name, table in mapping.register_tables().items()
        if (row := counts.get(name, none)) is not None
    ]


def list_entries(scope: Scope, table: str) -> "QuerySet[Entry]":
    """Return the rows of a register with the names of their village and town."""
    return within(
        Entry.objects.filter(table=table).annotate(place_name=_name_of("place"), town_name=_name_of("town")), scope
    )


def _name_of(field: str) -> Subquery:
    return Subquery(Entry.objects.filter(table="divisions", key=OuterRef(field)).order_by("-since").values("name")[:1])


def town_names() -> dict[str, object]:
    """Return the names of the towns by code."""
    towns = Entry.objects.filter(table="divisions", key__endswith="000", town__gt="")
    return dict(towns.values_list("key", "name"))


def list_changes(scope: Scope, entry: Entry) -> list[Change]:
    """Return what has changed in a row, newest first; states that lay outside the scope are left out."""
    table = get_table(entry.table)
    past: Any = within(entry.history.model.objects.filter(id=entry.pk), scope)
    states = list(past.select_related("history_user").order_by("-history_date", "-history_id")[: MOST_CHANGES + 1])
    changes = []
    for at, state in enumerate(states[:MOST_CHANGES]):
        before = mapping.only_own(states[at + 1].cells, scope.brands) if at + 1 < len(states) else {}
        changes.append(
            Change(
                at=state.history_date,
                by=state.history_user,
                is_copied=bool(state.history_change_reason),
                cells=_difference(table, before, mapping.only_own(state.cells, scope.brands)) if before else (),
            )
        )
    return [change for change in changes if change.cells or change is changes[-1]]


def _difference(table: Table, before: mapping.Cells, after: mapping.Cells) -> list[tuple[str, str, str]]:
    return [
        (mapping.heading(column), mapping.in_words(column, old), mapping.in_words(column, new))
        for column in table.columns
        if (old := before.get(column.name)) != (new := after.get(column.name))
    ]


def count_pending() -> int:
    """Return how many edited rows wait to be written into the workspace."""
    return Entry.objects.filter(is_pending=True).count()


def find_missing(table: Table, cells: mapping.Cells) -> dict[str, str]:
    """Return by column which value refers to a row that the registers do not have; an empty register is not asked."""
    missing = {}
    for column in table.columns:
        value = cells.get(column.name)
        if not column.refers or value is None:
            continue
        target = Entry.objects.filter(table=column.refers.split(".")[0])
        if not target.filter(key=str(value)).exists() and target.exists():
            missing[column.name] = _missing_words(column, value)
    return missing


def _missing_words(column: Column, value: object) -> str:
    name = get_table(column.refers.split(".")[0]).zh
    return f"“{name}”台账里没有 {value}。请核对，或先在那里登记。"


def owners() -> mapping.Owners:
    """Return whose rows are, as the registers have it now."""
    rows = Entry.objects.filter(table__in=("operators", "outlets")).order_by("since")
    found = list(rows.values_list("table", "key", "brand", "place"))
    return mapping.Owners(
        brands={key: brand for name, key, brand, _ in found if name == "operators"},
        places={key: place for name, key, _, place in found if name == "outlets"},
    )
