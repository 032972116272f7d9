"""快递进村: from village gaps to stations, weekly rounds, and one action per village or brand."""

from collections.abc import Sequence
from math import ceil

from posthouse.diagnosis.model import Gap
from posthouse.measures.model import Measurement
from posthouse.planning.actions import make_action
from posthouse.planning.delivery import DeliveryPlan, propose_delivery
from posthouse.planning.ground import Ground
from posthouse.planning.model import Action, Plan, StationProposal
from posthouse.planning.patterns import in_words
from posthouse.planning.stations import propose_stations
from posthouse.planning.towns import Need

STATION_MEASURES = frozenset({"village_station_coverage"})
DELIVERY_MEASURES = frozenset({"delivery_days_per_week", "main_island_delivery_days_per_week"})
COVERAGE_MEASURES = frozenset({"village_coverage", "main_island_village_coverage", "village_coverage_by_brand"})
MEASURES = STATION_MEASURES | DELIVERY_MEASURES | COVERAGE_MEASURES


def plan_villages(gaps: Sequence[Gap], ground: Ground, *, seed: int, seconds: float) -> Plan:
    """Return stations, rounds and actions for the gaps whose measure is one of MEASURES."""
    without_station = _villages([gap for gap in gaps if gap.measure in STATION_MEASURES], ground)
    stations, no_host = propose_stations([code for code, _ in without_station], ground)
    delivery = propose_delivery(_needs(gaps, ground), ground, seed=seed, seconds=seconds)
    actions = [action for gap in gaps for action in _actions(gap, stations, delivery, ground)]
    names = ground.divisions
    unserved = (*no_host, *(f"{names.name_with_town(v)}：{why}。" for v, why in sorted(delivery.unserved.items())))
    return Plan(
        stations=stations,
        routes=delivery.routes,
        actions=tuple(actions),
        weekly_cost_yuan=sum(route.cost_yuan for route in delivery.routes),
        weekly_distance_km=sum(route.distance_km for route in delivery.routes),
        weekly_cost_alone_yuan=delivery.weekly_cost_alone_yuan,
        weekly_cost_today_yuan=delivery.weekly_cost_today_yuan,
        expected=_expected(gaps, stations, delivery, ground),
        assumptions=delivery.assumptions,
        unserved=unserved,
        findings=delivery.findings,
    )


def _villages(gaps: Sequence[Gap], ground: Ground) -> list[tuple[str, Measurement]]:
    """The administrative villages among the gaps' items, each once, by code."""
    found = {}
    for gap in gaps:
        for item in gap.items:
            division = ground.divisions.find(item.place) if item.place and item.brand is None else None
            if division is not None and division.kind == "administrative_village":
                found[division.code] = item
    return sorted(found.items())


def _needs(gaps: Sequence[Gap], ground: Ground) -> list[Need]:
    """Villages below the promised days, and villages that nobody reaches; the highest promise counts."""
    promised: dict[str, int] = {}
    today: dict[str, float] = {}
    rare = [gap for gap in gaps if gap.measure in DELIVERY_MEASURES]
    usual = max((ceil(gap.target) for gap in rare), default=ground.defaults.days_per_week)
    for gap in rare:
        for village, item in _villages([gap], ground):
            promised[village] = min(7, max(ceil(gap.target), promised.get(village, 0)))
            today[village] = item.value or 0.0
    for gap in gaps:
        if gap.measure in COVERAGE_MEASURES:
            for village, item in _villages([gap], ground):
                if not item.value:
                    promised.setdefault(village, min(7, usual))
    return [Need(village=v, days=days, days_today=today.get(v, 0.0)) for v, days in sorted(promised.items())]


def _actions(gap: Gap, stations: Sequence[StationProposal], delivery: DeliveryPlan, ground: Ground) -> list[Action]:
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
            actions.append(_delivery_action(gap, village, name, delivery))
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


def _delivery_action(gap: Gap, village: str, name: str, delivery: DeliveryPlan) -> Action:
    pattern = delivery.patterns.get(village)
    if pattern is None:
        why = delivery.unserved.get(village)
        title = f"为{name}另定进村投递办法" if why else f"把{name}纳入联收联投，补齐缺少的品牌"
        return make_action(gap, "delivery", title, place=village, place_name=name, expected=why or "")
    title = f"{name}每周投递{len(pattern)}次（{in_words(pattern)}，联收联投）"
    return make_action(gap, "delivery", title, place=village, place_name=name, expected=f"每周{len(pattern)}次")


def _brand_action(gap: Gap, item: Measurement, ground: Ground) -> Action:
    total = len(ground.divisions.list_villages())
    missing = ceil((gap.bar_for(None) - (item.value or 0.0)) * total - 1e-9)
    title = f"{item.brand}再覆盖{missing}个建制村，可委托联收联投车辆或邮政进村"
    return make_action(gap, "brand_entry", title, brand=item.brand, expected=f"建制村共{total}个")


def _expected(
    gaps: Sequence[Gap], stations: Sequence[StationProposal], delivery: DeliveryPlan, ground: Ground
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
            gained = sum(
                max(0.0, len(delivery.patterns[village]) - (item.value or 0.0))
                for village, item in _villages([gap], ground)
                if village in delivery.patterns
            )
            expected[gap.measure] = gap.value + gained / total
        elif gap.measure == "village_coverage":
            reached = sum(1 for v, item in _villages([gap], ground) if not item.value and v in delivery.patterns)
            expected[gap.measure] = min(1.0, gap.value + reached / total)
    return expected
