"""The files of a plan, as far as a person may have them: to download."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from posthouse.planning.exchange import plan_to_json
from posthouse.reports.plan_workbook import render_plan_workbook
from posthouse.reports.route_sheets import render_route_sheets
from posthouse_web.plans.actions import folder_of
from posthouse_web.plans.mapping import foreign_brands, only_own, without_names
from posthouse_web.plans.models import Scenario
from posthouse_web.plans.queries import read_whole_plan

FILES = {
    "plan.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "route_sheets.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "gtfs.zip": "application/zip",
    "plan_map.html": "text/html; charset=utf-8",
    "plan.geojson": "application/geo+json",
    "plan.gpkg": "application/geopackage+sqlite3",
    "plan.json": "application/json",
}
SHEETS = "快递进村线路单"


def read_file(scenario: Scenario, name: str, brands: frozenset[str] | None) -> bytes | None:
    """Return a file of the plan; for people of an operator without what is a rival's, None where that cannot be."""
    folder = folder_of(scenario.folder)
    if brands is None:
        return _zip(folder.glob("gtfs/*"), ()) if name == "gtfs.zip" else (folder / name).read_bytes()
    whole = read_whole_plan(scenario)
    plan, foreign = only_own(whole, brands), foreign_brands(whole, brands)
    made: dict[str, Callable[[], bytes]] = {
        "plan.xlsx": lambda: render_plan_workbook(plan),
        "route_sheets.docx": lambda: render_route_sheets(plan, title=SHEETS),
        "plan.json": lambda: json.dumps(plan_to_json(plan), ensure_ascii=False, indent=1).encode(),
        "plan.geojson": lambda: without_names((folder / name).read_text(encoding="utf-8"), foreign).encode(),
        "plan_map.html": lambda: without_names((folder / name).read_text(encoding="utf-8"), foreign).encode(),
        "gtfs.zip": lambda: _zip(folder.glob("gtfs/*"), foreign),
    }
    return made[name]() if name in made else None


def _zip(paths: Iterable[Path], names: Iterable[str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(paths):
            entry = zipfile.ZipInfo(path.name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, without_names(path.read_text(encoding="utf-8"), names))
    return stream.getvalue()
