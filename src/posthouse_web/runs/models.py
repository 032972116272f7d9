"""A run as a row, and the sign of life of the workers."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SILENT = timedelta(seconds=30)
"""A run or worker that has said nothing for so long is no longer there; it speaks every five seconds."""


class State(models.TextChoices):
    """Where a run stands."""

    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    STOPPING = "stopping", _("正在停止")
    DONE = "done", _("完成")
    STOPPED = "stopped", _("已停止")
    FAILED = "failed", _("没有完成")
    LOST = "lost", _("中断")


ENDED = frozenset({State.DONE, State.STOPPED, State.FAILED, State.LOST})
ALIVE = frozenset({State.RUNNING, State.STOPPING})


class Run(models.Model):
    """One piece of long work.

    kind : a key of `kinds.KINDS`. parameters : of its function. share : 0..1 done. message : what happened, in words.
    finished : steps whose effect is kept, which a resumed run leaves out. result : what the function returned.
    worker : process that does or did it. heard_at : its last sign of life.
    """

    kind = models.CharField(_("内容"), max_length=40)
    parameters = models.JSONField(default=dict)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.QUEUED, db_index=True)
    stage = models.CharField(_("步骤"), max_length=120, blank=True)
    share = models.FloatField(_("进度"), default=0.0)
    message = models.TextField(blank=True)
    finished = models.JSONField(default=list)
    result = models.JSONField(default=dict)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, verbose_name=_("发起人")
    )
    asked_at = models.DateTimeField(_("发起时间"), auto_now_add=True, db_index=True)
    worker = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    heard_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    repeats = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    attempt = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first."""

        ordering = ["-asked_at"]
        constraints = [models.CheckConstraint(condition=models.Q(share__gte=0, share__lte=1), name="a_share_is_0_to_1")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def seen_state(self) -> State:
        """The state as people should see it: a run whose worker has gone is lost, even before anyone wrote it down."""
        if self.state in ALIVE and (self.heard_at is None or self.heard_at < timezone.now() - SILENT):
            return State.LOST
        return State(self.state)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.seen_state in ENDED

    @property
    def percent(self) -> int:
        """How much is done, in whole percent."""
        return round(self.share * 100)


class Worker(models.Model):
    """A worker process that is or was there."""

    name = models.CharField(max_length=80, unique=True)
    heard_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
