"""`posthouse read` and `posthouse diff` on a plan written for the test."""

import argparse
import json
from pathlib import Path
from types import ModuleType

import pytest

from posthouse.cli import diff, read
from posthouse.vocabulary.errors import UnusableInputError

PLAN = """江城市人民政府办公室文件

江政办发〔2020〕5号

江城市快递进村实施方案

一、工作目标
到2021年底，建制村快递服务站实现全覆盖，每周投递5次以上。
二、重点任务
（一）建站。推进站点建设。（责任单位：市邮政管理局、市商务局）
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


def run(verb: ModuleType, *argv: object) -> int:
    parser = argparse.ArgumentParser()
    verb.add_parser(parser.add_subparsers())
    args = parser.parse_args([verb.__name__.rpartition(".")[2], *map(str, argv)])
    return int(args.run(args))


def test_json_is_the_only_thing_on_stdout(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(read, plan, "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert [goal["measure"] for goal in data["goals"]] == ["village_station_coverage", "delivery_days_per_week"]
    assert data["tasks"][0]["lead_units"] == ["市邮政管理局"]


def test_text_prints_the_text_that_spans_count(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(read, plan, "--text")
    text = capsys.readouterr().out
    run(read, plan, "--json")
    start, end = json.loads(capsys.readouterr().out)["goals"][1]["span"]
    assert text[start:end] == "每周投递5次以上"


def test_a_summary_is_printed_for_people(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(read, plan) == 0
    assert "目标 2" in capsys.readouterr().out


def test_reading_again_keeps_a_correction_and_says_so(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = plan.with_name("programme.toml")
    run(read, plan, "-o", out)
    out.write_text(out.read_text(encoding="utf-8").replace("value = 5\n", "value = 6\n"), encoding="utf-8")
    capsys.readouterr()
    assert run(read, plan, "-o", out) == 0
    assert "value = 6\n" in out.read_text(encoding="utf-8")
    assert "保留人工改动" in capsys.readouterr().err


def test_fresh_writes_the_reading_alone(plan: Path) -> None:
    out = plan.with_name("programme.toml")
    out.write_text("不是 TOML", encoding="utf-8")
    with pytest.raises(UnusableInputError):
        run(read, plan, "-o", out)
    assert run(read, plan, "-o", out, "--fresh") == 0
    assert "[[goals]]" in out.read_text(encoding="utf-8")


def test_the_review_page_is_written(plan: Path) -> None:
    page = plan.with_name("review.html")
    assert run(read, plan, "--html", page) == 0
    assert 'id="l-G001"' in page.read_text(encoding="utf-8")


def test_a_folder_that_is_missing_is_told_and_nothing_is_left(plan: Path) -> None:
    with pytest.raises(UnusableInputError, match="不能"):
        run(read, plan, "-o", plan.parent / "missing" / "programme.toml")
    assert [path.name for path in plan.parent.iterdir()] == ["plan.txt"]


def test_a_document_that_is_no_plan_exits_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("一、会议纪要\n会议听取了汇报。\n", encoding="utf-8")
    assert run(read, path, "--json") == 1
    assert "programme.no_goals" in capsys.readouterr().out


def test_diff_compares_a_document_with_a_programme_file(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = plan.with_name("programme.toml")
    run(read, plan, "-o", out)
    later = plan.with_name("later.txt")
    later.write_text(PLAN.replace("每周投递5次", "每周投递6次"), encoding="utf-8")
    capsys.readouterr()
    assert run(diff, out, later, "--json") == 0
    differences = json.loads(capsys.readouterr().out)["differences"]
    assert [difference["kind"] for difference in differences] == ["same", "raised"]


def test_diff_prints_a_sentence_for_each_goal(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(diff, plan, plan) == 0
    assert capsys.readouterr().out.count("不变") == 2


def test_an_unreadable_programme_file_is_told(tmp_path: Path, plan: Path) -> None:
    with pytest.raises(UnusableInputError, match=r"programme\.toml"):
        run(diff, tmp_path / "none.toml", plan)
