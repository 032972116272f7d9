"""Where the city sends to and receives from, and how long a parcel is under way."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from posthouse.sample.kind import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A region; weight : relative volume, hours and spread : under way between sorting centres."""

    code: str
    name: str
    group: Literal["province", "delta", "national", "other", "neighbour", "world"]
    weight: float
    hours: float
    spread: float
    is_global_major: bool = False

    @property
    def is_foreign(self) -> bool:
        """Whether the code is that of a country."""
        return len(self.code) == 2

    def as_row(self) -> dict[str, object]:
        """The row of table `regions`. The major cities of the delta are major in the whole country too."""
        return {
            "region_code": self.code,
            "name": self.name,
            "country": self.code if self.is_foreign else "CN",
            "is_in_province": self.group == "province",
            "is_yangtze_delta_major": self.group == "delta",
            "is_national_major": self.group in ("delta", "national"),
            "is_neighbouring_country": self.group == "neighbour",
            "is_global_major": self.is_global_major,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """The invented province that all sample cities lie in."""

    code: str
    name: str


def list_regions(kind: Kind) -> tuple[Region, ...]:
    """Return the regions outside this city, foreign ones last."""
    regions = tuple(Region(**entry) for entry in _file()["regions"])
    return tuple(region for region in regions if region.code != kind.city.code)


def get_province() -> Province:
    """Return the province."""
    return Province(**_file()["province"])


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("regions.toml").read_text(encoding="utf-8"))
