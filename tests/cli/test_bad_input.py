"""What a user gets for input that is wrong: one clear line or Findings, the exit code of the contract, nothing half
written."""

import json
import shutil
from pathlib import Path

import pytest
import xlsxwriter

from posthouse.cli.main import main

MONTH = "2021-06"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small sample city."""
    out = tmp_path_factory.mktemp("city")
    assert main(["sample", "hill", "--out", str(out), "--villages", "12", "--parcels", "600", "--month", MONTH]) == 0
    return out


@pytest.fixture
def records(city: Path, tmp_path: Path) -> Path:
    """A copy of its records that a test may spoil."""
    return Path(shutil.copytree(city / "records", tmp_path / "records"))


def close(plan: Path, records: Path, out: Path, month: str = MONTH) -> int:
    return main(["run", "--plan", str(plan), "--records", str(records), "--month", month, "--out", str(out)])


def refused(code: int, out: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Check that input was refused whole: exit 2, one line on stderr, nothing written; return the line."""
    said = capsys.readouterr().err.strip()
    assert code == 2
    assert said.startswith("posthouse: ")
    assert "\n" not in said
    assert not out.exists()
    return said


def test_a_missing_plan_is_named(city, tmp_path, capsys):
    out = tmp_path / "out"
    assert "没有.docx" in refused(close(tmp_path / "没有.docx", city / "records", out), out, capsys)


def test_a_missing_records_folder_is_named(city, tmp_path, capsys):
    out = tmp_path / "out"
    assert "数据" in refused(close(city / "plan.md", tmp_path / "数据", out), out, capsys)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("诗.txt", "春眠不觉晓，处处闻啼鸟。\n夜来风雨声，花落知多少。\n".encode()),
        ("表.txt", b"code,name\n1,a\n2,b\n"),
        ("乱.docx", bytes(range(256)) * 20),
        ("空.txt", b""),
    ],
)
def test_a_plan_that_is_no_plan_is_refused(city, tmp_path, capsys, name, content):
    plan, out = tmp_path / name, tmp_path / "out"
    plan.write_bytes(content)
    assert name in refused(close(plan, city / "records", out), out, capsys)


def test_a_month_without_scans_says_which_months_there_are(city, tmp_path, capsys):
    out = tmp_path / "out"
    said = refused(close(city / "plan.md", city / "records", out, month="2021-01"), out, capsys)
    assert "2021-01" in said
    assert MONTH in said


@pytest.mark.parametrize("month", ["六月", "2021-13", "2021", "2021-W23"])
def test_a_month_that_is_no_month_is_refused(city, tmp_path, capsys, month):
    out = tmp_path / "out"
    refused(close(city / "plan.md", city / "records", out, month=month), out, capsys)


def test_a_gbk_plan_reads_like_its_utf8_twin(city, tmp_path, capsys):
    text = (city / "plan.md").read_text(encoding="utf-8")
    plan = tmp_path / "plan.md"
    plan.write_bytes(text.encode("gb18030"))
    goals = []
    for path in (city / "plan.md", plan):
        assert main(["read", str(path), "--json"]) in (0, 1)
        goals.append([goal["text"] for goal in json.loads(capsys.readouterr().out)["goals"]])
    assert goals[0] == goals[1]
    assert goals[0]


def test_a_missing_column_is_a_finding_and_the_rest_is_still_measured(city, records, tmp_path):
    lines = (records / "care_stations.csv").read_text(encoding="utf-8-sig").splitlines()
    spoilt = [",".join(line.split(",")[1:]) for line in lines]
    (records / "care_stations.csv").write_text("\n".join(spoilt), encoding="utf-8")
    out = tmp_path / "out"
    assert close(city / "plan.md", records, out) == 1
    cycle = json.loads((out / "cycle.json").read_text(encoding="utf-8"))
    missing = [f for f in cycle["findings"] if f["code"] == "records.missing_column"]
    assert missing
    assert "care_stations" in missing[0]["message"]
    assert any(goal["status"] == "met" for goal in cycle["goals"])
    assert all(goal["value"] is None for goal in cycle["goals"] if goal["measure"] == "care_stations")


def test_a_workbook_with_merged_cells_loads_what_the_cells_say(city, records, tmp_path):
    (records / "care_stations.csv").unlink()
    with xlsxwriter.Workbook(str(records / "care_stations.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 3, "关爱驿站台账（２０２１年６月）")
        sheet.write_row(1, 0, ["驿站编号", "名称", "所在区划", "启用日期"])
        division = (records / "divisions.csv").read_text(encoding="utf-8-sig").splitlines()[-1].split(",")[0]
        sheet.merge_range(2, 2, 4, 2, division)
        for row in range(3):
            sheet.write_row(2 + row, 0, [f"YZ{row}", f"驿站{row}"])
            sheet.write(2 + row, 3, "2021-0１-15")
    out = tmp_path / "out"
    assert close(city / "plan.md", records, out) in (0, 1)
    cycle = json.loads((out / "cycle.json").read_text(encoding="utf-8"))
    assert {goal["value"] for goal in cycle["goals"] if goal["measure"] == "care_stations"} <= {3}


def test_arguments_that_are_missing_end_with_two():
    with pytest.raises(SystemExit) as ended:
        main(["run", "--plan", "x"])
    assert ended.value.code == 2
