"""The kinds of long work: a title, who may ask for it, and the function that does it.

A function is named by its path, so that the pages need not import what only the worker does. It is called as
`function(control, **parameters)`, reports by `control.step(...)`, and returns plain values for `Run.result`. What it
writes it writes whole (one transaction, one rename), so that a run that ends half-way leaves what was there before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from posthouse_web.accounts.roles import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of long work. function : dotted path. can_resume : whether it leaves out `control.finished` steps."""

    title: str | Promise
    needs: Permission
    function: str
    can_resume: bool = False


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "publish": Kind(
            title=_("把已结账的月份读入控制台"),
            needs=Permission.CLOSE_MONTH,
            function="posthouse_web.monitoring.work.publish_months",
            can_resume=True,
        ),
        "load": Kind(
            title=_("导入数据文件"), needs=Permission.LOAD_DATA, function="posthouse_web.data.work.load_upload"
        ),
        "mend": Kind(
            title=_("重新导入改好的行"), needs=Permission.LOAD_DATA, function="posthouse_web.data.work.load_mended"
        ),
        "registers": Kind(
            title=_("把台账的改动写入工作区"),
            needs=Permission.EDIT_REGISTERS,
            function="posthouse_web.registers.work.write_registers",
        ),
        "plan": Kind(title=_("规划"), needs=Permission.PLAN, function="posthouse_web.plans.work.plan_scenario"),
        "close": Kind(
            title=_("测量并结账"), needs=Permission.CLOSE_MONTH, function="posthouse_web.data.work.close_month"
        ),
    }
)
