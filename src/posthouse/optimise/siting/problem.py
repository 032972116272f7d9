"""What a siting question is made of: costs, demands, limits. Arrays and ids only, checked when made.

A wrong shape is a fault of the calling program and raises ValueError; a value that cannot be used comes
from somebody's register and raises UnusableInputError, which names the customer or site.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posthouse.vocabulary.errors import UnusableInputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MedianProblem:
    """p-median: open exactly p sites so that serving every customer from its cheapest open site costs least.

    cost : cost of serving customer i wholly from site j, demand already multiplied in, shape (n_customers, n_sites),
        >= 0; inf where site j may not serve customer i.
    p : number of sites to open, 1 <= p <= n_sites.
    customers, sites : ids for messages; numbered from 1 where left empty.
    """

    cost: Floats
    p: int
    customers: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.cost.ndim != 2 or 0 in self.cost.shape:
            raise ValueError(f"Expected cost of shape (n_customers, n_sites), got {self.cost.shape}.")
        if np.isnan(self.cost).any() or self.cost.min() < 0:
            i, j = np.argwhere(~(self.cost >= 0))[0]
            raise UnusableInputError(
                f"服务费用应为不小于 0 的数，实际为 {self.cost[i, j]}（需求点 {name(self.customers, i)}，"
                f"候选点 {name(self.sites, j)}）。请改正这一数值。"
            )
        if not 1 <= self.p <= self.cost.shape[1]:
            raise UnusableInputError(
                f"设点数应在 1 到候选点数 {self.cost.shape[1]} 之间，实际为 {self.p}。请减少设点数或增加候选点。"
            )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoverProblem:
    """Covering: which open sites bring which customers within reach.

    n_customers, n_sites : sizes.
    pair_customer, pair_site : site pair_site[k] covers customer pair_customer[k], shapes (n_pairs,).
    site_cost : cost of opening a site, shape (n_sites,), >= 0.
    weight : what covering a customer is worth (maximal covering only), shape (n_customers,), >= 0.
    kept : sites that are open and stay open, shape (n_sites,).
    """

    n_customers: int
    n_sites: int
    pair_customer: Ints
    pair_site: Ints
    site_cost: Floats
    weight: Floats
    kept: Flags
    customers: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _shape("pair_site", self.pair_site, self.pair_customer.shape)
        _shape("site_cost", self.site_cost, (self.n_sites,))
        _shape("weight", self.weight, (self.n_customers,))
        _shape("kept", self.kept, (self.n_sites,))
        _range("pair_customer", self.pair_customer, self.n_customers)
        _range("pair_site", self.pair_site, self.n_sites)
        _not_negative("设点费用", self.site_cost, self.sites, "候选点")
        _not_negative("需求权重", self.weight, self.customers, "需求点")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StationProblem:
    """Capacitated, incremental siting of village stations or lockers; each village is served whole by one site.

    demand : what a village needs per unit of capacity (parcels a day, or households for lockers),
        shape (n_villages,), >= 0.
    pair_village, pair_site : village pair_village[k] may use site pair_site[k], shapes (n_pairs,).
    pair_km : walk from the village to the site, shape (n_pairs,), >= 0; 0 inside the village.
    pair_cost_yuan : yearly cost of that use, shape (n_pairs,), >= 0.
    site_cost_yuan : yearly cost of keeping the site open, shape (n_sites,), >= 0; counted for kept sites as well.
    site_capacity : demand a site can take, shape (n_sites,); inf where nothing limits it.
    kept : existing sites, which stay open, shape (n_sites,).
    site_village : village in which the site stands, shape (n_sites,).
    own_station : villages that must have a station of their own, shape (n_villages,); the others may share one
        within walk_limit_km.
    module_capacity, module_cost_yuan, module_limit : further capacity bought in whole pieces (locker cabinets),
        per site; shapes (n_sites,); a limit of 0 means none.
    new_limit : most sites to add, None for no limit. budget_yuan : most yearly cost of added sites and modules.
    unserved_cost_yuan : price of leaving a village without a station, shape (n_villages,); None: all must be served.
    """

    demand: Floats
    pair_village: Ints
    pair_site: Ints
    pair_km: Floats
    pair_cost_yuan: Floats
    site_cost_yuan: Floats
    site_capacity: Floats
    kept: Flags
    site_village: Ints
    own_station: Flags
    walk_limit_km: float
    module_capacity: Floats | None = None
    module_cost_yuan: Floats | None = None
    module_limit: Ints | None = None
    new_limit: int | None = None
    budget_yuan: float | None = None
    unserved_cost_yuan: Floats | None = None
    villages: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        pairs, sites, villages = self.pair_village.shape, self.site_cost_yuan.shape, self.demand.shape
        for label in ("pair_site", "pair_km", "pair_cost_yuan"):
            _shape(label, getattr(self, label), pairs)
        for label in ("site_capacity", "kept", "site_village"):
            _shape(label, getattr(self, label), sites)
        modules = (self.module_capacity, self.module_cost_yuan, self.module_limit)
        if len({part is None for part in modules}) != 1:
            raise ValueError("Expected module_capacity, module_cost_yuan and module_limit all or none.")
        for part in modules:
            if part is not None:
                _shape("module", part, sites)
        _shape("own_station", self.own_station, villages)
        _range("pair_village", self.pair_village, len(self.demand))
        _range("pair_site", self.pair_site, len(self.site_cost_yuan))
        _range("site_village", self.site_village, len(self.demand))
        _not_negative("需求量", self.demand, self.villages, "村")
        _not_negative("年费用", self.site_cost_yuan, self.sites, "候选点")
        _not_negative("容量", self.site_capacity, self.sites, "候选点")
        _not_negative("步行距离", self.pair_km, (), "第")
        _not_negative("使用费用", self.pair_cost_yuan, (), "第")
        if self.unserved_cost_yuan is not None:
            _shape("unserved_cost_yuan", self.unserved_cost_yuan, villages)
            _not_negative("不设站代价", self.unserved_cost_yuan, self.villages, "村")

    @property
    def admissible(self) -> Flags:
        """Pairs that the rules allow: own station where one is required, otherwise within the walk limit."""
        inside = self.site_village[self.pair_site] == self.pair_village
        shared = ~self.own_station[self.pair_village] & (self.pair_km <= self.walk_limit_km)
        return np.asarray(inside | shared, dtype=np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HubProblem:
    """Hubs of the 1+1+N kind: centres of the county, hubs of the towns, N villages, in two tiers.

    demand : parcels a year of each village, shape (n_villages,), >= 0.
    centre_cost_yuan, hub_cost_yuan : yearly cost of opening, shapes (n_centres,), (n_hubs,), >= 0.
    centre_hub_yuan : cost of a parcel from centre to hub, shape (n_centres, n_hubs); inf where impossible.
    hub_village_yuan : cost of a parcel from hub to village, shape (n_hubs, n_villages); inf where impossible.
    hub_capacity : parcels a year, shape (n_hubs,); inf where nothing limits it.
    centre_count : exactly so many centres. hub_limit : most hubs to open.
    """

    demand: Floats
    centre_cost_yuan: Floats
    hub_cost_yuan: Floats
    centre_hub_yuan: Floats
    hub_village_yuan: Floats
    hub_capacity: Floats
    centre_count: int = 1
    hub_limit: int | None = None
    villages: tuple[str, ...] = ()
    hubs: tuple[str, ...] = ()
    centres: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        centres, hubs, villages = len(self.centre_cost_yuan), len(self.hub_cost_yuan), len(self.demand)
        _shape("centre_hub_yuan", self.centre_hub_yuan, (centres, hubs))
        _shape("hub_village_yuan", self.hub_village_yuan, (hubs, villages))
        _shape("hub_capacity", self.hub_capacity, (hubs,))
        _not_negative("件量", self.demand, self.villages, "村")
        _not_negative("年费用", self.centre_cost_yuan, self.centres, "县级中心")
        _not_negative("年费用", self.hub_cost_yuan, self.hubs, "乡镇枢纽")
        _not_negative("容量", self.hub_capacity, self.hubs, "乡镇枢纽")
        if not 1 <= self.centre_count <= centres:
            raise UnusableInputError(
                f"县级中心数应在 1 到候选数 {centres} 之间，实际为 {self.centre_count}。请改正中心数或补充候选。"
            )
        if self.hub_limit is not None and self.hub_limit < 1:
            raise UnusableInputError(f"枢纽数上限应不小于 1，实际为 {self.hub_limit}。请改正上限。")


def name(ids: tuple[str, ...], index: int) -> str:
    """Return the id of the element, or its number from 1 where there are no ids."""
    return ids[index] if ids else str(int(index) + 1)


def listing(ids: tuple[str, ...], chosen: Ints, most: int = 10) -> str:
    """Return the ids for a sentence, cut after `most` with the number left out."""
    shown = "、".join(name(ids, int(index)) for index in chosen[:most])
    return shown if len(chosen) <= most else f"{shown} 等 {len(chosen)} 个"


def _shape(label: str, array: NDArray[np.generic], shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise ValueError(f"Expected {label} of shape {shape}, got {array.shape}.")


def _range(label: str, index: Ints, size: int) -> None:
    if index.size and not (index.min() >= 0 and index.max() < size):
        raise ValueError(f"Expected {label} in [0, {size}), got {index.min()} to {index.max()}.")


def _not_negative(what: str, values: Floats, ids: tuple[str, ...], kind: str) -> None:
    wrong = np.flatnonzero(~(values >= 0))
    if wrong.size:
        at = int(wrong[0])
        raise UnusableInputError(f"{what}应不小于 0，实际为 {values[at]}（{kind} {name(ids, at)}）。请改正后重试。")
