"""What can be done in this room: make a scenario, run it, stop it, publish its plan, put it in force."""

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from posthouse_web.accounts.models import User
from posthouse_web.accounts.roles import Permission
from posthouse_web.accounts.scope import Scope, scope_of
from posthouse_web.monitoring.actions import publish_plan
from posthouse_web.monitoring.in_force import hand_out, write_plan
from posthouse_web.monitoring.models import Month
from posthouse_web.plans.models import Scenario, State
from posthouse_web.runs.actions import NotPossibleError, start_run, stop_run


def require_whole_city(scope: Scope, permission: Permission) -> None:
    """Raise PermissionDenied unless the person may do this for all of the city: a plan cannot be cut at a border."""
    scope.require(permission)
    if scope.area:
        raise PermissionDenied(permission)


def folder_of(name: str) -> Path:
    """Return where the files of a plan lie."""
    return Path(settings.POSTHOUSE_OUT) / "plans" / name


@transaction.atomic
def make_scenario(by: User | None, name: str, month: str, levers: dict[str, Any]) -> Scenario:
    """Make a scenario and ask for its plan; `by` is None where the program itself makes an example."""
    if by is not None:
        require_whole_city(scope_of(by), Permission.PLAN)
    scenario = Scenario(name=name, month=month, levers=levers, folder=secrets.token_hex(16), made_by=by)
    scenario.save()
    scenario.run = start_run(by, "plan", {"scenario": scenario.pk})
    scenario.save(update_fields=["run"])
    return scenario


@transaction.atomic
def plan_again(by: User, scenario: Scenario) -> None:
    """Ask for the plan once more, on the data as they are now; what others rely on is not planned again.

    Raises
    ------
    NotPossibleError : it is published, or being planned.
    """
    _require_own(by, scenario)
    busy = scenario.run is not None and not scenario.run.is_over
    if busy or scenario.state not in (State.DRAFT, State.PLANNED):
        raise NotPossibleError
    scenario.run = start_run(by, "plan", {"scenario": scenario.pk})
    scenario.save(update_fields=["run"])


def stop_planning(by: User, scenario: Scenario) -> None:
    """End the search; the best plan so far is kept.

    Raises
    ------
    NotPossibleError : nothing is being searched.
    """
    _require_own(by, scenario)
    if scenario.run is None:
        raise NotPossibleError
    stop_run(by, scenario.run)


@transaction.atomic
def publish_scenario(by: User, scenario: Scenario) -> None:
    """Let others see the plan: each what they may see of it.

    Raises
    ------
    NotPossibleError : there is no plan yet, or it is published already.
    """
    _require_own(by, scenario)
    if not Scenario.objects.filter(pk=scenario.pk, state=State.PLANNED).exists():
        raise NotPossibleError
    scenario.state = State.PUBLISHED
    scenario.save(update_fields=["state"])


@transaction.atomic
def put_in_force(by: User, scenario: Scenario) -> int:
    """Draw the plan on the map in place of the month's own, and hand out what it asks for; return how many are new.

    Raises
    ------
    NotPossibleError : it is not published.
    """
    scope = scope_of(by)
    require_whole_city(scope, Permission.PUBLISH_PLAN)
    if scope.brands is not None:
        raise PermissionDenied(Permission.PUBLISH_PLAN)
    if scenario.state != State.PUBLISHED:
        raise NotPossibleError
    for former in Scenario.objects.filter(month=scenario.month, state=State.IN_FORCE):
        former.state = State.PUBLISHED
        former.save(update_fields=["state"])
    scenario.state = State.IN_FORCE
    scenario.save(update_fields=["state"])
    out = Path(settings.POSTHOUSE_OUT)
    write_plan(out, scenario.month, (folder_of(scenario.folder) / "plan.json").read_bytes())
    issued = hand_out(out, scenario.month)
    if Month.objects.filter(pk=scenario.month).exists():
        publish_plan(out, scenario.month)
    return issued


def _require_own(by: User, scenario: Scenario) -> None:
    """Raise PermissionDenied unless the person made the scenario, or is of the office that sees all."""
    scope = scope_of(by)
    require_whole_city(scope, Permission.PLAN)
    if scenario.made_by_id != by.pk and scope.brands is not None:
        raise PermissionDenied(Permission.PLAN)
