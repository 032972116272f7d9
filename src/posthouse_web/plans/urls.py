"""Addresses of the room."""

from django.urls import path

from posthouse_web.plans import views

app_name = "plans"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("compare/", views.compare, name="compare"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/files/<str:name>", views.file, name="file"),
    path("<int:pk>/again/", views.again, name="again"),
    path("<int:pk>/stop/", views.stop, name="stop"),
    path("<int:pk>/publish/", views.publish, name="publish"),
    path("<int:pk>/adopt/", views.adopt, name="adopt"),
]
