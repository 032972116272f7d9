"""X-ray machines that the register calls networked while the platform saw no image all month."""

from posthouse.measures.forms import Tables
from posthouse.supervision.model import Findings, Rule
from posthouse.vocabulary.periods import Period


def find_dead_xray(tables: Tables, period: Period, rule: Rule) -> Findings:
    """Return a finding per machine that sent nothing on all days it was registered on line, `least_days` or more."""
    status = tables["device_status"]
    registered = status.filter(
        status.kind == "xray",
        status.is_registered_online,
        status.reported_on >= period.start_on,
        status.reported_on < period.end_on,
    )
    machines = registered.group_by(["device_id", "outlet_id", "brand"]).aggregate(
        days=registered.count(),
        minutes=registered.online_min.fill_null(0).sum(),
        images=registered.images.fill_null(0).sum(),
    )
    dead = machines.filter(
        machines.days >= int(rule.parameters["least_days"]), (machines.images == 0) | (machines.minutes == 0)
    )
    return tuple(
        rule.found(
            f"{row['brand']}网点{row['outlet_id']}的安检机{row['device_id']}登记联网，"
            f"{row['days']}天中" + ("没有一幅过机图像" if row["minutes"] else "从未在线"),
            brand=row["brand"],
            place=row["outlet_id"],
            device_id=row["device_id"],
            days=row["days"],
            online_min=row["minutes"],
            images=row["images"],
        )
        for row in dead.order_by(["outlet_id", "device_id"]).to_pyarrow().to_pylist()
    )
