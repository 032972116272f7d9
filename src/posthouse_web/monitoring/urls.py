"""Addresses of 总览 and 目标."""

from django.urls import path, re_path

from posthouse_web.monitoring import views

app_name = "monitoring"
urlpatterns = [
    path("", views.overview, name="latest"),
    re_path(r"^(?P<period>\d{4}-\d{2})/$", views.overview, name="overview"),
    path("goals/", views.goals, name="goals"),
    path("goals/<str:goal_id>/", views.goal, name="goal"),
    re_path(r"^goals/(?P<goal_id>[^/]+)/places/(?P<code>\d{12}|all)/$", views.place, name="place"),
    path("late/", views.late, name="late"),
    re_path(r"^files/(?P<name>bulletin\.docx|task_list\.xlsx)$", views.file, name="file"),
]
