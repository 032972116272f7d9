"""Addresses of the map."""

from django.urls import path, re_path

from posthouse_web.maps import views

app_name = "maps"
urlpatterns = [
    path("", views.show_map, name="map"),
    path("data.json", views.data, name="data"),
    re_path(r"^villages\.(?P<form>geojson|csv)$", views.export, name="export"),
]
