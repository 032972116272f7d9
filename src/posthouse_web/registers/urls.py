"""Addresses of the room."""

from django.urls import path, re_path

from posthouse_web.registers import views

app_name = "registers"
urlpatterns = [
    path("", views.index, name="index"),
    re_path(r"^(?P<table>[a-z_]+)\.(?P<form>csv|xlsx)$", views.export, name="export"),
    path("<slug:table>/", views.show_table, name="table"),
    path("<slug:table>/new/", views.add, name="add"),
    path("<slug:table>/<int:pk>/", views.show_row, name="row"),
    path("<slug:table>/<int:pk>/close/", views.close, name="close"),
]
