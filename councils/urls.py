from django.urls import path

from councils.views import council_page, roster_page

app_name = "councils"
urlpatterns = [
    path("councils/", roster_page, name="roster"),
    path("councils/<int:pk>/", council_page, name="council"),
]
