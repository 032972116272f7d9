"""Companies, their outlets and sorting centres, and which outlet serves which town: the same in every month.

Outlets opened after June 2021 are added month by month; no scan ever names them.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from posthouse.sample.geography import Geography
from posthouse.sample.kind import Brand
from posthouse.sample.months import month_at
from posthouse.sample.streams import open_stream

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """A licensed company; brand : index into the kind's all_brands, -1 for the pooled company."""

    operator_id: str
    name: str
    brand_name: str
    brand: int
    kind: str
    is_main_brand: bool
    is_international_backbone: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An outlet or sorting centre; opened_month : index from which it exists, None for always."""

    outlet_id: str
    operator_id: str
    brand: int
    name: str
    town: int
    kind: str
    is_urban: bool
    is_filed: bool
    is_standardised: bool
    is_demonstration: bool
    has_recycling_bin: bool
    area_m2: float
    sorting_capacity_per_day: int | None
    is_automated: bool | None
    opened_month: int | None
    has_xray: bool

    @property
    def opened_on(self) -> date | None:
        """The first day of its first month, None for always."""
        return None if self.opened_month is None else month_at(self.opened_month).period.start_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """outlets : in fixed order, those of June 2021 first, sorting centres last among these.

    n_first : how many outlets and centres stood in June 2021. outlet_of : index of the outlet that serves a town for a
    domestic brand, shape (n_towns, n_brands). centre_of : sorting centre by county and brand (international included).
    """

    brands: tuple[Brand, ...]
    operators: tuple[Operator, ...]
    outlets: tuple[Outlet, ...]
    n_first: int
    outlet_of: "npt.NDArray[np.int64]"
    centre_of: "npt.NDArray[np.int64]"


def make_market(geography: Geography, seed: int, month_index: int) -> Market:
    """Return the companies and outlets that stand at the end of the month with this index."""
    import numpy as np

    kind = geography.kind
    stream = open_stream(seed, kind.name, geography.n_villages, "market")
    operators = _operators(geography)
    sites, outlet_of = _sites(geography, stream)
    centres: list[tuple[int, int]] = []
    centre_of = np.zeros((len(kind.counties), len(kind.all_brands)), dtype=np.int64)
    for brand, entry in enumerate(kind.all_brands):
        count = 2 if entry.share >= 0.18 and len(kind.counties) > 1 else 1
        for c in range(count):
            county = c * (len(kind.counties) - 1)
            centre_of[county::count, brand] = len(sites) + len(centres)
            towns = np.flatnonzero(geography.town_county == county)
            centres.append((int(towns[brand % len(towns)]), brand))
    outlets = _outlets(geography, operators, sites, centres, stream)
    return Market(
        brands=kind.all_brands,
        operators=operators,
        outlets=(*outlets, *_later_outlets(geography, seed, operators, month_index)),
        n_first=len(outlets),
        outlet_of=outlet_of,
        centre_of=centre_of,
    )


def operator_of(operators: tuple[Operator, ...], brand: int, county: int) -> Operator:
    """Return the company that runs this brand in this county."""
    own = [operator for operator in operators if operator.brand == brand]
    return own[county % len(own)]


def _operators(geography: Geography) -> tuple[Operator, ...]:
    kind = geography.kind
    operators = []
    for index, brand in enumerate(kind.all_brands):
        firms = 1 if brand.kind != "express" else kind.market.firms_per_brand
        for firm in range(firms):
            place = kind.city.short if firm == 0 else kind.counties[firm % len(kind.counties)].name
            mark = "" if firm < len(kind.counties) else "二"
            word = {"express": "快递", "postal": "邮政", "international": "国际速运"}[brand.kind]
            operators.append(
                Operator(
                    operator_id=f"{brand.prefix}{firm + 1:02d}",
                    name=f"{place}{brand.name}{mark}{word}有限公司",
                    brand_name=brand.name,
                    brand=index,
                    kind=brand.kind,
                    is_main_brand=brand.is_main,
                    is_international_backbone=brand.kind == "international" if brand.is_international else None,
                )
            )
    pooled = kind.market.pooled_company
    operators.append(
        Operator(
            operator_id="GP01",
            name=f"{pooled}联合配送有限公司",
            brand_name=pooled,
            brand=-1,
            kind="pooled",
            is_main_brand=False,
            is_international_backbone=None,
        )
    )
    return tuple(operators)


def _sites(
    geography: Geography, stream: "np.random.Generator"
) -> "tuple[list[tuple[int, int]], npt.NDArray[np.int64]]":
    """Return (town, brand) of every outlet, and for each town and brand the nearest outlet's index."""
    import numpy as np

    kind, n_towns = geography.kind, len(geography.town_codes)
    sites: list[tuple[int, int]] = []
    outlet_of = np.zeros((n_towns, len(kind.brands)), dtype=np.int64)
    people = np.bincount(geography.place_town, geography.place_population, minlength=n_towns)
    size = people / people.mean()
    for brand, entry in enumerate(kind.brands):
        chance = 1.0 if entry.kind == "postal" else np.clip(0.30 + 2.4 * entry.share + 0.25 * size, 0, 1)
        present = stream.random(n_towns) < chance
        present[int(np.argmax(people))] = True
        at = np.flatnonzero(present)
        doubled = [t for t in at if size[t] * entry.share > 0.34]
        own = {int(town): len(sites) + i for i, town in enumerate(at)}
        sites += [(int(town), brand) for town in at] + [(int(town), brand) for town in doubled]
        for town in range(n_towns):
            far = np.hypot(
                geography.town_lon[at] - geography.town_lon[town], geography.town_lat[at] - geography.town_lat[town]
            )
            outlet_of[town, brand] = own[int(at[int(np.argmin(far))])]
    return sites, outlet_of


def _outlets(
    geography: Geography,
    operators: tuple[Operator, ...],
    sites: list[tuple[int, int]],
    centres: list[tuple[int, int]],
    stream: "np.random.Generator",
) -> list[Outlet]:
    import numpy as np

    kind, quality, n = geography.kind, geography.kind.quality, len(sites)
    urban = np.array([geography.town_kinds[town] == "subdistrict" for town, _ in sites])
    recycling = np.zeros(n, dtype=bool)
    recycling[_pick(np.flatnonzero(urban), quality.urban_recycling, stream)] = True
    recycling[_pick(np.flatnonzero(~urban), quality.recycling, stream)] = True
    filed, standardised, demonstration, xray = (
        _flags(n, share, stream) for share in (quality.filed, quality.standardised, quality.demonstration, 0.35)
    )
    area = np.round(np.exp(stream.normal(4.6, 0.5, n)), 1)
    outlets = []
    for i, (town, brand) in enumerate(sites):
        outlets.append(
            Outlet(
                outlet_id=f"WD{kind.brands[brand].prefix}{i + 1:04d}",
                operator_id=operator_of(operators, brand, int(geography.town_county[town])).operator_id,
                brand=brand,
                name=f"{kind.brands[brand].name}{geography.town_names[town]}营业部{i + 1}号",
                town=town,
                kind="outlet",
                is_urban=bool(urban[i]),
                is_filed=bool(filed[i]),
                is_standardised=bool(standardised[i]),
                is_demonstration=bool(demonstration[i] and standardised[i]),
                has_recycling_bin=bool(recycling[i]),
                area_m2=float(area[i]),
                sorting_capacity_per_day=None,
                is_automated=None,
                opened_month=None,
                has_xray=bool(xray[i]),
            )
        )
    automated = _flags(len(centres), quality.automated, stream)
    for i, (town, brand) in enumerate(centres):
        entry = kind.all_brands[brand]
        outlets.append(
            Outlet(
                outlet_id=f"FB{entry.prefix}{i + 1:02d}",
                operator_id=operator_of(operators, brand, int(geography.town_county[town])).operator_id,
                brand=brand,
                name=f"{entry.name}{geography.town_names[town]}分拨中心",
                town=town,
                kind="sorting_centre",
                is_urban=geography.town_kinds[town] == "subdistrict",
                is_filed=True,
                is_standardised=True,
                is_demonstration=False,
                has_recycling_bin=True,
                area_m2=round(4_000 + 90_000 * entry.share + float(stream.uniform(0, 3_000)), 0),
                sorting_capacity_per_day=1_000 * round((0.05 + entry.share) * kind.market.monthly_volume / 9_000),
                is_automated=bool(automated[i]),
                opened_month=None,
                has_xray=True,
            )
        )
    return outlets


def _later_outlets(geography: Geography, seed: int, operators: tuple[Operator, ...], month_index: int) -> list[Outlet]:
    """Return what opened since July 2021: refitted outlets, standardised and with a recycling bin."""
    kind = geography.kind
    outlets = []
    for index in range(1, month_index + 1):
        stream = open_stream(seed, kind.name, geography.n_villages, "new outlets", index)
        for i in range(max(1, round(len(geography.town_codes) / 12))):
            town, brand = int(stream.integers(len(geography.town_codes))), int(stream.integers(len(kind.brands)))
            outlets.append(
                Outlet(
                    outlet_id=f"WD{kind.brands[brand].prefix}N{index:03d}{i + 1:02d}",
                    operator_id=operator_of(operators, brand, int(geography.town_county[town])).operator_id,
                    brand=brand,
                    name=f"{kind.brands[brand].name}{geography.town_names[town]}新设营业部{index}-{i + 1}",
                    town=town,
                    kind="outlet",
                    is_urban=geography.town_kinds[town] == "subdistrict",
                    is_filed=True,
                    is_standardised=True,
                    is_demonstration=i == 0,
                    has_recycling_bin=True,
                    area_m2=round(float(stream.uniform(80, 260)), 1),
                    sorting_capacity_per_day=None,
                    is_automated=None,
                    opened_month=index,
                    has_xray=False,
                )
            )
    return outlets


def _flags(count: int, share: float, stream: "np.random.Generator") -> "npt.NDArray[np.bool_]":
    import numpy as np

    flags = np.zeros(count, dtype=bool)
    flags[_pick(np.arange(count), share, stream)] = True
    return flags


def _pick(members: "npt.NDArray[np.int64]", share: float, stream: "np.random.Generator") -> "npt.NDArray[np.int64]":
    return members[stream.permutation(len(members))[: round(len(members) * share)]]
