"""The registers as the planners need them: divisions, roads, outlets, vehicles, hosts, demand. Read once per plan."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from posthouse.planning.demand import Demand, demand_from
from posthouse.planning.scenario import Scenario
from posthouse.records.arrow import arrow_schema
from posthouse.records.schema import get_table
from posthouse.territory.divisions import divisions_from
from posthouse.territory.model import Divisions
from posthouse.territory.roads import ROAD_KINDS, RoadGraph, road_graph_from
from posthouse.territory.validity import rows_valid_on

if TYPE_CHECKING:
    import pyarrow

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the planners look things up in.

    roads : the register. graph : of these, without ferries; the scenario's closed roads are in both. month : 1..12, or
    0. rows : the registers by name, empty where one is missing.
    """

    scenario: Scenario
    divisions: Divisions
    roads: "pyarrow.Table"
    graph: RoadGraph
    month: int
    rows: Mapping[str, Sequence[Row]]
    demand: Demand

    @property
    def closed(self) -> frozenset[str]:
        """Roads that nobody may use."""
        return frozenset(self.scenario.rounds.closed_roads)

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

    def island_of(self, code: str) -> str:
        """Return the island of a division, empty on the mainland."""
        division = self.divisions.find(code)
        return division.island if division else ""

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
    "timetable",
    "roads",
)


def ground_from(registers: "Mapping[str, pyarrow.Table]", scenario: Scenario, on: date | None = None) -> Ground:
    """Return the ground of the registers.

    Parameters
    ----------
    registers : tables by name; `divisions` and `roads` are needed for villages, the others where they are planned
        with. `demand` (of `demand.count_parcels`) gives the parcels; without it the population does.
    on : the day on which rows must be valid; every row counts where no day is given.
    """

    def register(name: str) -> "pyarrow.Table":
        return registers[name] if name in registers else arrow_schema(get_table(name)).empty_table()

    divisions = divisions_from(register("divisions"), on)
    rows = {name: rows_valid_on(register(name), on) for name in _REGISTERS}
    roads = register("roads")
    month = scenario.month or (on.month if on else 0)
    return Ground(
        scenario=scenario,
        divisions=divisions,
        roads=roads,
        graph=road_graph_from(roads, on, kinds=ROAD_KINDS),
        month=month,
        rows=rows,
        demand=demand_from(
            registers.get("demand"),
            divisions.list_villages(),
            _main_brands(rows["operators"]),
            scenario,
            month,
        ),
    )


def _main_brands(operators: Sequence[Row]) -> tuple[str, ...]:
    """The main brands by name; all brands where none is marked."""
    marked = {row["brand"] for row in operators if row["is_main_brand"]}
    return tuple(sorted(marked or {row["brand"] for row in operators}))
