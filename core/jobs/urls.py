"""Addresses of one's own jobs."""

from django.urls import path

from core.jobs import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.job_list, name="list"),
    path("jobs/unfinished/", views.unfinished, name="unfinished"),
    path("jobs/<uuid:pk>/", views.job_page, name="job"),
    path("jobs/<uuid:pk>/state/", views.state, name="state"),
    path("jobs/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("jobs/<uuid:pk>/file/", views.download, name="download"),
]
