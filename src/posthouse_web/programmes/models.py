"""Rows of this room: each plan document that was handed in, and its goals as people have corrected them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from posthouse.programme.model import KIND_NAMES
from posthouse_web.accounts.scope import ScopedBy

COMPARATORS = {
    ">=": _("不低于"),
    ">": _("高于"),
    "<=": _("不高于"),
    "<": _("低于"),
    "=": _("等于"),
    "~=": _("约为"),
    "range": _("在两数之间"),
    "growth": _("比基期增长"),
    "reduction": _("比基期下降"),
}


class State(models.TextChoices):
    """Where a version stands."""

    DRAFT = "draft", _("待确认")
    IN_FORCE = "in_force", _("现行")
    FORMER = "former", _("已被替代")


class Version(models.Model):
    """One plan document as read; public, so everybody in the console may read it.

    folder : `programmes/<folder>/` holds the file. marked : its text as HTML with what was read marked.
    read : the machine's reading, in TOML. text : what is confirmed, in TOML; before that, the reading with the
    corrections that were made in the version in force. facts : lists that the page shows, see `mapping.facts_of`.
    """

    SCOPE = ScopedBy()
    title = models.CharField(_("方案"), max_length=200)
    number = models.CharField(_("文号"), max_length=80, blank=True)
    issued_on = models.DateField(_("印发日期"), null=True)
    name = models.CharField(_("文件"), max_length=200)
    folder = models.CharField(max_length=32, unique=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    marked = models.TextField()
    read = models.TextField()
    text = models.TextField()
    facts = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    history = HistoricalRecords(excluded_fields=["marked", "read", "facts"])

    class Meta:
        """Newest first; at most one is in force."""

        ordering = ["-uploaded_at"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="in_force"), name="one_is_in_force")
        ]

    def __str__(self) -> str:
        return self.title


class VersionGoal(models.Model):
    """One goal of a version, as people have corrected it; fields as in `posthouse.programme.model.Goal`."""

    SCOPE = ScopedBy()
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="goals")
    goal_id = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    text = models.TextField(_("原文"))
    clause = models.CharField(_("出处"), max_length=120, blank=True)
    indicator = models.CharField(_("指标名"), max_length=200)
    comparator = models.CharField(_("比较"), max_length=10, choices=list(COMPARATORS.items()))
    value = models.FloatField(_("值"), null=True, blank=True)
    value_max = models.FloatField(_("上限"), null=True, blank=True)
    unit = models.CharField(_("单位"), max_length=40, blank=True)
    deadline = models.DateField(_("期限"), null=True, blank=True)
    kind = models.CharField(_("类别"), max_length=12, choices=list(KIND_NAMES.items()))
    measure = models.CharField(_("对应的测量指标"), max_length=80, blank=True)
    is_corrected = models.BooleanField(_("人工改过"), default=False)
    history = HistoricalRecords(excluded_fields=["text", "clause", "position"])

    class Meta:
        """In the document's order."""

        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "goal_id"], name="a_goal_once_a_version")]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.indicator}"
