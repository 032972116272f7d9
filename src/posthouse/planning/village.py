"""快递进村: from village gaps to stations, a week of rounds and visits by others, one action per village or brand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from types import MappingProxyType

from posthouse.diagnosis.model import Gap
from posthouse.measures.model import Measurement
from posthouse.planning.accounts import explain_missing, find_binding, find_relaxations
from posthouse.planning.actions import make_action
from posthouse.planning.answer import Schedule, schedule_from
from posthouse.planning.costs import price_brands
from posthouse.planning.depots import Need
from posthouse.planning.effort import Effort
from posthouse.planning.expected import reliability_of
from posthouse.planning.fleet import HIRED
from posthouse.planning.frontier import trace_frontier
from posthouse.planning.ground import Ground
from posthouse.planning.model import Action, BrandCost, FrontierPoint, Plan, StationProposal, WeekPlan
from posthouse.planning.modes import mode_zh
from posthouse.planning.patterns import in_words
from posthouse.planning.previous import Previous
from posthouse.planning.stations import propose_stations
from posthouse.planning.weekly import WeeklyAnswer, plan_week
from posthouse.vocabulary.divisions import is_within
from posthouse.vocabulary.findings import Finding

STATION_MEASURES = frozenset({"village_station_coverage"})
DELIVERY_MEASURES = frozenset({"delivery_days_per_week", "main_island_delivery_days_per_week"})
COVERAGE_MEASURES = frozenset({"village_coverage", "main_island_village_coverage", "village_coverage_by_brand"})
MEASURES = STATION_MEASURES | DELIVERY_MEASURES | COVERAGE_MEASURES


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """Shares of the effort by stage, in their order, one in all; 0 leaves a stage out."""

    week: float
    brands: float
    relaxations: float = 0.0
    frontier: float = 0.0


MONTHLY = Depth(week=0.6, brands=0.4)
"""What the cycle of a month needs."""

FULL = Depth(week=0.35, brands=0.4, relaxations=0.05, frontier=0.2)
"""What companies need before they sign."""

CHANGED = Depth(week=1.0, brands=0.0)
"""A plan that is changed in seconds."""


def plan_villages(
    gaps: Sequence[Gap],
    ground: Ground,
    effort: Effort,
    *,
    seed: int,
    depth: Depth = MONTHLY,
    today: Mapping[tuple[str, str], float] = MappingProxyType({}),
    previous: Previous | None = None,
    everywhere: bool = False,
) -> Plan:
    """Return stations, the week and actions for the gaps whose measure is one of MEASURES.

    Parameters
    ----------
    today : visits a week by (village, brand) as measured; without it each brand is taken to visit as the village is.
    previous : an earlier plan that is to change only where it must.
    everywhere : plan all villages, not only those of the gaps: what companies drive together they drive everywhere.
    """
    effort = replace(effort, processes=ground.scenario.processes)
    effort.progress("选站点", 0.0)
    without_station = [code for code, _ in _villages([gap for gap in gaps if gap.measure in STATION_MEASURES], ground)]
    stations, no_host = propose_stations(without_station, ground, seed=seed)
    needs = _needs(gaps, ground, everywhere=everywhere)
    answer = plan_week(needs, ground, effort.part(depth.week), seed=seed, previous=previous)
    left = 1 - depth.week
    schedule = schedule_from(answer, ground, stations, lines=previous.lines if previous else {})
    brands: tuple[BrandCost, ...] = ()
    shares = None
    if depth.brands:
        budget = effort.part(depth.brands, left)
        brands, shares = price_brands(answer, ground, budget, seed=seed, today=today or _today(needs, ground))
        left -= depth.brands
    relaxations: tuple[str, ...] = ()
    if depth.relaxations and answer.missing:
        relaxations = find_relaxations(answer, ground, effort.part(depth.relaxations, left), seed=seed)
    frontier: tuple[FrontierPoint, ...] = ()
    if depth.frontier and needs:
        frontier = trace_frontier(needs, answer, ground, effort.part(depth.frontier, depth.frontier), seed=seed)
    return Plan(
        stations=stations,
        routes=schedule.routes,
        actions=tuple(action for gap in gaps for action in _actions(gap, stations, answer, ground)),
        weekly_cost_yuan=answer.cost_yuan,
        weekly_distance_km=sum(route.distance_km for route in schedule.routes),
        weekly_cost_alone_yuan=sum(brand.alone_yuan for brand in brands),
        weekly_cost_today_yuan=sum(brand.today_yuan for brand in brands),
        expected=_expected(gaps, stations, answer, ground),
        assumptions=_assumptions(answer, schedule, ground) if needs else (),
        unserved=(*no_host, *explain_missing(answer, ground)),
        findings=(*ground.demand.findings, *answer.findings, *_no_road(answer)),
        week=WeekPlan(
            timetable=schedule.timetable,
            cost_yuan=answer.cost_yuan,
            bound_yuan=answer.bound_yuan,
            modes=dict(schedule.modes),
            energy=dict(schedule.energy),
            co2_kg=schedule.co2_kg,
            parcels_per_week=sum(ground.demand.per_week(village) for village in answer.patterns),
            brands=brands,
            shares=shares,
            binding=find_binding(answer, ground),
            frontier=frontier,
            relaxations=relaxations,
            missing=dict(sorted(answer.missing.items())),
            is_complete=not effort.is_over,
        )
        if needs
        else None,
    )


def _no_road(answer: WeeklyAnswer) -> tuple[Finding, ...]:
    return tuple({f.place: f for own in answer.answers for f in own.week.depot.travel.findings}.values())


def _today(needs: Sequence[Need], ground: Ground) -> dict[tuple[str, str], float]:
    return {(need.village, brand): need.today for need in needs for brand in ground.demand.brands()}


def _villages(gaps: Sequence[Gap], ground: Ground) -> list[tuple[str, Measurement]]:
    """The administrative villages among the gaps' items, each once, by code."""
    found = {}
    for gap in gaps:
        for item in gap.items:
            division = ground.divisions.find(item.place) if item.place and item.brand is None else None
            if division is not None and division.kind == "administrative_village":
                found[division.code] = item
    return sorted(found.items())


def _needs(gaps: Sequence[Gap], ground: Ground, *, everywhere: bool) -> list[Need]:
    """Villages below the promised days, and villages that nobody reaches; the highest promise counts."""
    promised: dict[str, int] = {}
    today: dict[str, float] = {}
    rare = [gap for gap in gaps if gap.measure in DELIVERY_MEASURES]
    usual = min(7, max((ceil(gap.target) for gap in rare), default=ground.scenario.promise.visits_per_week))
    for gap in rare:
        for village, item in _villages([gap], ground):
            promised[village] = min(7, max(ceil(gap.target), promised.get(village, 0)))
            today[village] = item.value or 0.0
    for gap in gaps:
        if gap.measure in COVERAGE_MEASURES:
            for village, item in _villages([gap], ground):
                if not item.value:
                    promised.setdefault(village, usual)
    if everywhere:
        promised |= {v.code: usual for v in ground.divisions.list_villages() if v.code not in promised}
    return [
        Need(village=v, visits=zone, today=today.get(v, 0.0))
        for v, days in sorted(promised.items())
        if (zone := _zone(v, days, ground)) > 0
    ]


def _zone(village: str, visits: int, ground: Ground) -> int:
    """Visits a week of the smallest zone of the scenario that holds the village, else the usual ones."""
    zones = ground.scenario.promise.zones
    holding = [code for code in zones if is_within(village, code)]
    return zones[max(holding, key=lambda code: len(code.rstrip("0")))] if holding else visits


def _actions(gap: Gap, stations: Sequence[StationProposal], answer: WeeklyAnswer, ground: Ground) -> list[Action]:
    by_brand = [item for item in gap.items if item.brand is not None and item.place is None]
    if gap.measure == "village_coverage_by_brand" and by_brand:
        return [_brand_action(gap, item, ground) for item in by_brand]
    proposal = {station.village: station for station in stations}
    actions = []
    for village, _ in _villages([gap], ground):
        name = ground.divisions.name_with_town(village)
        if gap.measure in STATION_MEASURES:
            actions.append(_station_action(gap, village, name, proposal.get(village)))
        else:
            actions.append(_delivery_action(gap, village, name, answer))
    return actions


def _station_action(gap: Gap, village: str, name: str, station: StationProposal | None) -> Action:
    if station is None:
        title = f"为{name}找一处可设快递服务站的场所并建站"
        return make_action(gap, "station", title, place=village, place_name=name)
    return make_action(
        gap,
        "station",
        f"在{name}的{station.host_name}设村级快递服务站",
        place=village,
        place_name=name,
        expected=station.reason,
        cost_yuan_per_year=station.cost_yuan_per_year,
    )


def _delivery_action(gap: Gap, village: str, name: str, answer: WeeklyAnswer) -> Action:
    pattern = answer.patterns.get(village)
    if pattern is None:
        why = answer.remote.why.get(village)
        title = f"为{name}另定进村投递办法" if why else f"把{name}纳入联收联投，补齐缺少的品牌"
        return make_action(gap, "delivery", title, place=village, place_name=name, expected=why or "")
    ways = sorted({carry.offer.mode for carry in answer.carries if carry.village == village})
    by = "、".join(mode_zh(mode) for mode in ways) or "联收联投"
    title = f"{name}每周投递{len(pattern)}次（{in_words(pattern)}，{by}）"
    return make_action(gap, "delivery", title, place=village, place_name=name, expected=f"每周{len(pattern)}次")


def _brand_action(gap: Gap, item: Measurement, ground: Ground) -> Action:
    total = len(ground.divisions.list_villages())
    missing = ceil((gap.bar_for(None) - (item.value or 0.0)) * total - 1e-9)
    title = f"{item.brand}再覆盖{missing}个建制村，可委托联收联投车辆或邮政进村"
    return make_action(gap, "brand_entry", title, brand=item.brand, expected=f"建制村共{total}个")


def _expected(
    gaps: Sequence[Gap], stations: Sequence[StationProposal], answer: WeeklyAnswer, ground: Ground
) -> dict[str, float]:
    """The measures' values once the plan is carried out, all else as today; only where all villages are counted."""
    total = len(ground.divisions.list_villages())
    expected = {}
    for gap in gaps:
        if gap.value is None or not total or gap.measure.startswith("main_island"):
            continue
        if gap.measure in STATION_MEASURES:
            expected[gap.measure] = min(1.0, gap.value + len(stations) / total)
        elif gap.measure in DELIVERY_MEASURES:
            made = _visits_made(answer, ground)
            today = {village: item.value or 0.0 for village, item in _villages([gap], ground)}
            as_today = {village: today.get(village, 0.0) for village in answer.missing if village not in made}
            gained = sum(count - today[village] for village, count in made.items() if village in today)
            is_whole = len(made) + len(as_today) == total
            visits = sum({**made, **as_today}.values()) if is_whole else gap.value * total + gained
            expected[gap.measure] = visits / total
        elif gap.measure == "village_coverage":
            reached = sum(1 for v, item in _villages([gap], ground) if not item.value and v in answer.patterns)
            expected[gap.measure] = min(1.0, gap.value + reached / total)
    return expected


def _visits_made(answer: WeeklyAnswer, ground: Ground) -> dict[str, float]:
    """Visits a week by village, as far as they take place."""
    made = {(stop.village, drive.weekday): "pooled_van" for _, drive in answer.drives for stop in drive.stops}
    made |= {(carry.village, carry.weekday): carry.offer.mode for carry in answer.carries}
    found: dict[str, float] = defaultdict(float)
    for (village, _), mode in made.items():
        found[village] += reliability_of(mode, ground.scenario)
    return found


def _assumptions(answer: WeeklyAnswer, schedule: Schedule, ground: Ground) -> tuple[str, ...]:
    rounds, demand = ground.scenario.rounds, ground.demand
    said = [
        "各品牌到村快件在同一网点集中后，由统一调配的车辆或委托的班车、邮车等送到村",
        f"{rounds.depart_min // 60}时{rounds.depart_min % 60:02d}分发车，司机一班不超过{rounds.shift_min}分钟，"
        f"每村停{rounds.stop_min:g}分钟，每件另加{rounds.stop_min_per_parcel:g}分钟",
        f"登记车辆的{rounds.available_share:.0%}可用于进村，其余在镇上投递",
        "单独投递的费用：同一频次下每个品牌各自派车，也可委托同样的班车、邮车；"
        "今日费用：按单独投递每到一村的费用乘以现有到村次数估计",
    ]
    if not demand.is_measured:
        said.append(f"没有收件数据，按每人每周{ground.scenario.demand.parcels_per_person_per_week:g}件估计")
    hired = {(route.depot_code, route.vehicle) for route in schedule.routes if route.vehicle.startswith(HIRED)}
    if hired:
        levers = ground.scenario.vehicles[ground.scenario.hired.kind]
        said.append(
            f"现有车辆不足或不合算，需增租{len(hired)}辆，每日{levers.yuan_per_day:.0f}元、每公里{levers.yuan_per_km:g}元"
        )
    said += [
        f"{own.week.depot.name}：该镇没有登记网点，以镇中心为起点"
        for own in answer.answers
        if not own.week.depot.outlets
    ]
    estimated = [own.week.depot.travel for own in answer.answers if own.week.depot.travel.is_estimated.any()]
    if estimated:
        count = sum(int(travel.is_estimated.sum()) for travel in estimated)
        travel = estimated[0]
        said.append(f"{count}段里程没有已知道路，按直线距离的{travel.detour:.2f}倍、时速{travel.speed_kmh:.0f}公里估算")
    return (*said, *answer.remote.assumptions)
