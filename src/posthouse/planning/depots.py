"""Where rounds start, and which villages each depot serves: the towns with outlets, or one centre for each county.

A village goes with its own town unless another depot is clearly nearer. A village that no road joins to any depot, or
whose way there and back is longer than a driver's day, is remote: buses, ferries and drones are its only ways.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from posthouse.planning.ground import Ground, Row
from posthouse.territory.distance import DEFAULT_SPEED_KMH
from posthouse.territory.model import Travel
from posthouse.territory.travel import travel_between
from posthouse.vocabulary.divisions import Level, ancestor_of

CLEARLY_NEARER = 0.7
"""Share of the way from the own town below which another town's depot takes the village."""


BEYOND_SHIFT = "超过司机一班"
"""Words by which a village that a longer shift would reach is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A village to be visited `visits` times a week; it is visited `today` times now."""

    village: str
    visits: int
    today: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """A depot and its villages. travel : from and to the depot (place 0) and the villages in their order."""

    code: str
    name: str
    outlets: tuple[Row, ...]
    needs: tuple[Need, ...]
    travel: Travel

    @property
    def villages(self) -> tuple[str, ...]:
        """Codes of the villages."""
        return tuple(need.village for need in self.needs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All depots by code. remote : village that no van reaches -> (need, nearest depot's code, why)."""

    depots: tuple[Depot, ...]
    remote: Mapping[str, tuple[Need, str, str]]


def lay_out(needs: Sequence[Need], ground: Ground) -> Layout:
    """Return the depots with the villages that leave from each."""
    sites = _sites([need.village for need in needs], ground)
    if not sites or not needs:
        return Layout(depots=(), remote={need.village: (need, "", "区划表中找不到所属乡镇") for need in needs})
    codes, villages = sorted(sites), [need.village for need in needs]
    positions = {code: spot for code in codes if (spot := _position(code, sites[code], ground))}
    way = _travel(codes, villages, ground, positions)
    back = _travel(villages, codes, ground, positions)
    groups: dict[str, list[Need]] = defaultdict(list)
    remote = {}
    for column, need in enumerate(needs):
        minutes = {code: float(way.minutes[row, column] + back.minutes[column, row]) for row, code in enumerate(codes)}
        best = min(codes, key=lambda code: (minutes[code], code))
        home = _home(need.village, codes, ground)
        if home is not None and (minutes[best] > minutes[home] * CLEARLY_NEARER or best == home):
            best = home
        stop = ground.scenario.rounds.stop_min
        if reason := _too_far(minutes[best], stop, ground):
            remote[need.village] = (need, home or best, reason)
        else:
            groups[best].append(need)
    depots = [_depot(code, sites[code], group, ground, positions) for code, group in sorted(groups.items())]
    return Layout(depots=tuple(depots), remote=remote)


def _sites(villages: Sequence[str], ground: Ground) -> dict[str, tuple[Row, ...]]:
    """Division code of each depot -> its outlets; a town without outlets only where no town of the area has any."""
    towns = sorted({town.code for village in villages if (town := ground.divisions.town_of(village))})
    counties = {ancestor_of(town, Level.COUNTY) for town in towns}
    outlets: dict[str, tuple[Row, ...]] = {}
    for division in ground.divisions.list_level("town"):
        if ancestor_of(division.code, Level.COUNTY) in counties and (own := ground.outlets_of_town(division.code)):
            outlets[division.code] = own
    if ground.scenario.rounds.depot == "county":
        grouped: dict[str, list[str]] = defaultdict(list)
        for code in outlets:
            grouped[ancestor_of(code, Level.COUNTY)].append(code)
        return {
            max(own, key=lambda code: (len(outlets[code]), code)): tuple(
                row for code in sorted(own) for row in outlets[code]
            )
            for own in grouped.values()
        }
    return outlets or dict.fromkeys(towns, ())


def _home(village: str, codes: Sequence[str], ground: Ground) -> str | None:
    town = ground.divisions.town_of(village)
    return town.code if town is not None and town.code in codes else None


def _depot(
    code: str,
    outlets: Sequence[Row],
    needs: Sequence[Need],
    ground: Ground,
    positions: dict[str, tuple[float, float]],
) -> Depot:
    places = [code, *(need.village for need in needs)]
    return Depot(
        code=code,
        name=_name(code, outlets, ground),
        outlets=tuple(outlets),
        needs=tuple(needs),
        travel=_travel(places, places, ground, positions),
    )


def _travel(
    origins: Sequence[str], destinations: Sequence[str], ground: Ground, positions: dict[str, tuple[float, float]]
) -> Travel:
    travel = travel_between(
        origins, destinations, ground.divisions, ground.graph, positions=positions, closed=ground.closed
    )
    factor = ground.scenario.rounds.detour
    if not factor or not travel.is_estimated.any():
        return travel
    import dataclasses

    import numpy as np

    km = np.where(travel.is_estimated, travel.distance_km * factor / travel.detour, travel.distance_km)
    minutes = np.where(travel.is_estimated, km / (travel.speed_kmh or DEFAULT_SPEED_KMH) * 60, travel.minutes)
    return dataclasses.replace(travel, distance_km=km, minutes=minutes, detour=factor)


def _name(code: str, outlets: Sequence[Row], ground: Ground) -> str:
    """The outlet where the brands' parcels meet: a joint company's, else the post's, else the first."""
    if not outlets:
        return f"{ground.divisions.get(code).name}中心"
    kinds = {row["operator_id"]: row["kind"] for row in ground.rows["operators"]}
    rank = {"pooled": 0, "postal": 1}
    here = [row for row in outlets if row["division"] == code] or list(outlets)
    return str(
        min(here, key=lambda row: (rank.get(kinds.get(row["operator_id"], ""), 2), str(row["outlet_id"])))["name"]
    )


def _position(code: str, outlets: Sequence[Row], ground: Ground) -> tuple[float, float] | None:
    """Where a town has no surveyed position, that of its first surveyed outlet."""
    division = ground.divisions.find(code)
    if division is None or division.position is not None:
        return None
    surveyed = [row for row in outlets if row["lon"] is not None and row["lat"] is not None]
    return (float(surveyed[0]["lon"]), float(surveyed[0]["lat"])) if surveyed else None


def _too_far(driving_min: float, stop_min: float, ground: Ground) -> str:
    shift = ground.scenario.rounds.shift_min
    if not isfinite(driving_min):
        return "没有道路从网点通达（或没有经纬度可估算，须补登）"
    if driving_min + stop_min > shift:
        return f"往返一趟要{driving_min + stop_min:.0f}分钟，{BEYOND_SHIFT}{shift:.0f}分钟"
    return ""
