from django.urls import path

from reports import letter_views, verify_views, views

app_name = "reports"
urlpatterns = [
    path("documents/", views.document_list, name="documents"),
    path("documents/<slug:name>/", views.document_page, name="document"),
    path("letters/draft/", letter_views.draft_page, name="letter"),
    path("verify/", verify_views.verify_page, name="verify"),
    path("verify/<str:code>/", verify_views.verified_page, name="verified"),
]
