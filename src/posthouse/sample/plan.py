"""The city's own plan document: a template in official style, its targets set so that some are met and some are not.

Targets that depend on the city's size come from its registers of June 2021 and from what its operators will report;
the others stand in the template. The text does not depend on the month.
"""

from collections.abc import Mapping
from importlib.resources import files

from posthouse.sample.names import draw_people
from posthouse.sample.returns import year_revenues, year_total
from posthouse.sample.streams import open_stream
from posthouse.sample.world import World

PEOPLE = 16
WITHIN_REACH, OUT_OF_REACH = 0.96, 1.07
"""Targets are set at these shares of what the city will really come to."""


def render_plan(world: World) -> str:
    """Return the text of plan.md."""
    template = files(__package__).joinpath("plans", f"{world.kind.name}.md").read_text(encoding="utf-8")
    people = draw_people(open_stream(world.seed, world.kind.name, "people"), PEOPLE)
    names = {f"p{i}": name for i, name in enumerate(people)}
    return template.format_map({**_targets(world), **names})


def _targets(world: World) -> Mapping[str, str]:
    first = world.market.outlets[: world.market.n_first]
    outlets = [outlet for outlet in first if outlet.kind == "outlet"]
    capacity = sum(outlet.sorting_capacity_per_day or 0 for outlet in first)
    rich = sum(1 for revenue in year_revenues(world, 2022).values() if revenue > 100_000_000)
    staff = year_total(world, 2022, "staff") / 12
    return {
        "volume_2022": _amount(year_total(world, 2022, "volume") * WITHIN_REACH, "件"),
        "volume_2025": _amount(year_total(world, 2025, "volume") * WITHIN_REACH, "件"),
        "revenue_2022": _amount(year_total(world, 2022, "revenue_yuan") * OUT_OF_REACH, "元"),
        "revenue_2025": _amount(year_total(world, 2025, "revenue_yuan") * OUT_OF_REACH, "元"),
        "trade_2022": _amount(year_total(world, 2022, "cross_border_value_yuan") * WITHIN_REACH, "元"),
        "trade_2025": _amount(year_total(world, 2025, "cross_border_value_yuan") * OUT_OF_REACH, "元"),
        "retail_2022": _amount(year_total(world, 2022, "online_retail_yuan") * WITHIN_REACH, "元"),
        "outlets_goal": str(_tens(len(outlets) * 1.06)),
        "recycling_goal": str(_tens(sum(outlet.has_recycling_bin for outlet in outlets) * 1.12)),
        "demo_goal": str(_tens(sum(outlet.is_demonstration for outlet in outlets) * 1.25)),
        "capacity_goal": _amount(capacity * 1.1, "件"),
        "rich_goal": str(max(2, rich)),
        "staff_goal": str(round(staff * WITHIN_REACH / 100) * 100),
    }


def _amount(value: float, unit: str) -> str:
    """Return an amount as plans write it.

    >>> _amount(1_234_000_000, "件"), _amount(23_460_000, "元")
    ('12.3亿件', '2350万元')
    """
    return f"{value / 1e8:.1f}亿{unit}" if value >= 1e8 else f"{max(10, round(value / 1e5) * 10)}万{unit}"


def _tens(value: float) -> int:
    return max(10, round(value / 10 + 0.499) * 10)
