"""What every coalition of brands would pay for the same week on its own: from the cost of all down to one brand.

A coalition begins from the cheapest week of the coalitions with one brand more, with the absent brands' parcels taken
out, and is searched from there. So it never costs more than a larger one whose routes it could drive (a Shapley value
or a core computed from costs that break this would be wrong in favour of whoever left). At last no coalition costs
more than its parts apart. Above `MOST_EXACT` brands the coalitions are those of sampled orders of joining, and the
Shapley value comes with its error.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.problem import RoutingProblem
from posthouse.optimise.routing.solution import Solution
from posthouse.optimise.routing.solve import solve_routing
from posthouse.optimise.sharing.problem import Game, close_game
from posthouse.optimise.sharing.shapley import solve_sampled_shapley
from posthouse.optimise.sharing.solution import Sharing

MOST_EXACT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Coalitions:
    """The priced coalitions.

    game : costs in yuan by bitmask. weeks : the routes behind them. lowered : coalitions that cost less apart, and are
    priced so. shapley : the sampled Shapley value, above ten brands; else None.
    """

    game: Game
    weeks: Mapping[int, Solution]
    lowered: tuple[int, ...]
    shapley: Sharing | None


def price_coalitions(
    brands: Sequence[str],
    week_of: Callable[[int], RoutingProblem],
    *,
    iterations: int,
    seed: int,
    start: Solution | None = None,
    pairs: int = 20,
) -> Coalitions:
    """Return the cost of every coalition of up to ten brands, of sampled ones above.

    Parameters
    ----------
    week_of : the week of a coalition (a bitmask) as a problem. All have the same customers, options and slots; a
        customer without parcels of the coalition has visits without load, which `drop_idle` leaves out.
    iterations : of the search for all brands; the others get a quarter, since they begin from a solved week.
    start : of the week of all. pairs : sampled orders of joining, each with its reverse.
    """
    everyone = (1 << len(brands)) - 1
    pricing = _Pricing(week_of, everyone, iterations, seed, start)
    if len(brands) > MOST_EXACT:
        sampled = solve_sampled_shapley(brands, pricing.cost_of, pairs=pairs, seed=seed)
        return Coalitions(game=sampled.game, weeks=pricing.weeks, lowered=(), shapley=sampled)
    for mask in sorted(range(1, everyone + 1), key=lambda mask: (-mask.bit_count(), mask)):
        pricing.cost_of(mask)
    game, lowered = close_game(Game(players=tuple(brands), costs=pricing.costs))
    return Coalitions(game=game, weeks=pricing.weeks, lowered=lowered, shapley=None)


class _Pricing:
    """Costs and weeks of the coalitions so far."""

    def __init__(
        self,
        week_of: Callable[[int], RoutingProblem],
        everyone: int,
        iterations: int,
        seed: int,
        start: Solution | None,
    ) -> None:
        self.week_of, self.everyone, self.iterations, self.seed = week_of, everyone, iterations, seed
        self.costs: dict[int, float] = {}
        self.weeks: dict[int, Solution] = {}
        self._first = start

    def cost_of(self, mask: int) -> float:
        """Return a coalition's cost, and that of all first."""
        if mask not in self.costs and mask != self.everyone:
            self.cost_of(self.everyone)
        if mask not in self.costs:
            problem = self.week_of(mask)
            begin = self._begin(problem, mask)
            share = 1.0 if mask == self.everyone else 0.25
            result = solve_routing(problem, seed=self.seed, iterations=int(share * self.iterations), start=begin)
            self.weeks[mask], self.costs[mask] = result.solution, result.objective
        return self.costs[mask]

    def _begin(self, problem: RoutingProblem, mask: int) -> Solution | None:
        """Return the cheapest week of the smallest larger coalitions known, without what this one does not need."""
        larger = [known for known in self.weeks if known & mask == mask]
        if not larger:
            return self._first
        least = min(known.bit_count() for known in larger)
        weeks = [drop_idle(problem, self.weeks[known]) for known in larger if known.bit_count() == least]
        return min(weeks, key=lambda week: check_solution(problem, week)[0])


def drop_idle(problem: RoutingProblem, week: Solution) -> Solution:
    """Return a week of a larger coalition for a smaller one: whose customers may now stay unserved are left out."""
    options, idle = list(week.options), set()
    for customer in range(problem.customers):
        own = range(problem.option_start[customer], problem.option_start[customer + 1])
        empty = [o for o in own if problem.visit_start[o] == problem.visit_start[o + 1] and not problem.option_price[o]]
        if empty:
            options[customer] = empty[0]
            idle.add(customer)
    routes = (replace(r, customers=tuple(c for c in r.customers if c not in idle)) for r in week.routes)
    return Solution(
        routes=tuple(route for route in routes if route.customers),
        options=tuple(options),
        outside=tuple(visit for visit in week.outside if visit[0] not in idle),
    )
