"""Read the text of a Cordeau-format instance: daily, periodic, multi-depot, site-dependent, with windows or without.

The format: `type m n t`; t lines `D Q` (longest duration, capacity; 0 means no limit); then a line per location
`i x y service demand frequency n_patterns patterns... earliest latest`. Distances are Euclidean and not rounded;
service time counts in duration. A pattern is a bitmask over the t days, depots or vehicle types.

| type | t counts | bits of a pattern | depots |
|---|---|---|---|
| 0 daily, 1 periodic | days | the most significant is day 1 | one, first |
| 2 multi-depot | depots | from the least significant; it names alternatives | last |
| 3 site-dependent | vehicle types | from the least significant; it names alternatives | one, first |
| 4 to 7 | as 0 to 3, with a window at the end of each line; a depot's is its hours | | |
| 8 multi-depot periodic | days | the most significant is day 1 | d, first |

Type 8 begins `8 m n t d` and has t times d lines `D Q`, day by day; in it a customer is served from one depot on all
its days, and windows are not used. Frequency is not used, the patterns say all: p11 has a customer of frequency 0 with
five patterns, which published solutions visit once.
Sources: J.-F. Cordeau, M. Gendreau, G. Laporte (1997), Networks 30, 105-119, and the format notes of their data; for
type 8 T. Vidal, T. G. Crainic, M. Gendreau, N. Lahrichi, W. Rei (2012), Operations Research 60, 611-624, and theirs.
"""

from dataclasses import dataclass

import numpy as np

from posthouse.optimise.routing.problem import RoutingProblem, VehicleClass, make_periodic_problem
from posthouse.vocabulary.errors import UnusableInputError

DAILY, PERIODIC, MULTI_DEPOT, SITE_DEPENDENT = range(4)
WINDOWED, MULTI_DEPOT_PERIODIC = 4, 8  # what a type with windows adds; a type of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """What the first line says; `t` is the number of days, or of depots or vehicle types where the type has these."""

    kind: int
    vehicles: int
    customers: int
    t: int
    depots: int
    windows: bool


def read_cordeau(text: str) -> RoutingProblem:
    """Return the problem an instance text describes; customer k of the file is customer k - 1 of the problem.

    Raises
    ------
    UnusableInputError
        Where the text is not of this format, naming the line.

    >>> problem = read_cordeau("1 1 2 2\\n0 10\\n0 10\\n0 0 0 0 0 0 0\\n1 3 4 0 5 1 2 1 2\\n2 6 8 0 5 2 1 3\\n")
    >>> problem.customers, problem.slots, float(problem.distance[0, 0, 2])
    (2, 2, 5.0)
    """
    lines = [(number, line.split()) for number, line in enumerate(text.splitlines(), start=1) if line.split()]
    header = _read_header(lines)
    limits = header.t * (header.depots if header.kind == MULTI_DEPOT_PERIODIC else 1)
    durations = [_numbers(lines, 1 + k, 2) for k in range(limits)]
    first = 1 + limits
    rows = [_numbers(lines, first + k, 3) for k in range(header.customers + header.depots)]
    depots_last = header.kind == MULTI_DEPOT
    at = 0 if depots_last else header.depots
    customers = rows[at : at + header.customers]
    depots = rows[header.customers :] if depots_last else rows[: header.depots]
    places = np.array([row[1:3] for row in [*customers, *depots]])
    steps = places[:, None, :] - places[None, :, :]
    if header.kind in (MULTI_DEPOT, MULTI_DEPOT_PERIODIC):
        days = header.t if header.kind == MULTI_DEPOT_PERIODIC else 1
        slots = [(depot, day) for day in range(days) for depot in range(header.depots)]
    else:
        slots = [(0, k) for k in range(header.t)]
    hours = [_window(depot) if header.windows else (0.0, np.inf) for depot in depots]
    return make_periodic_problem(
        np.sqrt((steps**2).sum(axis=2)),
        options=[
            _options(row, header, number)
            for row, (number, _) in zip(customers, lines[first + at : first + at + header.customers], strict=True)
        ],
        demand=[row[4] for row in customers],
        service=[row[3] for row in customers],
        slots=slots,
        fleet=[
            (_vehicle(duration, capacity, hours[depot]), header.vehicles)
            for (duration, capacity, *_), (depot, _) in zip(durations, slots, strict=True)
        ],
        windows=[_window(row) for row in customers] if header.windows else None,
    )


def _read_header(lines: list[tuple[int, list[str]]]) -> _Header:
    given = _numbers(lines, 0, 4)
    kind, vehicles, customers, t = (int(value) for value in given[:4])
    if kind not in range(MULTI_DEPOT_PERIODIC + 1):
        raise UnusableInputError(f"算例类型应为 0 到 8，第 1 行是 {kind}。请换算例。")
    windows = WINDOWED <= kind < MULTI_DEPOT_PERIODIC
    kind -= WINDOWED if windows else 0
    depots = t if kind == MULTI_DEPOT else 1
    if kind == MULTI_DEPOT_PERIODIC:
        depots = int(_numbers(lines, 0, 5)[4])
    if vehicles < 1 or customers < 1 or t < 1 or depots < 1:
        raise UnusableInputError(
            f"车辆数、客户数、天数、车场数应不小于 1，第 1 行是 {' '.join(lines[0][1])[:60]}。请检查算例。"
        )
    return _Header(kind=kind, vehicles=vehicles, customers=customers, t=t, depots=depots, windows=windows)


def _vehicle(duration: float, capacity: float, hours: tuple[float, float]) -> VehicleClass:
    return VehicleClass(capacity=(capacity or np.inf,), max_duration=duration or np.inf, hours=hours)


def _window(row: list[float]) -> tuple[float, float]:
    """Return the two numbers after the patterns; no limit where there are none."""
    end = 7 + (int(row[6]) if len(row) > 6 else 0)
    return (row[end], row[end + 1]) if len(row) >= end + 2 else (0.0, float("inf"))


def _numbers(lines: list[tuple[int, list[str]]], index: int, least: int) -> list[float]:
    if index >= len(lines):
        raise UnusableInputError(f"算例应至少有 {index + 1} 行，只有 {len(lines)} 行。请检查文件是否被截断。")
    number, fields = lines[index]
    try:
        values = [float(field) for field in fields]
    except ValueError:
        raise UnusableInputError(
            f"第 {number} 行应全为数字，是 {' '.join(fields)[:60]!r}。请检查是否为 Cordeau 格式。"
        ) from None
    if len(values) < least:
        raise UnusableInputError(f"第 {number} 行应至少有 {least} 个数，只有 {len(values)} 个。请补齐。")
    return values


def _options(row: list[float], header: _Header, line: int) -> list[list[int]]:
    """Return the slots of each option."""
    t, depots = header.t, header.depots
    count = int(row[6]) if len(row) > 6 else 0
    patterns = [int(value) for value in row[7 : 7 + count]]
    if header.kind == DAILY and not patterns:
        return [[0]]
    if len(row) < 7 + count or count < 1:
        raise UnusableInputError(
            f"第 {line} 行应写明至少一种到访日组合，并与所报个数相符，读到 {len(patterns)} 种。请补齐。"
        )
    if not all(0 < pattern < 2**t for pattern in patterns):
        raise UnusableInputError(f"第 {line} 行的到访日组合应在 1 到 {2**t - 1} 之间，是 {patterns}。请改正。")
    if header.kind in (MULTI_DEPOT, SITE_DEPENDENT):
        # A pattern here names the depot or vehicle type to choose, one bit each.
        return [[bit] for bit in range(t) if any(pattern >> bit & 1 for pattern in patterns)]
    days = [[day for day in range(t) if pattern >> (t - 1 - day) & 1] for pattern in patterns]
    if header.kind == MULTI_DEPOT_PERIODIC:
        return [[day * depots + depot for day in own] for own in days for depot in range(depots)]
    return days
