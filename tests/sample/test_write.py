"""The folder a sample city is written to: same bytes, further months, and what is refused."""

import argparse
import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from posthouse.cli import sample
from posthouse.sample.kind import KINDS
from posthouse.sample.write import write_sample
from posthouse.vocabulary.errors import UnusableInputError

SMALL: Mapping[str, int] = {"villages": 30, "parcels": 3_000}


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def truth(folder: Path) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return entry


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_bytes(kind: str, tmp_path: Path) -> None:
    one = write_sample(kind, tmp_path / "one", month="2021-06", seed=5, **SMALL)
    two = write_sample(kind, tmp_path / "two", month="2021-06", seed=5, **SMALL)
    assert digests(one) == digests(two)
    assert {"plan.md", "truth.json", "records/scans-2021-06.parquet"} <= set(digests(one))


def test_another_seed_gives_another_city(tmp_path: Path) -> None:
    one = write_sample("hill", tmp_path / "one", seed=5, **SMALL)
    two = write_sample("hill", tmp_path / "two", seed=6, **SMALL)
    assert digests(one)["records/divisions.csv"] != digests(two)["records/divisions.csv"]


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("quarter")
    for month in ("2021-06", "2021-07", "2021-08"):
        write_sample("hill", out, month=month, seed=4, villages=60, parcels=6_000)
    return out


def test_a_further_month_leaves_the_events_of_the_first_as_they_are(quarter: Path, tmp_path: Path) -> None:
    alone = write_sample("hill", tmp_path / "alone", month="2021-06", seed=4, villages=60, parcels=6_000)
    for name, digest in digests(alone).items():
        if "2021-06" in name or name == "plan.md":
            assert digests(quarter)[name] == digest, name


def test_the_order_in_which_months_are_added_makes_no_difference(quarter: Path, tmp_path: Path) -> None:
    out = tmp_path / "backwards"
    for month in ("2021-08", "2021-06", "2021-07"):
        write_sample("hill", out, month=month, seed=4, villages=60, parcels=6_000)
    assert digests(out) == digests(quarter)


def test_villages_are_mended_in_july_and_some_of_them_relapse_in_august(quarter: Path) -> None:
    months = truth(quarter)["months"]
    july, august = months["2021-07"], months["2021-08"]
    assert months["2021-06"]["mended"] == []
    assert july["mended"]
    assert july["relapsed"]
    assert set(july["mended"]) & set(august["relapsed"])
    promise = truth(quarter)["promise_days_per_week"]
    for before, after in (("2021-06", "2021-07"), ("2021-07", "2021-08")):
        for code, village in months[after]["villages"].items():
            was_kept = months[before]["villages"][code]["delivery_days_per_week"] >= promise
            is_kept = village["delivery_days_per_week"] >= promise
            assert (code in months[after]["mended"]) == (is_kept and not was_kept)
            assert (code in months[after]["relapsed"]) == (was_kept and not is_kept)


def test_stations_open_where_there_was_none(quarter: Path) -> None:
    months = truth(quarter)["months"]
    opened = months["2021-07"]["stations_opened"]
    assert opened
    for code in opened:
        assert not months["2021-06"]["villages"][code]["has_station"]
        assert months["2021-07"]["villages"][code]["has_station"]


def test_no_village_stands_so_near_the_promise_that_the_calendar_decides(quarter: Path) -> None:
    for month in truth(quarter)["months"].values():
        for village in month["villages"].values():
            assert min(abs(village["delivery_days_per_week"] - promise) for promise in (3, 5)) > 0.3


@pytest.mark.parametrize("month", ["2020-03", "2020-12", "2024-02"])
def test_months_far_from_june_2021_work_too(month: str, tmp_path: Path) -> None:
    out = write_sample("islands", tmp_path, month=month, seed=1, **SMALL)
    assert list(truth(out)["months"]) == [month]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"kind": "desert"}, "desert"),
        ({"villages": 3}, "--villages"),
        ({"parcels": 10}, "--parcels"),
        ({"month": "2021-13"}, "2021-13"),
        ({"month": "2021"}, "2021"),
        ({"month": "2019-06"}, "2019-06"),
        ({"seed": -1}, "--seed"),
    ],
)
def test_unusable_arguments_are_refused_in_one_line_and_nothing_is_written(
    arguments: dict[str, Any], named: str, tmp_path: Path
) -> None:
    given: dict[str, Any] = {"kind": "hill", **SMALL, **arguments}
    with pytest.raises(UnusableInputError, match=re.escape(named)) as caught:
        write_sample(given.pop("kind"), tmp_path / "out", **given)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_folder_with_another_city_is_left_alone(tmp_path: Path) -> None:
    write_sample("hill", tmp_path, seed=1, **SMALL)
    before = digests(tmp_path)
    with pytest.raises(UnusableInputError, match="另一座样例城市"):
        write_sample("hill", tmp_path, month="2021-07", seed=2, **SMALL)
    assert digests(tmp_path) == before


@pytest.mark.parametrize("kind", KINDS)
def test_the_plan_is_an_official_document_with_some_forty_figures(kind: str, tmp_path: Path) -> None:
    plan = (write_sample(kind, tmp_path, **SMALL) / "plan.md").read_text(encoding="utf-8")
    figures = re.findall(r"\d[\d.]*(?:%|次|个|家|亿|万|倍|条|小时|人|平方米|天|—)", plan)
    assert len(figures) >= 30
    assert "虚构" in plan
    assert plan.count("责任单位：▲") >= 6
    for word in ("领导小组", "月底前", "每季度", "进村", "进厂", "出海"):
        assert word in plan
    assert not re.search(r"\d{7,}", plan)
    assert "{" not in plan


def test_the_verb_writes_a_city_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["sample", "workshop", "--out", str(tmp_path / "city"), "--villages", "20", "--parcels", "2000"]
    parser = argparse.ArgumentParser()
    sample.add_parser(parser.add_subparsers())
    assert sample.run(parser.parse_args([*arguments, "--seed", "9"])) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert str(tmp_path / "city") in captured.err.replace("\n", "")
    assert (tmp_path / "city" / "records" / "divisions.csv").exists()
