import tomllib
from importlib.resources import files

import pytest

from posthouse.planning.scenario import read_scenario, scenario_from
from posthouse.vocabulary.errors import UnusableInputError


def test_the_default_is_the_file_that_documents_it():
    data = tomllib.loads(files("posthouse.planning").joinpath("scenario.toml").read_text(encoding="utf-8"))
    assert read_scenario().promise.visits_per_week == data["promise"]["visits_per_week"]


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path):
    path = tmp_path / "情景.toml"
    path.write_text('[promise]\nvisits_per_week = 5\n[promise.zones]\n"339900101000" = 3\n', encoding="utf-8")
    changed = read_scenario(path)
    assert (changed.promise.visits_per_week, changed.promise.zones) == (5, {"339900101000": 3})
    assert changed.rounds == read_scenario().rounds


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"promise": {"visits_per_week": 9}}, "promise.visits_per_week 应为1 至 7，实际为 9"),
        ({"promise": {"visit_per_week": 3}}, "没有参数 promise.visit_per_week"),
        ({"rounds": {"depot": "village"}}, "rounds.depot 应为town、county 之一"),
        ({"seconds": "long"}, "seconds 应为数，实际为 'long'"),
        ({"drone": {"range_km": -1.0}}, "drone.range_km 应为不小于 0 的数"),
        ({"locks": {"339900101201": [1, 8]}}, "locks.339900101201"),
        ({"hired": {"kind": "horse"}}, "hired.kind"),
        ({"vehicles": {"cart": {"capacity_kg": 90.0}}}, "vehicles.cart 还缺"),
        ({"rounds": {"depart_min": True}}, "rounds.depart_min 应为整数"),
    ],
)
def test_a_wrong_lever_is_one_error_that_names_it(changes, said):
    with pytest.raises(UnusableInputError, match="情景") as error:
        scenario_from(changes)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_no_toml_is_refused(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text("promise = [", encoding="utf-8")
    with pytest.raises(UnusableInputError, match="TOML"):
        read_scenario(path)
