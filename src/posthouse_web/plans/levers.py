"""The levers of a scenario as people fill them in: each with its default, unit and meaning, as text and back."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Kind = Literal["yes", "int", "real", "text", "ints", "reals", "texts", "visits", "days"]
"""visits, days : lines `code = visits` and `code = days`."""
_CHOICES = {
    "stations.own_station": ("always", "where_possible", "shared"),
    "rounds.depot": ("town", "county"),
    "energy": ("electricity", "diesel", "petrol"),
}
_NOT_HERE = frozenset({"processes"})
"""Levers of the machine: the console's worker searches in one process, beside the server and its database."""
_LINES: Mapping[str, Kind] = {"promise.zones": "visits", "locks": "days", "forbidden_days": "days"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One lever. path : as in scenario.toml. of : whose it is, where several have the same. default : as text.

    main : place among the levers that are shown first, from 1; 0 for the others.
    """

    path: str
    group: str
    title: str
    of: str
    unit: str
    meaning: str
    kind: Kind
    default: str
    choices: tuple[tuple[str, str], ...]
    main: int


@cache
def list_levers() -> tuple[Lever, ...]:
    """Return every lever in the order of scenario.toml."""
    return tuple(_lever(path, value) for path, value in _leaves(_defaults(), "") if path not in _NOT_HERE)


@cache
def group_titles() -> Mapping[str, str]:
    """Return the groups of levers with their titles, in the order in which they are shown."""
    titles: Mapping[str, str] = _said()["groups"]
    return titles


def changes_from(texts: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what differs from the defaults, nested as in scenario.toml, and by path what cannot be read.

    >>> changes_from({"promise.visits_per_week": "5", "seed": "1", "rounds.closed_roads": "L1、L2"})
    ({'promise': {'visits_per_week': 5}, 'rounds': {'closed_roads': ['L1', 'L2']}}, {})
    """
    changes: dict[str, Any] = {}
    wrong = {}
    for lever in list_levers():
        text = texts.get(lever.path, lever.default).strip()
        if text == lever.default:
            continue
        try:
            value = _value(lever.kind, text)
        except ValueError:
            wrong[lever.path] = _WANTED[lever.kind]
            continue
        *above, last = lever.path.split(".")
        place = changes
        for name in above:
            place = place.setdefault(name, {})
        place[last] = value
    return changes, wrong


def texts_from(changes: Mapping[str, Any]) -> dict[str, str]:
    """Return changes as they were filled in: path to text."""
    known = {lever.path: lever for lever in list_levers()}
    return {path: _text(value) for path, value in _leaves(changes, "", known) if path in known}


def list_changes(changes: Mapping[str, Any]) -> list[tuple[Lever, str]]:
    """Return the levers that were changed, each with what it was changed to, in words."""
    texts = texts_from(changes)
    return [
        (lever, dict(lever.choices).get(texts[lever.path], texts[lever.path]))
        for lever in list_levers()
        if lever.path in texts
    ]


def _leaves(data: Mapping[str, Any], above: str, known: Mapping[str, Any] | None = None) -> Sequence[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in data.items():
        path = f"{above}.{name}" if above else name
        is_leaf = path in _LINES if known is None else path in known
        found += _leaves(value, path, known) if isinstance(value, Mapping) and not is_leaf else [(path, value)]
    return found


def _lever(path: str, value: Any) -> Lever:
    said = _said()
    parts = path.split(".")
    starred = ".".join([parts[0], "*", *parts[2:]]) if len(parts) == 3 else f"{parts[0]}.*"
    if parts[:2] == ["stations", "yuan_per_year"]:
        starred = "stations.yuan_per_year.*"
    words = said["words"].get(path)
    title, unit, meaning = words or said["words"].get(starred, (path, "", ""))
    owner = "" if words else _owner(parts, starred)
    kind = _LINES.get(path) or _kind(value)
    options = _CHOICES.get(path) or _CHOICES.get(parts[-1], ())
    if path == "hired.kind":
        options = tuple(_defaults()["vehicles"])
    elif kind == "yes":
        options = ("yes", "no")
    return Lever(
        path=path,
        group=parts[0] if parts[0] in said["groups"] else "other",
        title=title,
        of=owner,
        unit=unit,
        meaning=meaning,
        kind=kind,
        default=_text(value),
        choices=tuple((name, said["choices"].get(name) or said["names"].get(name, name)) for name in options),
        main=said["main"].index(path) + 1 if path in said["main"] else 0,
    )


def _owner(parts: Sequence[str], starred: str) -> str:
    names: Mapping[str, str] = _said()["names"]
    owner = parts[-1] if starred.endswith(".*") else parts[1]
    return names.get(f"{parts[0]}.{owner}", names.get(owner, owner))


def _kind(value: Any) -> Kind:
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, list):
        first = value[0] if value else ""
        return "texts" if isinstance(first, str) else "ints" if isinstance(first, int) else "reals"
    return "int" if isinstance(value, int) else "real" if isinstance(value, float) else "text"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "、".join(_text(item) for item in value)
    if isinstance(value, Mapping):
        return "\n".join(f"{name} = {_text(item)}" for name, item in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)


def _value(kind: Kind, text: str) -> Any:
    match kind:
        case "yes":
            return text == "yes"
        case "int":
            return int(text)
        case "real":
            return float(text)
        case "text":
            return text
        case "ints" | "reals" | "texts":
            convert = {"ints": int, "reals": float, "texts": str}[kind]
            return [convert(part) for part in _parts(text)]
        case "visits" | "days":
            lines = [line.replace("＝", "=").split("=", 1) for line in text.splitlines() if line.strip()]
            if any(len(line) != 2 for line in lines):
                raise ValueError(text)
            held = {code.strip(): right for code, right in lines}
            return {c: int(r) if kind == "visits" else [int(part) for part in _parts(r)] for c, r in held.items()}


def _parts(text: str) -> list[str]:
    return (
        text.replace("，", "、").replace(",", "、").replace(" ", "、").strip("、").split("、") if text.strip() else []
    )


_WANTED: Mapping[Kind, str] = {
    "yes": "请选是或否。",
    "int": "请填整数。",
    "real": "请填数。",
    "text": "请填文字。",
    "ints": "请填整数，以、分隔。",
    "reals": "请填数，以、分隔。",
    "texts": "请填文字，以、分隔。",
    "visits": "一行一条，如 330782104000 = 5。",
    "days": "一行一条，如 330782104205 = 1、3、5。",
}


@cache
def _defaults() -> Mapping[str, Any]:
    return tomllib.loads(files("posthouse.planning").joinpath("scenario.toml").read_text(encoding="utf-8"))


@cache
def _said() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("levers.toml").read_text(encoding="utf-8"))
