"""Conformance of a period's journeys: what cannot have happened as scanned, by kind, brand and outlet.

For inspectors and brands: skipped and swapped steps, intervals and speeds that are too short, signatures without
arrival, in batches, or none at all. Limits stand in rules.toml; what is worth telling is decided in `find`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import nsmallest
from typing import TYPE_CHECKING

from posthouse.measures.forms import Tables, integer
from posthouse.records.fold import steps
from posthouse.supervision.catalogue import all_rules
from posthouse.supervision.conformance.batches import signed_in_batches
from posthouse.supervision.conformance.judged import (
    judged_days,
    judged_journeys,
    lacks_outlet,
    name_outlets,
    signed_journeys,
)
from posthouse.supervision.conformance.model import ConformanceRow
from posthouse.supervision.conformance.speeds import SpeedLimits, needs_ends, read_speed, speed_bits, speed_limits
from posthouse.supervision.conformance.steps import pattern_bits, read_steps, step_pattern
from posthouse.supervision.conformance.streamed import COLUMNS, JourneyStream, stream_patterns
from posthouse.supervision.conformance.tally import EXAMPLES, Group, count_with_examples, read_groups
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import Table

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


def check_conformance(
    tables: Tables, period: Period, *, stream: JourneyStream | None = None
) -> tuple[ConformanceRow, ...]:
    """Return the counts of every kind, step, brand and outlet that has any, in the order of KINDS and of the steps.

    Parameters
    ----------
    tables : journeys, parcels, outlets, divisions and regions, as Ibis tables of one engine.
    stream : hands out the journeys of these tables, where they lie on this machine; they are then counted faster.
    """
    import ibis

    limits = {name: value for kind in KINDS for name, value in all_rules()[f"supervision.{kind}"].parameters.items()}
    signed = signed_journeys(tables, period)
    speeds = speed_limits(tables, period, limits)
    if stream is None:
        judged = judged_journeys(tables, period, int(limits["open_days"]))
        groups = _count_patterns(judged, tables, period, limits, speeds)
    else:
        passed = stream_patterns(stream(COLUMNS, *judged_days(period)), period, limits, speeds)
        groups = (*passed.groups, *_count_singles(ibis.memtable(passed.singles), tables, period, speeds))
        crowded = ibis.memtable(passed.crowded)
        signed = signed.semi_join(crowded, signed.delivered_s == crowded.crowded_s)
    found = [
        *((kind, step, group) for group in groups for kind, step in _read(group.pattern)),
        *(("batch_signed", "", group) for group in _count_batches(signed, int(limits["least_batch"]))),
    ]
    return _rows(found, groups)


def _count_batches(signed: "Table", least_batch: int) -> Iterator[Group]:
    batched = signed_in_batches(signed, least_batch).mutate(pattern=integer(0))
    return read_groups(batched.group_by(["brand", "outlet", "pattern"]).aggregate(**count_with_examples(batched)))


def _count_patterns(
    judged: "Table", tables: Tables, period: Period, limits: dict[str, float], speeds: SpeedLimits
) -> tuple[Group, ...]:
    """Count the journeys by pattern in one pass; the few that need their parcel's ends come out of it one by one."""
    import ibis

    timed = judged.select(
        "waybill",
        "brand",
        "outlet",
        pattern=step_pattern(judged, clock_skew_s=int(limits["clock_skew_s"]), least_s=limits),
        is_lost=lacks_outlet(judged),
        between_s=judged.destination_arrived_s - judged.origin_departed_s,
        whole_s=judged.delivered_s - judged.accepted_s,
    )
    alone = timed.is_lost | needs_ends(timed, speeds)
    timed = timed.mutate(single=ibis.ifelse(alone, timed.waybill, ibis.null("int64")))
    counts = timed.group_by(["brand", "outlet", "pattern", "single"]).aggregate(
        **count_with_examples(timed), between_s=timed.between_s.min(), whole_s=timed.whole_s.min()
    )
    with counts.cache() as kept:
        singles = kept.filter(kept.single.notnull()).mutate(waybill="single")
        return (
            *read_groups(kept.filter(kept.single.isnull())),
            *_count_singles(singles, tables, period, speeds),
        )


def _count_singles(singles: "Table", tables: Tables, period: Period, speeds: SpeedLimits) -> Iterator[Group]:
    """Count journeys (waybill, brand, outlet, pattern, between_s, whole_s) by where they went."""
    ends = tables["parcels"].select("origin", "destination", ends_of="waybill")
    ends = ends.semi_join(singles, ends.ends_of == singles.waybill)
    singles = singles.left_join(ends, singles.waybill == ends.ends_of)
    singles = singles.select("waybill", "brand", "outlet", "pattern", "between_s", "whole_s", "origin", "destination")
    named = speed_bits(name_outlets(singles, tables, period), tables, period, speeds)
    named = named.mutate(pattern=named.pattern + named.speed * 2 ** pattern_bits())
    return read_groups(named.group_by(["brand", "outlet", "pattern"]).aggregate(**count_with_examples(named)))


def _read(pattern: int) -> tuple[tuple[str, str], ...]:
    return read_steps(pattern % 2 ** pattern_bits()) + read_speed(pattern >> pattern_bits())


def _rows(found: Iterable[tuple[str, str, Group]], judged: Iterable[Group]) -> tuple[ConformanceRow, ...]:
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
