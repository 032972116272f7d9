"""Who pays what: brands alone and coalitions of brands priced by one engine, the pooled cost divided among them."""

from collections.abc import Mapping, Sequence

from posthouse.optimise.sharing.solution import Sharing
from posthouse.optimise.sharing.solve import solve_equal_profit
from posthouse.planning.brand_weeks import brand_weeks
from posthouse.planning.coalitions import PooledWeek, price_coalitions
from posthouse.planning.effort import Effort
from posthouse.planning.ground import Ground
from posthouse.planning.model import BrandCost, Shares
from posthouse.planning.offers import best_offer
from posthouse.planning.patterns import gaps_of
from posthouse.planning.week import loads_of
from posthouse.planning.weekly import WeeklyAnswer


def price_brands(
    answer: WeeklyAnswer, ground: Ground, effort: Effort, *, seed: int, today: Mapping[tuple[str, str], float]
) -> tuple[tuple[BrandCost, ...], Shares | None]:
    """Return the table of brands and how the cost is divided; no shares where one brand only has parcels.

    Parameters
    ----------
    today : visits a week by (village, brand).
    """
    villages = {brand: _served(answer, ground, brand) for brand in ground.demand.brands()}
    brands = tuple(brand for brand, own in villages.items() if own)
    if not brands:
        return (), None
    alone, shares, said = dict.fromkeys(brands, answer.cost_yuan), dict.fromkeys(brands, answer.cost_yuan), None
    if len(brands) > 1:
        sharing, error_yuan = _divide(answer, ground, effort, brands, seed=seed)
        alone = dict(zip(brands, sharing.game.alone.tolist(), strict=True))
        shares = dict(zip(brands, sharing.shares_yuan.tolist(), strict=True))
        said = _in_words(sharing, error_yuan)
    rows = []
    for brand in brands:
        visits = sum(len(answer.patterns[village]) for village in villages[brand])
        now = sum(count for (village, own), count in today.items() if own == brand and village in villages[brand])
        rows.append(
            BrandCost(
                brand=brand,
                parcels_per_week=sum(own.get(brand, 0.0) for own in ground.demand.received.values()),
                visits_today=now,
                visits=visits,
                today_yuan=alone[brand] * min(1.0, now / visits),
                alone_yuan=alone[brand],
                share_yuan=shares[brand],
            )
        )
    return tuple(rows), said


def _served(answer: WeeklyAnswer, ground: Ground, brand: str) -> set[str]:
    """The villages of the plan for which the brand has parcels, there or back."""
    sides = ground.demand.received, ground.demand.sent
    return {village for village in answer.patterns if any(side.get(village, {}).get(brand, 0.0) > 0 for side in sides)}


def _divide(
    answer: WeeklyAnswer, ground: Ground, effort: Effort, brands: Sequence[str], *, seed: int
) -> tuple[Sharing, float | None]:
    """Shares of the pooled cost by the Equal Profit Method, and the error of sampling; None where nothing was."""
    depots = [
        PooledWeek(week_of=brand_weeks(own.week, ground, answer.offers, brands), solution=own.solution)
        for own in answer.answers
    ]

    def remote(mask: int) -> float:
        return _remote_cost(answer, ground, [brand for at, brand in enumerate(brands) if mask >> at & 1])

    most = ground.scenario.sharing.most_exact_brands
    priced = price_coalitions(brands, depots, effort, seed=seed, most_exact=most, beside=remote)
    error_yuan = float(priced.shapley.error_yuan.max()) if priced.shapley else None
    return solve_equal_profit(priced.game), error_yuan


def _remote_cost(answer: WeeklyAnswer, ground: Ground, brands: Sequence[str]) -> float:
    loads = loads_of(ground, answer.remote.patterns, brands)
    total = 0.0
    for village, pattern in answer.remote.patterns.items():
        for day, gap in zip(pattern, gaps_of(pattern), strict=True):
            parcels = gap * (loads.received[village] + loads.sent[village])
            found = best_offer(answer.remote.offers, village, day, parcels)
            total += found[1] if found else 0.0
    return total


def _in_words(sharing: Sharing, error_yuan: float | None) -> Shares:
    certificate, game = sharing.certificate, sharing.game
    saved = sharing.saved_yuan / game.alone
    known = f"逐一核算了全部{certificate.coalitions}种组合"
    if error_yuan is not None:
        error = f"按沙普利值推算，每家每周的抽样误差不超过{error_yuan:,.0f}元"
        known = f"抽样核算了{certificate.coalitions}种组合（{error}）"
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
        statement=f"{len(game.players)}家品牌合送，{rate}。{known}：{verdict}。",
        objections=tuple((game.label(mask), yuan) for mask, yuan in certificate.objections.items()),
    )
