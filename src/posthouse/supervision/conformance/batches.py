"""Batches: many parcels of one outlet signed in the same second. No outlet's hands sign ten times a second."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ibis.expr.types import Table


def signed_in_batches(signed: "Table", least_batch: int) -> "Table":
    """Return the signed journeys (waybill, brand, outlet) of which an outlet has `least_batch` or more in one second.

    Only journeys with an outlet: all those of a brand outside the city would meet in a second by chance.
    """
    signed = signed.filter(signed.outlet.notnull())
    seconds = signed.group_by(["outlet", "delivered_s"]).aggregate(together=signed.count())
    batches = seconds.filter(seconds.together >= least_batch)
    return signed.select("waybill", "brand", "outlet", "delivered_s").semi_join(batches, ["outlet", "delivered_s"])
