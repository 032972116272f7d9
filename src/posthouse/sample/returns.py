"""Three years of the operators' monthly returns, and the totals published for the province and for rival counties.

Volumes are those of the whole city, however many parcels the scans hold: the scans are a sample of them.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from posthouse.sample.months import month_at, month_index
from posthouse.sample.regions import get_province
from posthouse.sample.streams import open_stream
from posthouse.sample.world import World

if TYPE_CHECKING:
    import numpy as np

Row = Mapping[str, object]

SEASON = (0.92, 0.62, 0.95, 0.97, 1.02, 1.10, 0.98, 0.97, 1.02, 1.06, 1.34, 1.22)
"""Relative volume by calendar month; June and November hold the sales."""

FIRST_TEXT = "2019-01"
MONTHS = 36
PUBLISHED = "ALL"


def list_returns(world: World) -> list[Row]:
    """Return the rows of table `returns` up to the month: 36 months, and always from January 2019 on."""
    start = min(month_index(FIRST_TEXT), world.month.index - MONTHS + 1)
    rows: list[Row] = []
    for index in range(start, world.month.index + 1):
        rows += _month_rows(world, index)
    return rows


def _month_rows(world: World, index: int) -> list[Row]:
    kind, market, text = world.kind, world.kind.market, month_at(index).text
    stream = open_stream(world.seed, kind.name, "returns", index)
    season = SEASON[int(text[5:]) - 1] / SEASON[5]
    years = index / 12
    volume = market.monthly_volume * (1 + market.yearly_growth) ** years * season
    price = market.yuan_per_parcel * 0.965**years
    abroad = kind.flow.outbound * kind.flow.international * volume
    backers = sum(1 for brand in kind.brands if brand.is_international)
    tape = kind.quality.tape_cm * (1 - kind.quality.tape_fall_per_year) ** years
    rows: list[Row] = []
    own = [operator for operator in world.market.operators if operator.brand >= 0]
    for operator in own:
        brand = world.market.brands[operator.brand]
        firms = [o.operator_id for o in own if o.brand == operator.brand]
        rank = firms.index(operator.operator_id) + 1
        part = (1 / rank) / sum(1 / (i + 1) for i in range(len(firms)))
        noise = float(stream.uniform(0.97, 1.03))
        is_abroad = brand.is_international
        across = (
            abroad * part * noise * (0.6 if brand.kind == "international" else 0.4 / max(1, backers))
            if is_abroad
            else 0
        )
        count = round(volume * brand.share * part * noise + across)
        rows.append(
            {
                "area": kind.city.code,
                "operator_id": operator.operator_id,
                "brand": brand.name,
                "month": text,
                "volume": count,
                "revenue_yuan": round(count * price + across * 62),
                "staff": round(24 + count / 8_200 / (1 + 0.05 * years)),
                "cross_border_volume": round(across),
                "cross_border_value_yuan": round(across * 340),
                "online_retail_yuan": round(count * 0.82 * 74),
                "tape_cm_per_parcel": round(tape * float(stream.uniform(0.97, 1.03)), 1),
            }
        )
    return rows + _published(world, text, years, season, stream)


def _published(world: World, text: str, years: float, season: float, stream: "np.random.Generator") -> list[Row]:
    """Return the totals of the province and of rival areas; they grow more slowly than the city."""
    market = world.kind.market
    steady = open_stream(world.seed, world.kind.name, "rivals")
    rows: list[Row] = []
    size = market.monthly_volume / market.province_share
    growth = 1 + market.yearly_growth * 0.8
    rows.append(
        _total(
            get_province().code,
            text,
            size * growth**years * season * float(stream.uniform(0.99, 1.01)),
            market.yuan_per_parcel,
        )
    )
    for rival in range(market.rivals):
        ratio, pace = float(steady.uniform(0.25, 1.5)), float(steady.uniform(0.5, 1.05))
        volume = market.monthly_volume * ratio * (1 + market.yearly_growth * pace) ** years * season
        code = f"3394{rival + 21:02d}000000"
        rows.append(_total(code, text, volume * float(stream.uniform(0.98, 1.02)), market.yuan_per_parcel))
    return rows


def _total(area: str, text: str, volume: float, price: float) -> Row:
    return {
        "area": area,
        "operator_id": PUBLISHED,
        "brand": None,
        "month": text,
        "volume": round(volume),
        "revenue_yuan": round(volume * price),
    }


def year_total(world: World, year: int, column: str) -> int:
    """Return what the city's operators report for a whole year, also one that is still to come."""
    return sum(int(str(row[column])) for row in _own_rows(world, year))


def year_revenues(world: World, year: int) -> Mapping[str, int]:
    """Return the revenue of a whole year by operator."""
    totals: dict[str, int] = {}
    for row in _own_rows(world, year):
        operator = str(row["operator_id"])
        totals[operator] = totals.get(operator, 0) + int(str(row["revenue_yuan"]))
    return totals


def _own_rows(world: World, year: int) -> list[Row]:
    rows = [row for month in range(1, 13) for row in _month_rows(world, month_index(f"{year:04d}-{month:02d}"))]
    return [row for row in rows if row["operator_id"] != PUBLISHED]


def months_until(world: World, year: int) -> tuple[str, ...]:
    """Return January to the calendar month of the world, in this year."""
    return tuple(f"{year:04d}-{m:02d}" for m in range(1, world.month.period.start_on.month + 1))
