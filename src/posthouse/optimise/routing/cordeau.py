"""Read the text of a Cordeau-format instance: types 0 (daily), 1 (periodic), 2 (multi-depot), 3 (site-dependent).

The format: `type m n t`; t lines `D Q` (longest duration, capacity; 0 means no limit); then a line per location
`i x y service demand frequency n_patterns patterns...`. Distances are Euclidean and not rounded; service time counts in
duration. A pattern is a bitmask over the t days, depots or vehicle types. Type 1 lists its depot first and the most
significant of the t bits is day 1; type 2 lists its t depots last; in types 2 and 3 the bits of a pattern count from
the least significant. Frequency is not used, the patterns say all: p11 has a customer of
frequency 0 with five patterns, which published solutions visit once.
Source: J.-F. Cordeau, M. Gendreau, G. Laporte (1997), Networks 30, 105-119, and the format notes of their data.
"""

import numpy as np

from posthouse.optimise.routing.problem import RoutingProblem, VehicleClass, make_periodic_problem
from posthouse.vocabulary.errors import UnusableInputError

DAILY, PERIODIC, MULTI_DEPOT, SITE_DEPENDENT = range(4)


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
    kind, vehicles, n, t = (int(value) for value in _numbers(lines, 0, 4))
    if kind not in (DAILY, PERIODIC, MULTI_DEPOT, SITE_DEPENDENT):
        raise UnusableInputError(f"算例类型应为 0、1、2 或 3，第 1 行是 {kind}。带时间窗的类型不读；请换算例。")
    if vehicles < 1 or n < 1 or t < 1:
        raise UnusableInputError(f"车辆数、客户数、天数应不小于 1，第 1 行是 {vehicles} {n} {t}。请检查算例。")
    limits = [_numbers(lines, 1 + k, 2) for k in range(t)]
    depots = t if kind == MULTI_DEPOT else 1
    rows = [_numbers(lines, 1 + t + k, 3) for k in range(n + depots)]
    customer_rows = rows[:n] if kind == MULTI_DEPOT else rows[1:]
    depot_rows = rows[n:] if kind == MULTI_DEPOT else rows[:1]
    places = np.array([row[1:3] for row in [*customer_rows, *depot_rows]])
    steps = places[:, None, :] - places[None, :, :]
    first = n if kind == MULTI_DEPOT else 0
    options = [
        _options(row, t, kind, line)
        for row, (line, _) in zip(customer_rows, lines[1 + t + (1 if first == 0 else 0) :], strict=False)
    ]
    return make_periodic_problem(
        np.sqrt((steps**2).sum(axis=2)),
        options=options,
        demand=[row[4] for row in customer_rows],
        service=[row[3] for row in customer_rows],
        slots=[(k, 0) for k in range(t)] if kind == MULTI_DEPOT else [(0, k) for k in range(t)],
        fleet=[
            (VehicleClass(capacity=(capacity or np.inf,), max_duration=duration or np.inf), vehicles)
            for duration, capacity in limits
        ],
    )


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


def _options(row: list[float], t: int, kind: int, line: int) -> list[list[int]]:
    count = int(row[6]) if len(row) > 6 else 0
    patterns = [int(value) for value in row[7 : 7 + count]]
    if kind == DAILY and not patterns:
        return [[0]]
    if len(row) < 7 + count or count < 1:
        raise UnusableInputError(
            f"第 {line} 行应写明至少一种到访日组合，并与所报个数相符，读到 {len(patterns)} 种。请补齐。"
        )
    if not all(0 < pattern < 2**t for pattern in patterns):
        raise UnusableInputError(f"第 {line} 行的到访日组合应在 1 到 {2**t - 1} 之间，是 {patterns}。请改正。")
    if kind in (MULTI_DEPOT, SITE_DEPENDENT):
        # A pattern here names the depot or vehicle type to choose, one bit each.
        return [[bit] for bit in range(t) if any(pattern >> bit & 1 for pattern in patterns)]
    return [[day for day in range(t) if pattern >> (t - 1 - day) & 1] for pattern in patterns]
