"""What binds a week, and what would help where the promise cannot be kept."""

from collections import Counter, defaultdict
from dataclasses import replace
from math import isfinite

from posthouse.planning.depots import BEYOND_SHIFT
from posthouse.planning.effort import Effort
from posthouse.planning.ground import Ground
from posthouse.planning.model import Binding
from posthouse.planning.patterns import in_words
from posthouse.planning.weekly import WeeklyAnswer, plan_week

NEARLY = 0.97
"""Share of a driver's day or a vehicle's room from which on it counts as full."""

LISTED = 12
"""Binding limits said at most; a longer list is not read."""


def find_binding(answer: WeeklyAnswer, ground: Ground) -> tuple[Binding, ...]:
    """Return what limits the week: vehicles all out, driver's days used up, loads full, trips without room."""
    found = []
    for own in answer.answers:
        depot, by_day = own.week.depot, Counter(drive.weekday for drive in own.drives)
        registered = sum(len(kind.ids) for kind in own.week.kinds if not kind.is_hired)
        hired = {drive.vehicle for drive in own.drives if drive.kind.is_hired}
        if hired:
            cost = max(drive.kind.yuan_per_day for drive in own.drives if drive.kind.is_hired)
            most = max(by_day.values())
            said = f"{depot.name}可调配的{registered}辆车不够或不合算，最多一天出车{most}辆，需增租{len(hired)}辆"
            found.append(Binding(what="vehicles", where=depot.code, statement=said, worth_yuan=cost))
        shift = ground.scenario.rounds.shift_min
        long = [d for d in own.drives if d.duration_min >= NEARLY * min(shift, d.kind.levers.hours * 60)]
        if long:
            said = f"{depot.name}每周有{len(long)}趟排满了司机工时"
            found.append(Binding(what="hours", where=depot.code, statement=said))
        full = [d for d in own.drives if sum(s.parcels for s in d.stops) >= NEARLY * d.kind.capacity_parcels]
        if full:
            said = f"{depot.name}每周有{len(full)}趟装满了车"
            found.append(Binding(what="load", where=depot.code, statement=said))
    for trip, worth in sorted(answer.full.items(), key=lambda item: (-item[1], item[0])):
        said = f"班次{trip}的带件量已满" + (f"，多带一件每周可省{worth:.1f}元" if isfinite(worth) else "")
        found.append(Binding(what="room", where=trip, statement=said, worth_yuan=worth if isfinite(worth) else None))
    rank = {"vehicles": 0, "hours": 1, "load": 2, "room": 3}
    return tuple(sorted(found, key=lambda b: (rank[b.what], b.where))[: LISTED * 2])


def explain_missing(answer: WeeklyAnswer, ground: Ground) -> tuple[str, ...]:
    """Return one sentence for each village that does not get what was promised, and why."""
    said = []
    for village, count in sorted(answer.missing.items()):
        name = ground.divisions.name_with_town(village)
        pattern = answer.patterns.get(village, ())
        gets = f"只能每周{len(pattern)}次（{in_words(pattern)}），少{count}次" if pattern else "没有安排到村"
        why = answer.remote.why.get(village) or "可调配的车辆和工时已经用完"
        said.append(f"{name}：{gets}：{why}。")
    return tuple(said)


def find_relaxations(answer: WeeklyAnswer, ground: Ground, effort: Effort, *, seed: int) -> tuple[str, ...]:
    """Return what would keep the promise of the villages that miss it, each way priced by a new plan, cheapest first.

    Priced where vans or hours are short; what no van reaches needs another way, which is said instead.
    """
    said: list[tuple[float, str]] = []
    short = [a for a in answer.answers if a.missing]
    far = [village for village in answer.remote.missing if BEYOND_SHIFT in answer.remote.why[village]]
    if short or far:
        needs = [need for a in short for need in a.week.depot.needs] + [answer.layout.remote[v][0] for v in far]
        before, missing = sum(a.cost_yuan for a in short), sum(sum(a.missing.values()) for a in short)
        missing += sum(answer.remote.missing[village] for village in far)
        rounds, hired = ground.scenario.rounds, ground.scenario.hired
        ways = {
            "每个网点可增租车辆": replace(
                ground.scenario, hired=replace(hired, most_per_depot=hired.most_per_depot + 5)
            ),
            "网点的全部车辆可调配": replace(ground.scenario, rounds=replace(rounds, available_share=1.0)),
            "司机一班延长一小时": replace(ground.scenario, rounds=replace(rounds, shift_min=rounds.shift_min + 60)),
        }
        for (name, scenario), budget in zip(ways.items(), effort.parts([1.0] * len(ways)), strict=True):
            other = plan_week(needs, replace(ground, scenario=scenario), budget, seed=seed)
            kept = missing - sum(other.missing.values())
            if kept > 0:
                extra = max(0.0, other.cost_yuan - before)
                rest = "" if kept == missing else f"，还差{missing - kept}次"
                said.append((extra / kept, f"{name}：补上{kept}次到村，每周多花{extra:,.0f}元{rest}"))
    said += _remote_ways(answer, ground)
    return tuple(text for _, text in sorted(said))


def _remote_ways(answer: WeeklyAnswer, ground: Ground) -> list[tuple[float, str]]:
    """What the villages without road need: room on the boat, one more sailing, or a lower promise."""
    by_island: dict[str, list[str]] = defaultdict(list)
    for village in answer.remote.missing:
        if BEYOND_SHIFT in answer.remote.why[village]:
            continue
        by_island[ground.island_of(village)].append(village)
    said = []
    for island, villages in sorted(by_island.items()):
        days = sorted({day for village, day in answer.remote.offers if village in villages})
        parcels = sum(ground.demand.per_week(village) for village in villages)
        kg = parcels * ground.demand.kg_per_parcel
        place = island or "、".join(ground.divisions.name_with_town(v) for v in sorted(villages)[:3])
        levers = ground.scenario.carriage.get("ferry")
        visits = sum(answer.remote.missing[village] for village in villages)
        yuan = visits * levers.yuan_per_visit if levers else 0.0
        names = "、".join("一二三四五六日"[day - 1] for day in days)
        got = min(len(answer.patterns.get(village, ())) for village in villages)
        lower = f"，或把这里的承诺定为每周{got}次（情景文件的 promise.zones）" if got else ""
        if days and got == len(days):
            more = max(answer.remote.missing[village] for village in villages)
            text = f"轮渡在周{names}之外每周再开{more}天（交接每周约{yuan:,.0f}元，船的开行费用另议）{lower}"
        elif days:
            text = f"周{names}的轮渡每周再留{kg:,.0f}千克，或增开一班（交接每周约{yuan:,.0f}元）{lower}"
        else:
            text = f"修通道路，或开行能带件的班车、轮渡（每周{parcels:,.0f}件）"
        said.append((yuan / max(visits, 1), f"{place}的{len(villages)}个村：{text}"))
    return said
