"""A scenario: the levers that a person has changed, and the plan that came of them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from posthouse_web.accounts.scope import ScopedBy
from posthouse_web.runs.models import Run


class State(models.TextChoices):
    """Where a scenario stands."""

    DRAFT = "draft", _("草稿")
    PLANNED = "planned", _("已算好")
    PUBLISHED = "published", _("已发布")
    IN_FORCE = "in_force", _("已采用")


class Scenario(models.Model):
    """One scenario of one month's data. The plan's files lie in `plans/<folder>/`.

    levers : what differs from scenario.toml, nested as there. partners : brands that the plan pools.
    course : [seconds, yuan a week, visits not made] of each better plan found. figures : of the plan, for lists.
    """

    SCOPE: ClassVar = ScopedBy(brand="brand", partners="partners")

    name = models.CharField(_("情景"), max_length=80)
    month = models.CharField(_("月份"), max_length=7)
    levers = models.JSONField(default=dict)
    folder = models.CharField(max_length=32, unique=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT, db_index=True)
    brand = models.CharField(max_length=40, blank=True, editable=False)
    partners = models.CharField(max_length=300, blank=True)
    course = models.JSONField(default=list)
    cost_yuan = models.FloatField(_("每周费用"), null=True)
    yuan_per_parcel = models.FloatField(_("每件费用"), null=True)
    visits = models.PositiveIntegerField(_("每周到村次数"), null=True)
    missing = models.PositiveIntegerField(_("没有做到"), null=True)
    is_complete = models.BooleanField(default=True)
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("谁")
    )
    made_at = models.DateTimeField(_("建立时间"), auto_now_add=True, db_index=True)
    history = HistoricalRecords(excluded_fields=["course", "run"])

    class Meta:
        """Newest first; at most one is in force for a month."""

        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["month"], condition=models.Q(state="in_force"), name="one_plan_in_force_a_month"
            )
        ]

    def __str__(self) -> str:
        return self.name
