"""The seven roles and what each may do. Which rows a person sees is decided in `scope`, from organisation and division.

A permission is asked for by a use case (actions.py) or a page, never by the name of a role.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """What a use case may ask for."""

    READ_FIGURES = "read_figures"
    READ_ROWS = "read_rows"
    """Single journeys and inspections behind a figure: personal data, every read is logged."""
    READ_REGISTERS = "read_registers"
    READ_RUNS = "read_runs"
    EXPORT = "export"
    EDIT_PROGRAMME = "edit_programme"
    LOAD_DATA = "load_data"
    EDIT_REGISTERS = "edit_registers"
    CLOSE_MONTH = "close_month"
    READ_PLANS = "read_plans"
    PLAN = "plan"
    PUBLISH_PLAN = "publish_plan"
    MANAGE_ACCOUNTS = "manage_accounts"
    READ_LOG = "read_log"


class Role(TextChoices):
    """What a person does in the programme."""

    LEADER = "leader", _("领导")
    OFFICE = "office", _("专班办公室")
    LIAISON = "liaison", _("联络员")
    PLANNER = "planner", _("企业规划员")
    INSPECTOR = "inspector", _("检查员")
    DATA_OFFICER = "data_officer", _("数据员")
    ADMINISTRATOR = "administrator", _("系统管理员")


_P = Permission
_READER = frozenset({_P.READ_FIGURES, _P.READ_ROWS, _P.READ_REGISTERS})
ALLOWED: Mapping[str, frozenset[Permission]] = MappingProxyType(
    {
        Role.LEADER: _READER | {_P.READ_PLANS, _P.EXPORT},
        Role.OFFICE: frozenset(_P) - {_P.MANAGE_ACCOUNTS, _P.READ_LOG},
        Role.LIAISON: _READER | {_P.EXPORT},
        Role.PLANNER: _READER | {_P.READ_RUNS, _P.EXPORT, _P.READ_PLANS, _P.PLAN},
        Role.INSPECTOR: _READER,
        Role.DATA_OFFICER: _READER | {_P.READ_RUNS, _P.EXPORT, _P.LOAD_DATA, _P.EDIT_REGISTERS, _P.CLOSE_MONTH},
        # Whoever gives out accounts reads no rows of the city: the figures only, to see that the console works.
        Role.ADMINISTRATOR: frozenset({_P.READ_FIGURES, _P.READ_RUNS, _P.MANAGE_ACCOUNTS, _P.READ_LOG}),
    }
)

BRANDED = frozenset({Role.PLANNER})
"""Roles that must belong to a brand: without one they see no figure at all."""


def allowed_to(role: str) -> frozenset[Permission]:
    """Return what the role may do; nothing for an unknown one."""
    return ALLOWED.get(role, frozenset())
