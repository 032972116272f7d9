"""What is known of the ground: a division, the tree of divisions, a matrix of travel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthouse.vocabulary.findings import Finding

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """One division. lon, lat in degrees (WGS-84), None where not surveyed; island is empty on the mainland."""

    code: str
    name: str
    level: str
    kind: str
    parent: str | None
    lon: float | None = None
    lat: float | None = None
    population: int | None = None
    households: int | None = None
    island: str = ""

    @property
    def position(self) -> tuple[float, float] | None:
        """(lon, lat), or None where not surveyed."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Divisions:
    """The tree of divisions, by code. `children` lists the codes right below each, in order of code."""

    by_code: Mapping[str, Division]
    children: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...] = ()

    def get(self, code: str) -> Division:
        """Return the division; KeyError where there is none."""
        return self.by_code[code]

    def find(self, code: str) -> Division | None:
        """Return the division or None."""
        return self.by_code.get(code)

    def list_level(self, level: str) -> tuple[Division, ...]:
        """Return all divisions of a level (`town`, `village` …), by code."""
        return tuple(d for _, d in sorted(self.by_code.items()) if d.level == level)

    def list_villages(self, area: str | None = None) -> tuple[Division, ...]:
        """Return the administrative villages (not the communities) of an area, or of everything, by code."""
        inside = self.by_code.values() if area is None else self.walk(area)
        return tuple(sorted((d for d in inside if d.kind == "administrative_village"), key=lambda d: d.code))

    def walk(self, code: str) -> Iterator[Division]:
        """Yield the division and all below it."""
        yield self.by_code[code]
        for child in self.children.get(code, ()):
            yield from self.walk(child)

    def ancestors(self, code: str) -> tuple[Division, ...]:
        """Return the divisions above, nearest first."""
        above = []
        seen = {code}
        parent = self.by_code[code].parent if code in self.by_code else None
        while parent is not None and parent in self.by_code and parent not in seen:
            seen.add(parent)
            above.append(self.by_code[parent])
            parent = self.by_code[parent].parent
        return tuple(above)

    def town_of(self, code: str) -> Division | None:
        """Return the town of a village, the division itself where it is a town, None above that."""
        own = self.by_code.get(code)
        if own is None or own.level == "town":
            return own
        return next((above for above in self.ancestors(code) if above.level == "town"), None)

    def name_with_town(self, code: str) -> str:
        """Return 东塘镇石桥村 for a village, the plain name for others, the code where it is unknown."""
        division = self.by_code.get(code)
        if division is None:
            return code
        town = self.town_of(code)
        return division.name if town is None or town.code == code else f"{town.name}{division.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """Travel between places, as the fastest road (and ferry) goes.

    origins, destinations : codes. minutes, distance_km : shape (n_origins, n_destinations); infinite where there is no
    way. is_estimated : where no road is known and the straight line times the detour factor was taken.
    detour, speed_kmh : the factor and speed of the estimate, fitted to the known roads. assumptions : in 中文.
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    minutes: "np.ndarray[tuple[int, int], np.dtype[np.float64]]"
    distance_km: "np.ndarray[tuple[int, int], np.dtype[np.float64]]"
    is_estimated: "np.ndarray[tuple[int, int], np.dtype[np.bool_]]"
    detour: float
    speed_kmh: float
    findings: tuple[Finding, ...] = ()
    assumptions: tuple[str, ...] = ()

    def basis(self, origin: int, destination: int) -> str:
        """Return where the entry is from: `road`, `straight_line`, or `none` where there is no way."""
        if self.is_estimated[origin, destination]:
            return "straight_line"
        return "road" if self.minutes[origin, destination] < float("inf") else "none"
