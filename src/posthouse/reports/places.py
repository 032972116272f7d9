"""What the map of a month draws, taken from the registers."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict

from posthouse.measures.model import Measurement
from posthouse.reports.model import Place
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    import pyarrow


class MapLayers(TypedDict):
    """The fields of a MonthReport that the map draws."""

    places: Mapping[str, Place]
    village_days: Mapping[str, Measurement]
    stations: frozenset[str]


def map_layers(
    registers: "Mapping[str, pyarrow.Table]", village_days: Iterable[Measurement], period: Period
) -> MapLayers:
    """Return the divisions, the delivery days by village, and the villages that have a station on the last day."""
    divisions = registers["divisions"].select(["code", "name", "kind", "lon", "lat"]).to_pylist()
    day = period.end_on - timedelta(days=1)
    return MapLayers(
        places={row["code"]: Place(**row) for row in divisions},
        village_days={m.place: m for m in village_days if m.place},
        stations=frozenset(
            row["division"]
            for row in registers["service_points"].select(["division", "kind", "valid_from", "valid_to"]).to_pylist()
            if row["kind"] == "village_station"
            and (row["valid_from"] is None or row["valid_from"] <= day)
            and (row["valid_to"] is None or row["valid_to"] > day)
        ),
    )
