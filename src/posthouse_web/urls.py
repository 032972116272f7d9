"""Addresses of the console, room by room."""

from django.urls import include, path

handler500 = "posthouse_web.runs.views.answer_fault"
urlpatterns = [
    path("accounts/", include("posthouse_web.accounts.urls")),
    path("runs/", include("posthouse_web.runs.urls")),
    path("map/", include("posthouse_web.maps.urls")),
    path("programmes/", include("posthouse_web.programmes.urls")),
    path("data/", include("posthouse_web.data.urls")),
    path("registers/", include("posthouse_web.registers.urls")),
    path("plans/", include("posthouse_web.plans.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("", include("posthouse_web.monitoring.urls")),
]
