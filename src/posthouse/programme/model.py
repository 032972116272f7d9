"""A Programme: what a plan document wants, from whom, by when. Every entry keeps its place in the text.

The JSON of `posthouse read --json` is these records field by field; meanings as in the plan annotations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from posthouse.vocabulary.findings import Finding
from posthouse.vocabulary.sources import Source

Comparator = Literal[">=", ">", "<=", "<", "=", "~=", "range", "growth", "reduction"]
GoalKind = Literal["goal", "standard", "rhythm", "structure", "qualifier", "external"]

KIND_NAMES: Mapping[GoalKind, str] = MappingProxyType(
    {
        "goal": "目标",
        "standard": "标准",
        "rhythm": "机制",
        "structure": "机构布局",
        "qualifier": "说明",
        "external": "上级数字",
    }
)
"""The kinds as people read them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The measure of the catalogue that a goal asks for.

    measure : id, or None when nothing fits. score : 0..1. runner_up : the next best id.
    parameters : what the goal adds (`base_year`, `island`, `kind` …). note : why unsure or what would be needed.
    """

    measure: str | None
    score: float = 0.0
    runner_up: str | None = None
    parameters: dict[str, str | int | float] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One quantified aim.

    value, value_max : in the base unit (14.5亿件 is 1450000000 件; percent stays percent: 95 with unit %).
    comparator : `range` has value and value_max; `growth` and `reduction` compare with `base`.
    deadline : last day; None where the text has none. base : base year or base text of a growth.
    hedge : 基本, 力争, 原则上 … kind : see the module of the annotations (goal, standard, rhythm, structure,
    qualifier, external). sentence : the whole sentence of the document that it stands in.
    """

    id: str
    text: str
    source: Source
    indicator: str
    comparator: Comparator
    value: float | None
    value_max: float | None = None
    unit: str
    deadline: date | None = None
    base: str | None = None
    scope: str = ""
    hedge: str = ""
    kind: GoalKind = "goal"
    sentence: str = ""
    binding: Binding = Binding(measure=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One numbered task with its responsible units; `path` as in 三/（一）/2."""

    id: str
    path: str
    title: str
    text: str
    source: Source
    lead_units: tuple[str, ...] = ()
    support_units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person or post in a body; unit is None where the text names none."""

    name: str
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A steering group, task force or office, with its people and duties."""

    name: str
    leader: Member | None = None
    deputies: tuple[Member, ...] = ()
    members: tuple[Member, ...] = ()
    duties: str = ""
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """A meeting or report that recurs: what, how often (`月`, `季度`, `定期`), who, due when."""

    what: str
    every: str
    who: str = ""
    due: str = ""
    text: str = ""
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """Head data of the document; dates are None where the text has none."""

    issuer: str = ""
    number: str = ""
    title: str = ""
    issued_on: date | None = None
    effective_on: date | None = None
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """All that was read from one plan document."""

    document: DocumentFacts
    goals: tuple[Goal, ...] = ()
    tasks: tuple[Task, ...] = ()
    bodies: tuple[Body, ...] = ()
    rhythms: tuple[Rhythm, ...] = ()
    findings: tuple[Finding, ...] = ()
