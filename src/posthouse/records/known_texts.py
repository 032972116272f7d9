"""The distinct texts of one repeating column of a file, and the codes that stand for them while it is read."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_FIRST_ROOM = 1 << 11  # places of the hash table at the start


class KnownTexts:
    """Texts in the order in which they were met; a code is a place in it and never changes."""

    def __init__(self) -> None:
        import numpy as np

        self.count = 0
        self._table = np.zeros(4 * _FIRST_ROOM, np.uint64)  # four words a place
        self._spans = np.zeros(_FIRST_ROOM // 4 + 2, np.int32)
        self._texts = np.zeros(_FIRST_ROOM * 16, np.uint8)

    def find_codes(  # noqa: PLR0917 - as the kernel takes them
        self,
        begins: "npt.NDArray[np.int32]",
        ends: "npt.NDArray[np.int32]",
        block: "npt.NDArray[np.uint8]",
        codes: "npt.NDArray[np.int32]",
        odd: "npt.NDArray[np.bool_]",
        lead: int,
    ) -> None:
        """Fill the codes of texts in a block, learning new ones; mark rows with too long ones odd, code -1.

        Parameters
        ----------
        begins, ends, lead : the texts begin `lead` bytes behind `begins`.

        Raises
        ------
        UnicodeDecodeError : a text is not UTF-8.
        """
        from posthouse.records import code_kernel

        row, what = 0, 1
        while what:
            row, self.count, what = code_kernel.find_codes(
                begins, ends, block, row, codes, odd, self._table, self._spans, self._texts, self.count, lead
            )
            if what == code_kernel.NOT_UTF8:
                raise UnicodeDecodeError("utf-8", b"", 0, 1, "not UTF-8")
            if what:
                self.grow()

    def memory(self) -> "tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]":
        """Return the table, spans and texts, as `code_kernel.seek_code` takes them; they are others after `grow`."""
        return self._table, self._spans, self._texts

    def is_nearly_full(self) -> bool:
        """Whether there may be no room for one more text."""
        from posthouse.records.code_kernel import LONGEST

        return 4 * (self.count + 1) >= len(self._table) // 4 or self._spans[self.count] + LONGEST > len(self._texts)

    def texts(self, first: int) -> Any:
        """Return the texts from code `first` on as an Arrow string array."""
        import pyarrow as pa

        start = self._spans[first]
        offsets: Any = self._spans[first : self.count + 1] - start
        data: Any = self._texts[start : start + offsets[-1]].copy()
        return pa.StringArray.from_buffers(self.count - first, pa.py_buffer(offsets), pa.py_buffer(data))

    def grow(self) -> None:
        """Make room for four times as many texts and find them their places anew."""
        import numpy as np

        from posthouse.records import code_kernel

        bounds = np.stack([self._spans[: self.count], self._spans[1 : self.count + 1]], axis=1)
        texts = np.concatenate([self._texts, np.zeros(8, np.uint8)])
        self._table = np.zeros(4 * len(self._table), np.uint64)
        self._spans = np.zeros(len(self._table) // 16 + 2, np.int32)
        self._texts = np.zeros(4 * len(texts), np.uint8)
        again, odd = np.empty(self.count, np.int32), np.empty(self.count, np.bool_)
        _, self.count, _ = code_kernel.find_codes(
            bounds[:, 0], bounds[:, 1], texts, 0, again, odd, self._table, self._spans, self._texts, 0, 0
        )
