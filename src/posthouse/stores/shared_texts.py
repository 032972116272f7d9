"""The texts of one column as all its rows in memory share them, so that one code means one text in every block."""

from typing import TYPE_CHECKING, Any

from posthouse.records.arrow import join_texts

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class SharedTexts:
    """Texts in the order in which they came; a code is a place among them and never changes."""

    def __init__(self) -> None:
        self._texts: Any = None

    @property
    def texts(self) -> Any:
        """All texts that are known by now, an Arrow string array."""
        import pyarrow as pa

        return pa.array([], pa.string()) if self._texts is None else self._texts

    def add(self, own: Any) -> "npt.NDArray[np.int32] | None":
        """Take distinct texts in and return their places among the shared ones; None where they begin with them."""
        if self._texts is None or _begins_with(own, self._texts):
            self._texts = own
        elif not _begins_with(self._texts, own):
            self._texts, places = join_texts(self._texts, own)
            found: npt.NDArray[np.int32] = places.to_numpy()
            return found
        return None

    def share(self, column: Any) -> Any:
        """Return a dictionary array with codes of the shared texts, to which its own are added."""
        import pyarrow as pa

        places = self.add(column.dictionary)
        if places is None:
            return column
        indices: Any = pa.array(places)
        return pa.DictionaryArray.from_arrays(indices.take(column.indices), self._texts)

    def spell(self, column: Any) -> Any:
        """Return a chunked column, of arrays that were shared, with all texts that are known by now."""
        import pyarrow as pa

        chunks = [pa.DictionaryArray.from_arrays(chunk.indices, self._texts, safe=False) for chunk in column.chunks]
        return pa.chunked_array(chunks, column.type)


def _begins_with(texts: Any, first: Any) -> bool:
    return len(texts) >= len(first) and bool(texts.slice(0, len(first)).equals(first))
