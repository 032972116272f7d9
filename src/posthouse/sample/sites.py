"""The words that scans use for places: outlets and centres, village stations, lockers; and the villages."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthouse.sample.batches import (
    ACCEPTED,
    DELIVERED,
    DESTINATION_ARRIVED,
    DESTINATION_DEPARTED,
    LOCKER,
    ORIGIN_ARRIVED,
    ORIGIN_DEPARTED,
    OUT_FOR_DELIVERY,
    OUTLET_ARRIVED,
    STATION,
    VILLAGE_ARRIVED,
    Batch,
)
from posthouse.sample.world import World

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """names : every site; first the outlets and centres of June 2021, then a station and a locker for each place."""

    names: tuple[str, ...]
    n_outlets: int
    n_places: int

    def station(self, place: "Ints") -> "Ints":
        """Return the site of a place's station."""
        return self.n_outlets + place

    def locker(self, place: "Ints") -> "Ints":
        """Return the site of a place's locker."""
        return self.n_outlets + self.n_places + place


def list_sites(world: World) -> Sites:
    """Return the sites of this city."""
    codes = world.geography.place_codes
    outlets = [outlet.outlet_id for outlet in world.market.outlets[: world.market.n_first]]
    return Sites(
        names=(*outlets, *(station_id(code) for code in codes), *(locker_id(code) for code in codes)),
        n_outlets=len(outlets),
        n_places=len(codes),
    )


def station_id(code: str) -> str:
    """Return the id of the village station, or the community's station, of this place."""
    return f"ZD{code}"


def locker_id(code: str) -> str:
    """Return the id of the first parcel locker of this place."""
    return f"GX{code}"


def locate(world: World, sites: Sites, batch: Batch) -> "Ints":
    """Return the site of every scan of the batch, shape (n, 9); -1 outside the city."""
    import numpy as np

    geography, market, destinies = world.geography, world.market, batch.destinies
    n_domestic = market.outlet_of.shape[1]
    domestic = np.minimum(destinies.brand, n_domestic - 1)
    located = np.full(batch.times.shape, -1, dtype=np.int64)
    sent, bound = destinies.origin >= 0, destinies.destination >= 0
    origin_town = geography.place_town[np.maximum(destinies.origin, 0)]
    town = geography.place_town[np.maximum(destinies.destination, 0)]
    origin_centre = market.centre_of[geography.town_county[origin_town], destinies.brand]
    centre = market.centre_of[geography.town_county[town], destinies.brand]
    counter = np.where(destinies.brand < n_domestic, market.outlet_of[origin_town, domestic], origin_centre)
    outlet = market.outlet_of[town, domestic]
    located[:, ACCEPTED] = np.where(sent, counter, -1)
    located[:, ORIGIN_ARRIVED] = located[:, ORIGIN_DEPARTED] = np.where(sent, origin_centre, -1)
    located[:, DESTINATION_ARRIVED] = located[:, DESTINATION_DEPARTED] = np.where(bound, centre, -1)
    located[:, OUTLET_ARRIVED] = located[:, OUT_FOR_DELIVERY] = np.where(bound, outlet, -1)
    station = sites.station(destinies.destination)
    has_station = np.zeros(geography.n_places, dtype=bool)
    has_station[: geography.n_villages] = world.service.has_station
    in_village = destinies.village >= 0
    located[:, VILLAGE_ARRIVED] = np.where(
        in_village & has_station[np.maximum(destinies.village, 0)], station, np.where(in_village, outlet, -1)
    )
    handed = np.where(
        destinies.how == STATION,
        station,
        np.where(destinies.how == LOCKER, sites.locker(destinies.destination), outlet),
    )
    located[:, DELIVERED] = np.where(bound, handed, -1)
    return located
