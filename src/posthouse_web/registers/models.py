"""One row of any register. The workspace is what is measured; a row is its copy, or an edit on its way there."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from posthouse_web.accounts.scope import ScopedBy


class _Scoped(models.Model):
    """What a row and its history are scoped by."""

    SCOPE: ClassVar = ScopedBy(place="place", brand="brand", open_pooled=True)

    class Meta:
        """No table of its own."""

        abstract = True


class Entry(_Scoped):
    """One register row.

    key : the values of the table's key, joined by a slash. since : valid_from as text, "" where it was always valid;
    both together name a row, as in the workspace. cells : column to value, days as text, columns without value absent.
    place : 12-digit code, "" for the whole area. town : of the place. brand : its own or its company's, "" for none.
    is_closed : has a last day. is_pending : edited and not yet written into the workspace.
    """

    table = models.CharField(max_length=40)
    key = models.CharField(_("编号"), max_length=120)
    since = models.CharField(max_length=10, blank=True)
    name = models.CharField(_("名称"), max_length=200, blank=True)
    kind = models.CharField(_("类别"), max_length=40, blank=True)
    place = models.CharField(_("所在区划"), max_length=12, blank=True)
    town = models.CharField(_("镇街"), max_length=12, blank=True)
    brand = models.CharField(_("品牌"), max_length=40, blank=True)
    is_closed = models.BooleanField(_("状态"), default=False)
    cells = models.JSONField(default=dict)
    is_pending = models.BooleanField(default=False, db_index=True)
    changed_at = models.DateTimeField(_("更新时间"), auto_now=True)
    history = HistoricalRecords(
        bases=[_Scoped], excluded_fields=["town", "kind", "is_closed", "is_pending", "changed_at"]
    )

    class Meta:
        """Looked up by table and one of the columns that lists filter or sort by."""

        constraints = [models.UniqueConstraint(fields=["table", "key", "since"], name="a_register_row_once")]
        indexes = [
            models.Index(fields=["table", field], name=f"register_{field}")
            for field in ("kind", "town", "place", "brand", "is_closed", "name")
        ]

    def __str__(self) -> str:
        return self.name or self.key


class Copied(models.Model):
    """Which files of the workspace the rows of a table were last copied from."""

    table = models.CharField(max_length=40, primary_key=True)
    parts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    copied_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.table


REASON_COPY = "import"
"""history_change_reason of what came from the workspace; a person's own edit has none."""
