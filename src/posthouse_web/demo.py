"""Accounts for the sample city: one a role, made only by `python -m posthouse_web --demo`, never on a real folder."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from posthouse_web.accounts.models import User
from posthouse_web.accounts.roles import Role
from posthouse_web.maps.models import Feature
from posthouse_web.monitoring.models import Place
from posthouse_web.plans.actions import make_scenario
from posthouse_web.plans.models import Scenario
from posthouse_web.plans.queries import list_months

PASSWORD = "posthouse-demo"
DEMO_SECONDS = 20
"""How long the example plan is searched; its worker does so while people look around."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """One account of the demonstration."""

    username: str
    role: Role
    full_name: str
    organisation: str = ""
    division: str = ""
    brands: str = ""


def make_demo_accounts() -> list[User]:
    """Make the demonstration's accounts where they are missing, and return them."""
    town = Place.objects.filter(level="town").order_by("code").first()
    brand = Feature.objects.exclude(brand="").order_by("brand").values_list("brand", flat=True).first()
    wanted = [
        DemoAccount(username="leader", role=Role.LEADER, full_name="领导演示"),
        DemoAccount(username="office", role=Role.OFFICE, full_name="专班演示", organisation="市邮政管理局"),
        DemoAccount(
            username="liaison",
            role=Role.LIAISON,
            full_name="联络员演示",
            organisation=town.name if town else "",
            division=town.code if town else "",
        ),
        DemoAccount(username="inspector", role=Role.INSPECTOR, full_name="检查员演示"),
        DemoAccount(username="data", role=Role.DATA_OFFICER, full_name="数据员演示"),
        DemoAccount(username="admin", role=Role.ADMINISTRATOR, full_name="管理员演示"),
    ]
    if brand:
        wanted.insert(3, DemoAccount(username="planner", role=Role.PLANNER, full_name="规划员演示", brands=brand))
    password = make_password(PASSWORD)
    return [_account(entry, password) for entry in wanted]


def _account(entry: DemoAccount, password: str) -> User:
    account, _ = User.objects.get_or_create(
        username=entry.username,
        defaults={
            "role": entry.role,
            "full_name": entry.full_name,
            "organisation": entry.organisation,
            "division": entry.division,
            "brands": entry.brands,
            "password": password,
        },
    )
    return account


def make_demo_plan() -> None:
    """Ask for one example plan, where there is none, so that 规划 has something to look at."""
    months = list_months()
    if months and not Scenario.objects.exists():
        make_scenario(None, "示例：每周三次", months[0], {"seconds": DEMO_SECONDS})
