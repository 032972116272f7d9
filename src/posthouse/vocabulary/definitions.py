"""What a measure is, as data: shared by the reading of plans (which binds goals to measures) and the measuring."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureDefinition:
    """One entry of the measure catalogue (`measures/definitions/*.toml`), which says every field's meaning.

    id : snake_case, public, never reused. name_zh, name_en : as shown to people.
    unit : unit of the value in base units: `share` (0..1), 件, 元, 家, 个, 次/周, 天, 小时 …
    direction : `up` where more is better, `down` where less is.
    numerator, denominator : what is counted, in words; denominator is empty for plain counts.
    grain : shortest period it is defined for. groups : what it can be broken down by (place, brand, outlet …).
    tables : records tables needed (`journeys` for folded scans); without their rows there is no value.
    cues : words in 中文 by which a plan document asks for it. units_zh : units a plan may use for it.
    anti_cues : words that, near a goal, say it is not this measure.
    parameters : names of parameters it takes from the goal (base_year, island, kind …).
    source : law, standard or plan clause the definition comes from.
    valid_from, valid_to : days between which the definition holds; valid_to is None while it does.
    version : raised when the computation changes.
    computed : whether an expression exists; otherwise `needs` says in 中文 what data it would take.
    subject : the file it stands in (village, quality, volume …), which is also the module of its expression.
    scale : value = numerator * scale / denominator. form : `yearly_growth` where the value is
        (numerator / denominator) ** (1 / years since base_year) - 1; `ratio` everywhere else, counts included.
    accumulates : `year` where the value of a month is the sum from 1 January to its end, to be extrapolated
        before it is held against a yearly target; empty where the value stands for itself.
    target_share : for a rule or time limit the share that must keep it (0..1); the goal's own figure then
        goes into `parameters` (48小时 into limit_hours). None where the goal's figure is the target.
    defaults : values of `parameters` where the goal gives none.
    """

    id: str
    name_zh: str
    name_en: str
    unit: str
    direction: str
    numerator: str
    denominator: str
    grain: str
    groups: tuple[str, ...]
    tables: tuple[str, ...]
    cues: tuple[str, ...]
    units_zh: tuple[str, ...]
    anti_cues: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    source: str = ""
    valid_from: date
    valid_to: date | None = None
    version: int = 1
    computed: bool = True
    needs: str = ""
    subject: str = ""
    scale: int = 1
    form: Literal["ratio", "yearly_growth"] = "ratio"
    accumulates: Literal["", "year"] = ""
    target_share: float | None = None
    defaults: Mapping[str, str | int | float] = field(default_factory=dict)
