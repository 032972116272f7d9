"""Rural buses along the valleys and ferries between the islands, as expanded stop times."""

from collections.abc import Mapping, Sequence

from posthouse.sample.streams import open_stream
from posthouse.sample.world import World

Row = Mapping[str, object]

WEEKDAYS = ("1111111", "1111110", "1111100", "1010101")
WEEKDAY_ODDS = (0.62, 0.16, 0.12, 0.10)


def list_timetable(world: World) -> list[Row]:
    """Return the rows of table `timetable`; the same in every month."""
    return [*_buses(world), *_ferries(world)]


def _buses(world: World) -> list[Row]:
    geography, shape = world.geography, world.kind.shape
    stream = open_stream(world.seed, world.kind.name, geography.n_villages, "buses")
    rows: list[Row] = []
    number = 0
    for valley in geography.valleys:
        has_line, weekdays = stream.random() < shape.bus_line_share, WEEKDAYS[int(stream.choice(4, p=WEEKDAY_ODDS))]
        takes, capacity = bool(stream.random() < shape.bus_parcel_share), float(stream.integers(6, 16) * 10)
        departures = sorted(
            int(m) * 5 for m in stream.choice(range(80, 200), size=int(stream.integers(2, 5)), replace=False)
        )
        # A line that hangs on an island's first village has no town seat to start from.
        if not has_line or geography.place_parent[valley[0]] >= 0:
            continue
        number += 1
        # Side hamlets lie off the road: the bus stops on the line that leads to the last village.
        line = _line_to(world, valley)
        town = geography.town_codes[int(geography.place_town[valley[0]])]
        stops = [(town, 0.0)] + [(geography.place_codes[p], float(geography.place_minutes[p])) for p in line]
        for trip, leaves in enumerate(departures):
            out = [(code, leaves + round(minutes * 1.25) + i) for i, (code, minutes) in enumerate(stops)]
            turn = out[-1][1] + 10
            total = stops[-1][1]
            back = [
                (code, turn + round((total - minutes) * 1.25) + i) for i, (code, minutes) in enumerate(reversed(stops))
            ]
            for mark, run in (("W", out), ("F", back)):
                trip_id = f"B{number:03d}-{trip + 1}{mark}"
                rows += _stop_rows(
                    f"B{number:03d}", trip_id, "bus", run, weekdays=weekdays, takes_parcels=takes, capacity_kg=capacity
                )
    return rows


def _line_to(world: World, valley: Sequence[int]) -> list[int]:
    parent = world.geography.place_parent
    line, at = [], valley[-1]
    while at >= 0:
        line.append(at)
        at = int(parent[at])
    return line[::-1]


def _ferries(world: World) -> list[Row]:
    geography = world.geography
    stream = open_stream(world.seed, world.kind.name, geography.n_villages, "ferries")
    islands = {island.name: island for island in world.kind.islands}
    island_of = {code: int(i) for code, i in zip(geography.place_codes, geography.place_island, strict=True)}
    island_of |= {code: int(i) for code, i in zip(geography.town_codes, geography.town_island, strict=True)}
    rows: list[Row] = []
    crossings = [road for road in geography.roads if road.kind == "ferry"]
    for number, road in enumerate(crossings, start=1):
        island = islands[world.kind.islands[island_of[road.end]].name]
        first = int(stream.integers(78, 90)) * 5
        gap = 600 // max(1, island.trips)
        crossing = round(road.minutes)
        for trip in range(island.trips):
            leaves = first + trip * gap
            out = [(road.start, leaves), (road.end, leaves + crossing)]
            back = [(road.end, leaves + crossing + 20), (road.start, leaves + 2 * crossing + 20)]
            for mark, run in (("W", out), ("F", back)):
                trip_id = f"F{number:02d}-{trip + 1}{mark}"
                capacity = 200.0 if island.is_main else 80.0
                rows += _stop_rows(
                    f"F{number:02d}",
                    trip_id,
                    "ferry",
                    run,
                    weekdays=island.ferry_days,
                    takes_parcels=not island.has_drone,
                    capacity_kg=capacity,
                )
    return rows


def _stop_rows(
    route_id: str,
    trip_id: str,
    mode: str,
    run: Sequence[tuple[str, int]],
    *,
    weekdays: str,
    takes_parcels: bool,
    capacity_kg: float,
) -> list[Row]:
    return [
        {
            "route_id": route_id,
            "trip_id": trip_id,
            "mode": mode,
            "stop_sequence": sequence,
            "division": code,
            "arrive_min": minute,
            "depart_min": minute + (1 if 1 < sequence < len(run) else 0),
            "weekdays": weekdays,
            "takes_parcels": takes_parcels,
            "capacity_kg": capacity_kg if takes_parcels else None,
        }
        for sequence, (code, minute) in enumerate(run, start=1)
    ]
