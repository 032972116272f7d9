"""A Plan: what we propose to close the gaps. The city's own 方案 is a Programme, never a plan."""

from dataclasses import dataclass, field

from posthouse.vocabulary.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class StationProposal:
    """A new village station: where, in which host facility, why, at what yearly cost."""

    village: str
    village_name: str
    host_kind: str
    host_name: str
    reason: str
    cost_yuan_per_year: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One stop of a route: village, arrival in minutes after midnight, load handed over, and the station it is for."""

    village: str
    village_name: str
    arrive_min: int
    parcels: int
    point: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One vehicle's round on one weekday (1 Monday … 7 Sunday).

    depot_code : division from which it starts. kind : of vehicle. energy : kWh or litres.
    """

    weekday: int
    vehicle: str
    depot: str
    visits: tuple[Visit, ...]
    distance_km: float
    duration_min: float
    cost_yuan: float
    depot_code: str = ""
    kind: str = ""
    line: str = ""
    depart_min: int = 0
    energy: float = 0.0
    co2_kg: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One entry of the timetable (定时定点定线): who comes to a village on a weekday, when, where to.

    mode : pooled_van, postal_van, rural_bus, shop_hosting, farm_van, ferry or drone. line : of the round, the trip or
    the partner. point : the station. cost_yuan : what others are paid for it; 0 for a round, which is paid as a whole.
    """

    village: str
    village_name: str
    weekday: int
    arrive_min: int
    mode: str
    line: str
    point: str
    parcels: float
    depot_code: str = ""
    cost_yuan: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandCost:
    """One brand's week in yuan: as it delivers today, alone with the promise kept, and its share of the pooled cost.

    visits_today, visits : villages times days. Today's cost is an estimate: today's visits at the cost of one alone.
    """

    brand: str
    parcels_per_week: float
    visits_today: float
    visits: int
    today_yuan: float
    alone_yuan: float
    share_yuan: float

    @property
    def saved_yuan(self) -> float:
        """Alone less share."""
        return self.alone_yuan - self.share_yuan


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How the pooled cost is divided, with its certificate in words.

    in_core : no coalition that was priced would pay less on its own. objections : brands and yuan of those that would.
    """

    method: str
    in_core: bool
    coalitions: int
    is_complete: bool
    statement: str
    objections: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What limits the plan: vehicles, hours, bus or ferry room; worth_yuan a week of one more, None where unknown."""

    what: str
    where: str
    statement: str
    worth_yuan: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierPoint:
    """The weekly cost of another promise: so many visits a week to this share of the villages.

    bound_yuan : no plan with the same depots and awards costs less.
    """

    visits_per_week: int
    village_share: float
    villages: int
    cost_yuan: float
    bound_yuan: float
    missing_visits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A difference between two plans of the same villages, in words; village empty where it is about all."""

    village: str
    village_name: str
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPlan:
    """The village plan beside its routes: timetable, who pays, what binds.

    cost_yuan, bound_yuan : a week, of rounds and of visits by others. modes : visits by mode. energy : by kind,
    kWh or litres a week. relaxations : where the promise cannot be kept, the cheapest ways out, cheapest first.
    is_complete : False where it was stopped before the search was done.
    """

    timetable: tuple[Call, ...] = ()
    cost_yuan: float = 0.0
    bound_yuan: float = 0.0
    modes: dict[str, int] = field(default_factory=dict)
    energy: dict[str, float] = field(default_factory=dict)
    co2_kg: float = 0.0
    parcels_per_week: float = 0.0
    brands: tuple[BrandCost, ...] = ()
    shares: Shares | None = None
    binding: tuple[Binding, ...] = ()
    frontier: tuple[FrontierPoint, ...] = ()
    relaxations: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    missing: dict[str, int] = field(default_factory=dict)
    is_complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing to do to close a gap, tied to the goal it serves.

    measure, comparator, value, place, brand, parameters : the condition on which it counts as done (value in the
    measure's unit). candidates : names from the registers that the action could take up, best first.
    """

    id: str
    goal_id: str
    kind: str
    title: str
    place: str | None
    place_name: str = ""
    measure: str
    comparator: str
    value: float
    task_id: str | None = None
    expected: str = ""
    cost_yuan_per_year: float | None = None
    brand: str | None = None
    parameters: tuple[tuple[str, str | int | float], ...] = ()
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All proposals of one month, with the cost against today's and the effect expected per measure.

    weekly_cost_yuan, weekly_distance_km : of the routes. weekly_cost_alone_yuan : the same promise kept by every brand
    with its own vans. weekly_cost_today_yuan : estimate of what today's visits to the same villages cost; both 0 where
    there are no routes. expected : value by measure once the plan is carried out. unserved : what could not be
    planned, each with its reason. findings : faults of the registers that stood in the way. week : the village plan's
    timetable and accounts, None where no village was planned.
    """

    stations: tuple[StationProposal, ...] = ()
    routes: tuple[Route, ...] = ()
    actions: tuple[Action, ...] = ()
    weekly_cost_yuan: float = 0.0
    weekly_distance_km: float = 0.0
    expected: dict[str, float] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
    unserved: tuple[str, ...] = ()
    weekly_cost_alone_yuan: float = 0.0
    weekly_cost_today_yuan: float = 0.0
    findings: tuple[Finding, ...] = ()
    week: WeekPlan | None = None
