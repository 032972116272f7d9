"""What the run pages read."""

import shutil

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from posthouse_web.accounts.scope import Scope
from posthouse_web.runs.kinds import KINDS
from posthouse_web.runs.models import SILENT, Run, Worker

LITTLE_MB = 200
"""Free space below which the run pages say so: a month of events may need as much."""


def list_runs(scope: Scope) -> "QuerySet[Run]":
    """Return the runs of the kinds that this person may ask for; people of an operator see their own only."""
    kinds = [name for name, kind in KINDS.items() if scope.may(kind.needs)]
    runs = Run.objects.filter(kind__in=kinds).select_related("asked_by")
    return runs if scope.brands is None else runs.filter(asked_by=scope.person)


def has_worker() -> bool:
    """Whether a worker has given a sign of life lately."""
    return Worker.objects.filter(heard_at__gte=timezone.now() - SILENT).exists()


def find_little_space() -> int | None:
    """Return how many MB are free where the console keeps its files, if that is little, else None."""
    free_mb = shutil.disk_usage(settings.POSTHOUSE_OUT).free // 2**20 if settings.POSTHOUSE_OUT.exists() else LITTLE_MB
    return free_mb if free_mb < LITTLE_MB else None


def find_latest(scope: Scope, kind: str) -> Run | None:
    """Return the latest run of a kind, or None."""
    return list_runs(scope).filter(kind=kind).first()
