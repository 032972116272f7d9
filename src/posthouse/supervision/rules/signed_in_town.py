"""Parcels addressed to a village but signed at the town outlet: the village was not reached, or nobody asked."""

from posthouse.measures.forms import Tables, within
from posthouse.supervision.model import Findings, Rule
from posthouse.vocabulary.periods import Period


def find_signed_in_town(tables: Tables, period: Period, rule: Rule) -> Findings:
    """Return a finding per outlet where `share` or more of its village parcels were signed in town, most first.

    Counted over parcels for administrative villages signed in the period, outlets with `least_parcels` or more.
    """
    divisions = tables["divisions"]
    villages = divisions.filter(divisions.kind == "administrative_village").select(destination="code").distinct()
    addressed = tables["parcels"].select("waybill", "destination").semi_join(villages, "destination")
    journeys = tables["journeys"]
    signed = journeys.filter(within(journeys.delivered_s, period), journeys.how.notnull(), journeys.outlet.notnull())
    signed = signed.select("waybill", "brand", "outlet", "how").semi_join(addressed, "waybill")
    counts = signed.group_by(["brand", "outlet"]).aggregate(
        parcels=signed.count(), in_town=(signed.how == "outlet").ifelse(1, 0).sum()
    )
    many = counts.filter(counts.parcels >= int(rule.parameters["least_parcels"]))
    rows = [
        (row["in_town"] / row["parcels"], row)
        for row in many.to_pyarrow().to_pylist()
        if row["in_town"] >= rule.parameters["share"] * row["parcels"]
    ]
    return tuple(
        rule.found(
            f"{row['brand']}网点{row['outlet']}：寄往建制村的{row['parcels']}件中，{row['in_town']}件在镇网点签收（{share:.0%}）",
            brand=row["brand"],
            place=row["outlet"],
            value=share,
            numerator=row["in_town"],
            denominator=row["parcels"],
        )
        for share, row in sorted(rows, key=lambda pair: (-pair[0], pair[1]["outlet"]))
    )
