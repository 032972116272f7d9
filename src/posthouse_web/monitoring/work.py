"""What the worker does for this room."""

from pathlib import Path

from django.conf import settings

from posthouse_web.monitoring.actions import list_unpublished, list_without_parts, publish_month, publish_parts
from posthouse_web.registers.actions import copy_registers
from posthouse_web.registers.queries import find_workspace
from posthouse_web.runs.control import Control


def publish_months(control: Control) -> dict[str, object]:
    """Publish every closed month that is missing or older than its run, and what months lack; return which are new."""
    out = Path(settings.POSTHOUSE_OUT)
    months = list_unpublished(out)
    for month in months:
        control.step(f"{month} 读结账结果")
        publish_month(out, month)
    workspace = find_workspace()
    if workspace is not None:
        copy_registers(workspace, control.step)
    lacking = list_without_parts()
    for done, month in enumerate(lacking):
        control.step(month, done / len(lacking))
        publish_parts(out, month, control.step)
        control.finish(month)
    return {"months": months}
