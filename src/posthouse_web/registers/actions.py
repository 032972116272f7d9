"""What can be done in this room: add, change and close rows; copy the workspace's registers, and write edits back."""

from collections.abc import Callable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from posthouse.records.schema import Table, get_table
from posthouse.stores.manifest import read_manifest
from posthouse.stores.workspace import Workspace
from posthouse_web.accounts.models import User
from posthouse_web.accounts.roles import Permission
from posthouse_web.accounts.scope import Scope, scope_of
from posthouse_web.registers import mapping, queries
from posthouse_web.registers.models import REASON_COPY, Copied, Entry
from posthouse_web.runs.actions import start_run
from posthouse_web.runs.models import Run, State

_BATCH = 1000
_COPIED = ("name", "kind", "place", "town", "brand", "is_closed", "cells")


class ChangedMeanwhileError(Exception):
    """Somebody else has changed the row since this person opened it."""


class ExistsError(Exception):
    """There is a row with this key and first day already."""


@transaction.atomic
def add_entry(by: User, table: Table, cells: mapping.Cells) -> Entry:
    """Add a row to a register, to be written into the workspace.

    Raises
    ------
    ExistsError : a row with this key and first day is there.
    """
    entry = mapping.entry_from(table, cells, queries.owners())
    _require_own(scope_of(by), entry)
    if Entry.objects.filter(table=table.name, key=entry.key, since=entry.since).exists():
        raise ExistsError
    entry.is_pending = True
    entry.save()
    _ask_to_write(by)
    return entry


@transaction.atomic
def change_entry(by: User, entry: Entry, cells: mapping.Cells, seen_at: datetime) -> None:
    """Change a row, to be written into the workspace; its key and first day stay as they are.

    Raises
    ------
    ChangedMeanwhileError : it is not the row as it stood at `seen_at` any more.
    """
    scope = scope_of(by)
    _require_own(scope, entry)
    now = Entry.objects.select_for_update().get(pk=entry.pk)
    if now.changed_at != seen_at:
        raise ChangedMeanwhileError
    table = get_table(entry.table)
    fixed = {name: now.cells[name] for name in (*table.key, "valid_from") if name in now.cells}
    if scope.brands is not None and "brands" in now.cells:
        cells = {**cells, "brands": now.cells["brands"]}
    made = mapping.entry_from(table, {**cells, **fixed}, queries.owners())
    _require_own(scope, made)
    if made.cells == now.cells:
        return
    for field in _COPIED:
        setattr(now, field, getattr(made, field))
    now.is_pending = True
    now.save()
    _ask_to_write(by)


def close_entry(by: User, entry: Entry, on: date, seen_at: datetime) -> None:
    """Let a row hold until this day, exclusive; earlier months are measured with it as before."""
    change_entry(by, entry, {**entry.cells, "valid_to": on.isoformat()}, seen_at)


def write_entries(workspace: Workspace) -> int:
    """Write the edited rows into the workspace, one atomic step; return how many."""
    pending = list(Entry.objects.filter(is_pending=True).order_by("pk"))
    by_table: dict[str, list[Entry]] = {}
    for entry in pending:
        by_table.setdefault(entry.table, []).append(entry)
    for name, entries in by_table.items():
        workspace.write_table(name, mapping.rows_from(get_table(name), [entry.cells for entry in entries]))
        for entry in entries:
            # Edited again meanwhile: it stays pending.
            Entry.objects.filter(pk=entry.pk, changed_at=entry.changed_at).update(is_pending=False)
    return len(pending)


def copy_registers(workspace: Workspace, progress: Callable[[str], None] = lambda stage: None) -> int:
    """Make the rows those of the workspace where its files have changed; return how many rows are new or changed.

    What a person has edited and nobody has written yet stays as edited.
    """
    stored = read_manifest(workspace.path).records
    known = dict(Copied.objects.values_list("table", "parts"))
    changed = 0
    for name, table in mapping.register_tables().items():
        parts = dict(stored.get(name, {}))
        if parts != known.get(name, {}):
            progress(table.zh)
            changed += _copy(workspace, table, parts)
    return changed


def is_copied(workspace: Workspace) -> bool:
    """Whether the rows are those of the workspace."""
    stored = read_manifest(workspace.path).records
    known = dict(Copied.objects.values_list("table", "parts"))
    return all(dict(stored.get(name, {})) == known.get(name, {}) for name in mapping.register_tables())


@transaction.atomic
def _copy(workspace: Workspace, table: Table, parts: dict[str, str]) -> int:
    owners = queries.owners()
    made = {
        (entry.key, entry.since): entry
        for row in workspace.read_table(table.name).to_pylist()
        if (entry := mapping.entry_from(table, mapping.cells_from(row), owners))
    }
    known = {(entry.key, entry.since): entry for entry in Entry.objects.filter(table=table.name)}
    fresh = [entry for name, entry in made.items() if name not in known]
    changed = [_taken_over(known[name], entry) for name, entry in made.items() if _differs(known.get(name), entry)]
    gone = [entry.pk for name, entry in known.items() if name not in made and not entry.is_pending]
    bulk_create_with_history(fresh, Entry, batch_size=_BATCH, default_change_reason=REASON_COPY)
    bulk_update_with_history(
        changed, Entry, (*_COPIED, "changed_at"), batch_size=_BATCH, default_change_reason=REASON_COPY
    )
    for start in range(0, len(gone), _BATCH):
        Entry.objects.filter(pk__in=gone[start : start + _BATCH]).delete()
    Copied.objects.update_or_create(table=table.name, defaults={"parts": parts})
    return len(fresh) + len(changed)


def _differs(known: Entry | None, made: Entry) -> bool:
    return known is not None and not known.is_pending and any(getattr(known, f) != getattr(made, f) for f in _COPIED)


def _taken_over(known: Entry, made: Entry) -> Entry:
    for field in _COPIED:
        setattr(known, field, getattr(made, field))
    known.changed_at = timezone.now()
    return known


def _require_own(scope: Scope, entry: Entry) -> None:
    """Raise PermissionDenied unless the person may edit registers and the row is one of their own."""
    scope.require(Permission.EDIT_REGISTERS)
    if (scope.area and not entry.place) or not scope.covers(entry.place):
        raise PermissionDenied(Permission.EDIT_REGISTERS)
    if scope.brands is not None and entry.brand not in scope.brands:
        raise PermissionDenied(Permission.EDIT_REGISTERS)


def _ask_to_write(by: User) -> None:
    """Queue the writing, once for as many edits as come before it begins."""
    if not Run.objects.filter(kind="registers", state=State.QUEUED).exists():
        start_run(by, "registers", {})
