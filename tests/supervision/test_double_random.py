from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.supervision.double_random import draw_inspections

OUTLETS = [f"W{n}" for n in range(40)]
PEOPLE = ["甲", "乙", "丙", "丁", "戊"]


def draw(count=10, seed="2021-06-30 第1期", **more):
    return draw_inspections(OUTLETS, PEOPLE, count=count, seed=seed, **more)


def test_this_seed_draws_these_outlets_on_every_machine():
    inspections = draw_inspections(["W1", "W2", "W3"], ["甲", "乙"], count=2, seed="1")
    assert [(i.outlet_id, i.inspectors) for i in inspections] == [("W2", ("乙", "甲")), ("W3", ("甲", "乙"))]


def test_another_seed_draws_others():
    assert [i.outlet_id for i in draw()] != [i.outlet_id for i in draw(seed="2021-07-31 第1期")]


def test_nobody_is_drawn_twice_for_one_outlet_and_work_is_spread():
    inspections = draw(count=20)
    assert all(len(set(i.inspectors)) == 2 for i in inspections)
    load = Counter(person for i in inspections for person in i.inspectors)
    assert set(load.values()) == {8}


def test_barred_inspectors_stay_away():
    barred = dict.fromkeys(OUTLETS, ("甲", "乙"))
    assert {p for i in draw(barred=barred) for p in i.inspectors} == {"丙", "丁", "戊"}


def test_too_many_outlets_are_refused():
    with pytest.raises(ValueError, match="at most 40 outlets, got 41"):
        draw(count=41)


def test_an_outlet_without_a_team_is_refused():
    with pytest.raises(ValueError, match="at least 2 inspectors"):
        draw(barred=dict.fromkeys(OUTLETS, PEOPLE[:4]))


def test_outlets_are_drawn_without_bias_and_risky_ones_more_often():
    drawn = Counter()
    for seed in range(2000):
        drawn.update(i.outlet_id for i in draw(count=4, seed=str(seed), risk={"W0": 3.0}))
    plain = [drawn[outlet] for outlet in OUTLETS[1:]]
    # 2000 draws of 4 of 40: about 190 each beside a weight of 3 in 42; four standard deviations are about 55.
    assert all(135 < count < 245 for count in plain)
    assert drawn["W0"] > 2.2 * sum(plain) / len(plain)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 40))
def test_the_draw_has_no_repeats_and_does_not_depend_on_the_order_of_lists(seed, count):
    one = draw(count=count, seed=str(seed))
    other = draw_inspections(OUTLETS[::-1], PEOPLE[::-1], count=count, seed=str(seed))
    assert one == other
    assert len({i.outlet_id for i in one}) == count
