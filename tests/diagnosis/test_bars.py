import pytest

from posthouse.diagnosis.bars import HEDGE_SHARE, find_bar, is_satisfied
from posthouse.measures.catalogue import get_definition
from tests.diagnosis.values import goal

COVERAGE = get_definition("village_station_coverage")
DAYS = get_definition("delivery_days_per_week")
VOLUME = get_definition("express_volume")


def bar(definition, *args, **kwargs):
    found = find_bar(goal(*args), definition, **kwargs)
    return (found.comparator, found.bar)


def test_percent_becomes_share():
    assert bar(COVERAGE, ">=", 95, "%") == (">=", 0.95)


def test_a_number_a_week_stays():
    assert bar(DAYS, ">=", 5, "次/周") == (">=", 5)


def test_a_bare_number_is_a_least_where_more_is_better():
    assert bar(get_definition("key_parks"), "=", 5, "个") == (">=", 5)


def test_a_bare_number_is_a_most_where_less_is_better():
    assert bar(get_definition("province_volume_rank"), "=", 1, "位") == ("<=", 1)


def test_basically_all_counts_from_95_percent_on_but_the_target_stays_all():
    found = find_bar(goal("~=", 100, "%"), COVERAGE)
    assert (found.target, found.bar) == (1.0, HEDGE_SHARE)
    assert found.is_met_by(0.95)
    assert not found.is_met_by(0.949)
    assert "95%" in found.note


def test_one_to_two_is_reached_by_one():
    found = find_bar(goal("range", 1, "家", value_max=2), get_definition("international_backbone_operators"))
    assert (found.comparator, found.bar) == (">=", 1)


def test_exceeding_means_more_than_the_figure():
    found = find_bar(goal(">", 1_000_000, "件"), VOLUME)
    assert not found.is_met_by(1_000_000)
    assert found.is_met_by(1_000_001)


def test_a_time_limit_is_kept_when_the_share_of_the_measure_keeps_it():
    definition = get_definition("delivered_within_48h_share")
    assert bar(definition, "<=", 48, "小时") == (">=", definition.target_share)


def test_hours_and_days_of_a_duration_are_converted():
    assert bar(get_definition("door_to_door_hours"), "<=", 3, "天") == ("<=", 72)


def test_doubling_is_a_growth_of_one_hundred_percent():
    assert bar(get_definition("express_volume_growth"), "growth", 2, "倍") == (">=", 1.0)


def test_twenty_percent_a_year_is_a_share_of_the_yearly_growth():
    assert bar(get_definition("express_volume_yearly_growth"), "growth", 20, "%/年") == (">=", 0.2)


def test_a_reduction_is_a_share_of_the_base():
    assert bar(get_definition("tape_reduction"), "reduction", 20, "%") == (">=", 0.2)


def test_growth_of_a_level_needs_its_base():
    assert find_bar(goal("growth", 20, "%/年"), VOLUME) is None
    assert bar(VOLUME, "growth", 20, "%/年", base_value=100.0, years=3.0) == (">=", pytest.approx(172.8))


def test_reduction_of_a_level_is_a_ceiling():
    tape = get_definition("tape_per_parcel")
    assert bar(tape, "reduction", 20, "%", base_value=100.0) == ("<=", pytest.approx(80.0))


def test_a_goal_without_a_figure_has_no_bar():
    assert find_bar(goal(">=", None, "%"), COVERAGE) is None


def test_binary_fractions_do_not_fail_a_goal():
    assert is_satisfied(">=", 0.1 + 0.2 - 0.1, 0.2)
    assert not is_satisfied(">", 0.1 + 0.2, 0.3)


def test_an_unknown_comparator_is_refused():
    with pytest.raises(ValueError, match="got '~='"):
        is_satisfied("~=", 1, 1)
