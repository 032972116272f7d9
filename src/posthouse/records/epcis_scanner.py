"""Gathers the events that stand in a window on the file, window after window, until they are taken as a batch."""

import numpy as np

from posthouse.records.epcis_cuts import CODED
from posthouse.records.epcis_kernel import scan_events
from posthouse.records.epcis_layout import new_layouts
from posthouse.records.epcis_values import OTHERS, room_for
from posthouse.records.epcis_window import Window
from posthouse.records.epcis_words import new_dictionaries


class Scanner:
    """What has been found in a file since `clear`.

    found : the values of events. odd : text of events to be read one by one, and how many others stand before each.
    words : of all events of the file.
    """

    def __init__(self, room: int) -> None:
        self.words = new_dictionaries(CODED)
        self.found = room_for(room)
        self.odd: list[tuple[bytes, int]] = []
        self._layouts = new_layouts()
        self._cuts = np.empty((0, 3), np.int64)

    def scan(self, window: Window) -> int:
        """Find the whole events of a window and move it behind them; return how it ended, as `scan_events` says."""
        if not self.found.counts.any() and len(self.found.letters) < window.size:
            self.found = room_for(window.size)
        if len(self._cuts) < window.size // 2 + 1:
            self._cuts = np.empty((len(window.data) // 2 + 1, 3), np.int64)
        found = self.found
        ending, end = scan_events(window.data, window.size, window.start, self.words, self._layouts, self._cuts, found)
        for start, stop, before in found.odd[: found.counts[OTHERS]].tolist():
            self.odd.append((window.data[start:stop].tobytes(), before))
        found.counts[OTHERS] = 0
        window.start = end
        return int(ending)

    def clear(self) -> None:
        """Forget the events, not the words."""
        self.found.counts[:] = 0
        self.odd = []
