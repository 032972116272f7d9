"""Coordinate systems at the edge: Chinese maps shift positions by up to 700 m (GCJ-02), Baidu's once more (BD-09).

Registers kept on such maps are converted to WGS-84 as they come in. The shift is not published; the formula used
here is the one that map makers have worked out and that agrees with the maps within about a metre. Abroad nothing is
shifted. The way back has no formula: it is found by repeated correction, to a centimetre.
"""

from typing import TYPE_CHECKING

from posthouse.vocabulary.errors import UnusableInputError

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

SYSTEMS = ("wgs84", "gcj02", "bd09")

_AXIS_M = 6_378_245.0
_ECCENTRICITY_2 = 0.00669342162296594323
"""Krasovsky 1940, on which the shift is defined."""

_BD_PI = 3.14159265358979324 * 3000.0 / 180.0
_ROUNDS = 8
"""Each round of correction leaves less than a hundredth of the error before it."""


def to_wgs84(lon: "Floats", lat: "Floats", system: str) -> "tuple[Floats, Floats]":
    """Return WGS-84 degrees of positions given in a system (`wgs84`, `gcj02`, `bd09`); NaN stays NaN.

    Raises
    ------
    UnusableInputError : another system.
    """
    import numpy as np

    check_system(system)
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    guess_lon, guess_lat = lon, lat
    if system == "wgs84":
        return lon, lat
    for _ in range(_ROUNDS):
        there_lon, there_lat = from_wgs84(guess_lon, guess_lat, system)
        guess_lon, guess_lat = guess_lon + (lon - there_lon), guess_lat + (lat - there_lat)
    return guess_lon, guess_lat


def from_wgs84(lon: "Floats", lat: "Floats", system: str) -> "tuple[Floats, Floats]":
    """Return positions in a system (`wgs84`, `gcj02`, `bd09`) of WGS-84 degrees."""
    import numpy as np

    check_system(system)
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    if system == "wgs84":
        return lon, lat
    lon, lat = _shift(lon, lat)
    return (lon, lat) if system == "gcj02" else _baidu(lon, lat)


def check_system(system: str) -> None:
    """Raise UnusableInputError unless the system is one of SYSTEMS."""
    if system not in SYSTEMS:
        raise UnusableInputError(f"坐标系应为 {'、'.join(SYSTEMS)} 之一，实际为 {system!r}。请改正后重试。")


def _shift(lon: "Floats", lat: "Floats") -> "tuple[Floats, Floats]":
    import numpy as np

    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    wave = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + (wave + 20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north = north + (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + (wave + 20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east = east + (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    radians = np.radians(lat)
    magic = 1 - _ECCENTRICITY_2 * np.sin(radians) ** 2
    by_lat = north * 180.0 / (_AXIS_M * (1 - _ECCENTRICITY_2) / (magic * np.sqrt(magic)) * np.pi)
    by_lon = east * 180.0 / (_AXIS_M / np.sqrt(magic) * np.cos(radians) * np.pi)
    is_shifted = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)
    return np.where(is_shifted, lon + by_lon, lon), np.where(is_shifted, lat + by_lat, lat)


def _baidu(lon: "Floats", lat: "Floats") -> "tuple[Floats, Floats]":
    import numpy as np

    distance = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_PI)
    return distance * np.cos(angle) + 0.0065, distance * np.sin(angle) + 0.006
