"""The texts of scans while they are folded: each known once, by a number, whichever dictionaries it comes in.

Days share most of their sites and villages, so a text is looked at once a dictionary and sorted once altogether.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from posthouse.records.fold import steps

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]

CODED = ("step", "brand", "site", "village", "how")
STEP, BRAND, SITE, VILLAGE, HOW = range(len(CODED))


class Texts:
    """The dictionaries of CODED that some scans have."""

    def __init__(self) -> None:
        self._numbers: list[dict[str, int]] = [{} for _ in CODED]
        self._dictionaries: list[list[Codes]] = [[] for _ in CODED]
        self._ordered: dict[int, tuple[list[str], Codes]] = {}

    def add(self, column: int, texts: Sequence[str | None]) -> int:
        """Take a dictionary of a column and return its number."""
        numbers = self._numbers[column]
        known = [-1 if text is None else numbers.setdefault(text, len(numbers)) for text in texts]
        self._dictionaries[column].append(np.array(known, np.int32))
        return len(self._dictionaries[column]) - 1

    def ordered(self, column: int) -> Any:
        """Return all texts of a column in the order of their bytes, as an arrow array."""
        import pyarrow as pa

        return pa.array(self._order(column)[0], pa.string())

    def rank(self, dictionaries: "Ints") -> "tuple[Codes, Ints]":
        """Return ranks and offsets: code c of column k in run i has rank ranks[offsets[k, i] + c], code -1 rank -1.

        Parameters
        ----------
        dictionaries : number of the dictionary of each column in each run, shape (columns, runs).

        The rank of a step is its place among the declared steps, of any other text its place in `ordered`.
        """
        none = np.full(1, -1, np.int32)
        parts, size = [], 0
        offsets = np.empty(dictionaries.shape, np.int64)
        for column, numbers in enumerate(dictionaries):
            ranks = np.append(self._order(column)[1], none)
            used, which = np.unique(numbers, return_inverse=True)
            places = []
            for number in used:
                codes = self._dictionaries[column][number]
                parts += [none, ranks[codes]]
                places.append(size + 1)
                size += 1 + len(codes)
            offsets[column] = np.array(places)[which]
        return np.concatenate(parts), offsets

    def _order(self, column: int) -> "tuple[list[str], Codes]":
        """Return the texts of a column in order, and the rank of each number."""
        numbers = self._numbers[column]
        if column not in self._ordered or len(self._ordered[column][1]) < len(numbers):
            # Characters are in the order of their bytes in UTF-8.
            texts = sorted(numbers)
            places: Any = {text: place for place, text in enumerate(steps() if column == STEP else texts)}
            self._ordered[column] = texts, np.array([places[text] for text in numbers], np.int32)
        return self._ordered[column]
