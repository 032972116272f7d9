"""One mixed-integer model run by HiGHS, answered with HiGHS's own status, incumbent and dual bound.

HiGHS: Huangfu and Hall (2018). Its relative gap tolerance of 1e-4 is set to zero, so that `optimal` means proven.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ABSOLUTE_GAP = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """Minimise cost @ x subject to row_lower <= A x <= row_upper and lower <= x <= upper.

    rows, columns, values : entries of A, each pair at most once. integral : which x must be whole.
    """

    cost: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    integral: NDArray[np.bool_]
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: NDArray[np.float64]


Entries = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]


class Rows:
    """Collects blocks of rows into a Model."""

    def __init__(self) -> None:
        self.count = 0
        self.lower: list[NDArray[np.float64]] = []
        self.upper: list[NDArray[np.float64]] = []
        self.entries: list[Entries] = []

    def add(self, count: int, lower: float, upper: float, *entries: Entries) -> None:
        """Append `count` rows with these limits; entries are arrays of row within the block, column, value."""
        self.entries += [(self.count + row, column, value) for row, column, value in entries]
        self.lower.append(np.full(count, lower))
        self.upper.append(np.full(count, upper))
        self.count += count

    def model(
        self,
        cost: NDArray[np.float64],
        lower: NDArray[np.float64],
        upper: NDArray[np.float64],
        integral: NDArray[np.bool_],
    ) -> Model:
        """Return the model of all rows."""
        rows, columns, values = zip(*self.entries, strict=True)
        return Model(
            cost=cost,
            lower=lower,
            upper=upper,
            integral=integral,
            row_lower=np.concatenate(self.lower),
            row_upper=np.concatenate(self.upper),
            rows=np.concatenate(rows),
            columns=np.concatenate(columns),
            values=np.concatenate(values),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """What HiGHS said.

    status : `optimal`, `feasible` (limit reached with an incumbent), `unknown` (limit, none), or `infeasible`.
    values : the incumbent, or None. bound : proven dual bound, -inf where none.
    """

    status: str
    values: NDArray[np.float64] | None
    objective: float
    bound: float


def solve_model(
    model: Model, *, seconds: float, seed: int, nodes: int | None = None, start: NDArray[np.float64] | None = None
) -> Answer:
    """Return the answer of HiGHS on one thread.

    seconds : wall time limit, may be inf. nodes : limit of branch-and-bound nodes, for runs that must repeat.
    start : a feasible x to begin with.
    """
    import highspy

    highs = highspy.Highs()
    options: dict[str, object] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": seed % 2**31,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": ABSOLUTE_GAP,
        "time_limit": min(max(seconds, 0.0), 1e20),
    }
    if nodes is not None:
        options["mip_max_nodes"] = nodes
    for option, value in options.items():
        highs.setOptionValue(option, value)
    highs.passModel(_as_lp(model, highspy))
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        highs.setSolution(solution)
    highs.run()
    info, said = highs.getInfo(), highs.getModelStatus()
    statuses = highspy.HighsModelStatus
    if said in {statuses.kInfeasible, statuses.kUnboundedOrInfeasible}:
        return Answer(status="infeasible", values=None, objective=np.inf, bound=np.inf)
    whole = bool(model.integral.any())
    bound = (
        float(info.mip_dual_bound)
        if whole
        else (float(info.objective_function_value) if said == statuses.kOptimal else -np.inf)
    )
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(status="unknown", values=None, objective=np.inf, bound=bound)
    values = np.array(highs.getSolution().col_value)
    status = "optimal" if said == statuses.kOptimal else "feasible"
    return Answer(status=status, values=values, objective=float(info.objective_function_value), bound=bound)


def _as_lp(model: Model, highspy):  # type: ignore[no-untyped-def]  # highspy ships no types
    from scipy.sparse import csr_array

    matrix = csr_array((model.values, (model.rows, model.columns)), shape=(len(model.row_lower), len(model.cost)))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.cost), len(model.row_lower)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.cost, model.lower, model.upper
    lp.row_lower_, lp.row_upper_ = model.row_lower, model.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[flag] for flag in model.integral.astype(int)]
    return lp
