"""What the kernels accept they read exactly as the plain functions do; what they do not accept they leave."""

import datetime as dt

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.records import texts as reading
from posthouse.records.hash_kernel import hash_column
from posthouse.records.keys import hash_texts
from posthouse.records.order_kernel import order_rows, repeated_numbers
from posthouse.records.schema import get_table
from posthouse.records.text_kernel import read_ints, read_times
from posthouse.records.text_values import clean_text, read_plain_integer, read_time

KEY = b"only for tests"
untimed = settings(deadline=None)  # the first call compiles
int64 = st.integers(-(2**63), 2**63 - 1)

near_times = st.builds(
    "{}{}{}{}{}{}{}:{}{}{}".format,
    st.sampled_from(["2021", "1999", "2200", "0021", "21", "20211"]),
    st.sampled_from(["-", "/", "."]),
    st.sampled_from(["06", "6", "2", "12", "13", "00"]),
    st.sampled_from(["-", "/"]),
    st.sampled_from(["5", "05", "29", "30", "31", "32", "00"]),
    st.sampled_from([" ", "T", "  ", ""]),
    st.sampled_from(["0", "08", "23", "24", "123"]),
    st.sampled_from(["00", "59", "60", "5"]),
    st.sampled_from(["", ":00", ":59", ":60", ":5", ":30.5", ":30.123456", ":30.1234567"]),
    st.sampled_from(["", "Z", "+08:00", "-03:30", "+0800", "+08", "-03", "+8", "+08:", "+080", " ", "+25:00"]),
)


def buffers(texts):
    array = pa.array(texts, pa.string())
    _, offsets, data = array.buffers()
    edges = np.frombuffer(offsets, np.int32)[: len(array) + 1]
    return edges[:-1], edges[1:], np.frombuffer(data or b"", np.uint8)


def run(kernel, texts):
    out, left = np.empty(len(texts), np.int64), np.empty(len(texts), np.bool_)
    assert kernel(*buffers(texts), out, left) == left.sum()
    return out, left


@given(st.lists(st.one_of(near_times, st.text(max_size=25)), min_size=1, max_size=30))
@untimed
def test_times_are_read_as_the_plain_function_reads_them(texts):
    values, left = run(read_times, texts)
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    for text, value, is_left in zip(texts, values.tolist(), left.tolist(), strict=True):
        if not is_left:
            assert epoch + dt.timedelta(microseconds=value) == read_time(text), text


@given(st.datetimes(dt.datetime(1992, 1, 1), dt.datetime(2200, 12, 31)))
@untimed
def test_the_plain_form_of_a_time_is_always_read_by_the_kernel(moment):
    texts = [moment.isoformat(sep=" ", timespec="seconds"), moment.isoformat()]
    assert not run(read_times, texts)[1].any()


@given(st.lists(st.one_of(int64.map(str), st.text("0123456789-+ ,.", max_size=22)), min_size=1, max_size=30))
@untimed
def test_numbers_are_read_as_the_plain_function_reads_them(texts):
    values, left = run(read_ints, texts)
    for text, value, is_left in zip(texts, values.tolist(), left.tolist(), strict=True):
        if not is_left:
            assert value == read_plain_integer(text), text


@given(
    st.lists(st.one_of(st.text("ABCxyz019-_", max_size=70), st.text(max_size=10)), max_size=600),
    st.binary(min_size=1, max_size=32),
)
@settings(max_examples=30, deadline=None)
def test_waybills_get_the_same_hash_by_the_kernel(texts, key):
    hashes, left = hash_column(*buffers(texts), key)
    plain = hash_texts(texts, key)
    assert np.array_equal(hashes[~left], plain[~left])
    assert all(clean_text(text) == text for text, is_left in zip(texts, left, strict=True) if not is_left)


def test_a_long_column_reads_the_same_with_and_without_kernels(monkeypatch):
    columns = {name: get_table("scans").column(name) for name in ("event_id", "waybill", "event_at")}
    forms = {
        "event_id": ["17", "012", "ab", None, " 18 ", "９"],
        "waybill": ["YT7000000000001", None, "　ＹＴ7", "-", "73100000000"],
        "event_at": ["2021-06-05 08:30:00", "2021/6/5 8:30", "昨天", None, "2021年6月5日 8时"],
    }
    for name, column in columns.items():
        texts = pa.array(forms[name] * 1000, pa.string())
        quick, quick_wrong = reading.read_texts(texts, column, key=KEY, words={})
        monkeypatch.setattr(reading, "KERNEL_ROWS", 10**9)
        plain, plain_wrong = reading.read_texts(texts, column, key=KEY, words={})
        monkeypatch.undo()
        assert quick.equals(plain)
        assert (quick_wrong is None and plain_wrong is None) or np.array_equal(quick_wrong, plain_wrong)


@given(st.lists(st.tuples(st.one_of(int64, st.integers(-2, 2)), st.integers(-3, 3)), max_size=2000))
@untimed
def test_rows_are_ordered_by_hash_then_number_and_stay_stable(pairs):
    hashes, numbers = (np.array([pair[i] for pair in pairs], np.int64) for i in (0, 1))
    assert order_rows(hashes, numbers).tolist() == np.lexsort((numbers, hashes)).tolist()


def test_many_rows_are_ordered_in_parts():
    random = np.random.default_rng(1)
    hashes = random.choice(random.integers(-(2**63), 2**63, 9000), 30_000)
    numbers = random.integers(0, 3, 30_000)
    assert order_rows(hashes, numbers).tolist() == np.lexsort((numbers, hashes)).tolist()


@given(st.lists(st.one_of(st.integers(0, 50), int64), max_size=200))
@untimed
def test_repeated_numbers_are_found_whether_they_lie_close_or_far_apart(numbers):
    repeated = repeated_numbers(np.array(numbers, np.int64))
    assert repeated.tolist() == sorted({number for number in numbers if numbers.count(number) > 1})
