"""Venues, themes and materials at the desk, each on its own page, always on the way from and to its event."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums.admin.event_forms import MaterialForm, ThemeForm
from forums.admin.scope import ClubAdmin
from forums.models import Forum, Material, Theme, Venue
from forums.services.forums import PLANNED
from forums.services.materials import FIELDS as MATERIAL_FIELDS
from forums.services.materials import add_material, change_material, remove_material
from forums.services.programme import (
    THEME_FIELDS,
    add_theme,
    add_venue,
    change_theme,
    change_venue,
    remove_theme,
    remove_venue,
)
from forums.states import ForumStatus
from residents.desk.acts import current_user

LONGEST_KEY = 18


class PartOfEvent(ClubAdmin):
    """What an event consists of: whoever keeps the event keeps its parts. The address of a new one names the event."""

    deletable = True
    made_in_series = True
    change_form_template = "admin/forums/part_form.html"

    def _may(self, request: HttpRequest, verb: str, obj: Any = None) -> bool:
        permission = "forums.view_forum" if verb == "view" else "forums.change_forum"
        return current_user(request).has_perm(permission, obj.forum if obj is not None else None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only from the page of an event, which the address names; lists and menus offer no form without one."""
        return "event" in request.GET and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Also not offered once the programme is closed; the service says so too."""
        return super().has_change_permission(request, obj) and (obj is None or self.is_open(obj.forum))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or self.is_open(obj.forum))

    def is_open(self, forum: Forum) -> bool:
        return forum.status in PLANNED

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("forum")

    def asked_event(self, request: HttpRequest) -> Forum:
        """The event that the address names. Raises Http404 without one."""
        key = request.GET.get("event", "")
        if not key.isdecimal() or len(key) > LONGEST_KEY:
            raise Http404
        forum = Forum.objects.filter(pk=int(key)).first()
        if forum is None or not self.is_open(forum):
            raise Http404
        return forum

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self._require(self.has_add_permission(request))
        return super().add_view(request, form_url, {"forum": self.asked_event(request), **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        return super().change_view(request, object_id, form_url, {"forum": obj.forum, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.forum = self.asked_event(request)
        super().save_model(request, obj, form, change)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What goes along is said by the service; it never asks for permissions of other lists."""
        del request
        return [str(obj) for obj in objs], {}, set(), []

    def _event_page(self, forum: Forum) -> HttpResponse:
        return redirect(reverse("admin:forums_forum_change", args=[forum.pk]))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        del post_url_continue
        self.message_user(request, _("“%(name)s” is saved.") % {"name": obj}, messages.SUCCESS)
        if "_addanother" in request.POST:
            return redirect(f"{self.address('add')}?event={obj.forum_id}")
        return self._event_page(obj.forum)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self.message_user(request, _("“%(name)s” is saved.") % {"name": obj}, messages.SUCCESS)
        if "_addanother" in request.POST:
            return redirect(f"{self.address('add')}?event={obj.forum_id}")
        return self._event_page(obj.forum)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        request.event_of_the_deleted = obj.forum  # type: ignore[attr-defined]
        super().delete_model(request, obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        del obj_id
        self.message_user(request, _("“%(name)s” is taken off.") % {"name": obj_display}, messages.SUCCESS)
        return self._event_page(request.event_of_the_deleted)  # type: ignore[attr-defined]


class HiddenPart(PartOfEvent):
    """A part that is reached from its event alone, and stands in no menu."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        del request
        return False


@admin.register(Venue)
class VenueAdmin(HiddenPart):
    list_display = ("name", "forum", "address")
    search_fields = ("name",)
    fields = ("name", "address", "directions", "position")

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Venue:
        user, now = current_user(request), timezone.now()
        if change:
            return change_venue(venue_id=obj.pk, changes=form.cleaned_data, actor=user, at=now)
        values = {**form.cleaned_data, "position": form.cleaned_data["position"] or None}
        return add_venue(forum_id=obj.forum_id, actor=user, at=now, **values)

    def delete_through_service(self, request: HttpRequest, obj: Any) -> None:
        remove_venue(venue_id=obj.pk, actor=current_user(request), at=timezone.now())


@admin.register(Theme)
class ThemeAdmin(HiddenPart):
    form = ThemeForm
    list_display = ("title", "forum", "minutes")
    search_fields = ("title",)
    fields = ("number", "title", "minutes", "points")

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Theme:
        user, now = current_user(request), timezone.now()
        values = {name: value for name, value in form.cleaned_data.items() if name in THEME_FIELDS}
        points = form.cleaned_data["points"]
        if change:
            if values["number"] is None:
                values.pop("number")
            return change_theme(theme_id=obj.pk, changes=values, points=points, actor=user, at=now)
        return add_theme(forum_id=obj.forum_id, points=points, actor=user, at=now, **values)

    def delete_through_service(self, request: HttpRequest, obj: Any) -> None:
        remove_theme(theme_id=obj.pk, actor=current_user(request), at=timezone.now())


@admin.register(Material)
class MaterialAdmin(PartOfEvent):
    form = MaterialForm
    list_display = ("title", "forum", "author", "format_name", "pages", "in_book", "is_public")
    list_filter = ("forum", "in_book", "is_public")
    period = ("uploaded_at", gettext_lazy("uploaded at"))
    export_fields = {"format_name": "content_type"}
    search_fields = ("title", "author")
    ordering = ("-uploaded_at", "-id")

    def is_open(self, forum: Forum) -> bool:
        return forum.status != ForumStatus.CANCELLED

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The file itself is sent once; another file is another material."""
        del request
        facts = ("title", "author", "contribution", "in_book", "is_public")
        return facts if obj is not None else ("upload", *facts)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if obj is not None:
            form.base_fields.pop("upload", None)
        parts = form.base_fields.get("contribution")
        forum = obj.forum if obj is not None else self.asked_event(request) if "event" in request.GET else None
        if parts is not None and forum is not None:
            parts.queryset = forum.contributions.order_by("theme__number", "position")
        return form

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Material:
        user, now = current_user(request), timezone.now()
        values = {name: value for name, value in form.cleaned_data.items() if name in MATERIAL_FIELDS}
        if change:
            return change_material(material_id=obj.pk, changes=values, actor=user, at=now)
        upload = form.cleaned_data["upload"]
        return add_material(
            forum_id=obj.forum_id, data=upload.read(), name=upload.name or "", actor=user, at=now, **values
        )

    def delete_through_service(self, request: HttpRequest, obj: Any) -> None:
        remove_material(material_id=obj.pk, actor=current_user(request), at=timezone.now())
