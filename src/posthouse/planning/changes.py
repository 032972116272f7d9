"""What is different between two plans, village by village, and two scenarios side by side."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from posthouse.planning.model import Call, Change, Plan
from posthouse.planning.modes import mode_zh
from posthouse.planning.patterns import in_words

LATER_MIN = 30
"""Minutes from which on another arrival counts as a change to the people who wait."""

MODE_VISITS = "到村："
"""How the figures begin that count the visits made one way."""


def list_changes(before: Plan, after: Plan) -> tuple[Change, ...]:
    """Return what changes for each village: its days, who comes, when; villages with no change are not listed."""
    old, new = _by_village(before), _by_village(after)
    changes = []
    for village in sorted(old.keys() | new.keys()):
        said = _difference(old.get(village, ()), new.get(village, ()))
        if said:
            name = next(call.village_name for call in (*new.get(village, ()), *old.get(village, ())))
            changes.append(Change(village=village, village_name=name, statement="；".join(said)))
    return tuple(changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One figure of two plans."""

    name: str
    unit: str
    first: float
    second: float


def compare_plans(first: Plan, second: Plan) -> tuple[Side, ...]:
    """Return the figures of two plans side by side."""
    rows = []
    figures: tuple[tuple[str, str, Callable[[Plan], float]], ...] = (
        ("每周费用", "元", lambda p: p.week.cost_yuan if p.week else p.weekly_cost_yuan),
        ("每件费用", "元/件", lambda p: p.week.cost_yuan / max(p.week.parcels_per_week, 1e-9) if p.week else 0.0),
        ("单独投递每周费用", "元", lambda p: p.weekly_cost_alone_yuan),
        ("每周里程", "公里", lambda p: p.weekly_distance_km),
        ("每周趟数", "趟", lambda p: float(len(p.routes))),
        ("到村的村", "个", lambda p: float(len({c.village for c in p.week.timetable})) if p.week else 0.0),
        (
            "每周到村次数",
            "次",
            lambda p: float(len({(c.village, c.weekday) for c in p.week.timetable})) if p.week else 0.0,
        ),
        ("没有做到的次数", "次", lambda p: float(sum(p.week.missing.values())) if p.week else 0.0),
        ("新设服务站", "处", lambda p: float(len(p.stations))),
        ("服务站年费用", "元", lambda p: sum(s.cost_yuan_per_year for s in p.stations)),
        ("二氧化碳", "千克/周", lambda p: p.week.co2_kg if p.week else 0.0),
    )
    for name, unit, figure in figures:
        rows.append(Side(name=name, unit=unit, first=figure(first), second=figure(second)))
    modes = sorted({*(first.week.modes if first.week else ()), *(second.week.modes if second.week else ())})
    rows += [
        Side(
            name=MODE_VISITS + mode_zh(mode),
            unit="次/周",
            first=float(first.week.modes.get(mode, 0)) if first.week else 0.0,
            second=float(second.week.modes.get(mode, 0)) if second.week else 0.0,
        )
        for mode in modes
    ]
    return tuple(rows)


def _by_village(plan: Plan) -> Mapping[str, Sequence[Call]]:
    found: dict[str, list[Call]] = defaultdict(list)
    for call in plan.week.timetable if plan.week else ():
        found[call.village].append(call)
    return found


def _difference(old: Sequence[Call], new: Sequence[Call]) -> list[str]:
    if not old or not new:
        return ["不再安排到村"] if old else ["新安排到村"]
    said = []
    before, after = (tuple(sorted({call.weekday for call in calls})) for calls in (old, new))
    if before != after:
        said.append(f"由{in_words(before)}改为{in_words(after)}")
    was = {call.weekday: call for call in old}
    now = {call.weekday: call for call in new}
    ways: dict[tuple[str, str], list[int]] = defaultdict(list)
    for day in sorted(was.keys() & now.keys()):
        if was[day].mode != now[day].mode:
            ways[mode_zh(was[day].mode), mode_zh(now[day].mode)].append(day)
    said += [f"{in_words(tuple(days))}由{one}改为{other}" for (one, other), days in ways.items()]
    moved = [
        day
        for day in sorted(was.keys() & now.keys())
        if was[day].mode == now[day].mode and abs(was[day].arrive_min - now[day].arrive_min) >= LATER_MIN
    ]
    if moved:
        first = moved[0]
        said.append(f"{in_words(tuple(moved))}到达时间变动，例如{_clock(was[first])}改为{_clock(now[first])}")
    return said


def _clock(call: Call) -> str:
    return f"{call.arrive_min // 60:02d}:{call.arrive_min % 60:02d}"
