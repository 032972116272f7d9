"""The texts of one column as all its rows in memory share them, so that one code means one text in every block."""

from typing import Any


class SharedTexts:
    """Texts in the order in which they came; a code is a place among them and never changes."""

    def __init__(self) -> None:
        self._texts: Any = None

    def share(self, column: Any) -> Any:
        """Return a dictionary array with codes of the shared texts, to which its own are added."""
        import pyarrow as pa
        import pyarrow.compute as pc

        own = column.dictionary
        if self._texts is None or _begins_with(own, self._texts):
            self._texts = own
        elif not _begins_with(self._texts, own):
            new = own.filter(pc.invert(pc.is_in(own, self._texts)))
            self._texts = pa.concat_arrays([self._texts, new])
            column = pa.DictionaryArray.from_arrays(pc.index_in(own, self._texts).take(column.indices), self._texts)
        return column

    def spell(self, column: Any) -> Any:
        """Return a chunked column, of arrays that were shared, with all texts that are known by now."""
        import pyarrow as pa

        chunks = [pa.DictionaryArray.from_arrays(chunk.indices, self._texts, safe=False) for chunk in column.chunks]
        return pa.chunked_array(chunks, column.type)


def _begins_with(texts: Any, first: Any) -> bool:
    return len(texts) >= len(first) and bool(texts.slice(0, len(first)).equals(first))
