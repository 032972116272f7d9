import pytest

from posthouse.planning.depots import Need
from posthouse.planning.effort import Effort
from posthouse.planning.weekly import plan_week
from tests.planning.county import OWN_VANS_ONLY, A, B, C, ground


@pytest.mark.parametrize("visits", [3, 5, 7])
def test_no_week_costs_less_than_its_bound(visits):
    answer = plan_week([Need(village=v, visits=visits) for v in (A, B, C)], ground(), Effort(seconds=0.5), seed=1)
    assert 0 < answer.bound_yuan <= answer.cost_yuan


def test_the_bound_of_one_village_counts_the_share_of_the_van_s_day():
    own = ground({**OWN_VANS_ONLY, "hired": {"most_per_depot": 0}})
    answer = plan_week([Need(village=A, visits=7)], own, Effort(seconds=0.5), seed=1)
    # Half of the 20 km, and a share of the van's 200 yuan by load: 200 / 7 parcels of the 200 that it holds.
    assert answer.bound_yuan == pytest.approx(7 * (10 + 200 / 7))
