"""The city on the ground: towns, villages, communities, islands, and the roads and ferries between them.

A pure function of kind, seed and number of villages; months never change it. Distances in km, times in minutes.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthouse.sample.kind import Kind
from posthouse.sample.layout import Layout, lay_out
from posthouse.sample.names import draw_names, syllables
from posthouse.sample.streams import open_stream

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


SPEED_KMH = {"trunk": 62.0, "county_road": 42.0, "village_road": 27.0}
"""Assumed mean speeds of the sample; not from a source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """An edge, both ways; nodes are division codes."""

    start: str
    end: str
    kind: str
    length_km: float
    minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Geography:
    """Places in fixed order. Villages (administrative ones) come before communities in `place_*`.

    place_town : index of the town, shape (n_places,). place_minutes : drive from the town seat, ferry included.
    place_parent : index of the place one hop nearer to the town seat, -1 for the seat itself.
    place_island, town_island : index into kind.islands, -1 on the mainland. valleys : places in order along each line,
    from the town outwards.
    """

    kind: Kind
    town_codes: tuple[str, ...]
    town_names: tuple[str, ...]
    town_kinds: tuple[str, ...]
    town_county: "npt.NDArray[np.int64]"
    town_lon: "npt.NDArray[np.float64]"
    town_lat: "npt.NDArray[np.float64]"
    town_island: "npt.NDArray[np.int64]"
    n_villages: int
    place_codes: tuple[str, ...]
    place_names: tuple[str, ...]
    place_town: "npt.NDArray[np.int64]"
    place_population: "npt.NDArray[np.int64]"
    place_lon: "npt.NDArray[np.float64]"
    place_lat: "npt.NDArray[np.float64]"
    place_minutes: "npt.NDArray[np.float64]"
    place_parent: "npt.NDArray[np.int64]"
    place_island: "npt.NDArray[np.int64]"
    valleys: tuple[tuple[int, ...], ...]
    roads: tuple[Road, ...]

    @property
    def n_places(self) -> int:
        """Villages and communities."""
        return len(self.place_codes)


def make_geography(kind: Kind, seed: int, villages: int) -> Geography:
    """Return the city on the ground.

    Parameters
    ----------
    villages : number of administrative villages, >= 10.
    """
    import numpy as np

    layout = lay_out(kind, seed, villages)
    stream = open_stream(seed, kind.name, villages, "names")
    town_kinds = _town_kinds(kind, layout, stream)
    town_codes = _town_codes(kind, layout, town_kinds)
    suffix = {"subdistrict": "街道", "town": "镇", "township": "乡"}
    seats = draw_names(stream, "town_first", "town_second", len(town_codes))
    shape = kind.shape
    n_communities = max(2, round(villages * shape.communities_per_village))
    weights = np.array([{"subdistrict": 6.0, "town": 1.0, "township": 0.05}[k] for k in town_kinds])
    community_town = np.sort(stream.choice(len(town_codes), size=n_communities, p=weights / weights.sum()))
    place_town = np.concatenate([layout.village_town, community_town])
    x = np.concatenate([layout.village_x, layout.town_x[community_town] + stream.uniform(-0.9, 0.9, n_communities)])
    y = np.concatenate([layout.village_y, layout.town_y[community_town] + stream.uniform(-0.9, 0.9, n_communities)])
    lon, lat = _degrees(kind, x, y)
    town_lon, town_lat = _degrees(kind, layout.town_x, layout.town_y)
    population = np.concatenate(
        [
            np.clip(shape.village_population * np.exp(stream.normal(0, 0.45, villages)), 120, 9_000),
            np.clip(shape.community_population * np.exp(stream.normal(0, 0.35, n_communities)), 900, 20_000),
        ]
    ).astype(np.int64)
    codes = _place_codes(town_codes, place_town, villages)
    parents = np.concatenate([layout.village_parent, np.full(n_communities, -1)])
    roads, minutes = _roads(town_codes, codes, layout, parents=parents, place_town=place_town, x=x, y=y, stream=stream)
    second = "island_village_second" if shape.form == "islands" else "village_second"
    names = [f"{name}村" for name in draw_names(stream, "village_first", second, villages)]
    names += [f"{name}社区" for name in _community_names(stream, n_communities)]
    return Geography(
        kind=kind,
        town_codes=town_codes,
        town_names=tuple(f"{seat}{suffix[k]}" for seat, k in zip(seats, town_kinds, strict=True)),
        town_kinds=town_kinds,
        town_county=layout.town_county,
        town_lon=town_lon,
        town_lat=town_lat,
        town_island=layout.town_island,
        n_villages=villages,
        place_codes=codes,
        place_names=tuple(names),
        place_town=place_town,
        place_population=population,
        place_lon=lon,
        place_lat=lat,
        place_minutes=minutes,
        place_parent=parents,
        place_island=np.concatenate([layout.village_island, layout.town_island[community_town]]),
        valleys=layout.valleys,
        roads=roads,
    )


def _town_kinds(kind: Kind, layout: Layout, stream: "np.random.Generator") -> tuple[str, ...]:
    import numpy as np

    kinds = np.full(len(layout.town_x), "town", dtype=object)
    n_urban = max(1, round(len(kinds) * kind.shape.subdistrict_share))
    urban_first = np.argsort([not kind.counties[c].is_urban for c in layout.town_county], kind="stable")
    kinds[urban_first[:n_urban]] = "subdistrict"
    rest = urban_first[n_urban:]
    kinds[rest[stream.permutation(len(rest))[: round(len(kinds) * kind.shape.township_share)]]] = "township"
    return tuple(str(k) for k in kinds)


def _town_codes(kind: Kind, layout: Layout, town_kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Subdistricts count from 001, towns from 100, townships from 200, as in the statistical code."""
    counters: dict[tuple[int, str], int] = {}
    codes = []
    for county, town_kind in zip(layout.town_county, town_kinds, strict=True):
        key = (int(county), town_kind)
        counters[key] = counters.get(key, -1) + 1
        base = {"subdistrict": 1, "town": 100, "township": 200}[town_kind]
        codes.append(f"{kind.counties[int(county)].code}{base + counters[key]:03d}000")
    return tuple(codes)


def _place_codes(town_codes: tuple[str, ...], place_town: "npt.NDArray[np.int64]", villages: int) -> tuple[str, ...]:
    """Communities count from 001, villages from 200, as in the statistical code."""
    counters: dict[tuple[int, bool], int] = {}
    codes = []
    for place, town in enumerate(place_town):
        key = (int(town), place < villages)
        counters[key] = counters.get(key, -1) + 1
        codes.append(f"{town_codes[int(town)][:9]}{(200 if key[1] else 1) + counters[key]:03d}")
    return tuple(codes)


def _community_names(stream: "np.random.Generator", count: int) -> list[str]:
    base = [syllables("community")[int(i)] for i in stream.permutation(len(syllables("community")))]
    rounds = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]
    return [name + mark for mark in rounds for name in base][:count] + [
        f"{base[i % len(base)]}{i // len(base)}区" for i in range(len(base) * len(rounds), count)
    ]


def _degrees(
    kind: Kind, x_km: "npt.NDArray[np.float64]", y_km: "npt.NDArray[np.float64]"
) -> "tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]":
    import numpy as np

    lat = kind.city.centre_lat + y_km / 110.57
    lon = kind.city.centre_lon + x_km / (111.32 * np.cos(np.radians(kind.city.centre_lat)))
    return np.round(lon, 5), np.round(lat, 5)


def _roads(
    town_codes: tuple[str, ...],
    codes: tuple[str, ...],
    layout: Layout,
    *,
    parents: "npt.NDArray[np.int64]",
    place_town: "npt.NDArray[np.int64]",
    x: "npt.NDArray[np.float64]",
    y: "npt.NDArray[np.float64]",
    stream: "np.random.Generator",
) -> "tuple[tuple[Road, ...], npt.NDArray[np.float64]]":
    """Return the edges, and for each place the minutes from its town seat."""
    import numpy as np

    roads = []
    for a, b, kind, ferry_minutes in layout.town_links:
        length = float(np.hypot(layout.town_x[a] - layout.town_x[b], layout.town_y[a] - layout.town_y[b]))
        roads.append(_edge((town_codes[a], town_codes[b]), kind, length, ferry_minutes, stream))
    minutes = np.zeros(len(codes))
    for place, parent in enumerate(parents):
        town = int(place_town[place])
        from_x, from_y = (layout.town_x[town], layout.town_y[town]) if parent < 0 else (x[parent], y[parent])
        length = max(0.3, float(np.hypot(x[place] - from_x, y[place] - from_y)))
        start = town_codes[town] if parent < 0 else codes[parent]
        crossing = layout.crossings.get(place, 0.0)
        kind = "ferry" if crossing else "county_road" if parent < 0 else "village_road"
        edge = _edge((start, codes[place]), kind, length, crossing, stream)
        roads.append(edge)
        minutes[place] = edge.minutes + (0.0 if parent < 0 else minutes[parent])
    return tuple(roads), minutes


def _edge(
    ends: tuple[str, str], kind: str, straight_km: float, ferry_minutes: float, stream: "np.random.Generator"
) -> Road:
    start, end = ends
    if kind == "ferry":
        return Road(start=start, end=end, kind=kind, length_km=round(straight_km, 2), minutes=round(ferry_minutes, 1))
    length = straight_km * float(stream.uniform(1.12, 1.45))
    minutes = round(length / SPEED_KMH[kind] * 60 + 0.5, 1)
    return Road(start=start, end=end, kind=kind, length_km=round(length, 2), minutes=minutes)
