"""The daily states of a workspace: kept beside the journeys, made again only for the days that changed.

states.json says which Parquet files hold them, a file a month and state, and from which files of records and journeys
they were made. They answer for the journeys only as long as these are the published ones; after a load, `keep_states`
makes those of the touched days again. Whatever is not up to date is not read, so that a figure is never stale.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posthouse.measures.catalogue import all_definitions
from posthouse.measures.forms import DAY_S, EPOCH_ON, Tables
from posthouse.measures.states import STATES, daily_states, is_kept
from posthouse.records.fold import EPOCH_S
from posthouse.records.schema import get_table
from posthouse.stores.manifest import Manifest, write_atomically
from posthouse.stores.parts import read_part, write_part
from posthouse.stores.rows import difference, is_in, numbers_of
from posthouse.stores.staging import stored_part
from posthouse.vocabulary.periods import Grain, Period

if TYPE_CHECKING:
    import pyarrow as pa

_STATES = "states"
_KEPT = "states.json"
_REGISTERS = ("divisions", "regions")
"""Registers that decide which parcels a state counts; a change in them touches every day."""

_JOURNEY_DAYS = ("first_s", "village_arrived_s", "delivered_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStates:
    """Which files hold the states: state to (month to file), and what they were made from: name to (part to file)."""

    files: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    made_from: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_states(folder: Path) -> KeptStates:
    """Return the states that a workspace keeps, up to date or not; none where there are none."""
    try:
        return KeptStates(**json.loads((folder / _KEPT).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return KeptStates()


def are_current(kept: KeptStates, manifest: Manifest) -> bool:
    """Whether the states are those of the published journeys, parcels and registers."""
    return kept.made_from == _sources(manifest)


def write_states(folder: Path, manifest: Manifest, tables: Tables) -> None:
    """Make the states of the touched days and publish them; `tables` are those of the manifest."""
    kept, sources = read_states(folder), _sources(manifest)
    if kept.made_from == sources:
        return
    files = {name: dict(kept.files.get(name, {})) for name in STATES}
    days = _touched_days(folder, kept, sources)
    if days is None:
        files, days = {name: {} for name in STATES}, _all_days(folder, sources)
    for month, group in groupby(sorted(days), key=lambda day: _date(day).strftime("%Y-%m")):
        touched = list(group)
        period = Period(_date(touched[0]), _date(touched[-1] + 1), Grain.DAY)
        for name, state in daily_states(tables, period).items():
            before = [_outside(folder / files[name][month], touched)] if month in files[name] else []
            files[name][month] = _write_month(folder, name, month, [*before, state])
    write_atomically(
        folder / _KEPT, (json.dumps({"files": files, "made_from": sources}, indent=1) + "\n").encode("utf-8")
    )
    _sweep(folder, [kept.files, files])


def _sources(manifest: Manifest) -> dict[str, dict[str, str]]:
    versions = {definition.id: str(definition.version) for definition in all_definitions() if is_kept(definition)}
    registers = {name: dict(manifest.records.get(name, {})) for name in (*_REGISTERS, "parcels")}
    return {**registers, "journeys": dict(manifest.journeys), "scans": dict(manifest.folded), "versions": versions}


def _touched_days(folder: Path, kept: KeptStates, sources: Mapping[str, Mapping[str, str]]) -> set[int] | None:
    """Return the days whose states may have changed, since 2020-01-01; None where it cannot be known."""
    before = kept.made_from
    if not before or any(before[name] != sources[name] for name in (*_REGISTERS, "versions")):
        return None
    changes: dict[str, list[pa.Table]] = {"journeys": [], "parcels": []}
    for name, changed in changes.items():
        old, new = before[name], sources[name]
        for part in old.keys() | new.keys():
            if old.get(part) == new.get(part):
                continue
            if part in old and not (folder / old[part]).exists():
                return None
            sides = (_part(folder, name, parts.get(part)) for parts in (old, new))
            changed.extend(difference(get_table(name), *sides))
    days = {day for rows in changes["journeys"] for day in _days_of(rows)}
    if changes["parcels"]:
        days |= _days_of_parcels(folder, changes["parcels"], sources["journeys"])
    return days


def _part(folder: Path, name: str, file: str | None) -> "pa.Table":
    return stored_part(get_table(name), None) if file is None else read_part(folder / file, get_table(name))


def _days_of(journeys: "pa.Table") -> set[int]:
    import numpy as np

    seconds = [journeys.column(name).drop_null().to_numpy() for name in _JOURNEY_DAYS]
    return set(np.unique(np.concatenate(seconds) // DAY_S).tolist())


def _days_of_parcels(folder: Path, changed: "list[pa.Table]", journeys: Mapping[str, str]) -> set[int]:
    """Return the days on which these parcels were accepted or delivered."""
    import numpy as np
    import pyarrow as pa

    rows = pa.concat_tables(changed)
    accepted: Any = rows.column("accepted_at").cast(pa.int64()).to_numpy() // 1_000_000 - EPOCH_S
    days = set(np.unique(accepted // DAY_S).tolist())
    waybills = numbers_of(rows, "waybill")
    for file in journeys.values():
        part = read_part(folder / file, get_table("journeys"), ["waybill", *_JOURNEY_DAYS])
        days |= _days_of(part.filter(pa.array(is_in(numbers_of(part, "waybill"), waybills))))
    return days


def _all_days(folder: Path, sources: Mapping[str, Mapping[str, str]]) -> set[int]:
    """Return every day between the first and the last of each file, from the footers."""
    days: set[int] = set()
    for name, columns in (("journeys", _JOURNEY_DAYS), ("parcels", ("accepted_at",))):
        for file in sources[name].values():
            for column in columns:
                days.update(_days_between(folder / file, column))
    return days


def _days_between(path: Path, column: str) -> range:
    from pyarrow import parquet

    footer = parquet.read_metadata(path)
    at = footer.schema.names.index(column)
    found: Any = [footer.row_group(group).column(at).statistics for group in range(footer.num_row_groups)]
    ends = [end for group in found if group.has_min_max for end in (group.min_raw, group.max_raw)]
    if not ends:
        return range(0)
    seconds = [end // 1_000_000 - EPOCH_S if column == "accepted_at" else end for end in ends]
    return range(min(seconds) // DAY_S, max(seconds) // DAY_S + 1)


def _outside(path: Path, touched: list[int]) -> "pa.Table":
    import pyarrow as pa
    from pyarrow import parquet

    rows = parquet.ParquetFile(path).read()
    days = numbers_of(rows, "day")
    return rows.filter(pa.array((days < touched[0]) | (days > touched[-1])))


def _write_month(folder: Path, name: str, month: str, parts: "list[pa.Table]") -> str:
    import pyarrow as pa

    rows = pa.concat_tables([part.cast(parts[-1].schema) for part in parts])
    return write_part(
        folder, f"{_STATES}/{name}", month, rows.sort_by([(column, "ascending") for column in rows.column_names])
    )


def _sweep(folder: Path, named: Iterable[Mapping[str, Mapping[str, str]]]) -> None:
    """Delete files that neither these states nor the former ones name; readers may still be at the former."""
    files = {file for states in named for months in states.values() for file in months.values()}
    for path in (folder / _STATES).rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in files:
            path.unlink()


def _date(day: int) -> date:
    return EPOCH_ON + timedelta(days=day)
