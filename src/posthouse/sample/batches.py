"""A batch of parcels as arrays, and the words that its small integers stand for."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

STEPS = (
    "accepted",
    "origin_arrived",
    "origin_departed",
    "destination_arrived",
    "destination_departed",
    "outlet_arrived",
    "out_for_delivery",
    "village_arrived",
    "delivered",
)
(
    ACCEPTED,
    ORIGIN_ARRIVED,
    ORIGIN_DEPARTED,
    DESTINATION_ARRIVED,
    DESTINATION_DEPARTED,
    OUTLET_ARRIVED,
    OUT_FOR_DELIVERY,
    VILLAGE_ARRIVED,
    DELIVERED,
) = range(9)

HOWS = ("door", "station", "locker", "outlet")
DOOR, STATION, LOCKER, OUTLET = range(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Destinies:
    """Who sends what where, before any clock runs; every array has shape (n,), -1 where there is none.

    origin, destination : index of a place of the city. region : of the other end outside the city.
    village : destination village where the parcel is handed over in the village. day : of hand-over, 0-based.
    how : index into HOWS, -1 where another city delivers.
    """

    serial: "Ints"
    brand: "Ints"
    origin: "Ints"
    destination: "Ints"
    region: "Ints"
    village: "Ints"
    day: "Ints"
    how: "Ints"
    pattern: "Ints"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Parcels with their times. times : seconds since 2020-01-01, shape (n, 9). present : step was scanned.

    missing : step that was left out though it took place, -1 for none.
    """

    destinies: Destinies
    times: "Ints"
    present: "Bools"
    missing: "Ints"

    def __len__(self) -> int:
        return len(self.missing)
