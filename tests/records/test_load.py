import datetime as dt
import json

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from posthouse.records.arrow import stored_schema
from posthouse.records.keys import hash_texts
from posthouse.records.load import load_source
from posthouse.records.mapping import SourceMapping, TableMapping
from posthouse.records.schema import get_table
from posthouse.vocabulary.findings import Severity
from tests.records.rows import CHANNEL, CHANNEL_HEADINGS, scan, scan_file

KEY = b"only for tests"


def load(path, mapping=None):
    """Everything of a source as one: (rows, rejected, findings by code)."""
    blocks = list(load_source(path, key=KEY, mapping=mapping))
    findings = {}
    for block in blocks:
        for finding in block.findings:
            findings.setdefault(finding.code, []).append(finding)
    rows = [row for block in blocks for row in block.rows.to_pylist()]
    rejected = [row for block in blocks for row in block.rejected.to_pylist()]
    return rows, rejected, findings


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def test_rows_have_the_declared_columns_and_types(tmp_path):
    path = write(tmp_path / "scans.csv", scan_file(scan()))
    (block,) = load_source(path, key=KEY)
    assert block.rows.schema == stored_schema(get_table("scans"))
    (row,) = block.rows.to_pylist()
    assert row["event_id"] == 1
    assert row["waybill"] == int(hash_texts(["YT7000000000001"], KEY)[0])
    assert row["event_at"] == dt.datetime(2021, 6, 5, 0, 0, tzinfo=dt.UTC)
    assert row["how"] is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_csv_is_read_in_every_usual_encoding(tmp_path, encoding):
    path = write(tmp_path / "出海通道.csv", "通道编号,名称,方式,目的地,是否开通\nC1,义新欧,铁路,ES,是\n", encoding)
    rows, _, _ = load(path)
    assert [(row["name"], row["mode"], row["is_open"]) for row in rows] == [("义新欧", "rail", True)]


def test_a_file_that_turns_gbk_after_many_blocks_is_read_again_as_gbk(tmp_path, monkeypatch):
    monkeypatch.setattr("posthouse.records.read_csv.BLOCK_BYTES", 1 << 10)
    monkeypatch.setattr("posthouse.records.read_csv._ENCODING_BYTES", 1 << 10)
    lines = [f"C{number},name,rail,ES,1" for number in range(500)] + ["C999,义新欧,rail,ES,1"]
    path = write(tmp_path / "channels.csv", "\n".join(["channel_id,name,mode,destination,is_open", *lines]), "gbk")
    blocks = list(load_source(path, key=KEY))
    (withdrawn,) = [at for at, block in enumerate(blocks) if block.withdraws]
    assert withdrawn > 1
    assert not any(block.findings for block in blocks[: withdrawn + 1])
    rows = [row for block in blocks[withdrawn:] for row in block.rows.to_pylist()]
    assert [row["channel_id"] for row in rows] == [*(f"C{number}" for number in range(500)), "C999"]
    assert rows[-1]["name"] == "义新欧"


def test_a_file_that_turns_gbk_after_a_long_ascii_part_is_read_as_gbk(tmp_path):
    lines = [f"C{number},name,rail,ES,1" for number in range(60_000)] + ["C99999,义新欧,rail,ES,1"]
    path = write(tmp_path / "channels.csv", "\n".join(["channel_id,name,mode,destination,is_open", *lines]), "gbk")
    rows, _, findings = load(path)
    assert rows[-1]["name"] == "义新欧"
    assert "records.unreadable_file" not in findings


@pytest.mark.parametrize(
    "content", [b"\x00\x01\x02\x03", b"channel_id,name\n\xff\xff\xff\xfe,\x80\n", "是".encode()[:2] * 9]
)
def test_bytes_that_are_no_text_give_one_error_and_no_rows(tmp_path, content):
    (tmp_path / "channels.csv").write_bytes(content)
    rows, _, findings = load(tmp_path)
    assert rows == []
    assert any(f.severity is Severity.ERROR for found in findings.values() for f in found)


def test_a_missing_required_column_is_an_error_and_nothing_of_the_file_is_loaded(tmp_path):
    path = write(
        tmp_path / "scans.csv", "event_id,brand,step,event_at,recorded_at\n1,示例,accepted,2021-06-05,2021-06-05\n"
    )
    rows, rejected, findings = load(path)
    assert rows == []
    assert rejected == []
    (finding,) = findings["records.missing_column"]
    assert finding.severity is Severity.ERROR
    assert dict(finding.fields) == {"table": "scans", "column": "waybill", "file": "scans.csv"}


def test_the_other_files_of_a_folder_are_loaded_all_the_same(tmp_path):
    write(tmp_path / "scans.csv", "event_id\n1\n")
    write(tmp_path / "channels.csv", f"{CHANNEL_HEADINGS}\n{CHANNEL}\n")
    write(tmp_path / "notes.csv", "a,b\n1,2\n")
    rows, _, findings = load(tmp_path)
    assert [row["channel_id"] for row in rows] == ["C1"]
    assert len(findings["records.missing_column"]) == 5
    assert "notes.csv" in findings["records.unknown_file"][0].message


def test_unknown_and_repeated_columns_are_named_and_optional_ones_counted_as_empty(tmp_path):
    path = write(
        tmp_path / "channels.csv", "channel_id,通道编号,name,mode,destination,is_open,备注\nC1,C2,名,rail,ES,1,x\n"
    )
    rows, _, findings = load(path)
    assert rows[0]["channel_id"] == "C1"
    assert findings["records.unknown_column"][0].fields["columns"] == ["备注"]
    assert findings["records.repeated_column"][0].fields["columns"] == ["通道编号"]
    assert "每周班次" in findings["records.absent_column"][0].message


def test_each_rule_turns_its_row_away_and_says_where(tmp_path):
    lines = [
        scan("1"),
        scan("2", waybill=""),
        scan("3", step="怪"),
        scan("4", event_at="昨天"),
        scan("5", event_at="2021-06-05 08:00:01", recorded_at="2021-06-05 08:00:00"),
        scan("6", event_at="2019-12-31 23:59:59"),
        scan("7", event_at="2020-01-01 00:00:00"),
        "8,只有,三格",
        scan("9"),
    ]
    rows, rejected, findings = load(write(tmp_path / "scans.csv", scan_file(*lines)))
    assert [row["event_id"] for row in rows] == [1, 7, 9]
    at = {(row["row"], row["rule"], row["column"], row["value"]) for row in rejected}
    assert at == {
        (3, "required", "waybill", None),
        (4, "words", "step", "怪"),
        (5, "type", "event_at", "昨天"),
        (5, "type", "recorded_at", "昨天"),
        (6, "clock", "event_at", "2021-06-05 08:00:01"),
        (7, "clock", "event_at", "2019-12-31 23:59:59"),
        (9, "cells", "", None),
    }
    assert findings["records.clock"][0].fields["count"] == 2
    assert findings["records.clock"][0].severity is Severity.WARNING
    assert findings["records.words"][0].severity is Severity.ERROR


def test_row_numbers_hold_when_a_file_is_read_in_many_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr("posthouse.records.read_csv.BLOCK_BYTES", 1 << 10)
    lines = [scan(str(number), step="怪" if number % 40 == 7 else "accepted") for number in range(200)]
    lines[100] = "only,three,cells"
    lines[150] = ""
    path = write(tmp_path / "scans.csv", scan_file(*lines))
    blocks = list(load_source(path, key=KEY))
    assert len(blocks) > 5
    rows, rejected, findings = load(path)
    assert len(rows) == 193
    # The first line of data stands in row 2 of the file.
    assert sorted((row["rule"], row["row"]) for row in rejected) == [
        ("cells", 102),
        *(("words", number + 2) for number in (7, 47, 87, 127, 167)),
    ]
    assert findings["records.words"][0].fields["count"] == 5


def test_a_few_bad_rows_among_many_are_a_warning(tmp_path):
    lines = [scan(str(number)) for number in range(200)] + [scan("200", step="怪")]
    _, _, findings = load(write(tmp_path / "scans.csv", scan_file(*lines)))
    assert findings["records.words"][0].severity is Severity.WARNING


def test_no_waybill_number_is_shown_in_quarantine_or_findings(tmp_path):
    lines = [scan("1", waybill="YT7", step="怪"), "2,YT7", scan("", waybill="YT7")]
    _, rejected, findings = load(write(tmp_path / "scans.csv", scan_file(*lines)))
    assert len(rejected) == 3
    assert "YT7" not in str(rejected)
    assert "YT7" not in str(findings)


def test_numbers_outside_their_range_are_turned_away(tmp_path):
    path = write(
        tmp_path / "设备状态.csv",
        "设备编号,网点编号,品牌,类别,日期,登记联网,在线时长（分）\nD1,W1,甲,安检机,2021-06-01,是,1440\nD1,W1,甲,安检机,2021-06-02,是,1441\n",
    )
    rows, rejected, findings = load(path)
    assert [row["online_min"] for row in rows] == [1440]
    assert [(row["row"], row["rule"], row["value"]) for row in rejected] == [(3, "range", "1441")]
    assert "不大于 1440分" in findings["records.range"][0].message


def test_full_width_digits_and_spaces_are_read_as_plain_ones(tmp_path):
    path = write(tmp_path / "channels.csv", f"{CHANNEL_HEADINGS}\n　Ｃ１ ,义新欧,rail,９７１０,ES,是,２．５\n")
    rows, _, _ = load(path)
    assert rows[0]["channel_id"] == "C1"
    assert rows[0]["customs_modes"] == "9710"
    assert rows[0]["departures_per_week"] == 2.5


def test_titles_above_the_headings_blank_lines_and_tabs_are_passed_over(tmp_path):
    text = (
        "出海通道台账\n填报单位：示例\t\t\n"
        + CHANNEL_HEADINGS.replace(",", "\t")
        + "\n\n"
        + CHANNEL.replace(",", "\t")
        + "\n\n"
    )
    rows, rejected, _ = load(write(tmp_path / "channels.tsv", text))
    assert [row["name"] for row in rows] == ["义新欧"]
    assert rejected == []


def test_quoted_line_breaks_belong_to_their_cell(tmp_path):
    text = f'{CHANNEL_HEADINGS}\nC1,"义新欧\n班列",rail,,ES,1,\n'
    rows, _, _ = load(write(tmp_path / "channels.csv", text))
    assert rows[0]["name"] == "义新欧\n班列"


@pytest.mark.parametrize("text", ["", "\n\n", "channel_id,name,mode,destination,is_open\n"])
def test_an_empty_file_is_said_to_be_empty(tmp_path, text):
    rows, _, findings = load(write(tmp_path / "channels.csv", text))
    assert rows == []
    assert "records.empty_file" in findings


def test_the_mapping_translates_headings_words_and_adds_constants(tmp_path):
    mapping = SourceMapping(
        tables={
            "scans": TableMapping(
                files=("导出*",),
                columns={"单号": "waybill", "流水": "event_id", "状态": "step", "时间": "event_at"},
                constants={"brand": "示例", "recorded_at": "2021-06-06"},
                values={"step": {"揽件": "accepted", "妥投": "delivered"}},
            )
        }
    )
    path = write(
        tmp_path / "导出1.csv",
        "流水,单号,状态,时间\n1,A1,揽件,2021-06-05 08:00\n2,A1,妥投,2021-06-05 09:00\n3,A1,签收,2021-06-05 09:00\n",
    )
    rows, rejected, _ = load(path, mapping)
    assert [(row["step"], row["brand"]) for row in rows] == [
        ("accepted", "示例"),
        ("delivered", "示例"),
        ("delivered", "示例"),
    ]
    assert rejected == []


def make_workbook(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows, merged in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
    book.save(path)
    return path


def test_merged_cells_of_a_workbook_are_filled_and_said_to_be(tmp_path):
    rows = [
        ["出海通道台账"],
        [],
        ["通道编号", "名称", "方式", "目的地", "是否开通", "每周班次（班/周）", "生效日期"],
        ["C1", "义新欧", "铁路", "ES", "是", 2, dt.date(2020, 1, 1)],
        ["C2", "义新欧二", None, "DE", "是", 3.5, dt.datetime(2020, 1, 2)],
    ]
    path = make_workbook(tmp_path / "出海通道.xlsx", [("Sheet1", rows, ["A1:G1", "C4:C5"])])
    loaded, rejected, findings = load(path)
    assert [(row["channel_id"], row["mode"], row["departures_per_week"]) for row in loaded] == [
        ("C1", "rail", 2.0),
        ("C2", "rail", 3.5),
    ]
    assert [row["valid_from"] for row in loaded] == [dt.date(2020, 1, 1), dt.date(2020, 1, 2)]
    assert rejected == []
    assert "C4:C5" in findings["records.merged_cells"][0].message


def test_a_month_that_the_spreadsheet_made_a_date_is_a_month_again(tmp_path):
    rows = [
        ["地区", "企业编号", "月份", "业务量"],
        ["330782000000", "E1", dt.date(2021, 6, 1), 5],
        ["330782000000", "E1", "六月", 5],
    ]
    loaded, rejected, _ = load(make_workbook(tmp_path / "企业月报.xlsx", [("S", rows, [])]))
    assert [row["month"] for row in loaded] == ["2021-06"]
    assert [(row["row"], row["rule"], row["value"]) for row in rejected] == [(3, "type", "六月")]


def test_a_rejected_row_of_a_workbook_is_named_by_its_row_in_the_sheet(tmp_path):
    rows = [
        ["通道编号", "名称", "方式", "目的地", "是否开通"],
        [],
        ["C1", "甲", "铁路", "ES", "是"],
        ["C2", "乙", "飞毯", "ES", "是"],
    ]
    _, rejected, _ = load(make_workbook(tmp_path / "channels.xlsx", [("S", rows, [])]))
    assert [(row["row"], row["value"]) for row in rejected] == [(4, "飞毯")]


def test_every_sheet_named_for_a_table_is_loaded_as_that_table(tmp_path):
    channels = [["通道编号", "名称", "方式", "目的地", "是否开通"], ["C1", "甲", "铁路", "ES", "是"]]
    stations = [["驿站编号", "名称", "所在区划"], ["Y1", "乙", 330782104205]]
    path = make_workbook(
        tmp_path / "台账.xlsx", [("出海通道", channels, []), ("说明", [["x"]], []), ("关爱驿站", stations, [])]
    )
    blocks = list(load_source(path, key=KEY))
    assert [(block.table, block.rows.num_rows) for block in blocks] == [("channels", 1), ("care_stations", 1)]
    assert blocks[1].rows.column("division").to_pylist() == ["330782104205"]


def test_a_file_that_only_claims_to_be_a_workbook_gives_one_error(tmp_path):
    (tmp_path / "channels.xlsx").write_bytes(b"PK\x03\x04 broken")
    _, _, findings = load(tmp_path)
    assert list(findings) == ["records.unreadable_file"]


def test_parquet_keeps_its_types_and_naive_times_are_shanghai_times(tmp_path):
    moment = dt.datetime(2021, 6, 5, 8)
    zone = dt.timezone(dt.timedelta(hours=8))
    rows = pa.table(
        {
            "event_id": pa.array([5], pa.int32()),
            "waybill": pa.array(["YT7"]).dictionary_encode(),
            "brand": ["示例"],
            "step": ["accepted"],
            "event_at": pa.array([moment], pa.timestamp("ms")),
            "recorded_at": pa.array([moment.replace(tzinfo=zone)], pa.timestamp("s", tz="Asia/Shanghai")),
        }
    )
    parquet.write_table(rows, tmp_path / "scans.parquet")
    (row,), _, _ = load(tmp_path)
    assert row["event_at"] == row["recorded_at"] == moment.replace(tzinfo=zone)
    assert row["waybill"] == int(hash_texts(["YT7"], KEY)[0])


def test_json_lines_read_like_csv(tmp_path):
    lines = [
        {
            "event_id": "e-1",
            "waybill": 7000000000001,
            "brand": "示例",
            "step": "签收",
            "event_at": "2021-06-05T08:00:00+08:00",
            "recorded_at": "2021-06-05 08:00:00",
            "how": None,
        },
        {
            "event_id": 2,
            "waybill": "7000000000001",
            "brand": "示例",
            "step": "收寄",
            "event_at": "2021-06-05T08:00:00+08:00",
            "recorded_at": "2021-06-05 08:00:00",
            "how": "door",
        },
    ]
    write(tmp_path / "scans.jsonl", "\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    rows, _, _ = load(tmp_path)
    assert rows[0]["event_id"] == int(hash_texts(["e-1"], KEY)[0])
    assert rows[1]["event_id"] == 2
    assert rows[0]["waybill"] == rows[1]["waybill"]
    assert [row["how"] for row in rows] == [None, "door"]


def test_the_same_waybill_is_the_same_hash_in_every_form_and_another_key_gives_another(tmp_path):
    write(tmp_path / "scans.csv", scan_file(scan(waybill="7000000000001")))
    (row,), _, _ = load(tmp_path)
    assert row["waybill"] == int(hash_texts(["7000000000001"], KEY)[0])
    assert row["waybill"] != int(hash_texts(["7000000000001"], b"another")[0])


def test_progress_ends_at_one_and_never_goes_back(tmp_path):
    write(tmp_path / "scans.csv", scan_file(scan()))
    write(tmp_path / "channels.csv", f"{CHANNEL_HEADINGS}\n{CHANNEL}\n")
    shares = []
    list(load_source(tmp_path, key=KEY, progress=lambda name, share: shares.append(share)))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
