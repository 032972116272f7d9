"""Forms that many expressions share: days, months and validity in the portable subset.

Seconds are those of journeys: since 2020-01-01 00:00 Asia/Shanghai, so that seconds // 86400 is the Shanghai day.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from posthouse.vocabulary.periods import SHANGHAI, Period

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, IntegerValue, StringValue, Table, TimestampValue, Value

Tables = Mapping[str, "Table"]
Parameters = Mapping[str, str | int | float]
By = tuple[str, ...]

EPOCH_ON = date(2020, 1, 1)
DAY_S = 86_400
_EPOCH_AT = datetime(EPOCH_ON.year, EPOCH_ON.month, EPOCH_ON.day, tzinfo=SHANGHAI).astimezone(UTC)
_MICROSECONDS = {"duckdb": "epoch_us", "pyspark": "unix_micros"}
"""What each engine calls the microseconds of an aware time since 1970."""


def start_second(period: Period) -> int:
    """First second of the period on the clock of journeys; negative before 2020."""
    return (period.start_on - EPOCH_ON).days * DAY_S


def end_second(period: Period) -> int:
    """First second after the period on the clock of journeys."""
    return (period.end_on - EPOCH_ON).days * DAY_S


def within(seconds: "IntegerValue", period: Period) -> "BooleanValue":
    """Whether seconds of the journey clock lie in the period; null where they are null."""
    return (seconds >= start_second(period)) & (seconds < end_second(period))


def journey_seconds(moment: "TimestampValue") -> "IntegerValue":
    """Seconds of the journey clock for an aware time, whatever time zone the engine's session shows times in."""
    import ibis

    # Not epoch_seconds: DuckDB casts through the session's time zone there and would be eight hours off. Not the
    # difference of two times either: DuckDB asks its calendar for each, nearly two microseconds a row.
    name = _MICROSECONDS.get(moment.get_backend().name)
    if name is None:
        return moment.delta(ibis.literal(_EPOCH_AT, type="timestamp('UTC')"), unit="second").cast("int64")
    micros: IntegerValue = ibis.udf.scalar.builtin(_named, name=name, signature=((moment.type(),), "int64"))(moment)
    return micros // 1_000_000 - int(_EPOCH_AT.timestamp())


def days_within(day: "Value", period: Period) -> "BooleanValue":
    """Whether a date column lies in the period."""
    return (day >= literal_date(period.start_on)) & (day < literal_date(period.end_on))


def last_day(period: Period) -> date:
    """The last day of the period."""
    return period.end_on - timedelta(days=1)


def literal_date(day: date) -> "Value":
    """A date as a literal."""
    import ibis

    return ibis.date(day.year, day.month, day.day)


def integer(value: int) -> "IntegerValue":
    """An int64 literal."""
    import ibis

    return ibis.literal(value, type="int64")


def text(value: str) -> "StringValue":
    """A text literal."""
    import ibis

    return ibis.literal(value, type="string")


def flag(condition: "BooleanValue") -> "IntegerValue":
    """1 where the condition is true, 0 where it is false or null."""
    import ibis

    return ibis.ifelse(condition, 1, 0).cast("int64")


def valid_at_end(register: "Table", period: Period) -> "Table":
    """Rows of a register that are valid on the last day of the period."""
    day = literal_date(last_day(period))
    return register.filter(
        register.valid_from.isnull() | (register.valid_from <= day),
        register.valid_to.isnull() | (register.valid_to > day),
    )


def town_of(division: "StringValue") -> "StringValue":
    """The 12-digit code of the town in which a town, village or community lies: its first nine digits."""
    return division.substr(0, 9) + "000"


def county_of(division: "StringValue") -> "StringValue":
    """The 12-digit code of the county in which a division lies: its first six digits."""
    return division.substr(0, 6) + "000000"


def months_of(period: Period) -> tuple[str, ...]:
    """The months of the period as returns write them; a period shorter than a month gives the month it starts in.

    >>> from posthouse.vocabulary.periods import parse_period
    >>> months_of(parse_period("2021-Q2"))
    ('2021-04', '2021-05', '2021-06')
    """
    first = period.start_on.year * 12 + period.start_on.month - 1
    last = last_day(period).year * 12 + last_day(period).month - 1
    return tuple(_month(number) for number in range(first, last + 1))


def months_to_date(period: Period, year: int | None = None) -> tuple[str, ...]:
    """The months from January to the last month of the period, in its own year or in another.

    >>> from posthouse.vocabulary.periods import parse_period
    >>> months_to_date(parse_period("2021-03"), 2019)
    ('2019-01', '2019-02', '2019-03')
    """
    last = last_day(period)
    return tuple(_month((year or last.year) * 12 + month) for month in range(last.month))


def months_ending(period: Period, count: int) -> tuple[str, ...]:
    """The last `count` months up to the last month of the period.

    >>> from posthouse.vocabulary.periods import parse_period
    >>> months_ending(parse_period("2021-01"), 3)
    ('2020-11', '2020-12', '2021-01')
    """
    last = last_day(period).year * 12 + last_day(period).month - 1
    return tuple(_month(number) for number in range(last - count + 1, last + 1))


def _month(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def _named(moment: object) -> None:
    """Stand for a function of the engine; Ibis takes the name and the types."""
