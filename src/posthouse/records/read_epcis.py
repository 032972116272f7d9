"""Reading EPCIS 2.0: a document, a bare array of events, or one event or document a line; in blocks, never as a whole.

An event with several parcels gives several scans. The number of a row is the number of the parcel in the file.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posthouse.records import epcis_event
from posthouse.records.epcis_event import EventScan
from posthouse.records.keys import hash_texts
from posthouse.records.mapping import TableMapping
from posthouse.records.raw import RawBatch
from posthouse.vocabulary.errors import UnusableInputError

if TYPE_CHECKING:
    from posthouse.records.epcis_columns import ScanColumns
    from posthouse.records.epcis_scanner import Scanner

BLOCK_BYTES = 16 << 20
_HEAD_BYTES = 1 << 16
_LONGEST_HEAD_BYTES = 1 << 26
_COLUMNS = ("event_id", "waybill", "brand", "step", "event_at", "recorded_at", "site", "village", "how")


def is_epcis(path: Path) -> bool:
    """Whether a file begins like EPCIS events in JSON."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return head[:1] in (b"{", b"[") and any(
        mark in head for mark in (b'"epcisBody"', b'"EPCISDocument"', b'"eventTime"')
    )


class EpcisFile:
    """One file. Read `scans` to the end before `retractions`: they are met on the way."""

    def __init__(self, path: Path, mapping: TableMapping, key: bytes) -> None:
        self._path = path
        self._mapping = mapping
        self._key = key
        self._columns = tuple(name for name in _COLUMNS if name not in mapping.constants)
        self._retracted: list[EventScan] = []
        self._seen = 0

    def scans(self) -> Iterator[RawBatch]:
        """Yield the scans.

        Raises
        ------
        UnusableInputError : not JSON, or cut off.
        """
        from posthouse.records import epcis_kernel as kernel
        from posthouse.records.epcis_columns import ScanColumns
        from posthouse.records.epcis_scanner import Scanner
        from posthouse.records.epcis_window import Window

        scanner = Scanner(BLOCK_BYTES)
        columns = ScanColumns(self._columns, self._mapping, self._key, scanner.words)
        with self._path.open("rb") as file:
            head, listed = self._skip_head(file)
            window = Window(file, head)
            unread = BLOCK_BYTES
            while True:
                ending = scanner.scan(window)
                if ending == kernel.DONE and unread and (read := window.read(unread)):
                    unread -= read
                    continue
                is_over = ending == kernel.DONE and unread > 0
                if ending == kernel.BROKEN or (is_over and (listed or window.start < window.size)):
                    raise self._not_whole(window.position())
                yield from self._batches(scanner, columns, file.tell())
                if is_over or (ending == kernel.ENDED and not window.skip_to_list()):
                    return
                scanner.clear()
                unread = BLOCK_BYTES

    def retractions(self) -> Iterator[RawBatch]:
        """Yield the events declared to be errors; nothing where there are none."""
        import numpy as np
        import pyarrow as pa

        if self._retracted:
            columns = (
                pa.array(hash_texts([one.event for one in self._retracted], self._key)),
                pa.array([one.waybill for one in self._retracted], pa.string()),
                pa.array([one.error_declared_at for one in self._retracted], pa.string()),
            )
            rows = np.arange(1, len(self._retracted) + 1)
            yield RawBatch(headings=("event_id", "waybill", "declared_at"), columns=columns, rows=rows)

    @property
    def has_retractions(self) -> bool:
        """Whether reading the scans has met events declared to be errors."""
        return bool(self._retracted)

    def _skip_head(self, file: Any) -> tuple[bytes, bool]:
        """Return what has been read from the first event on, and whether the events stand in a list."""
        from posthouse.records.epcis_window import LIST

        head = file.read(_HEAD_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()
        if head[:1] == b"[":
            return head[1:], True
        if _is_event(head.split(b"\n", 1)[0]):
            return head, False
        while not (found := LIST.search(head)):
            more = file.read(BLOCK_BYTES)
            if len(head) > _LONGEST_HEAD_BYTES:
                raise self._not_whole(0)
            if not more:
                return head, False
            head += more
        return head[found.end() :], True

    def _not_whole(self, at: int) -> UnusableInputError:
        return UnusableInputError(
            f"文件 {self._path.name} 在第 {at} 字节处不再是正确的 JSON，或没有写完。请重新导出后重试。"
        )

    def _batches(self, scanner: "Scanner", columns: "ScanColumns", read_bytes: int) -> Iterator[RawBatch]:
        """Yield the scans that the kernel found, then those of events read one by one."""
        import numpy as np

        from posthouse.records.epcis_values import PARCELS

        parcels = int(scanner.found.counts[PARCELS])
        odd: list[EventScan] = []
        inserted, sizes = [], []
        for text, before in scanner.odd:
            scans = list(self._read_event(text))
            self._retracted += [one for one in scans if one.error_declared_at is not None]
            scans = [one for one in scans if one.error_declared_at is None]
            odd += scans
            inserted.append(scanner.found.firsts[before])
            sizes.append(len(scans))
        # The number of a parcel counts those of the other kind before it.
        moved = np.zeros(parcels + 1, np.int64)
        np.add.at(moved, np.array(inserted, np.int64), np.array(sizes, np.int64))
        first = self._seen + 1
        rows = first + np.arange(parcels) + np.cumsum(moved[:parcels])
        before_odd = np.repeat(np.array(inserted, np.int64), sizes) + np.arange(len(odd))
        self._seen += parcels + len(odd)
        if parcels or not odd:
            found = columns.of_found(scanner.found)
            yield RawBatch(headings=self._columns, columns=found, rows=rows, read_bytes=read_bytes)
        if odd:
            one_by_one = columns.of_scans(odd)
            yield RawBatch(headings=self._columns, columns=one_by_one, rows=first + before_odd, read_bytes=read_bytes)

    def _read_event(self, text: bytes) -> Iterator[EventScan]:
        try:
            entry = json.loads(text)
        except ValueError:
            raise UnusableInputError(
                f"文件 {self._path.name} 第 {self._seen + 1} 个快件之后有一个事件不是正确的 JSON。请重新导出后重试。"
            ) from None
        yield from epcis_event.scans_of(entry)


def _is_event(line: bytes) -> bool:
    try:
        entry = json.loads(line)
    except ValueError:
        return False
    return isinstance(entry, dict) and "epcisBody" not in entry
