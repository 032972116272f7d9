"""Packed rows: what is put in comes out, of the arena, of files, and of the Parquet that is written from them."""

import os
from dataclasses import replace

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from posthouse.records.arrow import stored_schema
from posthouse.records.packed import PackedRows, pack, packing_of, rows_at
from posthouse.records.schema import get_table
from posthouse.stores import packed_staging
from posthouse.stores.packed_file import PAGE_ROWS, PackedFiles
from posthouse.stores.packed_staging import PackedDays
from posthouse.stores.parts import read_part, write_content

SCANS = get_table("scans")
PACKING = packing_of(SCANS)
untimed = settings(max_examples=40, deadline=None)

int64 = st.integers(-(2**63), 2**63 - 1)
times = st.integers(-62_000_000_000_000_000, 253_000_000_000_000_000)  # years 1 to 9999
words = st.sampled_from(["", "a", "b", "村", "镇", "zz"])
scan = st.tuples(
    int64, int64, words, words, times, times, st.none() | words, st.none() | words, st.none(), st.none() | int64
)
scans = st.lists(scan, min_size=1, max_size=60)


def table_of(rows):
    schema = stored_schema(SCANS)
    columns = [pa.array(list(cells)) for cells in zip(*rows, strict=True)]
    return pa.table(
        [
            column.cast(pa.string()).dictionary_encode()
            if pa.types.is_dictionary(field.type)
            else column.cast(pa.int64()).cast(field.type)
            for column, field in zip(columns, schema, strict=True)
        ],
        schema=schema,
    )


def random_scans(rows, seed=0, day_s=86_400):
    random = np.random.default_rng(seed)

    def some(texts):
        return random.choice(np.array(texts, object), rows).tolist()

    at = 1_622_500_000_000_000 + random.integers(0, day_s, rows) * 1_000_000
    sites = [None, *(f"W{number}" for number in range(300))]
    corrects = [None if number % 50 else number for number in random.integers(0, 10**9, rows).tolist()]
    return table_of(
        zip(
            random.permutation(rows).tolist(),
            random.integers(-(2**63), 2**63, rows).tolist(),
            some(["甲", "乙"]),
            some(["delivered"]),
            at.tolist(),
            (at + random.integers(0, 10**6, rows) * 1_000_000).tolist(),
            some(sites),
            some([None] * 9 + ["330782104205"]),
            [None] * rows,
            corrects,
            strict=True,
        )
    )


def packed(rows):
    block = pack(PACKING, rows)
    texts = dict(zip(PACKING.texts, block.texts, strict=True))
    keys = rows.column("event_id").to_numpy()
    return PackedRows(packing=PACKING, rows=rows_at(block.words), keys=keys, texts=texts, memory=[block.words])


def write(folder, rows, order=None, files=None):
    wanted = packed(rows.take(pa.array(np.arange(len(rows)) if order is None else order)))
    given = replace(wanted.ordered(np.empty(0, np.int64)), rows=wanted, order=np.arange(len(wanted)))
    content = (files or PackedFiles(PACKING)).encode(given)
    return folder / write_content(folder, "records/scans", "2021-06-05", content)


@given(scans, st.randoms())
@untimed
def test_rows_are_packed_and_taken_apart_again(rows, chance):
    table = table_of(rows)
    at = np.array(chance.sample(range(len(rows)), chance.randint(0, len(rows))), np.int64)
    assert packed(table).take(at).to_pylist() == table.take(pa.array(at)).to_pylist()


@given(scans, st.randoms())
@untimed
def test_libraries_read_what_is_written(tmp_path_factory, rows, chance):
    folder, table = tmp_path_factory.mktemp("packed"), table_of(rows)
    order = np.array(chance.sample(range(len(rows)), chance.randint(1, len(rows))), np.int64)
    path = write(folder, table, order)
    wanted = table.take(pa.array(order))
    assert read_part(path, SCANS).to_pylist() == wanted.to_pylist()
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        columns = ", ".join(f"epoch_us({c.name})" if c.type == "time" else c.name for c in SCANS.columns)
        read = connection.sql(f"SELECT {columns} FROM read_parquet('{path}')").fetchall()
    plain = [table.column(c.name).cast(pa.int64() if c.type != "text" else pa.string()) for c in SCANS.columns]
    assert read == [tuple(column[row].as_py() for column in plain) for row in order.tolist()]


@pytest.mark.parametrize("rows", [1, PAGE_ROWS, PAGE_ROWS + 1, 6 * PAGE_ROWS + 7])
def test_files_of_many_pages_and_row_groups(tmp_path, rows):
    table = random_scans(rows)
    path = write(tmp_path, table, np.arange(rows)[::-1])
    assert read_part(path, SCANS).to_pylist() == table.take(pa.array(np.arange(rows)[::-1])).to_pylist()
    footer = parquet.read_metadata(path)
    assert footer.num_rows == rows
    groups = [footer.row_group(group) for group in range(footer.num_row_groups)]
    for at, name in enumerate(footer.schema.names):
        if name in PACKING.numbers:
            column = table.column(name).cast(pa.int64())
            known = [group.column(at).statistics for group in groups]
            assert sum(one.null_count for one in known) == column.null_count
            bounds = [bound for one in known if one.has_min_max for bound in (one.min_raw, one.max_raw)]
            values = column.drop_null().to_pylist()
            assert not bounds if not values else (min(bounds), max(bounds)) == (min(values), max(values))
    assert footer.row_group(0).column(1).compression == "UNCOMPRESSED"


@pytest.mark.parametrize("bits", [1, 2, 4, 7, 8, 9, 14, 27, 40, 54, 55, 56, 57, 58, 63])
@pytest.mark.parametrize("lacking", [0, 0.5, 0.98, 1])
def test_numbers_and_codes_of_any_width_with_and_without_gaps(tmp_path, bits, lacking):
    random = np.random.default_rng(bits)
    rows, texts = 1300, min(1 << bits, 1200)

    def some(values):
        return [None if one < lacking else value for one, value in zip(random.random(rows), values, strict=True)]

    numbers = random.integers(-(2 ** (bits - 1)), 2 ** (bits - 1), (2, rows)).tolist()
    named = [[f"W{number}" for number in random.integers(0, texts, rows).tolist()] for _ in range(3)]
    at = np.sort(random.integers(0, 2 ** min(bits, 50), rows)).tolist()
    waybills = np.repeat(random.integers(-(2**63), 2**63, rows), random.integers(1, 400, rows))[:rows].tolist()
    required, optional = (named[0], ["a"] * rows, at, at), (some(named[1]), some(named[2]), [None] * rows)
    table = table_of(zip(numbers[0], waybills, *required, *optional, some(numbers[1]), strict=True))
    assert read_part(write(tmp_path, table), SCANS).to_pylist() == table.to_pylist()


@given(scans, st.randoms())
@untimed
def test_the_same_rows_give_the_same_bytes_however_they_came(tmp_path_factory, rows, chance):
    folder = tmp_path_factory.mktemp("packed")
    mixed = chance.sample(range(len(rows)), len(rows))
    files = PackedFiles(PACKING)
    first = write(folder, table_of(rows), files=files)
    back = np.argsort(mixed)
    more = table_of([*([(0, 0, "q", "q", 0, 0, "q", "q", None, None)] * 3), *(rows[at] for at in mixed)])
    assert write(folder, more, back + 3, files=files) == first


@pytest.mark.parametrize("memory_bytes", [1, 4000, 1 << 30])
@pytest.mark.parametrize("most_days", [1, 1 << 12])
def test_rows_come_back_by_day_from_memory_and_from_files(tmp_path, monkeypatch, memory_bytes, most_days):
    monkeypatch.setattr(packed_staging, "_MOST_DAYS", most_days)
    days = PackedDays(tmp_path, PACKING, memory_bytes)
    parts = [random_scans(100, seed, 3 * 86_400) for seed in range(4)]
    for number, part in enumerate(parts):
        days.add(pack(PACKING, part), f"file {number % 2}")
        days.add(pack(PACKING, part.slice(0, 0)), "empty")
    days.drop("file 1")
    wanted = pa.concat_tables([parts[0], parts[2]]).to_pylist()
    by_day = {}
    for row in wanted:
        day = (int(row["event_at"].timestamp()) + 8 * 3600) // 86_400
        by_day.setdefault(day, []).append(row)
    assert days.days() == tuple(sorted(by_day))

    def told(rows):
        return sorted(map(str, rows))

    for day, rows in by_day.items():
        read = days.read(day)
        assert told(read.take(np.arange(len(read))).to_pylist()) == told(rows)
        keys = [row["event_id"] for row in read.take(np.arange(len(read))).to_pylist()]
        assert sorted(days.keys(day).tolist()) == sorted(keys)
        assert read.keys.tolist() == keys
        assert days.span(day) == (min(keys), max(keys), len(keys))
        more = random_scans(5, 9)
        joined = days.join([more, read, more.slice(0, 0)])
        both = joined.take(np.arange(len(joined))).to_pylist()
        assert both == more.to_pylist() + read.take(np.arange(len(read))).to_pylist()
        assert joined.keys.tolist() == [row["event_id"] for row in both]
    assert len(days.read(1)) == 0
    assert told(days.having("corrects").to_pylist()) == told([row for row in wanted if row["corrects"] is not None])


def test_days_outside_the_calendar_are_one(tmp_path):
    days = PackedDays(tmp_path, PACKING, 1 << 20)
    at = [-(10**17), 0, 5 * 10**14, 2_932_897 * 86_400 * 10**6]
    days.add(pack(PACKING, table_of([(n, 0, "a", "b", t, t, None, None, None, None) for n, t in enumerate(at)])), "a")
    assert days.days() == (-1, 0, 5787)
    assert sorted(days.keys(-1).tolist()) == [0, 3]


def test_a_file_is_whole_where_the_disk_takes_its_pieces_bit_by_bit(tmp_path, monkeypatch):
    whole = write(tmp_path, random_scans(40_000)).read_bytes()
    few = os.write
    monkeypatch.setattr(os, "writev", lambda file, pieces: few(file, b"".join(pieces)[:1000]))
    monkeypatch.setattr(os, "write", lambda file, rest: few(file, rest[:100_000]))
    (tmp_path / "again").mkdir()
    assert write(tmp_path / "again", random_scans(40_000)).read_bytes() == whole
