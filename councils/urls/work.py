"""Addresses of the council at work: matters, programmes, fund, calls for conversion, the roll-out board."""

from django.urls import URLPattern, path

from councils.views import programmes, rollout, work

urlpatterns: list[URLPattern] = [
    path("councils/rollout/", rollout.rollout_page, name="rollout"),
    path("councils/calls/<int:pk>/", rollout.call_page, name="call"),
    path("councils/<int:pk>/work/", work.work_page, name="work"),
    path("councils/<int:pk>/programmes/", work.programmes_page, name="programmes"),
    path("councils/<int:pk>/fund/", work.fund_page, name="fund"),
    path("programmes/<int:pk>/", programmes.programme_page, name="programme"),
    path("programmes/<int:pk>/enrol/", programmes.enrol_page, name="enrol"),
    path("programmes/<int:pk>/cancel/", programmes.cancel_page, name="enrolment_cancel"),
]
