"""A month in which a village plan is carried out: who is visited on which days, what was missed, when vans came.

Driving and stops take other times than the plan assumes, and some rounds are missed, by the figures below: assumed
for the sample, so that a check of the plan has a truth to find. Villages that the plan leaves out stay as they were.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING

from posthouse.planning.exchange import plan_from_json
from posthouse.planning.model import Plan, Route
from posthouse.sample.destinies import draw_destinies
from posthouse.sample.geography import Geography
from posthouse.sample.service import NEVER, Service, fetched_share
from posthouse.sample.service_days import tabulate_service_days
from posthouse.sample.streams import open_stream
from posthouse.sample.world import CarriedOut, World
from posthouse.territory.roads import ROAD_KINDS, edge_table, make_graph
from posthouse.territory.ways import fastest_ways
from posthouse.vocabulary.errors import UnusableInputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

STORM, STORM_LOSS = 0.04, 0.3
"""Share of days with a storm; share of rounds and buses that do not go on such a day, beside all boats and drones."""
BROKEN = {"pooled_van": 0.012, "rural_bus": 0.015, "ferry": 0.02}
"""Share of runs that fail for their own reasons; those not named here lose PARTNER."""
PARTNER = 0.02
NO_FLIGHT = 0.2
"""Share of days on which a drone cannot fly."""
SPEED = {"tricycle": 0.62}
"""Share of the road register's speed at which a vehicle really drives; those not named here drive at VAN_SPEED."""
VAN_SPEED = 0.86
STOP_MIN, STOP_MIN_PER_PARCEL = 7.4, 0.15
"""What a stop really takes, and each parcel handed over beside it."""
SPREAD_LEG, SPREAD_STOP = 0.12, 0.2
"""Of the logarithms of driving and stopping times."""
LATEST_MIN = 20 * 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Week:
    """The plan by its runs. visits : (run, weekday) -> villages in order; a run is a round's line or a call's own."""

    visits: Mapping[tuple[str, str, int], tuple[int, ...]]
    rounds: Mapping[tuple[str, str, int], Route]
    calls: Mapping[tuple[str, str, int], int] = field(default_factory=dict)


def carry_out(world: World, path: Path, parcels: int) -> World:
    """Return the world in which the plan is carried out in its month.

    Parameters
    ----------
    path : plan.json or its folder. parcels : of the month, which say how long each stop lasts.

    Raises
    ------
    UnusableInputError : no plan, or one of another city.
    """
    file = path / "plan.json" if path.is_dir() else path
    try:
        content = file.read_bytes()
        plan = plan_from_json(json.loads(content))
    except (OSError, ValueError) as fault:
        raise UnusableInputError(
            f"--carry-out 应为 posthouse plan village 的结果文件夹，{file} 读不出来：{fault}。"
        ) from None
    week = _read_week(world.geography, plan, file)
    skipped, missed = _miss(world, week)
    service = _service(world, plan, week, skipped)
    served = replace(world, service=service)
    truth = {
        "plan": hashlib.sha256(content).hexdigest(),
        "missed": missed,
        "speed": {**SPEED, "": VAN_SPEED},
        "stop_min": STOP_MIN,
        "stop_min_per_parcel": STOP_MIN_PER_PARCEL,
    }
    arrived, departed = _drive(served, week, _handled(served, parcels))
    return replace(served, carried_out=CarriedOut(arrived_s=arrived, departed_s=departed, truth=truth))


def _read_week(geography: Geography, plan: Plan, file: Path) -> _Week:
    number = {code: i for i, code in enumerate(geography.place_codes[: geography.n_villages])}
    timetable = plan.week.timetable if plan.week else ()
    strange = sorted({call.village for call in timetable} - set(number))
    if strange or not timetable:
        found = f"村 {strange[0]} 不在这座城市里" if strange else "里面没有到村的时刻表"
        raise UnusableInputError(f"--carry-out 应为本城市的规划，{file} {found}。请换用为这座城市作的规划。")
    rounds, visits, calls = {}, {}, {}
    for route in plan.routes:
        run = ("pooled_van", route.line, route.weekday)
        rounds[run] = route
        visits[run] = tuple(number[visit.village] for visit in route.visits)
    for call in timetable:
        if call.mode != "pooled_van":
            run = (call.mode, f"{call.line}/{call.village}", call.weekday)
            visits[run], calls[run] = (number[call.village],), call.arrive_min
    return _Week(visits=visits, rounds=rounds, calls=calls)


def _miss(world: World, week: _Week) -> "tuple[Bools, list[dict[str, str]]]":
    """Return the village days on which nobody came though the plan says so, and a row for each with the reason."""
    import numpy as np

    month, n = world.month, world.geography.n_villages
    stream = open_stream(world.seed, world.kind.name, n, "missed", month.text)
    is_storm, is_flying = stream.random(month.days) < STORM, stream.random(month.days) >= NO_FLIGHT
    came = np.zeros((n, month.days), dtype=np.bool_)
    why: dict[tuple[int, int], str] = {}
    for run, villages in sorted(week.visits.items()):
        mode, _, weekday = run
        for day in range((weekday - 1 - month.first_weekday) % 7, month.days, 7):
            broken, blown = stream.random() < BROKEN.get(mode, PARTNER), stream.random() < STORM_LOSS
            if is_storm[day] and (blown or mode in ("ferry", "drone")):
                reason = "storm"
            elif mode == "drone" and not is_flying[day]:
                reason = "no_flight"
            elif broken:
                reason = "breakdown"
            else:
                came[list(villages), day] = True
                continue
            why |= {(village, day): reason for village in villages}
    for village in {village for village, _ in why}:
        if not came[village].any():  # a village that nobody reaches in a whole month would not follow the plan
            first = min(day for own, day in why if own == village)
            came[village, first] = True
    skipped = np.zeros_like(came)
    rows = []
    for (village, day), reason in sorted(why.items()):
        if not came[village, day]:
            skipped[village, day] = True
            on = month.period.start_on.replace(day=day + 1).isoformat()
            rows.append({"village": world.geography.place_codes[village], "on": on, "why": reason})
    return skipped, rows


def _service(world: World, plan: Plan, week: _Week, skipped: "Bools") -> Service:
    """The month's service, in planned villages that of the plan, by all brands together."""
    import numpy as np

    service, index = world.service, world.month.index
    union, pattern, share = service.union.copy(), service.pattern.copy(), service.outlet_share.copy()
    days: dict[int, int] = defaultdict(int)
    for (_, _, weekday), villages in week.visits.items():
        for village in villages:
            days[village] |= 1 << (weekday - 1)
    planned = np.array(sorted(days))
    masks = np.array([days[village] for village in planned])
    level = service.level.copy()
    level[planned] = [mask.bit_count() for mask in masks.tolist()]
    union[planned], pattern[planned] = masks, masks[:, None]
    share[planned] = fetched_share(level)[planned]
    opened, closed = service.opened_month.copy(), service.closed_month.copy()
    codes = {station.village for station in plan.stations}
    new = np.array([world.geography.place_codes[v] in codes for v in range(len(union))]) & ~service.has_station
    opened[new], closed[new] = index, NEVER
    before = service.level < world.kind.promise_days_per_week
    after = level < world.kind.promise_days_per_week
    return replace(
        service,
        level=level,
        union=union,
        pattern=pattern,
        outlet_share=share,
        skipped=np.where(np.isin(np.arange(len(union)), planned)[:, None], skipped, service.skipped),
        opened_month=opened,
        closed_month=closed,
        mended=np.where(level != service.level, before & ~after, service.mended),
        relapsed=np.where(level != service.level, ~before & after, service.relapsed),
    )


def _handled(world: World, parcels: int) -> "Ints":
    """Parcels handed over by village and day, as they will be drawn."""
    import numpy as np

    handled = np.zeros((world.geography.n_villages, world.month.days), dtype=np.int64)
    for destinies in draw_destinies(world, tabulate_service_days(world.month), parcels):
        here = destinies.village >= 0
        np.add.at(handled, (destinies.village[here], destinies.day[here]), 1)
    return handled


def _drive(world: World, week: _Week, handled: "Ints") -> "tuple[Ints, Ints]":
    """Return by village and day the second of the day when the parcels came and when they left; -1: not by the plan."""
    import numpy as np

    month = world.month
    stream = open_stream(world.seed, world.kind.name, "driven", month.text)
    minutes = _road_minutes(world.geography, week)
    arrived = np.full(handled.shape, -1, dtype=np.int64)
    departed = np.full(handled.shape, -1, dtype=np.int64)
    for run, villages in sorted(week.visits.items()):
        route = week.rounds.get(run)
        for day in range((run[2] - 1 - month.first_weekday) % 7, month.days, 7):
            if route is None:
                clock = week.calls[run] + float(stream.normal(0, 8.0))
                times, left = [max(6 * 60.0, clock)], max(5 * 60.0, clock - 60)
            else:
                left = route.depart_min + float(stream.uniform(-3.0, 12.0))
                times = _round(route, left, minutes, handled[list(villages), day], stream)
            for village, time in zip(villages, times, strict=True):
                if not handled[village, day] or world.service.skipped[village, day]:
                    continue
                second = round(min(time, LATEST_MIN) * 60)
                if arrived[village, day] < 0 or second < arrived[village, day]:
                    arrived[village, day], departed[village, day] = second, round(left * 60)
    return arrived, departed


def _round(
    route: Route,
    left: float,
    minutes: Mapping[tuple[str, str], float],
    handled: "Ints",
    stream: "np.random.Generator",
) -> list[float]:
    """Minutes of the day of each arrival; where nothing is handed over the van drives past.

    handled : parcels by visit.
    """
    speed, clock, at = SPEED.get(route.kind, VAN_SPEED), left, route.depot_code
    times = []
    for visit, parcels in zip(route.visits, handled.tolist(), strict=True):
        leg, stop = exp(stream.normal(0, SPREAD_LEG)), exp(stream.normal(0, SPREAD_STOP))
        if parcels:
            clock += minutes[at, visit.village] / speed * leg
            at = visit.village
        times.append(clock)
        if parcels:
            clock += (STOP_MIN + STOP_MIN_PER_PARCEL * parcels) * stop
    return times


def _road_minutes(geography: Geography, week: _Week) -> dict[tuple[str, str], float]:
    """Minutes between a depot and its villages at the register's speeds."""
    rows = [
        {
            "road_id": str(number),
            "from_node": road.start,
            "to_node": road.end,
            "kind": road.kind,
            "length_km": road.length_km,
            "minutes": road.minutes,
        }
        for number, road in enumerate(geography.roads)
        if road.kind in ROAD_KINDS
    ]
    graph = make_graph(edge_table(rows), {})
    together: dict[str, set[str]] = defaultdict(set)
    for route in week.rounds.values():
        together[route.depot_code] |= {visit.village for visit in route.visits}
    found: dict[tuple[str, str], float] = {}
    for depot, villages in together.items():
        places = [depot, *sorted(villages)]
        numbers = [graph.number_of[place] for place in places]
        minutes, _ = fastest_ways(graph, numbers, numbers)
        found |= {(a, b): float(minutes[i, j]) for i, a in enumerate(places) for j, b in enumerate(places)}
    return found
