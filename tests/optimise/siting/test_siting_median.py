"""The p-median against brute force, a textbook model, OR-Library optima, and its own checker."""

import math
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.optimise.siting.check import check_median
from posthouse.optimise.siting.parse import parse_pmedian
from posthouse.optimise.siting.problem import MedianProblem
from posthouse.optimise.siting.solve import solve_median
from posthouse.vocabulary.errors import UnusableInputError

# Four villages on a road at km 0, 1, 5, 6: two stations serve them with 1 + 1 km of walking.
ROAD = MedianProblem(cost=np.abs(np.subtract.outer([0.0, 1, 5, 6], [0.0, 1, 5, 6])), p=2)
OPTIMA = [5819, 4093, 4250, 3034, 1355, 7824, 5631, 4445, 2734, 1255, 7696, 6634, 4374, 2968, 1729]


def brute_force(problem: MedianProblem) -> float:
    sites = range(problem.cost.shape[1])
    return min(float(problem.cost[:, list(open_)].min(axis=1).sum()) for open_ in combinations(sites, problem.p))


def test_two_stations_on_a_road_are_one_at_each_end():
    solution = solve_median(ROAD)
    assert solution.objective == 2
    assert solution.bound == 2
    assert solution.status == "optimal"
    assert {site // 2 for site in solution.open_sites.tolist()} == {0, 1}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 9), st.integers(3, 9), st.booleans())
def test_small_problems_are_solved_to_the_optimum_of_brute_force(seed, customers, sites, whole):
    rng = np.random.default_rng(seed)
    cost = rng.random((customers, sites)) * 20
    problem = MedianProblem(cost=np.floor(cost) if whole else cost, p=int(rng.integers(1, sites + 1)))
    solution = solve_median(problem, seconds=5, seed=1)
    assert solution.status == "optimal"
    assert solution.objective == pytest.approx(brute_force(problem))
    assert check_median(problem, solution) == ()


def test_forty_customers_agree_with_the_textbook_model_of_highs():
    from scipy.optimize import LinearConstraint, milp

    rng = np.random.default_rng(3)
    n, p = 40, 6
    cost = np.floor(rng.random((n, n)) * 100)
    opened = np.hstack([np.ones(n), np.zeros(n * n)])
    served = np.hstack([np.zeros((n, n)), np.kron(np.eye(n), np.ones(n))])
    linked = np.hstack([np.tile(-np.eye(n), (n, 1)), np.eye(n * n)])
    exact = milp(
        np.concatenate([np.zeros(n), cost.ravel()]),
        integrality=np.concatenate([np.ones(n), np.zeros(n * n)]),
        bounds=(0, 1),
        constraints=[
            LinearConstraint(opened, p, p),
            LinearConstraint(served, 1, 1),
            LinearConstraint(linked, -np.inf, 0),
        ],
    )
    solution = solve_median(MedianProblem(cost=cost, p=p), seconds=20, seed=1)
    assert solution.status == "optimal"
    assert solution.objective == pytest.approx(exact.fun)


def test_short_neighbour_lists_prove_the_same_optimum():
    rng = np.random.default_rng(5)
    places = rng.random((120, 2))
    cost = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    problem = MedianProblem(cost=cost, p=30)  # lists of 64 of 120 sites
    solution = solve_median(problem, seconds=20, seed=2)
    assert solution.status == "optimal"
    assert check_median(problem, solution) == ()


def test_the_same_seed_and_iterations_give_the_same_answer():
    cost = np.random.default_rng(8).random((60, 60))
    runs = [solve_median(MedianProblem(cost=cost, p=9), seconds=math.inf, iterations=30, seed=4) for _ in range(2)]
    assert runs[0].open_sites.tolist() == runs[1].open_sites.tolist()
    assert runs[0].bound == runs[1].bound


def test_an_expired_clock_still_gives_a_valid_answer():
    cost = np.random.default_rng(8).random((30, 30))
    solution = solve_median(MedianProblem(cost=cost, p=4), seconds=0.0, seed=4)
    assert solution.status == "feasible"
    assert check_median(MedianProblem(cost=cost, p=4), solution) == ()


def test_forbidden_pairs_are_never_used():
    cost = np.array([[0, 1, math.inf], [math.inf, 5, 9], [math.inf, 9, 1.0], [2, math.inf, 3]])
    solution = solve_median(MedianProblem(cost=cost, p=2))
    assert solution.objective == 10  # sites 1 and 2: 1 + 5 + 1 + 3
    assert check_median(MedianProblem(cost=cost, p=2), solution) == ()


def test_a_territory_in_more_parts_than_sites_is_refused_with_the_number_that_would_do():
    cost = np.array([[0, math.inf], [math.inf, 0.0]])
    with pytest.raises(UnusableInputError, match=r"至少为 2.*实际为 1"):
        solve_median(MedianProblem(cost=cost, p=1, customers=("大陈", "小陈")))


def test_a_customer_that_no_site_reaches_is_named():
    cost = np.array([[1.0, 2.0], [math.inf, math.inf]])
    with pytest.raises(UnusableInputError, match="小陈"):
        solve_median(MedianProblem(cost=cost, p=1, customers=("大陈", "小陈")))


def test_too_few_sites_for_all_customers_are_refused_by_name():
    cost = np.where(np.eye(4, dtype=bool), 1.0, math.inf)
    cost[:, 0] = [1, 1, math.inf, math.inf]
    cost[2, 1] = 1
    cost[3, 2] = 1
    with pytest.raises(UnusableInputError, match="无法通达"):
        solve_median(MedianProblem(cost=cost, p=1), seconds=2)


@pytest.mark.parametrize("p", [0, 5])
def test_a_number_of_sites_outside_the_candidates_is_refused(p):
    with pytest.raises(UnusableInputError, match=f"实际为 {p}"):
        MedianProblem(cost=ROAD.cost, p=p)


def test_a_negative_cost_is_refused_with_its_place():
    with pytest.raises(UnusableInputError, match="需求点 1，候选点 2"):
        MedianProblem(cost=np.array([[0.0, -1.0]]), p=1)


def test_the_checker_finds_a_wrong_objective_a_wrong_service_and_a_bound_too_high():
    solution = solve_median(ROAD)
    assert check_median(ROAD, replace(solution, objective=1.0, bound=1.0))
    assert check_median(ROAD, replace(solution, serves=solution.serves[::-1].copy()))
    assert check_median(ROAD, replace(solution, lagrangian_bound=solution.objective + 1))


def test_a_repeated_edge_counts_with_its_last_cost_and_paths_are_shortest():
    problem = parse_pmedian("3 3 1\n1 2 9\n2 3 4\n2 1 5\n")
    assert problem.cost.tolist() == [[0, 5, 9], [5, 0, 4], [9, 4, 0]]
    assert problem.p == 1


@pytest.mark.parametrize("text", ["", "3 1", "2 1 1\n1 2", "2 1 1\n1 3 4", "2 1 1\n1 2 -4", "a b c", "2.5 1 1\n1 2 4"])
def test_a_malformed_instance_is_refused(text):
    with pytest.raises(UnusableInputError):
        parse_pmedian(text)


@pytest.mark.parametrize("number", [3, 4, 5, 9, 10, 14, 15])
def test_orlibrary_instances_reach_their_published_optimum(shared: Path, number):
    problem = parse_pmedian((shared / f"data/pmedian/pmed{number}.txt").read_text())
    solution = solve_median(problem, seconds=60, seed=1)
    assert solution.objective == OPTIMA[number - 1]
    assert solution.status == "optimal"
    assert check_median(problem, solution) == ()
