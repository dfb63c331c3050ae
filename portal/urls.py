"""Addresses of the pages that look across the apps."""

from django.urls import path

from portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("dongs/", views.dongs, name="dongs"),
    path("dongs/find/", views.find, name="find"),
    path("dongs/<str:code>/", views.dong, name="dong"),
    path("dongs/<str:code>/choose/", views.choose, name="choose"),
    path("search/", views.search, name="search"),
    path("me/", views.me, name="me"),
    path("display/", views.display, name="display"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("help/", views.about, {"template": "portal/help.html"}, name="help"),
    path("privacy/", views.about, {"template": "portal/privacy.html"}, name="privacy"),
    path("accessibility/", views.about, {"template": "portal/accessibility.html"}, name="accessibility"),
]
