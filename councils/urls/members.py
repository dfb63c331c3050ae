"""Addresses of members, subcommittees, meetings and other bodies."""

from django.urls import URLPattern, path

from councils.views import members, subcommittees

urlpatterns: list[URLPattern] = [
    path("councils/bodies/", members.bodies_page, name="bodies"),
    path("councils/<int:pk>/members/", members.members_page, name="members"),
    path("councils/<int:pk>/meetings/", members.meetings_page, name="meetings"),
    path("subcommittees/<int:pk>/", subcommittees.subcommittee_page, name="subcommittee"),
    path("subcommittees/<int:pk>/join/", subcommittees.join, name="subcommittee_join"),
    path("subcommittees/<int:pk>/leave/", subcommittees.leave, name="subcommittee_leave"),
]
