"""What a closed month said, as rows that lists can search and sort. The machine writes them whole, month by month.

They are a copy: the truth is the run in the workspace (`Month.run_id`), from which `actions.publish_month` writes them
again at any time. Nobody edits them, so they keep no history; an earlier state is an earlier run.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from posthouse_web.accounts.scope import ScopedBy

PERIOD = 7
"""Characters of a month, 2021-06."""
CODE = 12


class Status(models.TextChoices):
    """The light of a goal, worst first: sorted lists follow `rank`."""

    MISSED = "missed", _("未达成")
    BEHIND = "behind", _("滞后")
    NO_DATA = "no_data", _("无数据")
    UNBOUND = "unbound", _("待对应")
    ON_TRACK = "on_track", _("进展正常")
    MET = "met", _("已达成")
    EXTERNAL = "external", _("非本市指标")


class Month(models.Model):
    """One closed month.

    plan : totals of the proposed plan (weekly cost, kilometres, expected values). parts_of : the run whose figures are
    broken down by place and brand in `Figure`; they follow the month itself, which is published at once.
    """

    SCOPE: ClassVar = ScopedBy()

    period = models.CharField(max_length=PERIOD, primary_key=True)
    title = models.CharField(max_length=300)
    run_id = models.CharField(max_length=80)
    parts_of = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField(auto_now=True)
    plan = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.period

    @property
    def has_parts(self) -> bool:
        """Whether the breakdown by place and brand is in place."""
        return self.parts_of == self.run_id


class Goal(models.Model):
    """One goal in one month. series : key of its figures (`mapping.series_key`), "" where no measure is bound."""

    SCOPE: ClassVar = ScopedBy()

    period = models.CharField(max_length=PERIOD)
    goal_id = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    name = models.CharField(_("目标"), max_length=200)
    text = models.TextField()
    clause = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=12, blank=True)
    measure = models.CharField(max_length=80, blank=True)
    series = models.CharField(max_length=160, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices)
    rank = models.PositiveSmallIntegerField()
    value = models.FloatField(null=True)
    numerator = models.BigIntegerField(null=True)
    denominator = models.BigIntegerField(null=True)
    coverage = models.FloatField(null=True)
    version = models.PositiveIntegerField(null=True)
    target = models.FloatField(null=True)
    comparator = models.CharField(max_length=10)
    unit = models.CharField(max_length=20)
    deadline = models.DateField(_("期限"), null=True)
    forecast = models.FloatField(null=True)
    why = models.TextField(blank=True)
    parameters = models.JSONField(default=dict)

    class Meta:
        """One row a goal and month."""

        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["period", "goal_id"], name="one_goal_a_month")]

    def __str__(self) -> str:
        return self.name


class Figure(models.Model):
    """One measurement of a place and brand; "" for the whole area and for all brands.

    level : village, town, county, or "" for the whole area. partners : brands that are part of a figure of all brands.
    """

    SCOPE: ClassVar = ScopedBy(place="place", brand="brand", partners="partners")

    series = models.CharField(max_length=160)
    period = models.CharField(max_length=PERIOD)
    level = models.CharField(max_length=8, blank=True)
    place = models.CharField(_("区划代码"), max_length=CODE, blank=True)
    place_name = models.CharField(_("地方"), max_length=80, blank=True)
    brand = models.CharField(_("品牌"), max_length=40, blank=True)
    partners = models.CharField(max_length=300, blank=True)
    value = models.FloatField(_("测量值"), null=True)
    numerator = models.BigIntegerField(_("分子"), null=True)
    denominator = models.BigIntegerField(_("分母"), null=True)
    coverage = models.FloatField(_("数据覆盖"), default=0.0)
    unit = models.CharField(max_length=20)

    class Meta:
        """Looked up by series and month at one level, and along the months at one place."""

        constraints = [
            models.UniqueConstraint(fields=["series", "place", "brand", "period"], name="one_figure_a_month_and_place")
        ]
        indexes = [models.Index(fields=["series", "period", "level", "brand", "value"], name="figure_breakdown")]

    def __str__(self) -> str:
        return f"{self.series} {self.period} {self.place_name} {self.brand}"


class Assignment(models.Model):
    """One assignment as the month left it. before : its state before the month; brand : of its condition."""

    SCOPE: ClassVar = ScopedBy(place="place", brand="brand", open_pooled=True)

    period = models.CharField(max_length=PERIOD)
    assignment_id = models.CharField(max_length=40)
    goal_id = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    lead_units = models.CharField(_("牵头单位"), max_length=300)
    place = models.CharField(max_length=CODE, blank=True)
    place_name = models.CharField(max_length=80, blank=True)
    brand = models.CharField(max_length=40, blank=True)
    due_on = models.DateField(_("期限"), null=True)
    state = models.CharField(max_length=10)
    before = models.CharField(max_length=10, blank=True)
    why = models.TextField(blank=True)

    class Meta:
        """Looked up by month and state."""

        indexes = [models.Index(fields=["period", "state", "due_on"], name="assignment_state")]

    def __str__(self) -> str:
        return self.title


class Discrepancy(models.Model):
    """A declared figure that the records deny."""

    SCOPE: ClassVar = ScopedBy(place="place", brand="brand")

    period = models.CharField(max_length=PERIOD)
    measure = models.CharField(max_length=80)
    reported_by = models.CharField(_("填报单位"), max_length=120)
    place = models.CharField(max_length=CODE, blank=True)
    place_name = models.CharField(_("地方"), max_length=80, blank=True)
    brand = models.CharField(max_length=40, blank=True)
    declared = models.FloatField(_("自报"))
    observed = models.FloatField(_("实测"))
    unit = models.CharField(max_length=20)
    explanation = models.TextField(_("说明"))

    class Meta:
        """Looked up by measure and month."""

        indexes = [models.Index(fields=["measure", "period"], name="discrepancy_measure")]

    def __str__(self) -> str:
        return f"{self.reported_by} {self.place_name}"


class Place(models.Model):
    """One division of the registers; lon, lat in degrees (WGS-84), null where not surveyed."""

    SCOPE: ClassVar = ScopedBy(place="code")

    code = models.CharField(max_length=CODE, primary_key=True)
    name = models.CharField(max_length=60)
    full_name = models.CharField(max_length=80)
    level = models.CharField(max_length=8, db_index=True)
    kind = models.CharField(max_length=24)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    population = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.full_name
