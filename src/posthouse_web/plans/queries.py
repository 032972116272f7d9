"""What this room reads: scenarios and their plans, as far as a person may see them."""

import json
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from posthouse.planning.exchange import plan_from_json
from posthouse.planning.model import Plan
from posthouse.stores.workspace import open_workspace
from posthouse.vocabulary.errors import UnusableInputError
from posthouse_web.accounts.roles import Permission
from posthouse_web.accounts.scope import Scope, within
from posthouse_web.plans.actions import folder_of
from posthouse_web.plans.mapping import only_own
from posthouse_web.plans.models import Scenario, State

SEEN = (State.PUBLISHED, State.IN_FORCE)


def list_scenarios(scope: Scope) -> "QuerySet[Scenario]":
    """Return the scenarios that a person may see: all for the office, else one's own and those that are published.

    Of those that are published an operator sees the ones that pool its brand.
    """
    rows = Scenario.objects.select_related("made_by", "run")
    if scope.may(Permission.PLAN) and scope.brands is None:
        return within(rows, scope)
    return within(rows.filter(Q(made_by=scope.person) | Q(state__in=SEEN)), scope)


def read_plan(scope: Scope, scenario: Scenario) -> Plan | None:
    """Return the plan as this person may see it, or None where there is none yet."""
    if scenario.state == State.DRAFT:
        return None
    return only_own(read_whole_plan(scenario), scope.brands)


def read_whole_plan(scenario: Scenario) -> Plan:
    """Return the plan with everybody's figures; not for showing."""
    return plan_from_json(json.loads((folder_of(scenario.folder) / "plan.json").read_text(encoding="utf-8")))


def list_months() -> list[str]:
    """Return the months that hold scans, newest first."""
    try:
        workspace = open_workspace(Path(settings.POSTHOUSE_OUT) / "workspace")
    except UnusableInputError:
        return []
    return sorted({day[:7] for day in workspace.list_days("scans") if day[:1].isdigit()}, reverse=True)
