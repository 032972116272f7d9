"""12-digit statistical division codes: province 2, city 2, county 2, town 3, village 3 digits.

Source: 国家统计局《统计用区划代码和城乡划分代码编制规则》（国统字〔2009〕91号）.
"""

from enum import StrEnum

from posthouse.vocabulary.errors import UnusableInputError

LENGTH = 12


class Level(StrEnum):
    """Administrative level of a division."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


_ENDS = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWN: 9, Level.VILLAGE: 12}


def level_of(code: str) -> Level:
    """Return the level of a 12-digit code.

    >>> str(level_of("330782104205"))
    'village'
    """
    _check(code)
    for level, end in _ENDS.items():
        if not code[end:].strip("0"):
            return level
    return Level.VILLAGE


def parent_of(code: str) -> str | None:
    """Return the code one level up, or None for a province.

    >>> parent_of("330782104205")
    '330782104000'
    """
    levels = list(_ENDS)
    at = levels.index(level_of(code))
    return None if at == 0 else ancestor_of(code, levels[at - 1])


def ancestor_of(code: str, level: Level) -> str:
    """Return the code's division at this level or the code itself where it is of that level or higher.

    >>> ancestor_of("330782104205", Level.COUNTY)
    '330782000000'
    """
    _check(code)
    return code[: _ENDS[level]].ljust(LENGTH, "0")


def is_within(code: str, area: str) -> bool:
    """Whether the division lies in the area (or is the area).

    >>> is_within("330782104205", "330700000000")
    True
    """
    return ancestor_of(code, level_of(area)) == area


def _check(code: str) -> None:
    if len(code) != LENGTH or not (code.isascii() and code.isdigit()):
        raise UnusableInputError(f"区划代码应为 12 位数字，实际为 {code!r}。请对照统计用区划代码改正。")
