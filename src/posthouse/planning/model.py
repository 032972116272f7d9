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
    """One stop of a route: village, arrival in minutes after midnight, load handed over."""

    village: str
    village_name: str
    arrive_min: int
    parcels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One vehicle's round on one weekday (1 Monday … 7 Sunday)."""

    weekday: int
    vehicle: str
    depot: str
    visits: tuple[Visit, ...]
    distance_km: float
    duration_min: float
    cost_yuan: float


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
    planned, each with its reason. findings : faults of the registers that stood in the way.
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
