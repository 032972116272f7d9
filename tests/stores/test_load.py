"""Loading is a function of the rows ever loaded: not of files, order, or how often."""

import tempfile
from dataclasses import replace
from pathlib import Path
from unittest import mock

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.records.fold import fold_journeys
from posthouse.stores.journeys import fold_workspace
from posthouse.stores.manifest import read_manifest
from posthouse.vocabulary.findings import Severity
from tests.records.rows import CHANNEL, scan
from tests.stores.city import city_scans, contents, new_workspace, write_channels, write_scans


def load(tmp_path, *loads):
    """Load lists of lines one after the other into a fresh workspace."""
    number = len(list(tmp_path.iterdir()))
    workspace = new_workspace(tmp_path / f"ws{number}")
    for turn, lines in enumerate(loads):
        workspace.load(write_scans(tmp_path / f"in{number}-{turn}", lines))
    return workspace


def test_the_same_file_twice_changes_nothing(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    source = write_scans(tmp_path / "in", city_scans())
    first = workspace.load(source)
    before = contents(workspace)
    again = workspace.load(source)
    assert contents(workspace) == before
    assert first.stored == again.stored == {"scans": 240}
    assert again.present == {"scans": 240}
    assert again.findings == ()


def test_rows_in_another_order_and_in_seven_files_give_the_same_bytes(tmp_path):
    whole = new_workspace(tmp_path / "whole")
    whole.load(write_scans(tmp_path / "a", city_scans()))
    split = new_workspace(tmp_path / "split")
    split.load(write_scans(tmp_path / "b", city_scans(), files=7, seed=3))
    apart = new_workspace(tmp_path / "apart")
    for path in sorted((tmp_path / "b").iterdir(), reverse=True):
        apart.load(path)
    assert contents(whole) == contents(split) == contents(apart)
    assert len(contents(whole)) > 7


def test_rows_in_another_order_leave_the_same_quarantine(tmp_path):
    lines = [*city_scans(5), scan("900", step="怪"), scan("901", waybill="")]
    workspace = new_workspace(tmp_path / "ws")
    for _ in range(2):
        workspace.load(write_scans(tmp_path / "in", lines))
    assert workspace.read_quarantine("scans").num_rows == 2


def test_quarantine_of_two_files_of_one_name_is_kept(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    workspace.load(write_scans(tmp_path / "june", [scan("1", step="怪")]))
    workspace.load(write_scans(tmp_path / "july", [scan("2"), scan("3", step="妖")]))
    assert sorted(workspace.read_quarantine("scans").column("value").to_pylist()) == ["妖", "怪"]


def test_a_repeated_scan_counts_once_and_is_told(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    report = workspace.load(write_scans(tmp_path / "in", [scan("1"), scan("1"), scan("1"), scan("2")]))
    assert report.stored == {"scans": 2}
    (finding,) = report.findings
    assert (finding.code, finding.severity, finding.fields["count"]) == ("records.duplicate", Severity.INFO, 2)


def test_of_two_scans_with_one_number_the_first_recorded_stays_whatever_the_order(tmp_path):
    early = scan("1", event_at="2021-06-05 08:00:00", site="A")
    late = scan("1", event_at="2021-06-05 07:00:00", recorded_at="2021-06-05 09:00:00", site="B")
    other_waybill = scan("1", waybill="YT8", event_at="2021-06-05 06:00:00", recorded_at="2021-06-05 09:00:00")
    other_day = scan("1", event_at="2021-06-04 07:00:00", recorded_at="2021-06-05 09:00:00", site="C")
    rest = [scan("2"), scan("3", event_at="2021-06-04 08:00:00")]
    expected = contents(load(tmp_path, [early, *rest]))
    for lines in ([late, early, other_waybill, other_day, *rest], [*rest, other_day, other_waybill, early, late]):
        assert contents(load(tmp_path, lines)) == expected
        assert contents(load(tmp_path, *([line] for line in lines))) == expected


def test_scans_with_one_number_on_two_days_are_told(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    lines = [scan("1"), scan("1", event_at="2021-06-04 07:00:00", recorded_at="2021-06-07 00:00:00")]
    report = workspace.load(write_scans(tmp_path / "in", lines))
    assert report.stored == {"scans": 1}
    assert [finding.code for finding in report.findings] == ["records.conflict"]


def test_a_correction_replaces_its_event_whichever_comes_first(tmp_path):
    wrong = scan("1", step="delivered", event_at="2021-06-05 08:00:00", village="330782104205", how="door")
    right = scan("9", step="delivered", event_at="2021-06-06 10:00:00", how="outlet", corrects="1")
    rest = [scan("2", event_at="2021-06-05 07:00:00")]
    together = load(tmp_path, [wrong, right, *rest])
    (journey,) = together.read_table("journeys").to_pylist()
    assert (journey["how"], journey["village"], journey["scans"]) == ("outlet", None, 2)
    assert contents(load(tmp_path, [wrong, *rest], [right])) == contents(together)
    assert contents(load(tmp_path, [right, *rest], [wrong])) == contents(together)
    assert contents(load(tmp_path, [wrong, right, *rest], [wrong], [right])) == contents(together)


def test_a_replaced_event_is_kept_apart_for_the_audit(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    report = workspace.load(write_scans(tmp_path / "in", [scan("1"), scan("9", corrects="1")]))
    assert [finding.code for finding in report.findings] == ["records.superseded"]
    assert report.stored == {"scans": 1}
    assert len(contents(workspace, "superseded")) == 1
    again = workspace.load(tmp_path / "in")
    assert again.findings == ()


def test_of_several_corrections_of_one_event_the_last_recorded_stands(tmp_path):
    original = scan("1", site="A")
    first = scan("8", site="B", recorded_at="2021-06-06 08:00:00", corrects="1")
    last = scan("7", site="C", recorded_at="2021-06-07 08:00:00", corrects="1")
    chained = scan("6", site="D", recorded_at="2021-06-08 08:00:00", corrects="7")
    assert load(tmp_path, [original, last, first]).read_table("scans").column("site").to_pylist() == ["C"]
    for loads in ([[original, first, last, chained]], [[chained], [last], [first], [original]]):
        assert load(tmp_path, *loads).read_table("scans").column("site").to_pylist() == ["D"]


def test_a_scan_that_names_itself_corrects_nothing(tmp_path):
    assert load(tmp_path, [scan("1", corrects="1")]).read_table("scans").num_rows == 1


def test_late_scans_rewrite_only_the_days_they_touch(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    workspace.load(write_scans(tmp_path / "in", city_scans()))
    before = read_manifest(workspace.path)
    late = scan("99999", waybill="YT7000000003", event_at="2021-06-05 23:00:00", recorded_at="2021-06-29 00:00:00")
    workspace.load(write_scans(tmp_path / "late", [late]))
    after = read_manifest(workspace.path)
    changed = {day for day, file in after.records["scans"].items() if before.records["scans"].get(day) != file}
    assert changed == {"2021-06-05"}
    changed = {day for day, file in after.journeys.items() if before.journeys.get(day) != file}
    assert changed == {"2021-06-04"}  # the day on which the late scan's parcel was first seen


def test_a_day_is_a_shanghai_day(tmp_path):
    lines = [scan("1", event_at="2021-06-04 23:59:59"), scan("2", event_at="2021-06-05 00:00:00")]
    assert load(tmp_path, lines).list_days("scans") == ("2021-06-04", "2021-06-05")


def test_rows_that_do_not_fit_in_memory_give_the_same_bytes(tmp_path, monkeypatch):
    expected = contents(load(tmp_path, city_scans()))
    monkeypatch.setattr("posthouse.stores.staging.MEMORY_BYTES", 1)
    workspace = new_workspace(tmp_path / "spilled")
    workspace.load(write_scans(tmp_path / "spill", city_scans(), files=7, seed=5))
    assert contents(workspace) == expected


def test_nothing_of_a_file_is_kept_that_turns_out_unreadable_after_many_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr("posthouse.records.read_csv.BLOCK_BYTES", 1 << 10)
    monkeypatch.setattr("posthouse.records.read_csv._ENCODING_BYTES", 1 << 10)
    monkeypatch.setattr("posthouse.stores.staging.MEMORY_BYTES", 1 << 12)
    source = write_scans(tmp_path / "in", city_scans(50), files=2)
    with (source / "scans-1.csv").open("ab") as file:
        file.write(b"7,\xff\xff,broken\n")
    report = new_workspace(tmp_path / "ws").load(source)
    assert report.loaded == report.stored == {"scans": 100}
    assert [finding.code for finding in report.findings] == ["records.unreadable_file"]


def test_days_that_nobody_can_mean_are_kept_together_without_losing_a_row(tmp_path):
    path = tmp_path / "complaints.csv"
    rows = [
        f"{number},{day},甲,330782104205,延误" for number, day in enumerate(("1899-12-30", "1960-01-01", "2021-06-05"))
    ]
    path.write_text("\n".join(["complaint_id,filed_on,brand,division,kind", *rows]) + "\n", encoding="utf-8")
    workspace = new_workspace(tmp_path / "ws")
    workspace.load(path)
    assert workspace.list_days("complaints") == ("2021-06-05", "undated")
    assert workspace.read_table("complaints").num_rows == 3


def test_a_register_row_is_replaced_by_its_key_and_the_others_stay(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    workspace.load(write_channels(tmp_path / "a", CHANNEL, CHANNEL.replace("C1", "C2")))
    report = workspace.load(
        write_channels(tmp_path / "b", CHANNEL.replace("义新欧", "改名"), CHANNEL.replace("C1", "C3"))
    )
    rows = {row["channel_id"]: row["name"] for row in workspace.read_table("channels").to_pylist()}
    assert rows == {"C1": "改名", "C2": "义新欧", "C3": "义新欧"}
    assert [finding.code for finding in report.findings if finding.severity is not Severity.INFO] == []
    assert "records.updated" in [finding.code for finding in report.findings]


def test_a_register_keeps_its_history(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    (tmp_path / "channels.csv").write_text(
        "channel_id,name,mode,destination,is_open,valid_from,valid_to\n"
        "C1,甲,rail,ES,是,2020-01-01,2021-01-01\nC1,乙,rail,ES,是,2021-01-01,\n",
        encoding="utf-8",
    )
    workspace.load(tmp_path / "channels.csv")
    assert workspace.read_table("channels").column("name").to_pylist() == ["甲", "乙"]


def test_two_different_rows_of_one_key_in_one_load_are_told_and_the_choice_is_free_of_order(tmp_path):
    names = []
    for order in (1, -1):
        workspace = new_workspace(tmp_path / f"ws{order}")
        lines = [CHANNEL, CHANNEL.replace("义新欧", "别名")][::order]
        report = workspace.load(write_channels(tmp_path / f"in{order}", *lines))
        assert "records.conflict" in [finding.code for finding in report.findings]
        names.append(workspace.read_table("channels").column("name").to_pylist())
    assert names[0] == names[1]


def test_a_later_parcel_row_replaces_the_earlier_one_even_on_another_day(tmp_path):
    headings = "waybill,brand,accepted_at,origin,destination,product,weight_kg,is_ecommerce,has_e_waybill\n"
    workspace = new_workspace(tmp_path / "ws")
    for turn, (day, weight) in enumerate([("2021-06-05", 1), ("2021-06-06", 2)]):
        path = tmp_path / f"parcels-{turn}.csv"
        path.write_text(f"{headings}YT7,甲,{day} 08:00,A,B,标准,{weight},1,1\n", encoding="utf-8")
        workspace.load(path)
    assert workspace.read_table("parcels").column("weight_kg").to_pylist() == [2.0]
    assert workspace.list_days("parcels") == ("2021-06-06",)


def test_events_without_a_day_are_kept_apart(tmp_path):
    path = tmp_path / "office_log.csv"
    path.write_text(
        "entry_id,kind,body,due_on,held_on\n1,通报,甲,2021-06-01,\n2,通报,甲,2021-06-01,2021-06-02\n", encoding="utf-8"
    )
    workspace = new_workspace(tmp_path / "ws")
    workspace.load(path)
    assert workspace.list_days("office_log") == ("2021-06-02", "undated")
    assert workspace.tables()["office_log"].count().execute() == 2


def test_unknown_references_are_told_once_the_register_is_there(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    lines = [scan("1", village="330782104205"), scan("2", village="330782104206")]
    assert workspace.load(write_scans(tmp_path / "in", lines)).findings == ()
    (tmp_path / "divisions.csv").write_text(
        "code,name,level,kind\n330782104205,甲村,village,administrative_village\n", encoding="utf-8"
    )
    for source, count in (
        (tmp_path / "divisions.csv", 1),
        (write_scans(tmp_path / "more", [scan("3", village="330782104206")]), 2),
    ):
        findings = [finding for finding in workspace.load(source).findings if finding.code == "records.reference"]
        assert [dict(finding.fields) for finding in findings] == [
            {
                "table": "scans",
                "column": "village",
                "refers": "divisions.code",
                "count": count,
                "values": ["330782104206"],
            }
        ]


@pytest.mark.parametrize("files", [1, 3])
def test_a_missing_column_in_one_file_leaves_the_rest_loaded(tmp_path, files):
    source = write_scans(tmp_path / "in", city_scans(6), files=files)
    (source / "scans-x.csv").write_text("event_id,waybill\n1,2\n", encoding="utf-8")
    report = new_workspace(tmp_path / "ws").load(source)
    assert report.stored == {"scans": 24}
    assert {finding.code for finding in report.findings} == {"records.missing_column"}


some_lines = st.lists(
    st.builds(
        scan,
        event_id=st.integers(1, 12).map(str),
        waybill=st.sampled_from(["YT1", "YT2", "YT3"]),
        step=st.sampled_from(["accepted", "outlet_arrived", "delivered"]),
        event_at=st.integers(1, 5).map("2021-06-{:02d} 08:00:00".format),
        recorded_at=st.sampled_from(["2021-06-20 00:00:00", "2021-06-21 00:00:00"]),
        site=st.sampled_from(["", "A", "B"]),
        corrects=st.sampled_from(["", "", "", "1", "2", "3"]),
    ),
    max_size=12,
)


@given(st.lists(some_lines, min_size=2, max_size=3))
@settings(max_examples=12, deadline=None)
def test_journeys_folded_step_by_step_equal_those_folded_at_once(loads):
    with tempfile.TemporaryDirectory() as place:
        workspace = new_workspace(Path(place) / "ws")
        for turn, lines in enumerate(loads):
            with mock.patch("posthouse.stores.journeys._PARTIAL_SHARE", 1.0):
                workspace.load(write_scans(Path(place) / str(turn), lines))
        manifest = read_manifest(workspace.path)
        anew = fold_workspace(workspace.path, replace(manifest, journeys={}, folded={}))
        assert anew.journeys == manifest.journeys
        with duckdb.connect() as connection:
            connection.register("scans", workspace.read_table("scans"))
            expected = fold_journeys(connection, "scans")
        assert workspace.read_table("journeys").sort_by("waybill").equals(expected)
