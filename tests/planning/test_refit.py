import numpy as np
import pytest

from posthouse.planning.departures import departures_of
from posthouse.planning.refit import refit_factors
from tests.planning.carried_out import JULY, plan, visits
from tests.planning.county import A, B, C, ground

ORDER = (C, A, B)
MINUTES = {A: 40.0, B: 20.0}  # 丙村 to 甲村 by 东镇, 甲村 to 乙村


def arrivals(*, drive, stop, per_parcel=0.2, noise=0.0):
    """When a van that leaves 丙村 at 09:20 is where."""
    draw = np.random.default_rng(1)
    found = {}
    for day in sorted({day for _, day in visits()}):
        clock = 560.0
        for village in ORDER:
            clock += drive * MINUTES.get(village, 0.0) * float(np.exp(draw.normal(0, noise)))
            found[village, day] = clock
            clock += stop + per_parcel * 10
    return found


def factors(seen, **levers):
    found = refit_factors(departures_of(plan()), seen, ground(levers or None), JULY)
    return {factor.lever: factor for factor in found.factors}, found


def seen_with(times):
    return visits(arrived=lambda village, day: times.get((village, day)))


def test_driving_and_stopping_are_told_apart():
    found, refit = factors(seen_with(arrivals(drive=1.25, stop=8.0)))
    assert refit.legs == 44
    assert found["vehicles.van.speed_factor"].fitted == pytest.approx(1 / 1.25, abs=1e-6)
    # Every stop hands over ten parcels, so that a stop and ten parcels can only be told together.
    assert found["rounds.stop_min"].fitted + 10 * found["rounds.stop_min_per_parcel"].fitted == pytest.approx(10.0)


def test_a_long_break_now_and_then_does_not_decide():
    times = arrivals(drive=1.25, stop=8.0, noise=0.05)
    for day in sorted({day for _, day in times})[::6]:
        times[B, day] += 90.0
    found, _ = factors(seen_with(times))
    assert found["vehicles.van.speed_factor"].fitted == pytest.approx(1 / 1.25, abs=0.05)


def test_ways_without_a_road_speak_for_the_detour_factor():
    seen = seen_with(arrivals(drive=1.0, stop=8.0))
    found = refit_factors(departures_of(plan()), seen, ground(None, roads=()), JULY)
    by_lever = {factor.lever: factor for factor in found.factors}
    # 22.2 km from 丙村 to 甲村 at 1.4 and 30 km/h would be 62 minutes and took 40.
    assert by_lever["rounds.detour"].planned == pytest.approx(1.4)
    assert by_lever["rounds.detour"].fitted == pytest.approx(0.9, abs=0.02)
    assert "vehicles.van.speed_factor" not in by_lever


def test_too_few_arrivals_fit_nothing_and_it_is_said():
    _, refit = factors(seen_with({}))
    assert refit.factors == ()
    assert any("不足" in said for said in refit.statements)
