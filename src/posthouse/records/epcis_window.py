"""The bytes of a large file through a window that moves on: what is not yet used is kept, and more is read behind it.

The window stays small enough for the processor's cache, unless one event is longer than it.
"""

import re
from io import BufferedReader
from typing import Any

import numpy as np

from posthouse.records.byte_words import WIDE

_READ_BYTES = 1 << 19
_MARK_BYTES = 64  # no shorter than what begins a list
LIST = re.compile(rb'"eventList"\s*:\s*\[')


class Window:
    """Bytes of a file from `start` to `size` in `data`, then WIDE zeros."""

    def __init__(self, file: BufferedReader, head: bytes) -> None:
        self._file = file
        self.data: Any = np.zeros(len(head) + _READ_BYTES + WIDE, np.uint8)
        self.data[: len(head)] = np.frombuffer(head, np.uint8)
        self.start, self.size = 0, len(head)

    def read(self, most: int) -> int:
        """Read on, at most so many bytes; return how many. The bytes before `start` are forgotten."""
        kept = self.size - self.start
        wanted = min(max(kept, _READ_BYTES), most)
        room: Any = self.data
        if kept + wanted + WIDE > len(room):
            room = np.empty(kept + 2 * wanted + WIDE, np.uint8)
        room[:kept] = self.data[self.start : self.size]
        self.data, self.start, self.size = room, 0, kept
        while wanted and (read := self._file.readinto(room[self.size : self.size + wanted])):
            self.size += read
            wanted -= read
        room[self.size : self.size + WIDE] = 0
        return self.size - kept

    def position(self) -> int:
        """Return where in the file `start` is."""
        return self._file.tell() - self.size + self.start

    def skip_to_list(self) -> bool:
        """Move behind the beginning of the next list of events; whether there is one."""
        while not (found := LIST.search(self.data[self.start : self.size])):
            self.start = max(self.start, self.size - _MARK_BYTES)
            if not self.read(_READ_BYTES):
                return False
        self.start += found.end()
        return True
