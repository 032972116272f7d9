"""Stations for villages without one: in a host facility of the village or within reach; cheapest, then nearest."""

from collections.abc import Mapping, Sequence

from posthouse.planning.defaults import Defaults
from posthouse.planning.ground import Ground, Row
from posthouse.planning.model import StationProposal


def propose_stations(villages: Sequence[str], ground: Ground) -> tuple[tuple[StationProposal, ...], tuple[str, ...]]:
    """Return a station for each village that has a host facility, and the sentences why others have none.

    A facility of the village itself goes before one nearby; within each, the cheapest, then the nearest, then by id.
    """
    defaults = ground.defaults
    hosts = ground.points_by_village("host_facility")
    proposals, unserved = [], []
    for village in villages:
        own = [(row, 0.0) for row in hosts.get(village, ())]
        near = [] if own else _near(village, hosts, ground, defaults.host_max_distance_km)
        if not own and not near:
            name = ground.divisions.name_with_town(village)
            reach = f"{defaults.host_max_distance_km:g}公里"
            unserved.append(f"{name}：村内和{reach}以内没有登记可用场所，无法提出设站地点。请村里提供场所并登记。")
            continue
        options = [(_rent(row, defaults), km, str(row["point_id"]), row) for row, km in own or near]
        rent, km, _, host = min(options, key=lambda option: option[:3])
        proposals.append(
            StationProposal(
                village=village,
                village_name=ground.divisions.name_with_town(village),
                host_kind=host["host"] or "独立",
                host_name=host["name"],
                reason=_reason(rent, km, len(options), is_known=host["rent_yuan_per_year"] is not None),
                cost_yuan_per_year=rent,
            )
        )
    return tuple(proposals), tuple(unserved)


def _near(
    village: str, hosts: Mapping[str, Sequence[Row]], ground: Ground, within_km: float
) -> list[tuple[Row, float]]:
    import numpy as np

    from posthouse.territory.distance import straight_km

    home = ground.divisions.find(village)
    rows = [row for own in hosts.values() for row in own if row["lon"] is not None and row["lat"] is not None]
    if home is None or home.position is None or not rows:
        return []
    lon, lat = home.position
    km = straight_km(
        np.array(lon), np.array(lat), np.array([row["lon"] for row in rows]), np.array([row["lat"] for row in rows])
    )
    islands = [(d.island if (d := ground.divisions.find(row["division"])) else "") for row in rows]
    return [
        (row, float(away))
        for row, away, island in zip(rows, km, islands, strict=True)
        if away <= within_km and island == home.island
    ]


def _rent(row: Row, defaults: Defaults) -> float:
    if row["rent_yuan_per_year"] is not None:
        return float(row["rent_yuan_per_year"])
    return defaults.host_rent_yuan_per_year[row["host"] or "独立"]


def _reason(rent: float, km: float, choices: int, *, is_known: bool) -> str:
    place = "在本村" if km == 0 else f"本村没有可用场所，距村{km:.1f}公里，须登记为本村服务站"
    price = f"年费用{rent:,.0f}元" + ("" if is_known else "（未议，按同类场所估计）")
    return f"{place}，{price}，" + ("唯一可用场所" if choices == 1 else f"{choices}处可用场所中最省")
