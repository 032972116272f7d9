"""What can be done with plan documents: hand one in, correct a goal, confirm; and what is in force."""

import secrets
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from posthouse.documents.model import Document
from posthouse.documents.read import read_document
from posthouse.measures.catalogue import all_definitions
from posthouse.programme.bind import bind_goals
from posthouse.programme.exchange import programme_from_toml, programme_to_toml
from posthouse.programme.extract import extract_programme
from posthouse.programme.merge import Merged, merge_corrections
from posthouse.programme.model import Programme
from posthouse.programme.review import mark_text
from posthouse.stores.workspace import open_workspace
from posthouse.vocabulary.errors import UnusableInputError
from posthouse_web.accounts.models import User
from posthouse_web.accounts.roles import Permission
from posthouse_web.accounts.scope import scope_of
from posthouse_web.intake import DOCUMENTS, check_upload, keep_file
from posthouse_web.programmes import mapping
from posthouse_web.programmes.models import State, Version, VersionGoal

MOST_BYTES = 30 * 2**20


def receive_document(by: User, file: UploadedFile) -> Version:
    """Keep a plan document and what is read from it, with the corrections of the version in force carried over.

    Raises
    ------
    UnusableInputError : it cannot be read, or holds no goal.
    """
    scope_of(by).require(Permission.EDIT_PROGRAMME)
    name = check_upload(file, DOCUMENTS, MOST_BYTES)
    folder = _folder(secrets.token_hex(16))
    try:
        keep_file(file, folder / name)
        document = read_document(folder / name)
        merged = _read(document)
        return _write(by, name, folder.name, document, merged)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@transaction.atomic
def correct_goal(by: User, goal: VersionGoal, changes: dict[str, Any]) -> None:
    """Change a goal of a draft; a version that is confirmed stays as it was."""
    scope_of(by).require(Permission.EDIT_PROGRAMME)
    for name, value in changes.items():
        setattr(goal, name, value)
    goal.is_corrected = True
    goal.save()


@transaction.atomic
def confirm_version(by: User, version: Version) -> None:
    """Put a version in force: the next run measures its goals as they stand here."""
    scope_of(by).require(Permission.EDIT_PROGRAMME)
    Version.objects.filter(state=State.IN_FORCE).exclude(pk=version.pk).update(state=State.FORMER)
    programme = mapping.corrected(programme_from_toml(version.text), version.goals.all())
    version.text = programme_to_toml(programme, read=programme_from_toml(version.read))
    version.state, version.confirmed_by, version.confirmed_at = State.IN_FORCE, by, timezone.now()
    version.save()
    try:
        workspace = open_workspace(Path(settings.POSTHOUSE_OUT) / "workspace")
    except UnusableInputError:
        return  # nothing was loaded yet; the run that closes a month writes it too
    workspace.write_programme(version.text)


def read_in_force() -> tuple[Path, Document, Programme]:
    """Return the file, the document and the confirmed programme of the version in force.

    Raises
    ------
    UnusableInputError : none is in force.
    """
    version = Version.objects.filter(state=State.IN_FORCE).first()
    if version is None:
        raise UnusableInputError("还没有确认过的方案，不知道要测量哪些目标。请先在“方案”里放入方案公文并确认，再测量。")
    path = file_of(version)
    return path, read_document(path), programme_from_toml(version.text)


def file_of(version: Version) -> Path:
    """Return where the document lies."""
    return _folder(version.folder) / version.name


def _folder(name: str) -> Path:
    return Path(settings.POSTHOUSE_OUT) / "programmes" / name


def _read(document: Document) -> Merged:
    read = bind_goals(extract_programme(document), all_definitions())
    if not read.goals:
        raise UnusableInputError("这份文件里没有读出任何量化目标，不像一份方案。请换成方案的正文，或转成 Word 后再试。")
    standing = Version.objects.filter(state=State.IN_FORCE).first()
    return merge_corrections(standing.text, read) if standing else Merged(programme=read, read=read, changes=())


@transaction.atomic
def _write(by: User, name: str, folder: str, document: Document, merged: Merged) -> Version:
    facts = merged.read.document
    version = Version.objects.create(
        title=(facts.title or name)[:200],
        number=facts.number[:80],
        issued_on=facts.issued_on,
        name=name,
        folder=folder,
        marked=mark_text(merged.read, document),
        read=programme_to_toml(merged.read),
        text=programme_to_toml(merged.programme, read=merged.read),
        facts=mapping.facts_of(merged.programme, merged.changes),
        uploaded_by=by,
    )
    rows = mapping.goal_rows(merged.programme)
    for row in rows:
        row.version = version
    VersionGoal.objects.bulk_create(rows)
    return version
