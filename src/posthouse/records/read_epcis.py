"""Reading EPCIS 2.0: a document, a bare array of events, or one event or document a line; in blocks, never as a whole.

An event with several parcels gives several scans. The number of a row is the number of the parcel in the file.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posthouse.records import epcis_event
from posthouse.records.epcis_event import EventScan
from posthouse.records.keys import hash_texts
from posthouse.records.mapping import TableMapping
from posthouse.records.raw import RawBatch
from posthouse.vocabulary.errors import UnusableInputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from posthouse.records.epcis_kernel import Found
    from posthouse.records.epcis_words import Dictionaries

    Ints = npt.NDArray[np.int64]

BLOCK_BYTES = 16 << 20
_HEAD_BYTES = 1 << 16
_LONGEST_HEAD_BYTES = 1 << 26
_MARK_BYTES = 64  # no shorter than what begins a list
_LIST = re.compile(rb'"eventList"\s*:\s*\[')
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
        import numpy as np

        from posthouse.records import epcis_kernel as kernel
        from posthouse.records.byte_words import WIDE
        from posthouse.records.epcis_words import new_dictionaries

        words = new_dictionaries(kernel.CODED)
        with self._path.open("rb") as file:
            rest, listed = self._skip_head(file)
            marks, found = np.empty(0, np.int32), kernel.room_for(0)
            while True:
                block = file.read(BLOCK_BYTES)
                data = np.frombuffer(rest + block + bytes(WIDE), np.uint8)
                size = len(data) - WIDE
                if len(marks) < len(data):
                    marks = np.empty(len(data), np.int32)
                count = kernel.find_quotes(data, size, marks)
                escapes = count < 0
                if escapes:
                    count = kernel.find_plain_quotes(data, size, marks)
                if len(found.parcels) <= count // 2:
                    found = kernel.room_for(count + count // 8)
                ending, end = kernel.scan_events(data, size, marks[:count], escapes, words, found)
                if ending == kernel.BROKEN or (not block and ending == kernel.DONE and (listed or end < size)):
                    raise self._not_whole(file.tell() - size + end)
                yield from self._batches(data, found, words, file.tell())
                rest = data[end:size].tobytes()
                if ending == kernel.ENDED:
                    following = self._next_list(file, rest)
                    if following is None:
                        return
                    rest = following
                elif not block:
                    return

    def retractions(self) -> Iterator[RawBatch]:
        """Yield the events declared to be errors; nothing where there are none."""
        import numpy as np
        import pyarrow as pa

        if self._retracted:
            columns = (
                self._numbers([one.event for one in self._retracted]),
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
        head = file.read(_HEAD_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()
        if head[:1] == b"[":
            return head[1:], True
        if _is_event(head.split(b"\n", 1)[0]):
            return head, False
        while not (found := _LIST.search(head)):
            more = file.read(BLOCK_BYTES)
            if len(head) > _LONGEST_HEAD_BYTES:
                raise self._not_whole(0)
            if not more:
                return head, False
            head += more
        return head[found.end() :], True

    def _next_list(self, file: Any, rest: bytes) -> bytes | None:
        """Return what follows the beginning of the next list of events; None where there is none."""
        while not (found := _LIST.search(rest)):
            more = file.read(BLOCK_BYTES)
            if not more:
                return None
            rest = rest[-_MARK_BYTES:] + more
        return rest[found.end() :]

    def _not_whole(self, at: int) -> UnusableInputError:
        return UnusableInputError(
            f"文件 {self._path.name} 在第 {at} 字节处不再是正确的 JSON，或没有写完。请重新导出后重试。"
        )

    def _batches(
        self, data: "npt.NDArray[np.uint8]", found: "Found", words: "Dictionaries", read_bytes: int
    ) -> Iterator[RawBatch]:
        """Yield the scans that the kernel found, then those of events read one by one."""
        import numpy as np

        _, parcels, others = found.counts.tolist()
        odd: list[EventScan] = []
        inserted, sizes = [], []
        for start, end, before in found.odd[:others].tolist():
            scans = [one for one in self._read_event(data[start:end].tobytes()) if one is not None]
            self._retracted += [one for one in scans if one.error_declared_at is not None]
            scans = [one for one in scans if one.error_declared_at is None]
            odd += scans
            inserted.append(found.firsts[before])
            sizes.append(len(scans))
        # The number of a parcel counts those of the other kind before it.
        moved = np.zeros(parcels + 1, np.int64)
        np.add.at(moved, np.array(inserted, np.int64), np.array(sizes, np.int64))
        first = self._seen + 1
        rows = first + np.arange(parcels) + np.cumsum(moved[:parcels])
        before_odd = np.repeat(np.array(inserted, np.int64), sizes) + np.arange(len(odd))
        self._seen += parcels + len(odd)
        if parcels or not odd:
            columns = self._fast_columns(data, found, words)
            yield RawBatch(headings=self._columns, columns=columns, rows=rows, read_bytes=read_bytes)
        if odd:
            columns = self._odd_columns(odd)
            yield RawBatch(headings=self._columns, columns=columns, rows=first + before_odd, read_bytes=read_bytes)

    def _read_event(self, text: bytes) -> Iterator[EventScan]:
        try:
            entry = json.loads(text)
        except ValueError:
            raise UnusableInputError(
                f"文件 {self._path.name} 第 {self._seen + 1} 个快件之后有一个事件不是正确的 JSON。请重新导出后重试。"
            ) from None
        yield from epcis_event.scans_of(entry)

    def _fast_columns(self, data: "npt.NDArray[np.uint8]", found: "Found", words: "Dictionaries") -> tuple[Any, ...]:
        import numpy as np
        import pyarrow as pa

        from posthouse.records import epcis_kernel as kernel
        from posthouse.records.epcis_words import words_of

        events, parcels, _ = found.counts.tolist()
        spans, codes = found.spans[:events], found.codes[:events]
        counts = np.diff(found.firsts[: events + 1])
        single = events == parcels
        event = None if single else np.repeat(np.arange(events, dtype=np.int32), counts)

        def of_event(values: Any) -> Any:
            """Spread what is known per event over its parcels."""
            return values if event is None else values.take(pa.array(event))

        def time(column: int) -> Any:
            return of_event(_times(data, spans[:, column], spans[:, column + 1]))

        def coded(field: int, meaning: Callable[[str], str | None]) -> Any:
            meant = pa.array([meaning(word) for word in words_of(words, field)], pa.string())
            return _recode(codes[:, field], meant)

        site, village = self._places(
            codes[:, kernel.READ_POINT],
            words_of(words, kernel.READ_POINT),
            codes[:, kernel.LOCATION],
            words_of(words, kernel.LOCATION),
        )
        made = {
            "event_id": lambda: of_event(self._hash(data, spans[:, 4], spans[:, 5])),
            "waybill": lambda: _texts(data, found.parcels[:parcels, 0], found.parcels[:parcels, 1]),
            "brand": lambda: of_event(coded(kernel.BRAND, _plain)),
            "step": lambda: of_event(coded(kernel.STEP, self._step)),
            "event_at": lambda: time(0),
            "recorded_at": lambda: time(2),
            "site": lambda: of_event(site),
            "village": lambda: of_event(village),
            "how": lambda: of_event(coded(kernel.HOW, epcis_event.site_of)),
        }
        return tuple(made[name]() for name in self._columns)

    def _odd_columns(self, scans: list[EventScan]) -> tuple[Any, ...]:
        import pyarrow as pa

        read_points, locations = ([getattr(one, name) for one in scans] for name in ("read_point", "location"))
        codes: list[Any] = [pa.array(places, pa.string()).dictionary_encode() for places in (read_points, locations)]
        numbers = [column.indices.fill_null(-1).to_numpy() for column in codes]
        site, village = self._places(
            numbers[0], codes[0].dictionary.to_pylist(), numbers[1], codes[1].dictionary.to_pylist()
        )
        texts = {
            "waybill": [one.waybill for one in scans],
            "brand": [one.brand for one in scans],
            "step": [one.step and self._step(one.step) for one in scans],
            "event_at": [one.event_at for one in scans],
            "recorded_at": [one.recorded_at for one in scans],
            "how": [one.how and epcis_event.site_of(one.how) for one in scans],
        }
        columns = {name: pa.array(values, pa.string()) for name, values in texts.items()}
        columns |= {"event_id": self._numbers([one.event for one in scans]), "site": site, "village": village}
        return tuple(columns[name] for name in self._columns)

    def _step(self, uri: str) -> str:
        return uri if uri in self._mapping.values.get("step", {}) else epcis_event.step_of(uri)

    def _places(
        self, points: Any, point_words: list[str], locations: Any, location_words: list[str]
    ) -> tuple[Any, Any]:
        """Return site and village of each event, from the codes of its read point and business location."""
        import numpy as np
        import pyarrow as pa

        sites = self._mapping.values.get("site", {})
        villages = self._mapping.values.get("village", {})

        def site(uri: str) -> str:
            return uri if uri in sites else epcis_event.site_of(uri)

        def village(uri: str) -> str | None:
            named = next((name for name in (uri, epcis_event.site_of(uri)) if name in villages), None)
            return named or (epcis_event.site_of(uri) if epcis_event.is_village(uri) else None)

        in_village = [village(uri) for uri in location_words]
        names: list[str | None] = [site(uri) for uri in point_words]
        names += [None if inside else site(uri) for uri, inside in zip(location_words, in_village, strict=True)]
        instead = np.where(locations >= 0, locations + len(point_words), -1)
        at = np.where(points >= 0, points, instead)
        return _recode(at, pa.array(names, pa.string())), _recode(locations, pa.array(in_village, pa.string()))

    def _numbers(self, events: list[str]) -> Any:
        import pyarrow as pa

        return pa.array(hash_texts(events, self._key))

    def _hash(self, data: "npt.NDArray[np.uint8]", starts: "Ints", sizes: "Ints") -> Any:
        """Return the numbers of events: as `_numbers`, most of them by the kernel."""
        import numpy as np
        import pyarrow as pa

        from posthouse.records.hash_kernel import hash_column

        begins, ends = starts.astype(np.int32), (starts + sizes).astype(np.int32)
        numbers, left = hash_column(begins, ends, data, self._key)
        at = np.flatnonzero(left)
        if len(at):
            numbers[at] = hash_texts(_texts(data, starts[at], sizes[at]).to_pylist(), self._key)
        return pa.array(numbers)


def _times(data: "npt.NDArray[np.uint8]", starts: "Ints", sizes: "Ints") -> Any:
    """Return the instants written at some places of a block; the texts where one of them is not written plainly."""
    import numpy as np
    import pyarrow as pa

    from posthouse.records.text_kernel import read_times

    times, other = np.empty(len(starts), np.int64), np.empty(len(starts), np.bool_)
    if read_times(starts.astype(np.int32), (starts + sizes).astype(np.int32), data, times, other):
        return _texts(data, starts, sizes)
    return pa.array(times).cast(pa.timestamp("us", tz="UTC"))


def _plain(word: str) -> str:
    return word


def _recode(codes: Any, meant: Any) -> Any:
    """Return a coded column whose codes, -1 for none, stand for texts of which several may be equal or null."""
    import numpy as np
    import pyarrow as pa

    distinct = meant.dictionary_encode()
    of_code = np.append(distinct.indices.fill_null(-1).to_numpy(), -1).astype(np.int32)
    numbers = of_code[codes]
    return pa.DictionaryArray.from_arrays(pa.array(numbers, mask=numbers < 0), distinct.dictionary)


def _texts(data: "npt.NDArray[np.uint8]", starts: "Ints", sizes: "Ints") -> Any:
    """Return the texts at some places of a block as an Arrow array."""
    import numpy as np
    import pyarrow as pa

    from posthouse.records.epcis_kernel import pack_texts

    offsets = np.zeros(len(starts) + 1, np.int32)
    np.cumsum(sizes, out=offsets[1:])
    letters = np.empty(max(int(offsets[-1]), 1), np.uint8)
    pack_texts(data, starts, sizes, offsets, letters)
    return pa.StringArray.from_buffers(len(starts), pa.py_buffer(offsets.data), pa.py_buffer(letters.data))


def _is_event(line: bytes) -> bool:
    try:
        entry = json.loads(line)
    except ValueError:
        return False
    return isinstance(entry, dict) and "epcisBody" not in entry
