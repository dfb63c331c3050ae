"""Events at the secretariat's desk: the list, the form, the steps, and everything of one event at a glance."""

from collections.abc import Iterable
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import DateTimeField, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import RuleViolation
from core.templatetags.madang import day_text
from forums.admin.event_acts import ACTS
from forums.admin.event_forms import PersonRows, ServiceForm, SessionRows, person_initial, session_initial
from forums.admin.registrations import ATTENDANCE_ACTS
from forums.admin.scope import ClubAdmin
from forums.models import Forum, Theme
from forums.programme import changes
from forums.programme_wording import change_in_words, days_in_words, event_label
from forums.queries.forums import forum_with_programme, programme_of, published_programme
from forums.readiness import Missing, Where, advised_in, missing_in
from forums.services.forums import FIELDS, FIXED_WHEN_PUBLISHED, PLANNED, change_forum, create_forum
from forums.services.programme import set_people, set_timetable
from forums.states import ForumStatus
from forums.timetable import Slot, ordered
from residents.desk.acts import OfferedAct, current_user
from residents.desk.inputs import MomentInput
from residents.models import Region
from residents.states import RegionLevel


@admin.register(Forum)
class ForumAdmin(ClubAdmin):
    """One page for each event: its facts, what is missing, timetable, themes, people, venues, materials, versions."""

    form = ServiceForm
    acts = (*ACTS, *ATTENDANCE_ACTS)
    formfield_overrides: ClassVar = {
        **ClubAdmin.formfield_overrides,
        DateTimeField: {"form_class": forms.DateTimeField, "widget": MomentInput},
    }
    change_form_template = "admin/forums/forum_form.html"
    list_display = ("title", "label", "days", "host", "status")
    list_filter = ("status", "kind", "term")
    period = ("starts_on", gettext_lazy("first day"))
    export_fields = {"days": "starts_on"}
    list_select_related = ("host__parent",)
    search_fields = ("title", "place")
    ordering = ("-starts_on", "-id")
    fieldsets = (
        (None, {"fields": ("kind", "term", "number", "title", "intent")}),
        (gettext_lazy("When and where"), {"fields": ("starts_on", "ends_on", "host", "place", "is_online")}),
        (
            gettext_lazy("Registration"),
            {"fields": ("register_until", "places", "fee", "public_registration")},
        ),
        (gettext_lazy("For the secretariat"), {"fields": ("note",)}),
    )

    # --- the list -----------------------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("counted as"))
    def label(self, forum: Forum) -> str:
        return event_label(forum.kind, forum.term, forum.number)

    @admin.display(description=gettext_lazy("days"), ordering="starts_on")
    def days(self, forum: Forum) -> str:
        return days_in_words(forum.starts_on, forum.ends_on)

    # --- the form -----------------------------------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        host = form.base_fields.get("host")
        if host is not None:
            above_dongs = [RegionLevel.PROVINCE, RegionLevel.MUNICIPALITY]
            host.queryset = Region.objects.filter(level__in=above_dongs).select_related("parent").order_by("path")
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What the state fixes is shown, not asked for; a value that an older page still sends goes to the service."""
        if obj is None:
            return ()
        fixed = FIXED_WHEN_PUBLISHED if obj.status == ForumStatus.PUBLISHED else FIELDS - {"note"}
        if obj.status == ForumStatus.DRAFT:
            fixed = frozenset()
        sent = request.POST.keys() if request.method == "POST" else ()
        return tuple(sorted(fixed - set(sent)))

    def get_fields_sent(self, form: forms.ModelForm) -> dict[str, Any]:  # type: ignore[type-arg]
        """Values of the fields that the page held: what it did not show is not emptied."""
        sent = {name for name in form.cleaned_data if name in FIELDS}
        booleans = {"is_online", "public_registration"}
        return {
            name: form.cleaned_data[name] for name in sent if form.add_prefix(name) in form.data or name in booleans
        }

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Forum:
        user, now = current_user(request), timezone.now()
        if not change:
            values = {name: value for name, value in form.cleaned_data.items() if name in FIELDS}
            return create_forum(actor=user, at=now, **values)
        stored = Forum.objects.get(pk=obj.pk)
        if stored.status not in PLANNED:
            return change_forum(forum_id=obj.pk, changes={"note": form.cleaned_data["note"]}, actor=user, at=now)
        return change_forum(forum_id=obj.pk, changes=self.get_fields_sent(form), actor=user, at=now)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The term of the last forum, and its next number."""
        last = Forum.objects.filter(number__isnull=False).order_by("-starts_on").first()
        return {**super().get_changeform_initial_data(request), **({"term": last.term} if last else {})}

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        del post_url_continue
        text = _("The event is prepared. Nobody else sees it yet. Next come venues, themes and the timetable.")
        self.message_user(request, text, messages.SUCCESS)
        return redirect(self.address("change", obj))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self.message_user(request, _("The event is saved."), messages.SUCCESS)
        return redirect(self.address("change", obj))

    # --- what stands around the form ----------------------------------------------------------------------------------

    def render_change_form(  # noqa: PLR0913, PLR0917 - Django's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj is not None:
            context |= self._facts(forum_with_programme().get(pk=obj.pk))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _facts(self, forum: Forum) -> dict[str, Any]:
        programme = programme_of(forum)
        is_planned = forum.status in PLANNED
        last = published_programme(forum)
        differences = changes(last[1], programme) if last and is_planned else []
        materials = list(forum.materials.select_related("contribution").order_by("position", "pk"))
        lines = {session.pk: session for session in forum.sessions.all()}
        days = [
            {
                "number": number,
                "day": day,
                "sessions": [(lines[slot.key], slot.printed) for slot in programme.slots() if slot.day == day],
            }
            for number, day in enumerate(_days(forum), start=1)
        ]
        missing = missing_in(forum, programme) if is_planned else []
        return {
            "forum": forum,
            "is_planned": is_planned,
            "missing": self._mends(forum, missing),
            "advised": self._mends(forum, advised_in(programme, timezone.now()) if is_planned else []),
            "differences": [change_in_words(change) for change in differences],
            "version": last[0] if last else None,
            "days": days,
            "materials": materials,
        }

    def _mends(self, forum: Forum, missing: Iterable[Missing]) -> list[dict[str, str]]:
        """Each missing thing with the page on which it is mended."""
        page = self.address("change", forum)

        def url(thing: Missing) -> str:
            if thing.where is Where.TIMETABLE:
                number = (thing.day - forum.starts_on).days + 1 if thing.day else 1
                return reverse("admin:forums_forum_timetable", args=[forum.pk, number])
            if thing.where is Where.THEME and thing.key:
                return reverse("admin:forums_forum_people", args=[forum.pk, thing.key])
            if thing.where is Where.VENUE and thing.key:
                return reverse("admin:forums_venue_change", args=[thing.key])
            return f"{page}#id_host" if thing.code == "no_host" else ""

        return [{"text": thing.text, "url": url(thing)} for thing in missing]

    def offered_acts(self, request: HttpRequest, obj: Any) -> list[OfferedAct]:
        """Without publishing while something stands in its way: the page says what."""
        offered = super().offered_acts(request, obj)
        if obj.status not in PLANNED:
            return offered
        full = forum_with_programme().get(pk=obj.pk)
        if missing_in(full, programme_of(full)):
            return [step for step in offered if step.act.name != "publish"]
        return offered

    # --- the tables ---------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:object_id>/timetable/<int:number>/", view(self.timetable_view), name="forums_forum_timetable"),
            path("<int:object_id>/people/<int:theme_id>/", view(self.people_view), name="forums_forum_people"),
            *super().get_urls(),
        ]

    def _planned_event(self, request: HttpRequest, object_id: int) -> Forum:
        forum: Forum = self.get_object(request, unquote(str(object_id)))
        if not self.has_change_permission(request, forum):
            raise Http404
        return forum

    def timetable_view(self, request: HttpRequest, object_id: int, number: int) -> HttpResponse:
        """The timetable of one day as a table to fill in; all of it is saved, or nothing."""
        forum = self._planned_event(request, object_id)
        days = _days(forum)
        if not 1 <= number <= len(days):
            raise Http404
        day = days[number - 1]
        sessions = {session.pk: session for session in forum.sessions.filter(day=day).prefetch_related("themes")}
        slots = [Slot(one.pk, one.day, one.starts, one.ends, one.position) for one in sessions.values()]
        options: dict[str, Any] = {
            "form_kwargs": {"forum": forum, "days": [(one.isoformat(), day_text(one)) for one in days]},
            "initial": [session_initial(sessions[slot.key]) for slot in ordered(slots)],
        }
        rows = SessionRows(request.POST, **options) if request.method == "POST" else SessionRows(**options)
        for row in rows.extra_forms:
            row.fields["day"].initial = day.isoformat()

        def save(lines: list[dict[str, Any]]) -> None:
            set_timetable(forum_id=forum.pk, lines=lines, actor=current_user(request), at=timezone.now())

        context = {
            "title": _("Timetable of %(day)s") % {"day": day_text(day)},
            "more": ("themes", "details", "is_parallel", "day", "remove"),
            "number": number,
            "days": [(place, day_text(one)) for place, one in enumerate(days, start=1)],
            "again_url": reverse("admin:forums_forum_timetable", args=[forum.pk, number]),
        }
        return self._table(request, forum, rows, save, "admin/forums/timetable.html", context)

    def people_view(self, request: HttpRequest, object_id: int, theme_id: int) -> HttpResponse:
        """Who takes which part in a theme, as a table to fill in. Theme 0 is the whole event."""
        forum = self._planned_event(request, object_id)
        theme: Theme | None = forum.themes.filter(pk=theme_id).first()
        if theme is None and theme_id:
            raise Http404
        parts = forum.contributions.filter(theme=theme).order_by("position", "pk")
        options: dict[str, Any] = {"initial": [person_initial(part) for part in parts]}
        rows = PersonRows(request.POST, **options) if request.method == "POST" else PersonRows(**options)

        def save(lines: list[dict[str, Any]]) -> None:
            set_people(forum_id=forum.pk, theme=theme, lines=lines, actor=current_user(request), at=timezone.now())

        context = {
            "title": _("People: %(title)s") % {"title": theme.title} if theme else _("People of the whole event"),
            "more": (),
            "again_url": reverse("admin:forums_forum_people", args=[forum.pk, theme_id]),
        }
        return self._table(request, forum, rows, save, "admin/forums/people.html", context)

    def _table(  # noqa: PLR0913, PLR0917 - what a table consists of
        self, request: HttpRequest, forum: Forum, rows: Any, save: Any, template: str, context: dict[str, Any]
    ) -> HttpResponse:
        status, said = HTTPStatus.OK, ""
        if request.method == "POST":
            status = HTTPStatus.BAD_REQUEST
            if rows.is_valid():
                try:
                    save([row.line() for row in rows if row.has_changed()])
                except RuleViolation as violation:
                    status, said = HTTPStatus(violation.status), violation.text
                else:
                    self.message_user(request, _("The table is saved."), messages.SUCCESS)
                    to = context["again_url"] if "_continue" in request.POST else self.address("change", forum)
                    return redirect(to)
        shown = {
            **self.admin_site.each_context(request),
            **context,
            "subtitle": forum.title,
            "object": forum,
            "opts": self.opts,
            "rows": rows,
            "said": said,
            "is_planned": forum.status in PLANNED,
            "back_url": self.address("change", forum),
        }
        return TemplateResponse(request, template, shown, status=status)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("host__parent")


def _days(forum: Forum) -> list[date]:
    return [forum.starts_on + timedelta(days=number) for number in range((forum.ends_on - forum.starts_on).days + 1)]
