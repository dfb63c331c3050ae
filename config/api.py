"""The API's addresses, version 1."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from councils.api import CouncilViewSet
from residents.api import RegionViewSet

router = SimpleRouter()
router.register("regions", RegionViewSet, basename="api-region")
router.register("councils", CouncilViewSet, basename="api-council")

urlpatterns = [path("schema/", SpectacularAPIView.as_view(), name="api-schema"), *router.urls]
