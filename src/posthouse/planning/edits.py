"""A planner's edits in plan.xlsx: days moved, villages locked, roads forbidden; read back as levers of the scenario."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

from posthouse.planning.ground import Ground
from posthouse.planning.patterns import gaps_of, in_words
from posthouse.planning.scenario import Days, Scenario
from posthouse.vocabulary.errors import UnusableInputError

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

VILLAGES, ROADS = "村", "禁行道路"
"""Sheets that are read back; every other sheet is for reading."""

CODE, LOCK, FORBID, ROAD = "村代码", "锁定", "不可投递日", "路段编号"
DAY_HEADS = tuple(f"周{name}" for name in "一二三四五六日")
MARKS = frozenset({"√", "✓", "1", "1.0", "是", "x", "X", "v", "V"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """What the workbook says. days : all villages with their marks; locked : those to be kept; roads : closed."""

    days: Mapping[str, Days]
    locked: Mapping[str, Days]
    forbidden: Mapping[str, Days]
    roads: tuple[str, ...]


def read_edits(path: Path) -> Edits:
    """Return the edits of a workbook.

    Raises
    ------
    UnusableInputError : no workbook, or without the sheet of villages or its columns.
    """
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        villages = _cells(book.get_sheet_by_name(VILLAGES))
        roads = _cells(book.get_sheet_by_name(ROADS)) if ROADS in book.sheet_names else []
    except Exception as fault:
        raise UnusableInputError(
            f"--edits 应为 posthouse plan village 写出、改过的 plan.xlsx，{path} 读不出来：{fault}。请换一个文件。"
        ) from None
    head = villages[0] if villages else []
    missing = [name for name in (CODE, LOCK, *DAY_HEADS) if name not in head]
    if missing:
        raise UnusableInputError(f"{path} 的“{VILLAGES}”表缺少列：{'、'.join(missing)}。请保留原有表头。")
    at = {name: number for number, name in enumerate(head)}
    days, locked, forbidden = {}, {}, {}
    for row in villages[1:]:
        code = row[at[CODE]].removesuffix(".0")
        if not code:
            continue
        marks = tuple(day for day, name in enumerate(DAY_HEADS, start=1) if row[at[name]] in MARKS)
        days[code] = marks
        if row[at[LOCK]] in MARKS and marks:
            locked[code] = marks
        if FORBID in at and (text := row[at[FORBID]]):
            forbidden[code] = tuple(day for day, name in enumerate("一二三四五六日", start=1) if name in text)
    column = roads[0].index(ROAD) if roads and ROAD in roads[0] else None
    closed = [] if column is None else [row[column] for row in roads[1:]]
    return Edits(days=days, locked=locked, forbidden=forbidden, roads=tuple(name for name in closed if name))


def _cells(sheet: "CalamineSheet") -> list[list[str]]:
    """The cells as text, with full-width letters and digits made plain, and merged cells filled all over."""
    rows = [[normalize("NFKC", str(cell)).strip() for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])
    return rows


def apply_edits(edits: Edits, scenario: Scenario, planned: Mapping[str, Days]) -> Scenario:
    """Return the scenario with the edits: villages locked or moved keep their marks, the others stay free.

    planned : days of the plan that was edited; a village whose marks differ from it was moved by hand.
    """
    moved = {code: days for code, days in edits.days.items() if days and code in planned and days != planned[code]}
    return replace(
        scenario,
        locks={**scenario.locks, **moved, **edits.locked},
        forbidden_days={**scenario.forbidden_days, **edits.forbidden},
        rounds=replace(
            scenario.rounds, closed_roads=tuple(dict.fromkeys((*scenario.rounds.closed_roads, *edits.roads)))
        ),
    )


def object_to_edits(edits: Edits, planned: Mapping[str, Days], ground: Ground) -> tuple[str, ...]:
    """Return what of the edits could not be kept, or breaks the promise, in sentences.

    planned : days of the new plan.
    """
    promise = ground.scenario.promise
    said = []
    for code, days in sorted(ground.scenario.locks.items()):
        name = ground.divisions.name_with_town(code)
        if ground.divisions.find(code) is None:
            said.append(f"村代码{code}不在区划表中，锁定没有采用")
        elif code not in planned:
            said.append(f"{name}锁定{in_words(days)}，但没有能到村的办法")
        elif planned[code] != tuple(sorted(days)):
            said.append(f"{name}锁定{in_words(days)}，只能安排{in_words(planned[code])}")
        elif max(gaps_of(tuple(sorted(days)))) > promise.most_gap_days:
            said.append(f"{name}按锁定的{in_words(days)}，两次之间最长{max(gaps_of(tuple(sorted(days))))}天，超过要求")
    known = {str(row["road_id"]) for row in ground.rows["roads"]}
    said += [f"禁行道路{road}不在道路表中，没有采用" for road in edits.roads if road not in known]
    return tuple(said)
