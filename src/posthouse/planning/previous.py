"""An earlier plan as the start of a new one: its days, rounds, and who carried what."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from posthouse.planning.depots import Layout
from posthouse.planning.ground import Ground
from posthouse.planning.model import Plan
from posthouse.planning.offers import Wish
from posthouse.planning.patterns import Pattern, gaps_of
from posthouse.planning.solve_week import WeekAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round of an earlier plan. kind : of vehicle. villages : in the order of their visits."""

    kind: str
    vehicle: str
    line: str
    villages: tuple[str, ...]
    distance_km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """What an earlier plan did.

    rounds : by depot's code and weekday. carried : (village, weekday) -> mode, line. missing : promised visits that
    were not made, by village.
    """

    patterns: Mapping[str, Pattern]
    rounds: Mapping[tuple[str, int], tuple[Round, ...]]
    carried: Mapping[tuple[str, int], tuple[str, str]]
    missing: Mapping[str, int] = field(default_factory=dict)

    def mode_of(self, village: str, weekday: int) -> str:
        """Return who carried the visit; empty where a round did."""
        return self.carried.get((village, weekday), ("", ""))[0]

    @property
    def lines(self) -> dict[tuple[str, str], str]:
        """Return the line of each depot's vehicle."""
        return {(depot, own.vehicle): own.line for (depot, _), rounds in self.rounds.items() for own in rounds}


def previous_from(plan: Plan) -> Previous:
    """Return what a plan did, for changing it."""
    days: dict[str, set[int]] = defaultdict(set)
    rounds: dict[tuple[str, int], list[Round]] = defaultdict(list)
    carried = {}
    for route in plan.routes:
        rounds[route.depot_code, route.weekday].append(
            Round(
                kind=route.kind,
                vehicle=route.vehicle,
                line=route.line,
                villages=tuple(visit.village for visit in route.visits),
                distance_km=route.distance_km,
            )
        )
    for call in plan.week.timetable if plan.week else ():
        days[call.village].add(call.weekday)
        if call.mode != "pooled_van":
            carried[call.village, call.weekday] = (call.mode, call.line)
    return Previous(
        patterns={village: tuple(sorted(own)) for village, own in days.items()},
        rounds={key: tuple(own) for key, own in rounds.items()},
        carried=carried,
        missing=dict(plan.week.missing) if plan.week else {},
    )


def previous_of(answers: Iterable[WeekAnswer]) -> Previous:
    """Return what these depots' weeks are, to begin other searches with."""
    patterns: dict[str, Pattern] = {}
    rounds: dict[tuple[str, int], list[Round]] = defaultdict(list)
    carried: dict[tuple[str, int], tuple[str, str]] = {}
    for own in answers:
        patterns |= own.patterns
        for drive in own.drives:
            rounds[own.week.depot.code, drive.weekday].append(
                Round(
                    kind=drive.kind.kind,
                    vehicle=drive.vehicle,
                    line="",
                    villages=tuple(stop.village for stop in drive.stops),
                    distance_km=drive.distance_km,
                )
            )
        carried |= {(carry.village, carry.weekday): (carry.offer.mode, carry.offer.line) for carry in own.carries}
    return Previous(
        patterns=patterns, rounds={key: tuple(own) for key, own in rounds.items()}, carried=carried, missing={}
    )


def kept_wishes(previous: Previous, layout: Layout, ground: Ground) -> tuple[Wish, ...]:
    """Return a wish for each visit that others made, with what waits then: they keep it while they have room."""
    villages = {village for depot in layout.depots for village in depot.villages}
    wishes = []
    for village, weekday in sorted(previous.carried):
        if village not in villages:
            continue
        per_week = ground.demand.per_week(village) + sum(ground.demand.sent.get(village, {}).values())
        days = previous.patterns[village]
        wishes.append(
            Wish(
                village=village,
                weekday=weekday,
                parcels=per_week / 7 * gaps_of(days)[days.index(weekday)],
                worth_yuan=ground.scenario.promise.shortfall_yuan,
            )
        )
    return tuple(wish for wish in wishes if wish.parcels > 0)
