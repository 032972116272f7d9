"""All rules of supervision over a month's records. For inspectors: what to look at, where, on which legal basis."""

from collections.abc import Callable, Collection, Mapping

from posthouse.measures.forms import Tables, last_day
from posthouse.supervision.catalogue import all_rules
from posthouse.supervision.conformance.find import find_nonconforming
from posthouse.supervision.conformance.streamed import JourneyStream
from posthouse.supervision.model import Area, Findings, Rule, is_in_force
from posthouse.supervision.rules.camera_offline import find_camera_offline
from posthouse.supervision.rules.complaints_high import find_complaints_high
from posthouse.supervision.rules.control_incomplete import find_control_incomplete
from posthouse.supervision.rules.dead_xray import find_dead_xray
from posthouse.supervision.rules.packaging_below import find_packaging_below
from posthouse.supervision.rules.secondary_charge import find_secondary_charge
from posthouse.supervision.rules.signed_in_town import find_signed_in_town
from posthouse.vocabulary.findings import Finding
from posthouse.vocabulary.periods import Period

CHECKS: Mapping[str, Callable[[Tables, Period, Rule], Findings]] = {
    "supervision.dead_xray": find_dead_xray,
    "supervision.control_incomplete": find_control_incomplete,
    "supervision.camera_offline": find_camera_offline,
    "supervision.secondary_charge": find_secondary_charge,
    "supervision.signed_in_town": find_signed_in_town,
    "supervision.complaints_high": find_complaints_high,
    "supervision.packaging_below": find_packaging_below,
}
"""The function of each rule in rules.toml, but for those of conformance: they are counted together."""


def supervise(
    tables: Tables,
    period: Period,
    *,
    areas: Collection[Area] | None = None,
    stream: JourneyStream | None = None,
) -> tuple[Finding, ...]:
    """Return what the rules in force on the period's last day find, rule by rule.

    Parameters
    ----------
    tables : the records by name, as Ibis tables of one engine.
    areas : safety, quality, green; all where none are named.
    stream : hands out the journeys of these tables, where they lie on this machine; they are then checked faster.
    """
    day = last_day(period)
    rules = [rule for rule in all_rules().values() if is_in_force(rule, day) and (areas is None or rule.area in areas)]
    alone = (finding for rule in rules if rule.code in CHECKS for finding in CHECKS[rule.code](tables, period, rule))
    counted = [rule for rule in rules if rule.code not in CHECKS]
    return (*alone, *find_nonconforming(tables, period, counted, stream=stream))
