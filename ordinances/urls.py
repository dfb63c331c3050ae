from django.urls import path

from ordinances.views import rule_set_page

app_name = "ordinances"
urlpatterns = [path("rules/<int:pk>/", rule_set_page, name="rule_set")]
