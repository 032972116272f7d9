"""Kinds that one journey shows by itself: steps skipped, swapped or too close, signed without arrival, never signed.

Each journey is reduced to a number, its pattern. Journeys are counted by pattern in one pass, and only the few
patterns there are get read step by step.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from posthouse.measures.forms import flag
from posthouse.records.fold import steps

if TYPE_CHECKING:
    from ibis.expr.types import IntegerColumn, IntegerValue, Table

LEAST_INTERVALS: Mapping[str, tuple[str, str]] = {
    "outlet_arrived": ("destination_departed", "least_feeder_s"),
    "delivered": ("out_for_delivery", "least_delivery_s"),
}
"""Step: the step before it, and the parameter that says how many seconds lie between them at least."""


def step_pattern(journeys: "Table", *, clock_skew_s: int, least_s: Mapping[str, float]) -> "IntegerValue":
    """Return the pattern of each journey: the bits of `seen`, then reached a village, swapped, too close.

    Parameters
    ----------
    clock_skew_s : how much earlier than the step before it a step may be by the clocks of two scanners.
    least_s : parameter of LEAST_INTERVALS to seconds.
    """
    names = steps()
    bits = [flag(journeys.village.notnull())]
    bits += [flag(journeys[f"{name}_s"] + clock_skew_s < _before(journeys, name)) for name in names[1:]]
    for name, (before, parameter) in LEAST_INTERVALS.items():
        took = journeys[f"{name}_s"] - journeys[f"{before}_s"]
        bits.append(flag((took >= 0) & (took < int(least_s[parameter]))))
    pattern = journeys.seen
    for place, bit in enumerate(bits, start=len(names)):
        pattern += bit * 2**place
    return pattern


def pattern_bits() -> int:
    """How many bits a pattern of steps takes; other modules may use the bits above."""
    return 2 * len(steps()) + len(LEAST_INTERVALS)


@cache
def read_steps(pattern: int) -> tuple[tuple[str, str], ...]:
    """Return the kinds that a pattern shows, each with its step.

    >>> read_steps(0b1_0011_1111)  # from the outlet straight to the signature, never in a village
    (('step_skipped', 'out_for_delivery'),)
    """
    return tuple(_read(pattern))


def _before(journeys: "Table", step: str) -> "IntegerColumn":
    """Time of the nearest step before this one that was scanned."""
    import ibis

    earlier = steps()[: steps().index(step)]
    return ibis.coalesce(*(journeys[f"{name}_s"] for name in reversed(earlier)))


def _read(pattern: int) -> Iterator[tuple[str, str]]:
    names = steps()
    flags = iter([bool(pattern >> place & 1) for place in range(pattern_bits())])
    seen = {name for name in names if next(flags)}
    reached_village = next(flags)
    last = max((names.index(name) for name in seen), default=-1)
    for name in names[: last + 1]:
        # Only who was in a village can have left out the scan of arriving there.
        if name not in seen and (name != "village_arrived" or reached_village):
            yield "step_skipped", name
    for name in names[1:]:
        if next(flags):
            yield "step_swapped", name
    for name in LEAST_INTERVALS:
        if next(flags):
            yield "interval_too_short", name
    if "delivered" in seen:
        if not seen & {"outlet_arrived", "village_arrived"}:
            yield "signed_without_arrival", ""
    elif seen & {"outlet_arrived", "out_for_delivery", "village_arrived"}:
        yield "never_signed", "delivered"
