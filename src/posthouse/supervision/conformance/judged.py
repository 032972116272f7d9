"""Which journeys a period judges, and which outlet answers for one that no outlet scanned.

A journey belongs to the period in which it was signed; one that was never signed, to the period in which its last
step is `open_days` old, so that nothing is judged before its time and nothing falls between two months.
"""

from typing import TYPE_CHECKING

from posthouse.measures.forms import DAY_S, Tables, end_second, start_second, town_of, valid_at_end, within
from posthouse.records.fold import steps
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import IntegerColumn, Table

LONGEST_DAYS = 60
"""Journeys that began longer before the period are left out: a month's check must not read the years before it."""


def judged_journeys(tables: Tables, period: Period, open_days: int) -> "Table":
    """Return the journeys that the period judges, all columns."""
    journeys = tables["journeys"]
    recent = journeys.filter(
        journeys.first_s >= start_second(period) - LONGEST_DAYS * DAY_S, journeys.first_s < end_second(period)
    )
    return recent.filter(within(recent.delivered_s.coalesce(_last_step(recent) + open_days * DAY_S), period))


def with_outlet(journeys: "Table", tables: Tables, period: Period) -> "Table":
    """Return the journeys with the outlet filled in where only the scan of its arrival is missing.

    Journeys know their outlet by that scan. Without it, the outlet is the brand's outlet in the town of destination,
    if the brand has exactly one there; else it stays null.
    """
    is_lost = journeys.outlet_arrived_s.isnull() & (
        journeys.out_for_delivery_s.notnull() | journeys.village_arrived_s.notnull() | journeys.delivered_s.notnull()
    )
    outlets = valid_at_end(tables["outlets"], period)
    outlets = outlets.filter(outlets.kind == "outlet")
    homes = outlets.group_by("brand", town=town_of(outlets.division)).aggregate(
        outlets=outlets.count(), home=outlets.outlet_id.min()
    )
    homes = homes.filter(homes.outlets == 1).drop("outlets")
    parcels = tables["parcels"]
    towns = parcels.select("waybill", town=town_of(parcels.destination))
    lost = journeys.filter(is_lost).drop("outlet").left_join(towns, ["waybill"]).drop("waybill_right")
    lost = lost.left_join(homes, ["brand", "town"]).rename(outlet="home")
    return journeys.filter(~is_lost).union(lost.select(*journeys.columns))


def _last_step(journeys: "Table") -> "IntegerColumn":
    """Time of the furthest step seen before delivery."""
    import ibis

    return ibis.coalesce(*(journeys[f"{step}_s"] for step in reversed(steps()[:-1])))
