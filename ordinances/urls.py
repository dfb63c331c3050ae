from django.urls import path

from ordinances.views import compare_page, ordinance_list, ordinance_page, rule_set_page, version_page

app_name = "ordinances"
urlpatterns = [
    path("rules/<int:pk>/", rule_set_page, name="rule_set"),
    path("ordinances/", ordinance_list, name="list"),
    path("ordinances/<int:pk>/", ordinance_page, name="ordinance"),
    path("ordinances/<int:pk>/versions/<int:version_pk>/", version_page, name="version"),
    path("ordinances/<int:pk>/compare/", compare_page, name="compare"),
]
