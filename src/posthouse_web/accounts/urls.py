"""Addresses of sign-in, second factor and accounts."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from posthouse_web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("verify/", views.verify, name="verify"),
    path("two-factor/", views.two_factor, name="two_factor"),
    path("two-factor/image.svg", views.two_factor_image, name="two_factor_image"),
    path("", views.list_accounts, name="list"),
    path("new/", views.edit_account, name="new"),
    path("<int:pk>/", views.edit_account, name="edit"),
    path("<int:pk>/reset-second-factor/", views.reset_second_factor, name="reset_second_factor"),
    path("reads/", views.list_reads, name="reads"),
]
