"""EPCIS events become scans, in every form of file, by the scanner and one by one alike."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.records.epcis_event import site_of, step_of, waybill_of
from posthouse.records.load import load_source
from posthouse.records.mapping import SourceMapping, TableMapping
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Severity
from tests.records.events import document, event

KEY = b"only for tests"
NUMBERED = [
    event(number, waybills=(f"YT{number:013d}", "YT7"), at=f"2021-06-05T08:{number % 60:02d}:00Z")
    for number in range(40)
]


def load(path, mapping=None):
    blocks = list(load_source(path, key=KEY, mapping=mapping))
    rows = {
        table: [row for b in blocks if b.table == table for row in b.rows.to_pylist()]
        for table in ("scans", "retractions")
    }
    findings = [finding for block in blocks for finding in block.findings]
    rejected = [row for block in blocks for row in block.rejected.to_pylist()]
    return rows, rejected, findings


def scans(tmp_path, text, mapping=None, name="events.json"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return load(tmp_path / name, mapping)[0]["scans"]


def test_an_event_with_several_parcels_gives_several_scans(tmp_path):
    found = scans(tmp_path, document(event(waybills=("YT7000000000001", "YT7000000000002"))))
    assert len({row["waybill"] for row in found}) == len({row["event_id"] for row in found}) == 2
    assert {(row["brand"], row["step"], row["site"]) for row in found} == {("示例", "accepted", "S00001")}
    assert all(row["event_at"] == row["recorded_at"] for row in found)


@pytest.mark.parametrize("form", ["document", "indented", "array", "lines", "documents a line", "query", "bom"])
def test_every_form_of_file_gives_the_same_scans(tmp_path, form):
    expected = scans(tmp_path, document(*NUMBERED))
    texts = {
        "document": document(*NUMBERED, ensure_ascii=False, separators=(",", ":")),
        "indented": document(*NUMBERED, indent=2),
        "array": json.dumps(NUMBERED),
        "lines": "\n".join(json.dumps(one) for one in NUMBERED),
        "documents a line": document(*NUMBERED[:15]) + "\n" + document(*NUMBERED[15:]),
        "query": json.dumps(
            {"type": "EPCISQueryDocument", "epcisBody": {"queryResults": {"resultsBody": {"eventList": NUMBERED}}}}
        ),
        "bom": "\ufeff" + document(*NUMBERED),
    }
    found = scans(tmp_path, texts[form], name="events.ndjson" if "line" in form else "other.jsonld")
    assert sorted(map(str, found)) == sorted(map(str, expected))


def test_blocks_of_any_size_give_the_same_scans_and_row_numbers(tmp_path, monkeypatch):
    odd = [event(100 + n, waybills=("YT8", "YT9"), step="nothing", note="a\\b") for n in range(3)]
    text = document(*NUMBERED[:20], *odd, *NUMBERED[20:])
    (tmp_path / "events.json").write_text(text, encoding="utf-8")
    whole = load(tmp_path / "events.json")
    monkeypatch.setattr("posthouse.records.read_epcis.BLOCK_BYTES", 700)
    monkeypatch.setattr("posthouse.records.read_epcis._HEAD_BYTES", 300)
    rows, rejected, _ = load(tmp_path / "events.json")
    assert sorted(map(str, rows["scans"])) == sorted(map(str, whole[0]["scans"]))
    assert {row["row"] for row in rejected} == {row["row"] for row in whole[1]} == set(range(41, 47))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "bizStep": st.sampled_from(
                    ["urn:epcglobal:cbv:bizstep:arriving", "https://ref.gs1.org/cbv/BizStep-arriving", "", None]
                ),
                "readPoint": st.sampled_from(
                    [{"id": "urn:epc:id:sgln:0614141.12345.0"}, {"x": {"id": "deep"}, "id": "A"}, {"id": ""}, {}, None]
                ),
                "bizLocation": st.sampled_from([{"id": "urn:posthouse:village:330782104205"}, {"id": "B"}, None]),
                "recordTime": st.sampled_from(["2021-06-05T09:00:00.5Z", "2021-06-05 09:00:00", "", 3]),
                "eventTimeZoneOffset": st.sampled_from(["+08:00", "+00:00"]),
                "bizTransactionList": st.just([{"type": "po", "bizTransaction": 'a:{[\\"}'}]),
                "epcList": st.lists(
                    st.sampled_from(
                        ["urn:epc:id:sscc:0614141.1234567890", "a/b/YT7000000001", "YT7", "中", "", 7, ["x"]]
                    ),
                    max_size=3,
                ),
                "eventID": st.sampled_from(["ni:///sha-256;00?ver=CBV2.0", "x", None]),
                "posthouse:how": st.sampled_from(["door", "urn:posthouse:how:locker"]),
                "ilmd": st.just({"eventTime": "1", "bizStep": ["]", "{"]}),
            },
        ),
        min_size=1,
        max_size=5,
    )
)
def test_the_scanner_reads_what_reading_one_by_one_gives(tmp_path_factory, changes):
    events = [event(number, **change) for number, change in enumerate(changes)]
    folder = tmp_path_factory.mktemp("events")
    fast, slow = folder / "fast.json", folder / "slow.json"
    fast.write_text(document(*events, ensure_ascii=False), encoding="utf-8")
    # A backslash anywhere in an event leaves it to be read one by one.
    slow.write_text(document(*({**one, "note": "\\"} for one in events), ensure_ascii=False), encoding="utf-8")
    left, right = load(fast), load(slow)
    assert sorted(map(str, left[0]["scans"])) == sorted(map(str, right[0]["scans"]))
    assert sorted((r["row"], r["rule"], r["column"], r["value"]) for r in left[1]) == sorted(
        (r["row"], r["rule"], r["column"], r["value"]) for r in right[1]
    )


def test_a_business_location_that_is_a_village_is_the_village_and_not_the_site(tmp_path):
    (row,) = scans(tmp_path, document(event(readPoint=None, bizLocation={"id": "urn:posthouse:village:330782104205"})))
    assert (row["site"], row["village"]) == (None, "330782104205")


def test_the_mapping_names_sites_villages_brand_and_steps_by_place(tmp_path):
    mapping = SourceMapping(
        tables={
            "scans": TableMapping(
                constants={"brand": "甲"},
                values={
                    "site": {"0614141123452": "S9"},
                    "village": {"urn:epc:id:sgln:0614141.00002.0": "330782104205"},
                    "step": {"arriving@S7*": "origin_arrived", "arriving@0614141*": "origin_arrived"},
                },
            )
        }
    )
    place = {
        "readPoint": {"id": "urn:epc:id:sgln:0614141.12345.0"},
        "bizLocation": {"id": "urn:epc:id:sgln:0614141.00002.0"},
    }
    events = [event(1, step="arriving", **place), event(2, step="arriving"), event(3, step="holding")]
    found = scans(tmp_path, document(*events), mapping)
    assert [(row["site"], row["village"], row["step"], row["brand"]) for row in found] == [
        ("S9", "330782104205", "origin_arrived", "甲"),
        ("S00001", None, "destination_arrived", "甲"),
    ]


def test_steps_nobody_knows_are_kept_in_quarantine_and_known_foreign_ones_counted(tmp_path):
    (tmp_path / "e.json").write_text(document(event(1, step="teleporting"), event(2, step="inspecting"), event(3)))
    rows, rejected, findings = load(tmp_path / "e.json")
    assert len(rows["scans"]) == 1
    assert [(row["row"], row["rule"], row["value"]) for row in rejected] == [(1, "words", "teleporting")]
    codes = {finding.code: finding for finding in findings}
    assert codes["records.words"].severity is Severity.ERROR
    assert codes["records.skipped"].fields["words"] == {"inspecting": 1}


def test_an_error_declaration_retracts_its_event_for_each_parcel(tmp_path):
    waybills = ("YT7000000000001", "YT7000000000002")
    original = scans(tmp_path, document(event(1, waybills=waybills)))
    declared = {
        "declarationTime": "2021-06-06T00:00:00Z",
        "reason": "incorrect_data",
        "correctiveEventIDs": ["urn:uuid:x"],
    }
    (tmp_path / "e.json").write_text(document(event(1, waybills=waybills, errorDeclaration=declared), event(2)))
    rows, _, _ = load(tmp_path / "e.json")
    assert {row["event_id"] for row in rows["retractions"]} == {row["event_id"] for row in original}
    assert len(rows["scans"]) == 1


@pytest.mark.parametrize(
    "text",
    [
        document(event())[:-30],
        document(event())[:-3] + "x]}}",
        '{"epcisBody": {"eventList": [7]}}',
        '{"epcisBody": 3} x',
    ],
)
def test_a_document_that_is_cut_off_or_no_json_is_unreadable_and_nothing_of_it_is_kept(tmp_path, text):
    (tmp_path / "e.json").write_text(text)
    blocks = list(load_source(tmp_path / "e.json", key=KEY))
    assert blocks[-1].withdraws
    assert [finding.code for finding in blocks[-1].findings] == ["records.unreadable_file"]


def test_json_that_holds_no_events_is_not_read(tmp_path):
    (tmp_path / "truth.json").write_text('{"visits": 3}')
    with pytest.raises(UnusableInputError):
        list(load_source(tmp_path / "truth.json", key=KEY))


def test_numbers_and_words_are_the_same_in_each_of_their_written_forms():
    assert waybill_of("https://id.gs1.org/00/106141412345678908") == waybill_of("urn:epc:id:sscc:0614141.1234567890")
    assert site_of("https://id.gs1.org/414/0614141123452/254/400") == site_of("urn:epc:id:sgln:0614141.12345.400")
    assert step_of("cbv:BizStep-arriving") == step_of("arriving") == "arriving"
