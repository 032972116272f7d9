"""Addresses of the run pages."""

from django.urls import path

from posthouse_web.runs import views

app_name = "runs"
urlpatterns = [
    path("", views.list_runs, name="list"),
    path("publish/", views.publish, name="publish"),
    path("<int:pk>/", views.show_run, name="run"),
    path("<int:pk>/stop/", views.stop_run, name="stop"),
    path("<int:pk>/resume/", views.resume_run, name="resume"),
    path("<int:pk>/repeat/", views.repeat_run, name="repeat"),
]
