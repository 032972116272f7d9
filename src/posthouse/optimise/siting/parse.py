"""The OR-Library p-median format: `n edges p`, then `i j cost` per edge; for a repeated edge the last cost counts.

Source: Beasley (1990), OR-Library, "p-median - uncapacitated"; the files of pmed1 to pmed40.
"""

import numpy as np

from posthouse.optimise.siting.problem import MedianProblem
from posthouse.vocabulary.errors import UnusableInputError


def parse_pmedian(text: str) -> MedianProblem:
    """Return the p-median problem on the shortest-path distances of the graph that the text describes.

    Raises
    ------
    UnusableInputError : the text has not this form, or p does not reach every part of the graph.
    """
    numbers = _numbers(text)
    n, edges, p = (int(number) for number in numbers[:3])
    if n < 1 or edges < 0 or len(numbers) != 3 + 3 * edges:
        raise UnusableInputError(
            f"首行应为“点数 边数 设点数”，其后为 {edges} 行“起点 终点 费用”，实际共有 {len(numbers)} 个数，"
            f"应为 {3 + 3 * edges} 个。请核对文件是否完整。"
        )
    last: dict[tuple[int, int], float] = {}
    for row, (i, j, cost) in enumerate(zip(*(numbers[3 + c :: 3] for c in range(3)), strict=True), start=2):
        if not (1 <= i <= n and 1 <= j <= n and i == int(i) and j == int(j) and cost >= 0):
            raise UnusableInputError(
                f"边的两端应为 1 到 {n} 的整数、费用不小于 0，实际为“{i:g} {j:g} {cost:g}”（第 {row} 行）。请改正该行。"
            )
        last[int(min(i, j)) - 1, int(max(i, j)) - 1] = cost
    return MedianProblem(cost=_shortest_paths(n, last), p=p)


def _numbers(text: str) -> list[float]:
    fields = text.split()
    try:
        numbers = [float(field) for field in fields]
    except ValueError as error:
        raise UnusableInputError(f"p-median 文件应只含数字，实际读到：{error}。请核对文件格式。") from error
    if len(numbers) < 3 or any(number != int(number) for number in numbers[:3]):
        raise UnusableInputError("首行应为三个整数“点数 边数 设点数”，实际没有。请核对文件格式。")
    return numbers


def _shortest_paths(n: int, edges: dict[tuple[int, int], float]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    ends = np.array([pair for pair in edges if pair[0] != pair[1]], dtype=np.int64).reshape(-1, 2)
    costs = np.array([cost for pair, cost in edges.items() if pair[0] != pair[1]], dtype=np.float64)
    graph = csr_array((costs, (ends[:, 0], ends[:, 1])), shape=(n, n))
    return np.asarray(dijkstra(graph, directed=False), dtype=np.float64)
