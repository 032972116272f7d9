"""`posthouse measure` and `posthouse explain` on a workspace of three villages."""

import argparse
import json
from pathlib import Path
from types import ModuleType

import pytest

from posthouse.cli import explain, measure
from posthouse.stores.workspace import create_workspace
from posthouse.vocabulary.errors import UnusableInputError
from tests.measures.tables import arrow_rows

NEAR, FAR = "990101101201", "990101101202"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    opened = create_workspace(tmp_path_factory.mktemp("city") / "workspace")
    divisions = [{"code": code, "kind": "administrative_village", "level": "village"} for code in (NEAR, FAR)]
    points = [{"kind": "village_station", "division": NEAR}]
    opened.write_table("divisions", arrow_rows("divisions", divisions))
    opened.write_table("service_points", arrow_rows("service_points", points))
    return opened.path


def run(verb: ModuleType, *argv: object) -> int:
    parser = argparse.ArgumentParser()
    verb.add_parser(parser.add_subparsers())
    args = parser.parse_args([verb.__name__.rpartition(".")[2], *map(str, argv)])
    return int(args.run(args))


def test_measure_keeps_the_daily_states_when_asked(workspace: Path) -> None:
    assert run(measure, workspace, "--month", "2021-06", "--measure", "outlets_count", "--keep-states") == 0
    assert (workspace / "states.json").exists()


def test_measure_prints_one_json_object_with_numerator_and_denominator(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(measure, workspace, "--month", "2021-06", "--measure", "village_station_coverage", "--json")
    printed = json.loads(capsys.readouterr().out)
    assert code == 0
    (figure,) = printed["measurements"]
    assert (figure["value"], figure["numerator"], figure["denominator"], figure["coverage"]) == (0.5, 1, 2, 1.0)
    assert figure["name"] == "建制村快递服务站覆盖率"


def test_measure_breaks_down_by_place_and_says_what_it_cannot(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ("--measure", "village_station_coverage", "--measure", "express_volume", "--by", "place", "--json")
    run(measure, workspace, "--month", "2021-06", *argv)
    captured = capsys.readouterr()
    places = [(figure["place"], figure["value"]) for figure in json.loads(captured.out)["measurements"]]
    assert places == [(NEAR, 1.0), (FAR, 0.0)]
    assert "express_volume 不能按 place 分组" in captured.err


def test_measure_prints_a_table_that_says_no_data_where_there_is_none(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(measure, workspace, "--month", "2021-06", "--measure", "delivery_days_per_week")
    assert "无数据" in capsys.readouterr().out


@pytest.mark.parametrize(
    "argv",
    [
        ("--month", "六月"),
        ("--month", "2021-06", "--by", "village"),
        ("--month", "2021-06", "--measure", "no_such_measure"),
        ("--month", "2021-06", "--set", "base_year"),
    ],
)
def test_measure_refuses_what_it_cannot_understand(workspace: Path, argv: tuple[str, ...]) -> None:
    with pytest.raises(UnusableInputError):
        run(measure, workspace, *argv)


def test_measure_refuses_a_folder_that_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError, match="工作区"):
        run(measure, tmp_path, "--month", "2021-06")


def test_explain_tells_definition_clause_rows_and_query(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(explain, "village_station_coverage", workspace, "--month", "2021-06", "--place", NEAR)
    text = capsys.readouterr().out
    assert code == 0
    assert "建制村快递服务站覆盖率（village_station_coverage，第 1 版）" in text
    assert "100.00%" in text
    assert "义政办发〔2020〕68号" in text
    assert f"对象 {NEAR}（x），分子 1，分母 1" in text
    assert "SELECT" in text


def test_explain_prints_one_json_object(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(explain, "village_station_coverage", workspace, "--month", "2021-06", "--json", "--rows", "1")
    printed = json.loads(capsys.readouterr().out)
    assert printed["measurement"]["value"] == 0.5
    assert (len(printed["rows"]), printed["rows_total"]) == (1, 2)
    assert printed["runs"] == []
