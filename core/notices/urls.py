"""Addresses of the pages about which notices somebody gets."""

from django.urls import path

from core.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/stop/<slug:token>/", views.stop, name="stop"),
    path("me/notices/", views.mine, name="mine"),
]
