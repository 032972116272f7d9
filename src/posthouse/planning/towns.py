"""One town's delivery problem: where its rounds start, which villages a driver can reach, with what vehicles."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import atan2, ceil, cos, isfinite, radians

from posthouse.planning.fleet import hired_vans, pooled_vehicles
from posthouse.planning.ground import Ground, Row
from posthouse.planning.rounds import RoundProblem, VehicleKind
from posthouse.territory.model import Travel
from posthouse.territory.travel import travel_between


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A village to be visited `days` times a week; it is visited `days_today` times now."""

    village: str
    days: int
    days_today: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A town with the needs that can be reached from its depot, all of the same number of days.

    unreached : village -> why no round can go there. parcels : per visit. brands : those with an outlet here.
    vehicles : the pooled ones, then the vans that could be hired.
    """

    code: str
    depot: str
    depot_name: str
    has_outlet: bool
    days: int
    needs: tuple[Need, ...]
    unreached: Mapping[str, str]
    travel: Travel
    parcels: Mapping[str, int]
    brands: tuple[str, ...]
    vehicles: tuple[VehicleKind, ...]

    @property
    def villages(self) -> tuple[str, ...]:
        """Codes of the villages that can be reached."""
        return tuple(need.village for need in self.needs)


def town_from(code: str, days: int, needs: Sequence[Need], ground: Ground) -> Town:
    """Return the problem of one town for the villages that need the same number of days."""
    outlets = ground.outlets_of_town(code)
    depot, depot_name = _depot(code, outlets, [need.village for need in needs], ground)
    places = [depot, *(need.village for need in needs)]
    travel = travel_between(places, places, ground.divisions, ground.graph, positions=_position(code, outlets, ground))
    parcels = {need.village: ceil(ground.parcels_per_week.get(need.village, 0.0) / days) for need in needs}
    unreached = {}
    for number, need in enumerate(needs, start=1):
        driving = float(travel.minutes[0, number] + travel.minutes[number, 0])
        if reason := _too_far(driving, service_min(parcels[need.village], ground), ground.defaults.shift_min):
            unreached[need.village] = reason
    pooled = pooled_vehicles(ground.rows["vehicles"], outlets, ground.defaults)
    hired = hired_vans(_most_loads(parcels.values(), ground), ground.defaults, ground.divisions.get(code).name)
    return Town(
        code=code,
        depot=depot,
        depot_name=depot_name,
        has_outlet=bool(outlets),
        days=days,
        needs=tuple(need for need in needs if need.village not in unreached),
        unreached=unreached,
        travel=travel,
        parcels=parcels,
        brands=tuple(sorted({str(row["brand"]) for row in outlets})) or ground.main_brands(),
        vehicles=(*pooled, hired),
    )


def round_problem(town: Town, villages: Sequence[str], ground: Ground, *, brand_share: float = 1.0) -> RoundProblem:
    """Return one day's problem for these villages; brand_share : part of the parcels that one brand alone carries."""
    import numpy as np

    at = {code: i for i, code in enumerate(town.travel.origins)}
    rows = [at[town.depot], *(at[village] for village in villages)]
    block = np.ix_(rows, rows)
    parcels = tuple(ceil(town.parcels[village] * brand_share) for village in villages)
    return RoundProblem(
        minutes=town.travel.minutes[block],
        distance_km=town.travel.distance_km[block],
        parcels=parcels,
        service_min=tuple(service_min(count, ground) for count in parcels),
        vehicles=town.vehicles,
        shift_min=ground.defaults.shift_min,
    )


def bearings(town: Town, ground: Ground) -> dict[str, float]:
    """Return by village the direction from the depot in radians; villages without a position count as north."""
    home = ground.divisions.find(town.depot)
    origin = home.position if home else None
    found = {}
    for village in town.villages:
        position = ground.divisions.get(village).position
        if origin is None or position is None:
            found[village] = 0.0
        else:
            found[village] = atan2(
                position[1] - origin[1], (position[0] - origin[0]) * cos(radians((position[1] + origin[1]) / 2))
            )
    return found


def service_min(parcels: int, ground: Ground) -> float:
    """Return the minutes that a stop with so many parcels takes."""
    return ground.defaults.stop_min + ground.defaults.stop_min_per_parcel * parcels


def _depot(town: str, outlets: Sequence[Row], villages: Sequence[str], ground: Ground) -> tuple[str, str]:
    """The outlet where the brands' parcels meet: a joint company's, else the post's, else the nearest."""
    if not outlets:
        return town, f"{ground.divisions.get(town).name}中心"
    kinds = {row["operator_id"]: row["kind"] for row in ground.rows["operators"]}
    rank = {"pooled": 0, "postal": 1}
    nodes = {str(row["outlet_id"]): _node(str(row["division"]), town, ground) for row in outlets}
    places = sorted(set(nodes.values()))
    travel = travel_between(places, list(villages), ground.divisions, ground.graph)
    minutes = {place: float(travel.minutes[i].sum()) for i, place in enumerate(places)}
    best = min(
        outlets,
        key=lambda row: (
            rank.get(kinds.get(row["operator_id"], ""), 2),
            minutes[nodes[str(row["outlet_id"])]],
            str(row["outlet_id"]),
        ),
    )
    return nodes[str(best["outlet_id"])], str(best["name"])


def _node(division: str, town: str, ground: Ground) -> str:
    return division if division in ground.graph.number_of else town


def _position(town: str, outlets: Sequence[Row], ground: Ground) -> dict[str, tuple[float, float]]:
    """Where a town has no surveyed position, that of its first surveyed outlet."""
    if ground.divisions.get(town).position is not None:
        return {}
    surveyed = [row for row in outlets if row["lon"] is not None and row["lat"] is not None]
    return {town: (float(surveyed[0]["lon"]), float(surveyed[0]["lat"]))} if surveyed else {}


def _too_far(driving_min: float, service: float, shift_min: float) -> str:
    if not isfinite(driving_min):
        return "没有道路或轮渡从镇上通达（或没有经纬度可估算），需要轮渡、无人机或补登道路"
    if driving_min + service > shift_min:
        return f"往返一趟要{driving_min + service:.0f}分钟，超过司机一班{shift_min:.0f}分钟，可委托邮政或客运带件"
    return ""


def _most_loads(parcels: Iterable[int], ground: Ground) -> int:
    size = ground.defaults.hired_capacity_parcels
    return sum(max(1, ceil(count / size)) for count in parcels)
