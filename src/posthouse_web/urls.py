"""Addresses of the console, room by room."""

from django.urls import include, path

urlpatterns = [path("", include("posthouse_web.monitoring.urls"))]
