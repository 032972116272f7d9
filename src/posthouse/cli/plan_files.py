"""The files of `posthouse plan village`: for programs, for the planner to edit, for the drivers, for the map."""

import json
from datetime import timedelta
from pathlib import Path

from posthouse.planning.exchange import plan_to_json
from posthouse.planning.ground import Ground
from posthouse.planning.model import Plan
from posthouse.reports.model import Place
from posthouse.reports.plan_geography import plan_to_geojson, plan_to_geopackage
from posthouse.reports.plan_gtfs import plan_to_gtfs
from posthouse.reports.plan_map import render_plan_map
from posthouse.reports.plan_workbook import render_plan_workbook
from posthouse.reports.route_sheets import render_route_sheets
from posthouse.stores.manifest import write_atomically
from posthouse.vocabulary.periods import Period

WEEKS_VALID = 26
"""How long the new timetable is announced for."""


def write_plan_files(
    plan: Plan, out: Path, ground: Ground, period: Period, *, days: int, before: Plan | None = None
) -> tuple[tuple[str, ...], str]:
    """Write everything into the folder; return the names and the text of plan.json.

    Parameters
    ----------
    days : promised a week. before : the plan that was changed; the map marks what differs.
    """
    positions = {
        code: division.position for code, division in ground.divisions.by_code.items() if division.position is not None
    }
    places = {
        code: Place(code=code, name=own.name, kind=own.kind, lon=own.lon, lat=own.lat)
        for code, own in ground.divisions.by_code.items()
    }
    cities = ground.divisions.list_level("city")
    city = cities[0].name if len(cities) == 1 else ""
    monday = period.end_on + timedelta(days=-period.end_on.weekday() % 7)
    text = json.dumps({"month": str(period), "days": days, **plan_to_json(plan)}, ensure_ascii=False, indent=1)
    feed = plan_to_gtfs(
        plan,
        positions,
        agency=f"{city}联收联投",
        start_on=monday,
        end_on=monday + timedelta(weeks=WEEKS_VALID) - timedelta(days=1),
    )
    files = {
        "plan.json": text.encode(),
        "plan.xlsx": render_plan_workbook(plan),
        "route_sheets.docx": render_route_sheets(plan, title=f"{city}快递进村线路单"),
        "plan_map.html": render_plan_map(plan, places, title=f"{city}快递进村规划", before=before).encode(),
        "plan.geojson": json.dumps(plan_to_geojson(plan, positions), ensure_ascii=False).encode(),
        "plan.gpkg": plan_to_geopackage(plan, positions),
        **{f"gtfs/{name}": content for name, content in feed.items()},
    }
    (out / "gtfs").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_atomically(out / name, content)
    return (*(name for name in files if not name.startswith("gtfs/")), "gtfs/"), text
