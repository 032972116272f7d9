"""What the worker does for this room: load a file, load mended rows, measure and close a month."""

import tempfile
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import transaction

from posthouse.stores.mending import QuarantinedRow, write_list
from posthouse.stores.workspace import Workspace, create_workspace, open_workspace
from posthouse_web.data import mapping
from posthouse_web.data.actions import source_of
from posthouse_web.data.models import FaultyRow, Upload
from posthouse_web.registers.actions import copy_registers, write_entries
from posthouse_web.runs.control import Control

MOST_SHOWN = 20_000
"""Faulty rows that are copied for mending; where there are more, the file is wrong as a whole, not row by row."""


def load_upload(control: Control, upload: int) -> dict[str, object]:
    """Load one file into the workspace; return how many rows were good and how many were turned away."""
    row = Upload.objects.get(pk=upload)
    workspace = create_workspace(_workspace())
    report = workspace.load(
        source_of(row),
        mapping=mapping.mapping_from_text(row.mapping),
        progress=lambda file, share: control.step(f"读入 {file}", 0.9 * share),
    )
    good, rejected = sum(report.loaded.values()), sum(report.rejected.values())
    row.report, row.good, row.rejected = mapping.report_to_json(report), good, rejected
    row.save(update_fields=["report", "good", "rejected"])
    _copy_quarantine(workspace)
    copy_registers(workspace)
    return {"good": good, "rejected": rejected}


def load_mended(control: Control) -> dict[str, object]:
    """Load the rows that people have mended; return how many were taken in and how many are still faulty."""
    workspace = open_workspace(_workspace())
    edits = dict(FaultyRow.objects.exclude(edits={}).values_list("number", "edits"))
    control.step("核对改过的行", 0.1)
    rows = [_mended(row, edits[row.id]) for row in workspace.list_quarantine() if row.id in edits]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "改好的行.csv"
        write_list(rows, path)
        control.step("读入改好的行", 0.4)
        workspace.reload_quarantine(path)
    left = _copy_quarantine(workspace, edits)
    copy_registers(workspace)
    return {"mended": len(rows) - left, "left": left}


def close_month(control: Control, month: str) -> dict[str, object]:
    """Measure, diagnose, plan and report a month with the programme in force, and publish it; return the month."""
    from posthouse.cli.month_folder import close_in_folder
    from posthouse.vocabulary.periods import parse_period
    from posthouse_web.monitoring.actions import publish_month, publish_parts
    from posthouse_web.monitoring.in_force import hand_out
    from posthouse_web.programmes.actions import read_in_force

    out = Path(settings.POSTHOUSE_OUT)
    path, document, programme = read_in_force()
    workspace = open_workspace(_workspace())
    write_entries(workspace)
    close_in_folder(
        out,
        workspace,
        document,
        parse_period(month),
        plan=path,
        programme=programme,
        progress=control.step,
    )
    hand_out(out, month)
    publish_month(out, month)
    publish_parts(out, month, control.step)
    return {"month": month}


def _workspace() -> Path:
    return Path(settings.POSTHOUSE_OUT) / "workspace"


def _mended(row: QuarantinedRow, edits: dict[str, str]) -> QuarantinedRow:
    return replace(row, cells={**row.cells, **edits})


@transaction.atomic
def _copy_quarantine(workspace: Workspace, tried: "dict[str, dict[str, str]] | None" = None) -> int:
    """Make the rows those of the quarantine, keeping what people have written; return how many tried ones are left."""
    rows = {row.id: mapping.faulty_row(row) for row in workspace.list_quarantine()[:MOST_SHOWN]}
    FaultyRow.objects.exclude(number__in=list(rows)).delete()
    known = set(FaultyRow.objects.values_list("number", flat=True))
    FaultyRow.objects.bulk_create([row for number, row in rows.items() if number not in known], batch_size=1000)
    return len(rows.keys() & (tried or {}).keys())
