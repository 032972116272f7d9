"""Straight-line distance on the globe, and how much longer roads are."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""

DEFAULT_DETOUR = 1.4
"""Road over straight line where too few roads are known to fit it; hilly counties lie between 1.3 and 1.6."""

DEFAULT_SPEED_KMH = 30.0
"""Van on county and village roads where too few roads are known to fit it."""

LEAST_PAIRS = 10
"""Pairs of places with a known road, from which on the factors are fitted."""


def straight_km(lon1: "Floats", lat1: "Floats", lon2: "Floats", lat2: "Floats") -> "Floats":
    """Return great-circle distances in km; arguments in degrees, shapes broadcast."""
    import numpy as np

    p1, p2 = np.radians(lat1), np.radians(lat2)
    half = np.sin((p2 - p1) / 2) ** 2 + np.cos(p1) * np.cos(p2) * np.sin(np.radians(lon2 - lon1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)))


def fit_detour(straight: "Floats", road_km: "Floats", minutes: "Floats") -> tuple[float, float, bool]:
    """Return detour factor, speed in km/h, and whether they were fitted.

    The factor is the median of road over straight line, the speed the median of road over time, over the pairs
    that are at least 0.5 km apart and joined by a road; fewer than ten pairs give the defaults.
    """
    import numpy as np

    usable = (straight > 0.5) & np.isfinite(road_km) & (minutes > 0) & np.isfinite(minutes)
    if int(usable.sum()) < LEAST_PAIRS:
        return DEFAULT_DETOUR, DEFAULT_SPEED_KMH, False
    detour = float(np.median(road_km[usable] / straight[usable]))
    speed = float(np.median(road_km[usable] / minutes[usable] * 60))
    return max(1.0, detour), speed, True
