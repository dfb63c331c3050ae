"""The API's addresses, version 1."""

from django.urls import path, re_path
from django.views.decorators.http import conditional_page
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from assemblies.api import AssemblyViewSet, PollViewSet
from core.views import no_such_address
from councils.api import CouncilViewSet
from ordinances.api import OrdinanceViewSet, RuleSetViewSet
from residents.api import RegionViewSet

router = SimpleRouter()
router.register("regions", RegionViewSet, basename="api-region")
router.register("ordinances", OrdinanceViewSet, basename="api-ordinance")
router.register("rule-sets", RuleSetViewSet, basename="api-rule-set")
router.register("councils", CouncilViewSet, basename="api-council")
router.register("assemblies", AssemblyViewSet, basename="api-assembly")
router.register("polls", PollViewSet, basename="api-poll")

# Programs that ask again with the ETag of the last answer get 304 as long as nothing changed.
for address in router.urls:
    if address.callback is not None:
        address.callback = conditional_page(address.callback)

urlpatterns = [
    path("schema/", conditional_page(SpectacularAPIView.as_view()), name="api-schema"),
    *router.urls,
    re_path(r"^(?:.*/)?$", no_such_address),
]
