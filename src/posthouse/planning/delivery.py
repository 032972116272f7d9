"""Weekly rounds of pooled vehicles for villages that are visited too rarely: days, vehicles, order, cost.

Town by town: all brands' parcels for the town's villages meet at one outlet and leave with the town's vehicles. Two
ways of sharing out the weekdays are solved and the cheaper is kept. What the same promise would cost if each brand
drove alone is solved beside it, and today's cost is estimated from it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from posthouse.planning.fleet import HIRED
from posthouse.planning.ground import Ground
from posthouse.planning.model import Route, Visit
from posthouse.planning.patterns import Pattern, day_sets, share_out
from posthouse.planning.rounds import Round, solve_rounds
from posthouse.planning.towns import Need, Town, bearings, round_problem, town_from
from posthouse.vocabulary.findings import Finding

CLIENT_ITERATIONS_PER_SECOND = 25_000
"""Stops times iterations that PyVRP does in a second on one slow core; turns seconds into a repeatable limit."""

_LEAST_ITERATIONS, _MOST_ITERATIONS = 30, 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPlan:
    """Rounds of a week. patterns : weekdays by village. unserved : reason by village that gets no round."""

    routes: tuple[Route, ...]
    patterns: Mapping[str, Pattern]
    unserved: Mapping[str, str]
    weekly_cost_alone_yuan: float
    weekly_cost_today_yuan: float
    assumptions: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Week:
    """One way to serve a town: the weekdays by village, and the rounds of each set of villages."""

    pattern: Mapping[str, Pattern]
    rounds: Mapping[tuple[str, ...], tuple[Round, ...]]

    @property
    def cost_yuan(self) -> float:
        return sum(r.cost_yuan * len(days) for villages, days in self.days.items() for r in self.rounds[villages])

    @property
    def days(self) -> Mapping[tuple[str, ...], tuple[int, ...]]:
        return day_sets(self.pattern)


def propose_delivery(needs: Sequence[Need], ground: Ground, *, seed: int, seconds: float) -> DeliveryPlan:
    """Return the cheapest rounds found for all needs, with the reasons where a village gets none.

    Parameters
    ----------
    seconds : about how long to search; it is turned into a number of iterations beforehand, so that the answer
        depends on the inputs and the seed alone.
    """
    towns, unserved = _towns(needs, ground)
    options = [share_out(town.villages, bearings(town, ground), town.parcels, town.days) for town in towns]
    iterations = _iterations(seconds, towns, options)
    routes: list[Route] = []
    patterns: dict[str, Pattern] = {}
    alone = today = 0.0
    for town, ways in zip(towns, options, strict=True):
        weeks = [week for way in ways if (week := _solve(town, way, ground, seed, iterations)) is not None]
        if not weeks:
            unserved |= dict.fromkeys(town.villages, "在给定的计算量内没有找到可行的排班")
            continue
        best = min(weeks, key=lambda week: week.cost_yuan)
        patterns |= best.pattern
        routes += _routes(town, best, ground)
        per_day = _brand_alone(town, ground, seed, iterations)
        alone += per_day * len(town.brands) * town.days
        today += per_day / len(town.needs) * sum(need.days_today for need in town.needs)
    return DeliveryPlan(
        routes=tuple(sorted(routes, key=lambda r: (r.weekday, r.depot, r.vehicle))),
        patterns=patterns,
        unserved=unserved,
        weekly_cost_alone_yuan=alone,
        weekly_cost_today_yuan=today,
        assumptions=_assumptions(routes, towns, ground),
        findings=tuple({f.place: f for town in towns for f in town.travel.findings}.values()),
    )


def _towns(needs: Sequence[Need], ground: Ground) -> tuple[list[Town], dict[str, str]]:
    """The towns with villages that can be reached, and why the other villages cannot."""
    grouped: dict[tuple[str, int], list[Need]] = defaultdict(list)
    unserved = {}
    for need in sorted(needs, key=lambda n: n.village):
        division = ground.divisions.town_of(need.village)
        if division is None:
            unserved[need.village] = "区划表中找不到所属乡镇"
        else:
            grouped[division.code, need.days].append(need)
    towns = [town_from(code, days, group, ground) for (code, days), group in sorted(grouped.items())]
    for town in towns:
        unserved |= town.unreached
    return [town for town in towns if town.needs], unserved


def _iterations(seconds: float, towns: Sequence[Town], options: Sequence[Sequence[Mapping[str, Pattern]]]) -> int:
    """Iterations of each round's search, so that all of them together take about so many seconds."""
    stops = sum(len(town.needs) for town in towns)
    stops += sum(len(villages) for ways in options for way in ways for villages in day_sets(way))
    return int(min(max(seconds * CLIENT_ITERATIONS_PER_SECOND / max(stops, 1), _LEAST_ITERATIONS), _MOST_ITERATIONS))


def _solve(town: Town, pattern: Mapping[str, Pattern], ground: Ground, seed: int, iterations: int) -> _Week | None:
    solved = {}
    for villages in day_sets(pattern):
        rounds = solve_rounds(round_problem(town, villages, ground), seed=seed, iterations=iterations)
        if rounds is None:
            return None
        solved[villages] = rounds
    return _Week(pattern=pattern, rounds=solved)


def _brand_alone(town: Town, ground: Ground, seed: int, iterations: int) -> float:
    """Cost of one day on which an average brand drives to all villages with vehicles such as the town has."""
    problem = round_problem(town, town.villages, ground, brand_share=1 / max(2, len(town.brands)))
    rounds = solve_rounds(problem, seed=seed, iterations=iterations)
    return sum(r.cost_yuan for r in rounds) if rounds else 0.0


def _routes(town: Town, week: _Week, ground: Ground) -> list[Route]:
    return [
        Route(
            weekday=day,
            vehicle=drive.vehicle,
            depot=town.depot_name,
            visits=tuple(
                Visit(
                    village=villages[stop - 1],
                    village_name=ground.divisions.name_with_town(villages[stop - 1]),
                    arrive_min=round(ground.defaults.depart_min + arrive),
                    parcels=parcels,
                )
                for stop, parcels, arrive in zip(drive.stops, drive.parcels, drive.arrive_min, strict=True)
            ),
            distance_km=drive.distance_km,
            duration_min=drive.duration_min,
            cost_yuan=drive.cost_yuan,
        )
        for villages, days in week.days.items()
        for day in days
        for drive in week.rounds[villages]
    ]


def _assumptions(routes: Sequence[Route], towns: Sequence[Town], ground: Ground) -> tuple[str, ...]:
    if not towns:
        return ()
    d = ground.defaults
    said = [
        "镇内各品牌的车辆统一调配，各品牌到村快件在同一网点集中后出发",
        f"{d.depart_min // 60}时{d.depart_min % 60:02d}分发车，司机一班不超过{d.shift_min}分钟，"
        f"每村停{d.stop_min:g}分钟，每件另加{d.stop_min_per_parcel:g}分钟",
        "单独投递的费用：同一频次下每个品牌各自派车；今日费用：按单独投递每到一村的费用乘以现有到村次数估计",
    ]
    if not ground.has_measured_demand:
        said.append(f"没有收件数据，按每人每周{d.parcels_per_person_per_week:g}件估计")
    hired = sorted({route.vehicle for route in routes if route.vehicle.startswith(HIRED)})
    if hired:
        said.append(
            f"现有车辆不足或不合算，需增租{len(hired)}辆，"
            f"每日{d.hired_cost_yuan_per_day:.0f}元、每公里{d.hired_cost_yuan_per_km:g}元"
        )
    said += [f"{town.depot_name}：该镇没有登记网点，以镇中心为起点" for town in towns if not town.has_outlet]
    ferried = sum(_count_ferried(town, ground) for town in towns)
    if ferried:
        said.append(f"{ferried}个村经轮渡到达：只计航行和等候时间，渡轮的开行日和运费没有计入，须与航班核对")
    estimated = sum(int(town.travel.is_estimated.sum()) for town in towns)
    if estimated:
        detour, speed = max((town.travel.detour, town.travel.speed_kmh) for town in towns)
        said.append(f"{estimated}段里程没有已知道路，按直线距离的{detour:.2f}倍、时速{speed:.0f}公里估算")
    return tuple(said)


def _count_ferried(town: Town, ground: Ground) -> int:
    """Number of the town's villages on another island than its depot."""
    home = ground.divisions.find(town.depot)
    return sum(1 for code in town.villages if home is not None and ground.divisions.get(code).island != home.island)
