"""Which day a parcel reaches its village."""

import numpy as np

from posthouse.sample.months import month_of
from posthouse.sample.service_days import tabulate_service_days

MONDAY_AND_THURSDAY = 0b0001001


def test_a_village_served_on_monday_and_thursday_gets_parcels_on_these_days_only() -> None:
    # June 2021 begins on a Tuesday: the first Thursday is the 3rd, the first Monday the 7th.
    days = tabulate_service_days(month_of("2021-06"))
    assert sorted(set(days.slots[MONDAY_AND_THURSDAY].tolist())) == [2, 6, 9, 13, 16, 20, 23, 27]


def test_what_gathers_over_four_days_weighs_more_than_what_gathers_over_three() -> None:
    days = tabulate_service_days(month_of("2021-06"))
    assert days.gap[MONDAY_AND_THURSDAY, 6] == 4
    assert days.gap[MONDAY_AND_THURSDAY, 9] == 3
    drawn = np.bincount(days.slots[MONDAY_AND_THURSDAY], minlength=30)
    assert drawn[6] > drawn[9]


def test_the_pattern_is_taken_as_running_on_before_the_month() -> None:
    days = tabulate_service_days(month_of("2021-06"))
    assert days.gap[MONDAY_AND_THURSDAY, 2] == 3
    assert days.preceding[MONDAY_AND_THURSDAY, 2] == -1
    assert days.following[MONDAY_AND_THURSDAY, 2] == 6
