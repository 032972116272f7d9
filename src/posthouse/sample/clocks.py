"""Gives every parcel its times: step by step, by hour and weekday, waiting at the outlet for the village's next day.

Times are drawn forward from the day of acceptance, then the whole journey is moved so that the hand-over falls on the
day drawn for it. All hand-overs of a month fall into the month; acceptance may lie in the month before.
"""

from typing import TYPE_CHECKING

from posthouse.sample.batches import (
    ACCEPTED,
    DELIVERED,
    DESTINATION_ARRIVED,
    DESTINATION_DEPARTED,
    ORIGIN_ARRIVED,
    ORIGIN_DEPARTED,
    OUT_FOR_DELIVERY,
    OUTLET,
    OUTLET_ARRIVED,
    STATION,
    VILLAGE_ARRIVED,
    Batch,
    Destinies,
)
from posthouse.sample.months import DAY_S
from posthouse.sample.service_days import ServiceDays
from posthouse.sample.streams import open_stream
from posthouse.sample.world import CarriedOut, World

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

HOUR_S = 3_600
ACCEPT_BY_HOUR = (0, 0, 0, 0, 0, 0, 0, 1, 4, 7, 9, 8, 5, 6, 8, 10, 12, 12, 9, 5, 3, 1, 0, 0)
"""Relative acceptances by hour of the day: a small peak before noon, a large one towards evening."""

MORNING_S, NOON_S, EVENING_S = int(5.5 * HOUR_S), int(12.5 * HOUR_S), int(18.0 * HOUR_S)
"""Departures from the sorting centre to the outlets; only other cities have the last one."""


SORTED_S = int(8.5 * HOUR_S)
"""When the parcels of the morning can be handed over in a village at the earliest."""

SCANNING_S = 90
"""Within which a village's parcels are scanned on arrival."""


def set_clocks(world: World, days: ServiceDays, destinies: Destinies) -> Batch:
    """Return the parcels with the times of every step and the step that was left out, if any."""
    import numpy as np

    n = len(destinies.serial)
    first = int(destinies.serial[0]) if n else 0
    stream = open_stream(world.seed, world.kind.name, "clocks", world.month.text, first, n)
    times = np.zeros((n, 9), dtype=np.int64)
    is_noon = _under_way(world, destinies, times, stream)
    in_village = destinies.village >= 0
    at_outlet = destinies.how == OUTLET
    gap = days.gap[destinies.pattern, destinies.day]
    wait = np.where(in_village, (stream.random(n) * gap).astype(np.int64), 0)
    wait = np.where(in_village & (is_noon | _comes_early(world, destinies)) & (wait == 0), 1, wait)
    wait = np.where(at_outlet, stream.choice(4, size=n, p=(0.35, 0.4, 0.17, 0.08)), wait)
    arrival = destinies.day - wait
    shift = (world.month.first_day + arrival - times[:, OUTLET_ARRIVED] // DAY_S) * DAY_S
    times += shift[:, None]
    midnight = (world.month.first_day + destinies.day) * DAY_S
    _last_mile(world, destinies, times, midnight=midnight, is_noon=is_noon, wait=wait, stream=stream)
    present = np.ones((n, 9), dtype=bool)
    present[:, VILLAGE_ARRIVED] = in_village
    missing = _left_out(world, times, in_village, stream)
    rows = np.flatnonzero(missing >= 0)
    present[rows, missing[rows]] = False
    return Batch(destinies=destinies, times=times, present=present, missing=missing)


def _under_way(
    world: World, destinies: Destinies, times: "Ints", stream: "np.random.Generator"
) -> "npt.NDArray[np.bool_]":
    """Fill acceptance to arrival at the outlet, from midnight of acceptance; return who came with the noon van."""
    import numpy as np

    n = len(times)
    odds = np.cumsum(ACCEPT_BY_HOUR) / sum(ACCEPT_BY_HOUR)
    hour = np.searchsorted(odds, stream.random(n), side="right")
    times[:, ACCEPTED] = hour * HOUR_S + stream.integers(0, HOUR_S, n)
    # A collecting van leaves at the end of the afternoon or, for late parcels, an hour after acceptance.
    times[:, ORIGIN_ARRIVED] = times[:, ACCEPTED] + _hours(stream.uniform(1.2, 3.4, n))
    times[:, ORIGIN_DEPARTED] = times[:, ORIGIN_ARRIVED] + _hours(stream.uniform(0.8, 3.2, n))
    mean = np.array([region.hours for region in world.regions] + [2.5])
    spread = np.array([region.spread for region in world.regions] + [0.6])
    line = np.where(destinies.region < 0, len(world.regions), destinies.region)
    hours = np.maximum(0.5 * mean[line], mean[line] + spread[line] * stream.standard_normal(n))
    times[:, DESTINATION_ARRIVED] = times[:, ORIGIN_DEPARTED] + _hours(hours)
    ready = times[:, DESTINATION_ARRIVED] + _hours(stream.uniform(0.5, 1.6, n))
    day, clock = ready // DAY_S, ready % DAY_S
    is_noon = (clock > MORNING_S) & (clock <= NOON_S)
    is_evening = (destinies.destination < 0) & (clock > NOON_S) & (clock <= EVENING_S)
    departure = np.select([clock <= MORNING_S, is_noon, is_evening], [MORNING_S, NOON_S, EVENING_S], DAY_S + MORNING_S)
    times[:, DESTINATION_DEPARTED] = day * DAY_S + departure + stream.integers(0, 2_400, n)
    times[:, OUTLET_ARRIVED] = times[:, DESTINATION_DEPARTED] + _hours(stream.uniform(0.6, 1.6, n))
    return is_noon


def _last_mile(
    world: World,
    destinies: Destinies,
    times: "Ints",
    *,
    midnight: "Ints",
    is_noon: "npt.NDArray[np.bool_]",
    wait: "Ints",
    stream: "np.random.Generator",
) -> None:
    import numpy as np

    n = len(times)
    in_village, how = destinies.village >= 0, destinies.how
    start = np.where(
        in_village,
        stream.uniform(7.8, 9.2, n),
        np.where(is_noon, stream.uniform(14.8, 16.0, n), stream.uniform(8.0, 9.3, n)),
    )
    out_day = np.where(in_village, midnight, times[:, OUTLET_ARRIVED] // DAY_S * DAY_S)
    out = np.maximum(out_day + _hours(start), times[:, OUTLET_ARRIVED] + 300)
    minutes = world.geography.place_minutes[np.maximum(destinies.village, 0)]
    arrived = out + (minutes * 60 * stream.uniform(0.8, 1.2, n)).astype(np.int64) + _hours(stream.uniform(0.3, 2.2, n))
    arrived = np.minimum(arrived, midnight + _hours(np.full(n, 17.5)))
    if world.carried_out is not None:
        out, arrived = _as_carried_out(world.carried_out, destinies, midnight, (out, arrived), stream)
    times[:, OUT_FOR_DELIVERY] = out
    times[:, VILLAGE_ARRIVED] = arrived
    later = np.where((how == STATION) & in_village, stream.choice(3, size=n, p=(0.66, 0.25, 0.09)), 0)
    later = np.where(destinies.day + later >= world.month.days, 0, later)
    same_evening = np.minimum(arrived + _hours(stream.uniform(0.1, 6.0, n)), midnight + _hours(np.full(n, 21.5)))
    picked = np.where(later > 0, midnight + later * DAY_S + _hours(stream.uniform(8.0, 20.0, n)), same_evening)
    at_door = arrived + _hours(stream.uniform(0.03, 0.6, n))
    village_time = np.where(how == STATION, picked, at_door)
    in_town = np.minimum(out + _hours(stream.uniform(0.3, 5.0, n)), midnight + _hours(np.full(n, 21.8)))
    fetched = np.where(wait > 0, midnight + _hours(stream.uniform(9.0, 19.0, n)), in_town)
    times[:, DELIVERED] = np.where(in_village, village_time, np.where(how == OUTLET, fetched, in_town))


def _comes_early(world: World, destinies: Destinies) -> "npt.NDArray[np.bool_]":
    """Who is handed over before the morning's parcels are sorted, and so came the day before."""
    import numpy as np

    if world.carried_out is None:
        return np.zeros(len(destinies.day), dtype=np.bool_)
    arrived = world.carried_out.arrived_s[np.maximum(destinies.village, 0), destinies.day]
    return np.asarray((arrived >= 0) & (arrived < SORTED_S))


def _as_carried_out(
    carried_out: CarriedOut,
    destinies: Destinies,
    midnight: "Ints",
    otherwise: "tuple[Ints, Ints]",
    stream: "np.random.Generator",
) -> "tuple[Ints, Ints]":
    """Setting out and arrival: of what rounds of the plan bring theirs, of the rest what it was otherwise."""
    import numpy as np

    village = np.maximum(destinies.village, 0)
    came, left = carried_out.arrived_s[village, destinies.day], carried_out.departed_s[village, destinies.day]
    planned = (destinies.village >= 0) & (came >= 0)
    came = midnight + came + stream.integers(0, SCANNING_S, len(came))
    return np.where(planned, midnight + left, otherwise[0]), np.where(planned, came, otherwise[1])


def _left_out(
    world: World, times: "Ints", in_village: "npt.NDArray[np.bool_]", stream: "np.random.Generator"
) -> "Ints":
    """Return the step that no scanner saw. The arrival in a village is only left out where it was signed that day.

    Otherwise a parcel fetched on a later day would make a visit of a day on which nobody came.
    """
    import numpy as np

    n = len(times)
    step = stream.integers(0, 9, n)
    same_day = times[:, VILLAGE_ARRIVED] // DAY_S == times[:, DELIVERED] // DAY_S
    step = np.where((step == VILLAGE_ARRIVED) & ~(in_village & same_day), OUT_FOR_DELIVERY, step)
    return np.where(stream.random(n) < world.kind.faults.missing_step, step, -1)


def _hours(hours: "Floats") -> "Ints":
    import numpy as np

    return (hours * HOUR_S).astype(np.int64)
