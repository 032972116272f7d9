"""What the run pages read."""

from django.db.models import QuerySet
from django.utils import timezone

from posthouse_web.accounts.scope import Scope
from posthouse_web.runs.kinds import KINDS
from posthouse_web.runs.models import SILENT, Run, Worker


def list_runs(scope: Scope) -> "QuerySet[Run]":
    """Return the runs of the kinds that this person may ask for."""
    kinds = [name for name, kind in KINDS.items() if scope.may(kind.needs)]
    return Run.objects.filter(kind__in=kinds).select_related("asked_by")


def has_worker() -> bool:
    """Whether a worker has given a sign of life lately."""
    return Worker.objects.filter(heard_at__gte=timezone.now() - SILENT).exists()


def find_latest(scope: Scope, kind: str) -> Run | None:
    """Return the latest run of a kind, or None."""
    return list_runs(scope).filter(kind=kind).first()
