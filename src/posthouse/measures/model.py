"""What measuring answers: one Measurement per measure, period, place, brand and outlet."""

from dataclasses import dataclass

from posthouse.vocabulary.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One figure that can be traced to its rows.

    place : division code, or None for the whole area. brand : or None for all brands. outlet : or None for all.
    value : numerator / denominator in the measure's unit, or the count; None where the data cannot say.
    numerator, denominator : integers in base units; denominator None for plain counts.
    coverage : 0..1, share of the input that should be there and is (days with scans, operators with returns …);
        0.0 where there is none, and then the value is None: missing is not zero.
    version : of the measure's definition. note : why there is no value, or what to bear in mind (中文).
    """

    measure: str
    period: Period
    place: str | None = None
    brand: str | None = None
    outlet: str | None = None
    value: float | None
    numerator: int | None
    denominator: int | None
    coverage: float
    unit: str
    version: int = 1
    note: str = ""
