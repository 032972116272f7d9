"""The stored scans of all days, range by range of waybills, as the fold takes them.

Pages of scans are unpacked where the fold walks them: on a shelf, which has a place for each page that is at hand, of
every day the one that its range is at. A page that has been walked leaves its place to the next.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from posthouse.records.fold_scans import Scans
from posthouse.records.fold_texts import CODED, Texts
from posthouse.stores.scan_pages import PAGE_ROWS, ScanPage, read_scans


def sorted_scans(files: Sequence[Path], ranges: int) -> Iterator[Scans]:
    """Yield what the fold needs of the scans of all days, one equal range of waybills after the other.

    Each file is read once, page by page, as far as the range needs it. What is yielded holds until the next range.
    """
    texts = Texts()
    known: dict[tuple[int, bytes], int] = {}
    shelf = _Shelf(2 * len(files))
    days = [_Day(read_scans(path, texts, known), shelf) for path in files]
    for turn in range(1, ranges + 1):
        last = -(2**63) + 2**64 * turn // ranges - 1
        runs = [run for day in days for run in day.up_to(last)]
        begins, ends = (np.array([run[side] for run in runs], np.int64) for side in (0, 1))
        yield Scans(
            waybills=shelf.waybills,
            seconds=shelf.seconds,
            codes=shelf.codes,
            begins=begins,
            ends=ends,
            dictionaries=np.array([run.dictionaries for run in runs], np.int64).reshape(-1, len(CODED)).T,
            texts=texts,
        )
        shelf.clear()


class _Run(NamedTuple):
    begin: int
    end: int
    dictionaries: tuple[int, ...]


class _Shelf:
    """Arrays as those of `Scans`, with places for pages."""

    def __init__(self, places: int) -> None:
        self.waybills = np.empty(0, np.int64)
        self.seconds: np.ndarray = np.empty(0, np.int32)
        self.codes: np.ndarray = np.empty((len(CODED), 0), np.int16)
        self._free: list[int] = []
        self._spent: list[int] = []
        self._grow(places)

    def put(self, page: ScanPage) -> int:
        """Unpack a page and return where its rows begin."""
        if not self._free:
            self._grow(len(self.waybills) // PAGE_ROWS)
        if page.is_wide and self.seconds.dtype != np.int64:
            self.seconds, self.codes = self.seconds.astype(np.int64), self.codes.astype(np.int32)
        start = self._free.pop()
        rows = slice(start, start + page.rows)
        page.fill(self.waybills[rows], self.seconds[rows], self.codes[:, rows])
        return start

    def leave(self, start: int) -> None:
        """Give up the place of a page; its rows stay until `clear`."""
        self._spent.append(start)

    def clear(self) -> None:
        """Offer the places given up to other pages."""
        self._free += self._spent
        self._spent = []

    def _grow(self, places: int) -> None:
        rows = len(self.waybills)
        more = rows + places * PAGE_ROWS
        self._free += range(rows, more, PAGE_ROWS)
        waybills, seconds = np.empty(more, np.int64), np.empty(more, self.seconds.dtype)
        codes = np.empty((len(CODED), more), self.codes.dtype)
        waybills[:rows], seconds[:rows], codes[:, :rows] = self.waybills, self.seconds, self.codes
        self.waybills, self.seconds, self.codes = waybills, seconds, codes


class _Day:
    """A day's scans in the order of their waybills, taken piece by piece."""

    def __init__(self, pages: Iterator[ScanPage], shelf: _Shelf) -> None:
        self._pages, self._shelf = pages, shelf
        self._page: ScanPage | None = None
        self._start = self._at = 0

    def up_to(self, last: int) -> Iterator[_Run]:
        """Yield where the rows not taken yet are, up to this waybill."""
        while True:
            if self._page is None:
                self._page = next(self._pages, None)
                if self._page is None:
                    return
                self._start = self._at = self._shelf.put(self._page)
            end = self._start + self._page.rows
            upto = self._at + int(np.searchsorted(self._shelf.waybills[self._at : end], last, "right"))
            if upto > self._at:
                yield _Run(self._at, upto, self._page.dictionaries)
            self._at = upto
            if upto < end:
                return
            self._shelf.leave(self._start)
            self._page = None
