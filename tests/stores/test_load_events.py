"""Loading events and foreign exports is a function of the rows ever loaded, as loading our own files is."""

import csv
import random

import pytest

from posthouse.records.mapping import find_mapping
from tests.records.events import document, event
from tests.stores.city import contents, new_workspace

DECLARED = {"declarationTime": "2021-06-09T00:00:00Z", "correctiveEventIDs": ["urn:uuid:later"]}


def events():
    steps = ["accepted", "origin_departed", "destination_arrived", "delivered"]
    return [
        event(
            10 * number + turn,
            waybills=(f"YT{number:013d}", f"YT{number + 1:013d}"),
            step=f"urn:posthouse:step:{step}",
            at=f"2021-06-{1 + turn + number % 3:02d}T{number % 24:02d}:30:00+08:00",
        )
        for number in range(30)
        for turn, step in enumerate(steps)
    ]


def rows_of_courier():
    kinds = ["收件", "到件", "派件", "签收"]
    return [
        (
            f"YT{number:013d}",
            "甲",
            kind,
            f"2021-06-{1 + turn + number % 3:02d} {number % 24:02d}:30:00",
            f"{number % 5}部",
        )
        for number in range(30)
        for turn, kind in enumerate(kinds)
    ]


def write_events(folder, entries):
    (folder / "events.json").write_text(document(*entries), encoding="utf-8")


def write_courier(folder, entries):
    with (folder / "扫描记录.csv").open("w", encoding="gbk", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["运单号", "快递公司", "扫描类型", "扫描时间", "扫描站点"])
        writer.writerows(entries)


FORMS = {"epcis": (events, write_events, None), "courier": (rows_of_courier, write_courier, "courier")}


@pytest.mark.parametrize("form", FORMS)
def test_again_shuffled_or_split_into_seven_gives_the_same_bytes(tmp_path, form):
    make, write, named = FORMS[form]
    mapping = find_mapping(named) if named else None
    entries = make()
    shuffled = random.Random(7).sample(entries, len(entries))
    states = []
    for name, loads in {
        "once": [entries],
        "twice": [entries, entries],
        "shuffled": [shuffled],
        "seven": [shuffled[at::7] for at in range(7)],
    }.items():
        workspace = new_workspace(tmp_path / f"ws-{name}")
        for turn, part in enumerate(loads):
            folder = tmp_path / f"{name}-{turn}"
            folder.mkdir()
            write(folder, part)
            workspace.load(folder, mapping=mapping)
        states.append(contents(workspace))
    assert all(state == states[0] for state in states)
    assert workspace.read_table("scans").num_rows == (240 if form == "epcis" else 120)


def test_a_declared_error_takes_its_event_out_whichever_comes_first(tmp_path):
    wrong, later = event(1), event(2, at="2021-06-06T08:00:00Z")
    retracted = event(1, errorDeclaration=DECLARED)
    states = []
    for turn, loads in enumerate(
        ([[wrong, retracted, later]], [[wrong, later], [retracted]], [[retracted], [later], [wrong]])
    ):
        workspace = new_workspace(tmp_path / f"ws{turn}")
        for part in loads:
            folder = tmp_path / f"{turn}-{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            write_events(folder, part)
            report = workspace.load(folder)
        states.append(contents(workspace, "records/scans", "journeys", "superseded"))
        assert workspace.read_table("scans").num_rows == 1
    assert states[0] == states[1] == states[2]
    assert report.by_table["scans"].corrected == 1


def test_the_report_tells_new_repeated_late_and_the_days_touched(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    write_events(tmp_path, [event(1, at="2021-06-05T08:00:00Z"), event(2, at="2021-06-09T08:00:00Z")])
    workspace.load(tmp_path / "events.json")
    late = event(3, at="2021-06-06T08:00:00Z", recordTime="2021-06-10T00:00:00Z")
    write_events(tmp_path, [late, late, event(1, at="2021-06-05T08:00:00Z"), event(4, step="teleporting")])
    report = workspace.load(tmp_path / "events.json")
    told = report.by_table["scans"]
    assert (told.new, told.repeated, told.late, told.days) == (1, 1, 1, ("2021-06-06",))
    assert report.present == {"scans": 1}
    assert dict(report.by_file[0].rejected) == {"words": 1}
