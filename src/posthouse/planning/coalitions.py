"""What every coalition of brands would pay for the same week on its own: from the cost of all down to one brand.

A coalition begins from the cheapest known week of the coalitions with fewest brands more, with the absent brands'
parcels taken out, and is searched from there. So it never costs more than a larger one whose routes it could drive (a
Shapley value or a core computed from costs that break this would be wrong in favour of whoever left). At last no
coalition costs more than its parts apart. Where there are too many, the coalitions are those of sampled orders of
joining, and the Shapley value comes with its error.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.problem import RoutingProblem
from posthouse.optimise.routing.solution import Solution
from posthouse.optimise.sharing.problem import Game, close_game
from posthouse.optimise.sharing.shapley import LEAST_PAIRS, solve_sampled_shapley
from posthouse.optimise.sharing.solution import Sharing
from posthouse.planning.effort import Effort
from posthouse.planning.processes import work_on_all
from posthouse.planning.search import search_week

MOST_EXACT = 10
"""Brands up to which every coalition may be priced."""

LEAST_YUAN = 0.01
"""Savings in per cent need a cost to compare with, also where others carry for nothing."""

SECONDS_PER_CUSTOMER = 0.001
"""What pricing one coalition takes at least for each customer on one slow core: reading the week, a short search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledWeek:
    """One depot's week of all brands together.

    week_of : the week of a coalition (a bitmask) as a problem. All have the same customers, options and slots; a
    customer without parcels of the coalition may stay without visit for nothing. solution : of all brands.
    """

    week_of: Callable[[int], RoutingProblem]
    solution: Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class Coalitions:
    """The priced coalitions.

    game : costs in yuan by bitmask, without the prices of day sets. lowered : coalitions that cost less apart, and are
    priced so. broken : weeks that break some limit. shapley : the sampled Shapley value where not every coalition is
    known; else None.
    """

    game: Game
    lowered: tuple[int, ...]
    broken: int
    shapley: Sharing | None


def price_coalitions(
    brands: Sequence[str],
    depots: Sequence[PooledWeek],
    effort: Effort,
    *,
    seed: int,
    most_exact: int = MOST_EXACT,
    beside: Callable[[int], float] = lambda mask: 0.0,
) -> Coalitions:
    """Return the cost of every coalition, or of sampled ones where there are too many for the effort.

    Parameters
    ----------
    most_exact : brands up to which all are priced while the effort allows it.
    beside : what a coalition pays beside the depots' weeks, in yuan.
    """
    everyone = (1 << len(brands)) - 1
    sizes = [len(depot.solution.options) for depot in depots]
    possible = effort.seconds * effort.processes / (SECONDS_PER_CUSTOMER * max(1, sum(sizes)))
    pairs = max(LEAST_PAIRS, int(possible / (2 * len(brands))))
    if len(brands) <= min(most_exact, MOST_EXACT) and everyone <= max(possible, 2 * LEAST_PAIRS * len(brands)):
        pairs = 0
    masks = _all_coalitions(len(brands)) if not pairs else _sampled_coalitions(brands, pairs, seed)

    def price(depot: PooledWeek, own: Effort) -> dict[int, tuple[float, bool]]:
        return _price_weeks(depot, masks, own, seed=seed)

    priced = work_on_all(price, depots, sizes, effort, "各品牌和组合单独")
    costs = {mask: max(LEAST_YUAN, sum(own[mask][0] for own in priced) + beside(mask)) for mask in masks}
    lowered: tuple[int, ...] = ()
    game = Game(players=tuple(brands), costs=costs)
    shapley = solve_sampled_shapley(brands, costs.__getitem__, pairs=pairs, seed=seed) if pairs else None
    if game.complete:
        game, lowered = close_game(game)
        # What all pay is what their plan costs.
        game = Game(players=game.players, costs={**game.costs, everyone: costs[everyone]})
    broken = sum(is_broken for own in priced for _, is_broken in own.values())
    return Coalitions(game=game, lowered=lowered, broken=broken, shapley=shapley)


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


def _all_coalitions(count: int) -> tuple[int, ...]:
    """Return all bitmasks, the largest coalitions first."""
    return tuple(sorted(range(1, 1 << count), key=lambda mask: (-mask.bit_count(), mask)))


def _sampled_coalitions(brands: Sequence[str], pairs: int, seed: int) -> tuple[int, ...]:
    """Return those that the sampled Shapley value asks for, the largest first."""
    asked: set[int] = set()

    def ask(mask: int) -> float:
        asked.add(mask)
        return float(mask.bit_count())

    solve_sampled_shapley(brands, ask, pairs=pairs, seed=seed)
    return tuple(mask for mask in _all_coalitions(len(brands)) if mask in asked)


def _price_weeks(
    depot: PooledWeek, masks: Sequence[int], effort: Effort, *, seed: int
) -> dict[int, tuple[float, bool]]:
    """Return one depot's cost of each coalition, and whether its week breaks a limit. The first mask is everyone's."""
    weeks: dict[int, Solution] = {}
    found: dict[int, tuple[float, bool]] = {}
    for mask, own in zip(masks, effort.parts([1.0] * len(masks)), strict=True):
        problem, week = depot.week_of(mask), depot.solution
        if weeks:
            week = drop_idle(problem, _cheapest_larger(mask, weeks, found))
            if not own.is_over or check_solution(problem, week)[1]:  # vehicles of the absent may be missing
                week = search_week(problem, own, seed=seed, start=week).solution
        cost, violations = check_solution(problem, week)
        prices = sum(float(problem.option_price[option]) for option in week.options if option >= 0)
        weeks[mask], found[mask] = week, (cost - prices, bool(violations))
    return found


def _cheapest_larger(mask: int, weeks: Mapping[int, Solution], found: Mapping[int, tuple[float, bool]]) -> Solution:
    larger = [known for known in weeks if known & mask == mask]
    least = min(known.bit_count() for known in larger)
    return weeks[min((k for k in larger if k.bit_count() == least), key=lambda k: (found[k][1], found[k][0], k))]
