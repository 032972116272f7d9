"""A row turned away is kept to be mended, and leaves the quarantine when it loads."""

import csv

import openpyxl

from posthouse.records.keys import hash_texts
from posthouse.records.mapping import find_mapping
from posthouse.stores.mending import write_list
from tests.records.rows import scan, scan_file
from tests.stores.city import contents, new_workspace

STATES = ("records", "journeys", "superseded", "quarantine", "mended")


def load(tmp_path, *lines, name="scans.csv"):
    workspace = new_workspace(tmp_path / "ws")
    source = tmp_path / name
    source.write_text(scan_file(*lines), encoding="utf-8")
    workspace.load(source)
    return workspace, source


def export(workspace, path):
    """Write the list and return it as rows to be changed."""
    write_list(workspace.list_quarantine(), path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_mended_row_loads_as_if_it_had_been_right_from_the_start(tmp_path):
    (tmp_path / "right").mkdir()
    right, _ = load(tmp_path / "right", scan("1"), scan("2", step="签收", how="上门"))
    workspace, _ = load(tmp_path, scan("1"), scan("2", step="怪", how="上门"))
    rows = export(workspace, tmp_path / "list.csv")
    rows[0]["环节"] = "签收"
    workspace.reload_quarantine(write(tmp_path / "list.csv", rows))
    assert contents(workspace, "records", "journeys") == contents(right, "records", "journeys")
    assert workspace.read_quarantine("scans").num_rows == 0


def test_reloading_the_same_list_or_the_faulty_file_again_changes_nothing(tmp_path):
    workspace, source = load(tmp_path, scan("1"), scan("2", step="怪"), scan("3", step="妖"))
    rows = export(workspace, tmp_path / "list.csv")
    rows[0]["环节"] = "签收"
    mended = write(tmp_path / "list.csv", rows)
    workspace.reload_quarantine(mended)
    state = contents(workspace, *STATES)
    report = workspace.reload_quarantine(mended)
    assert "records.not_quarantined" not in {finding.code for finding in report.findings}
    workspace.load(source)
    assert contents(workspace, *STATES) == state
    assert workspace.read_quarantine("scans").column("value").to_pylist() == ["妖"]


def test_a_row_that_is_still_bad_can_be_mended_in_the_same_list_later(tmp_path):
    workspace, _ = load(tmp_path, scan("2", step="怪"), scan("3", step="妖"))
    rows = export(workspace, tmp_path / "list.csv")
    for row in rows:
        row["环节"] = "签收"
        workspace.reload_quarantine(write(tmp_path / "list.csv", rows))
    assert workspace.list_quarantine() == ()
    assert workspace.read_table("scans").num_rows == 2


def test_a_list_saved_as_a_workbook_loads_too_and_rounded_numbers_do_no_harm(tmp_path):
    workspace, _ = load(tmp_path, scan("12345678901234567", step="怪"))
    rows = export(workspace, tmp_path / "list.csv")
    rows[0] |= {"环节": "签收", "事件编号": "1.23456789E+16"}
    book = openpyxl.Workbook()
    book.active.append(list(rows[0]))
    book.active.append(list(rows[0].values()))
    book.save(tmp_path / "list.xlsx")
    workspace.reload_quarantine(tmp_path / "list.xlsx")
    assert workspace.read_table("scans").column("event_id").to_pylist() == [12345678901234567]


def test_neither_waybill_nor_mobile_number_nor_unknown_column_is_kept(tmp_path):
    mobile = "1" + "3" * 10
    workspace, _ = load(tmp_path, scan("1", waybill="YT7000000000001", step="怪", site=f"找{mobile}"))
    kept = str(workspace.list_quarantine())
    assert "YT7" not in kept
    assert mobile not in kept
    assert "1**********" in kept


def test_an_empty_waybill_is_filled_in_by_hand_and_hashed(tmp_path):
    workspace, _ = load(tmp_path, scan("1", waybill=""))
    rows = export(workspace, tmp_path / "list.csv")
    rows[0]["运单号"] = "YT7"
    workspace.reload_quarantine(write(tmp_path / "list.csv", rows))
    assert workspace.read_table("scans").column("waybill").to_pylist() == hash_texts(["YT7"], workspace.key()).tolist()


def test_a_mended_row_of_a_foreign_export_gets_the_number_its_mapping_would_have_made(tmp_path):
    text = "快递单号,快递公司编码,状态码,时间\nYT70000001,yuantong,{},2021-06-05 08:00\n"
    (tmp_path / "快递100.csv").write_text(text.format(777), encoding="utf-8")
    workspace = new_workspace(tmp_path / "ws")
    workspace.load(tmp_path / "快递100.csv", mapping=find_mapping("kuaidi100"))
    rows = export(workspace, tmp_path / "list.csv")
    assert rows[0]["品牌"] == "圆通"
    rows[0]["环节"] = "收寄"
    workspace.reload_quarantine(write(tmp_path / "list.csv", rows))
    before = contents(workspace)
    (tmp_path / "快递100.csv").write_text(text.format(1), encoding="utf-8")
    report = workspace.load(tmp_path / "快递100.csv", mapping=find_mapping("kuaidi100"))
    assert report.present == {"scans": 1}
    assert contents(workspace) == before


def test_a_line_of_another_workspace_is_told(tmp_path):
    workspace, _ = load(tmp_path, scan("2", step="怪"))
    rows = export(workspace, tmp_path / "list.csv")
    rows[0]["隔离编号"] = "q0000000000000001"
    report = workspace.reload_quarantine(write(tmp_path / "list.csv", rows))
    assert [finding.code for finding in report.findings] == ["records.not_quarantined"]
    assert len(workspace.list_quarantine()) == 1
