"""Addresses of the pages that look across the apps."""

from django.urls import path
from django.views.generic import TemplateView

app_name = "portal"
page = TemplateView.as_view(template_name="base.html")
urlpatterns = [
    path("", page, name="home"),
    path("dongs/", page, name="dongs"),
    path("dongs/<str:code>/", page, name="dong"),
    path("me/", page, name="me"),
    path("help/", page, name="help"),
    path("privacy/", page, name="privacy"),
    path("accessibility/", page, name="accessibility"),
]
