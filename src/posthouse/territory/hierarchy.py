"""Customisable contraction hierarchy: an order of the nodes in which every fastest way goes up and then down.

The order and the shortcuts depend on the roads alone; weights are laid on afterwards, so that another class of
vehicles, a closed road or a day without ferry costs milliseconds. Many-to-many answers sweep down one list of arcs
per origin. Sources: Dibbelt, Strasser, Wagner (2016), Customizable Contraction Hierarchies; Delling, Goldberg,
Nowatzyk, Werneck (2011), PHAST. The order is SuperLU's minimum degree.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hierarchy:
    """Nodes by rank, and arcs from each to higher ranks.

    rank : of each node. start, head : arcs of rank v are start[v] to start[v + 1], heads ascending; the first head is
    the parent of v in the elimination tree, and every higher end of v's arcs is an ancestor.
    arc_of : arc of each edge of the graph, -1 for an edge from a node to itself. goes_up : whether its tail is the
    lower end.
    """

    rank: Ints
    start: Longs
    head: Ints
    arc_of: Longs
    goes_up: Bools


class Weights(NamedTuple):
    """Minutes and km of each arc upwards and downwards, shape (n_arcs,); infinite where there is no such way."""

    up_min: Floats
    up_km: Floats
    down_min: Floats
    down_km: Floats


def build_hierarchy(size: int, tail: Ints, head: Ints) -> Hierarchy:
    """Return the hierarchy of a graph with `size` nodes; direction plays no part in it."""
    rank = _minimum_degree(size, tail, head)
    low, high = np.minimum(rank[tail], rank[head]), np.maximum(rank[tail], rank[head])
    proper = low != high
    order = np.lexsort((high[proper], low[proper]))
    counts = np.bincount(low[proper], minlength=size)
    own_start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    start, heads = _eliminate(own_start, high[proper][order].astype(np.int32))
    return Hierarchy(
        rank=rank, start=start, head=heads, arc_of=_find_arcs(start, heads, low, high), goes_up=rank[tail] < rank[head]
    )


def lay_weights(hierarchy: Hierarchy, forward_min: Floats, backward_min: Floats, km: Floats) -> Weights:
    """Return the weights of all arcs for minutes along and against each edge; infinite where it may not be driven."""
    arcs = len(hierarchy.head)
    weights = Weights(
        up_min=np.full(arcs, np.inf),
        up_km=np.full(arcs, np.inf),
        down_min=np.full(arcs, np.inf),
        down_km=np.full(arcs, np.inf),
    )
    up = np.where(hierarchy.goes_up, forward_min, backward_min)
    down = np.where(hierarchy.goes_up, backward_min, forward_min)
    _lay_edges(hierarchy.arc_of, up, down, km, weights)
    _customise(hierarchy.start, hierarchy.head, weights)
    return weights


def solve_many(
    hierarchy: Hierarchy,
    weights: Weights,
    ends: tuple[Longs, Longs],
    minutes: NDArray[np.floating],
    km: NDArray[np.floating],
) -> None:
    """Write minutes and km of the fastest ways into the matrices, shape (n_origins, n_destinations).

    ends : numbers of the origins and of the destinations.
    """
    origins, destinations = (hierarchy.rank[numbers].astype(np.int64) for numbers in ends)
    needed = _ancestors(hierarchy.start, hierarchy.head, destinations)
    sweep = Sweep(start=hierarchy.start, head=hierarchy.head, needed=needed)
    _sweep(sweep, weights, (origins, destinations), minutes, km)


class Sweep(NamedTuple):
    """The arcs upwards of every node, and the nodes a sweep must pass, highest first."""

    start: Longs
    head: Ints
    needed: Ints


def _minimum_degree(size: int, tail: Ints, head: Ints) -> Ints:
    """Return the rank of each node in SuperLU's minimum degree order of the graph's matrix."""
    from scipy.sparse import csc_matrix
    from scipy.sparse.linalg import splu

    if size < 3:
        return np.arange(size, dtype=np.int32)
    diagonal = np.arange(size)
    rows = np.concatenate([tail, head, diagonal])
    columns = np.concatenate([head, tail, diagonal])
    # Diagonally dominant, so that no pivoting disturbs the order.
    values = np.concatenate([np.full(2 * len(tail), -1.0), np.full(size, 2.0 * len(tail) + 1.0)])
    matrix = csc_matrix((values, (rows, columns)), shape=(size, size))
    factors = splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    return np.asarray(factors.perm_c, dtype=np.int32)


@njit(cache=True)
def _eliminate(own_start: Longs, own_head: Ints) -> tuple[Longs, Ints]:
    """Return the arcs upwards with all shortcuts: eliminating a node joins its higher neighbours with each other."""
    size = own_start.size - 1
    start = np.zeros(size + 1, dtype=np.int64)
    head = np.empty(4 * own_head.size + 16, dtype=np.int32)
    first_child = np.full(size, -1, dtype=np.int32)
    next_child = np.full(size, -1, dtype=np.int32)
    seen = np.full(size, -1, dtype=np.int32)
    count = 0
    for node in range(size):
        begin = count
        seen[node] = node
        head, count = _append_new(head, count, own_head[own_start[node] : own_start[node + 1]], seen, node)
        child = first_child[node]
        while child >= 0:
            head, count = _append_new(head, count, head[start[child] : start[child + 1]], seen, node)
            child = next_child[child]
        head[begin:count].sort()
        start[node + 1] = count
        if count > begin:
            parent = head[begin]
            next_child[node] = first_child[parent]
            first_child[parent] = node
    return start, head[:count].copy()


@njit(cache=True)
def _append_new(head: Ints, count: int, others: Ints, seen: Ints, node: int) -> tuple[Ints, int]:
    """Append the neighbours that the node has not got yet, in a larger array where there is no room."""
    if count + others.size > head.size:
        head = np.concatenate((head, np.empty(head.size + others.size, dtype=np.int32)))
    for other in others:
        if seen[other] != node:
            seen[other] = node
            head[count] = other
            count += 1
    return head, count


@njit(cache=True)
def _find_arcs(start: Longs, head: Ints, low: Ints, high: Ints) -> Longs:
    arcs = np.full(low.size, -1, dtype=np.int64)
    for edge in range(low.size):
        if low[edge] != high[edge]:
            begin, end = start[low[edge]], start[low[edge] + 1]
            arcs[edge] = begin + np.searchsorted(head[begin:end], high[edge])
    return arcs


@njit(cache=True)
def _improve(minutes: Floats, km: Floats, at: int, new_min: float, new_km: float) -> None:
    """Take the way that is faster or, equally fast, shorter: so that the answer does not depend on the order.

    A way that takes infinitely long is none, and brings no km.
    """
    if new_min == np.inf:
        return
    if new_min < minutes[at] or (new_min == minutes[at] and new_km < km[at]):
        minutes[at] = new_min
        km[at] = new_km


@njit(cache=True)
def _lay_edges(arc_of: Longs, up: Floats, down: Floats, km: Floats, weights: Weights) -> None:
    for edge in range(arc_of.size):
        if arc_of[edge] >= 0:
            _improve(weights.up_min, weights.up_km, arc_of[edge], up[edge], km[edge])
            _improve(weights.down_min, weights.down_km, arc_of[edge], down[edge], km[edge])


@njit(cache=True)
def _customise(start: Longs, head: Ints, weights: Weights) -> None:
    """Give every shortcut the fastest way over a lower node, from the lowest node upwards."""
    up_min, up_km, down_min, down_km = weights
    size = start.size - 1
    arc_to = np.full(size, -1, dtype=np.int64)
    for node in range(size):
        for one in range(start[node], start[node + 1]):
            middle = head[one]
            for at in range(start[middle], start[middle + 1]):
                arc_to[head[at]] = at
            for two in range(one + 1, start[node + 1]):
                arc = arc_to[head[two]]
                _improve(up_min, up_km, arc, down_min[one] + up_min[two], down_km[one] + up_km[two])
                _improve(down_min, down_km, arc, down_min[two] + up_min[one], down_km[two] + up_km[one])


@njit(cache=True)
def _ancestors(start: Longs, head: Ints, ends: Longs) -> Ints:
    """Return the ends and all their ancestors, highest first: what a sweep towards them must pass."""
    size = start.size - 1
    is_needed = np.zeros(size, dtype=np.bool_)
    for end in ends:
        node = end
        while not is_needed[node]:
            is_needed[node] = True
            if start[node] == start[node + 1]:
                break
            node = np.int64(head[start[node]])
    return np.flatnonzero(is_needed)[::-1].astype(np.int32)


@njit(cache=True)
def _sweep(
    sweep: Sweep,
    weights: Weights,
    ends: tuple[Longs, Longs],
    minutes: NDArray[np.floating],
    km: NDArray[np.floating],
) -> None:
    """From each origin go up along its ancestors, then down over all nodes that lead to a destination."""
    start, head, needed = sweep
    up_min, up_km, down_min, down_km = weights
    origins, destinations = ends
    size = start.size - 1
    to_min, to_km = np.full(size, np.inf), np.full(size, np.inf)
    for row in range(origins.size):
        to_min[origins[row]] = 0.0
        to_km[origins[row]] = 0.0
        node = origins[row]
        while start[node] < start[node + 1]:
            for arc in range(start[node], start[node + 1]):
                _improve(to_min, to_km, head[arc], to_min[node] + up_min[arc], to_km[node] + up_km[arc])
            node = np.int64(head[start[node]])
        for node in needed:
            best_min, best_km = to_min[node], to_km[node]
            for arc in range(start[node], start[node + 1]):
                above = head[arc]
                new_min = to_min[above] + down_min[arc]
                if new_min <= best_min:
                    new_km = to_km[above] + down_km[arc]
                    if new_min < best_min or new_km < best_km:
                        best_min, best_km = new_min, new_km
            to_min[node], to_km[node] = best_min, best_km
        for column in range(destinations.size):
            minutes[row, column] = to_min[destinations[column]]
            km[row, column] = to_km[destinations[column]]
        for node in needed:
            to_min[node], to_km[node] = np.inf, np.inf
        node = origins[row]
        to_min[node], to_km[node] = np.inf, np.inf
        while start[node] < start[node + 1]:
            node = np.int64(head[start[node]])
            to_min[node], to_km[node] = np.inf, np.inf
