"""What every reader hands on: columns as they stand in the file, with the row numbers a person would look up."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBatch:
    """Some rows of one file or sheet.

    headings : as written. columns : one Arrow array per heading, text or already typed (a column of codes is a
    dictionary array). rows : row numbers in the file, the first line being 1, shape (n,).
    broken : (row number, text) of lines that do not have as many cells as the heading.
    filled : merged regions that were filled, as `C4:C5`.
    read_bytes : how much of the file has been read up to here.
    """

    headings: tuple[str, ...]
    columns: tuple[Any, ...]
    rows: "npt.NDArray[np.int64]"
    broken: tuple[tuple[int, str], ...] = ()
    filled: tuple[str, ...] = ()
    read_bytes: int = 0
