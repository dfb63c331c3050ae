"""Draws at the desk: lists of what there is. Each step is taken on the guided page of its recruitment."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.models import CustomaryDraw, Draw
from councils.permissions import VIEWERS
from councils.states import CustomaryStatus, DrawStatus
from residents.desk import ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.scoped import in_regions
from residents.permissions import OFFICIALS, role_paths


class _ReadOnly(ScopedAdmin):
    """A draw is changed by nothing but its steps."""

    scope_lookup = "recruitment__council__dong__path"
    viewing_roles = VIEWERS
    list_filter: ClassVar[Any] = ("status",)
    list_select_related = ("recruitment__council__dong__parent",)
    search_fields = ("recruitment__title",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Each with `is_run_here`: whether this official runs it, and not only reads it."""
        paths = role_paths(current_user(request), *OFFICIALS)
        runs = When(in_regions(paths, self.scope_lookup), then=Value(True))
        found: QuerySet[Any] = super().get_queryset(request).annotate(is_run_here=Case(runs, default=Value(False)))
        return found

    def has_add_permission(self, request: HttpRequest) -> bool:
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False


def _links(links: list[tuple[str, str]]) -> str:
    return format_html_join(" ", '<a class="link-row" href="{}">{}</a>', links) or "–"


@admin.register(Draw)
class DrawAdmin(_ReadOnly):
    """Every lottery that was computed, with its freeze."""

    list_display = ("recruitment", "number", "status", "frozen_at", "beacon_at")
    period = ("computed_at", gettext_lazy("computed at"))
    fields = (
        "recruitment",
        "number",
        "status",
        "computed_at",
        "frozen_at",
        "beacon_kind",
        "beacon_at",
        "freeze",
        "voided_at",
        "voided_by",
        "pages",
    )
    readonly_fields = fields
    list_filter = ("status", "beacon_kind")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("lottery", "public", "full", "prepared")

    @admin.display(description=gettext_lazy("pages"))
    def pages(self, draw: Draw) -> str:
        """The public page and the guided one."""
        links = []
        if draw.status not in {DrawStatus.COMPUTED, DrawStatus.DISCARDED}:
            links.append((draw.get_absolute_url(), _("Public page")))
        is_run_here = getattr(draw, "is_run_here", False)
        if is_run_here and draw.status not in {DrawStatus.VOIDED, DrawStatus.DISCARDED}:
            links.append((reverse("councils:draw_desk", args=[draw.recruitment_id]), _("Run the draw")))
        return _links(links)


@admin.register(CustomaryDraw)
class CustomaryDrawAdmin(_ReadOnly):
    """Draws by the ways that ordinances prescribe."""

    list_display = ("recruitment", "method", "status", "started_at", "finished_at")
    period = ("started_at", gettext_lazy("begun at"))
    fields = ("recruitment", "method", "status", "started_at", "finished_at", "sha256", "voided_by", "pages")
    readonly_fields = fields
    list_filter = ("status", "method")

    @admin.display(description=gettext_lazy("pages"))
    def pages(self, draw: CustomaryDraw) -> str:
        """The public page and the guided one."""
        links = [(draw.get_absolute_url(), _("Public page"))]
        if getattr(draw, "is_run_here", False) and draw.status != CustomaryStatus.VOIDED:
            links.append((reverse("councils:customary_desk", args=[draw.recruitment_id]), _("Run the draw")))
        return _links(links)
