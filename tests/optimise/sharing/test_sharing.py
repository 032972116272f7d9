"""Division of a pooled cost: hand-worked games, axioms, Kohlberg's criterion, and the core certificate."""

import math
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.optimise.sharing.check import check_sharing
from posthouse.optimise.sharing.problem import Game, close_game
from posthouse.optimise.sharing.solve import (
    certify_core,
    solve_equal_profit,
    solve_nucleolus,
    solve_sampled_shapley,
    solve_shapley,
)
from posthouse.vocabulary.errors import UnusableInputError

# Three brands at 1, 2 and 4 km of one road: a van pays for its farthest stop (an airport game).
ROAD = Game(players=("YTO", "ZTO", "STO"), costs={1: 1.0, 2: 2.0, 3: 2.0, 4: 4.0, 5: 4.0, 6: 4.0, 7: 4.0})
# Any two of three brands save 6 of 20 by pooling, but all three together no more: nobody can hold them all.
EMPTY = Game(players=("a", "b", "c"), costs={1: 10.0, 2: 10.0, 4: 10.0, 3: 14.0, 5: 14.0, 6: 14.0, 7: 24.0})


def random_game(seed: int, n: int, *, whole: bool = True) -> Game:
    """Costs of a depot and customers on a line of random places, disturbed: near to routing, not always with a core."""
    rng = np.random.default_rng(seed)
    reach, noise = rng.random(n) * 50 + 5, rng.random(1 << n) * 12
    costs = {}
    for mask in range(1, 1 << n):
        members = [player for player in range(n) if mask >> player & 1]
        cost = float(reach[members].max() + 5 * len(members) + noise[mask])
        costs[mask] = float(round(cost)) if whole else cost
    return Game(players=tuple(f"p{at}" for at in range(n)), costs=costs)


def test_on_a_road_each_stretch_is_shared_by_those_who_use_it():
    assert solve_shapley(ROAD).shares_yuan == pytest.approx([1 / 3, 1 / 3 + 1 / 2, 1 / 3 + 1 / 2 + 2])


def test_the_nucleolus_of_the_road_is_the_hand_worked_one():
    # Savings alone - share are levelled as far as the coalitions allow: 1/2, 1/2 and then 3 for the farthest.
    assert solve_nucleolus(ROAD).shares_yuan == pytest.approx([0.5, 0.75, 2.75])


def test_equal_profit_gives_all_the_same_rate_where_the_core_allows_it():
    game = Game(players=("a", "b"), costs={1: 60.0, 2: 40.0, 3: 80.0})
    assert solve_equal_profit(game).shares_yuan == pytest.approx([48, 32])


def test_equal_profit_leaves_the_common_rate_where_a_coalition_would_object():
    # a and b are neighbours and save 8 of 20; c is far off and saves nothing. At one rate a and b would pay 16 of 12.
    game = Game(players=("a", "b", "c"), costs={1: 10.0, 2: 10.0, 4: 20.0, 3: 12.0, 5: 30.0, 6: 30.0, 7: 32.0})
    sharing = solve_equal_profit(game)
    assert sharing.shares_yuan == pytest.approx([6, 6, 20], abs=1e-5)
    assert sharing.certificate.in_core
    assert check_sharing(game, sharing) == ()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 5))
def test_the_shapley_value_is_the_mean_over_all_orders(seed, n):
    game = random_game(seed, n)
    shares, orders = np.zeros(n), list(permutations(range(n)))
    for order in orders:
        mask, before = 0, 0.0
        for player in order:
            mask |= 1 << player
            shares[player] += (game.costs[mask] - before) / len(orders)
            before = game.costs[mask]
    sharing = solve_shapley(game)
    assert sharing.shares_yuan == pytest.approx(shares)
    assert check_sharing(game, sharing) == ()


def is_balanced(vectors: np.ndarray, free: np.ndarray) -> bool:
    """Whether all vectors get positive weight in some combination of them (and of the free ones) that is 1 for all."""
    from scipy.optimize import linprog

    n = vectors.shape[1]
    every = np.vstack([vectors, free]).T
    for at in range(len(vectors)):
        cost = np.zeros(every.shape[1])
        cost[at] = -1
        answer = linprog(cost, A_eq=every, b_eq=np.ones(n), bounds=(0, None))
        if answer.status != 0 or -answer.fun < 1e-9:
            return False
    return True


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4), st.booleans())
def test_the_nucleolus_meets_the_criterion_of_kohlberg(seed, n, whole):
    game = random_game(seed, n, whole=whole)
    sharing = solve_nucleolus(game)
    assert check_sharing(game, sharing) == ()
    _, members, costs = game.proper()
    members = members.astype(float)
    excess = members @ sharing.shares_yuan - costs
    bounded = game.alone.sum() >= game.total
    free = np.eye(n)[bounded & (sharing.shares_yuan > game.alone - 1e-6)]
    for level in np.unique(np.round(excess, 6)):
        assert is_balanced(members[excess >= level - 2e-6], free)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 6))
def test_equal_profit_is_stable_whenever_anything_is(seed, n):
    game = random_game(seed, n)
    sharing = solve_equal_profit(game)
    assert sharing.certificate.in_core != sharing.certificate.core_empty
    assert check_sharing(game, sharing) == ()


def test_ten_players_with_all_coalitions_are_solved_by_all_three():
    game = random_game(1, 10)
    for solve in (solve_shapley, solve_nucleolus, solve_equal_profit):
        assert check_sharing(game, solve(game)) == ()


def test_an_empty_core_is_stated_with_objections_and_a_proof():
    sharing = solve_nucleolus(EMPTY)
    certificate = sharing.certificate
    assert certificate.core_empty
    assert certificate.least_core_excess_yuan == pytest.approx(2)  # two pay 16 together and could have 14
    assert set(certificate.objections) == {3, 5, 6}
    assert certificate.weights == pytest.approx({3: 1 / 3, 5: 1 / 3, 6: 1 / 3})
    assert check_sharing(EMPTY, sharing) == ()


def test_shares_from_elsewhere_get_a_certificate_with_the_worst_objection():
    certificate = certify_core(ROAD, np.array([2.0, 1.0, 1.0]))
    assert not certificate.in_core
    assert certificate.worst_coalition == 1
    assert certificate.largest_excess_yuan == pytest.approx(1)
    assert not certificate.core_empty


def test_known_coalitions_only_are_said_to_be_incomplete():
    game = Game(players=("a", "b", "c"), costs={1: 3.0, 2: 3.0, 4: 3.0, 7: 6.0})
    sharing = solve_equal_profit(game)
    assert not sharing.certificate.complete
    assert sharing.certificate.coalitions == 4
    assert check_sharing(game, sharing) == ()


def test_sampling_twelve_players_states_an_error_that_holds_the_exact_value():
    reach = np.arange(1.0, 13.0)
    exact = np.cumsum(1 / np.arange(12, 0, -1))  # the road: the stretch to each stop is shared by those beyond
    asked: list[int] = []

    def cost_of(mask: int) -> float:
        asked.append(mask)
        return float(max(reach[b] for b in range(12) if mask >> b & 1))

    sharing = solve_sampled_shapley([f"p{at}" for at in range(12)], cost_of, pairs=200, seed=5)
    assert len(asked) == len(set(asked))
    assert sharing.samples == 400
    assert sharing.shares_yuan.sum() == pytest.approx(12)
    assert (np.abs(sharing.shares_yuan - exact) <= 2 * sharing.error_yuan).all()
    assert sharing.error_yuan.max() < 0.5
    assert check_sharing(sharing.game, sharing) == ()


def test_sampling_repeats_for_a_seed_and_stops_by_time_after_two_pairs():
    players = ("a", "b", "c")
    runs = [solve_sampled_shapley(players, float, pairs=9, seed=3).shares_yuan for _ in range(2)]
    assert runs[0].tolist() == runs[1].tolist()
    assert solve_sampled_shapley(players, float, pairs=9, seconds=0.0).samples == 4


def test_a_coalition_dearer_than_its_parts_is_lowered_and_named():
    game = Game(players=("a", "b", "c"), costs={1: 5.0, 2: 5.0, 4: 5.0, 3: 12.0, 5: 8.0, 6: 9.0, 7: 20.0})
    closed, lowered = close_game(game)
    assert lowered == (3, 7)
    assert (closed.costs[3], closed.costs[7]) == (10, 13)


def test_players_without_pooling_gain_pay_their_own_cost():
    game = Game(players=("a", "b"), costs={1: 5.0, 2: 7.0, 3: 12.0})
    for solve in (solve_shapley, solve_nucleolus, solve_equal_profit):
        assert solve(game).shares_yuan == pytest.approx([5, 7])


def test_a_missing_cost_of_a_single_player_is_named():
    with pytest.raises(UnusableInputError, match="ZTO"):
        Game(players=("YTO", "ZTO"), costs={1: 5.0, 3: 9.0})


def test_methods_that_need_all_coalitions_say_which_is_missing():
    game = Game(players=("a", "b", "c"), costs={1: 3.0, 2: 3.0, 4: 3.0, 3: 5.0, 7: 6.0})
    for solve in (solve_shapley, solve_nucleolus, close_game):
        with pytest.raises(UnusableInputError, match=r"缺 2 种.*a、c"):
            solve(game)


@pytest.mark.parametrize("cost", [-1.0, math.nan, math.inf])
def test_an_unusable_cost_is_named(cost):
    with pytest.raises(UnusableInputError, match="YTO、ZTO"):
        Game(players=("YTO", "ZTO"), costs={1: 5.0, 2: 5.0, 3: cost})


def test_a_player_that_costs_nothing_has_no_equal_profit():
    with pytest.raises(UnusableInputError, match="ZTO"):
        solve_equal_profit(Game(players=("YTO", "ZTO"), costs={1: 5.0, 2: 0.0, 3: 5.0}))


def test_the_checker_finds_wrong_sums_false_core_claims_and_false_proofs():
    sharing = solve_nucleolus(EMPTY)
    certificate = sharing.certificate
    assert check_sharing(EMPTY, replace(sharing, shares_yuan=sharing.shares_yuan + 1))
    assert check_sharing(EMPTY, replace(sharing, certificate=replace(certificate, in_core=True)))
    assert check_sharing(EMPTY, replace(sharing, certificate=replace(certificate, weights={3: 1.0})))
    assert check_sharing(EMPTY, replace(sharing, certificate=replace(certificate, least_core_excess_yuan=1.0)))
