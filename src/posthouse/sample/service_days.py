"""On which day of the month a parcel reaches its village: the next day of service after it came to the town outlet."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthouse.sample.months import Month

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

SLOTS = 4_096

WEEKDAY_WEIGHT = (1.04, 1.05, 1.03, 1.0, 1.0, 0.96, 0.86)
"""Relative volume of deliveries by weekday, Monday first."""

PEAKS = {(6, 17): 1.35, (6, 18): 1.6, (6, 19): 1.7, (6, 20): 1.5, (6, 21): 1.3, (11, 3): 1.5, (11, 4): 1.5} | {
    (11, day): factor for day, factor in ((12, 1.9), (13, 2.1), (14, 1.9), (15, 1.6), (16, 1.4))
}
"""Days after the great sales, by month and day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDays:
    """Tables over weekly patterns 0..127 and days of the month (0-based).

    slots : day drawn by a uniform slot, shape (128, SLOTS), in proportion to what has gathered since the last service.
    gap : days since the last service, shape (128, days), the pattern taken as running on before the month.
    following, preceding : nearest other day of service in the month, -1 for none. is_service : shape (128, days).
    """

    slots: "npt.NDArray[np.int16]"
    gap: "npt.NDArray[np.int64]"
    following: "npt.NDArray[np.int64]"
    preceding: "npt.NDArray[np.int64]"
    is_service: "npt.NDArray[np.bool_]"


def tabulate_service_days(month: Month) -> ServiceDays:
    """Return the tables of this month; pattern 127 (every day) serves all that is not bound for a village."""
    import numpy as np

    days = np.arange(month.days)
    weekday = (month.first_weekday + days) % 7
    start = month.period.start_on
    weight = np.array(
        [WEEKDAY_WEIGHT[w] * PEAKS.get((start.month, int(day) + 1), 1.0) for day, w in zip(days, weekday, strict=True)]
    )
    is_service = ((np.arange(128)[:, None] >> weekday) & 1).astype(bool)
    gap = np.ones((128, month.days), dtype=np.int64)
    following = np.full((128, month.days), -1)
    preceding = np.full((128, month.days), -1)
    slots = np.zeros((128, SLOTS), dtype=np.int16)
    for pattern in range(1, 128):
        served = days[is_service[pattern]]
        for day in served:
            back = 1
            while not pattern >> ((weekday[day] - back) % 7) & 1:
                back += 1
            gap[pattern, day] = back
        following[pattern, served[:-1]] = served[1:]
        preceding[pattern, served[1:]] = served[:-1]
        gathered = np.array([weight[max(0, day - gap[pattern, day] + 1) : day + 1].sum() for day in served])
        gathered *= gap[pattern, served] / np.minimum(served + 1, gap[pattern, served])
        bounds = np.round(np.cumsum(gathered) / gathered.sum() * SLOTS)
        slots[pattern] = served[np.searchsorted(bounds, np.arange(SLOTS), side="right").clip(max=len(served) - 1)]
    return ServiceDays(slots=slots, gap=gap, following=following, preceding=preceding, is_service=is_service)
