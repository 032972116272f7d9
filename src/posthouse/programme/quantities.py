"""Numbers with their units in a text: 14.5亿件, 95%, 1—2家, 三个, 百分之八十, N个.

A Quantity says only what is written; whether it is a goal is decided in `kinds`. Names that hold digits (5G, PM2.5,
《…》, “9610”, 〔2020〕9号) are masked first, so their digits are never read.
"""

import re
from dataclasses import dataclass
from functools import cache

from posthouse.programme.phrasings import alternatives, load_phrasing

NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,6})?|\d{1,15}(?:\.\d{1,6})?)"
DASH = r"(?:[-－—–~～]{1,2}|至|到)"
NUMERALS = "一二两三四五六七八九十百千万亿"
MASK = "■"
"""Stands for a character whose digits must not be read; the text keeps its length."""

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number and its unit at [start, end) of the reading.

    value, value_max : in the base unit; value is None for a symbol (N个). written : as in the text.
    spelled : written in Chinese numerals, which are often part of a name.
    """

    start: int
    end: int
    value: float | None
    value_max: float | None = None
    unit: str
    family: str
    written: str
    spelled: bool = False
    vague: bool = False


def find_quantities(masked: str) -> list[Quantity]:
    """Return every quantity of a masked reading, in order.

    >>> [(q.value, q.unit) for q in find_quantities("业务量突破14.5亿件，打造1—2家企业")]
    [(1450000000.0, '件'), (1.0, '家')]
    """
    return [_read(found) for found in _quantity().finditer(masked)]


def mask_names(text: str) -> str:
    """Return the text with all names that hold digits masked; the length stays."""
    return _names().sub(lambda found: MASK * (found.end() - found.start()), text)


def mask_spans(text: str, spans: list[tuple[int, int]]) -> str:
    """Return the text with the given [start, end) masked; the length stays."""
    parts: list[str] = []
    place = 0
    for start, end in sorted(spans):
        if end <= place:
            continue
        first = max(start, place)
        parts += [text[place:first], MASK * (end - first)]
        place = end
    parts.append(text[place:])
    return "".join(parts)


def parse_spelled(text: str) -> float | None:
    """Return the number that Chinese numerals write, or None.

    >>> parse_spelled("一百二十"), parse_spelled("三万"), parse_spelled("九点五")
    (120.0, 30000.0, 9.5)
    """
    whole, _, decimals = text.partition("点")
    total = section = digit = 0
    for character in whole:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in "万亿":
            total += max(section + digit, 1) * _POWERS[character]
            section = digit = 0
        elif character in _POWERS:
            section += (digit or 1) * _POWERS[character]
            digit = 0
        else:
            return None
    value = float(total + section + digit)
    if decimals and all(character in _DIGITS for character in decimals):
        value += float("0." + "".join(str(_DIGITS[character]) for character in decimals))
    return value


def _read(found: re.Match[str]) -> Quantity:
    groups = found.groupdict()
    if groups["unit"]:
        return _arabic(found)
    if groups["counted"]:
        return _spelled(found)
    if groups["symbol_unit"]:
        value, unit, family = None, groups["symbol_unit"], "count"
    elif groups["bare"]:
        value, unit, family = _decimal(groups["bare"]), "", "bare"
    else:
        value, unit, family = _share(groups), "%", "percent"
    return Quantity(start=found.start(), end=found.end(), value=value, unit=unit, family=family, written=found.group())


def _arabic(found: re.Match[str]) -> Quantity:
    """Return the quantity of 14.5亿件, 1—2家, 500吨/日."""
    scales: dict[str, float] = load_phrasing("measure_units")["scale"]
    unit, family, factor = _unit(found["unit"])
    scale = scales.get(found["scale"] or found["low_scale"] or found["high_scale"] or "", 1)
    high = None
    if found["high"]:
        high = _tidy(_decimal(found["high"]) * scales.get(found["high_scale"] or "", 1) * factor)
    return Quantity(
        start=found.start(),
        end=found.end(),
        value=_tidy(_decimal(found["low"]) * scale * factor),
        value_max=high,
        unit=f"{unit}/{found['per']}" if found["per"] else unit,
        family=family,
        written=found.group(),
        vague=bool(found["vague"] or found["vague_first"]),
    )


def _spelled(found: re.Match[str]) -> Quantity:
    """Return the quantity of 三个, 一次, 三至五家."""
    unit, family, factor = _unit(found["counted"])
    return Quantity(
        start=found.start(),
        end=found.end(),
        value=(parse_spelled(found["spelled"]) or 0) * factor,
        value_max=parse_spelled(found["spelled_high"]) if found["spelled_high"] else None,
        unit=unit,
        family=family,
        written=found.group(),
        spelled=True,
    )


def _share(groups: dict[str, str | None]) -> float | None:
    """Return the percent that 百分之八十, 三分之二, 一半 or 八成 writes."""
    if groups["percent"]:
        text = groups["percent"]
        return _decimal(text) if text[0].isdecimal() else parse_spelled(text)
    if groups["numerator"] and groups["denominator"]:
        return round(100 * (parse_spelled(groups["numerator"]) or 0) / (parse_spelled(groups["denominator"]) or 1), 2)
    return 10 * (parse_spelled(groups["tenths"]) or 0) if groups["tenths"] else 50.0


def _decimal(text: str) -> float:
    return float(text.replace(",", ""))


def _tidy(value: float) -> float:
    """Return the value without the dust of binary fractions: 14.5 x 10^8 is 1450000000."""
    return float(f"{value:.12g}")


def _unit(word: str) -> tuple[str, str, float]:
    """Return base unit, family and factor of a unit's word."""
    data = load_phrasing("measure_units")
    converted = data["convert"].get(word)
    base, factor = (converted["base"], float(converted["factor"])) if converted else (word, 1.0)
    return base, _families()[word], factor


@cache
def _families() -> dict[str, str]:
    families = load_phrasing("measure_units")["family"]
    return {word: family for family, words in families.items() for word in words}


@cache
def _quantity() -> re.Pattern[str]:
    data = load_phrasing("measure_units")
    unit = alternatives(_families())
    own = alternatives([word for word in _families() if word[0] in "十百千万亿"])
    scale = f"(?!{own}){alternatives(data['scale'])}"
    per = alternatives(data["per"]["words"])
    counted = alternatives(data["spelled"]["words"])
    until = rf"(?:(?P<low_scale>{scale})?{unit}?\s?{DASH}\s?(?P<high>{NUMBER})\s?(?P<high_scale>{scale})?"
    arabic = (
        rf"(?<![\d.A-Za-z])(?P<low>{NUMBER})\s?(?P<vague_first>多|余|来)?{until}|(?P<scale>{scale}))?\s?(?P<vague>多|余|来)?(?P<unit>{unit})"
        rf"(?:/(?P<per>{per}))?"
    )
    symbol = r"(?<![A-Za-z+\d])[NnXx](?P<symbol_unit>个|家|条|座|所|处|支|项)"
    percent = rf"百分之(?P<percent>[{NUMERALS}零〇点]{{1,6}}|{NUMBER})"
    fraction = r"(?P<denominator>[二三四五六七八九十])分之(?P<numerator>[一二三四五六七八九])"
    half = r"(?P<half>一半|半数)(?=以上|左右)"
    tenths = r"(?P<tenths>[一二三四五六七八九两])成(?=以上|左右|多|的|[，。；])"
    spelled = (
        rf"(?<![{NUMERALS}第百分双多数])(?P<spelled>[{NUMERALS}]{{1,8}})(?:{DASH}(?P<spelled_high>[{NUMERALS}]{{1,8}}))?"
        rf"(?P<counted>{counted})"
    )
    bare = rf"(?<=[到至达于过为在超])(?P<bare>(?!(?:19|20)\d\d(?!\d)){NUMBER})(?=以上|以下|以内|左右|[，。；、）\n]|$)"
    patterns = "|".join((arabic, symbol, percent, fraction, half, tenths, spelled, bare))
    return re.compile(rf"(?=[\dNnXx半{NUMERALS}])(?:{patterns})")


@cache
def _names() -> re.Pattern[str]:
    mask = load_phrasing("exclusions")["mask"]
    patterns = "|".join(f"(?:{name['pattern']})" for name in mask["names"])
    return re.compile(f"(?=[{mask['first']}])(?:{patterns})")
