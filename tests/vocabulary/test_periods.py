from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import Grain, parse_period, period_of

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2021-06-30", date(2021, 6, 30), date(2021, 7, 1)),
        ("2021-W01", date(2021, 1, 4), date(2021, 1, 11)),
        ("2021-12", date(2021, 12, 1), date(2022, 1, 1)),
        ("2021-Q4", date(2021, 10, 1), date(2022, 1, 1)),
        ("2021-H2", date(2021, 7, 1), date(2022, 1, 1)),
        ("2021", date(2021, 1, 1), date(2022, 1, 1)),
    ],
)
def test_each_form_names_its_half_open_days(text, start, end):
    period = parse_period(text)
    assert (period.start_on, period.end_on) == (start, end)


@given(days, st.sampled_from(list(Grain)))
def test_a_period_holds_its_day_and_reads_back_from_its_text(day, grain):
    period = period_of(day, grain)
    assert period.contains(day)
    assert parse_period(str(period)) == period


@given(days, st.sampled_from(list(Grain)))
def test_neighbouring_periods_meet_without_gap(day, grain):
    period = period_of(day, grain)
    assert period.following().start_on == period.end_on
    assert period.following().previous() == period


@pytest.mark.parametrize("text", ["", "2021-13", "2021-02-30", "2021-Q5", "六月", "2021/06", "2021-W54"])
def test_a_text_that_names_no_period_is_refused_with_the_forms_that_are_allowed(text):
    with pytest.raises(UnusableInputError, match="2021-06"):
        parse_period(text)


def test_a_day_starts_at_midnight_in_shanghai():
    assert parse_period("2021-06").start_at.isoformat() == "2021-06-01T00:00:00+08:00"
