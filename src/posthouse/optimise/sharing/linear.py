"""One small dense linear programme run by HiGHS, with its dual values."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Optimum:
    """An optimal point, the dual value of every row, and the objective."""

    values: NDArray[np.float64]
    duals: NDArray[np.float64]
    objective: float


def minimise(
    cost: NDArray[np.float64],
    matrix: NDArray[np.float64],
    *,
    rows: tuple[NDArray[np.float64], NDArray[np.float64]],
    columns: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> Optimum:
    """Return the optimum of cost @ x with rows[0] <= matrix @ x <= rows[1] and columns[0] <= x <= columns[1].

    Raises
    ------
    ArithmeticError : HiGHS does not call it optimal; the models of this engine always have an optimum.
    """
    import highspy

    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("primal_feasibility_tolerance", 1e-9)
    highs.setOptionValue("dual_feasibility_tolerance", 1e-9)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, columns[0], columns[1]
    lp.row_lower_, lp.row_upper_ = rows
    row, column = np.nonzero(matrix)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.searchsorted(row, np.arange(len(matrix) + 1)).astype(np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = column.astype(np.int32), matrix[row, column]
    highs.passModel(lp)
    highs.run()
    status = highs.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise ArithmeticError(f"Expected an optimum from HiGHS, got {highs.modelStatusToString(status)}.")
    solution = highs.getSolution()
    objective = float(highs.getInfo().objective_function_value)
    return Optimum(values=np.array(solution.col_value), duals=np.array(solution.row_dual), objective=objective)
