import datetime as dt

import pytest

from posthouse.records.text_values import (
    clean_text,
    read_bool,
    read_date,
    read_int,
    read_month,
    read_period,
    read_plain_integer,
    read_real,
    read_time,
)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("　３３０７８２１０４２０５ ", "330782104205"),
        ("ＹＴ１", "YT1"),
        ("—", None),
        ("  ", None),
        ("NULL", None),
        ("义亭镇（东）", "义亭镇（东）"),
    ],
)
def test_digits_become_narrow_and_marks_of_nothing_become_empty(text, clean):
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    "text",
    ["2021-06-05", "2021/6/5", "2021.06.05", "2021年6月5日", "20210605", "２０２１－０６－０５", "2021-06-05 00:00:00"],
)
def test_a_date_is_read_in_every_way_people_write_it(text):
    assert read_date(text) == dt.date(2021, 6, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2021-06-05 08:30:00",
        "2021/6/5 8:30",
        "2021-06-05T08:30:00+08:00",
        "2021-06-05T00:30:00Z",
        "2021年6月5日 8时30分",
        "20210605083000",
        "２０２１-０６-０５　０８：３０：００",
    ],
)
def test_a_time_without_a_zone_is_a_shanghai_time(text):
    assert read_time(text) == dt.datetime(2021, 6, 5, 0, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("text", ["2021-02-30", "2021-13-01", "昨天", "2021-06-05 25:00:00", "45000", ""])
def test_what_is_no_time_is_not_read(text):
    assert read_time(text) is None
    assert read_date(text) is None


@pytest.mark.parametrize(
    "text", ["2021-06", "2021/6", "2021年6月", "202106", "２０２１－０６", "2021-06-01", "2021-06-01 00:00:00"]
)
def test_a_month_is_read_in_every_way_people_and_spreadsheets_write_it(text):
    assert read_month(text) == read_period(text) == "2021-06"


def test_what_is_no_month_is_not_read():
    assert [read_month(text) for text in ("2021-13", "2021-06-02", "六月", "2021-Q2", "")] == [None] * 5
    assert read_period("2021-Q2") == "2021-Q2"
    assert read_period("上半年") is None


def test_numbers_are_read_with_thousands_and_full_width_digits():
    assert read_int("1,234") == 1234
    assert read_int("１２") == 12
    assert read_int("12.0") == 12
    assert read_int("12.5") is None
    assert read_int("9223372036854775808") is None
    assert read_real("1,234.5") == 1234.5
    assert read_real("nan") is None
    assert read_real("1_000") is None


def test_yes_and_no_are_read_in_chinese_and_english():
    assert [read_bool(word) for word in ("是", "√", "TRUE", "1")] == [True] * 4
    assert [read_bool(word) for word in ("否", "无", "no", "0")] == [False] * 4
    assert read_bool("也许") is None


def test_a_key_with_zeros_in_front_is_a_text_not_a_number():
    assert read_plain_integer("12") == 12
    assert read_plain_integer("012") is None
    assert read_plain_integer("-0") is None
    assert read_plain_integer("9" * 19) is None
