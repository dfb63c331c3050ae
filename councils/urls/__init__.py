from django.urls import path

from councils.urls import draws, members, recruitment, work
from councils.views.roster import council_page, roster_page

app_name = "councils"
urlpatterns = [
    path("councils/", roster_page, name="roster"),
    path("councils/<int:pk>/", council_page, name="council"),
    *recruitment.urlpatterns,
    *draws.urlpatterns,
    *members.urlpatterns,
    *work.urlpatterns,
]
