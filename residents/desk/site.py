"""The desk's door: who enters, and by which proof."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar, cast

from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.models import LogEntry
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.i18n import JavaScriptCatalog

from residents.desk.acts import current_user
from residents.desk.scoped import ScopedAdmin
from residents.desk.shelves import shelves_of
from residents.desk.waiting import by_urgency, next_date_for, running_for, waiting_for
from residents.middleware import entered_with_second_factor
from residents.models import User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

# The site has its own pages for these, or must not have them: "view on site" would tell which objects exist.
LEFT_OUT = {"password_change", "password_change_done", "view_on_site"}


def gate(request: HttpRequest) -> HttpResponse | None:
    """What stands between a signed-in person and the desk, or None.

    Raises PermissionDenied, with a sentence, for accounts without a role.
    """
    if not request.user.is_staff:
        raise PermissionDenied(
            _(
                "The desk is for officials. Your account has no role today; it may have ended. "
                "Please ask the operator of this site or your district."
            )
        )
    if not settings.OFFICIALS_NEED_SECOND_FACTOR or entered_with_second_factor(request, request.user):
        return None
    if not is_mfa_enabled(request.user):
        messages.warning(
            request, _("Officials sign in with a second step. Please set it up here; then the desk opens to you.")
        )
        return redirect("mfa_activate_totp")
    messages.info(request, _("Please confirm with a code from your authenticator app before you enter the desk."))
    query = urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{query}")


def doorkeeper(view: View) -> View:
    """Wrap `view`: strangers sign in through allauth first, and everybody passes the gate."""
    for_officials = secure_admin_login(view)  # type: ignore[no-untyped-call]

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stopped = gate(request) if request.user.is_authenticated else None
        return for_officials(request, *args, **kwargs) if stopped is None else stopped

    return cast("View", inner)


class _WordsOfScripts(JavaScriptCatalog):
    """Django's catalogue for its own scripts; the count of chosen rows in words that fit one and many."""

    def get_catalog(self) -> dict[str, Any]:
        return {**super().get_catalog(), "%(sel)s of %(cnt)s selected": _("Chosen: %(sel)s of %(cnt)s")}


class DeskSite(AdminSite):
    """Django's admin behind allauth's login, with only what our own apps put on it."""

    site_title = gettext_lazy("Officials’ desk")
    site_header = gettext_lazy("Officials’ desk")
    index_title = gettext_lazy("What waits for you today")
    empty_value_display = "–"
    enable_nav_sidebar = True

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: "type[ModelAdmin[Any]] | None" = None,
        **options: Any,
    ) -> None:
        """Take what keeps to the regions of a role; libraries' own admin classes do not and are left out."""
        if admin_class is not None and issubclass(admin_class, ScopedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        return doorkeeper(super().admin_view(view, cacheable))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [pattern for pattern in super().get_urls() if getattr(pattern, "name", None) not in LEFT_OUT]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Leave signing in to allauth, which knows second factors; those who are in go on to the desk."""
        del extra_context

        def enter(_request: HttpRequest) -> HttpResponse:
            return redirect("admin:index")

        return doorkeeper(enter)(request)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        del request, extra_context
        return redirect("account_logout")

    def i18n_javascript(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The words of Django's scripts, with our own for what Django's Korean says in no sentence."""
        del extra_context
        words: Any = _WordsOfScripts.as_view(packages=["django.contrib.admin"])(request)
        return cast("HttpResponse", words)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        return {
            **context,
            "site_url": reverse("portal:home"),
            "desk_home": reverse("admin:index"),
            "desk_shelves": shelves_of(
                context["available_apps"], request.user if isinstance(request.user, User) else None
            ),
        }

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What waits, what goes on, and the lists: everything within the regions of this official's roles."""
        user = current_user(request)
        waiting = waiting_for(user)
        context = {
            "waiting": waiting,
            "waiting_groups": by_urgency(waiting),
            "running": running_for(user),
            "next_date": next_date_for(user),
            "now": timezone.now(),
            **(extra_context or {}),
        }
        return super().index(request, context)

    def get_log_entries(self, request: HttpRequest) -> QuerySet[LogEntry]:
        """None: what was done stands in the audit log, without names of objects."""
        del request
        return LogEntry.objects.none()
