"""Stations for villages without one, in host facilities: the siting engine chooses, existing stations stay.

Cheapest in rent and in walking over all villages together, with room for what they get. A village with a facility of
its own keeps its own station unless the scenario lets villages share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from posthouse.optimise.siting.problem import StationProblem
from posthouse.optimise.siting.solve import solve_stations
from posthouse.planning.ground import Ground, Row
from posthouse.planning.model import StationProposal
from posthouse.territory.distance import straight_km

LEFT_OUT_YUAN = 1e6
"""Price of a village without station: above every rent, so that none is left out that could have one."""

NODES = 500
"""Limit of the exact search in pieces; villages share few sites, so that it is seldom reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    village: int
    site: int
    km: float


def propose_stations(
    villages: Sequence[str], ground: Ground, *, seed: int = 1
) -> tuple[tuple[StationProposal, ...], tuple[str, ...]]:
    """Return a station for each village that can have one, and the sentences why others have none."""
    levers = ground.scenario.stations
    sites = _sites(villages, ground)
    pairs = _pairs(villages, sites, ground)
    if not pairs:
        return (), tuple(_nowhere(village, ground) for village in villages)
    solution = solve_stations(
        _problem(villages, sites, pairs, ground), seconds=float("inf"), iterations=NODES, seed=seed
    )
    choices: dict[int, list[_Pair]] = {}
    for pair in pairs:
        choices.setdefault(pair.village, []).append(pair)
    proposals, unserved = [], []
    for number, village in enumerate(villages):
        site = int(solution.serves[number])
        if site < 0:
            unserved.append(_nowhere(village, ground))
            continue
        row = sites[site]
        chosen = next(pair for pair in choices[number] if pair.site == site)
        rent = _cost(row, levers.yuan_per_year)
        proposals.append(
            StationProposal(
                village=village,
                village_name=ground.divisions.name_with_town(village),
                host_kind=row["host"] or "独立",
                host_name=row["name"],
                reason=_reason(rent, choices[number], sites, chosen, ground),
                cost_yuan_per_year=rent,
            )
        )
    return tuple(proposals), tuple(unserved)


def _sites(villages: Sequence[str], ground: Ground) -> list[Row]:
    """Facilities that could become stations, and, where villages may share, stations that exist."""
    kinds = (
        {"host_facility"} if ground.scenario.stations.own_station != "shared" else {"host_facility", "village_station"}
    )
    return [
        row for row in sorted(ground.rows["service_points"], key=lambda r: str(r["point_id"])) if row["kind"] in kinds
    ]


def _pairs(villages: Sequence[str], sites: Sequence[Row], ground: Ground) -> list[_Pair]:
    """Which village could use which facility: its own, or one within the walk where it may share."""
    import numpy as np

    levers = ground.scenario.stations
    own: dict[str, list[int]] = {}
    for number, row in enumerate(sites):
        own.setdefault(row["division"], []).append(number)
    placed = [n for n, row in enumerate(sites) if row["lon"] is not None and row["lat"] is not None]
    lon = np.array([sites[n]["lon"] for n in placed], dtype=np.float64)
    lat = np.array([sites[n]["lat"] for n in placed], dtype=np.float64)
    islands = np.array([ground.island_of(sites[n]["division"]) for n in placed], dtype=object)
    pairs = []
    for number, village in enumerate(villages):
        inside = own.get(village, [])
        pairs += [_Pair(village=number, site=site, km=0.0) for site in inside]
        division = ground.divisions.find(village)
        may_share = levers.own_station == "shared" or (levers.own_station == "where_possible" and not inside)
        if not may_share or division is None or division.position is None or not placed:
            continue
        km = straight_km(np.array(division.position[0]), np.array(division.position[1]), lon, lat)
        for near in np.flatnonzero((km <= levers.walk_km) & (islands == division.island)):
            if placed[near] not in inside:
                pairs.append(_Pair(village=number, site=placed[near], km=float(km[near])))
    return pairs


def _problem(villages: Sequence[str], sites: Sequence[Row], pairs: Sequence[_Pair], ground: Ground) -> StationProblem:
    import numpy as np

    levers = ground.scenario.stations
    home = {village: number for number, village in enumerate(villages)}
    inside = {pair.village for pair in pairs if pair.km == 0.0}
    always = levers.own_station == "always"
    demand = np.array([ground.demand.per_week(village) / 7 for village in villages])
    return StationProblem(
        demand=np.minimum(demand, levers.capacity_parcels_per_day),
        pair_village=np.array([pair.village for pair in pairs], dtype=np.int64),
        pair_site=np.array([pair.site for pair in pairs], dtype=np.int64),
        pair_km=np.array([pair.km for pair in pairs]),
        pair_cost_yuan=np.array([pair.km * levers.yuan_per_km_walked for pair in pairs]),
        site_cost_yuan=np.array([_cost(row, levers.yuan_per_year) for row in sites]),
        site_capacity=np.full(len(sites), levers.capacity_parcels_per_day),
        kept=np.array([row["kind"] == "village_station" for row in sites], dtype=np.bool_),
        # The engine wants some village for each site; which one matters only to pairs, and those are chosen above.
        site_village=np.array([home.get(row["division"], 0) for row in sites], dtype=np.int64),
        own_station=np.array(
            [always or (levers.own_station == "where_possible" and n in inside) for n in range(len(villages))],
            dtype=np.bool_,
        ),
        walk_limit_km=levers.walk_km,
        unserved_cost_yuan=np.full(len(villages), LEFT_OUT_YUAN),
        villages=tuple(villages),
        sites=tuple(str(row["point_id"]) for row in sites),
    )


def _cost(row: Row, prices: Mapping[str, float]) -> float:
    """Yearly cost of a site; a station that exists is paid for already."""
    if row["kind"] == "village_station":
        return 0.0
    if row["rent_yuan_per_year"] is not None:
        return float(row["rent_yuan_per_year"])
    return prices.get(row["host"] or "独立", prices.get("独立", 0.0))


def _reason(rent: float, choices: Sequence[_Pair], sites: Sequence[Row], chosen: _Pair, ground: Ground) -> str:
    row, km = sites[chosen.site], chosen.km
    prices = ground.scenario.stations.yuan_per_year
    if row["kind"] == "village_station":
        return f"与距村{km:.1f}公里的已有服务站合用，不另花钱"
    shared = ground.scenario.stations.own_station == "shared"
    away = f"距村{km:.1f}公里" if shared else f"本村没有可用场所，距村{km:.1f}公里，须登记为本村服务站"
    place = "在本村" if km == 0 else away
    price = f"年费用{rent:,.0f}元" + ("" if row["rent_yuan_per_year"] is not None else "（未议，按同类场所估计）")
    if len(choices) == 1:
        return f"{place}，{price}，唯一可用场所"
    cheaper = [pair for pair in choices if _cost(sites[pair.site], prices) < rent]
    best = "最省" if not cheaper else f"连同步行和容量合计最省（另有{len(cheaper)}处租金更低）"
    return f"{place}，{price}，{len(choices)}处可用场所中{best}"


def _nowhere(village: str, ground: Ground) -> str:
    name = ground.divisions.name_with_town(village)
    reach = f"{ground.scenario.stations.walk_km:g}公里"
    return f"{name}：村内和{reach}以内没有登记可用场所，无法提出设站地点。请村里提供场所并登记。"
