"""The bytes of a text file as UTF-8, whatever its encoding, block by block."""

import codecs
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]

PADDING = 128  # bytes behind a block that the kernels may look at
_LINE = 64  # bytes that they look at together
_POPULATE_READ = 22  # of madvise(2), which Python has no name for yet


class Block(NamedTuple):
    """Some bytes of a file, valid until the next block.

    data : padded. first, end : those of the block among them. is_last : whether the file ends with it.
    """

    data: "Bytes"
    first: int
    end: int
    is_last: bool


class Utf8Source:
    """A file that is read in blocks; UTF-8 as it stands, other encodings translated.

    room : the most bytes of a block.
    """

    def __init__(self, file: BinaryIO, encoding: str, room: int) -> None:
        self._file, self._room = file, room
        self._decoder = None if encoding == "utf-8-sig" else codecs.getincrementaldecoder(encoding)()
        self._waiting = b""
        self._is_mapped = self._decoder is None
        self._begin = 0  # of the last block in the file
        self._buffer: Bytes | None = None
        self._filled = 0

    def skip_lines(self, count: int) -> bool:
        """Read over whole lines; False where they do not end in line feeds, with or without a return before."""
        for _ in range(count):
            line = self._line()
            if b"\r" in line.removesuffix(b"\n").removesuffix(b"\r"):
                return False
        self._begin = self._file.tell()
        return True

    def block(self, used: int) -> Block:
        """Return the bytes behind the first `used` of the last block: as many as there is room for.

        They are the memory in which the system holds the file, or a copy at the end of it and where it has to be
        translated.

        Raises
        ------
        UnicodeDecodeError : the file is not of its encoding.
        """
        import numpy as np

        from posthouse.records.byte_words import zeros_in_lines

        if self._is_mapped:
            if block := self._map(self._begin + used):
                return block
            self._is_mapped = False
            self._file.seek(self._begin + used)
            used = 0
        if self._buffer is None:
            self._buffer = zeros_in_lines(self._room + PADDING, np.uint8)
        held = self._filled - used
        self._buffer[:held] = self._buffer[used : self._filled].copy()
        self._filled = held
        while size := self._fill(self._buffer[self._filled : self._room]):
            self._filled += size
        self._buffer[self._filled : self._filled + PADDING] = 0
        return Block(self._buffer, 0, self._filled, self._filled < self._room)

    def _map(self, start: int) -> Block | None:
        """Return a block of the file itself from `start` on; None near its end, and where the system has none."""
        import numpy as np

        first = start % mmap.ALLOCATIONGRANULARITY
        rest = os.fstat(self._file.fileno()).st_size - start
        if rest <= self._room:
            return None
        end = (first + min(self._room, rest - PADDING)) // _LINE * _LINE
        try:
            mapped = mmap.mmap(self._file.fileno(), end + PADDING, access=mmap.ACCESS_COPY, offset=start - first)
            # Read now: where that fails, reading says why; in a mapping it would be the end of the process.
            mapped.madvise(_POPULATE_READ)
        except (OSError, ValueError):
            return None
        self._begin = start - first
        self._file.seek(self._begin + end)
        return Block(np.frombuffer(mapped, np.uint8), first, end, False)

    def _fill(self, buffer: "Bytes") -> int:
        """Read on into the buffer and return how many bytes; 0 at the end of the file, or where there is no room."""
        import numpy as np

        if self._decoder is None:
            plain: Any = self._file
            return int(plain.readinto(buffer))
        while not self._waiting and len(buffer):
            # A character of two bytes becomes one of three.
            some = self._file.read(max(len(buffer) // 2, 1))
            self._waiting = self._decoder.decode(some, final=not some).encode()
            if not some:
                break
        size = min(len(self._waiting), len(buffer))
        buffer[:size] = np.frombuffer(self._waiting[:size], np.uint8)
        self._waiting = self._waiting[size:]
        return size

    def read_bytes(self) -> int:
        """Return how much of the file has been read."""
        return self._file.tell()

    def _line(self) -> bytes:
        if self._decoder is None:
            return self._file.readline()
        while b"\n" not in self._waiting:
            some = self._file.read(1 << 16)
            self._waiting += self._decoder.decode(some, final=not some).encode()
            if not some:
                break
        line, end, self._waiting = self._waiting.partition(b"\n")
        return line + end


@contextmanager
def open_utf8(path: Path, encoding: str, room: int) -> Iterator[Utf8Source]:
    """Open a text file to be read as UTF-8. encoding : one of `read_csv.find_encodings`. room : as of the source."""
    with path.open("rb") as file:
        yield Utf8Source(file, encoding, room)
