"""The door to the sharing engine: one function per rule of division, and the certificate for shares from elsewhere."""

from posthouse.optimise.sharing.core import certify_core
from posthouse.optimise.sharing.nucleolus import solve_nucleolus
from posthouse.optimise.sharing.profit import solve_equal_profit
from posthouse.optimise.sharing.shapley import solve_sampled_shapley, solve_shapley

__all__ = ["certify_core", "solve_equal_profit", "solve_nucleolus", "solve_sampled_shapley", "solve_shapley"]
