"""The registers as the planners need them: divisions, roads, outlets, vehicles, hosts, demand. Read once per plan."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from posthouse.planning.defaults import Defaults
from posthouse.records.arrow import arrow_schema
from posthouse.records.schema import get_table
from posthouse.territory.divisions import divisions_from
from posthouse.territory.model import Divisions
from posthouse.territory.roads import RoadGraph, road_graph_from
from posthouse.territory.validity import rows_valid_on

if TYPE_CHECKING:
    import pyarrow

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the planners look things up in.

    rows : the registers by name, empty where one is missing. parcels_per_week : by village.
    has_measured_demand : whether that was counted from parcels or estimated from the population.
    """

    defaults: Defaults
    divisions: Divisions
    graph: RoadGraph
    rows: Mapping[str, Sequence[Row]]
    parcels_per_week: Mapping[str, float]
    has_measured_demand: bool

    def outlets_of_town(self, town: str) -> tuple[Row, ...]:
        """Return the outlets (not sorting centres) of a town, by id."""
        return tuple(
            row
            for row in sorted(self.rows["outlets"], key=lambda r: str(r["outlet_id"]))
            if row["kind"] == "outlet" and self._town(row["division"]) == town
        )

    def points_by_village(self, kind: str) -> Mapping[str, tuple[Row, ...]]:
        """Return the service points of a kind by village, by id."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(self.rows["service_points"], key=lambda r: str(r["point_id"])):
            if row["kind"] == kind:
                found[row["division"]].append(row)
        return {village: tuple(rows) for village, rows in found.items()}

    def main_brands(self) -> tuple[str, ...]:
        """Return the main brands by name; all brands where none is marked."""
        marked = {row["brand"] for row in self.rows["operators"] if row["is_main_brand"]}
        return tuple(sorted(marked or {row["brand"] for row in self.rows["operators"]}))

    def _town(self, division: str) -> str | None:
        town = self.divisions.town_of(division)
        return town.code if town else None


_REGISTERS = (
    "outlets",
    "service_points",
    "operators",
    "vehicles",
    "parks",
    "factories",
    "projects",
    "channels",
    "residential_projects",
    "care_stations",
)


def ground_from(registers: "Mapping[str, pyarrow.Table]", defaults: Defaults, on: date | None = None) -> Ground:
    """Return the ground of the registers.

    Parameters
    ----------
    registers : tables by name; `divisions` and `roads` are needed for villages, the others where they are planned
        with. `parcels` (columns destination, accepted_at) gives the demand; without it the population does.
    on : the day on which rows must be valid; every row counts where no day is given.
    """

    def register(name: str) -> "pyarrow.Table":
        return registers[name] if name in registers else arrow_schema(get_table(name)).empty_table()

    divisions = divisions_from(register("divisions"), on)
    measured = _measured_demand(registers["parcels"]) if "parcels" in registers else {}
    demand = {
        village.code: measured.get(village.code, 0.0)
        if measured
        else (village.population or defaults.population) * defaults.parcels_per_person_per_week
        for village in divisions.list_villages()
    }
    return Ground(
        defaults=defaults,
        divisions=divisions,
        graph=road_graph_from(register("roads"), on),
        rows={name: rows_valid_on(register(name), on) for name in _REGISTERS},
        parcels_per_week=demand,
        has_measured_demand=bool(measured),
    )


def _measured_demand(parcels: "pyarrow.Table") -> dict[str, float]:
    """Parcels per week by destination over the days that the table spans."""
    import pyarrow.compute as pc

    if parcels.num_rows == 0:
        return {}
    first, last = pc.min(parcels["accepted_at"]).as_py(), pc.max(parcels["accepted_at"]).as_py()
    days = (last.date() - first.date()).days + 1
    counts = parcels.group_by("destination").aggregate([("destination", "count")])
    return {row["destination"]: row["destination_count"] * 7 / days for row in counts.to_pylist()}
