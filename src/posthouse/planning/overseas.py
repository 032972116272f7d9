"""快递出海: channels that are not open yet, backbone operators, hubs and projects, and the volume they should carry."""

from posthouse.diagnosis.model import Gap
from posthouse.planning.candidates import plan_by_rule, read_rules
from posthouse.planning.ground import Ground
from posthouse.planning.model import Plan

SUBJECT = "overseas"


def plan_overseas(gap: Gap, ground: Ground) -> Plan:
    """Return the actions for a gap whose measure has a rule in overseas.toml.

    A volume has no count of candidates: the unopened channels are named, the most frequent first.
    """
    rule = read_rules(SUBJECT)[gap.measure]
    rows = list(ground.rows[rule.table]) if rule.table else []
    mode = dict(gap.parameters).get("mode")
    if rule.table == "channels" and mode:
        rows = [row for row in rows if row["mode"] == mode]
    return plan_by_rule(gap, rule, SUBJECT, rows)
