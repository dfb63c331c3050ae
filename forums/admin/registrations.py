"""The lists of attendees at the secretariat's desk, and what sources print about attendance."""

from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from forums.admin.choices import active_members
from forums.admin.scope import ClubAdmin, FoundPersonsAdmin
from forums.models import Forum, PrintedTotal, Registration
from forums.services.admission import certify_completion
from forums.services.at_the_door import head_came_after_all, is_proxy_on_the_list
from forums.services.registrations import (
    CHANGEABLE,
    cancel_registration,
    change_registration,
    register_attendee,
    set_listed_attendance,
    set_printed_total,
)
from forums.states import ForumStatus, RegistrationStatus
from residents.desk import Act
from residents.desk.acts import current_user


class RegistrationForm(forms.ModelForm):  # type: ignore[type-arg]
    """One line of a list of attendees."""

    name = forms.CharField(
        label=gettext_lazy("name"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("May be left empty where a source names the post alone."),
    )

    language = forms.ChoiceField(
        label=gettext_lazy("language of mails"), choices=settings.LANGUAGES, initial="ko", required=False
    )

    def clean_language(self) -> str:
        """Left out, it stays as it is."""
        language: str = self.cleaned_data["language"] or self.instance.language
        return language

    class Meta:
        model = Registration
        fields = (
            "forum",
            "member",
            "role",
            "is_proxy",
            "name",
            "area",
            "organisation",
            "position",
            "remark",
            "contact",
            "language",
            "source_position",
        )


def _cancel(request: HttpRequest, registration: Registration, data: dict[str, Any]) -> str:
    del data
    cancel_registration(
        registration_id=registration.pk, actor=current_user(request), at=timezone.now(), at_the_desk=True
    )
    return _("The registration is cancelled. Whoever waited longest has moved up.")


HEAD_CAME = "head-came"


def _head_came(request: HttpRequest, registration: Registration, data: dict[str, Any]) -> str:
    del data
    _head, is_there = head_came_after_all(
        registration_id=registration.pk, actor=current_user(request), at=timezone.now()
    )
    if is_there:
        return _("The head is on the list and checked in.")
    return _("The head is on the list. When they were there is entered from the signed sheet.")


@admin.register(Registration)
class RegistrationAdmin(FoundPersonsAdmin):
    """Everybody who is registered for any event; the filter by event makes the list of one."""

    personal_data = "forums.registration"
    form = RegistrationForm
    made_in_series = True
    list_display = ("name", "forum", "role", "is_proxy", "area", "organisation", "position", "remark", "status")
    list_filter = ("status", "role", "is_proxy", "forum")
    list_select_related = ("forum", "member")
    period = ("registered_at", gettext_lazy("registered at"))
    found_by = ("name", "organisation", "position")
    ordering = ("-forum__starts_on", "source_position", "id")
    fields = RegistrationForm.Meta.fields
    acts: ClassVar = (
        Act(
            name=HEAD_CAME,
            label=gettext_lazy("The head came after all"),
            permission="forums.change_registration",
            run=_head_came,
            question=gettext_lazy(
                "The head is put on the list, and checked in while the event goes on. Who came in their place stays on "
                "it as an official, with the times when they were there; who did not come is taken off."
            ),
            available=is_proxy_on_the_list,
        ),
        Act(
            name="cancel",
            label=gettext_lazy("Cancel the registration"),
            permission="forums.change_registration",
            run=_cancel,
            question=gettext_lazy("The person is taken off the list. Who waits longest for a place moves up."),
            bulk_question=gettext_lazy("They are taken off the list. Who waits longest for a place moves up."),
            available=lambda one: one.status in {RegistrationStatus.REGISTERED, RegistrationStatus.WAITING},
            bulk=True,
        ),
    )

    def act_view(self, request: HttpRequest, object_id: str, act: Act) -> HttpResponse:
        """From the door one comes, and there one goes back."""
        response = super().act_view(request, object_id, act)
        if act.name == HEAD_CAME and response.status_code == HTTPStatus.FOUND:
            meeting = Registration.objects.values_list("forum__meeting", flat=True).get(pk=object_id)
            if meeting is not None:
                return redirect("meetings:desk", meeting)
        return response

    def described(self, row: Registration) -> tuple[str, ...]:
        return (row.name or row.position, row.organisation, row.forum.title)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """For whom somebody comes and to what stays; another one is another line."""
        if obj is None or request.method == "POST":
            return ()
        return ("forum", "member", "role", "is_proxy")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return self.fields
        fixed = () if request.method == "POST" else ("forum", "member", "role", "is_proxy")
        return (*fixed, *(name for name in self.fields if name in CHANGEABLE))

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        if db_field.name == "member":
            return active_members()
        if db_field.name == "forum":
            return Forum.objects.exclude(status=ForumStatus.CANCELLED).order_by("-starts_on", "-pk")
        queryset: QuerySet[Any] = super().get_field_queryset(db, db_field, request)
        return queryset

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().get_changeform_initial_data(request), "role": "staff"}

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Registration:
        user, now = current_user(request), timezone.now()
        if change:
            values = {name: value for name, value in form.cleaned_data.items() if name in CHANGEABLE}
            return change_registration(registration_id=obj.pk, changes=values, actor=user, at=now)
        values = {name: value for name, value in form.cleaned_data.items() if name != "forum"}
        return register_attendee(forum_id=form.cleaned_data["forum"].pk, actor=user, at=now, **values)


@admin.register(PrintedTotal)
class PrintedTotalAdmin(ClubAdmin):
    """Totals as sources print them; whatever the lists add up to, neither is corrected."""

    list_display = ("term", "heads", "officials", "members", "source")
    fields = ("term", "heads", "officials", "members", "source", "note")
    search_fields = ("term", "source")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("term",) if obj is not None and request.method != "POST" else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj is None or request.method != "POST" else self.fields[1:]

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> PrintedTotal:
        del form, change
        return set_printed_total(
            term=obj.term,
            heads=obj.heads,
            officials=obj.officials,
            members=obj.members,
            source=obj.source,
            note=obj.note,
            actor=current_user(request),
            at=timezone.now(),
        )


# --- Steps of an event, offered on its page ---------------------------------------------------------------------------


class ListedForm(forms.Form):
    heads = forms.IntegerField(label=gettext_lazy("heads"), min_value=0, max_value=10**5)
    officials = forms.IntegerField(label=gettext_lazy("officials"), min_value=0, max_value=10**5)
    source = forms.CharField(label=gettext_lazy("source"), max_length=200)


def listed_form(_request: Any, forum: Any, data: Any) -> ListedForm:
    """With what was recorded before."""
    listed = getattr(forum, "listed", None) if forum is not None else None
    known = {"heads": listed.heads, "officials": listed.officials, "source": listed.source} if listed else {}
    return ListedForm(data, initial=known)


def _list(request: HttpRequest, forum: Forum, data: dict[str, Any]) -> str:
    set_listed_attendance(forum_id=forum.pk, actor=current_user(request), at=timezone.now(), **data)
    return _("The figures of the source are recorded. The statistics show them.")


def _certify(request: HttpRequest, forum: Forum, data: dict[str, Any]) -> str:
    del data
    issued = certify_completion(forum_id=forum.pk, actor=current_user(request), at=timezone.now())
    text = ngettext("%(count)s certificate is issued.", "%(count)s certificates are issued.", issued)
    return text % {"count": issued}


ATTENDANCE_ACTS = (
    Act(
        name="listed",
        label=gettext_lazy("Enter attendance from a source"),
        permission="forums.change_forum",
        run=_list,
        make_form=listed_form,
        question=gettext_lazy("How many came, as a source lists it. It stands in the statistics with its source."),
        available=lambda forum: forum.status == ForumStatus.HELD,
    ),
    Act(
        name="certify",
        label=gettext_lazy("Issue certificates of completion"),
        permission="forums.change_forum",
        run=_certify,
        question=gettext_lazy("Everybody who was there and has none gets a certificate with a number and a code."),
        available=lambda forum: forum.status == ForumStatus.HELD and forum.kind != "forum",
    ),
)
