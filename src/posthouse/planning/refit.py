"""How long driving and stopping really take: fitted to the arrival scans of the rounds of a plan.

From the first scan in one village to the first scan in the next, a van drives the way between them once and makes one
stop: minutes = drive * planned minutes + stop + per_parcel * parcels, with a factor of its own for each kind of vehicle
and for ways whose length is only estimated. Fitted by weighted least squares with Huber's weights (Huber 1964,
doi:10.1214/aoms/1177703732), so that waiting, breaks and faulty clocks do not decide; standard errors are robust ones
(White 1980, doi:10.2307/1912934).
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from posthouse.planning.departures import Departure, dates_of
from posthouse.planning.ground import Ground
from posthouse.planning.modes import mode_zh
from posthouse.planning.observed import Visits
from posthouse.territory.travel import travel_between
from posthouse.vocabulary.periods import Period

LEAST_LEGS = 30
"""Ways driven, fewer of which fit nothing."""
LONGEST_MIN = 180.0
"""From one arrival to the next; what takes longer is a break or another round."""
HUBER = 1.345
"""Standard deviations from which on a way counts less (95 % efficiency where errors are normal)."""
LEAST_SPREAD_MIN = 5.0
ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A way driven. minutes : as planned. gap_min : between the arrivals. parcels : handed over at its beginning."""

    kind: str
    minutes: float
    gap_min: float
    parcels: int
    is_estimated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A fitted figure: what was planned with, what was found, twice its standard error, and the ways it rests on."""

    lever: str
    name: str
    unit: str
    planned: float
    fitted: float
    error: float
    legs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refit:
    """Fitted factors. spread_min : median absolute error of a way. statements : what was done, for people."""

    factors: tuple[Factor, ...]
    legs: int
    spread_min: float
    statements: tuple[str, ...]


def refit_factors(departures: Sequence[Departure], visits: Visits, ground: Ground, period: Period) -> Refit:
    """Return the levers of driving and stopping that the month's arrivals speak for."""
    legs, detour = collect_legs(departures, visits, ground, period)
    said = ["扫描里没有车辆编号：同一条线路同一天相邻两个村的首次到村扫描，当作同一辆车先后到达。"]
    counts = Counter(ESTIMATED if leg.is_estimated else leg.kind for leg in legs)
    columns = sorted(name for name, count in counts.items() if count >= LEAST_LEGS)
    legs = [leg for leg in legs if (ESTIMATED if leg.is_estimated else leg.kind) in columns]
    if not legs:
        said.append(f"可用的路段不足{LEAST_LEGS}段，没有重新拟合。")
        return Refit(factors=(), legs=sum(counts.values()), spread_min=0.0, statements=tuple(said))
    matrix = np.zeros((len(legs), len(columns) + 2))
    for row, leg in enumerate(legs):
        matrix[row, columns.index(ESTIMATED if leg.is_estimated else leg.kind)] = leg.minutes
        matrix[row, -2:] = 1.0, leg.parcels
    gaps = np.array([leg.gap_min for leg in legs])
    fitted, error, spread = _fit(matrix, gaps)
    rounds = ground.scenario.rounds
    factors = []
    drives = {}
    for number, kind in enumerate(columns):
        if kind == ESTIMATED:
            continue
        drives[kind] = float(fitted[number])
        speed = ground.scenario.vehicles[kind].speed_factor
        found = speed / fitted[number]
        factors.append(
            Factor(
                lever=f"vehicles.{kind}.speed_factor",
                name=f"{mode_zh(kind)}车速系数",
                unit="倍",
                planned=speed,
                fitted=float(found),
                error=float(found * error[number] / fitted[number]),
                legs=counts[kind],
            )
        )
        said.append(
            f"{mode_zh(kind)}路上时间是规划的{fitted[number]:.2f}倍（±{error[number]:.2f}，{counts[kind]}段）。"
        )
    if ESTIMATED in columns:
        number = columns.index(ESTIMATED)
        usual = sum(drives[k] * counts[k] for k in drives) / sum(counts[k] for k in drives) if drives else 1.0
        ratio = float(fitted[number]) / usual
        factors.append(
            Factor(
                lever="rounds.detour",
                name="绕行系数",
                unit="倍",
                planned=detour,
                fitted=detour * ratio,
                error=detour * float(error[number]) / usual,
                legs=counts[ESTIMATED],
            )
        )
    else:
        said.append(f"没有道路、按直线估算的路段只有{counts[ESTIMATED]}段，绕行系数不改。")
    for name, lever, unit, planned, number in (
        ("每村停靠", "rounds.stop_min", "分", rounds.stop_min, -2),
        ("每件交接", "rounds.stop_min_per_parcel", "分", rounds.stop_min_per_parcel, -1),
    ):
        factors.append(
            Factor(
                lever=lever,
                name=name,
                unit=unit,
                planned=planned,
                fitted=max(0.0, float(fitted[number])),
                error=float(error[number]),
                legs=len(legs),
            )
        )
    said.append(f"共{len(legs)}段，一段的误差中位数{spread:.1f}分。交接的件只算送到的，寄出的没有到村扫描。")
    return Refit(factors=tuple(factors), legs=len(legs), spread_min=spread, statements=tuple(said))


def collect_legs(
    departures: Sequence[Departure], visits: Visits, ground: Ground, period: Period
) -> tuple[list[Leg], float]:
    """Return the ways between villages that follow each other in a round, and the detour factor of estimated ones.

    Left out: villages that two rounds reach on the same weekday (whose scan it is cannot be told), and ways on which a
    village between was not seen.
    """
    by_depot: dict[str, list[Departure]] = defaultdict(list)
    rounds = [d for d in departures if d.kind in ground.scenario.vehicles]
    reached = Counter((stop.village, d.weekday) for d in departures for stop in d.stops)
    for departure in rounds:
        by_depot[departure.depot_code].append(departure)
    legs: list[Leg] = []
    detours = []
    for _, own in sorted(by_depot.items()):
        places = sorted({stop.village for d in own for stop in d.stops})
        travel = travel_between(places, places, ground.divisions, ground.graph, closed=ground.closed)
        detours.append(travel.detour)
        at = {code: number for number, code in enumerate(places)}
        for departure in own:
            speed = ground.scenario.vehicles[departure.kind].speed_factor
            for one, other in pairwise(stop.village for stop in departure.stops):
                if one == other or max(reached[v, departure.weekday] for v in (one, other)) > 1:
                    continue
                minutes = float(travel.minutes[at[one], at[other]]) / speed
                guessed = bool(travel.is_estimated[at[one], at[other]])
                for day in dates_of(departure.weekday, period):
                    gap = _gap(visits, one, other, day)
                    if gap is not None:
                        parcels = visits[one, day].parcels
                        legs.append(
                            Leg(
                                kind=departure.kind,
                                minutes=minutes,
                                gap_min=gap,
                                parcels=parcels,
                                is_estimated=guessed,
                            )
                        )
    factor = ground.scenario.rounds.detour or (float(np.median(detours)) if detours else 0.0)
    return legs, factor


def _gap(visits: Visits, one: str, other: str, day: date) -> float | None:
    first, second = visits.get((one, day)), visits.get((other, day))
    if first is None or second is None or first.arrived_min is None or second.arrived_min is None:
        return None
    gap = second.arrived_min - first.arrived_min
    return gap if 0 < gap <= LONGEST_MIN else None


def _fit(
    matrix: NDArray[np.float64], gaps: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Coefficients, twice their standard errors, median absolute error. Longer ways vary more, and weigh less."""
    weights = np.ones(len(gaps))
    found: NDArray[np.float64] = np.zeros(matrix.shape[1])
    for _ in range(30):
        scaled = matrix * weights[:, None]
        before, found = found, np.asarray(np.linalg.lstsq(scaled.T @ matrix, scaled.T @ gaps, rcond=None)[0])
        expected = np.maximum(matrix @ found, LEAST_SPREAD_MIN)
        off = np.abs(gaps - matrix @ found) / expected
        scale = max(float(np.median(off)) / 0.6745, 1e-9)
        weights = np.minimum(1.0, HUBER * scale / np.maximum(off, 1e-12)) / expected**2
        if np.abs(found - before).max() < 1e-6:
            break
    bread = np.linalg.pinv((matrix * weights[:, None]).T @ matrix)
    scores = matrix * (weights * (gaps - matrix @ found))[:, None]
    spread = float(np.median(np.abs(gaps - matrix @ found)))
    return found, 2 * np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread)), spread
