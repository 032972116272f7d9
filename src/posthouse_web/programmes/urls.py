"""Addresses of the room."""

from django.urls import path

from posthouse_web.programmes import views

app_name = "programmes"
urlpatterns = [
    path("", views.index, name="index"),
    path("upload/", views.upload, name="upload"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/file/", views.file, name="file"),
    path("<int:pk>/confirm/", views.confirm, name="confirm"),
    path("<int:pk>/goals/<slug:goal_id>/", views.goal, name="goal"),
]
