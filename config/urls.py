"""Addresses: Korean without a prefix, English below /en/; machines' addresses have no language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from residents import account_views

urlpatterns = [
    path("", include("core.urls")),
    path("api/v1/", include("config.api")),
    *i18n_patterns(
        path("", include("portal.urls")),
        path("", include("residents.urls")),
        path("", include("core.jobs.urls")),
        path("", include("core.jobs.imports.urls")),
        path("", include("core.notices.urls")),
        path("", include("ordinances.urls")),
        path("", include("reports.urls")),
        path("", include("councils.urls")),
        path("", include("assemblies.urls")),
        path("", include("meetings.urls")),
        path("", include("forums.urls")),
        # Before allauth's own of the same address and name.
        re_path(
            r"^accounts/confirm-email/(?P<key>[-:\w]+)/$",
            account_views.ConfirmMail.as_view(),
            name="account_confirm_email",
        ),
        path("accounts/", include("allauth.urls")),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
]

handler400 = "core.errors.bad_request"
handler403 = "core.errors.permission_denied"
handler404 = "core.errors.page_not_found"
handler500 = "core.errors.server_error"
