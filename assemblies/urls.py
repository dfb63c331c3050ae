from django.urls import path

from assemblies import views

app_name = "assemblies"
urlpatterns = [
    path("assemblies/", views.assembly_list, name="list"),
    path("assemblies/<int:pk>/", views.assembly_page, name="assembly"),
    path("assemblies/<int:pk>/compare/", views.compare_page, name="compare"),
    path("polls/<int:pk>/ballot/", views.ballot_page, name="ballot"),
    path("polls/<int:pk>/ballot/check/", views.check_page, name="check"),
    path("polls/<int:pk>/ballot/cast/", views.cast, name="cast"),
    path("polls/<int:pk>/receipt/", views.receipt_page, name="receipt"),
    path("polls/<int:pk>/result/", views.result_page, name="result"),
    path("polls/<int:pk>/result.csv", views.result_csv, name="result_csv"),
]
