from datetime import date

from posthouse.vocabulary.workdays import add_workdays, is_known, is_workday, last_workday


def test_a_made_up_sunday_is_worked_and_a_holiday_is_not():
    assert is_workday(date(2021, 9, 26))
    assert not is_workday(date(2021, 10, 1))


def test_a_year_without_announced_holidays_counts_by_weekday_and_is_said_to_be_unknown():
    assert not is_known(date(2090, 5, 1))
    assert is_workday(date(2090, 5, 1)) is (date(2090, 5, 1).weekday() < 5)


def test_the_last_workday_of_june_2021_is_the_thirtieth():
    assert last_workday(date(2021, 6, 1), date(2021, 7, 1)) == date(2021, 6, 30)
    assert last_workday(date(2021, 10, 1), date(2021, 10, 8)) is None


def test_counting_workdays_passes_over_the_holiday():
    assert add_workdays(date(2021, 9, 30), 1) == date(2021, 10, 8)
