"""Addresses of imports: what can be imported, and each import from its file to its report."""

from django.urls import path

from core.jobs.imports import views

app_name = "imports"
urlpatterns = [
    path("imports/", views.index, name="index"),
    path("imports/new/<str:name>/", views.upload, name="upload"),
    path("imports/new/<str:name>/sample/", views.sample, name="sample"),
    path("imports/<uuid:pk>/", views.run_page, name="run"),
    path("imports/<uuid:pk>/columns/", views.columns, name="columns"),
    path("imports/<uuid:pk>/bad-rows/", views.bad_rows, name="bad_rows"),
    path("imports/<uuid:pk>/confirm/", views.confirm, name="confirm"),
    path("imports/<uuid:pk>/throw-away/", views.throw_away, name="throw_away"),
    path("imports/<uuid:pk>/stop/", views.stop, name="stop"),
]
