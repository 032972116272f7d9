from itertools import combinations

from posthouse.diagnosis.assess import assess_goals
from posthouse.diagnosis.gaps import CALENDAR_SHARE, diagnose_gaps
from posthouse.vocabulary.periods import Grain, parse_period, period_of
from tests.diagnosis.values import goal, measured, programme

JUNE = parse_period("2021-06")
DAYS, BRANDS, PARKS = "delivery_days_per_week", "village_coverage_by_brand", "key_parks"


def gaps(one, value, parts=()):
    asked = []

    def breakdown(measure, by):
        asked.append((measure, by))
        return [part for part in parts if (part.brand is None) == (by == ("place",))]

    assessments = assess_goals(programme(one), {one.id: value}, {}, JUNE)
    return diagnose_gaps(assessments, breakdown), asked


def test_a_goal_that_is_met_has_no_gap():
    assert gaps(goal("=", 5, "个", PARKS), measured(PARKS, 5.0)) == ((), [])
    assert gaps(goal(">=", 5, "次/周", DAYS), measured(DAYS, 5.2))[0] == ()


def test_a_mean_that_is_reached_leaves_the_villages_below_the_promise_to_be_served():
    parts = [measured(DAYS, 0.0, place="a"), measured(DAYS, 6.0, place="b")]
    (gap,), _ = gaps(goal(">=", 3, "次/周", DAYS, text="每周投递3次以上"), measured(DAYS, 3.0), parts)
    assert (gap.shortfall, [item.place for item in gap.items]) == (0.0, ["a"])


def test_a_goal_for_the_mean_is_done_when_the_mean_is_reached():
    parts = [measured(DAYS, 0.0, place="a")]
    assert gaps(goal(">=", 3, "次/周", DAYS, text="平均每周投递3次以上"), measured(DAYS, 3.0), parts)[0] == ()


def test_nothing_measured_has_no_gap():
    assert gaps(goal(">=", 5, "次/周", DAYS), None) == ((), [])


def test_places_below_the_promise_come_worst_first_and_equal_ones_by_code():
    parts = [measured(DAYS, v, place=p) for p, v in (("b", 2.0), ("c", 0.0), ("a", 2.0), ("d", 6.0))]
    (gap,), _ = gaps(goal(">=", 5, "次/周", DAYS), measured(DAYS, 4.0), parts)
    assert [item.place for item in gap.items] == ["c", "a", "b"]
    assert (gap.target, gap.value, gap.shortfall) == (5, 4.0, 1.0)


def test_a_village_without_a_value_is_no_item():
    (gap,), _ = gaps(goal(">=", 5, "次/周", DAYS), measured(DAYS, 4.0), [measured(DAYS, None, place="a")])
    assert gap.items == ()


def test_delivery_days_are_asked_by_place_alone():
    _, asked = gaps(goal(">=", 5, "次/周", DAYS), measured(DAYS, 4.0))
    assert asked == [(DAYS, ("place",))]


def test_brand_coverage_is_asked_by_brand_and_place():
    _, asked = gaps(goal("=", 100, "%", BRANDS), measured(BRANDS, 0.8, numerator=8, denominator=10))
    assert asked == [(BRANDS, ("brand",)), (BRANDS, ("place",))]


def test_a_plain_count_is_not_broken_down():
    (gap,), asked = gaps(goal("=", 5, "个", PARKS), measured(PARKS, 3.0))
    assert (asked, gap.items, gap.shortfall) == ([], (), 2.0)


def test_basically_is_for_the_city_and_brands_not_for_a_village():
    parts = [measured(BRANDS, 0.96, brand="甲"), measured(BRANDS, 0.90, brand="乙"), measured(BRANDS, 0.96, place="a")]
    (gap,), _ = gaps(goal("~=", 100, "%", BRANDS), measured(BRANDS, 0.93), parts)
    assert [(item.brand, item.place) for item in gap.items] == [("乙", None), (None, "a")]
    assert (gap.bar_for(None), gap.bar_for("a")) == (0.95, 1.0)


def test_who_keeps_k_days_a_week_never_falls_below_the_calendar_share_and_k_minus_one_always():
    month = parse_period("2019-01")
    for _ in range(12 * 28):  # weekdays and leap years repeat after 28 years
        count = [sum(1 for d in range(month.days) if (month.start_on.weekday() + d) % 7 == w) for w in range(7)]
        for k in range(1, 8):
            seen = [7 * sum(count[w] for w in days) / month.days for days in combinations(range(7), k)]
            assert min(seen) >= k * CALENDAR_SHARE - 1e-9
            assert k == 7 or max(seen) < (k + 1) * CALENDAR_SHARE
        month = period_of(month.end_on, Grain.MONTH)


def test_parameters_of_the_goal_stay_with_the_gap():
    one = goal("=", 5, "条", "open_channels", parameters={"mode": "air"})
    (gap,), _ = gaps(one, measured("open_channels", 3.0))
    assert gap.parameters == (("mode", "air"),)
