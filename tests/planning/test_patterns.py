from collections import Counter
from itertools import pairwise

import pytest

from posthouse.planning.patterns import PATTERNS, day_sets, in_words, share_out

VILLAGES = ("a", "b", "c", "d")
BEARING = {"a": 0.0, "b": 1.0, "c": 2.0, "d": 3.0}


def test_every_frequency_from_one_to_seven_has_patterns_of_that_many_days():
    assert {days: {len(p) for p in patterns} for days, patterns in PATTERNS.items()} == {k: {k} for k in range(1, 8)}


def test_three_visits_are_never_three_days_in_a_row():
    for pattern in PATTERNS[3]:
        assert all(later - earlier > 1 for earlier, later in pairwise(pattern))


@pytest.mark.parametrize("days", range(1, 7))
def test_the_patterns_of_a_frequency_load_monday_to_saturday_alike(days):
    count = Counter(day for pattern in PATTERNS[days] for day in pattern)
    assert set(count) == {1, 2, 3, 4, 5, 6}
    assert len(set(count.values())) == 1


def test_the_first_way_gives_all_villages_the_same_days():
    assert share_out(VILLAGES, BEARING, dict.fromkeys(VILLAGES, 5), 3)[0] == dict.fromkeys(VILLAGES, (1, 3, 5))


def test_the_second_way_halves_the_load_by_sectors():
    sectors = share_out(VILLAGES, BEARING, {"a": 10, "b": 10, "c": 10, "d": 10}, 3)[1]
    assert sectors == {"a": (1, 3, 5), "b": (1, 3, 5), "c": (2, 4, 6), "d": (2, 4, 6)}


def test_a_heavy_village_has_a_sector_to_itself():
    sectors = share_out(VILLAGES, BEARING, {"a": 90, "b": 10, "c": 10, "d": 10}, 3)[1]
    assert sectors == {"a": (1, 3, 5), "b": (2, 4, 6), "c": (2, 4, 6), "d": (2, 4, 6)}


def test_villages_without_parcels_are_shared_out_too():
    assert len(share_out(VILLAGES, BEARING, dict.fromkeys(VILLAGES, 0), 3)[1]) == 4


def test_every_day_there_is_one_way_only():
    assert len(share_out(VILLAGES, BEARING, dict.fromkeys(VILLAGES, 5), 7)) == 1


def test_days_with_the_same_villages_are_solved_once():
    assert day_sets({"a": (1, 3, 5), "b": (1, 3, 5), "c": (2, 4, 6)}) == {("a", "b"): (1, 3, 5), ("c",): (2, 4, 6)}


def test_patterns_are_said_as_people_say_them():
    assert in_words((1, 3, 5)) == "周一、三、五"
    assert in_words((1, 2, 3, 4, 5)) == "周一至周五"
    assert in_words((1, 2)) == "周一、二"
    assert in_words((1, 2, 3, 4, 5, 6, 7)) == "每天"
