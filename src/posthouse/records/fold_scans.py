"""Scans as the fold takes them: what it needs of each column, in flat arrays of the smallest numbers that hold it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from posthouse.records.fold import EPOCH_S
from posthouse.records.fold_texts import CODED, Texts

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Ints = npt.NDArray[np.int64]

COLUMNS = ("waybill", "event_at", *CODED)
MOST_TEXTS = 1 << 15  # that codes of two bytes can name
LAST_S = (1 << 31) - 2  # the greatest time of four bytes; one more means never


@dataclass(frozen=True, slots=True, kw_only=True)
class Scans:
    """Runs of scans, each sorted by waybill, anywhere in the arrays of their columns.

    waybills : keyed hashes, shape (n,).
    seconds : `event_at` since `fold.EPOCH_S`, shape (n,), of four bytes where they suffice, else of eight.
    codes : place of each text in its dictionary, -1 for none, shape (columns, n), of two bytes where they suffice.
    begins, ends : where each run begins and ends, shape (runs,).
    dictionaries : number of the dictionary of each column in each run, shape (columns, runs).
    """

    waybills: "Ints"
    seconds: "npt.NDArray[np.signedinteger]"
    codes: "npt.NDArray[np.signedinteger]"
    begins: "Ints"
    ends: "Ints"
    dictionaries: "Ints"
    texts: Texts


def scans_of(tables: "Iterable[pa.Table]", texts: Texts | None = None) -> Scans:
    """Return the scans of tables, a run for each batch.

    Parameters
    ----------
    tables : with at least COLUMNS, texts as dictionary codes, each batch sorted by waybill.
    texts : takes their dictionaries.
    """
    import pyarrow as pa

    texts = texts or Texts()
    batches = [batch for table in tables for batch in table.select(COLUMNS).to_batches() if batch.num_rows]
    ends = np.cumsum([batch.num_rows for batch in batches], dtype=np.int64)
    rows = int(ends[-1]) if batches else 0
    waybills, micros = np.empty(rows, np.int64), np.empty(rows, np.int64)
    codes = np.empty((len(CODED), rows), np.int32)
    dictionaries = np.empty((len(CODED), len(batches)), np.int64)
    begins = ends - np.array([batch.num_rows for batch in batches], np.int64)
    for run, batch in enumerate(batches):
        place = slice(begins[run], ends[run])
        waybills[place] = batch.column("waybill").to_numpy()
        micros[place] = batch.column("event_at").view(pa.int64()).to_numpy()
        for column, name in enumerate(CODED):
            coded: Any = batch.column(name)
            codes[column, place] = coded.indices.fill_null(-1).to_numpy()
            dictionaries[column, run] = texts.add(column, coded.dictionary.to_pylist())
    seconds = micros // 1_000_000 - EPOCH_S
    fit = rows == 0 or (seconds.max() <= LAST_S and seconds.min() >= -LAST_S)
    return Scans(
        waybills=waybills,
        seconds=seconds.astype(np.int32) if fit else seconds,
        codes=codes.astype(np.int16) if codes.max(initial=0) < MOST_TEXTS else codes,
        begins=begins,
        ends=ends,
        dictionaries=dictionaries,
        texts=texts,
    )
