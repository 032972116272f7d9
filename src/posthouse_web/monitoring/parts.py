"""The parts of many figures at once, by place and brand: measures of the same parameters share their queries.

Asked one by one, fifty goals cost three times as much, because each joins the month's parcels again.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from posthouse.measures.forms import Tables
from posthouse.measures.measure import Coverages, measure
from posthouse.measures.model import Measurement
from posthouse.vocabulary.divisions import Level, level_of
from posthouse.vocabulary.periods import Period

_By = tuple[str, ...]
_GROUPS: Mapping[_By, str] = MappingProxyType(
    {("place",): "按地方测量", ("brand",): "按品牌测量", ("place", "brand"): "按地方和品牌测量"}
)
_TOWN_GROUPS: tuple[_By, ...] = (("town",), ("town", "brand"))
"""Asked only where the measure's places are villages; elsewhere they are towns already."""


def measure_parts(
    tables: Tables,
    period: Period,
    asked: Sequence[tuple[str, Mapping[str, object]]],
    progress: Callable[[str], None] = lambda stage: None,
) -> list[list[Measurement]]:
    """Return the parts of each figure that is asked for, in the order of `asked`: by place, brand, both, and town.

    asked : measure and parameters.
    """
    coverages: Coverages = {}
    parts: list[list[Measurement]] = [[] for _ in asked]
    alike: dict[str, dict[str, int]] = defaultdict(dict)
    for number, (measure_id, parameters) in enumerate(asked):
        alike[json.dumps(parameters, sort_keys=True)][measure_id] = number

    def ask(numbers: Mapping[str, int], by: _By) -> None:
        parameters = asked[next(iter(numbers.values()))][1]
        for part in measure(list(numbers), tables, period, by=by, parameters=parameters, coverages=coverages):
            parts[numbers[part.measure]].append(part)

    for by, stage in _GROUPS.items():
        progress(stage)
        for numbers in alike.values():
            ask(numbers, by)
    progress("按镇街测量")
    for numbers in alike.values():
        in_villages = {measure_id: number for measure_id, number in numbers.items() if _has_villages(parts[number])}
        for by in _TOWN_GROUPS if in_villages else ():
            ask(in_villages, by)
    return parts


def _has_villages(parts: Sequence[Measurement]) -> bool:
    return any(part.place and level_of(part.place) is Level.VILLAGE for part in parts)
