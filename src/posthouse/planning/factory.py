"""快递进厂: industries, parks, factories and projects short of the plan's count, with the best candidates by name.

A park with many factories comes before one with few: that is where one outlet serves most.
"""

from collections import Counter

from posthouse.diagnosis.model import Gap
from posthouse.planning.candidates import plan_by_rule, read_rules
from posthouse.planning.ground import Ground, Row
from posthouse.planning.model import Plan

SUBJECT = "factory"


def plan_factory(gap: Gap, ground: Ground) -> Plan:
    """Return the actions for a gap whose measure has a rule in factory.toml."""
    rule = read_rules(SUBJECT)[gap.measure]
    rows = _parks(ground) if rule.table == "parks" else ground.rows[rule.table] if rule.table else ()
    return plan_by_rule(gap, rule, SUBJECT, rows)


def _parks(ground: Ground) -> list[Row]:
    """The parks with the number of factories in each, in the derived column `factories`."""
    inside = Counter(row["park_id"] for row in ground.rows["factories"])
    return [{**row, "factories": inside[row["park_id"]]} for row in ground.rows["parks"]]
