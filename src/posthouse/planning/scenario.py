"""The levers of the village planner as typed values: scenario.toml, with what a planner's own file changes.

A wrong lever is one clear error that names it: planning never goes on with a figure that somebody mistyped.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from posthouse.vocabulary.errors import UnusableInputError

Days = tuple[int, ...]
"""Weekdays, 1 Monday … 7 Sunday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """How often villages are visited. zones : visits a week by division; the smallest that holds a village counts."""

    visits_per_week: int
    most_gap_days: int
    weekdays: Days
    shortfall_yuan: float
    uneven_yuan: float
    zones: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stations:
    """Where stations may be and what they cost a year."""

    own_station: Literal["always", "where_possible", "shared"]
    walk_km: float
    capacity_parcels_per_day: float
    yuan_per_km_walked: float
    yuan_per_year: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What villages get where no parcels are known."""

    parcels_per_person_per_week: float
    population: int
    kg_per_parcel: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """How vehicles drive."""

    depot: Literal["town", "county"]
    depart_min: int
    shift_min: int
    stop_min: float
    stop_min_per_parcel: float
    detour: float
    available_share: float
    closed_roads: tuple[str, ...]
    lost_vehicles: tuple[str, ...]
    change_yuan: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hired:
    """Vans beyond those that companies have."""

    most_per_depot: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A kind of vehicle; costs are those of vehicles without a figure in the register."""

    capacity_kg: float
    capacity_parcels: int
    yuan_per_km: float
    yuan_per_hour: float
    yuan_per_day: float
    hours: float
    speed_factor: float
    range_km: float
    energy: Literal["electricity", "diesel", "petrol"]
    energy_per_km: float
    cold_chain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """A partner that goes to the village anyway; the pooled van has no prices here."""

    allowed: bool
    yuan_per_visit: float = 0.0
    yuan_per_parcel: float = 0.0
    room_parcels: float = 0.0
    town_parcels_per_day: float = 0.0
    weekdays: Days = ()
    arrive_min: int = 0
    needs_host: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """Scheduled vehicles that take parcels."""

    allowed: bool
    yuan_per_parcel: float
    room_parcels: float
    room_share: float
    cut_off_min: int
    yuan_per_visit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Islands:
    """Carrying on from the pier."""

    yuan_per_km: float
    yuan_per_visit: float
    speed_kmh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DroneLevers:
    """What a drone can do; kilometres out and back."""

    allowed: bool
    range_km: float
    flights_per_day: int
    payload_kg: float
    payload_parcels: int
    yuan_per_km: float
    yuan_per_visit: float
    speed_kmh: float
    weather_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Share of planned visits that take place, by who makes them; error : by how much these shares may be wrong."""

    rounds: float
    rural_bus: float
    ferry: float
    partners: float
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Minutes after midnight."""

    ready_min: int
    from_min: int
    to_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Produce:
    """What villages send in season."""

    parcels_per_person_per_week: float
    months: tuple[int, ...]
    kg_per_parcel: float
    cold_villages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingLevers:
    """How many coalitions are priced."""

    most_exact_brands: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierLevers:
    """The points of the two frontiers."""

    visits_per_week: tuple[int, ...]
    village_shares: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """All levers of one plan."""

    seconds: float
    processes: int
    seed: int
    month: int
    promise: Promise
    stations: Stations
    demand: Demand
    rounds: Rounds
    hired: Hired
    vehicles: Mapping[str, Vehicle]
    co2_kg: Mapping[str, float]
    modes: Mapping[str, Mode]
    carriage: Mapping[str, Carrier]
    islands: Islands
    drone: DroneLevers
    reliability: Reliability
    hand_over: HandOver
    produce: Produce
    sharing: SharingLevers
    frontier: FrontierLevers
    locks: Mapping[str, Days] = field(default_factory=lambda: MappingProxyType({}))
    forbidden_days: Mapping[str, Days] = field(default_factory=lambda: MappingProxyType({}))


def read_scenario(path: Path | None = None) -> Scenario:
    """Return the default levers with the file's in their place.

    Raises
    ------
    UnusableInputError : the file is no TOML, or holds a lever that does not exist, is of another type, or out of range.
    """
    if path is None:
        return _default()
    try:
        changes = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise UnusableInputError(f"情景文件应为 UTF-8 的 TOML，{path} 读不出来：{fault}。请改正后重试。") from None
    return scenario_from(changes, where=path.name)


def scenario_from(changes: Mapping[str, Any], *, where: str = "情景") -> Scenario:
    """Return the default levers with these changes, which are nested as in scenario.toml."""
    made: Scenario = _value(Scenario, _merge(_default_data(), changes), "", where)
    _check(made, where)
    return made


@cache
def _default() -> Scenario:
    return scenario_from({})


@cache
def _default_data() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("scenario.toml").read_text(encoding="utf-8"))


def _merge(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for name, value in changes.items():
        own = merged.get(name)
        merged[name] = _merge(own, value) if isinstance(own, Mapping) and isinstance(value, Mapping) else value
    return merged


def _value(wanted: Any, value: Any, lever: str, where: str) -> Any:
    """The TOML value as the wanted type; ints serve as floats, lists as tuples."""
    origin, inner = get_origin(wanted), get_args(wanted)
    if is_dataclass(wanted):
        return _record(wanted, value, lever, where)
    if origin is Mapping and isinstance(value, Mapping):
        return {name: _value(inner[1], item, f"{lever}.{name}", where) for name, item in value.items()}
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(_value(inner[0], item, lever, where) for item in value)
    if origin is Literal and value in inner:
        return value
    if wanted is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(wanted, type) and isinstance(value, wanted) and not (wanted is int and isinstance(value, bool)):
        return value
    raise _fault(lever, _in_words(wanted), value, where)


def _record(wanted: Any, value: Any, lever: str, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise _fault(lever, "一组参数", value, where)
    hints = get_type_hints(wanted)
    unknown = sorted(set(value) - set(hints))
    if unknown:
        known = "、".join(hints)
        raise UnusableInputError(
            f"{where} 中没有参数 {_join(lever, unknown[0])}，此处可用的是：{known}。请对照 scenario.toml 改正。"
        )
    missing = [
        f.name for f in fields(wanted) if f.name not in value and f.default is MISSING and f.default_factory is MISSING
    ]
    if missing:
        raise UnusableInputError(f"{where} 的参数 {lever} 还缺 {'、'.join(missing)}。请对照 scenario.toml 补全。")
    return wanted(**{name: _value(hints[name], item, _join(lever, name), where) for name, item in value.items()})


def _check(scenario: Scenario, where: str) -> None:
    for lever, low, high, value in (
        ("promise.visits_per_week", 1, 7, scenario.promise.visits_per_week),
        ("promise.most_gap_days", 1, 7, scenario.promise.most_gap_days),
        ("rounds.available_share", 0, 1, scenario.rounds.available_share),
        ("rounds.shift_min", 1, 1440, scenario.rounds.shift_min),
        ("rounds.depart_min", 0, 1439, scenario.rounds.depart_min),
        ("drone.weather_share", 0.1, 1, scenario.drone.weather_share),
        *((f"reliability.{f.name}", 0, 1, getattr(scenario.reliability, f.name)) for f in fields(Reliability)),
        ("month", 0, 12, scenario.month),
        ("processes", 1, 64, scenario.processes),
        *((f"promise.zones.{code}", 0, 7, visits) for code, visits in scenario.promise.zones.items()),
        *((f"carriage.{name}.room_share", 0, 1, c.room_share) for name, c in scenario.carriage.items()),
        *((f"vehicles.{name}.speed_factor", 0.05, 5, v.speed_factor) for name, v in scenario.vehicles.items()),
    ):
        if not low <= value <= high:
            raise _fault(lever, f"{low:g} 至 {high:g}", value, where)
    for lever, days in (
        ("promise.weekdays", scenario.promise.weekdays),
        *((f"locks.{village}", days) for village, days in scenario.locks.items()),
        *((f"forbidden_days.{village}", days) for village, days in scenario.forbidden_days.items()),
    ):
        if not set(days) <= set(range(1, 8)) or len(set(days)) != len(days):
            raise _fault(lever, "1（周一）至 7（周日）各至多一次", list(days), where)
    negative = next(_negative(scenario, ""), None)
    if negative:
        raise _fault(negative[0], "不小于 0 的数", negative[1], where)
    if scenario.hired.kind not in scenario.vehicles:
        raise _fault("hired.kind", f"vehicles 中的一种（{'、'.join(scenario.vehicles)}）", scenario.hired.kind, where)


def _negative(value: object, lever: str) -> Any:
    """Yield every lever below zero: no lever means anything there."""
    if is_dataclass(value):
        for item in fields(value):
            yield from _negative(getattr(value, item.name), _join(lever, item.name))
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _negative(item, _join(lever, str(name)))
    elif isinstance(value, int | float) and value < 0:
        yield lever, value


def _join(lever: str, name: str) -> str:
    return f"{lever}.{name}" if lever else name


def _in_words(wanted: Any) -> str:
    if get_origin(wanted) is Literal:
        return "、".join(get_args(wanted)) + " 之一"
    return {float: "数", int: "整数", str: "文字", bool: "true 或 false"}.get(wanted, "列表或一组参数")


def _fault(lever: str, expected: str, value: object, where: str) -> UnusableInputError:
    return UnusableInputError(f"{where} 的参数 {lever} 应为{expected}，实际为 {value!r}。请对照 scenario.toml 改正。")
