"""What can be done in this room: hand a file in, say how it is read, load it, mend rows, close the month."""

import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from posthouse.records.preview import preview_source, proposed_mapping
from posthouse.records.propose import mapping_to_toml
from posthouse.vocabulary.errors import UnusableInputError
from posthouse_web.accounts.models import User
from posthouse_web.accounts.roles import Permission
from posthouse_web.accounts.scope import Scope, scope_of
from posthouse_web.data import mapping
from posthouse_web.data.models import FaultyRow, Upload
from posthouse_web.intake import RECORDS, check_upload, keep_file
from posthouse_web.runs.actions import start_run
from posthouse_web.runs.models import Run

MOST_BYTES = 500 * 2**20
NO_HEADINGS = "没有认出标题行。请让第一行是标题，其中至少一个与本系统的列同名（如“名称”“运单号”），再重新上传。"
MOST_EDITED = 200
"""Characters of one mended cell."""


def require_whole_city(scope: Scope) -> None:
    """Raise PermissionDenied unless the person may load data for all of the city: files hold rows of everybody."""
    scope.require(Permission.LOAD_DATA)
    if scope.area or scope.brands is not None:
        raise PermissionDenied(Permission.LOAD_DATA)


def source_of(upload: Upload) -> Path:
    """Return where the file lies."""
    return Path(settings.POSTHOUSE_OUT) / "uploads" / upload.folder / upload.name


def receive_file(by: User, file: UploadedFile) -> Upload:
    """Keep a file aside and look at how it would be read; nothing is loaded yet.

    Raises
    ------
    RefusedError : the file is none that can be loaded.
    """
    require_whole_city(scope_of(by))
    name = check_upload(file, RECORDS, MOST_BYTES)
    upload = Upload(name=name, folder=secrets.token_hex(16), size=file.size or 0, uploaded_by=by)
    path = source_of(upload)
    try:
        upload.digest = keep_file(file, path)
        _look(upload)
        upload.save()
    except BaseException:
        shutil.rmtree(path.parent, ignore_errors=True)
        raise
    return upload


@transaction.atomic
def choose_columns(
    by: User, upload: Upload, table: str, columns: Mapping[str, str], constants: Mapping[str, str]
) -> None:
    """Change how the file is read, and look at it again."""
    require_whole_city(scope_of(by))
    upload.mapping = mapping.change_mapping(upload.mapping, upload.name, table, columns, constants)
    _look(upload)
    upload.save()


@transaction.atomic
def load_upload(by: User, upload: Upload) -> Run:
    """Ask for the file to be loaded."""
    require_whole_city(scope_of(by))
    upload.run = start_run(by, "load", {"upload": upload.pk})
    upload.save()
    return upload.run


@transaction.atomic
def mend_rows(by: User, rows: Mapping[FaultyRow, Mapping[str, str]]) -> int:
    """Keep what a person has written into cells; return how many rows have changed."""
    require_whole_city(scope_of(by))
    changed = 0
    for row, cells in rows.items():
        edits = {c: v[:MOST_EDITED] for c, v in cells.items() if c in row.cells and v != (row.cells[c] or "")}
        if edits != row.edits:
            row.edits, row.edited_by = edits, by
            row.save()
            changed += 1
    return changed


@transaction.atomic
def reload_mended(by: User) -> Run:
    """Ask for the mended rows to be loaded."""
    require_whole_city(scope_of(by))
    return start_run(by, "mend", {})


def close_month(by: User, month: str) -> Run:
    """Ask for a month to be measured and closed with the programme in force."""
    require_whole_city(scope_of(by))
    return start_run(by, "close", {"month": month})


def _look(upload: Upload) -> None:
    try:
        previews = preview_source(source_of(upload), mapping.mapping_from_text(upload.mapping))
    except UnusableInputError as fault:
        upload.preview = [{"file": upload.name, "table": "", "columns": [], "problem": str(fault)}]
        return
    upload.preview = [mapping.preview_to_json(preview) for preview in previews] or [
        {"file": upload.name, "table": "", "columns": [], "problem": NO_HEADINGS}
    ]
    upload.mapping = mapping_to_toml(proposed_mapping(previews))
