"""plan.json: a Plan as plain values and back, so that a plan can be changed, compared and edited later."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from posthouse.planning.model import Plan
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.plain import to_plain


def plan_to_json(plan: Plan) -> dict[str, object]:
    """Return the plan as an object of plain values."""
    plain = to_plain(plan)
    assert isinstance(plain, dict)
    return plain


def plan_from_json(data: object) -> Plan:
    """Return the plan of an object that `plan_to_json` made; findings stay behind, they belong to that run.

    Raises
    ------
    UnusableInputError : the object is no plan.
    """
    try:
        if not isinstance(data, Mapping) or "routes" not in data:
            raise TypeError("没有 routes")
        plan: Plan = _build(Plan, {name: value for name, value in data.items() if name != "findings"})
    except (TypeError, KeyError, ValueError) as fault:
        raise UnusableInputError(
            f"规划文件应为 posthouse plan village 写出的 plan.json，读不出来：{fault}。请换用未改动的文件。"
        ) from None
    return plan


def _build(wanted: Any, value: Any) -> Any:
    if is_dataclass(wanted) and isinstance(wanted, type):
        hints = get_type_hints(wanted)
        return wanted(**{f.name: _build(hints[f.name], value[f.name]) for f in fields(wanted) if f.name in value})
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin is UnionType:
        if value is None and NoneType in inner:
            return None
        return _build(next(kind for kind in inner if kind is not NoneType), value)
    if origin is tuple:
        kinds = [inner[0]] * len(value) if inner[-1] is ... else list(inner)
        return tuple(_build(kind, item) for kind, item in zip(kinds, value, strict=True))
    if origin is dict:
        return {name: _build(inner[1], item) for name, item in value.items()}
    return value
