"""Events cut by the layout of an event before them say what they say alone, however they are written."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.records import epcis_window
from posthouse.records.epcis_columns import ScanColumns
from posthouse.records.epcis_cuts import CODED
from posthouse.records.epcis_event import waybill_of
from posthouse.records.epcis_scanner import Scanner
from posthouse.records.epcis_values import UNREAD
from posthouse.records.epcis_window import Window
from posthouse.records.epcis_words import words_of
from posthouse.records.load import load_source
from posthouse.records.mapping import TableMapping
from tests.records.events import document, event

TIMES = ["2021-06-05T08:00:00+08:00", "2021-06-05T23:59:59Z", "2021-06-05T08:00:00.5Z", "2021-06-05T08:00:00"]
TEXTS = ["a", "", "b" * 63, "c" * 64, "中文" * 40, 'q"q', "back\\slash", "]},{[", "a:b/c"]
CHANGES = {
    "readPoint": st.sampled_from([{"id": "S1"}, {"x": {"id": "deep"}, "id": "A"}, {}, "plain", None]),
    "bizLocation": st.sampled_from([{"id": "urn:posthouse:village:330782104205"}, {"id": "B" * 70}]),
    "recordTime": st.sampled_from([*TIMES, 3]),
    "childEPCs": st.sampled_from([[], ["urn:epc:id:sscc:0614141.1234567890"], ["a:C1", "a:C2"]]),
    "ilmd": st.fixed_dictionaries({"eventTime": st.sampled_from(TEXTS), "bizStep": st.just(["]", "{"])}),
    "bizTransactionList": st.lists(st.fixed_dictionaries({"type": st.sampled_from(TEXTS)}), max_size=2),
    "posthouse:brand": st.sampled_from(TEXTS),
    "posthouse:how": st.sampled_from(["door", None]),
    "errorDeclaration": st.just({"declarationTime": "2021-06-06T00:00:00Z"}),
    "temperature": st.sampled_from([1, 2.5, True, None]),
}
EVENTS = st.builds(
    lambda number, waybills, at, changes, order: dict(
        sorted(event(number, waybills=waybills, at=at, **changes).items(), key=lambda member: member[0] in order)
    ),
    st.integers(0, 10**9),
    st.lists(st.sampled_from(["YT7", "YT7000000000001", "Z" * 70, "a.b", "中", 'q"']), min_size=1, max_size=4),
    st.sampled_from(TIMES),
    st.fixed_dictionaries({}, optional=CHANGES),
    st.sampled_from(["", "type", "eventTime"]),
)
WRITTEN = [{"separators": (",", ":")}, {}, {"indent": 1}, {"indent": 40}, {"ensure_ascii": True}]


def text_of(one, **dumps):
    return json.dumps(one, **({"ensure_ascii": False} | dumps)).encode()


def scan(text):
    """Return what a scanner found in a list of events."""
    scanner = Scanner(len(text))
    scanner.scan(Window(io.BufferedReader(io.BytesIO(b"")), text))
    return scanner


def said(scanner):
    """Return what each event says, and the texts of those left to be read one by one."""
    found = scanner.found
    events, parcels, _, _ = found.counts.tolist()
    words = [words_of(scanner.words, member) for member in range(CODED)]
    waybills = [
        found.waybills[start:end].tobytes()
        for start, end in zip(found.offsets[:parcels], found.offsets[1 : parcels + 1], strict=True)
    ]
    return [
        (
            found.times[:, at].tolist(),
            [found.letters[found.spans[part, at] : found.spans[part + 1, at]].tobytes() for part in (0, 2, 4)],
            [words[member][code] if code >= 0 else None for member, code in enumerate(found.codes[:, at].tolist())],
            waybills[found.firsts[at] : found.firsts[at + 1]],
        )
        for at in range(events)
    ], [text for text, _ in scanner.odd]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(EVENTS, st.sampled_from(WRITTEN)), min_size=1, max_size=12), st.booleans())
def test_an_event_among_others_says_what_it_says_alone(written, alike):
    texts = [text_of(one, **(written[0][1] if alike else how)) for one, how in written]
    together = said(scan(b",\n".join(texts)))
    alone = [said(scan(text)) for text in texts]
    assert together[0] == [one for events, _ in alone for one in events]
    assert together[1] == [one for _, odd in alone for one in odd]


def test_events_of_one_program_are_cut_by_their_layout():
    scanner = scan(b",".join(text_of(event(n, waybills=("YT1",) * (n % 3 + 1))) for n in range(9)))
    assert scanner.found.counts.tolist()[:3] == [9, 18, 0]
    known = [int(pieces[0, 0]) for pieces in scanner._layouts.pieces.reshape(4, -1, 3)]
    assert sum(width > 0 for width in known) == 1


@pytest.mark.parametrize("size", [1, 90, 700, 5000])
def test_windows_of_any_size_give_the_same_scans(tmp_path, monkeypatch, size):
    path = tmp_path / "events.json"
    long = event(7, waybills=[f"YT{number}" for number in range(400)])
    path.write_text(
        document(*map(event, range(30)), long, *map(event, range(40, 60)), ensure_ascii=False), encoding="utf-8"
    )
    whole = [row for block in load_source(path, key=b"k") for row in block.rows.to_pylist()]
    monkeypatch.setattr(epcis_window, "_READ_BYTES", size)
    monkeypatch.setattr("posthouse.records.read_epcis._HEAD_BYTES", 300)
    assert [row for block in load_source(path, key=b"k") for row in block.rows.to_pylist()] == whole
    assert len(whole) == 450


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("2021-06-05T08:30:00+08:00", 1_622_853_000_000_000),
        ("2024-02-29 00:30:00Z", 1_709_166_600_000_000),
        ("2023-02-29T00:30:00Z", None),
        ("2021-06-31T00:30:00Z", None),
        ("2021-06-00T00:30:00Z", None),
        ("2021-13-01T00:30:00Z", None),
        ("2021-06-05T24:30:00Z", None),
        ("2021-06:05T00:30:00Z", None),
        ("2021-06-05T00:30:0:Z", None),
        ("1899-06-05T00:30:00Z", None),
        ("2021-06-05T00:30:00+09:00", None),
    ],
)
def test_a_plain_time_is_read_at_once_and_every_other_left_to_the_exact_reader(text, micros):
    found = scan(text_of(event(at=text))).found
    assert found.times[0, 0] == (UNREAD if micros is None else micros)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab:/.?#Z"), max_size=150))
def test_a_plain_parcel_number_is_what_stands_last(uri):
    scanner = scan(text_of(event() | {"epcList": [uri]}))
    for _, _, _, waybills in said(scanner)[0]:
        assert [waybill_of(uri).encode()] == waybills


def test_words_beyond_the_first_places_are_found_again():
    events = [event(n, readPoint={"id": f"S{n % 3000:05d}"}) for n in range(6000)]
    scanner = scan(b",".join(text_of(one) for one in events))
    assert [words[1] for _, _, words, _ in said(scanner)[0]] == [one["readPoint"]["id"] for one in events]
    assert len(words_of(scanner.words, 1)) == 3000
    (sites,) = ScanColumns(("site",), TableMapping(), b"k", scanner.words).of_found(scanner.found)
    assert sites.to_pylist() == [one["readPoint"]["id"] for one in events]


def test_strings_without_anything_between_them_are_no_event(tmp_path):
    path = tmp_path / "events.json"
    path.write_text('{"epcisBody":{"eventList":[{"epcList":[' + '""' * 100_000 + "]}]}}", encoding="utf-8")
    blocks = list(load_source(path, key=b"k"))
    assert [finding.code for finding in blocks[-1].findings] == ["records.unreadable_file"]


def test_a_word_that_is_not_utf8_makes_the_document_unreadable(tmp_path):
    path = tmp_path / "events.json"
    path.write_bytes(document(event(), ensure_ascii=False).encode().replace(b"S00001", b"S\xff"))
    blocks = list(load_source(path, key=b"k"))
    assert [finding.code for finding in blocks[-1].findings] == ["records.unreadable_file"]
