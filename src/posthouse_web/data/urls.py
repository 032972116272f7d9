"""Addresses of the room."""

from django.urls import path

from posthouse_web.data import views

app_name = "data"
urlpatterns = [
    path("", views.index, name="index"),
    path("upload/", views.upload, name="upload"),
    path("close/", views.close, name="close"),
    path("faulty/", views.faulty, name="faulty"),
    path("faulty/mend/", views.mend, name="mend"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/columns/", views.columns, name="columns"),
    path("<int:pk>/load/", views.load, name="load"),
]
