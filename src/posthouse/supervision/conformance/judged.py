"""Which journeys a period judges, and which outlet answers for one that no outlet scanned.

A journey belongs to the period in which it was signed; one that was never signed, to the period in which its last
step is `open_days` old, so that nothing is judged before its time and nothing falls between two months.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from posthouse.measures.forms import DAY_S, EPOCH_ON, Tables, town_of, valid_at_end, within
from posthouse.records.fold import steps
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, IntegerColumn, Table

LONGEST_DAYS = 60
"""Journeys that began longer before the period are left out: a month's check must not read the years before it."""


def judged_days(period: Period) -> tuple[date, date]:
    """Return the first day on which a judged journey can have begun, and the first on which none can."""
    return period.start_on - timedelta(days=LONGEST_DAYS), period.end_on


def judged_journeys(tables: Tables, period: Period, open_days: int) -> "Table":
    """Return the journeys that the period judges, all columns."""
    recent = _recent_journeys(tables, period)
    return recent.filter(within(recent.delivered_s.coalesce(_last_step(recent) + open_days * DAY_S), period))


def signed_journeys(tables: Tables, period: Period) -> "Table":
    """Return those of the judged journeys that were signed; apart, because it reads two columns and not ten."""
    recent = _recent_journeys(tables, period)
    return recent.filter(within(recent.delivered_s, period))


def lacks_outlet(journeys: "Table") -> "BooleanValue":
    """Whether a journey went on after its outlet without a scan of arrival there, which is what names the outlet."""
    return journeys.outlet_arrived_s.isnull() & (
        journeys.out_for_delivery_s.notnull() | journeys.village_arrived_s.notnull() | journeys.delivered_s.notnull()
    )


def name_outlets(parcels: "Table", tables: Tables, period: Period) -> "Table":
    """Return parcels (brand, outlet, destination, …) with a null outlet filled in where it can be known.

    It is the brand's outlet in the town of destination, if the brand has exactly one there; else it stays null.
    """
    outlets = valid_at_end(tables["outlets"], period)
    outlets = outlets.filter(outlets.kind == "outlet")
    homes = outlets.group_by(home_brand="brand", home_town=town_of(outlets.division)).aggregate(
        outlets=outlets.count(), home=outlets.outlet_id.min()
    )
    homes = homes.filter(homes.outlets == 1)
    found = parcels.left_join(
        homes, [parcels.brand == homes.home_brand, town_of(parcels.destination) == homes.home_town]
    )
    return found.mutate(outlet=found.outlet.coalesce(found.home)).select(*parcels.columns)


def _recent_journeys(tables: Tables, period: Period) -> "Table":
    journeys = tables["journeys"]
    first, end = ((day - EPOCH_ON).days * DAY_S for day in judged_days(period))
    return journeys.filter(journeys.first_s >= first, journeys.first_s < end)


def _last_step(journeys: "Table") -> "IntegerColumn":
    """Time of the furthest step seen before delivery."""
    import ibis

    return ibis.coalesce(*(journeys[f"{step}_s"] for step in reversed(steps()[:-1])))
