"""Writes scans and parcels as Parquet, batch by batch: dictionary columns and fixed metadata, so the same bytes."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from posthouse.sample.attributes import CUSTOMS_MODES, PRODUCTS, Attributes
from posthouse.sample.batches import ACCEPTED, HOWS, STEPS, Batch
from posthouse.sample.scans import Scans
from posthouse.sample.sites import Sites
from posthouse.sample.world import World

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa
    import pyarrow.parquet as pq

    Ints = npt.NDArray[np.int64]

EPOCH_UNIX_S = 1_577_808_000
"""2020-01-01 00:00 Asia/Shanghai in Unix seconds."""

SERIALS = 100_000_000
SCATTER = 61_803_399
"""Coprime to SERIALS: multiplying by it makes waybill numbers look as scattered as real ones."""


class ParquetFile:
    """A Parquet file that is written table by table and closed at the end of a with block."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> "ParquetFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is not None:
            self._writer.close()

    def write(self, table: "pa.Table") -> None:
        """Append the rows; the first table settles the schema."""
        import pyarrow.parquet as pq

        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._path,
                table.schema,
                compression="zstd",
                compression_level=1,
                dictionary_pagesize_limit=8 * 2**20,
                # The stubs know only yes or no; a list of columns is what the writer documents.
                use_dictionary=[f.name for f in table.schema if str(f.type).startswith("dictionary")],  # type: ignore[arg-type]
            )
        self._writer.write_table(table)


def waybills(world: World, batch: Batch) -> "pa.Array[Any]":
    """Return the waybill numbers: the brand's prefix and twelve digits that begin with year and month."""
    import pyarrow as pa
    import pyarrow.compute as pc

    start = world.month.period.start_on
    number = ((start.year % 100) * 100 + start.month) * SERIALS + batch.destinies.serial * SCATTER % SERIALS
    prefixes = _words([brand.prefix for brand in world.market.brands], batch.destinies.brand).cast(pa.string())
    joined: pa.Array[Any] = pc.binary_join_element_wise(prefixes, pa.array(number).cast(pa.string()), "")  # type: ignore[call-overload]
    return joined


def scan_table(world: World, sites: Sites, batch: Batch, numbers: "pa.Array[Any]", scans: Scans) -> "pa.Table":
    """Return scan rows as an Arrow table in the declared order of columns."""
    import pyarrow as pa

    brands = [brand.name for brand in world.market.brands]
    villages = world.geography.place_codes[: world.geography.n_villages]
    return pa.table(
        {
            "event_id": pa.array(scans.event_id),
            "waybill": pa.DictionaryArray.from_arrays(pa.array(scans.parcel.astype("int32")), numbers),
            "brand": _words(brands, batch.destinies.brand[scans.parcel]),
            "step": _words(STEPS, scans.step),
            "event_at": _moments(scans.event_at),
            "recorded_at": _moments(scans.recorded_at),
            "site": _words(sites.names, scans.site),
            "village": _words(villages, scans.village),
            "how": _words(HOWS, scans.how),
            "corrects": pa.array(scans.corrects, mask=scans.corrects < 0),
        }
    )


def parcel_table(
    world: World, batch: Batch, numbers: "pa.Array[Any]", attributes: Attributes, channels: Sequence[str]
) -> "pa.Table":
    """Return parcel rows as an Arrow table in the declared order of columns."""
    import numpy as np
    import pyarrow as pa

    destinies, geography = batch.destinies, world.geography
    ends = (*geography.place_codes, *(region.code for region in world.regions))
    outside = destinies.region + geography.n_places
    foreign, unowned = ~attributes.abroad, ~attributes.own
    return pa.table(
        {
            "waybill": numbers,
            "brand": _words([brand.name for brand in world.market.brands], destinies.brand),
            "accepted_at": _moments(batch.times[:, ACCEPTED]),
            "origin": _words(ends, np.where(destinies.origin >= 0, destinies.origin, outside)),
            "destination": _words(ends, np.where(destinies.destination >= 0, destinies.destination, outside)),
            "product": _words(PRODUCTS, attributes.product),
            "weight_kg": pa.array(attributes.weight_kg),
            "is_ecommerce": pa.array(attributes.is_ecommerce),
            "has_e_waybill": pa.array(attributes.has_e_waybill),
            "is_standard_packaging": pa.array(attributes.is_standard_packaging, mask=unowned),
            "is_slim_tape": pa.array(attributes.is_slim_tape, mask=unowned),
            "tape_cm": pa.array(attributes.tape_cm, mask=unowned),
            "is_repackaged": pa.array(attributes.is_repackaged, mask=unowned | ~attributes.is_ecommerce),
            "in_reusable_bag": pa.array(attributes.in_reusable_bag, mask=unowned),
            "customs_mode": _words(CUSTOMS_MODES, np.where(foreign, -1, attributes.customs_mode)),
            "channel_id": _words(channels, np.where(foreign, -1, attributes.channel)),
            "value_yuan": pa.array(attributes.value_yuan, mask=foreign),
        }
    )


def _words(words: Sequence[str], index: "Ints") -> "pa.Array[Any]":
    import pyarrow as pa

    indices = pa.array(index.astype("int32"), mask=index < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(words), pa.string()))


def _moments(seconds: "Ints") -> "pa.Array[Any]":
    import pyarrow as pa

    unit = pa.timestamp("ms", tz="Asia/Shanghai")
    return pa.array((seconds + EPOCH_UNIX_S) * 1_000).cast(unit)
