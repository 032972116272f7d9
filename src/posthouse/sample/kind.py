"""A kind of sample city, read from `kinds/NAME.toml`: sizes, brands, levels of service and quality, rates of faults."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from posthouse.vocabulary.errors import UnusableInputError

KINDS = ("hill", "islands", "metropolis", "workshop")

Pool = Literal["joint", "own", "postal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """The city itself; centre in WGS-84 degrees (in the open sea: no real place lies there)."""

    name: str
    short: str
    code: str
    document_word: str
    centre_lon: float
    centre_lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """A county; share : of the villages."""

    code: str
    name: str
    share: float
    is_urban: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Island:
    """An island; towns : number of town seats on it (0: its villages belong to the town of the previous island).

    share : of the villages. ferry_minutes : from the port of the main island or of the parent town.
    ferry_days : seven 0/1, Monday first. trips : ferry departures on such a day. has_drone : served by a drone.
    """

    name: str
    share: float
    towns: int
    is_main: bool
    ferry_minutes: float = 0.0
    ferry_days: str = "1111111"
    trips: int = 2
    has_drone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How places lie. form : valleys, islands or plain. Populations are medians; shares 0..1."""

    form: Literal["valleys", "islands", "plain"]
    villages_per_town: int
    communities_per_village: float
    town_spacing_km: float
    village_spacing_km: float
    valley_villages: int
    subdistrict_share: float
    township_share: float
    village_population: int
    community_population: int
    bus_line_share: float
    bus_parcel_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """A brand; share : of domestic parcels. coverage : share of served villages that it reaches at first.

    pool : whose van carries it into villages: the joint one, its own, or the postal one.
    """

    name: str
    prefix: str
    share: float
    coverage: float
    pool: Pool
    kind: Literal["express", "postal", "international"] = "express"
    is_main: bool = True
    is_international: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Companies and yearly figures; monthly_volume and yuan_per_parcel as of June 2021."""

    firms_per_brand: int
    pooled_company: str
    international_brand: str
    international_prefix: str
    secondary_charge_brands: int
    monthly_volume: int
    yearly_growth: float
    yuan_per_parcel: float
    province_share: float
    rivals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Shares of parcels by direction; international : of outbound ones; rural_demand : against an urban person's."""

    inbound: float
    outbound: float
    local: float
    international: float
    rural_demand: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Shares of villages by days of service a week, how they change by month, and stations."""

    days_0: float
    days_1: float
    days_2: float
    days_4: float
    days_6: float
    days_7: float
    mended_first: float
    mended_later: float
    relapsed_of_mended: float
    relapsed_of_fine: float
    station: float
    station_opened: float
    station_closed: float
    rain_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Shares as of June 2021; monthly_gain : part of what lacks to 1 that each month closes at most, absolute share."""

    locker_share: float
    slim_tape: float
    standard_packaging: float
    no_repackaging: float
    reusable_bags: float
    e_waybill: float
    tape_cm: int
    tape_fall_per_year: float
    real_name: float
    inspection: float
    screening: float
    video_online: float
    xray_online: float
    dead_xray: float
    filed: float
    standardised: float
    demonstration: float
    recycling: float
    urban_recycling: float
    automated: float
    new_energy: float
    monthly_gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Shares of scans (missing_step: of waybills; false_declaration: of villages below the promise)."""

    duplicate: float
    clock: float
    late: float
    correction: float
    missing_step: float
    false_declaration: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry:
    """Counts of what stands in the registers of 进厂, 出海 and infrastructure as of June 2021."""

    industries: tuple[str, ...]
    key_industries: tuple[str, ...]
    parks: Mapping[str, int]
    key_parks: int
    park_express_share: float
    factories: int
    cooperating: int
    cooperating_per_month: float
    projects: Mapping[str, int]
    projects_done: float
    channels: tuple[str, ...]
    channels_open: int
    residential_projects: int
    care_stations: int
    host_facilities_per_village: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of city. promise_days_per_week : what its plan promises every village."""

    name: str
    title: str
    villages: int
    parcels: int
    promise_days_per_week: int
    city: City
    counties: tuple[County, ...]
    shape: Shape
    brands: tuple[Brand, ...]
    market: Market
    flow: Flow
    service: Service
    quality: Quality
    faults: Faults
    industry: Industry
    islands: tuple[Island, ...] = field(default=())

    @property
    def all_brands(self) -> tuple[Brand, ...]:
        """The domestic brands and, last, the international one, which delivers no parcel here."""
        return (
            *self.brands,
            Brand(
                name=self.market.international_brand,
                prefix=self.market.international_prefix,
                share=0.0,
                coverage=0.0,
                pool="own",
                kind="international",
                is_main=False,
                is_international=True,
            ),
        )


@cache
def get_kind(name: str) -> Kind:
    """Return the kind of this name.

    Raises
    ------
    UnusableInputError : no such kind; the message lists those that exist.
    """
    if name not in KINDS:
        raise UnusableInputError(f"样例城市应为 {'、'.join(KINDS)} 之一，实际为 {name!r}。请改正后重试。")
    text = files(__package__).joinpath("kinds", f"{name}.toml").read_text(encoding="utf-8")
    entry: dict[str, Any] = tomllib.loads(text)
    industry: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in entry.pop("industry").items()}
    return Kind(
        name=name,
        city=City(**entry.pop("city")),
        counties=tuple(County(**county) for county in entry.pop("counties")),
        shape=Shape(**entry.pop("shape")),
        brands=tuple(Brand(**brand) for brand in entry.pop("brands")),
        market=Market(**entry.pop("market")),
        flow=Flow(**entry.pop("flow")),
        service=Service(**entry.pop("service")),
        quality=Quality(**entry.pop("quality")),
        faults=Faults(**entry.pop("faults")),
        industry=Industry(**industry),
        islands=tuple(Island(**island) for island in entry.pop("islands", ())),
        **entry,
    )
