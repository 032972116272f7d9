"""A plan of one round and one drone, and the visits of a month, for checks of promised against measured."""

from datetime import date

from posthouse.planning.departures import dates_of
from posthouse.planning.model import Call, Plan, Route, Visit, WeekPlan
from posthouse.planning.observed import Seen
from posthouse.vocabulary.periods import parse_period
from tests.planning.county import ISLE, TOWN, A, B, C

JULY = parse_period("2021-07")  # Thursday 1 to Saturday 31: five Thursdays, Fridays, Saturdays, four of the others
DAYS = (1, 2, 3, 4, 5)


def call(village, weekday, mode="pooled_van", line="L001"):
    return Call(
        village=village,
        village_name=village[-3:],
        weekday=weekday,
        arrive_min=600,
        mode=mode,
        line=line,
        point="",
        parcels=10.0,
    )


def plan(*, drone_days=()):
    """Monday to Friday a van from 东镇 to 丙村, 甲村 and 乙村; a drone to 屿村."""
    stops = [Visit(village=v, village_name=v, arrive_min=m, parcels=10) for v, m in ((C, 560), (A, 600), (B, 630))]
    routes = tuple(
        Route(
            weekday=day,
            vehicle="V1",
            depot="东镇",
            depot_code=TOWN,
            visits=tuple(stops),
            distance_km=60.0,
            duration_min=150.0,
            cost_yuan=200.0,
            kind="van",
            line="L001",
            depart_min=540,
        )
        for day in DAYS
    )
    calls = [call(village, day) for village in (A, B, C) for day in DAYS]
    calls += [call(ISLE, day, "drone", "D1") for day in drone_days]
    return Plan(routes=routes, week=WeekPlan(timetable=tuple(calls)))


def visits(*, without=(), villages=(A, B, C), arrived=lambda village, day: None):
    """Every planned visit but those of `without` (village, day of July)."""
    left_out = {(village, date(2021, 7, day)) for village, day in without}
    return {
        (village, on): Seen(parcels=10, brands=frozenset({"青鸢"}), arrived_min=arrived(village, on))
        for village in villages
        for weekday in DAYS
        for on in dates_of(weekday, JULY)
        if (village, on) not in left_out
    }
