"""One city in one month: everything parcels, registers and truth are drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthouse.sample.geography import Geography, make_geography
from posthouse.sample.kind import Kind, get_kind
from posthouse.sample.market import Market, make_market
from posthouse.sample.months import Month
from posthouse.sample.regions import Region, list_regions
from posthouse.sample.service import Service, serve_villages
from posthouse.sample.streams import open_stream

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """How a plan was carried out in the month. truth : what truth.json says of it.

    arrived_s, departed_s : by village and day, seconds of the day when the village's parcels came and when they set
    out; -1 where nobody came by the plan.
    """

    arrived_s: "npt.NDArray[np.int64]"
    departed_s: "npt.NDArray[np.int64]"
    truth: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """secondary_charge : names of the brands that charge villagers twice. carried_out : None where no plan is."""

    kind: Kind
    seed: int
    month: Month
    geography: Geography
    market: Market
    regions: tuple[Region, ...]
    service: Service
    secondary_charge: tuple[str, ...]
    carried_out: CarriedOut | None = None


def make_world(kind_name: str, seed: int, villages: int, month: Month) -> World:
    """Return the city of this kind and seed as it stands in this month."""
    kind = get_kind(kind_name)
    geography = make_geography(kind, seed, villages)
    chosen = open_stream(seed, kind.name, "secondary charge").permutation(len(kind.brands))
    guilty = sorted(int(i) for i in chosen[: kind.market.secondary_charge_brands])
    return World(
        kind=kind,
        seed=seed,
        month=month,
        geography=geography,
        market=make_market(geography, seed, month.index),
        regions=list_regions(kind),
        service=serve_villages(geography, seed, month),
        secondary_charge=tuple(kind.brands[i].name for i in guilty),
    )
