"""Addresses of 总览 and 目标."""

from django.urls import path, re_path

from posthouse_web.monitoring import views

app_name = "monitoring"
urlpatterns = [
    path("", views.overview, name="latest"),
    re_path(r"^(?P<month>\d{4}-\d{2})/$", views.overview, name="overview"),
    re_path(r"^(?P<month>\d{4}-\d{2})/goals/(?P<goal>[^/]+)/$", views.goal, name="goal"),
    re_path(r"^files/(?P<name>bulletin\.docx|task_list\.xlsx|map\.html)$", views.file, name="file"),
]
