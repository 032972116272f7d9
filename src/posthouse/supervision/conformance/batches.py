"""Batches: many parcels of one brand and outlet signed in the same second. No hand signs ten times a second."""

from typing import TYPE_CHECKING

from posthouse.measures.forms import integer

if TYPE_CHECKING:
    from ibis.expr.types import Table


def signed_batches(journeys: "Table", least_batch: int) -> "Table":
    """Return one row per batch of `least_batch` parcels or more, with its least waybill; weight is its parcels.

    Only parcels with an outlet: all those of a brand outside the city would meet in a second by chance.
    """
    signed = journeys.filter(journeys.delivered_s.notnull(), journeys.outlet.notnull())
    batches = signed.group_by(["brand", "outlet", "delivered_s"]).aggregate(
        waybill=signed.waybill.min(), weight=signed.count()
    )
    large = batches.filter(batches.weight >= least_batch)
    return large.select("waybill", "brand", "outlet", "weight", pattern=integer(1))
