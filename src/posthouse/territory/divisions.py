"""The tree of divisions from the register: who lies in whom, and where the villages are."""

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from posthouse.territory.model import Division, Divisions
from posthouse.territory.validity import rows_valid_on
from posthouse.vocabulary.divisions import parent_of
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import pyarrow


def divisions_from(table: "pyarrow.Table", on: date | None = None) -> Divisions:
    """Return the tree of the divisions that are valid on a day (of all rows where no day is given).

    A division without a parent code gets it from its own code. A parent that is not in the register gives a Finding;
    the division is kept. Where a code has several rows, the one valid from the latest day counts.
    """
    rows = sorted(rows_valid_on(table, on), key=lambda row: (row["code"], row.get("valid_from") or date.min))
    by_code: dict[str, Division] = {}
    findings: list[Finding] = []
    for row in rows:
        by_code[row["code"]] = Division(
            code=row["code"],
            name=row["name"],
            level=row["level"],
            kind=row["kind"],
            parent=row["parent_code"] or _parent(row["code"], row["level"]),
            lon=row["lon"],
            lat=row["lat"],
            population=row["population"],
            households=row["households"],
            island=row["island"] or "",
        )
    children: dict[str, list[str]] = defaultdict(list)
    for code, division in sorted(by_code.items()):
        if division.parent in by_code and division.parent is not None:
            children[division.parent].append(code)
        elif division.level in ("village", "town"):
            findings.append(_orphan(division))
        if division.kind == "administrative_village" and division.position is None:
            findings.append(_unplaced(division))
    return Divisions(
        by_code=by_code, children={code: tuple(below) for code, below in children.items()}, findings=tuple(findings)
    )


def _parent(code: str, level: str) -> str | None:
    if level == "province":
        return None
    try:
        return parent_of(code)
    except UnusableInputError:
        return None


def _orphan(division: Division) -> Finding:
    return Finding(
        code="territory.no_parent",
        severity=Severity.WARNING,
        message=f"{division.name}（{division.code}）的上级{division.parent or '未填'}不在区划表中。请补登上级区划。",
        place=division.code,
        fields={"parent_code": division.parent},
    )


def _unplaced(division: Division) -> Finding:
    return Finding(
        code="territory.no_position",
        severity=Severity.WARNING,
        message=f"{division.name}（{division.code}）没有经纬度，无法估算到村的里程。请补测。",
        place=division.code,
        fields={"name": division.name},
    )
