"""The distinct texts of one repeating column of a file, and the codes that stand for them while it is read."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from posthouse.records.parse import DistinctTexts

_FIRST_ROOM = 1 << 11  # places of the hash table at the start


class KnownTexts:
    """Texts in the order in which they were met; a code is a place in it and never changes.

    meaning : what `parse.parse_distinct` made of them, kept for the next block; None at first.
    """

    def __init__(self) -> None:
        import numpy as np

        self.count = 0
        self.meaning: DistinctTexts | None = None
        self._table = np.zeros((_FIRST_ROOM, 4), np.uint64)
        self._spans = np.zeros(_FIRST_ROOM // 2 + 2, np.int32)
        self._texts = np.zeros(_FIRST_ROOM * 16, np.uint8)

    def find_codes(
        self,
        begins: "npt.NDArray[np.int32]",
        ends: "npt.NDArray[np.int32]",
        block: "npt.NDArray[np.uint8]",
        codes: "npt.NDArray[np.int32]",
        odd: "npt.NDArray[np.bool_]",
    ) -> None:
        """Fill the codes of texts in a block, learning new ones; mark rows with too long ones odd, code -1.

        Raises
        ------
        UnicodeDecodeError : a text is not UTF-8.
        """
        from posthouse.records import code_kernel

        row, what = 0, 1
        while what:
            row, self.count, what = code_kernel.find_codes(
                begins, ends, block, row, codes, odd, self._table, self._spans, self._texts, self.count
            )
            if what == code_kernel.NOT_UTF8:
                raise UnicodeDecodeError("utf-8", b"", 0, 1, "not UTF-8")
            if what:
                self._grow()

    def texts(self) -> Any:
        """Return the texts as an Arrow string array, shape (count,)."""
        import pyarrow as pa

        offsets: Any = self._spans[: self.count + 1].copy()
        data: Any = self._texts[: offsets[-1]].copy()
        return pa.StringArray.from_buffers(self.count, pa.py_buffer(offsets), pa.py_buffer(data))

    def _grow(self) -> None:
        """Make room for four times as many texts and find them their places anew."""
        import numpy as np

        from posthouse.records import code_kernel

        spans, texts, count = self._spans[: self.count + 1], self._texts, self.count
        room = 4 * len(self._table)
        self._table = np.zeros((room, 4), np.uint64)
        self._spans = np.zeros(room // 2 + 2, np.int32)
        self._texts = np.zeros(4 * len(texts), np.uint8)
        padded = np.concatenate([texts, np.zeros(8, np.uint8)])
        again, odd = np.empty(count, np.int32), np.empty(count, np.bool_)
        _, self.count, _ = code_kernel.find_codes(
            spans[:-1], spans[1:], padded, 0, again, odd, self._table, self._spans, self._texts, 0
        )
