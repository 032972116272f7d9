"""The states of an assignment and which may follow which. Only a measurement moves it.

open ──satisfied──▶ closed ──fails──▶ relapsed ──satisfied──▶ closed
"""

from collections.abc import Mapping
from types import MappingProxyType

from posthouse.assignments.model import State

TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        "open": frozenset({"open", "closed"}),
        "closed": frozenset({"closed", "relapsed"}),
        "relapsed": frozenset({"relapsed", "closed"}),
    }
)
"""States that may follow each state; staying is always allowed."""


def next_state(before: State, *, satisfied: bool) -> State:
    """Return the state after a measurement that satisfies the closing condition, or fails it.

    >>> next_state("open", satisfied=True), next_state("closed", satisfied=False)
    ('closed', 'relapsed')
    """
    after: State = "closed" if satisfied else "open" if before == "open" else "relapsed"
    if after not in TRANSITIONS[before]:
        raise ValueError(f"Expected one of {sorted(TRANSITIONS[before])} after {before}, got {after}.")
    return after
