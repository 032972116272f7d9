"""The room's registration with Django."""

from django.apps import AppConfig


class MapsConfig(AppConfig):
    """地图."""

    name = "posthouse_web.maps"
    verbose_name = "地图"
