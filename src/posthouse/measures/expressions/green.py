"""绿色发展: packaging of parcels accepted in the city, recycling at outlets, vehicles."""

from typing import TYPE_CHECKING

from posthouse.measures.expressions.outlets import outlet_counts, outlet_shares, valid_outlets
from posthouse.measures.expressions.returns import own_returns
from posthouse.measures.forms import (
    DAY_S,
    By,
    Parameters,
    Tables,
    flag,
    integer,
    journey_seconds,
    months_to_date,
    text,
    town_of,
    valid_at_end,
    within,
)
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import BooleanColumn, IntegerColumn, Table

TAPE_UNITS_PER_CM = 10_000
"""Mean tape is held in whole ten-thousandths of a centimetre, so that every engine gets the same bits."""


def standard_packaging_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel accepted in the city: whether its packaging keeps the standards."""
    parcels = accepted_parcels(tables, period)
    return _share(parcels, parcels.is_standard_packaging)


def slim_tape_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel accepted in the city: whether it is sealed with slim tape."""
    parcels = accepted_parcels(tables, period)
    return _share(parcels, parcels.is_slim_tape)


def e_waybill_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel accepted in the city: whether its waybill is electronic."""
    parcels = accepted_parcels(tables, period)
    return _share(parcels, parcels.has_e_waybill)


def no_repackaging_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per e-commerce parcel accepted in the city: whether it is not packed a second time."""
    parcels = accepted_parcels(tables, period)
    parcels = parcels.filter(parcels.is_ecommerce)
    # Known first, negated after: Ibis renders (~x).notnull() as NOT (x IS NOT NULL).
    return _known_parcels(parcels, flag(~parcels.is_repackaged), parcels.is_repackaged.notnull())


def reusable_bag_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel accepted in the city: whether it travels in a reusable transit bag."""
    parcels = accepted_parcels(tables, period)
    return _share(parcels, parcels.in_reusable_bag)


def tape_per_parcel(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel accepted in the city: centimetres of tape."""
    parcels = accepted_parcels(tables, period)
    return _known_parcels(parcels, parcels.tape_cm.fill_null(0), parcels.tape_cm.notnull())


def tape_reduction(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row (per brand): mean tape of the base year's months less that of the months to date, over the former."""
    keys = ["brand"] if "brand" in by else []
    now = _mean_tape(tables, months_to_date(period), keys)
    base = _mean_tape(tables, months_to_date(period, int(parameters["base_year"])), keys)
    both = (
        now.join(base.rename(base_tape="mean_tape"), keys)
        if keys
        else now.cross_join(base.rename(base_tape="mean_tape"))
    )
    return both.select(
        *keys,
        item=text("平均用量"),
        numerator=both.base_tape - both.mean_tape,
        denominator="base_tape",
    )


def urban_recycling_outlet_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per urban outlet: whether it has a recycling bin."""
    outlets = valid_outlets(tables, period)
    return outlet_shares(outlets.filter(outlets.is_urban), "has_recycling_bin")


def recycling_outlets(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per outlet: whether it has a recycling bin."""
    return outlet_counts(valid_outlets(tables, period), "has_recycling_bin")


def new_energy_vehicle_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per vehicle: whether it runs on new energy."""
    brands = tables["operators"].select("operator_id", "brand").distinct()
    vehicles = valid_at_end(tables["vehicles"], period).left_join(brands, ["operator_id"])
    return vehicles.select("brand", item="vehicle_id", numerator=flag(vehicles.is_new_energy), denominator=integer(1))


def accepted_parcels(tables: Tables, period: Period) -> "Table":
    """Parcels accepted in the city in the period, with what the measures of packaging ask of them."""
    if "accepted_parcels" in tables:
        return tables["accepted_parcels"]
    parcels = tables["parcels"]
    accepted = parcels.filter(within(journey_seconds(parcels.accepted_at), period)).select(
        "waybill",
        "brand",
        "origin",
        "is_standard_packaging",
        "is_slim_tape",
        "has_e_waybill",
        "is_ecommerce",
        "is_repackaged",
        "in_reusable_bag",
        "tape_cm",
        day=journey_seconds(parcels.accepted_at) // DAY_S,
    )
    return accepted.semi_join(tables["divisions"], accepted.origin == tables["divisions"].code)


def _share(parcels: "Table", quality: "BooleanColumn") -> "Table":
    return _known_parcels(parcels, flag(quality), quality.notnull())


def _known_parcels(parcels: "Table", numerator: "IntegerColumn", is_known: "BooleanColumn") -> "Table":
    return parcels.select(
        "brand",
        place=town_of(parcels.origin),
        day="day",
        item="waybill",
        numerator=numerator,
        denominator=flag(is_known),
        known=flag(is_known),
        expected=integer(1),
    )


def _mean_tape(tables: Tables, months: tuple[str, ...], keys: list[str]) -> "Table":
    """Mean tape per parcel by brand or in all, weighted by volume, in whole TAPE_UNITS_PER_CM of a centimetre."""
    returns = own_returns(tables, months)
    returns = returns.filter(returns.volume.notnull(), returns.tape_cm_per_parcel.notnull())
    # Rounded before it is summed: a sum of real numbers depends on the order in which an engine adds them.
    tape = (returns.tape_cm_per_parcel * TAPE_UNITS_PER_CM + 0.5).floor().cast("int64")
    weighted = returns.mutate(tape=tape * returns.volume)
    totals = weighted.aggregate(
        tape=weighted.tape.sum().cast("int64"), volume=weighted.volume.sum().cast("int64"), by=keys
    )
    return totals.select(*keys, mean_tape=(totals.tape // totals.volume.nullif(0)).cast("int64"))
