"""What a conformance check counts: one row per kind, step, brand and outlet."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformanceRow:
    """How many journeys of an outlet break one kind of conformance.

    kind : code of the rule without its room, for example `step_skipped`.
    step : the step that is missing, too early or too soon; empty where the kind concerns the whole journey.
    outlet : outlet that delivers; None for the brand as a whole, or where the outlet is outside the city or unknown.
    count : journeys that break the rule, > 0. parcels : all journeys judged of this outlet, or of the whole brand for
    what happens before the outlet, >= count.
    examples : up to five waybill hashes, ascending.
    """

    kind: str
    step: str
    brand: str
    outlet: str | None
    count: int
    parcels: int
    examples: tuple[int, ...]

    @property
    def share(self) -> float:
        """Count over parcels, in (0, 1]."""
        return self.count / self.parcels
