"""Addresses of the club, below /club/; each part keeps its own list."""

from django.urls import path

from forums.views import (
    attendees,
    directory,
    dues,
    events,
    governance,
    joining,
    materials,
    publications,
    registering,
    statistics,
)
from forums.views.home import club_home

app_name = "forums"
urlpatterns = [
    path("club/", club_home, name="home"),
    # --- members and applications ---
    path("club/join/", joining.join, name="join"),
    path("club/join/<uuid:key>/", joining.application, name="application"),
    path("club/join/<uuid:key>/answer/", joining.answer, name="application_answer"),
    path("club/join/<uuid:key>/withdraw/", joining.withdraw, name="application_withdraw"),
    path("club/directory/", directory.directory, name="directory"),
    path("club/directory/<int:pk>/", directory.member, name="member"),
    # --- officers, bylaws, meetings, dues ---
    path("club/officers/", governance.officers_page, name="officers"),
    path("club/bylaws/", governance.bylaws_page, name="bylaws"),
    path("club/bylaws/<int:number>/", governance.bylaws_page, name="bylaws-version"),
    path("club/bylaws/compare/", governance.compare_page, name="bylaws-compare"),
    path("club/bylaws/state/", governance.state_page, name="bylaws-state"),
    path("club/dues/", dues.dues_page, name="dues"),
    path("club/dues/charge/", dues.charge_dues, name="dues-charge"),
    path("club/dues/remind/", dues.remind, name="dues-remind"),
    # --- events ---
    path("club/forums/", events.forum_list, name="forums"),
    path("club/forums/<int:pk>/", events.forum_page, name="forum"),
    path("club/forums/<int:pk>/draft/", events.forum_draft, name="forum_draft"),
    path("club/forums/<int:pk>/versions/", events.forum_versions, name="forum_versions"),
    path("club/forums/<int:pk>/versions/<int:number>/", events.forum_version, name="forum_version"),
    path("club/forums/<int:pk>/programme.ics", events.forum_calendar, name="forum_calendar"),
    path("club/materials/<int:pk>/", materials.material, name="material"),
    # --- registrations, attendance, books ---
    path("club/forums/<int:pk>/register/", registering.register, name="register"),
    path("club/registrations/<str:token>/", registering.registration, name="registration"),
    path("club/forums/<int:pk>/attendees/", attendees.attendees, name="attendees"),
    path("club/forums/<int:pk>/remind/", attendees.remind, name="remind"),
    path("club/forums/<int:pk>/book/", attendees.order_book, name="book"),
    path("club/statistics/", statistics.statistics, name="statistics"),
    # --- publications ---
    path("club/publications/", publications.publication_list, name="publications"),
    path("club/publications/books/<uuid:key>/", publications.keep_book, name="keep_book"),
    path("club/publications/<int:pk>/file/", publications.publication_file, name="publication_file"),
]
