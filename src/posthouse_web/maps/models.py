"""What the map draws besides villages: points of the registers, lines of the timetable, routes of the month's plan."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from posthouse_web.accounts.scope import ScopedBy


class Layer(models.TextChoices):
    """The layers in the order in which they are drawn."""

    ROAD = "road", _("道路")
    BUS = "bus", _("客车")
    FERRY = "ferry", _("轮渡")
    ROUTE = "route", _("拟开线路")
    OUTLET = "outlet", _("网点")
    LOCKER = "locker", _("快件箱")
    STATION = "station", _("服务站")
    NEW_STATION = "new_station", _("拟设服务站")


class Feature(models.Model):
    """One thing on the map in one month.

    points : [[lon, lat], …], one for a point. weekday : of a proposed route, 1 Monday … 7 Sunday; stops : its villages.
    """

    SCOPE: ClassVar = ScopedBy(place="place", brand="brand", open_pooled=True)

    period = models.CharField(max_length=7)
    layer = models.CharField(max_length=12, choices=Layer.choices)
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=12, blank=True)
    brand = models.CharField(max_length=40, blank=True)
    weekday = models.PositiveSmallIntegerField(null=True)
    points = models.JSONField()
    stops = models.JSONField(default=list)

    class Meta:
        """Looked up by month and layer."""

        indexes = [models.Index(fields=["period", "layer"], name="feature_layer")]

    def __str__(self) -> str:
        return self.name
