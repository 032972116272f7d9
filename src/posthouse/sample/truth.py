"""truth.json: the right answers of a month, computed from what the generator knows and not from the files.

Shares are 0..1, delivery days are per week, numerators and denominators integers in base units, as in the catalogue
of measures.
"""

from collections.abc import Mapping

from posthouse.sample.declarations import Declarations
from posthouse.sample.inspection import Inspection
from posthouse.sample.misconduct import state_misconduct
from posthouse.sample.registered import Entry, measure_office, measure_registers, measure_returns, ratio
from posthouse.sample.tally import Tally
from posthouse.sample.world import World

Rows = list[Mapping[str, object]]


def state_month(
    world: World,
    tally: Tally,
    inspection: Inspection,
    declarations: Declarations,
    *,
    registers: Mapping[str, Rows],
    returns: Rows,
    office_log: Rows,
    faults: Mapping[str, int],
) -> dict[str, object]:
    """Return the entry of one month; measures of acceptance are added by `finish_month`."""
    geography, service = world.geography, world.service
    codes = geography.place_codes
    villages = range(geography.n_villages)
    measures = {
        **_village_measures(world, tally),
        **_delivery_measures(tally),
        **_inspection_measures(inspection),
        **measure_registers(world, registers),
        **measure_returns(world, returns, inspection.valid_complaints),
        **measure_office(world, office_log),
    }
    return {
        "parcels": tally.parcels,
        "villages": {codes[v]: _village(world, tally, declarations, v) for v in villages},
        "measures": measures,
        "accepted": {measure: {m: list(c) for m, c in months.items()} for measure, months in tally.accepted.items()},
        "false_declarations": list(declarations.false),
        "secondary_charge_brands": list(world.secondary_charge),
        "missing_step_waybills": dict(tally.missing),
        "misconduct": state_misconduct(tally.misconduct),
        **faults,
        **({"carried_out": world.carried_out.truth} if world.carried_out else {}),
        "dead_xray_outlets": list(inspection.dead_xray),
        "mended": [codes[v] for v in villages if service.mended[v]],
        "relapsed": [codes[v] for v in villages if service.relapsed[v]],
        "stations_opened": [codes[v] for v in villages if service.opened_month[v] == world.month.index],
        "stations_closed": [codes[v] for v in villages if service.closed_month[v] == world.month.index],
    }


def finish_month(entry: dict[str, object], accepted: Mapping[str, tuple[int, int]]) -> dict[str, object]:
    """Return the entry with the measures of parcels accepted in the month, from all files that hold such parcels."""
    measures: Mapping[str, object] = entry["measures"]  # type: ignore[assignment]
    known = {measure: ratio(numerator, denominator) for measure, (numerator, denominator) in accepted.items()}
    return entry | {"measures": {**measures, **known}}


def _village(world: World, tally: Tally, declarations: Declarations, village: int) -> dict[str, object]:
    days = int(tally.visits[village].sum())
    signed = int(tally.signed[village])
    code = world.geography.place_codes[village]
    return {
        "visit_days": days,
        "delivery_days_per_week": 7 * days / world.month.days,
        "brands": [b.name for i, b in enumerate(world.kind.brands) if tally.brand_visits[village, i]],
        "has_station": bool(world.service.has_station[village]),
        "declared": declarations.declared.get(code),
        "served_by_town_outlet_share": int(tally.fetched[village]) / signed if signed else None,
    }


def _village_measures(world: World, tally: Tally) -> dict[str, Entry]:
    import numpy as np

    geography, days = world.geography, world.month.days
    n, main = geography.n_villages, [i for i, brand in enumerate(world.kind.brands) if brand.is_main]
    visits = tally.visits.sum(axis=1)
    covered = {world.kind.brands[i].name: ratio(int(tally.brand_visits[:, i].sum()), n) for i in main}
    towns = np.array([kind in ("town", "township") for kind in geography.town_kinds])
    measures = {
        "delivery_days_per_week": ratio(7 * int(visits.sum()), n * days),
        "village_coverage": ratio(int((visits > 0).sum()), n),
        "village_coverage_by_brand": ratio(int(tally.brand_visits[:, main].sum()), n * len(main))
        | {"by_brand": covered},
        "town_delivery_days_per_week": ratio(7 * int(tally.town_days[towns].sum()), int(towns.sum()) * days),
        "village_station_coverage": ratio(int(world.service.has_station.sum()), n),
        "locker_delivery_share": ratio(int(tally.lockers.sum()), int(tally.known.sum())),
    }
    if world.kind.islands:
        mains = np.array([island.is_main for island in world.kind.islands])[geography.place_island[:n]]
        measures["main_island_village_coverage"] = ratio(int((visits[mains] > 0).sum()), int(mains.sum()))
        measures["main_island_delivery_days_per_week"] = ratio(7 * int(visits[mains].sum()), int(mains.sum()) * days)
    return measures


def _delivery_measures(tally: Tally) -> dict[str, Entry]:
    return {measure: ratio(*counts) for measure, counts in tally.delivered.items()}


def _inspection_measures(inspection: Inspection) -> dict[str, Entry]:
    charged = {brand: (called - fine, called) for brand, (fine, called) in inspection.callbacks.items()}
    total = [sum(part) for part in zip(*charged.values(), strict=True)]
    return {
        "real_name_rate": ratio(*inspection.controls["real_name"]),
        "acceptance_inspection_rate": ratio(*inspection.controls["acceptance_inspection"]),
        "security_screening_rate": ratio(*inspection.controls["security_screening"]),
        "video_network_rate": ratio(*inspection.networks["video"]),
        "xray_network_rate": ratio(*inspection.networks["xray"]),
        "secondary_charge_share": ratio(total[0], total[1])
        | {"by_brand": {brand: ratio(*counts) for brand, counts in charged.items()}},
    }
