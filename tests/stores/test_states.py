"""Daily states in a workspace answer as its journeys do, and only touched days are made again."""

import pytest

from posthouse.measures.catalogue import all_definitions
from posthouse.measures.measure import measure
from posthouse.measures.states import STATES, without_states
from posthouse.sample.write import write_sample
from posthouse.stores import states as kept_states
from posthouse.stores.workspace import open_workspace
from posthouse.vocabulary.periods import parse_period
from tests.records.rows import scan
from tests.stores.city import new_workspace, write_scans

JUNE = parse_period("2021-06")
OF_PARCELS = [d.id for d in all_definitions() if d.computed and {"journeys", "parcels"} & {*d.tables}]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("states")
    write_sample("hill", folder / "city", villages=12, parcels=600, month="2021-06", seed=3)
    workspace = new_workspace(folder / "ws")
    workspace.load(folder / "city" / "records")
    workspace.keep_states()
    return workspace


def test_every_measure_of_parcels_is_the_same_from_states_as_from_journeys(workspace):
    tables = workspace.tables()
    assert {*STATES} <= {*tables}
    for by in ((), ("town",), ("brand",)):
        assert measure(OF_PARCELS, tables, JUNE, by=by) == measure(OF_PARCELS, without_states(tables), JUNE, by=by)


def test_a_late_scan_makes_only_the_touched_days_again(workspace, tmp_path, monkeypatch):
    made = []
    daily = kept_states.daily_states
    monkeypatch.setattr(kept_states, "daily_states", lambda t, period: made.append(period) or daily(t, period))
    village = workspace.tables()["divisions"].filter(lambda t: t.level == "village").code.min().execute()
    late = scan("999", step="village_arrived", event_at="2021-06-20 10:00:00", village=village)
    workspace.load(write_scans(tmp_path / "late", [late]))
    assert not {*STATES} & {*workspace.tables()}
    workspace.keep_states()
    assert [(period.start_on.isoformat(), period.days) for period in made] == [("2021-06-20", 1)]
    tables = open_workspace(workspace.path).tables()
    ids = ["village_coverage", "delivery_days_per_week", "locker_delivery_share"]
    assert measure(ids, tables, JUNE, by=("town",)) == measure(ids, without_states(tables), JUNE, by=("town",))


def test_an_empty_workspace_keeps_no_states(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    workspace.keep_states()
    assert not {*STATES} & {*workspace.tables()}
