"""三项制度 and the networks: what was done of what had to be done, by outlet and day.

Coverage is that of outlet days (or device days): an outlet that reported on some days owes the others.
"""

from typing import TYPE_CHECKING

from posthouse.measures.forms import By, Parameters, Tables, days_within, flag, integer, town_of
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import Table

ONLINE_MIN = 720
"""Minutes on line from which a device counts as networked on a day: half of it."""


def real_name_rate(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per outlet: parcels accepted under real names over those that had to be."""
    return _control(tables, period, "real_name")


def acceptance_inspection_rate(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per outlet: parcels inspected over those that had to be."""
    return _control(tables, period, "acceptance_inspection")


def security_screening_rate(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per outlet: parcels screened over those that had to be."""
    return _control(tables, period, "security_screening")


def video_network_rate(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per camera: days on line over days."""
    return _networked(tables, period, "video", by)


def xray_network_rate(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per X-ray machine: days on line with images over days."""
    return _networked(tables, period, "xray", by)


def _control(tables: Tables, period: Period, kind: str) -> "Table":
    checks = tables["checks"]
    checks = checks.filter(checks.kind == kind, days_within(checks.checked_on, period))
    keys = ["outlet_id", "brand", "division"]
    daily = checks.group_by([*keys, "checked_on"]).aggregate(
        done=lambda t: t.done.sum(), expected=lambda t: t.expected.sum()
    )
    outlets = daily.group_by(keys).aggregate(
        numerator=lambda t: t.done.sum().cast("int64"),
        denominator=lambda t: t.expected.sum().cast("int64"),
        known=lambda t: t.count(),
    )
    return outlets.select(
        "brand",
        "numerator",
        "denominator",
        "known",
        place=town_of(outlets.division),
        outlet="outlet_id",
        item="outlet_id",
        expected=integer(period.days),
    )


def _networked(tables: Tables, period: Period, kind: str, by: By) -> "Table":
    status = tables["device_status"]
    status = status.filter(status.kind == kind, days_within(status.reported_on, period))
    is_online = status.online_min >= ONLINE_MIN
    if kind == "xray":
        is_online = is_online & (status.images > 0)
    status = status.mutate(is_online=flag(is_online))
    devices = status.group_by(["device_id", "outlet_id", "brand"]).aggregate(
        numerator=lambda t: t.is_online.sum().cast("int64"), days=lambda t: t.count()
    )
    if {"place", "town", "county"} & set(by):
        where = tables["outlets"].select("outlet_id", place=town_of(tables["outlets"].division)).distinct()
        devices = devices.left_join(where, ["outlet_id"]).drop("outlet_id_right")
    return devices.mutate(
        outlet=devices.outlet_id,
        item=devices.device_id,
        denominator=devices.days,
        known=devices.days,
        expected=integer(period.days),
    )
