"""Every file of a sample city against the declared schema of its table."""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from posthouse.records.schema import Table, all_tables, get_table
from posthouse.sample.kind import KINDS
from posthouse.sample.write import write_sample


@pytest.fixture(scope="module", params=KINDS)
def records(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp(request.param)
    return write_sample(request.param, out, villages=30, parcels=3_000, month="2021-07", seed=2) / "records"


# What an EPCIS document may declare of its own scans; a city that writes tables replaces them by `corrects`.
ONLY_IN_EPCIS = {"retractions"}


def table_of(path: Path) -> Table:
    return get_table(path.stem.removesuffix("-2021-07"))


def test_every_register_and_event_table_is_there(records: Path) -> None:
    written = {table_of(path).name for path in records.iterdir()}
    declared = {table.name for table in all_tables().values() if table.kind != "derived"}
    assert written == declared - ONLY_IN_EPCIS


def test_office_files_keep_the_schema(records: Path) -> None:
    for path in [*records.glob("*.csv"), *records.glob("*.xlsx")]:
        table = table_of(path)
        headings, *rows = read_office_file(path)
        assert headings == [column.zh for column in table.columns], path.name
        assert rows, path.name
        for row in rows:
            check_row(table, dict(zip([column.name for column in table.columns], row, strict=True)))
        check_key(table, [dict(zip([c.name for c in table.columns], row, strict=True)) for row in rows])


def test_parquet_files_keep_the_schema(records: Path) -> None:
    for path in records.glob("*.parquet"):
        table, rows = table_of(path), pq.read_table(path)
        assert rows.column_names == [column.name for column in table.columns], path.name
        assert rows.num_rows > 0
        for column in table.columns:
            values = rows.column(column.name)
            assert arrow_kind(values.type) == {"hash": "text", "key": "int"}.get(column.type, column.type), column.name
            if column.required:
                assert values.null_count == 0, column.name
            if column.values:
                assert set(values.unique().to_pylist()) - {None} <= set(column.values), column.name


def test_every_division_named_anywhere_is_in_the_register_of_divisions_or_regions(records: Path) -> None:
    divisions = {row[0] for row in read_office_file(records / "divisions.csv")[1:]}
    regions = {row[0] for row in read_office_file(records / "regions.csv")[1:]}
    for path in records.glob("*.csv"):
        table = table_of(path)
        at = [i for i, c in enumerate(table.columns) if c.name in ("division", "parent_code", "from_node", "to_node")]
        for row in read_office_file(path)[1:]:
            assert {row[i] for i in at} - {""} <= divisions
    parcels = pq.read_table(records / "parcels-2021-07.parquet")
    ends = set(parcels["origin"].unique().to_pylist()) | set(parcels["destination"].unique().to_pylist())
    assert ends <= divisions | regions


def test_every_site_of_a_scan_is_a_registered_outlet_or_point(records: Path) -> None:
    known = {row[0] for row in read_office_file(records / "outlets.csv")[1:]}
    known |= {str(row[0]) for row in read_office_file(records / "service_points.xlsx")[1:]}
    sites = pq.read_table(records / "scans-2021-07.parquet", columns=["site"])["site"].unique().to_pylist()
    assert set(sites) - {None} <= known


def test_all_towns_and_villages_are_joined_by_roads_and_ferries(records: Path) -> None:
    towns_and_villages = {
        row[0] for row in read_office_file(records / "divisions.csv")[1:] if row[2] in ("town", "village")
    }
    neighbours: dict[str, set[str]] = {code: set() for code in towns_and_villages}
    for row in read_office_file(records / "roads.csv")[1:]:
        neighbours[row[1]].add(row[2])
        neighbours[row[2]].add(row[1])
    reached, waiting = set(), [min(towns_and_villages)]
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting += neighbours[node]
    assert reached == towns_and_villages


def test_the_returns_reach_back_three_years_and_hold_the_base_year_whole(records: Path) -> None:
    months = {row[3] for row in read_office_file(records / "returns.csv")[1:]}
    assert {f"2019-{month:02d}" for month in range(1, 13)} <= months
    assert len(months) >= 36
    assert max(months) == "2021-07"


def test_no_number_looks_like_a_telephone(records: Path) -> None:
    waybills = pq.read_table(records / "parcels-2021-07.parquet", columns=["waybill"])["waybill"].to_pylist()
    assert all(len(waybill) == 14 and waybill[:2].isalpha() and waybill[2:].isdigit() for waybill in waybills)
    assert len(set(waybills)) == len(waybills)


def read_office_file(path: Path) -> list[list[Any]]:
    if path.suffix == ".xlsx":
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        return sheet.to_python(skip_empty_area=False)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def check_row(table: Table, row: Mapping[str, Any]) -> None:
    for column in table.columns:
        value = row[column.name]
        if value == "":
            assert not column.required, (table.name, column.name)
            continue
        where = (table.name, column.name, value)
        if column.values:
            assert value in column.values, where
        if column.type == "bool":
            assert value in ("是", "否"), where
        if column.type == "date":
            assert isinstance(value, date) or date.fromisoformat(value), where
        if column.type in ("int", "real"):
            number = float(value)
            assert column.type == "real" or number == int(number), where
            assert column.minimum is None or number >= column.minimum, where
            assert column.maximum is None or number <= column.maximum, where


def check_key(table: Table, rows: list[dict[str, Any]]) -> None:
    keys = [tuple(row[name] for name in table.key) for row in rows]
    assert len(set(keys)) == len(keys), table.name


def arrow_kind(kind: pa.DataType) -> str:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    for name, holds in (
        ("text", pa.types.is_string),
        ("int", pa.types.is_int64),
        ("real", pa.types.is_float64),
        ("bool", pa.types.is_boolean),
        ("date", pa.types.is_date32),
        ("time", pa.types.is_timestamp),
    ):
        if holds(kind):
            return name
    return str(kind)
