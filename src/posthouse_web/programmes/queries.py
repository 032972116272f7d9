"""What this room reads: versions, their goals, what is different between two."""

from django.db.models import Count, QuerySet

from posthouse.programme.compare import compare_programmes
from posthouse.programme.exchange import programme_from_toml
from posthouse_web.accounts.roles import Permission
from posthouse_web.accounts.scope import Scope, within
from posthouse_web.programmes.mapping import corrected
from posthouse_web.programmes.models import State, Version, VersionGoal


def list_versions(scope: Scope) -> "QuerySet[Version]":
    """Return the versions that this person may read: drafts only for those who correct them."""
    rows = within(Version.objects.select_related("confirmed_by"), scope).annotate(goal_count=Count("goals"))
    return rows if scope.may(Permission.EDIT_PROGRAMME) else rows.exclude(state=State.DRAFT)


def list_goals(scope: Scope, version: Version) -> "QuerySet[VersionGoal]":
    """Return the goals of a version in the document's order."""
    return within(VersionGoal.objects.filter(version=version), scope).order_by("position")


def list_differences(version: Version, other: Version) -> list[tuple[str, str]]:
    """Return what is different from another version to this one: kind and one sentence each."""
    old, new = (corrected(programme_from_toml(v.text), v.goals.all()) for v in (other, version))
    return [(difference.kind, difference.message) for difference in compare_programmes(old, new)]


def list_measures_in_force() -> list[tuple[str, str]]:
    """Return the goals of the version in force that have a measure: name and measure."""
    goals = VersionGoal.objects.filter(version__state=State.IN_FORCE).exclude(measure="").order_by("position")
    return list(goals.values_list("indicator", "measure"))
