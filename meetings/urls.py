from django.urls import path

from meetings import views

app_name = "meetings"
urlpatterns = [
    path("meetings/", views.meeting_list, name="list"),
    path("meetings/new/", views.new_meeting, name="new"),
    path("meetings/<int:pk>/", views.meeting_page, name="meeting"),
    path("meetings/<int:pk>/meeting.ics", views.meeting_ics, name="ics"),
    path("meetings/<int:pk>/answer/", views.answer, name="answer"),
    path("meetings/<int:pk>/pass.svg", views.pass_svg, name="pass_svg"),
    path("meetings/<int:pk>/arrive/", views.arrive, name="arrive"),
    path("m/<str:token>/", views.door_link, name="door_link"),
    path("meetings/<int:pk>/door/", views.door_page, name="door"),
    path("meetings/<int:pk>/door.svg", views.door_svg, name="door_svg"),
    path("meetings/<int:pk>/poster/", views.poster_page, name="poster"),
    path("meetings/<int:pk>/poster.svg", views.poster_svg, name="poster_svg"),
    path("meetings/<int:pk>/hall/", views.hall_page, name="hall"),
    path("meetings/<int:pk>/state.json", views.state, name="state"),
    path("meetings/<int:pk>/check-in/", views.desk, name="desk"),
    path("meetings/pass/<slug:token>/", views.pass_link, name="pass_link"),
    path("meetings/<int:pk>/keep/", views.keep, name="keep"),
    path("meetings/<int:pk>/keep/<slug:name>/", views.keeping_act, name="act"),
    path("meetings/<int:pk>/keep/<slug:name>/<int:thing>/", views.keeping_act, name="act_on"),
]
