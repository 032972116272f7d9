"""The door to the siting engine: one function per problem, all with the same limits and the same promises.

`seconds` is a wall time limit; `iterations` limits the work instead, and with `seconds=math.inf` makes the answer a
function of problem and seed. Ties are broken by index.
"""

from posthouse.optimise.siting.covering import solve_cover, solve_maximal_cover
from posthouse.optimise.siting.hubs import solve_hubs
from posthouse.optimise.siting.median import solve_median
from posthouse.optimise.siting.stations import solve_stations

__all__ = ["solve_cover", "solve_hubs", "solve_maximal_cover", "solve_median", "solve_stations"]
