"""Scans unpacked from the pages of their files are those that the library reads."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from posthouse.records.arrow import plain_columns, stored_schema
from posthouse.records.fold import EPOCH_S, steps
from posthouse.records.fold_kernel import fold_sorted
from posthouse.records.fold_scans import COLUMNS, scans_of
from posthouse.records.fold_texts import CODED, Texts
from posthouse.records.packed import PackedRows, pack, packing_of, rows_at
from posthouse.records.schema import get_table
from posthouse.stores.packed_file import PackedFiles
from posthouse.stores.parts import write_content, write_part
from posthouse.stores.scan_pages import PAGE_ROWS, read_scans
from posthouse.stores.scan_shelf import sorted_scans

TEXTS = {
    "step": list(steps()),
    "brand": ["甲", "乙", "a"],
    "site": [None, *(f"W{number}" for number in range(300))],
    "village": [None, None, None, None, "330782104205", "330782104206"],
    "how": [None, None, None, None, None, None, None, "door", "station"],
}


def scans_like_stored(rows, seed=0, waybills=None, **texts):
    """Rows with texts drawn from lists, in the schema and order of stored scans."""
    random = np.random.default_rng(seed)
    numbers = random.integers(-(2**63), 2**63, max(rows // 4, 1)) if waybills is None else np.array(waybills)
    table = {
        "event_id": np.arange(rows),
        "waybill": np.sort(random.choice(numbers, rows)),
        "event_at": (EPOCH_S + random.integers(0, 2**25, rows)) * 1_000_000 + random.integers(0, 3, rows),
        **{name: random.choice(np.array(given, object), rows) for name, given in (TEXTS | texts).items()},
    }
    table["recorded_at"] = table["event_at"]
    schema = stored_schema(get_table("scans"))
    times = pa.timestamp("us", tz="UTC")
    columns = [
        pa.array(table.get(name, [None] * rows)).cast(times if schema.field(name).type == times else pa.int64())
        if name not in CODED
        else pa.array(table[name], pa.string()).dictionary_encode()
        for name in schema.names
    ]
    return pa.table(columns, schema=schema)


def store(folder, scans, part="2021-06-05"):
    """Store scans as a load does."""
    packing, scans = packing_of(get_table("scans")), plain_columns(scans)
    block = pack(packing, scans)
    texts, every = dict(zip(packing.texts, block.texts, strict=True)), scans.column("event_id").to_numpy()
    rows = PackedRows(packing=packing, rows=rows_at(block.words), keys=every, texts=texts, memory=[block.words])
    return folder / write_content(folder, "records/scans", part, PackedFiles(packing).encode(rows.ordered(every[:0])))


def unpacked(path):
    """The rows of a file as `read_scans` gives them, one list for each column of COLUMNS."""
    texts = Texts()
    found = {name: [] for name in COLUMNS}
    for page in read_scans(path, texts, {}):
        seconds = np.empty(page.rows, np.int64 if page.is_wide else np.int32)
        waybills, codes = np.empty(page.rows, np.int64), np.empty((len(CODED), page.rows), np.int32)
        page.fill(waybills, seconds, codes)
        found["waybill"] += waybills.tolist()
        found["event_at"] += seconds.tolist()
        ranks, offsets = texts.rank(np.array(page.dictionaries)[:, None])
        for column, name in enumerate(CODED):
            spoken = steps() if name == "step" else texts.ordered(column).to_pylist()
            places = ranks[offsets[column] + codes[column]]
            found[name] += [spoken[place] if place >= 0 else None for place in places]
    return found


def expected(path):
    rows = parquet.read_table(path, columns=list(COLUMNS))
    seconds = rows.column("event_at").cast(pa.int64()).to_numpy() // 1_000_000 - EPOCH_S
    return {name: seconds.tolist() if name == "event_at" else rows.column(name).to_pylist() for name in COLUMNS}


@pytest.fixture
def unread(monkeypatch):
    """The library reads no rows."""
    monkeypatch.setattr(parquet.ParquetFile, "read_row_group", None)


@pytest.mark.parametrize("rows", [1, 2, 7, 8, 9, 129, 20_000, 20_001, 150_000])
def test_pages_hold_what_the_library_reads(tmp_path, unread, rows):
    path = store(tmp_path, scans_like_stored(rows))
    assert unpacked(path) == expected(path)


@pytest.mark.parametrize("rows", [9, 20_001, 150_000])
def test_pages_of_files_that_the_library_wrote_are_unpacked_too(tmp_path, unread, rows):
    path = tmp_path / write_part(tmp_path, "records/scans", "2021-06-05", scans_like_stored(rows))
    assert unpacked(path) == expected(path)


def test_columns_without_a_text_and_with_one_everywhere(tmp_path, unread):
    path = store(tmp_path, scans_like_stored(3000, site=[None], village=["330782104205"], how=["door"]))
    assert unpacked(path) == expected(path)


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=300))
@settings(max_examples=25, deadline=None)
def test_waybills_of_any_distance_are_unpacked(tmp_path_factory, waybills):
    path = store(tmp_path_factory.mktemp("scans"), scans_like_stored(len(waybills), waybills=waybills))
    assert unpacked(path) == expected(path)


@pytest.mark.parametrize(
    "form",
    [
        {"use_dictionary": False},
        {"compression": "zstd"},
        {"compression": "none"},
        {"data_page_size": 1000, "write_batch_size": 100},
        {"data_page_version": "2.0"},
        {"write_statistics": False},
        {"max_rows_per_page": 2 * PAGE_ROWS},
        {"use_dictionary": list(CODED), "column_encoding": {"waybill": "DELTA_BINARY_PACKED"}},
    ],
)
def test_a_file_in_another_form_gives_the_same(tmp_path, form):
    parquet.write_table(scans_like_stored(PAGE_ROWS + 3000), tmp_path / "scans.parquet", store_schema=False, **form)
    assert unpacked(tmp_path / "scans.parquet") == expected(tmp_path / "scans.parquet")


def test_times_and_codes_that_need_more_bytes_give_the_same(tmp_path):
    scans = scans_like_stored(40_000, site=[f"W{number}" for number in range(200_000)])
    late = scans.column("event_at").cast(pa.int64()).to_numpy() + 10**11 * 1_000_000
    at = scans.column_names.index("event_at")
    path = store(tmp_path, scans.set_column(at, "event_at", pa.array(late).cast(scans.schema.field(at).type)))
    assert unpacked(path) == expected(path)


@pytest.mark.parametrize("ranges", [1, 2, 7])
def test_ranges_of_all_days_fold_to_the_journeys_of_all_scans(tmp_path, ranges):
    waybills = np.random.default_rng(9).integers(-(2**63), 2**63, 5000)
    days = [scans_like_stored(rows, seed, waybills) for seed, rows in enumerate((100, 45_000, 1, 150_000))]
    days[2] = scans_like_stored(1, 2, waybills[:1])
    files = [store(tmp_path, scans, f"2021-06-{day:02d}") for day, scans in enumerate(days, 1)]
    folded = pa.concat_tables([fold_sorted(scans) for scans in sorted_scans(files, ranges)])
    plain = pa.schema(
        [pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in folded.schema]
    )
    assert folded.cast(plain).equals(fold_sorted(scans_of(days)).cast(plain))


def test_one_late_day_is_folded_with_the_others(tmp_path):
    scans = scans_like_stored(50)
    late = scans.column("event_at").cast(pa.int64()).to_numpy() + 10**11 * 1_000_000
    at = scans.column_names.index("event_at")
    days = [scans, scans.set_column(at, "event_at", pa.array(late).cast(scans.schema.field(at).type))]
    files = [store(tmp_path, day, f"2021-06-{number:02d}") for number, day in enumerate(days, 1)]
    (folded,) = [fold_sorted(some) for some in sorted_scans(files, 1)]
    first, counted = fold_sorted(scans_of([scans])), folded.column("scans").to_pylist()
    assert folded.column("first_s").to_pylist() == first.column("first_s").to_pylist()
    assert counted == [2 * count for count in first.column("scans").to_pylist()]
