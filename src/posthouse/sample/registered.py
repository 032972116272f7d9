"""What registers, returns and the office's log say about each measure of the month, by plain counting over rows."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from posthouse.sample.months import month_at
from posthouse.sample.returns import PUBLISHED, months_until
from posthouse.sample.world import World

Row = Mapping[str, Any]
Rows = Iterable[Mapping[str, object]]
Entry = dict[str, object]

BASE_YEAR = 2019
TAPE_UNITS_PER_CM = 10_000
PROJECT_MEASURES = {
    "key_projects": "factory_key",
    "typical_projects": "factory_typical",
    "warehouse_value_added_projects": "warehouse_value_added",
    "cross_border_demonstration_projects": "cross_border_demonstration",
    "farm_gold_projects": "farm_gold",
    "strong_village_counties": "strong_village_county",
    "safety_centres": "safety_centre",
    "task_forces": "task_force",
}
PARK_MEASURES: Mapping[str, Callable[[Row], bool]] = {
    "key_parks": lambda park: park["is_key"] and park["has_express"],
    "small_enterprise_parks_entered": lambda park: park["kind"] == "small_enterprise" and park["has_express"],
    "demonstration_parks": lambda park: park["is_demonstration"],
    "express_logistics_parks": lambda park: park["kind"] == "express_logistics" and park["has_express"],
    "processing_areas": lambda park: park["kind"] == "processing_area",
    "service_zones": lambda park: park["kind"] == "service_zone",
    "cross_border_hubs": lambda park: park["kind"] == "cross_border_hub",
}


def ratio(numerator: int, denominator: int, *, scale: int = 1) -> Entry:
    """Return numerator, denominator and their quotient times scale; no value where there is nothing to divide by."""
    value = numerator / denominator * scale if denominator else None
    return {"numerator": numerator, "denominator": denominator, "value": value}


def count(numerator: int) -> Entry:
    """Return a plain count."""
    return {"numerator": numerator, "denominator": None, "value": float(numerator)}


def measure_registers(world: World, registers: Mapping[str, list[Mapping[str, object]]]) -> dict[str, Entry]:
    """Return the measures that registers alone answer, as of the last day of the month."""
    last = world.month.last_on
    tables: dict[str, list[Row]] = {
        name: [row for row in rows if _is_valid(row, last)] for name, rows in registers.items()
    }
    projects = [p for p in tables["projects"] if p["status"] == "done" and p["done_on"] <= last]
    measures = {
        measure: count(sum(1 for project in projects if project["kind"] == kind))
        for measure, kind in PROJECT_MEASURES.items()
    }
    for measure, holds in PARK_MEASURES.items():
        measures[measure] = count(sum(1 for park in tables["parks"] if holds(park)))
    factories = tables["factories"]
    joined = [f for f in factories if f["cooperating_from"] is not None and f["cooperating_from"] <= last]
    measures["cooperating_factories"] = count(len(joined))
    measures["factory_coverage"] = ratio(len(joined), len(factories))
    measures["key_industries"] = count(len({f["industry"] for f in joined if f["is_key_industry"]}))
    opened = [s for s in tables["care_stations"] if s["opened_on"] <= last]
    measures["care_stations"] = count(len(opened))
    measures["open_channels"] = count(sum(1 for channel in tables["channels"] if channel["is_open"]))
    backbone = [o for o in tables["operators"] if o["is_international_backbone"]]
    measures["international_backbone_operators"] = count(len(backbone))
    green = sum(1 for vehicle in tables["vehicles"] if vehicle["is_new_energy"])
    measures["new_energy_vehicle_share"] = ratio(green, len(tables["vehicles"]))
    return measures | _outlets(tables["outlets"]) | _housing(tables["residential_projects"], last)


def measure_returns(world: World, rows: Rows, valid_complaints: int) -> dict[str, Entry]:
    """Return volume, revenue, staff, trade and tape: to date in the year, and against the base year."""
    returns: list[Row] = list(rows)
    year = world.month.period.start_on.year
    months, before = months_until(world, year), months_until(world, BASE_YEAR)
    own = [row for row in returns if row["operator_id"] != PUBLISHED]

    def total(column: str, among: tuple[str, ...]) -> int:
        return sum(row[column] for row in own if row["month"] in among)

    measures = {
        "express_volume": count(total("volume", months)),
        "express_revenue": count(total("revenue_yuan", months)),
        "online_retail_supported": count(total("online_retail_yuan", months)),
        "cross_border_volume": count(total("cross_border_volume", months)),
        "cross_border_trade_value": count(total("cross_border_value_yuan", months)),
        "staff_count": count(total("staff", (world.month.text,))),
        "complaints_per_million": ratio(valid_complaints, total("volume", (world.month.text,)), scale=1_000_000),
    }
    for measure, column in (
        ("express_volume_growth", "volume"),
        ("express_revenue_growth", "revenue_yuan"),
        ("cross_border_volume_growth", "cross_border_volume"),
    ):
        base = total(column, before)
        measures[measure] = ratio(total(column, months) - base, base) | _BASE
    for measure, column in (
        ("express_volume_yearly_growth", "volume"),
        ("express_revenue_yearly_growth", "revenue_yuan"),
    ):
        whole = ratio(total(column, months), total(column, before))
        measures[measure] = whole | {"value": _yearly(whole, year - BASE_YEAR)} | _BASE
    tape, base_tape = _mean_tape(own, months), _mean_tape(own, before)
    measures["tape_reduction"] = ratio(base_tape - tape, base_tape) | _BASE
    year_back = {month_at(world.month.index - back).text for back in range(12)}
    revenue: dict[str, int] = {}
    for row in own:
        if row["month"] in year_back:
            revenue[row["operator_id"]] = revenue.get(row["operator_id"], 0) + row["revenue_yuan"]
    measures["operators_above_revenue"] = count(sum(1 for value in revenue.values() if value > 100_000_000))
    published: dict[str, int] = {}
    for row in returns:
        if row["operator_id"] == PUBLISHED and row["month"] in months:
            published[row["area"]] = published.get(row["area"], 0) + row["volume"]
    province = max(published, key=lambda area: published[area])
    ours = total("volume", months)
    measures["province_volume_share"] = ratio(ours, published.pop(province))
    measures["province_volume_rank"] = count(1 + sum(1 for theirs in published.values() if theirs > ours))
    return measures


def measure_office(world: World, rows: Rows) -> dict[str, Entry]:
    """Return meetings, reports and bulletins that were due in the month (office meetings: in three months)."""
    month = world.month
    log: list[Row] = [row for row in rows if month.period.contains(row["due_on"])]  # type: ignore[arg-type]
    quarter = {month_at(month.index - back).text for back in range(3)}
    last = month.last_on

    def held(kind: str, *, on_time: bool = False) -> dict[str, int]:
        by_body: dict[str, int] = {}
        for row in log:
            if row["kind"] == kind:
                done = row["held_on"] is not None and row["held_on"] <= (row["due_on"] if on_time else last)
                by_body[row["body"]] = by_body.get(row["body"], 0) + done
        return by_body

    meetings = sum(
        1
        for row in rows
        if row["kind"] == "office_meeting" and str(row["due_on"])[:7] in quarter and row["held_on"] is not None
    )
    reports = held("progress_report", on_time=True)
    return {
        "task_force_meetings_per_month": ratio(min(held("task_force_meeting").values()), 1),
        "office_meetings_per_quarter": ratio(3 * meetings, 3),
        "progress_reports_per_month": ratio(min(reports.values()), 1),
        "reports_on_time_share": ratio(sum(reports.values()), len(reports)),
        "bulletins_per_month": ratio(sum(held("bulletin").values()), 1),
    }


_BASE: Entry = {"parameters": {"base_year": BASE_YEAR}}


def _outlets(rows: list[Row]) -> dict[str, Entry]:
    outlets = [row for row in rows if row["kind"] == "outlet"]
    centres = [row for row in rows if row["kind"] == "sorting_centre"]
    urban = [row for row in outlets if row["is_urban"]]

    def having(quality: str, among: list[Row]) -> int:
        return sum(1 for row in among if row[quality])

    return {
        "outlets_count": count(len(outlets)),
        "standardised_outlet_share": ratio(having("is_standardised", outlets), len(outlets)),
        "filed_outlet_share": ratio(having("is_filed", outlets), len(outlets)),
        "demonstration_outlets": count(having("is_demonstration", outlets)),
        "recycling_outlets": count(having("has_recycling_bin", outlets)),
        "urban_recycling_outlet_share": ratio(having("has_recycling_bin", urban), len(urban)),
        "sorting_capacity_per_day": count(sum(row["sorting_capacity_per_day"] for row in centres)),
        "automated_sorting_share": ratio(having("is_automated", centres), len(centres)),
        "large_sorting_centres": count(sum(1 for row in centres if row["area_m2"] > 10_000)),
    }


def _housing(rows: list[Row], last: date) -> dict[str, Entry]:
    accepted = [row for row in rows if row["accepted_on"] is not None and row["accepted_on"] <= last]
    large = [r for r in accepted if r["population"] >= 3_000 and r["distribution_centre_m2"] is not None]
    return {
        "lockers_per_hundred_households": ratio(
            sum(row["locker_groups"] for row in accepted), sum(row["households"] for row in accepted), scale=100
        ),
        "distribution_centre_rule_share": ratio(
            sum(1 for row in large if row["distribution_centre_m2"] >= 30), len(large)
        ),
    }


def _yearly(whole: Entry, years: int) -> float | None:
    """Return the mean yearly growth behind a growth over several years; none where there are no years between."""
    value = whole["value"]
    return value ** (1 / years) - 1 if isinstance(value, float) and years > 0 else None


def _mean_tape(rows: list[Row], months: tuple[str, ...]) -> int:
    """Return centimetres a parcel, weighted by volume, in whole ten-thousandths."""
    own = [row for row in rows if row["month"] in months]
    tape = sum(int(row["tape_cm_per_parcel"] * TAPE_UNITS_PER_CM + 0.5) * row["volume"] for row in own)
    return int(tape // sum(row["volume"] for row in own))


def _is_valid(row: Mapping[str, Any], day: date) -> bool:
    since, until = row.get("valid_from"), row.get("valid_to")
    return (since is None or since <= day) and (until is None or until > day)
