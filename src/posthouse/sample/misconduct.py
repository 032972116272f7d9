"""Outlets that scan what did not happen: five large ones, each with a habit of its own that supervision must find.

A habit changes only the last mile, never the village a parcel came to or the day it was handed over, so that visits,
coverage and promises stay those of the service. The truth of times is counted afterwards, as scanned.
"""

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from posthouse.sample.batches import DELIVERED, OUT_FOR_DELIVERY, OUTLET_ARRIVED, STEPS, Batch
from posthouse.sample.months import DAY_S
from posthouse.sample.streams import open_stream
from posthouse.sample.world import World

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]

HABITS = ("step_skipped", "step_swapped", "interval_too_short", "batch_signed", "signed_without_arrival")
"""As the rules of supervision name them."""

SHARE = 0.6
"""Of an outlet's parcels that its habit touches, where it can."""

EARLY_S, HASTY_S = 3_600, 20
"""How long before arrival a swapped step lies; how long after setting out a hasty signature comes."""

BATCH_S = 21 * 3_600 + 55 * 60
"""Second of the day of batch signatures: after every other hand-over of that day."""

LEAST_BATCH, LEAST_BATCHED = 12, 60
"""Fewer parcels of a day are signed one by one; fewer of a month are no habit."""

Deeds = Counter[tuple[str, str]]
"""Parcels by habit and outlet id."""


def misbehave(world: World, batch: Batch) -> tuple[Batch, Deeds]:
    """Return the batch with the habits of the guilty outlets, and how many parcels each has touched."""
    import numpy as np

    destinies, deeds = batch.destinies, Counter[tuple[str, str]]()
    first = int(destinies.serial[0]) if len(batch) else 0
    stream = open_stream(world.seed, world.kind.name, "misconduct", world.month.text, first)
    tempted = stream.random(len(batch)) < SHARE
    times, present, missing = batch.times.copy(), batch.present.copy(), batch.missing.copy()
    town = np.where(destinies.destination >= 0, world.geography.place_town[destinies.destination], -1)
    complete = present[:, DELIVERED] & (missing < 0)
    in_town = destinies.village < 0
    for habit, town_index, brand in list_guilty(world):
        may = complete & tempted & (town == town_index) & (destinies.brand == brand)
        if habit not in ("step_skipped", "step_swapped"):
            may &= in_town
        if habit == "batch_signed":
            may &= _is_busy_day(times[:, DELIVERED] // DAY_S, may)
        rows = np.flatnonzero(may)
        match habit:
            case "step_skipped":
                missing[rows] = OUT_FOR_DELIVERY
            case "step_swapped":
                times[rows, OUT_FOR_DELIVERY] = times[rows, OUTLET_ARRIVED] - EARLY_S
            case "interval_too_short":
                times[rows, OUT_FOR_DELIVERY] = times[rows, DELIVERED] - HASTY_S
            case "batch_signed":
                times[rows, DELIVERED] = times[rows, DELIVERED] // DAY_S * DAY_S + BATCH_S
            case _:
                missing[rows] = OUTLET_ARRIVED
        if len(rows):
            outlet = world.market.outlets[int(world.market.outlet_of[town_index, brand])].outlet_id
            deeds[habit, outlet] += len(rows)
    rows = np.flatnonzero(missing >= 0)
    present[rows, missing[rows]] = False
    return replace(batch, times=times, present=present, missing=missing), deeds


def list_guilty(world: World) -> list[tuple[str, int, int]]:
    """Return habit, town and brand of each guilty outlet: drawn among large ones, their brand's only one in town.

    Where a brand has two, nobody can say which of them signed a parcel that neither scanned in.
    """
    import numpy as np

    geography, market, kind = world.geography, world.market, world.kind
    people = np.bincount(geography.place_town, geography.place_population, len(geography.town_codes))
    standing = Counter((o.town, o.brand) for o in market.outlets[: market.n_first] if o.kind == "outlet")
    only = [pair for pair, count in standing.items() if count == 1]
    by_size = sorted((-float(people[town] * kind.brands[brand].share), town, brand) for town, brand in only)
    largest = by_size[: 2 * len(HABITS)]
    chosen = open_stream(world.seed, kind.name, geography.n_villages, "guilty outlets").permutation(len(largest))
    return [(habit, largest[int(i)][1], largest[int(i)][2]) for habit, i in zip(HABITS, chosen, strict=False)]


def state_misconduct(deeds: Deeds) -> list[dict[str, object]]:
    """Return the entry of truth.json: who does what, and with how many parcels."""
    steps = {
        "step_skipped": STEPS[OUT_FOR_DELIVERY],
        "step_swapped": STEPS[OUT_FOR_DELIVERY],
        "interval_too_short": STEPS[DELIVERED],
    }
    return [
        {"kind": habit, "step": steps.get(habit, ""), "outlet": outlet, "parcels": count}
        for (habit, outlet), count in sorted(deeds.items())
    ]


def _is_busy_day(day: "npt.NDArray[np.int64]", may: "Bools") -> "Bools":
    import numpy as np

    days, at = np.unique(day, return_inverse=True)
    busy: Bools = np.bincount(at[may], minlength=len(days))[at] >= LEAST_BATCH
    return busy & (int((busy & may).sum()) >= LEAST_BATCHED)
