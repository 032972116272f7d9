"""The manifest of a workspace: which Parquet file holds which part of which table right now.

One small JSON file, replaced by rename. Files are named by their content and never changed, so a reader that has read
the manifest sees one consistent state, and a writer that dies before the rename has changed nothing.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from posthouse.vocabulary.errors import UnusableInputError

MANIFEST = "manifest.json"
FORM = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is published.

    records : table to (part to file); a part is a day `2021-06-05`, `undated`, or `all` for tables stored whole.
    superseded : the same for scans that a correction has replaced; kept for the audit.
    quarantine : table to (name of the loaded file to file). mended : table to the file of rows that left quarantine.
    journeys : part to file, and `folded` the scans files they were folded from.
    """

    records: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    superseded: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    quarantine: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    mended: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    journeys: Mapping[str, str] = field(default_factory=dict)
    folded: Mapping[str, str] = field(default_factory=dict)

    def files(self) -> frozenset[str]:
        """Return every file that the manifest names, relative to the workspace."""
        grouped = (self.records, self.superseded, self.quarantine, self.mended)
        named = {file for group in grouped for parts in group.values() for file in parts.values()}
        return frozenset(named | set(self.journeys.values()) | set(self.folded.values()))

    def with_parts(self, kind: str, table: str, parts: Mapping[str, str]) -> "Manifest":
        """Return the manifest with one table's parts replaced; `kind` is records, superseded, quarantine or mended."""
        group = dict(getattr(self, kind))
        group[table] = dict(sorted(parts.items()))
        return replace(self, **{kind: dict(sorted(group.items()))})


def read_manifest(folder: Path, name: str = MANIFEST) -> Manifest:
    """Return the published state of a workspace, or the one in another manifest file.

    Raises
    ------
    UnusableInputError : the folder is not a workspace, or one of a later form.
    """
    try:
        entries = json.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnusableInputError(
            f"{folder} 不是工作区（没有 {MANIFEST}）。请先用 posthouse load 来源 --into {folder} 建立。"
        ) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as fault:
        raise UnusableInputError(f"工作区的 {folder / MANIFEST} 读不出（{fault}）。请从备份恢复这个文件。") from None
    if not isinstance(entries, dict) or entries.pop("form", None) != FORM or entries.keys() - set(Manifest.__slots__):
        raise UnusableInputError(f"工作区 {folder} 是由另一个版本建立的，应为第 {FORM} 版。请用建立它的版本打开。")
    return Manifest(**entries)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Publish a state: after this returns it survives a power cut; before, the former state stands."""
    entries = {
        "form": FORM,
        "records": manifest.records,
        "superseded": manifest.superseded,
        "quarantine": manifest.quarantine,
        "mended": manifest.mended,
        "journeys": manifest.journeys,
        "folded": manifest.folded,
    }
    write_atomically(folder / MANIFEST, (json.dumps(entries, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))


def write_atomically(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file so that readers see the former content or the new one, never a part."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
