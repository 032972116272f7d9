"""Between rows and the library's values: previews, mappings, load reports, rows in quarantine."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from posthouse.records.mapping import SourceMapping, TableMapping, read_mapping
from posthouse.records.preview import FilePreview
from posthouse.records.propose import mapping_to_toml
from posthouse.records.schema import get_table
from posthouse.stores.load_report import LoadReport
from posthouse.stores.mending import QuarantinedRow, explain_faults
from posthouse_web.data.models import FaultyRow


def preview_to_json(preview: FilePreview) -> dict[str, Any]:
    """Return what the page shows of a file or sheet: its table, each heading with its column, what is missing."""
    return {
        "file": preview.file,
        "form": preview.form,
        "table": preview.table or "",
        "rows": preview.rows,
        "columns": [
            {"heading": guess.heading, "column": guess.column or "", "by": guess.by}
            for guess in preview.proposal.columns
        ],
        "missing": [column.name for column in preview.proposal.missing],
        "problem": preview.problem,
        "findings": [{"severity": f.severity.value, "message": f.message} for f in preview.findings],
    }


def report_to_json(report: LoadReport) -> dict[str, Any]:
    """Return what the page shows of a load: each table's counts, and what a person should know."""
    return {
        "tables": [
            {
                "title": get_table(name).zh,
                "good": report.loaded.get(name, 0),
                "rejected": report.rejected.get(name, 0),
                "present": report.present.get(name, 0),
                "new": report.by_table[name].new,
                "changed": report.by_table[name].updated + report.by_table[name].corrected,
                "stored": stored,
            }
            for name, stored in report.stored.items()
        ],
        "findings": [{"severity": f.severity.value, "message": f.message} for f in report.findings],
    }


def mapping_from_text(text: str) -> SourceMapping:
    """Return the mapping that a TOML text holds; nothing at all for an empty one."""
    if not text:
        return SourceMapping()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mapping.toml"
        path.write_text(text, encoding="utf-8")
        return read_mapping(path)


def change_mapping(text: str, name: str, table: str, columns: Mapping[str, str], constants: Mapping[str, str]) -> str:
    """Return the mapping with a person's choices for the file of this name.

    Parameters
    ----------
    columns : heading to column, "" where it is not to be read. constants : column to the value of every row.
    """
    kept = mapping_from_text(text).of(table)
    chosen = {**kept.columns, **columns}
    changed = TableMapping(
        files=(name,),
        columns={heading: column for heading, column in chosen.items() if column},
        constants={**kept.constants, **{column: value for column, value in constants.items() if value}},
        values=kept.values,
        skip=kept.skip,
        same=kept.same,
        made_from=kept.made_from,
    )
    return mapping_to_toml({table: changed})


def faulty_row(row: QuarantinedRow) -> FaultyRow:
    """Return a row of the quarantine as the console keeps it."""
    wrong, remedy = explain_faults(row)
    return FaultyRow(
        number=row.id,
        table=row.table,
        file=row.file[:200],
        row=row.row,
        wrong=wrong,
        remedy=remedy,
        cells=dict(row.cells),
        at_fault=sorted({column for _, column, _ in row.faults if column}),
    )
