"""What the measures will be once a plan is carried out, and how far that may be wrong.

Planned villages are visited on the plan's days by all brands together; the others stay as they are. Of the planned
visits a share is lost to weather and breakdowns (`[reliability]` of the scenario). A round that fails is missed in all
its villages, so chance does not even out between them. Shares of reliability are assumptions until `plan verify` has
measured them: what they may be wrong by is part of the error.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import exp, sqrt
from operator import attrgetter
from types import MappingProxyType

from posthouse.planning.departures import Departure, dates_of, departures_of
from posthouse.planning.model import Plan
from posthouse.planning.scenario import Scenario
from posthouse.vocabulary.periods import Period

SIGMAS = 2.0
"""Standard deviations of chance within which a measure is stated to lie: 19 months of 20."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What villages have without the plan. visits : a week. brands : main brands that come. stations : villages."""

    visits: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    brands: Mapping[str, Collection[str]] = field(default_factory=lambda: MappingProxyType({}))
    stations: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A measure's value with the limits between which it is stated to lie."""

    value: float
    low: float
    high: float


def expect_measures(
    plan: Plan, scenario: Scenario, villages: Collection[str], today: Today, period: Period, *, brands: Collection[str]
) -> dict[str, Expected]:
    """Return the expected measures of a month in which the plan is carried out.

    Parameters
    ----------
    villages : all administrative villages. brands : the main ones.
    """
    total = len(villages)
    if not total:
        return {}
    chance, unseen, planned, spread = _visits(plan, scenario, period)
    weeks = total * period.days / 7
    others = sum(today.visits.get(village, 0.0) for village in villages if village not in chance) / total
    days = sum(chance.values()) / weeks + others
    wrong = SIGMAS * sqrt(spread) / weeks + scenario.reliability.error * planned / weeks
    kept = {village for village in villages if village in chance or today.visits.get(village, 0.0) > 0}
    stations = {*today.stations, *(station.village for station in plan.stations)} & set(villages)
    # A visit without a parcel leaves no scan: it lowers what may be measured, not what is expected.
    expected = {
        "delivery_days_per_week": _around(days, wrong + sum(unseen.values()) / weeks, wrong, most=7.0),
        "village_coverage": _around(len(kept) / total, scenario.reliability.error, 0.0),
        "village_station_coverage": _around(len(stations) / total, scenario.reliability.error, 0.0),
    }
    if brands and plan.week is not None:
        expected["village_coverage_by_brand"] = _by_brand(plan, scenario, villages, today, period, brands=brands)
    return expected


def lever_of(mode: str) -> str:
    """Return where the scenario says what share of a mode's planned visits takes place.

    >>> lever_of("postal_van")
    'reliability.partners'
    """
    own = {"pooled_van": "rounds", "rural_bus": "rural_bus", "ferry": "ferry"}
    return "drone.weather_share" if mode == "drone" else f"reliability.{own.get(mode, 'partners')}"


def reliability_of(mode: str, scenario: Scenario) -> float:
    """Return the share of a mode's planned visits that takes place."""
    return float(attrgetter(lever_of(mode))(scenario))


def _visits(plan: Plan, scenario: Scenario, period: Period) -> tuple[dict[str, float], dict[str, float], int, float]:
    """Expected visits, visits without a parcel by village, planned visits, and the variance of their sum."""
    ways: dict[tuple[str, int], list[tuple[float, float]]] = defaultdict(list)
    variance = 0.0
    for departure in departures_of(plan):
        share = reliability_of(departure.mode, scenario)
        times = len(dates_of(departure.weekday, period))
        variance += times * _at_once(departure) ** 2 * share * (1 - share)
        for stop in departure.stops:
            ways[stop.village, departure.weekday].append((share, stop.parcels))
    chance: dict[str, float] = defaultdict(float)
    unseen: dict[str, float] = defaultdict(float)
    planned = 0
    for (village, weekday), own in sorted(ways.items()):
        times = len(dates_of(weekday, period))
        share = max(share for share, _ in own)
        planned += times
        chance[village] += times * share
        unseen[village] += times * share * exp(-sum(parcels for _, parcels in own))
    return dict(chance), dict(unseen), planned, variance


def _at_once(departure: Departure) -> int:
    return len({stop.village for stop in departure.stops})


def _by_brand(
    plan: Plan,
    scenario: Scenario,
    villages: Collection[str],
    today: Today,
    period: Period,
    *,
    brands: Collection[str],
) -> Expected:
    """A planned village is covered by each brand that has a parcel for it in the month."""
    assert plan.week is not None
    weekly: dict[str, float] = defaultdict(float)
    for call in plan.week.timetable:
        weekly[call.village] += call.parcels
    parcels = {row.brand: row.parcels_per_week for row in plan.week.brands}
    whole = sum(parcels.values())
    covered = unseen = 0.0
    for village in villages:
        for brand in brands:
            if village not in weekly:
                covered += brand in today.brands.get(village, ())
            else:
                covered += 1
                share = parcels.get(brand, 0.0) / whole if whole else 1.0 / len(brands)
                unseen += exp(-weekly[village] * share * period.days / 7)
    pairs = len(villages) * len(brands)
    return _around(covered / pairs, scenario.reliability.error + unseen / pairs, 0.0)


def _around(value: float, below: float, above: float, *, most: float = 1.0) -> Expected:
    return Expected(value=value, low=max(0.0, value - below), high=min(most, value + above))
