"""Rows of this room: files that were handed in, and rows of them that wait to be mended."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from posthouse_web.accounts.scope import ScopedBy
from posthouse_web.runs.models import Run


class Upload(models.Model):
    """One file as it was handed in; the file itself lies aside in `uploads/<folder>/` and is never changed.

    preview : what loading would come to, see `mapping.preview_to_json`. mapping : TOML, as the person has it now.
    report : what loading came to, see `mapping.report_to_json`; empty before. run : the last that loaded it.
    """

    SCOPE = ScopedBy()
    name = models.CharField(_("文件"), max_length=200)
    folder = models.CharField(max_length=32, unique=True)
    size = models.PositiveBigIntegerField(_("大小"))
    digest = models.CharField(max_length=64)
    preview = models.JSONField(default=list)
    mapping = models.TextField(blank=True)
    report = models.JSONField(default=dict)
    good = models.PositiveBigIntegerField(_("读入"), null=True)
    rejected = models.PositiveBigIntegerField(_("错行"), null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("上传人"))
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True, db_index=True)
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="+")
    history = HistoricalRecords(excluded_fields=["preview", "report"])

    class Meta:
        """Newest first."""

        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.name


class FaultyRow(models.Model):
    """One row in quarantine, and what a person has written in its place.

    number : the workspace's name for the row. cells : column to text, as in the file. at_fault : columns that break a
    rule. edits : column to the mended text. The row goes away when the workspace has taken it in.
    """

    SCOPE = ScopedBy()
    number = models.CharField(max_length=17, unique=True)
    table = models.CharField(_("表"), max_length=40, db_index=True)
    file = models.CharField(_("文件"), max_length=200, db_index=True)
    row = models.PositiveIntegerField(_("行"))
    wrong = models.TextField(_("问题"))
    remedy = models.TextField()
    cells = models.JSONField(default=dict)
    at_fault = models.JSONField(default=list)
    edits = models.JSONField(default=dict)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    history = HistoricalRecords(excluded_fields=["cells", "wrong", "remedy"])

    class Meta:
        """As in the files."""

        ordering = ["table", "file", "row"]

    def __str__(self) -> str:
        return f"{self.file}:{self.row}"
