"""One sparse linear programme run by HiGHS, answered with HiGHS's own status and its dual values."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(slots=True, kw_only=True)
class Rows:
    """Rows with their limits, and entries of the matrix, collected one by one."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)

    def add(self, lower: float, upper: float) -> int:
        """Append an empty row and return its number."""
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.lower) - 1

    def put(self, row: int, column: int, value: float) -> None:
        """Enter a value; each place at most once."""
        self.entries.append((row, column, value))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Optimum:
    """An optimal point, the dual value of every row, and the objective from both sides.

    bound : what the dual values prove: sum of each times the limit it speaks of.
    """

    values: NDArray[np.float64]
    duals: NDArray[np.float64]
    objective: float
    bound: float


def minimise(cost: NDArray[np.float64], rows: Rows, *, seconds: float) -> Optimum | None:
    """Return the optimum over x >= 0, or None where HiGHS has none within the time."""
    import highspy
    from scipy.sparse import csr_array

    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("time_limit", min(max(seconds, 0.0), 1e20))
    row, column, value = (np.array(part) for part in zip(*rows.entries, strict=True))
    matrix = csr_array((value, (row, column)), shape=(len(rows.lower), len(cost)))
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, np.zeros(len(cost)), np.full(len(cost), np.inf)
    lp.row_lower_, lp.row_upper_ = np.array(rows.lower), np.array(rows.upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    highs.passModel(lp)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution, info = highs.getSolution(), highs.getInfo()
    duals = np.array(solution.row_dual)
    limits = np.where(duals > 0, rows.lower, rows.upper)
    return Optimum(
        values=np.array(solution.col_value),
        duals=duals,
        objective=float(info.objective_function_value),
        bound=float(duals[duals != 0] @ limits[duals != 0]),
    )
