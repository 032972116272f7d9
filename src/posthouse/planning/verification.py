"""Promised against measured, a month after: village by village, round by round, measure by measure, in words.

A planned day counts as kept where a parcel was seen in the village on that day. A departure has gone on a date where at
least one of its villages was visited; so it can be told whether the round was missed or the village alone.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from posthouse.diagnosis.gaps import CALENDAR_SHARE
from posthouse.planning.departures import Departure, dates_of, departures_of, planned_days
from posthouse.planning.expected import Expected, lever_of, reliability_of
from posthouse.planning.model import Plan
from posthouse.planning.modes import mode_zh
from posthouse.planning.observed import Visits
from posthouse.planning.refit import Factor, Refit
from posthouse.planning.scenario import Scenario
from posthouse.vocabulary.periods import Period

WIDE_SHARE = 0.2
"""Share of a day's departures, missed on which the day counts as one of bad weather or the like in the whole city."""

_NAMES = "一二三四五六日"


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageCheck:
    """A village's month. promised, measured : visits a week. planned, visited, kept : days; kept ones are both.

    missed : planned dates without a visit. extra : visits on other dates. brands : that came. why : empty where kept.
    """

    village: str
    village_name: str
    promised: int
    measured: float
    planned: int
    visited: int
    kept: int
    missed: tuple[date, ...]
    extra: int
    brands: int
    parcels: int
    is_kept: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCheck:
    """A line's month: departures planned and made, dates on which it did not go, minutes later than announced."""

    line: str
    mode: str
    villages: int
    planned: int
    made: int
    missed: tuple[date, ...]
    late_min: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureCheck:
    """A measure as predicted, with the limits stated, and as measured; None where it was not measured."""

    measure: str
    name: str
    predicted: float
    low: float
    high: float
    measured: float | None

    @property
    def is_within(self) -> bool:
        """Whether what was measured lies within the limits stated."""
        return self.measured is not None and self.low - 1e-9 <= self.measured <= self.high + 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """A month checked against a plan. reliability : levers of `[reliability]` as the month measured them."""

    period: Period
    villages: tuple[VillageCheck, ...]
    lines: tuple[LineCheck, ...]
    measures: tuple[MeasureCheck, ...]
    reliability: tuple[Factor, ...]
    refit: Refit
    statements: tuple[str, ...]


def verify_plan(
    plan: Plan,
    visits: Visits,
    period: Period,
    scenario: Scenario,
    *,
    measures: Sequence[MeasureCheck],
    refit: Refit,
) -> Verification:
    """Return the month's check of a plan.

    Parameters
    ----------
    measures : predicted and measured. refit : of the same month.
    """
    departures = departures_of(plan)
    gone = {
        (number, day): any((stop.village, day) in visits for stop in departure.stops)
        for number, departure in enumerate(departures)
        for day in dates_of(departure.weekday, period)
    }
    wide = _wide_days(gone)
    villages = _villages(plan, departures, gone, visits, period, scenario=scenario, wide=wide)
    lines = _lines(departures, gone, visits)
    return Verification(
        period=period,
        villages=villages,
        lines=lines,
        measures=tuple(measures),
        reliability=_reliability(departures, visits, period, scenario),
        refit=refit,
        statements=_statements(villages, lines, measures, wide),
    )


def check_measures(
    expected: Mapping[str, Expected], measured: Mapping[str, float | None], names: Mapping[str, str]
) -> tuple[MeasureCheck, ...]:
    """Return predicted beside measured, in the order of `expected`."""
    return tuple(
        MeasureCheck(
            measure=measure,
            name=names.get(measure, measure),
            predicted=value.value,
            low=value.low,
            high=value.high,
            measured=measured.get(measure),
        )
        for measure, value in expected.items()
    )


def _villages(
    plan: Plan,
    departures: Sequence[Departure],
    gone: Mapping[tuple[int, date], bool],
    visits: Visits,
    period: Period,
    *,
    scenario: Scenario,
    wide: Collection[date],
) -> tuple[VillageCheck, ...]:
    names = {call.village: call.village_name for call in (plan.week.timetable if plan.week else ())}
    calling: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, departure in enumerate(departures):
        for stop in departure.stops:
            calling[stop.village, departure.weekday].append(number)
    days_of: dict[str, list[date]] = defaultdict(list)
    for village, day in visits:
        days_of[village].append(day)
    found = []
    for village, planned in planned_days(plan, period).items():
        seen = set(days_of.get(village, ()))
        weekdays = {day.isoweekday() for day in planned}
        by_air = all(departures[n].mode == "drone" for weekday in weekdays for n in calling[village, weekday])
        # Flights are planned on more days than are promised, since on some nobody can fly.
        promised = int(len(weekdays) * scenario.drone.weather_share + 1e-9) if by_air else len(weekdays)
        measured = 7 * len(seen) / period.days
        missed = tuple(sorted(planned - seen))
        is_kept = measured >= promised * CALENDAR_SHARE - 1e-9
        mine = {day: [departures[n] for n in calling[village, day.isoweekday()] if not gone[n, day]] for day in missed}
        came = [visits[village, day] for day in seen]
        found.append(
            VillageCheck(
                village=village,
                village_name=names.get(village, village),
                promised=promised,
                measured=measured,
                planned=len(planned),
                visited=len(seen),
                kept=len(planned & seen),
                missed=missed,
                extra=len(seen - planned),
                brands=len(frozenset().union(*(visit.brands for visit in came))),
                parcels=sum(visit.parcels for visit in came),
                is_kept=is_kept,
                why="" if is_kept else _why(planned, seen, mine, wide),
            )
        )
    return tuple(sorted(found, key=lambda v: (v.is_kept, v.measured - v.promised, v.village)))


def _why(
    planned: Collection[date], seen: Collection[date], mine: Mapping[date, Sequence[Departure]], wide: Collection[date]
) -> str:
    """Why a village got less than promised, the graver reason first. mine : its missed dates with what did not go."""
    if not seen:
        return "整月没有到村，规划没有执行"
    said = []
    never = sorted({day.isoweekday() for day in mine} - {day.isoweekday() for day in planned if day in seen})
    if never:
        said.append(f"周{'、'.join(_NAMES[day - 1] for day in never)}一次也没有到，规划的这几天没有执行")
    rest = [day for day in mine if day.isoweekday() not in never]
    stormy = [day for day in rest if day in wide]
    if stormy:
        said.append(f"{_dates(stormy)}全市多条线路停开")
    by_line: dict[tuple[str, str], list[date]] = defaultdict(list)
    for day in rest:
        if day not in wide:
            missing = mine[day]
            by_line[(missing[0].mode, missing[0].line) if missing else ("", "")].append(day)
    for (mode, line), days in sorted(by_line.items(), key=lambda item: -len(item[1])):
        said.append(f"{_dates(days)}{_missing(mode, line)}")
    other = [day for day in seen if day not in planned]
    if other:
        said.append(f"另在规划以外的日子到了{len(other)}次")
    return f"漏了{len(mine)}次：{'；'.join(said)}"


def _missing(mode: str, line: str) -> str:
    if not mode:
        return "线路照常开行，只有本村没有到（或当天没有件）"
    if mode == "drone":
        return "无人机没有飞"
    return f"{line}停开" if mode in ("pooled_van", "rural_bus", "ferry") else f"{mode_zh(mode)}没有来"


def _dates(days: Sequence[date]) -> str:
    """As people say them: 7月5日、12日."""
    first = days[0]
    return "、".join(f"{day.month}月{day.day}日" if day is first else f"{day.day}日" for day in days)


def _lines(
    departures: Sequence[Departure], gone: Mapping[tuple[int, date], bool], visits: Visits
) -> tuple[LineCheck, ...]:
    by_line: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, departure in enumerate(departures):
        by_line[departure.mode, departure.line].append(number)
    dates: dict[int, list[date]] = defaultdict(list)
    for number, day in gone:
        dates[number].append(day)
    found = []
    for (mode, line), own in sorted(by_line.items()):
        days = [(number, day) for number in own for day in dates[number]]
        late = [
            seen.arrived_min - stop.arrive_min
            for number, day in days
            for stop in departures[number].stops
            if (seen := visits.get((stop.village, day))) is not None and seen.arrived_min is not None
        ]
        found.append(
            LineCheck(
                line=line,
                mode=mode,
                villages=len({stop.village for number in own for stop in departures[number].stops}),
                planned=len(days),
                made=sum(gone[key] for key in days),
                missed=tuple(sorted({day for number, day in days if not gone[number, day]})),
                late_min=median(late) if late else None,
            )
        )
    return tuple(found)


def _wide_days(gone: Mapping[tuple[int, date], bool]) -> frozenset[date]:
    by_day: dict[date, list[bool]] = defaultdict(list)
    for (_, day), made in gone.items():
        by_day[day].append(made)
    return frozenset(day for day, made in by_day.items() if made.count(False) >= max(2.0, WIDE_SHARE * len(made)))


def _reliability(
    departures: Sequence[Departure], visits: Visits, period: Period, scenario: Scenario
) -> tuple[Factor, ...]:
    """Shares of planned visits that took place, by the lever that assumes them."""
    planned: dict[str, int] = defaultdict(int)
    made: dict[str, int] = defaultdict(int)
    mode_of = {}
    for departure in departures:
        lever = lever_of(departure.mode)
        mode_of[lever] = departure.mode
        for day in dates_of(departure.weekday, period):
            for stop in departure.stops:
                planned[lever] += 1
                made[lever] += (stop.village, day) in visits
    return tuple(
        Factor(
            lever=lever,
            name=f"{mode_zh(mode_of[lever])}的到村率",
            unit="比例",
            planned=reliability_of(mode_of[lever], scenario),
            fitted=made[lever] / count,
            error=2 * (made[lever] * (count - made[lever]) / count**3) ** 0.5,
            legs=count,
        )
        for lever, count in sorted(planned.items())
    )


def _statements(
    villages: Sequence[VillageCheck],
    lines: Sequence[LineCheck],
    measures: Sequence[MeasureCheck],
    wide: Collection[date],
) -> tuple[str, ...]:
    kept = sum(village.is_kept for village in villages)
    planned, done = sum(v.planned for v in villages), sum(v.kept for v in villages)
    said = [
        f"规划的{len(villages)}个村，{kept}个村做到了承诺的次数，{len(villages) - kept}个村没有做到；"
        f"应到{planned}次，到了{done}次（{done / planned:.1%}）。"
        if planned
        else "规划里没有到村的安排。"
    ]
    away = [line for line in lines if not line.made]
    if away:
        said.append(f"{len(away)}条线路整月没有开行：{'、'.join(line.line for line in away[:10])}。")
    if wide:
        said.append(f"{_dates(sorted(wide))}全市多条线路停开。")
    off = [m for m in measures if m.measured is not None and not m.is_within]
    if off:
        said.append(f"实测超出预计范围的指标：{'、'.join(m.name for m in off)}。")
    elif measures:
        said.append("各项指标的实测值都在预计范围内。")
    return tuple(said)
