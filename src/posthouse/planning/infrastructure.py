"""Outlets, sorting centres, lockers, devices, packaging: which brand has to do how much, and where to begin."""

from posthouse.diagnosis.model import Gap
from posthouse.planning.candidates import plan_by_rule, read_rules
from posthouse.planning.ground import Ground, Row
from posthouse.planning.model import Plan

SUBJECT = "infrastructure"

LARGE_PROJECT_PEOPLE = 3000
"""人 from which on a residential project needs a distribution centre (晋政办〔2020〕24号 三（四）)."""


def plan_infrastructure(gap: Gap, ground: Ground) -> Plan:
    """Return the actions for a gap whose measure has a rule in infrastructure.toml."""
    rule = read_rules(SUBJECT)[gap.measure]
    if rule.table == "residential_projects":
        return plan_by_rule(gap, rule, SUBJECT, [_with_norms(row) for row in ground.rows[rule.table]])
    return plan_by_rule(gap, rule, SUBJECT, ground.rows[rule.table] if rule.table else ())


def _with_norms(row: Row) -> Row:
    """A residential project with what the norms are about: lockers per hundred households, and whether it is large."""
    groups, households = row["locker_groups"], row["households"]
    per_hundred = None if groups is None or not households else groups * 100 / households
    return {
        **row,
        "lockers_per_hundred_households": per_hundred,
        "is_large": row["population"] >= LARGE_PROJECT_PEOPLE,
    }
