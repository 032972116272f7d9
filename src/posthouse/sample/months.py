"""A calendar month as the generator counts it: its days since the epoch of journeys and its distance from June 2021."""

from dataclasses import dataclass
from datetime import date

from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import Grain, Period, parse_period, period_of

EPOCH = date(2020, 1, 1)
"""Where the clock of journeys starts; day 0."""

FIRST_ON = date(2020, 3, 1)
"""First day of the first month that can be generated: its parcels may have been accepted two months before."""

DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month.

    index : months since 2021-06, negative before. first_day : days since EPOCH. days : number of days.
    first_weekday : 0 Monday … 6 Sunday.
    """

    period: Period
    index: int
    first_day: int
    days: int
    first_weekday: int

    @property
    def text(self) -> str:
        """As in `2021-06`."""
        return str(self.period)

    @property
    def last_on(self) -> date:
        """The last day."""
        return date.fromordinal(self.period.end_on.toordinal() - 1)


def month_of(text: str) -> Month:
    """Return the month that `2021-06` names.

    Raises
    ------
    UnusableInputError : not a month, or before 2020-03 (the clock of journeys starts in January 2020).
    """
    period = parse_period(text)
    if period.grain is not Grain.MONTH or period.start_on < FIRST_ON:
        raise UnusableInputError(f"月份应写作 2021-06，且不早于 2020-03，实际为 {text!r}。请改正 --month 后重试。")
    return month_at(month_index(text))


def month_index(text: str) -> int:
    """Return the months from 2021-06 to the month of `2019-01`, negative before.

    >>> month_index("2019-01")
    -29
    """
    year, month = text.split("-")
    return (int(year) - 2021) * 12 + int(month) - 6


def month_at(index: int) -> Month:
    """Return the month that lies `index` months after 2021-06.

    >>> month_at(-29).text
    '2019-01'
    """
    year, month = divmod(2021 * 12 + 5 + index, 12)
    period = period_of(date(year, month + 1, 1), Grain.MONTH)
    return Month(
        period=period,
        index=index,
        first_day=(period.start_on - EPOCH).days,
        days=period.days,
        first_weekday=period.start_on.weekday(),
    )
