"""The bytes of a text file as UTF-8, whatever its encoding, block by block."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Utf8Source:
    """A file that is read into buffers; UTF-8 as it stands, other encodings translated."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._decoder = None if encoding == "utf-8-sig" else codecs.getincrementaldecoder(encoding)()
        self._waiting = b""

    def skip_lines(self, count: int) -> bool:
        """Read over whole lines; False where they do not end in line feeds, with or without a return before."""
        for _ in range(count):
            line = self._line()
            if b"\r" in line.removesuffix(b"\n").removesuffix(b"\r"):
                return False
        return True

    def fill(self, buffer: "npt.NDArray[np.uint8]") -> int:
        """Read on into the buffer and return how many bytes; 0 at the end of the file, or where there is no room.

        Raises
        ------
        UnicodeDecodeError : the file is not of its encoding.
        """
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
def open_utf8(path: Path, encoding: str) -> Iterator[Utf8Source]:
    """Open a text file to be read as UTF-8. encoding : one of `read_csv.find_encodings`."""
    with path.open("rb") as file:
        yield Utf8Source(file, encoding)
