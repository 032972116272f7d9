"""The mixed-integer model of village stations, a greedy start for it, and the decision both speak of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posthouse.optimise.siting.mip import Model, Rows
from posthouse.optimise.siting.problem import StationProblem


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """Villages, sites and admissible pairs (indices into the problem) that are decided together."""

    villages: NDArray[np.int64]
    sites: NDArray[np.int64]
    pairs: NDArray[np.int64]


def whole_part(problem: StationProblem) -> Part:
    """Return the part that is the whole problem."""
    return Part(
        villages=np.arange(len(problem.demand)),
        sites=np.arange(len(problem.site_cost_yuan)),
        pairs=np.flatnonzero(problem.admissible),
    )


def group_by(members: NDArray[np.int64], labels: NDArray[np.int64]) -> dict[int, NDArray[np.int64]]:
    """Return the members of each label, in their order.

    >>> {label: some.tolist() for label, some in group_by(np.array([7, 8, 9]), np.array([1, 0, 1])).items()}
    {0: [8], 1: [7, 9]}
    """
    if not len(members):
        return {}
    order = np.argsort(labels, kind="stable")
    keys, first = np.unique(labels[order], return_index=True)
    return dict(zip(keys.tolist(), np.split(members[order], first[1:]), strict=True))


@dataclass(slots=True, kw_only=True, eq=False)
class Decision:
    """Sites opened, site of each village (-1 none) with the pair that says so (-1 none), modules per site."""

    opened: NDArray[np.bool_]
    serves: NDArray[np.int64]
    pair_of: NDArray[np.int64]
    modules: NDArray[np.int64]

    @classmethod
    def none(cls, problem: StationProblem) -> "Decision":
        """Return the decision to add nothing and serve nobody."""
        villages, sites = len(problem.demand), len(problem.site_cost_yuan)
        return cls(
            opened=problem.kept.copy(),
            serves=np.full(villages, -1, dtype=np.int64),
            pair_of=np.full(villages, -1, dtype=np.int64),
            modules=np.zeros(sites, dtype=np.int64),
        )

    def copy(self) -> "Decision":
        """Return a decision that can be changed apart."""
        return Decision(
            opened=self.opened.copy(),
            serves=self.serves.copy(),
            pair_of=self.pair_of.copy(),
            modules=self.modules.copy(),
        )

    def cost(self, problem: StationProblem, part: Part | None = None) -> float:
        """Return the yearly cost of the decision, of a part if one is given."""
        part = part or whole_part(problem)
        total = float(problem.site_cost_yuan[part.sites[self.opened[part.sites]]].sum())
        pairs = self.pair_of[part.villages]
        total += float(problem.pair_cost_yuan[pairs[pairs >= 0]].sum())
        if problem.module_cost_yuan is not None:
            total += float(problem.module_cost_yuan[part.sites] @ self.modules[part.sites])
        if problem.unserved_cost_yuan is not None:
            total += float(problem.unserved_cost_yuan[part.villages[pairs < 0]].sum())
        return total


def greedy_decision(problem: StationProblem, part: Part, decision: Decision) -> bool:
    """Give each village of the part its cheapest possible use, fewest options first; say whether all were served.

    A village left out at its price counts as served. The decision is changed in place.
    """
    options: dict[int, list[int]] = {int(village): [] for village in part.villages}
    for pair in part.pairs:
        options[int(problem.pair_village[pair])].append(int(pair))
    load = np.zeros(len(problem.site_cost_yuan))
    spent, added, complete = 0.0, 0, True
    for village in sorted(options, key=lambda v: (len(options[v]), -problem.demand[v], v)):
        best: tuple[float, int, int, int, float] | None = None  # cost, site, pair, modules, of which new spending
        for pair in options[village]:
            site = int(problem.pair_site[pair])
            modules = modules_needed(problem, site, load[site] + problem.demand[village])
            opens = not decision.opened[site]
            if modules is None or (opens and problem.new_limit is not None and added >= problem.new_limit):
                continue
            new = problem.site_cost_yuan[site] if opens else 0.0
            if problem.module_cost_yuan is not None:
                new += problem.module_cost_yuan[site] * (modules - decision.modules[site])
            if problem.budget_yuan is not None and spent + new > problem.budget_yuan:
                continue
            option = (float(new + problem.pair_cost_yuan[pair]), site, pair, modules, float(new))
            best = option if best is None or option < best else best
        if problem.unserved_cost_yuan is not None and (best is None or problem.unserved_cost_yuan[village] < best[0]):
            continue
        if best is None:
            complete = False
            continue
        _, site, pair, modules, new = best
        added += int(not decision.opened[site])
        spent += new
        load[site] += problem.demand[village]
        decision.opened[site], decision.modules[site] = True, modules
        decision.serves[village], decision.pair_of[village] = site, pair
    return complete


def modules_needed(problem: StationProblem, site: int, load: float) -> int | None:
    """Return the pieces of capacity the site needs for the load; None where it cannot take it."""
    short = load - problem.site_capacity[site]
    if short <= 1e-9:
        return 0
    if problem.module_capacity is None or problem.module_limit is None or problem.module_capacity[site] <= 0:
        return None
    pieces = int(np.ceil(short / problem.module_capacity[site] - 1e-9))
    return pieces if pieces <= problem.module_limit[site] else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StationModel:
    """The model of a part; columns are its sites (open?), pairs (used?), sites (modules), villages (left out?)."""

    model: Model
    problem: StationProblem
    part: Part

    def values_of(self, decision: Decision) -> NDArray[np.float64]:
        """Return the columns that mean the decision."""
        part = self.part
        used = np.zeros(len(self.problem.pair_site))
        used[decision.pair_of[part.villages][decision.pair_of[part.villages] >= 0]] = 1.0
        columns = [decision.opened[part.sites], used[part.pairs], decision.modules[part.sites]]
        return np.concatenate([*columns, decision.serves[part.villages] < 0]).astype(np.float64)

    def write(self, values: NDArray[np.float64], decision: Decision) -> None:
        """Write what the columns mean into the decision."""
        part, sites, pairs = self.part, len(self.part.sites), len(self.part.pairs)
        decision.opened[part.sites] = values[:sites] > 0.5
        decision.serves[part.villages], decision.pair_of[part.villages] = -1, -1
        used = part.pairs[values[sites : sites + pairs] > 0.5]
        decision.serves[self.problem.pair_village[used]] = self.problem.pair_site[used]
        decision.pair_of[self.problem.pair_village[used]] = used
        decision.modules[part.sites] = np.rint(values[sites + pairs : 2 * sites + pairs]).astype(np.int64)


def station_model(problem: StationProblem, part: Part, *, objective: str = "cost") -> StationModel:
    """Return the model of a part.

    objective : `cost`; or, to explain why nothing fits, `unserved` (fewest villages left out), `new` (fewest new
        sites) or `spending` (least cost of new sites and modules), the last two without the limit they ask about.
    """
    sites, pairs, villages = len(part.sites), len(part.pairs), len(part.villages)
    site_at, village_at = _positions(part.sites), _positions(part.villages)
    of_site = np.array([site_at[int(site)] for site in problem.pair_site[part.pairs]], dtype=np.int64)
    of_village = np.array([village_at[int(v)] for v in problem.pair_village[part.pairs]], dtype=np.int64)
    new = ~problem.kept[part.sites]
    zeros = np.zeros(len(problem.site_cost_yuan))
    module_cost = (zeros if problem.module_cost_yuan is None else problem.module_cost_yuan)[part.sites]
    module_size = (zeros if problem.module_capacity is None else problem.module_capacity)[part.sites]
    module_limit = (zeros if problem.module_limit is None else problem.module_limit.astype(np.float64))[part.sites]
    may_leave = objective == "unserved" or problem.unserved_cost_yuan is not None
    leave_cost = np.zeros(villages) if problem.unserved_cost_yuan is None else problem.unserved_cost_yuan[part.villages]
    site_cost = problem.site_cost_yuan[part.sites]
    costs = {
        "cost": (site_cost, problem.pair_cost_yuan[part.pairs], module_cost, leave_cost),
        "unserved": (np.zeros(sites), np.zeros(pairs), np.zeros(sites), np.ones(villages)),
        "new": (new.astype(np.float64), np.zeros(pairs), np.zeros(sites), np.zeros(villages)),
        "spending": (np.where(new, site_cost, 0.0), np.zeros(pairs), module_cost, np.zeros(villages)),
    }[objective]
    rows = Rows()
    at_pair, at_module, at_left = sites, sites + pairs, 2 * sites + pairs
    every, each = np.arange(villages), np.arange(pairs)
    rows.add(  # every village uses one site or is left out
        villages, 1.0, 1.0, (of_village, at_pair + each, np.ones(pairs)), (every, at_left + every, np.ones(villages))
    )
    rows.add(pairs, -np.inf, 0.0, (each, at_pair + each, np.ones(pairs)), (each, of_site, -np.ones(pairs)))
    capacity, spot = problem.site_capacity[part.sites], np.arange(sites)
    bounded = np.isfinite(capacity)
    taken = bounded[of_site]
    load = problem.demand[problem.pair_village[part.pairs]]
    rows.add(  # load within capacity and modules
        sites,
        -np.inf,
        0.0,
        (of_site[taken], at_pair + each[taken], load[taken]),
        (spot[bounded], spot[bounded], -capacity[bounded]),
        (spot, at_module + spot, -module_size),
    )
    rows.add(sites, -np.inf, 0.0, (spot, at_module + spot, np.ones(sites)), (spot, spot, -module_limit))
    one = np.zeros(sites, dtype=np.int64)
    if problem.new_limit is not None and objective != "new":
        rows.add(1, -np.inf, float(problem.new_limit), (one[new], spot[new], np.ones(int(new.sum()))))
    if problem.budget_yuan is not None and objective != "spending":
        spending = (one[new], spot[new], site_cost[new])
        rows.add(1, -np.inf, problem.budget_yuan, spending, (one, at_module + spot, module_cost))
    kept = np.concatenate([~new, np.zeros(pairs + sites + villages)]).astype(np.float64)
    most = [np.ones(sites + pairs), np.where(bounded, module_limit, 0), np.full(villages, float(may_leave))]
    whole = np.ones(len(kept), dtype=np.bool_)
    model = rows.model(np.concatenate(costs), kept, np.concatenate(most).astype(np.float64), whole)
    return StationModel(model=model, problem=problem, part=part)


def _positions(members: NDArray[np.int64]) -> dict[int, int]:
    return {int(member): at for at, member in enumerate(members)}
