from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthouse.diagnosis.forecast import forecast_growth, forecast_level, forecast_year_sum, last_twelve_months
from posthouse.vocabulary.periods import parse_period
from tests.diagnosis.values import measured

SHARE, SUM = "village_station_coverage", "express_volume"


def levels(**values):
    return [measured(SHARE, value, month=f"2021-{month[1:]}") for month, value in values.items()]


def sums(year, per_month, months=12):
    """Sums since January of a year with these monthly volumes."""
    return [measured(SUM, sum(per_month[: m + 1]), month=f"{year}-{m + 1:02d}") for m in range(months)]


def test_two_points_are_no_trend():
    assert forecast_level(levels(m05=0.5, m06=0.6), date(2021, 7, 31), is_share=True) is None


def test_a_steady_rise_goes_on():
    # 28 February, 31 March and 30 April end 31 and 30 days apart; 0.01 a day from then on.
    history = levels(m02=0.10, m03=0.41, m04=0.71)
    assert forecast_level(history, date(2021, 5, 11), is_share=True) == pytest.approx(0.81)


def test_one_odd_month_does_not_tip_the_trend():
    steady = levels(m01=0.50, m02=0.50, m03=0.50, m04=0.50, m05=0.50)
    odd = [*steady[:2], measured(SHARE, 0.05, month="2021-03"), *steady[3:]]
    assert forecast_level(odd, date(2021, 12, 31), is_share=True) == pytest.approx(0.5)


def test_a_share_never_exceeds_one_and_a_count_may():
    history = levels(m02=0.7, m03=0.8, m04=0.9)
    assert forecast_level(history, date(2021, 9, 30), is_share=True) == 1.0
    assert forecast_level(history, date(2021, 9, 30), is_share=False) > 1.0


def test_a_level_never_falls_below_zero():
    assert forecast_level(levels(m02=0.3, m03=0.2, m04=0.1), date(2021, 9, 30), is_share=False) == 0.0


def test_far_beyond_the_history_nothing_is_said():
    # Three month ends span 61 days; 183 days is the farthest.
    assert forecast_level(levels(m04=0.1, m05=0.2, m06=0.3), date(2022, 6, 30), is_share=True) is None


def test_the_year_is_carried_on_as_last_year_went():
    last = [10, 10, 10, 10, 10, 10, 20, 20, 20, 20, 30, 30]
    history = sums(2020, last) + sums(2021, [12] * 6, months=6)
    # Half of last year's 200 was 60; this year's half is 72, so 72 * 200 / 60.
    assert forecast_year_sum(history, 2021) == pytest.approx(240.0)
    assert last_twelve_months(history, parse_period("2021-06")) == 72 + 200 - 60


def test_a_later_year_grows_on_by_the_same_ratio():
    history = sums(2020, [10] * 12) + sums(2021, [12] * 6, months=6)
    assert forecast_year_sum(history, 2023) == pytest.approx(144 * 1.2**2)


def test_a_year_that_is_over_is_its_december():
    assert forecast_year_sum(sums(2020, [10] * 12) + sums(2021, [1], months=1), 2020) == 120


def test_without_last_year_no_sum_is_forecast():
    assert forecast_year_sum(sums(2021, [12] * 6, months=6), 2021) is None
    assert last_twelve_months(sums(2021, [12] * 6, months=6), parse_period("2021-06")) is None


def test_december_needs_no_other_year():
    assert last_twelve_months(sums(2021, [1] * 12), parse_period("2021-12")) == 12


def test_growth_on_a_base_goes_on_at_its_yearly_rate():
    assert forecast_growth(0.44, base_year=2019, year=2021, deadline_year=2022, falling=False) == pytest.approx(0.728)


def test_a_reduction_goes_on_at_its_yearly_rate():
    # 19 % less in two years is 10 % a year; 27.1 % less in three.
    assert forecast_growth(0.19, base_year=2019, year=2021, deadline_year=2022, falling=True) == pytest.approx(0.271)


def test_growth_within_the_base_year_says_nothing():
    assert forecast_growth(0.1, base_year=2021, year=2021, deadline_year=2022, falling=False) is None


@given(st.lists(st.integers(1, 1000), min_size=12, max_size=12), st.integers(1, 11), st.integers(1, 9))
def test_a_year_that_repeats_last_year_times_k_is_forecast_exactly(last, months, k):
    history = sums(2020, last) + sums(2021, [k * v for v in last], months=months)
    assert forecast_year_sum(history, 2021) == pytest.approx(k * sum(last))
