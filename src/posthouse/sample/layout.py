"""Where towns and villages lie, in km around the centre, and which links join them: valleys, islands or a plain."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

from posthouse.sample.kind import Kind
from posthouse.sample.streams import open_stream

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

TownLink = tuple[int, int, str, float]
"""Two towns, the kind of road, and the minutes of the crossing for a ferry (0 for a road)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Positions in km and the tree of villages.

    village_parent : index of the village one hop nearer to the town, -1 for the seat. crossings : minutes of the ferry
    on the hop towards the parent, for the first village of an island without a town.
    """

    town_x: "Floats"
    town_y: "Floats"
    town_county: "Ints"
    town_island: "Ints"
    town_links: tuple[TownLink, ...]
    village_x: "Floats"
    village_y: "Floats"
    village_town: "Ints"
    village_parent: "Ints"
    village_island: "Ints"
    crossings: Mapping[int, float]
    valleys: tuple[tuple[int, ...], ...]


def lay_out(kind: Kind, seed: int, villages: int) -> Layout:
    """Return the positions for this number of villages; towns are sorted by county."""
    stream = open_stream(seed, kind.name, villages, "layout")
    if kind.shape.form == "islands":
        return _islands(kind, stream, villages)
    return _mainland(kind, stream, villages)


def _mainland(kind: Kind, stream: "np.random.Generator", villages: int) -> Layout:
    import numpy as np

    n_towns = max(len(kind.counties), 4, round(villages / kind.shape.villages_per_town))
    x, y = _scatter(n_towns, kind.shape.town_spacing_km, stream)
    county = _split_by_angle(kind, x, y)
    order = np.argsort(county, kind="stable")
    x, y, county = x[order], y[order], county[order]
    town_of = _deal(villages, np.exp(stream.normal(0, 0.35, n_towns)))
    lines = _Lines(kind, stream)
    for town in range(n_towns):
        lines.grow(town, -1, x[town], y[town], int((town_of == town).sum()), root=-1)
    return Layout(
        town_x=x,
        town_y=y,
        town_county=county,
        town_island=np.full(n_towns, -1),
        town_links=tuple(_spanning_links(x, y, np.arange(n_towns))),
        crossings={},
        **lines.arrays(),
    )


def _islands(kind: Kind, stream: "np.random.Generator", villages: int) -> Layout:
    import numpy as np

    spacing = kind.shape.town_spacing_km
    town_x: list[float] = []
    town_y: list[float] = []
    town_island: list[int] = []
    ports: dict[int, int] = {}
    centres: list[tuple[float, float]] = []
    for index, island in enumerate(kind.islands):
        ring, angle = 18.0 + 9.0 * index, 2.4 * index + float(stream.uniform(-0.3, 0.3))
        cx, cy = (0.0, 0.0) if index == 0 else (ring * np.cos(angle), ring * np.sin(angle))
        centres.append((float(cx), float(cy)))
        if island.towns:
            ports[index] = len(town_x)
            dx, dy = _scatter(island.towns, spacing, stream)
            town_x += list(cx + dx)
            town_y += list(cy + dy)
            town_island += [index] * island.towns
    x, y, on_island = np.array(town_x), np.array(town_y), np.array(town_island)
    links: list[TownLink] = []
    for index, port in ports.items():
        links += _spanning_links(x, y, np.flatnonzero(on_island == index))
        if index:
            links.append((0, port, "ferry", kind.islands[index].ferry_minutes))
    counts = np.bincount(_deal(villages, np.array([i.share for i in kind.islands])), minlength=len(kind.islands))
    lines, crossings = _Lines(kind, stream), {}
    parent_town = 0
    for index, island in enumerate(kind.islands):
        parent_town = ports.get(index, parent_town)
        if island.towns:
            own = np.flatnonzero(on_island == index)
            for town, count in zip(own, np.bincount(_deal(int(counts[index]), np.ones(len(own)))), strict=False):
                lines.grow(int(town), index, x[town], y[town], int(count), root=-1)
        elif counts[index]:
            first = lines.place(parent_town, index, *centres[index], parent=-1)
            crossings[first] = island.ferry_minutes
            lines.grow(parent_town, index, *centres[index], int(counts[index]) - 1, root=first)
    county = _split_by_angle(kind, x, y)
    return _sorted_by_county(
        Layout(
            town_x=x,
            town_y=y,
            town_county=county,
            town_island=on_island,
            town_links=tuple(links),
            crossings=crossings,
            **lines.arrays(),
        )
    )


def _sorted_by_county(layout: Layout) -> Layout:
    """Return the same layout with towns in the order of their counties."""
    import numpy as np

    order = np.argsort(layout.town_county, kind="stable")
    new = np.empty(len(order), dtype=np.int64)
    new[order] = np.arange(len(order))
    return replace(
        layout,
        town_x=layout.town_x[order],
        town_y=layout.town_y[order],
        town_county=layout.town_county[order],
        town_island=layout.town_island[order],
        town_links=tuple((int(new[a]), int(new[b]), kind, minutes) for a, b, kind, minutes in layout.town_links),
        village_town=new[layout.village_town],
    )


class _Lines:
    """Grows lines of villages out of a seat: a chain that drifts, with a side hamlet now and then."""

    def __init__(self, kind: Kind, stream: "np.random.Generator") -> None:
        self._shape, self._stream = kind.shape, stream
        self._rows: list[tuple[float, float, int, int, int]] = []
        self._valleys: list[tuple[int, ...]] = []

    def place(self, town: int, island: int, x: float, y: float, *, parent: int) -> int:
        """Add one village and return its index."""
        self._rows.append((float(x), float(y), town, parent, island))
        return len(self._rows) - 1

    def grow(self, town: int, island: int, x: float, y: float, count: int, *, root: int) -> None:
        """Add `count` villages in lines that start at the seat, or at village `root`."""
        import numpy as np

        n_lines = -(-count // self._shape.valley_villages) if count else 0
        step = self._shape.village_spacing_km * (0.5 if island >= 0 else 1.0)
        start = self._stream.uniform(0, 2 * np.pi)
        left = count
        for line in range(n_lines):
            length = -(-left // (n_lines - line))
            left -= length
            heading = start + 2 * np.pi * line / n_lines
            at, parent = (float(x), float(y)), root
            members: list[int] = []
            for _ in range(length):
                heading += self._stream.normal(0, 0.28)
                is_side = len(members) > 1 and self._stream.random() < 0.22
                turn = heading + (self._stream.choice([-1.2, 1.2]) if is_side else 0.0)
                far = step * self._stream.uniform(0.6, 1.5)
                spot = (at[0] + far * np.cos(turn), at[1] + far * np.sin(turn))
                index = self.place(town, island, *spot, parent=parent)
                members.append(index)
                if not is_side:
                    at, parent = spot, index
            self._valleys.append(tuple(members))

    def arrays(self) -> "_VillageArrays":
        """Return the fields of Layout that describe villages."""
        import numpy as np

        x, y, town, parent, island = (np.array(column) for column in zip(*self._rows, strict=True))
        return {
            "village_x": x,
            "village_y": y,
            "village_town": town.astype(np.int64),
            "village_parent": parent.astype(np.int64),
            "village_island": island.astype(np.int64),
            "valleys": tuple(self._valleys),
        }


class _VillageArrays(TypedDict):
    village_x: "Floats"
    village_y: "Floats"
    village_town: "Ints"
    village_parent: "Ints"
    village_island: "Ints"
    valleys: tuple[tuple[int, ...], ...]


def _scatter(count: int, spacing: float, stream: "np.random.Generator") -> "tuple[Floats, Floats]":
    """Return points on a jittered sunflower: evenly spread, never closer than about half the spacing."""
    import numpy as np

    i = np.arange(count)
    radius, angle = spacing * 0.72 * np.sqrt(i), i * np.pi * (3 - np.sqrt(5)) + stream.uniform(0, 2 * np.pi)
    jitter = spacing * 0.14
    return (
        radius * np.cos(angle) + stream.uniform(-jitter, jitter, count),
        radius * np.sin(angle) + stream.uniform(-jitter, jitter, count),
    )


def _split_by_angle(kind: Kind, x: "Floats", y: "Floats") -> "Ints":
    """Return the county of each town: sectors around the centre in the shares of the kind, none empty."""
    import numpy as np

    shares = np.array([county.share for county in kind.counties])
    bounds = np.cumsum(shares / shares.sum())[:-1] * len(x)
    rank = np.empty(len(x), dtype=np.int64)
    rank[np.argsort(np.arctan2(y, x), kind="stable")] = np.arange(len(x))
    return np.searchsorted(np.round(bounds), rank, side="right").astype(np.int64)


def _deal(count: int, weights: "Floats") -> "Ints":
    """Return a sorted list of owners, each with its share of `count` (at least one where count allows)."""
    import numpy as np

    owners = len(weights)
    base = np.ones(owners, dtype=np.int64) if count >= owners else (np.arange(owners) < count).astype(np.int64)
    rest = count - int(base.sum())
    exact = weights / weights.sum() * rest
    base += np.floor(exact).astype(np.int64)
    missing = count - int(base.sum())
    base[np.argsort(-(exact - np.floor(exact)), kind="stable")[:missing]] += 1
    return np.repeat(np.arange(owners), base)


def _spanning_links(x: "Floats", y: "Floats", nodes: "Ints") -> list[TownLink]:
    """Return the minimum spanning tree of these towns and a chord for every fourth town."""
    import numpy as np

    links: list[TownLink] = []
    inside = [int(nodes[0])] if len(nodes) else []
    outside = [int(n) for n in nodes[1:]]
    while outside:
        distance = np.hypot(x[inside][:, None] - x[outside], y[inside][:, None] - y[outside])
        a, b = np.unravel_index(int(np.argmin(distance)), distance.shape)
        links.append((inside[a], outside[b], "trunk" if len(links) % 2 == 0 else "county_road", 0.0))
        inside.append(outside.pop(int(b)))
    known = {frozenset(link[:2]) for link in links}
    for node in nodes[::4]:
        by_distance = np.argsort(np.hypot(x[nodes] - x[node], y[nodes] - y[node]), kind="stable")
        chord = next(
            (int(nodes[i]) for i in by_distance[1:] if frozenset((int(node), int(nodes[i]))) not in known), None
        )
        if chord is not None:
            known.add(frozenset((int(node), chord)))
            links.append((int(node), chord, "county_road", 0.0))
    return links
