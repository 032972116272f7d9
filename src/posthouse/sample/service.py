"""How often each village is really served, by which brands, month by month: the truth that scans are drawn from.

A village is served on 0, 1, 2, 4, 6 or 7 days a week. From July 2021 on some villages are mended and some relapse;
before that the state of June 2021 holds. Weekly patterns are 7-bit masks, bit 0 Monday.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from posthouse.sample.geography import Geography
from posthouse.sample.months import Month
from posthouse.sample.streams import open_stream

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

PATTERNS: dict[int, tuple[int, ...]] = {
    0: (0,),
    1: (0b0000100, 0b0010000, 0b0000010),
    2: (0b0001001, 0b0010010, 0b0100100),
    4: (0b0101011, 0b0110101, 0b0110110),
    6: (0b0111111,),
    7: (0b1111111,),
}
"""Weekly patterns by number of days."""

MENDED_LEVEL, RELAPSED_LEVEL = 6, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The service of one month, by village.

    level : days a week, shape (n_villages,). union : pattern of days on which any brand comes. pattern : by village and
    brand, 0 where the brand does not come. outlet_share : share of parcels that villagers fetch at the town outlet
    although the brand comes. skipped : days of the month on which nobody came though it was a day of service, shape
    (n_villages, days). opened_month, closed_month : month index from which, and before which, there is a village
    station; a station of always has opened_month -99, none at all 9_999.
    """

    month: Month
    level: "npt.NDArray[np.int64]"
    union: "npt.NDArray[np.int64]"
    pattern: "npt.NDArray[np.int64]"
    outlet_share: "npt.NDArray[np.float64]"
    skipped: "npt.NDArray[np.bool_]"
    opened_month: "npt.NDArray[np.int64]"
    closed_month: "npt.NDArray[np.int64]"
    mended: "npt.NDArray[np.bool_]"
    relapsed: "npt.NDArray[np.bool_]"

    @property
    def has_station(self) -> "npt.NDArray[np.bool_]":
        """Whether the village has a station on the last day of the month."""
        return (self.opened_month <= self.month.index) & (self.month.index < self.closed_month)


ALWAYS, NEVER = -99, 9_999


def serve_villages(geography: Geography, seed: int, month: Month) -> Service:
    """Return how the villages are served in this month."""
    import numpy as np

    kind = geography.kind
    n = geography.n_villages
    levels = [_first_levels(geography, seed)]
    for index in range(1, month.index + 1):
        levels.append(_next_levels(geography, seed, index, levels))
    level = levels[-1]
    before = levels[-2] if len(levels) > 1 else level
    promise = kind.promise_days_per_week
    stream = open_stream(seed, kind.name, n, "patterns")
    choice = stream.integers(0, 6, size=n)
    union = np.array([PATTERNS[int(lv)][int(c) % len(PATTERNS[int(lv)])] for lv, c in zip(level, choice, strict=True)])
    ever_mended = np.zeros(n, dtype=bool)
    for earlier, later in pairwise(levels):
        ever_mended |= (earlier < promise) & (later >= promise)
    affinity = stream.random((n, len(kind.brands)))
    pattern = _brand_patterns(geography, union, affinity, ever_mended & (level >= promise), month)
    opened, closed = _stations(geography, seed, level=levels[0])
    tendency = stream.uniform(0.5, 1.5, n)
    has_station = (opened <= month.index) & (month.index < closed)
    rain = open_stream(seed, kind.name, n, "rain", month.text)
    rainy = (rain.random(n) < kind.service.rain_days) & (level >= 4)
    rain_day = rain.integers(2, month.days - 2, size=n)
    return Service(
        month=month,
        level=level,
        union=union,
        pattern=pattern,
        outlet_share=np.clip(fetched_share(level) * tendency + np.where(has_station, 0.0, 0.08), 0.0, 1.0),
        skipped=rainy[:, None] & (rain_day[:, None] == np.arange(month.days)),
        opened_month=opened,
        closed_month=closed,
        mended=(before < promise) & (level >= promise),
        relapsed=(before >= promise) & (level < promise),
    )


def fetched_share(level: "npt.NDArray[np.int64]") -> "npt.NDArray[np.float64]":
    """Return which share of parcels is fetched in town, by days of service a week: who waits long goes there."""
    import numpy as np

    return np.select([level >= 5, level >= 3, level == 2, level == 1], [0.08, 0.18, 0.36, 0.50], 1.0)


def _first_levels(geography: Geography, seed: int) -> "npt.NDArray[np.int64]":
    """Return the levels of June 2021: the far villages are the badly served ones, with exceptions."""
    import numpy as np

    n, service = geography.n_villages, geography.kind.service
    stream = open_stream(seed, geography.kind.name, n, "levels")
    nearness = -geography.place_minutes[:n] + stream.normal(0, 14.0, n)
    nearness += 12.0 * np.log(geography.place_population[:n] / geography.place_population[:n].mean())
    shares = np.array([service.days_0, service.days_1, service.days_2, service.days_4, service.days_6, service.days_7])
    bounds = np.round(np.cumsum(shares / shares.sum()) * n)
    rank = np.empty(n, dtype=np.int64)
    rank[np.argsort(nearness, kind="stable")] = np.arange(n)
    return np.array([0, 1, 2, 4, 6, 7])[np.searchsorted(bounds[:-1], rank, side="right")]


def _next_levels(
    geography: Geography, seed: int, index: int, levels: "list[npt.NDArray[np.int64]]"
) -> "npt.NDArray[np.int64]":
    import numpy as np

    kind, service = geography.kind, geography.kind.service
    stream = open_stream(seed, kind.name, geography.n_villages, "change", index)
    now, before = levels[-1], levels[-2] if len(levels) > 1 else levels[-1]
    promise = kind.promise_days_per_week
    failing = now < promise
    just_mended = ~failing & (before < promise)
    settled = ~failing & ~just_mended
    result = now.copy()
    shares = (
        (failing, service.mended_first if index == 1 else service.mended_later, MENDED_LEVEL),
        (just_mended, service.relapsed_of_mended, RELAPSED_LEVEL),
        (settled, service.relapsed_of_fine, RELAPSED_LEVEL),
    )
    for group, share, level in shares:
        members = np.flatnonzero(group)
        count = min(len(members), max(1, round(len(members) * share)))
        result[stream.permutation(members)[:count]] = level
    return result


def _brand_patterns(
    geography: Geography,
    union: "npt.NDArray[np.int64]",
    affinity: "npt.NDArray[np.float64]",
    favoured: "npt.NDArray[np.bool_]",
    month: Month,
) -> "npt.NDArray[np.int64]":
    """Return by village and brand the days on which the brand comes; the first joint brand comes on every one.

    favoured : villages lately mended, where nearly all brands joined.
    """
    import numpy as np

    brands = geography.kind.brands
    gain = geography.kind.quality.monthly_gain * max(0, month.index)
    pattern = np.zeros((len(union), len(brands)), dtype=np.int64)
    thinned = np.array([_thin(mask) for mask in range(128)])
    leading = next(i for i, brand in enumerate(brands) if brand.pool == "joint")
    for i, brand in enumerate(brands):
        comes = affinity[:, i] < np.where(favoured, max(0.97, brand.coverage), min(1.0, brand.coverage + gain))
        days = union if brand.pool == "joint" else thinned[union]
        pattern[:, i] = np.where(comes | (i == leading), days, 0)
    return pattern


def _thin(mask: int) -> int:
    """Return every other day of a pattern of four days or more, the pattern itself otherwise."""
    days = [day for day in range(7) if mask >> day & 1]
    return sum(1 << day for day in (days[::2] if len(days) >= 4 else days))


def _stations(
    geography: Geography, seed: int, *, level: "npt.NDArray[np.int64]"
) -> "tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]":
    """Return from which month index on, and before which, each village has a station."""
    import numpy as np

    kind, n = geography.kind, geography.n_villages
    stream = open_stream(seed, kind.name, n, "stations")
    order = np.argsort(-level + stream.uniform(0, 5.0, n), kind="stable")
    n_first = round(n * kind.service.station)
    opened = np.full(n, ALWAYS)
    waiting = order[n_first:]
    # Of those without a station a share gets one each month, from July 2021 on: month 1, 2, 3 …
    delay = stream.geometric(kind.service.station_opened, size=len(waiting))
    if len(waiting):
        delay[0] = 1
    opened[waiting] = delay
    closed = np.full(n, NEVER)
    closing = order[: max(1, round(n_first * kind.service.station_closed))]
    closed[closing] = 2 + np.arange(len(closing)) % 6
    return opened, closed
