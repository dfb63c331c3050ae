"""Addresses of the pages about oneself."""

from django.urls import path

from residents import views

app_name = "residents"
urlpatterns = [
    path("me/profile/", views.profile, name="profile"),
    path("me/residence/", views.residence, name="residence"),
    path("me/residence/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("me/consents/", views.consents, name="consents"),
    path("me/consents/<slug:purpose>/withdraw/", views.consent_withdraw, name="consent_withdraw"),
    path("me/data/", views.data, name="data"),
    path("me/data/export/", views.export, name="export"),
    path("me/data/erase/", views.erase, name="erase"),
]
