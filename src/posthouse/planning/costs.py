"""Who pays what: brands alone and coalitions of brands priced by the same engine, the pooled cost divided among them.

With few brands every coalition is priced. With more there are too many, so the small and the nearly complete ones
are: those that form in practice, and those that could throw one brand out. The certificate says how many that were.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

from posthouse.optimise.sharing.problem import Game
from posthouse.optimise.sharing.solution import Sharing
from posthouse.optimise.sharing.solve import solve_equal_profit
from posthouse.planning.effort import Effort
from posthouse.planning.ground import Ground
from posthouse.planning.model import BrandCost, Shares
from posthouse.planning.offers import best_offer
from posthouse.planning.patterns import gaps_of
from posthouse.planning.solve_week import solve_week
from posthouse.planning.week import loads_of, make_week
from posthouse.planning.weekly import WeeklyAnswer


def price_brands(
    answer: WeeklyAnswer,
    ground: Ground,
    effort: Effort,
    *,
    seed: int,
    coalitions: float,
    today: Mapping[tuple[str, str], float],
) -> tuple[tuple[BrandCost, ...], Shares | None]:
    """Return the table of brands and how the cost is divided; no shares where there is one brand only or time was out.

    Parameters
    ----------
    coalitions : share of the effort for coalitions of several brands, which 0 leaves out; the rest is for brands alone.
    today : visits a week by (village, brand).
    """
    brands = ground.demand.brands()
    if not brands or not answer.patterns:
        return (), None
    alone = {}
    budgets = effort.part(1 - coalitions).parts([1.0] * len(brands))
    for number, (brand, budget) in enumerate(zip(brands, budgets, strict=True)):
        effort.progress("各品牌单独", number / len(brands))
        alone[brand] = _cost(answer, ground, (brand,), budget, seed=seed)
    rest = effort.part(coalitions, coalitions) if coalitions else None
    sharing = _divide(answer, ground, rest, brands, alone, seed=seed)
    shares = dict(zip(sharing.game.players, sharing.shares_yuan.tolist(), strict=True)) if sharing else {}
    visits = sum(len(pattern) for pattern in answer.patterns.values())
    rows = []
    for brand in brands:
        parcels = sum(own.get(brand, 0.0) for own in ground.demand.received.values())
        now = sum(count for (village, own), count in today.items() if own == brand and village in answer.patterns)
        rows.append(
            BrandCost(
                brand=brand,
                parcels_per_week=parcels,
                visits_today=now,
                visits=visits,
                today_yuan=alone[brand] * min(1.0, now / visits),
                alone_yuan=alone[brand],
                share_yuan=shares.get(brand, 0.0),
            )
        )
    return tuple(rows), _in_words(sharing, len(brands)) if sharing else None


def _divide(
    answer: WeeklyAnswer,
    ground: Ground,
    effort: Effort | None,
    brands: Sequence[str],
    alone: Mapping[str, float],
    *,
    seed: int,
) -> Sharing | None:
    players = tuple(brand for brand in brands if alone[brand] > 0)
    if len(players) < 2:
        return None
    costs = {1 << number: alone[brand] for number, brand in enumerate(players)}
    everyone = (1 << len(players)) - 1
    if effort is not None:
        masks = _coalitions(len(players), ground.scenario.sharing.most_exact_brands)
        for number, (mask, budget) in enumerate(zip(masks, effort.parts([1.0] * len(masks)), strict=True)):
            if effort.is_over:
                break
            effort.progress("费用分摊", number / len(masks))
            members = [brand for at, brand in enumerate(players) if mask >> at & 1]
            costs[mask] = _cost(answer, ground, members, budget, seed=seed)
    # The search may leave a coalition dearer than its parts apart; nobody would drive so.
    for mask in sorted(costs):
        for part in sorted(costs):
            if part & mask == part and part != mask and mask ^ part in costs:
                costs[mask] = min(costs[mask], costs[part] + costs[mask ^ part])
    costs[everyone] = answer.cost_yuan
    return solve_equal_profit(Game(players=players, costs=costs))


def _coalitions(count: int, most_exact: int) -> list[int]:
    """Bitmasks of the coalitions to price, beside single brands and all together."""
    sizes = range(2, count) if count <= most_exact else sorted({2, count - 1})
    return [sum(1 << at for at in members) for size in sizes for members in combinations(range(count), size)]


def _cost(answer: WeeklyAnswer, ground: Ground, brands: Sequence[str], effort: Effort, *, seed: int) -> float:
    """What the same promise costs these brands on their own, with their vehicles and the same offers of others."""
    total = 0.0
    budgets = effort.parts([sum(need.visits for need in a.week.depot.needs) for a in answer.answers])
    for own, budget in zip(answer.answers, budgets, strict=True):
        depot = own.week.depot
        week = make_week(depot, ground, answer.offers, brands=brands)
        depart_min = ground.scenario.rounds.depart_min
        total += solve_week(week, budget, iterations=budget.iterations, seed=seed, depart_min=depart_min).cost_yuan
    return total + _remote_cost(answer, ground, brands)


def _remote_cost(answer: WeeklyAnswer, ground: Ground, brands: Sequence[str]) -> float:
    loads = loads_of(ground, answer.remote.patterns, brands)
    total = 0.0
    for village, pattern in answer.remote.patterns.items():
        for day, gap in zip(pattern, gaps_of(pattern), strict=True):
            parcels = gap * (loads.received[village] + loads.sent[village])
            found = best_offer(answer.remote.offers, village, day, parcels)
            total += found[1] if found else 0.0
    return total


def _in_words(sharing: Sharing, count: int) -> Shares:
    certificate, game = sharing.certificate, sharing.game
    saved = sharing.saved_yuan / game.alone
    sizes = {mask.bit_count() for mask in game.costs}
    kinds = {1: "单独", 2: "两两合送", len(game.players) - 1: "缺一家", len(game.players): "全体"}
    named = "、".join(kinds.get(size, f"{size}家合送") for size in sorted(sizes))
    known = (
        f"逐一核算了全部{certificate.coalitions}种组合"
        if certificate.complete
        else f"核算了{certificate.coalitions}种组合（{named}）"
    )
    low, high = float(saved.min()), float(saved.max())
    rate = f"各家比单独投递都省{low:.0%}" if high - low < 0.005 else f"各家比单独投递省{low:.0%}至{high:.0%}"
    if certificate.in_core:
        verdict = "其中没有哪一种自己干会更便宜，因此没有谁有理由退出"
    else:
        worst = game.label(certificate.worst_coalition)
        verdict = f"{worst}自己干每周可再省{certificate.largest_excess_yuan:,.0f}元，须由其他各家补给或另议"
    return Shares(
        method=sharing.method,
        in_core=certificate.in_core,
        coalitions=certificate.coalitions,
        is_complete=certificate.complete,
        statement=f"{count}家品牌合送，{rate}。{known}：{verdict}。",
        objections=tuple((game.label(mask), yuan) for mask, yuan in certificate.objections.items()),
    )
