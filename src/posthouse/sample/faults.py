"""Plants faults into scans so that the cleaning rules restore the stated truth exactly.

Duplicates repeat a row. Clock faults are extra copies with a time that cannot be. Late rows are recorded days later.
A corrected row first says something wrong (another village, another hour) and is replaced by a correction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from posthouse.sample.batches import DELIVERED
from posthouse.sample.months import DAY_S
from posthouse.sample.scans import Scans
from posthouse.sample.streams import open_stream
from posthouse.sample.world import World

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LATE_S = 2 * DAY_S
"""From this delay of recording on a row counts as late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faulty:
    """The rows as they reach the platform, and how many faults of each kind are among them."""

    scans: Scans
    counts: Mapping[str, int]


def plant_faults(world: World, scans: Scans, first_event: int) -> Faulty:
    """Return the scans with faults, by time of recording; new rows get event ids from first_event + len(scans) on."""
    import numpy as np

    rates = world.kind.faults
    stream = open_stream(world.seed, world.kind.name, "faults", world.month.text, first_event)
    n = len(scans)
    bounds = np.cumsum([rates.duplicate, rates.clock, rates.late, rates.correction])
    lot = np.searchsorted(bounds, stream.random(n), side="right")
    duplicated, skewed, late, corrected = (np.flatnonzero(lot == i) for i in range(4))
    late_rows = np.zeros(n, dtype=np.int64)
    late_rows[late] = LATE_S + stream.integers(0, 6 * DAY_S, len(late))
    kept = replace(scans, recorded_at=scans.recorded_at + late_rows)
    copies = _skewed_copies(world, kept.take(skewed), first_event + n, stream)
    kept, corrections = _correct(world, kept, corrected, first_event + n + len(copies), stream)
    together = _concatenate([kept, kept.take(duplicated), copies, corrections])
    order = np.argsort(together.recorded_at, kind="stable")
    return Faulty(
        scans=together.take(order),
        counts={
            "duplicate_scans": len(duplicated),
            "clock_faults": len(copies),
            "late_arrivals": len(late),
            "corrections": len(corrections),
        },
    )


def _skewed_copies(world: World, rows: Scans, first_event: int, stream: "np.random.Generator") -> Scans:
    """Return copies whose clock is wrong in one of three ways: before 2020, hours ahead, or days ahead."""
    import numpy as np

    n = len(rows)
    way = stream.integers(0, 3, n)
    long_ago = -stream.integers(100, 1_400, n) * DAY_S + rows.event_at % DAY_S
    ahead = rows.recorded_at + stream.integers(1_800, 20 * 3_600, n)
    far_ahead = rows.recorded_at + stream.integers(2 * DAY_S, 40 * DAY_S, n)
    return replace(
        rows,
        event_id=first_event + np.arange(n),
        event_at=np.select([way == 0, way == 1], [long_ago, ahead], far_ahead),
        recorded_at=rows.recorded_at + 7,
    )


def _correct(
    world: World, scans: Scans, rows: "npt.NDArray[np.int64]", first_event: int, stream: "np.random.Generator"
) -> tuple[Scans, Scans]:
    """Return the scans with these rows made wrong, and the corrections that say what was true."""
    import numpy as np

    true = scans.take(rows)
    corrections = replace(
        true,
        event_id=first_event + np.arange(len(rows)),
        recorded_at=true.recorded_at + stream.integers(600, 20 * 3_600, len(rows)),
        corrects=true.event_id,
    )
    other = stream.integers(0, world.geography.n_villages, len(rows))
    # A hand-over at the town outlet is first booked as one in some village; other rows are first booked hours early.
    is_moved = (true.step == DELIVERED) & (true.how >= 0)
    wrong_village, wrong_how, wrong_at = scans.village.copy(), scans.how.copy(), scans.event_at.copy()
    wrong_village[rows] = np.where(is_moved, other, true.village)
    wrong_how[rows] = np.where(is_moved, 0, true.how)
    wrong_at[rows] -= np.where(is_moved, 0, stream.integers(1_800, 14_400, len(rows)))
    return replace(scans, village=wrong_village, how=wrong_how, event_at=wrong_at), corrections


def _concatenate(parts: list[Scans]) -> Scans:
    import numpy as np

    return Scans(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Scans)})
