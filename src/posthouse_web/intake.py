"""Which files are let in: by size, ending and content. What looks like something else is refused before it is kept."""

import hashlib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

MOST_UNPACKED_BYTES = 4 * 2**30
"""An office file is a packed folder; one that unpacks to more is made to fill the disk."""
_LOOKED_AT = 64 * 2**10


class RefusedError(Exception):
    """The file is not taken; the message says why and what to do."""


Form = Callable[[UploadedFile, bytes], bool]
"""Whether a file, of which the beginning is given, is what its ending says."""


def check_upload(file: UploadedFile, forms: Mapping[str, Form], most_bytes: int) -> str:
    """Return the name under which the file is kept.

    Parameters
    ----------
    forms : endings that are taken, each with what the content must look like.

    Raises
    ------
    RefusedError : too large, empty, of another kind than can be read, or not what its name says.
    """
    name = Path(str(file.name).replace("\\", "/")).name
    name = "".join(letter for letter in name if letter.isprintable() and letter not in '<>:"|?*')[-150:]
    suffix = Path(name).suffix.lower()
    if suffix not in forms:
        raise RefusedError(f"“{name}”不是这里能读的文件。请用 {'、'.join(forms)} 之一。")
    if not file.size:
        raise RefusedError(f"“{name}”是空文件。请重新导出后再上传。")
    if file.size > most_bytes:
        raise RefusedError(f"“{name}”超过 {most_bytes // 2**20} MB。请分成几个较小的文件。")
    file.seek(0)
    beginning = file.read(_LOOKED_AT)
    file.seek(0)
    if not forms[suffix](file, beginning):
        raise RefusedError(f"“{name}”的内容与扩展名 {suffix} 不符，可能改过名或已损坏。请用原来的软件另存后再上传。")
    return name


def keep_file(file: UploadedFile, path: Path) -> str:
    """Write the file to a path whose folder is made here, and return its SHA-256."""
    digest = hashlib.sha256()
    path.parent.mkdir(parents=True)
    with path.open("wb") as kept:
        for chunk in file.chunks():
            digest.update(chunk)
            kept.write(chunk)
    return digest.hexdigest()


def _is_text(file: UploadedFile, beginning: bytes) -> bool:
    return b"\0" not in beginning or beginning[:2] in (b"\xff\xfe", b"\xfe\xff")


def _is_json(file: UploadedFile, beginning: bytes) -> bool:
    return beginning.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def _is_parquet(file: UploadedFile, beginning: bytes) -> bool:
    return beginning[:4] == b"PAR1"


def _is_pdf(file: UploadedFile, beginning: bytes) -> bool:
    return b"%PDF-" in beginning[:1024]


def _is_old_excel(file: UploadedFile, beginning: bytes) -> bool:
    return beginning[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _is_packed(file: UploadedFile, beginning: bytes) -> bool:
    try:
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        return False
    finally:
        file.seek(0)
    names = {entry.filename for entry in entries}
    known = bool(names & {"[Content_Types].xml", "content.xml"})
    return known and sum(entry.file_size for entry in entries) <= MOST_UNPACKED_BYTES


RECORDS: Mapping[str, Form] = {
    ".csv": _is_text,
    ".tsv": _is_text,
    ".xlsx": _is_packed,
    ".xls": _is_old_excel,
    ".ods": _is_packed,
    ".parquet": _is_parquet,
    ".jsonl": _is_json,
    ".json": _is_json,
}
"""Files of registers and events."""
DOCUMENTS: Mapping[str, Form] = {
    ".docx": _is_packed,
    ".pdf": _is_pdf,
    ".html": _is_text,
    ".htm": _is_text,
    ".txt": _is_text,
    ".md": _is_text,
}
"""Files of plan documents."""
