"""The columns of scans, from what the kernel found in EPCIS events and from events that were read one by one."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from posthouse.records import epcis_cuts as cuts
from posthouse.records import epcis_event
from posthouse.records.epcis_event import EventScan
from posthouse.records.epcis_values import EVENTS, PARCELS, UNREAD, Found
from posthouse.records.epcis_words import Dictionaries, words_of
from posthouse.records.hash_kernel import hash_column
from posthouse.records.keys import hash_texts
from posthouse.records.mapping import TableMapping
from posthouse.records.text_kernel import read_times

if TYPE_CHECKING:
    import numpy.typing as npt

    Codes = npt.NDArray[np.int32]

Meaning = Callable[[str], str | None]


class ScanColumns:
    """Makes columns of these names, for one file; what a word means is worked out once."""

    def __init__(self, names: Sequence[str], mapping: TableMapping, key: bytes, words: Dictionaries) -> None:
        self._names = names
        self._mapping = mapping
        self._key = key
        sites, villages = _Texts(), _Texts()
        self._point_sites = _Numbers(words, cuts.READ_POINT, self._site, sites)
        self._location_sites = _Numbers(words, cuts.LOCATION, self._site_outside, sites)
        self._villages = _Numbers(words, cuts.LOCATION, self._village, villages)
        self._coded = {
            "brand": _Numbers(words, cuts.BRAND, _as_it_is, _Texts()),
            "step": _Numbers(words, cuts.STEP, self._step, _Texts()),
            "how": _Numbers(words, cuts.HOW, epcis_event.site_of, _Texts()),
        }

    def of_found(self, found: Found) -> tuple[Any, ...]:
        """Return the columns of what the kernel found: one row a parcel."""
        events, parcels = int(found.counts[EVENTS]), int(found.counts[PARCELS])
        codes = found.codes[:, :events]
        event = None
        if events != parcels:
            event = np.repeat(np.arange(events, dtype=np.int32), np.diff(found.firsts[: events + 1]))

        def of_event(values: Any) -> Any:
            """Spread what is known per event over its parcels."""
            return values if event is None else values.take(pa.array(event))

        def coded(numbers: "Codes", texts: _Texts) -> Any:
            numbers = numbers if event is None else numbers[event]
            mask = numbers < 0
            indices: Any = pa.array(numbers, mask=mask if mask.any() else None)
            return pa.DictionaryArray.from_arrays(indices, texts.array())

        def words(name: str, member: int) -> Any:
            return coded(self._coded[name].of(codes[member]), self._coded[name].texts)

        def site() -> Any:
            at = self._point_sites.of(codes[cuts.READ_POINT])
            if (codes[cuts.READ_POINT] < 0).any():
                instead = self._location_sites.of(codes[cuts.LOCATION])
                at = np.where(codes[cuts.READ_POINT] < 0, instead, at)
            return coded(at, self._point_sites.texts)

        made: dict[str, Callable[[], Any]] = {
            "event_id": lambda: of_event(self._hash(found, events)),
            "waybill": lambda: _waybills(found, parcels),
            "brand": lambda: words("brand", cuts.BRAND),
            "step": lambda: words("step", cuts.STEP),
            "event_at": lambda: of_event(_times(found, events, 0)),
            "recorded_at": lambda: of_event(_times(found, events, 1)),
            "site": site,
            "village": lambda: coded(self._villages.of(codes[cuts.LOCATION]), self._villages.texts),
            "how": lambda: words("how", cuts.HOW),
        }
        return tuple(made[name]() for name in self._names)

    def of_scans(self, scans: list[EventScan]) -> tuple[Any, ...]:
        """Return the columns of scans that were read one by one."""
        texts = {
            "waybill": [one.waybill for one in scans],
            "brand": [one.brand for one in scans],
            "step": [one.step and self._step(one.step) for one in scans],
            "event_at": [one.event_at for one in scans],
            "recorded_at": [one.recorded_at for one in scans],
            "site": [self._site_of(one) for one in scans],
            "village": [one.location and self._village(one.location) for one in scans],
            "how": [one.how and epcis_event.site_of(one.how) for one in scans],
        }
        columns: dict[str, Any] = {name: pa.array(values, pa.string()) for name, values in texts.items()}
        columns["event_id"] = self.numbers(scans)
        return tuple(columns[name] for name in self._names)

    def numbers(self, scans: list[EventScan]) -> Any:
        """Return the numbers of the events of scans."""
        return pa.array(hash_texts([one.event for one in scans], self._key))

    def _step(self, uri: str) -> str:
        return uri if uri in self._mapping.values.get("step", {}) else epcis_event.step_of(uri)

    def _site(self, uri: str) -> str:
        return uri if uri in self._mapping.values.get("site", {}) else epcis_event.site_of(uri)

    def _village(self, uri: str) -> str | None:
        villages = self._mapping.values.get("village", {})
        named = next((name for name in (uri, epcis_event.site_of(uri)) if name in villages), None)
        return named or (epcis_event.site_of(uri) if epcis_event.is_village(uri) else None)

    def _site_outside(self, uri: str) -> str | None:
        """Return the site that a business location is, unless it is a village."""
        return None if self._village(uri) else self._site(uri)

    def _site_of(self, scan: EventScan) -> str | None:
        if scan.read_point is not None:
            return self._site(scan.read_point)
        return None if scan.location is None else self._site_outside(scan.location)

    def _hash(self, found: Found, events: int) -> Any:
        """Return the numbers of events: as `numbers`, most of them by the kernel."""
        begins, ends = found.spans[4, :events], found.spans[5, :events]
        numbers, left = hash_column(begins, ends, found.letters, self._key)
        at = np.flatnonzero(left)
        if len(at):
            numbers[at] = hash_texts(_texts(found, begins[at], ends[at]), self._key)
        return pa.array(numbers)


class _Texts:
    """Distinct texts, numbered as they are met."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._array = pa.array([], pa.string())

    def number(self, text: str | None) -> int:
        return -1 if text is None else self._numbers.setdefault(text, len(self._numbers))

    def array(self) -> Any:
        if len(self._array) != len(self._numbers):
            self._array = pa.array(list(self._numbers), pa.string())
        return self._array


class _Numbers:
    """The numbers, among `texts`, of what the words of one member mean."""

    def __init__(self, words: Dictionaries, member: int, meaning: Meaning, texts: _Texts) -> None:
        self._words = words
        self._member = member
        self._meaning = meaning
        self.texts = texts
        self._of_code: npt.NDArray[np.int32] = np.array([-1], np.int32)

    def of(self, codes: "Codes") -> "Codes":
        """Return the numbers for codes of words; -1 for none, and where a word means nothing."""
        known = len(self._of_code) - 1
        if known < self._words.counts[self._member]:
            new = [self.texts.number(self._meaning(word)) for word in words_of(self._words, self._member, known)]
            self._of_code = np.concatenate([self._of_code[:-1], np.array([*new, -1], np.int32)])
        return self._of_code[codes]


def _as_it_is(word: str) -> str:
    return word


def _times(found: Found, events: int, column: int) -> Any:
    """Return the instants of events; their texts where one of them is not written plainly."""
    times = found.times[column, :events].copy()
    if (times == UNREAD).any():
        begins, ends = found.spans[2 * column, :events], found.spans[2 * column + 1, :events]
        if read_times(begins, ends, found.letters, times, np.empty(events, np.bool_)):
            return pa.array(_texts(found, begins, ends), pa.string())
    return pa.array(times).cast(pa.timestamp("us", tz="UTC"))


def _texts(found: Found, begins: "Codes", ends: "Codes") -> list[str]:
    return [found.letters[b:e].tobytes().decode() for b, e in zip(begins.tolist(), ends.tolist(), strict=True)]


def _waybills(found: Found, parcels: int) -> Any:
    offsets: Any = found.offsets[: parcels + 1].copy()
    letters: Any = found.waybills[: max(int(offsets[-1]), 1)].copy()
    return pa.StringArray.from_buffers(parcels, pa.py_buffer(offsets), pa.py_buffer(letters))
