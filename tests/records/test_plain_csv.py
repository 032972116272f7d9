"""A big CSV read from its bytes gives what the exact reader gives: the same rows, findings and quarantine."""

import json
import mmap

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posthouse.records import accept, code_kernel, csv_kernel, plain_csv, read_csv, utf8
from posthouse.records.known_texts import KnownTexts
from posthouse.records.load import load_source
from posthouse.records.mapping import SourceMapping, TableMapping
from posthouse.records.order_kernel import PART_BITS
from posthouse.records.packed import PackedRows, rows_at
from posthouse.records.parse import parse_distinct
from posthouse.records.schema import get_table
from posthouse.records.take_kernel import keep_values

KEY = b"k" * 16
HEADINGS = "事件编号,运单号,品牌,环节,发生时间,上报时间,地点,村,签收方式,更正事件,备注"
GOOD = ["{n}", "YT70000000{n}", "示例一", "签收", "2021-06-05 08:30:00", "2021-06-05 08:31:00", "", "", "上门", "", ""]
untimed = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

nasty = st.sampled_from(
    [
        "", " ", "-", "NULL", "—", "０７", "　ＹＴ70000007　", "hash:-12", "0", "007", "+7", "9" * 18, "9" * 19, "1,5",
        "ab", "2021/6/5 8:30", "2021-06-05T08:30:00Z", "2021-06-05T08:30:00+08:00", "2021-06-05 24:00:00",
        "2021-02-30 08:00:00", "2019-12-31 23:59:59", "2021年6月5日 8时", "昨天", "2021-06-05", "20210605083000",
        "签收", "揽收", "delivered", 'say "hi"', '"', "a\nb", "a\r\nb", "x" * 1100, "一" * 20, "示例二",
        "toolongtobeasinglewordofeight", "\t", "é",
    ]
)  # fmt: skip
cells = st.tuples(st.integers(0, 10), nasty)
rows = st.lists(
    st.tuples(st.lists(cells, max_size=2), st.sampled_from(["", "", "", "short", "long", "blank", "all"])), max_size=12
)


def quote(cell, always):
    return '"' + cell.replace('"', '""') + '"' if always or set(cell) & set('",\r\n') else cell


def line(number, changes, shape):
    row = [cell.format(n=number) for cell in GOOD]
    for at, cell in changes:
        row[at] = cell
    row = {"short": row[:-1], "long": [*row, "x"], "blank": []}.get(shape, row)
    return ",".join(quote(cell, shape == "all") for cell in row)


def read(path, mapping=None, packed=False):
    """Rows, quarantine and findings; with packed, of rows as they come packed too."""
    blocks, tables = [], []
    for block in load_source(path, key=KEY, mapping=mapping, packed=packed):
        blocks.append(block)
        if not block.withdraws:
            tables.append(block.rows)
        if block.packed is not None:
            tables.append(unpack(block.packed))
            assert block.count == len(block.packed) + len(block.rows)
    rows = sorted(json.dumps(row, default=str) for table in tables for row in table.to_pylist())
    rejected = sorted(json.dumps(row, default=str) for block in blocks for row in block.rejected.to_pylist())
    findings = [json.dumps(f.as_dict(), ensure_ascii=False, default=str) for block in blocks for f in block.findings]
    return rows, rejected, findings


def unpack(block):
    texts = dict(zip(block.packing.texts, block.texts, strict=True))
    every = np.arange(len(block))
    at, memory = rows_at(block.words), [block.words]
    rows = PackedRows(packing=block.packing, rows=at, keys=every, texts=texts, memory=memory).take(every)
    days = (rows.column("event_at").cast(pa.int64()).to_numpy() + 8 * 3600 * 10**6) // (86_400 * 10**6)
    parts = (rows.column("waybill").to_numpy() >> (64 - PART_BITS)) + (1 << PART_BITS - 1)
    assert ((days << PART_BITS) + parts).tolist() == block.groups.tolist()
    return rows


def read_both(path, monkeypatch, at_once=50, mapping=None):
    monkeypatch.setattr(plain_csv, "BLOCK_BYTES", 1 << 13)
    monkeypatch.setattr(accept, "ROWS", at_once)
    monkeypatch.setattr(accept, "ODD_BYTES", 1000)
    monkeypatch.setattr(read_csv, "PLAIN_BYTES", 0)
    fast, packed = read(path, mapping), read(path, mapping, packed=True)
    assert packed == fast
    monkeypatch.setattr(read_csv, "PLAIN_BYTES", 1 << 60)
    return fast, read(path, mapping)


@given(
    rows,
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    st.permutations(range(11)),
)
@untimed
def test_the_fast_way_and_the_exact_way_agree_on_every_nasty_cell(  # noqa: PLR0917 - hypothesis gives by position
    tmp_path, monkeypatch, given_rows, end, last, coding, order
):
    lines = [HEADINGS, *(line(100 + at, *row) for at, row in enumerate(given_rows))]
    if all(shape in ("", "all") for _, shape in given_rows):
        lines[0] = ",".join(HEADINGS.split(",")[at] for at in order)
        lines[1:] = [reorder(100 + at, changes, order) for at, (changes, _) in enumerate(given_rows)]
    path = tmp_path / "scans.csv"
    path.write_bytes((end.join(lines) + (end if last else "")).encode(coding))
    fast, exact = read_both(path, monkeypatch)
    assert fast == exact


def reorder(number, changes, order):
    row = [cell.format(n=number) for cell in GOOD]
    for at, cell in changes:
        row[at] = cell
    return ",".join(quote(row[at], False) for at in order)


@pytest.mark.parametrize(
    "tail",
    [
        '1,"YT7\n',
        'a"b,YT70000007' + "," * 9 + "\n",
        "1,2\r3,4\n",
        '"x"y' + "," * 10 + "\n",
        "z" * 20_000,
        '"',
        "\r",
        "\n\n\n",
    ],
)
def test_what_cannot_be_cut_into_lines_is_left_to_the_exact_way(tmp_path, monkeypatch, tail):
    path = tmp_path / "scans.csv"
    lines = [HEADINGS, *(line(100 + at, [], "") for at in range(200))]
    path.write_bytes(("\n".join(lines) + "\n" + tail).encode())
    fast, exact = read_both(path, monkeypatch)
    assert fast == exact


@pytest.mark.parametrize("bad", [b"\xff", b"\xe4\xb8", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xc0\xaf"])
@pytest.mark.parametrize("column", range(11))
def test_bytes_that_are_not_utf8_are_found_in_every_column(tmp_path, monkeypatch, bad, column):
    path = tmp_path / "scans.csv"
    spoilt = line(999, [(column, "§")], "").encode().replace("§".encode(), bad)
    lines = [HEADINGS.encode(), *(line(100 + at, [], "").encode() for at in range(20)), spoilt]
    path.write_bytes(b"\n".join(lines) + b"\n")
    fast, exact = read_both(path, monkeypatch)
    assert fast == exact


def test_a_column_of_many_different_texts_outgrows_its_first_room(tmp_path, monkeypatch):
    path = tmp_path / "scans.csv"
    lines = [
        HEADINGS,
        *(line(10_000 + at, [(6, f"网点{at % 5000}号"), (7, "v" * (at % 40))], "") for at in range(12_000)),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    fast, exact = read_both(path, monkeypatch, at_once=5000)
    assert len(fast[0]) == 12_000
    assert fast == exact


def test_other_events_are_read_the_fast_way_too(tmp_path, monkeypatch):
    path = tmp_path / "parcels.csv"
    head = "运单号,品牌,收寄时间,寄自,寄往,产品,重量,电商件,电子运单,胶带长度\n"
    text = "".join(
        f"YT7{at:07d},示例,2021-06-0{at % 9 + 1} 08:00:00,a,b,"
        f"{'标准' if at % 7 else '慢'},{at % 50 / 10},是,1,{at % 30 - 1}\n"
        for at in range(300)
    )
    path.write_text(head + text, encoding="utf-8")
    fast, exact = read_both(path, monkeypatch)
    assert 200 < len(fast[0]) < 300
    assert fast == exact


@pytest.mark.parametrize("shape", ["short", "long", "all"])
def test_a_block_may_have_no_row_of_the_right_shape(tmp_path, monkeypatch, shape):
    path = tmp_path / "scans.csv"
    lines = [HEADINGS, *(line(100 + at, [(6, "a,b")], shape) for at in range(20))]
    path.write_text("\n".join(lines), encoding="utf-8")
    fast, exact = read_both(path, monkeypatch)
    assert fast == exact


@pytest.mark.parametrize("recorded", ["2021-06-05 08:31:00", "2021-06-05 08:29:00", "昨天"])
def test_what_the_mapping_gives_to_every_row_is_checked_with_its_other_cells(tmp_path, monkeypatch, recorded):
    path = tmp_path / "scans.csv"
    lines = [",".join(f"{n}" if n == 5 else cell for n, cell in enumerate(HEADINGS.split(",")))]
    lines += [line(100 + at, [(6, f"s{at}")], "") for at in range(200)]
    path.write_text("\n".join(lines), encoding="utf-8")
    mapping = SourceMapping(tables={"scans": TableMapping(constants={"recorded_at": recorded})})
    fast, exact = read_both(path, monkeypatch, mapping=mapping)
    assert len(fast[0]) == (200 if recorded.endswith("08:31:00") else 0)
    assert fast == exact


texts = st.text("ab一", max_size=4)


@given(st.lists(st.tuples(texts, st.integers(0, 20), texts).map(lambda parts: f"{parts[0]}{'x' * parts[1]}{parts[2]}")))
@untimed
def test_a_code_means_one_text_however_alike_texts_are(given_texts):
    data = "".join(given_texts).encode()
    bounds = np.cumsum([0, *(len(text.encode()) for text in given_texts)]).astype(np.int32)
    both = np.stack([bounds[:-1], bounds[1:]], axis=1)
    codes, odd = np.empty(len(given_texts), np.int32), np.zeros(len(given_texts), np.bool_)
    known = KnownTexts()
    known.find_codes(both[:, 0], both[:, 1], np.frombuffer(data + bytes(8), np.uint8), codes, odd, 0)
    named = known.texts(0).to_pylist()
    assert [named[code] for code in codes.tolist()] == given_texts
    assert named == list(dict.fromkeys(given_texts))


@given(st.lists(st.integers(0, 5)), st.sets(st.integers(0, 9)))
@untimed
def test_values_are_kept_without_those_at_some_positions(values, positions):
    without = np.array(sorted(at for at in positions if at < len(values)), np.int64)
    out = np.empty(len(values), np.int64)
    keep_values(np.array(values, np.int64), without, out)
    assert out[: len(values) - len(without)].tolist() == np.delete(values, without).tolist()


words = st.lists(st.sampled_from(["是", "否", "有", "", " ", "maybe", "1", "０"]), max_size=8)


@given(words, words, st.sampled_from(["is_ecommerce", "brand", "product"]))
@untimed
def test_meanings_worked_out_in_two_parts_are_those_of_the_whole(first, more, name):
    column = get_table("parcels").column(name)
    one, two, whole = (
        parse_distinct(pa.array(texts, pa.string()), column, key=KEY, words={}) for texts in (first, more, first + more)
    )
    joined = one.join(two)
    assert joined.faulty.tolist() == whole.faulty.tolist()
    assert meanings(joined) == meanings(whole)


def meanings(distinct):
    return [None if place < 0 else distinct.values[place].as_py() for place in distinct.places.tolist()]


@given(st.binary(max_size=40))
@untimed
def test_utf8_is_told_as_python_tells_it(data):
    block = np.frombuffer(data + bytes(8), np.uint8)
    ends = np.array([len(data)], np.int32)
    try:
        data.decode()
        good = True
    except UnicodeDecodeError:
        good = False
    assert code_kernel.are_utf8(np.zeros(1, np.int32), ends, block) == good


@given(st.text('ab,\n"\r', max_size=150), st.text('ab,\n"', max_size=300))
@untimed
def test_marks_stand_at_every_separator_and_line_end_outside_quotes(before, text):
    data = np.frombuffer((before + text).encode() + bytes(128), np.uint8)
    first, end = len(before), len(before + text)
    marks = np.empty(500, np.int32)
    count, lines, quotes, returns, even = csv_kernel.mark_cells(data, first, end, ord(","), 2, marks)
    outside = [at for at, one in enumerate(text) if one in ",\n" and text[:at].count('"') % 2 == 0]
    assert marks[:count].tolist() == [first - 1, *(first + at for at in outside)]
    assert lines == sum(text[at] == "\n" for at in outside)
    assert quotes == text.count('"')
    assert not returns
    firsts = np.empty(lines + 1, np.int32)
    csv_kernel.find_rows(data, marks[:count], firsts)
    assert firsts.tolist() == [0, *(n for n, at in enumerate(outside, 1) if text[at] == "\n")]
    assert even == bool(np.all(np.diff(firsts) == 2))


@pytest.mark.parametrize("mapped", ["all", "some", "none"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_blocks_of_the_file_itself_and_blocks_read_from_it_are_the_same(tmp_path, monkeypatch, end, mapped):
    """Wherever a block ends, between the two characters of a line end too, the exact way is not needed."""
    path = tmp_path / "scans.csv"
    path.write_text(end.join([HEADINGS, *(line(1000 + at, [(6, "x" * (at % 90))], "") for at in range(3000))]))
    calls, real = [], mmap.mmap

    def map_some(*given, **named):
        calls.append(named["offset"])
        if mapped == "none" or (mapped == "some" and len(calls) == 5):
            raise OSError("a medium that fails")
        return real(*given, **named)

    monkeypatch.setattr(plain_csv, "BLOCK_BYTES", 1 << 13)
    monkeypatch.setattr(read_csv, "PLAIN_BYTES", 0)
    monkeypatch.setattr(utf8.mmap, "mmap", map_some)
    monkeypatch.setattr(read_csv._Lines, "read", None)
    rows, rejected, _ = read(path)
    assert (len(rows), len(set(rows)), rejected) == (3000, 3000, [])
    assert len(calls) == {"all": len(set(calls)), "some": 5, "none": 1}[mapped] > 0


def test_more_texts_than_there_is_room_for_at_first_are_learnt(tmp_path, monkeypatch):
    path = tmp_path / "scans.csv"
    lines = [
        HEADINGS,
        *(line(1000 + at, [(6, f"一个名字很长很长的网点{at % 3000}"), (7, f"v{at}")], "") for at in range(4000)),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    fast, exact = read_both(path, monkeypatch)
    assert len(fast[0]) == 4000
    assert fast == exact


def test_columns_that_a_file_does_not_have_are_empty_or_as_the_mapping_says(tmp_path, monkeypatch):
    path = tmp_path / "scans.csv"
    kept = [0, 1, 3, 4, 5]
    cells = [[cell.format(n=100 + at) for cell in GOOD] for at in range(50)]
    names = HEADINGS.split(",")
    path.write_text("\n".join(",".join(row[at] for at in kept) for row in [names, *cells]), encoding="utf-8")
    mapping = SourceMapping(tables={"scans": TableMapping(constants={"brand": "示例二", "corrects": "7"})})
    fast, exact = read_both(path, monkeypatch, mapping=mapping)
    assert len(fast[0]) == 50
    assert fast == exact
