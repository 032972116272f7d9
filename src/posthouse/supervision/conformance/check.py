"""Conformance of a period's journeys: what cannot have happened as scanned, by kind, brand and outlet.

For inspectors and brands: skipped and swapped steps, intervals and speeds that are too short, signatures without
arrival, in batches, or none at all. Thresholds of time stand in rules.toml; what is reported is decided in `find`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import nsmallest

from posthouse.measures.forms import Tables
from posthouse.records.fold import steps
from posthouse.supervision.catalogue import all_rules
from posthouse.supervision.conformance.batches import signed_batches
from posthouse.supervision.conformance.judged import judged_journeys, with_outlet
from posthouse.supervision.conformance.model import ConformanceRow
from posthouse.supervision.conformance.speeds import TOO_FAST, TOO_SHORT, speed_patterns
from posthouse.supervision.conformance.steps import LEAST_INTERVALS, read_pattern, step_patterns
from posthouse.supervision.conformance.tally import EXAMPLES, Group, count_patterns
from posthouse.vocabulary.periods import Period

KINDS = (
    "step_skipped",
    "step_swapped",
    "interval_too_short",
    "impossible_speed",
    "signed_without_arrival",
    "batch_signed",
    "never_signed",
)
"""Each is a rule `supervision.<kind>` of rules.toml."""

AT_OUTLET = ("outlet_arrived", "out_for_delivery", "village_arrived", "delivered", "")
"""Steps for which the delivering outlet answers; for those before it only the brand can be named."""

_Found = tuple[str, str, Group]


def check_conformance(tables: Tables, period: Period) -> tuple[ConformanceRow, ...]:
    """Return the counts of every kind, step, brand and outlet that has any, in the order of KINDS and of the steps.

    Parameters
    ----------
    tables : journeys, parcels, outlets, divisions and regions, as Ibis tables of one engine.
    """
    rules = {kind: all_rules()[f"supervision.{kind}"].parameters for kind in KINDS}
    judged = judged_journeys(tables, period, int(rules["never_signed"]["open_days"]))
    patterns = step_patterns(
        with_outlet(judged, tables, period),
        clock_skew_s=int(rules["step_swapped"]["clock_skew_s"]),
        least_s={name: int(rules["interval_too_short"][name]) for _, name in LEAST_INTERVALS.values()},
    )
    groups = tuple(count_patterns(patterns))
    limits = {**rules["interval_too_short"], **rules["impossible_speed"]}
    speeds = count_patterns(speed_patterns(judged, tables, period, limits))
    batches = count_patterns(signed_batches(judged, int(rules["batch_signed"]["least_batch"])))
    found = [
        *((kind, step, group) for group in groups for kind, step in read_pattern(group.pattern)),
        *_read_speeds(speeds),
        *(("batch_signed", "", group) for group in batches),
    ]
    return _rows(found, groups)


def _read_speeds(groups: Iterable[Group]) -> Iterator[_Found]:
    for group in groups:
        if group.pattern & TOO_SHORT:
            yield "interval_too_short", "destination_arrived", group
        if group.pattern & TOO_FAST:
            yield "impossible_speed", "", group


def _rows(found: Iterable[_Found], judged: Iterable[Group]) -> tuple[ConformanceRow, ...]:
    parcels: dict[tuple[str, str | None, bool], int] = defaultdict(int)
    for group in judged:
        parcels[group.brand, group.outlet, True] += group.count
        parcels[group.brand, None, False] += group.count
    counts: dict[tuple[str, str, str, str | None], int] = defaultdict(int)
    examples: dict[tuple[str, str, str, str | None], set[int]] = defaultdict(set)
    for kind, step, group in found:
        key = (kind, step, group.brand, group.outlet if step in AT_OUTLET else None)
        counts[key] += group.count
        examples[key].update(group.examples)
    order = {"": -1, **{step: place for place, step in enumerate(steps())}}
    rows = [
        ConformanceRow(
            kind=kind,
            step=step,
            brand=brand,
            outlet=outlet,
            count=count,
            parcels=parcels[brand, outlet, step in AT_OUTLET],
            examples=tuple(nsmallest(EXAMPLES, examples[kind, step, brand, outlet])),
        )
        for (kind, step, brand, outlet), count in counts.items()
    ]
    return tuple(sorted(rows, key=lambda r: (KINDS.index(r.kind), order[r.step], r.brand, r.outlet or "")))
