"""Writes a sample city: records/ (registers and the events of a month), plan.md and truth.json.

Called again with another month and the same folder it adds that month's events, rewrites the registers as of the
latest month, and completes truth.json. Each file is made aside and put in place when it is whole.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from posthouse.sample.attributes import draw_attributes
from posthouse.sample.carry_out import carry_out
from posthouse.sample.clocks import set_clocks
from posthouse.sample.declarations import declare
from posthouse.sample.destinies import FEWEST_PER_VILLAGE, draw_destinies
from posthouse.sample.faults import plant_faults
from posthouse.sample.industry import open_channel_ids
from posthouse.sample.inspection import inspect
from posthouse.sample.kind import Kind, get_kind
from posthouse.sample.misconduct import misbehave
from posthouse.sample.months import Month, month_of
from posthouse.sample.office import list_office_log
from posthouse.sample.parquet import ParquetFile, parcel_table, scan_table, waybills
from posthouse.sample.plan import render_plan
from posthouse.sample.registers import list_registers
from posthouse.sample.returns import list_returns
from posthouse.sample.scans import scan
from posthouse.sample.service_days import tabulate_service_days
from posthouse.sample.sites import list_sites
from posthouse.sample.tables import event_table, write_csv, write_excel, write_json
from posthouse.sample.tally import Tally, count_batch, merge_accepted, open_tally
from posthouse.sample.truth import finish_month, state_month
from posthouse.sample.world import World, make_world
from posthouse.vocabulary.errors import UnusableInputError

Progress = Callable[[str, float], None]

EXCEL_REGISTER = "service_points"
"""This register is written as a workbook, as offices keep it; the others as CSV."""

FEWEST_VILLAGES = 12
EVENTS_PER_PARCEL = 32
"""Event ids set aside for each parcel of a batch: nine scans, copies and corrections fit many times over."""


def write_sample(
    kind: str,
    out: Path,
    *,
    villages: int | None = None,
    parcels: int | None = None,
    month: str = "2021-06",
    seed: int = 1,
    carried_out: Path | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write a city of this kind for one month into `out` and return `out`.

    Parameters
    ----------
    villages, parcels : administrative villages, and parcels handed over in the month; None for the kind's own.
    carried_out : plan.json or its folder: a village plan that is carried out in this month, which has to be the latest.
    progress : called with what is being done and the share done, 0..1.

    Raises
    ------
    UnusableInputError : unknown kind or month, too few villages or parcels, or `out` holds another city.
    """
    chosen = get_kind(kind)
    n_villages, n_parcels = _sizes(chosen, villages, parcels, seed)
    when = month_of(month)
    identity = {"kind": kind, "seed": seed, "villages": n_villages}
    known = _known_truth(out, identity)
    report = progress or (lambda what, share: None)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".making-") as folder:
        made = Path(folder)
        (made / "records").mkdir()
        world = make_world(kind, seed, n_villages, when)
        latest = max((month_of(text) for text in (*known.get("months", {}), month)), key=lambda m: m.index)
        if carried_out is not None:
            world = _carry_out(world, carried_out, n_parcels, latest)
        entry = _write_month(world, n_parcels, made / "records", report)
        report("台账", 0.93)
        _write_registers(world if latest == when else make_world(kind, seed, n_villages, latest), made / "records")
        (made / "plan.md").write_text(render_plan(world), encoding="utf-8")
        write_json(made / "truth.json", _truth(world, identity, known, entry))
        _publish(made, out)
    report("完成", 1.0)
    return out


def _carry_out(world: World, path: Path, parcels: int, latest: Month) -> World:
    if latest != world.month:
        raise UnusableInputError(
            f"--carry-out 的月份应为最后一个月，实际为 {world.month.text}，已有 {latest.text}。请换一个 --month。"
        )
    return carry_out(world, path, parcels)


def _sizes(kind: Kind, villages: int | None, parcels: int | None, seed: int) -> tuple[int, int]:
    n_villages = kind.villages if villages is None else villages
    if n_villages < FEWEST_VILLAGES:
        raise UnusableInputError(f"--villages 应不少于 {FEWEST_VILLAGES}，实际为 {n_villages}。请改正后重试。")
    fewest = FEWEST_PER_VILLAGE * n_villages
    n_parcels = max(kind.parcels if villages is None else 0, fewest * 2) if parcels is None else parcels
    if n_parcels < fewest:
        raise UnusableInputError(
            f"--parcels 应不少于 {fewest}（每村 {FEWEST_PER_VILLAGE} 件，才看得出投递日），"
            f"实际为 {n_parcels}。请改正后重试。"
        )
    if seed < 0:
        raise UnusableInputError(f"--seed 应为不小于 0 的整数，实际为 {seed}。请改正后重试。")
    return n_villages, n_parcels


def _known_truth(out: Path, identity: Mapping[str, object]) -> dict[str, Any]:
    path = out / "truth.json"
    if out.exists() and not out.is_dir():
        raise UnusableInputError(f"--out 应为目录，实际 {out} 是文件。请换一个目录。")
    if not path.exists():
        return {}
    try:
        known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise UnusableInputError(f"{path} 应为样例城市的 truth.json，实际不是 JSON。请换一个 --out 目录。") from None
    found = {key: known.get(key) for key in identity}
    if found != identity:
        raise UnusableInputError(
            f"目录 {out} 里已有另一座样例城市 {found}，这次要的是 {dict(identity)}。"
            "请换一个 --out 目录，或用同样的参数追加月份。"
        )
    return known


def _write_month(world: World, parcels: int, folder: Path, report: Progress) -> dict[str, object]:
    """Write the events of the month and return its entry of truth.json."""
    month = world.month.text
    tally, faults = _write_parcels(world, parcels, folder, report)
    report("检查与申报", 0.88)
    inspection = inspect(world)
    declarations = declare(world, tally, inspection)
    for name, columns in (("checks", inspection.checks), ("device_status", inspection.device_status)):
        with ParquetFile(folder / f"{name}-{month}.parquet") as file:
            file.write(event_table(name, columns))
    write_csv(folder / f"complaints-{month}.csv", "complaints", inspection.complaints)
    write_csv(folder / f"declarations-{month}.csv", "declarations", declarations.rows)
    return state_month(
        world,
        tally,
        inspection,
        declarations,
        registers=list_registers(world),
        returns=list_returns(world),
        office_log=list_office_log(world),
        faults=faults,
    )


def _write_parcels(world: World, parcels: int, folder: Path, report: Progress) -> tuple[Tally, dict[str, int]]:
    month, days, sites = world.month, tabulate_service_days(world.month), list_sites(world)
    channels = open_channel_ids(world)
    tally, faults = open_tally(world), dict[str, int]()
    start = month.period.start_on
    first_event = (start.year * 100 + start.month) * 10**11
    with (
        ParquetFile(folder / f"scans-{month.text}.parquet") as scan_file,
        ParquetFile(folder / f"parcels-{month.text}.parquet") as parcel_file,
    ):
        for destinies in draw_destinies(world, days, parcels):
            batch, deeds = misbehave(world, set_clocks(world, days, destinies))
            tally.misconduct.update(deeds)
            attributes = draw_attributes(world, batch, len(channels))
            count_batch(world, tally, batch, attributes)
            faulty = plant_faults(world, scan(world, sites, batch, first_event), first_event)
            first_event += EVENTS_PER_PARCEL * len(batch)
            for name, number in faulty.counts.items():
                faults[name] = faults.get(name, 0) + number
            numbers = waybills(world, batch)
            scan_file.write(scan_table(world, sites, batch, numbers, faulty.scans))
            parcel_file.write(parcel_table(world, batch, numbers, attributes, channels))
            report(f"{month.text} 快件", 0.85 * tally.parcels / parcels)
    return tally, faults


def _write_registers(world: World, folder: Path) -> None:
    for name, rows in list_registers(world).items():
        if name == EXCEL_REGISTER:
            write_excel(folder / f"{name}.xlsx", name, rows)
        else:
            write_csv(folder / f"{name}.csv", name, rows)
    write_csv(folder / "returns.csv", "returns", list_returns(world))
    write_csv(folder / "office_log.csv", "office_log", list_office_log(world))


def _truth(
    world: World, identity: Mapping[str, object], known: Mapping[str, Any], entry: dict[str, object]
) -> dict[str, object]:
    months: dict[str, Any] = {**known.get("months", {}), world.month.text: entry}
    accepted = merge_accepted(part["accepted"] for part in months.values())
    return {
        **identity,
        "fictional": True,
        "city": {"code": world.kind.city.code, "name": world.kind.city.name},
        "promise_days_per_week": world.kind.promise_days_per_week,
        "months": {text: finish_month(months[text], accepted.get(text, {})) for text in sorted(months)},
    }


def _publish(made: Path, out: Path) -> None:
    """Put every file in its place; truth.json last, since it says what is there."""
    (out / "records").mkdir(exist_ok=True)
    for path in sorted((made / "records").iterdir()):
        shutil.move(path, out / "records" / path.name)
    for name in ("plan.md", "truth.json"):
        (made / name).replace(out / name)
