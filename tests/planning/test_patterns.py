from itertools import pairwise

import pytest

from posthouse.planning.patterns import gaps_of, in_words, list_patterns
from posthouse.planning.scenario import read_scenario

PROMISE = read_scenario().promise


@pytest.mark.parametrize("visits", range(1, 8))
def test_every_frequency_from_one_to_seven_has_patterns_of_that_many_days(visits):
    assert {len(pattern) for pattern in list_patterns(visits, PROMISE)} == {visits}


def test_three_visits_are_never_three_days_in_a_row():
    for pattern in list_patterns(3, PROMISE):
        assert [later - earlier for earlier, later in pairwise(pattern)] != [1, 1]


def test_nobody_waits_longer_than_the_promise_says():
    assert max(max(gaps_of(pattern)) for pattern in list_patterns(3, PROMISE)) == 3


def test_a_lock_leaves_one_pattern():
    assert list_patterns(3, PROMISE, locked=(5, 1, 2)) == ((1, 2, 5),)


def test_days_without_a_boat_are_no_days():
    assert list_patterns(3, PROMISE, available={2, 4, 6}) == ((2, 4, 6),)
    assert list_patterns(3, PROMISE, available={1, 2}) == ()


def test_patterns_are_said_as_people_say_them():
    assert in_words((1, 3, 5)) == "周一、三、五"
    assert in_words((1, 2, 3, 4, 5)) == "周一至周五"
    assert in_words((1, 2)) == "周一、二"
    assert in_words((1, 2, 3, 4, 5, 6, 7)) == "每天"
