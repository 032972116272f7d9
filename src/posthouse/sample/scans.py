"""Turns parcels with their times into scan rows in the order in which the platform recorded them."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from posthouse.sample.batches import DELIVERED, VILLAGE_ARRIVED, Batch
from posthouse.sample.sites import Sites, locate
from posthouse.sample.streams import open_stream
from posthouse.sample.world import World

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scans:
    """Scan rows as arrays of equal length, -1 where empty.

    parcel : row in the batch. event_at, recorded_at : seconds since 2020-01-01. site, village, how : words' indices.
    corrects : event_id that this row replaces.
    """

    event_id: "Ints"
    parcel: "Ints"
    step: "Ints"
    event_at: "Ints"
    recorded_at: "Ints"
    site: "Ints"
    village: "Ints"
    how: "Ints"
    corrects: "Ints"

    def __len__(self) -> int:
        return len(self.event_id)

    def take(self, rows: "Ints") -> "Scans":
        """Return these rows in this order."""
        return Scans(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def scan(world: World, sites: Sites, batch: Batch, first_event: int) -> Scans:
    """Return the scans of a batch without any fault, by time of recording.

    Parameters
    ----------
    first_event : event_id of the first row; the others follow on.
    """
    import numpy as np

    parcel, step = np.nonzero(batch.present)
    event_at = batch.times[parcel, step]
    stream = open_stream(world.seed, world.kind.name, "recorded", world.month.text, first_event)
    # Handsets send within seconds; in the hills some wait for a signal for minutes.
    recorded_at = event_at + 1 + np.minimum(stream.exponential(40.0, len(event_at)), 5_400).astype(np.int64)
    in_village = (step == VILLAGE_ARRIVED) | (step == DELIVERED)
    order = np.argsort(recorded_at, kind="stable")
    scans = Scans(
        event_id=np.zeros(len(order), dtype=np.int64),
        parcel=parcel,
        step=step,
        event_at=event_at,
        recorded_at=recorded_at,
        site=locate(world, sites, batch)[parcel, step],
        village=np.where(in_village, batch.destinies.village[parcel], -1),
        how=np.where(step == DELIVERED, batch.destinies.how[parcel], -1),
        corrects=np.full(len(order), -1),
    ).take(order)
    scans.event_id[:] = first_event + np.arange(len(scans))
    return scans
