"""Closes the p-median: leaves out what the Lagrangian bound proves useless, then branches on sites, best bound first.

Fixing by Lagrangian reduced costs: opening site j costs at least delta_j above the bound, so a site for which that
exceeds the known objective is closed for good, and one whose closing would is open for good. The nodes of the tree are
bounded by further dual ascent from their parent's multipliers. Source: Christofides and Beasley (1982).
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posthouse.optimise.siting.bounds import ascend, start_ascent
from posthouse.optimise.siting.neighbours import Neighbours, list_neighbours

ROUNDS = 80  # of dual ascent at a node
STEP = 0.5  # its first step: the parent's multipliers are already good


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Node:
    """A part of the tree; the heap gives the least bound first, and of equal ones the oldest.

    handicap : -inf for sites fixed open, inf for closed ones, 0 for free ones, shape (n_sites,).
    """

    bound: float
    number: int
    handicap: NDArray[np.float64]
    multipliers: NDArray[np.float64]

    def __lt__(self, other: "Node") -> bool:
        return (self.bound, self.number) < (other.bound, other.number)


@dataclass(slots=True, kw_only=True, eq=False)
class Tree:
    """An unfinished search for solutions better than `upper` by at least `step`; it grows in turns.

    step : smallest amount by which two objectives can differ (1 for whole costs, else a rounding margin).
    sites : the sites that its lists still hold. best_sites : better ones found, or None.
    """

    lists: Neighbours
    p: int
    step: float
    upper: float
    sites: NDArray[np.int64]
    open_nodes: list[Node]
    best_sites: NDArray[np.int64] | None = None
    count: int = 0

    @property
    def bound(self) -> float:
        """No solution is better than this."""
        return min(self.upper, min((node.bound for node in self.open_nodes), default=self.upper))


def plant(lists: Neighbours, p: int, multipliers: NDArray[np.float64], upper: float, step: float) -> Tree:
    """Return a tree of one node that starts from good multipliers."""
    m = lists.cost.shape[1]
    root = Node(bound=-np.inf, number=0, handicap=np.zeros(m), multipliers=multipliers)
    return Tree(lists=lists, p=p, step=step, upper=upper, sites=np.arange(m), open_nodes=[root])


def grow(tree: Tree, nodes: int, stop: Callable[[], bool]) -> None:
    """Explore up to so many nodes, or until time is up; the tree is finished when no open node is left."""
    for _ in range(nodes):
        while tree.open_nodes and tree.open_nodes[0].bound > tree.upper - tree.step:
            heapq.heappop(tree.open_nodes)
        if not tree.open_nodes or stop():
            return
        _explore(tree, heapq.heappop(tree.open_nodes))


def _explore(tree: Tree, node: Node) -> None:
    tree.count += 1
    ascent = start_ascent(tree.lists, node.multipliers)
    ascent.step = STEP
    upper = tree.upper - 0.5 * tree.step
    ascend(ascent, tree.lists, tree.p, upper=upper, rounds=ROUNDS, handicap=node.handicap)
    _try(tree, ascent.preferred)
    room = tree.upper - tree.step - ascent.bound
    if room < 0:
        return
    handicap = _fix(ascent.reduced, ascent.preferred, node.handicap, room)
    free, opened = np.flatnonzero(handicap == 0), np.flatnonzero(handicap < 0)
    if len(opened) >= tree.p or len(opened) + len(free) <= tree.p:
        leaf = opened if len(opened) >= tree.p else np.union1d(opened, free)
        if len(leaf) == tree.p:
            _try(tree, leaf)
        return
    branched = int(free[ascent.reduced[free].argmin()])
    if tree.count == 1:  # closed at the root is closed everywhere: shorter lists for all other nodes
        left = np.flatnonzero(handicap <= 0)
        branched = int(np.searchsorted(left, branched))
        tree.sites, handicap = left, handicap[left]
        tree.lists = list_neighbours(tree.lists.cost[:, left], tree.p)
    bound = max(node.bound, ascent.bound)
    for side in (-np.inf, np.inf):
        child = handicap.copy()
        child[branched] = side
        number = 2 * tree.count + int(side > 0)
        heapq.heappush(
            tree.open_nodes, Node(bound=bound, number=number, handicap=child, multipliers=ascent.multipliers)
        )


def _try(tree: Tree, sites: NDArray[np.int64]) -> None:
    cost = float(tree.lists.cost[:, sites].min(axis=1).sum())
    if cost < tree.upper - 0.5 * tree.step:
        tree.upper, tree.best_sites = cost, tree.sites[sites]


def _fix(
    reduced: NDArray[np.float64], chosen: NDArray[np.int64], handicap: NDArray[np.float64], room: float
) -> NDArray[np.float64]:
    """Close the free sites whose opening, and open those whose closing, would use up the room."""
    fixed = handicap.copy()
    is_chosen = np.zeros(len(reduced), dtype=np.bool_)
    is_chosen[chosen] = True
    free = handicap == 0
    worst_in = reduced[is_chosen & free].max(initial=-np.inf)
    best_out = reduced[~is_chosen & free].min(initial=np.inf)
    fixed[free & ~is_chosen & (reduced - worst_in > room)] = np.inf
    fixed[free & is_chosen & (best_out - reduced > room)] = -np.inf
    return fixed
