"""Units as plan documents write them, and their conversion to base units.

Base units: 件, 元, 人, 家, 个, 户, 平方米, 公里, 千克, 天, 小时, 分钟, %, 次/周 …
A quantity of 14.5亿件 is 1450000000 件. Percent stays percent in a goal (95 with unit %); a share in a measurement is
0..1: `share_from_percent` is the bridge.
"""

from decimal import Decimal
from types import MappingProxyType

MULTIPLIERS = MappingProxyType(
    {
        "十": Decimal(10),
        "百": Decimal(100),
        "千": Decimal(1000),
        "万": Decimal(10_000),
        "十万": Decimal(100_000),
        "百万": Decimal(1_000_000),
        "千万": Decimal(10_000_000),
        "亿": Decimal(100_000_000),
        "万亿": Decimal(1_000_000_000_000),
    }
)
"""Chinese multipliers before a unit."""

_EXACT = MappingProxyType(
    {
        "‰": ("%", Decimal("0.1")),
        "％": ("%", Decimal(1)),
        "成": ("%", Decimal(10)),
        "个百分点": ("百分点", Decimal(1)),
        "吨": ("千克", Decimal(1000)),
        "公斤": ("千克", Decimal(1)),
        "亩": ("平方米", Decimal(2000) / Decimal(3)),
        "公顷": ("平方米", Decimal(10_000)),
        "㎡": ("平方米", Decimal(1)),
        "千米": ("公里", Decimal(1)),
        "日": ("天", Decimal(1)),
        "个小时": ("小时", Decimal(1)),
        "分": ("分钟", Decimal(1)),
        "票": ("件", Decimal(1)),
        "单": ("件", Decimal(1)),
        "美元": ("美元", Decimal(1)),
    }
)


def to_base(amount: Decimal | float | str, unit: str) -> tuple[float, str]:
    """Return the amount in the base unit, and that unit.

    >>> to_base("14.5", "亿件")
    (1450000000.0, '件')
    >>> to_base(3, "‰")
    (0.3, '%')
    >>> to_base("1000", "万件/日")
    (10000000.0, '件/日')
    """
    value = Decimal(str(amount))
    name, _, per = unit.partition("/")
    for words in sorted(MULTIPLIERS, key=len, reverse=True):
        if name.startswith(words):
            value *= MULTIPLIERS[words]
            name = name[len(words) :]
            break
    if name in _EXACT:
        name, factor = _EXACT[name]
        value *= factor
    return float(value), f"{name}/{per}" if per else name


def share_from_percent(percent: float) -> float:
    """Return a share 0..1 from percent; exact for the decimal that a person wrote.

    >>> share_from_percent(95)
    0.95
    """
    return float(Decimal(str(percent)) / 100)


def in_words(value: float | None, unit: str) -> str:
    """Return a figure as people write it in 中文: shares as percent, large counts in 万 and 亿.

    >>> in_words(0.953, "share")
    '95.3%'
    >>> in_words(1_450_000_000, "件")
    '14.5亿件'
    >>> in_words(None, "件")
    '无数据'
    """
    if value is None:
        return "无数据"
    if unit == "share":
        return f"{_short(value * 100)}%"
    for words, size in (("亿", 1e8), ("万", 1e4)):
        if abs(value) >= size and unit.partition("/")[0] in {"件", "元", "人", "户", "美元", "平方米"}:
            return f"{_short(value / size)}{words}{unit}"
    return f"{_short(value)}{unit}"


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
