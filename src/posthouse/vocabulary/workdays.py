"""The Chinese working-day calendar: public holidays, and the weekend days made up for them.

Source: 国务院办公厅关于节假日安排的通知 of each year, kept by the library `chinesecalendar`. Beyond the years it
knows a day counts by its weekday, and `is_known` says so.
"""

from datetime import date, timedelta


def is_workday(day: date) -> bool:
    """Whether the day is worked: a weekday that is no holiday, or a weekend day made up for one.

    >>> is_workday(date(2021, 2, 7)), is_workday(date(2021, 2, 12))
    (True, False)
    """
    import chinese_calendar

    if not is_known(day):
        return day.weekday() < 5
    return bool(chinese_calendar.is_workday(day))


def is_known(day: date) -> bool:
    """Whether the holidays of the day's year are known, or only its weekday."""
    import chinese_calendar.constants as known

    return bool(min(known.holidays).year <= day.year <= max(known.holidays).year)


def last_workday(start_on: date, end_on: date) -> date | None:
    """Return the last working day of [start_on, end_on), or None where there is none."""
    day = end_on - timedelta(days=1)
    while day >= start_on:
        if is_workday(day):
            return day
        day -= timedelta(days=1)
    return None


def add_workdays(day: date, count: int) -> date:
    """Return the working day that lies `count` >= 0 working days after the day."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day
