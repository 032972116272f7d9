from itertools import product

import pytest

from posthouse.assignments.states import TRANSITIONS, next_state


@pytest.mark.parametrize(
    ("before", "satisfied", "after"),
    [
        ("open", True, "closed"),
        ("open", False, "open"),
        ("closed", True, "closed"),
        ("closed", False, "relapsed"),
        ("relapsed", True, "closed"),
        ("relapsed", False, "relapsed"),
    ],
)
def test_only_a_measurement_moves_a_state(before, satisfied, after):
    assert next_state(before, satisfied=satisfied) == after


def test_no_state_leads_back_to_open():
    assert all("open" not in after for before, after in TRANSITIONS.items() if before != "open")


def test_every_step_is_an_allowed_one():
    for before, satisfied in product(TRANSITIONS, (True, False)):
        assert next_state(before, satisfied=satisfied) in TRANSITIONS[before]
