from datetime import date

import pytest

from posthouse.diagnosis.assess import assess_goals
from posthouse.programme.model import Binding
from posthouse.vocabulary.periods import parse_period
from tests.diagnosis.values import goal, measured, programme

JUNE = parse_period("2021-06")
STATIONS = "village_station_coverage"


def assess(one, measurement=None, history=(), period=JUNE):
    (assessment,) = assess_goals(programme(one), {one.id: measurement}, {one.id: history}, period)
    return assessment


def test_a_value_at_the_target_is_met():
    found = assess(goal("=", 100, "%", STATIONS), measured(STATIONS, 1.0, numerator=400, denominator=400))
    assert found.status == "met"
    assert found.why == "2021年6月为100%（400/400），目标不低于100%，已达到。"


def test_a_value_below_with_no_trend_is_behind_and_says_by_how_much():
    found = assess(goal("=", 100, "%", STATIONS), measured(STATIONS, 0.82, numerator=328, denominator=400))
    assert (found.status, found.target, found.forecast) == ("behind", 1.0, None)
    assert found.why == "2021年6月为82%（328/400），目标不低于100%，还差18个百分点；现有数据不足以预测到2021年12月底。"


def test_a_rise_that_reaches_the_target_in_time_is_on_track():
    history = [measured(STATIONS, v, month=m) for m, v in (("2021-03", 0.5), ("2021-04", 0.6), ("2021-05", 0.7))]
    found = assess(goal("=", 100, "%", STATIONS), measured(STATIONS, 0.8), history)
    assert (found.status, found.forecast) == ("on_track", 1.0)
    assert "可按期达到" in found.why


def test_a_rise_that_comes_too_late_is_behind():
    history = [measured(STATIONS, v, month=m) for m, v in (("2021-03", 0.50), ("2021-04", 0.51), ("2021-05", 0.52))]
    found = assess(goal("=", 100, "%", STATIONS), measured(STATIONS, 0.53), history)
    assert found.status == "behind"
    assert found.forecast == pytest.approx(0.59, abs=0.01)
    assert "难以按期达到" in found.why


def test_below_the_target_after_the_deadline_is_missed():
    found = assess(goal("=", 100, "%", STATIONS, deadline=date(2021, 6, 29)), measured(STATIONS, 0.8))
    assert (found.status, found.forecast) == ("missed", None)
    assert "期限2021年6月29日已过" in found.why


def test_on_its_last_day_a_deadline_has_passed_with_the_month():
    assert assess(goal("=", 100, "%", STATIONS, deadline=date(2021, 6, 30)), measured(STATIONS, 0.8)).status == "missed"
    assert assess(goal("=", 100, "%", STATIONS, deadline=date(2021, 7, 1)), measured(STATIONS, 0.8)).status == "behind"


def test_met_after_the_deadline_is_met():
    assert assess(goal("=", 100, "%", STATIONS, deadline=date(2021, 1, 1)), measured(STATIONS, 1.0)).status == "met"


def test_basically_full_coverage_is_met_at_95_percent():
    assert assess(goal("~=", 100, "%", STATIONS, hedge="基本"), measured(STATIONS, 0.95)).status == "met"


def test_no_measurement_is_no_data_but_keeps_its_target():
    found = assess(goal(">=", 95, "%", STATIONS))
    assert (found.status, found.target) == ("no_data", 0.95)


def test_a_measurement_without_value_says_why():
    assert assess(goal(">=", 95, "%", STATIONS), measured(STATIONS, None, note="没有台账")).why == "没有台账。"


def test_zero_is_a_value():
    assert assess(goal("=", 1, "个", "key_industries"), measured("key_industries", 0.0)).status == "behind"


def test_a_goal_without_measure_is_unbound():
    one = goal(">=", 1, "个")
    assert assess(one).status == "unbound"
    noted = goal(">=", 1, "个", id="G2")
    noted = type(noted)(
        **{f: getattr(noted, f) for f in noted.__dataclass_fields__}
        | {"binding": Binding(measure=None, note="需要人才台账")}
    )
    assert assess(noted).why == "需要人才台账"


def test_a_figure_of_a_higher_programme_is_external_even_if_bound():
    assert assess(goal(">=", 1, "个", STATIONS, kind="external"), measured(STATIONS, 0.1)).status == "external"


def test_a_yearly_sum_is_held_against_twelve_months_and_forecast_to_its_year():
    volume = "express_volume"
    history = [measured(volume, 100.0 * m, month=f"2020-{m:02d}") for m in range(1, 13)]
    history += [measured(volume, 110.0 * m, month=f"2021-{m:02d}") for m in range(1, 6)]
    one = goal(">", 1300, "件", volume, deadline=date(2021, 12, 31))
    found = assess(one, measured(volume, 660.0), history)
    # 660 of this year and 600 of last year's second half; carried on: 660 * 1200 / 600.
    assert (found.compared, found.forecast) == (1260.0, pytest.approx(1320.0))
    assert found.status == "on_track"
    assert found.why.startswith("截至2021年6月近12个月合计1260件，目标高于1300件，还差40件")


def test_a_yearly_sum_after_its_deadline_is_that_years():
    volume = "express_volume"
    history = [measured(volume, 100.0 * m, month=f"2020-{m:02d}") for m in range(1, 13)]
    one = goal(">=", 1200, "件", volume, deadline=date(2020, 12, 31))
    found = assess(one, measured(volume, 10.0, month="2021-01"), history, parse_period("2021-01"))
    assert (found.status, found.compared) == ("met", 1200.0)


def test_doubling_on_a_base_year_is_forecast_by_its_yearly_rate():
    one = goal("growth", 2, "倍", "express_volume_growth", deadline=date(2022, 12, 31), parameters={"base_year": 2019})
    found = assess(one, measured("express_volume_growth", 0.69))
    assert found.target == 1.0
    assert found.forecast == pytest.approx(1.69**1.5 - 1)
    assert found.status == "on_track"


def test_history_may_be_given_by_measure():
    one = goal("=", 100, "%", STATIONS)
    history = [measured(STATIONS, v, month=m) for m, v in (("2021-04", 0.6), ("2021-05", 0.7))]
    (found,) = assess_goals(programme(one), {"G1": measured(STATIONS, 0.8)}, {STATIONS: history}, JUNE)
    assert found.forecast == 1.0


def test_goals_keep_their_order():
    goals = [goal("=", 1, "个", "key_industries", id=f"G{n}") for n in (3, 1, 2)]
    found = assess_goals(programme(*goals), {}, {}, JUNE)
    assert [a.goal.id for a in found] == ["G3", "G1", "G2"]


def test_a_forecast_of_things_is_a_whole_number_of_things():
    history = [measured("key_parks", v, month=m) for m, v in (("2021-03", 2.0), ("2021-04", 2.0), ("2021-05", 3.0))]
    found = assess(goal("=", 9, "个", "key_parks"), measured("key_parks", 3.0), history)
    assert "约为6个，难以" in found.why
