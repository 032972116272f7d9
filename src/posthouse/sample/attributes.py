"""What is written on a parcel: product, weight, packaging, customs mode.

Packaging is known only for parcels accepted in this city; for the others it is empty, is_repackaged included.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthouse.sample.batches import Batch
from posthouse.sample.streams import open_stream
from posthouse.sample.world import World

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

PRODUCTS = ("standard", "express", "international")
CUSTOMS_MODES = ("9610", "9710", "9810", "1210", "mail")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """Arrays of shape (n,). own : accepted in this city. abroad : bound for another country.

    Of the packaging fields only those of `own` count; is_repackaged only where is_ecommerce too.
    """

    own: "Bools"
    abroad: "Bools"
    product: "Ints"
    weight_kg: "npt.NDArray[np.float64]"
    is_ecommerce: "Bools"
    has_e_waybill: "Bools"
    is_standard_packaging: "Bools"
    is_slim_tape: "Bools"
    tape_cm: "Ints"
    is_repackaged: "Bools"
    in_reusable_bag: "Bools"
    customs_mode: "Ints"
    channel: "Ints"
    value_yuan: "npt.NDArray[np.float64]"


def draw_attributes(world: World, batch: Batch, channels: int) -> Attributes:
    """Return the attributes of the batch.

    Parameters
    ----------
    channels : number of open export channels, >= 1; the last one takes mail.
    """
    import numpy as np

    n, destinies, quality = len(batch), batch.destinies, world.kind.quality
    first = int(destinies.serial[0]) if n else 0
    stream = open_stream(world.seed, world.kind.name, "attributes", world.month.text, first, n)
    foreign = np.array([region.is_foreign for region in world.regions] + [False])
    abroad = foreign[np.where(destinies.region < 0, len(world.regions), destinies.region)]
    gain = quality.monthly_gain * max(0, world.month.index)
    # Brands differ: what the city reaches on average, some miss.
    lean = np.linspace(0.05, -0.05, len(world.market.brands))[np.argsort(_shuffled(world))][destinies.brand]

    def holds(share: float, *, leaning: float = 1.0) -> "Bools":
        chance: Bools = stream.random(n) < np.clip(share + gain + leaning * lean, 0, 1)
        return chance

    is_express = stream.random(n) < 0.12
    years = world.month.index / 12
    tape = quality.tape_cm * (1 - quality.tape_fall_per_year) ** years
    mode = np.where(stream.random(n) < 0.62, 0, np.searchsorted((0.30, 0.45, 0.85, 1.0), stream.random(n)) + 1)
    value_yuan = np.asarray(np.exp(stream.normal(5.6, 0.7, n)), dtype=np.float64).round(2)
    return Attributes(
        own=destinies.origin >= 0,
        abroad=abroad,
        product=np.where(abroad, 2, is_express.astype(np.int64)),
        weight_kg=np.round(np.clip(np.exp(stream.normal(-0.2, 0.8, n)), 0.05, 49.0), 2),
        is_ecommerce=stream.random(n) < 0.84,
        has_e_waybill=stream.random(n) < quality.e_waybill,
        is_standard_packaging=holds(quality.standard_packaging, leaning=0.6),
        is_slim_tape=holds(quality.slim_tape),
        tape_cm=np.maximum(10, tape * np.exp(stream.normal(-0.02, 0.2, n))).astype(np.int64),
        is_repackaged=~holds(quality.no_repackaging),
        in_reusable_bag=holds(quality.reusable_bags),
        customs_mode=mode,
        channel=np.where(mode == 4, channels - 1, stream.integers(0, max(1, channels - 1), n)),
        value_yuan=value_yuan,
    )


def _shuffled(world: World) -> "Ints":
    return open_stream(world.seed, world.kind.name, "packaging by brand").permutation(len(world.market.brands))
