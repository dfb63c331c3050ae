"""Terms and members at the desk: appointed, added, replaced, with everything in the register."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.models import Council, CouncilTerm, Member
from councils.permissions import WATCHERS
from councils.queries.members import vacancies
from councils.services.activity import certify_activity
from councils.services.appointing import fill_vacancy
from councils.services.members import (
    Facts,
    add_member,
    change_office,
    correct_member,
    dismiss,
    record_death,
    resign,
)
from councils.services.terms import change_term, end_term, open_term
from councils.states import CouncilStatus, MemberOffice, MemberStatus
from councils.waiting.members import ENDING, OVER, SEAT, SOON, VACANT, ending_terms, terms_over, vacant_now
from meetings.models import Resolution
from residents.desk import Act, ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.filters import ChoiceFilter
from residents.desk.inputs import DayInput, name_empty_choice
from residents.desk.scoped import in_regions
from residents.permissions import OFFICIALS, role_paths


class EndingFilter(ChoiceFilter):
    """Terms that end soon or are over, as the first page counts them."""

    title = gettext_lazy("end of the term")
    parameter_name = ENDING

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        del request, model_admin
        return [(SOON, _("ends within 90 days")), (OVER, _("is over and not closed"))]

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return ending_terms(queryset) if value == SOON else terms_over(queryset)


def _end(request: HttpRequest, term: CouncilTerm, data: dict[str, Any]) -> str:
    del data
    end_term(term_id=term.pk, actor=current_user(request), at=timezone.now())
    return _("The term is closed. Its alternates wait no more.")


def _has_somebody(term: CouncilTerm) -> bool:
    return term.ends_on < timezone.localdate() and term.members.filter(status=MemberStatus.SERVING).exists()


@admin.register(CouncilTerm)
class CouncilTermAdmin(ScopedAdmin):
    """Terms of drawn councils come from the appointment; those formed before are written down here."""

    scope_lookup = "council__dong__path"
    viewing_roles = WATCHERS
    list_display = ("council", "number", "starts_on", "ends_on", "seats", "serving")
    list_filter = (EndingFilter,)
    period = ("starts_on", gettext_lazy("first day"))
    list_select_related = ("council__dong__parent",)
    search_fields = ("council__dong__name", "council__name")
    ordering = ("-starts_on", "council__dong__path", "pk")
    fields = ("council", "number", "starts_on", "ends_on", "seats")
    acts: ClassVar = (
        Act(
            name="end",
            label=gettext_lazy("Close the term"),
            permission="councils.change_councilterm",
            run=_end,
            question=gettext_lazy("Its members have served then, and its alternates wait no more."),
            bulk_question=gettext_lazy("Their members have served then, and their alternates wait no more."),
            bulk=True,
            available=_has_somebody,
            danger=True,
        ),
    )

    @admin.display(description=gettext_lazy("serving"))
    def serving(self, term: CouncilTerm) -> int:
        return int(getattr(term, "count_serving", 0))

    @admin.display(description=gettext_lazy("documents"))
    def papers(self, term: CouncilTerm) -> str:
        roster = reverse("reports:document", args=["council-members"])
        letters = reverse("reports:document", args=["council-letters"])
        letter = reverse("reports:document", args=["council-appointment-letter"])
        return format_html(
            '<a href="{0}?term={3}">{4}</a> · <a href="{1}?term={3}">{5}</a> · <a href="{2}?term={3}">{6}</a>',
            roster,
            letters,
            letter,
            term.pk,
            _("Roster"),
            _("Letters of appointment"),
            _("Draft of the letter"),
        )

    @admin.display(description=gettext_lazy("members"))
    def to_members(self, term: CouncilTerm) -> str:
        address = reverse("admin:councils_member_changelist")
        return format_html('<a href="{}?term__id__exact={}">{}</a>', address, term.pk, _("Show the members"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        serving = Q(members__status=MemberStatus.SERVING) & ~Q(members__office=MemberOffice.ADVISER)
        rows: QuerySet[Any] = super().get_queryset(request).annotate(count_serving=Count("members", filter=serving))
        return rows

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        return (*self.fields, "recruitment", "to_members", "papers") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        return ("council", "number", "starts_on", "recruitment", "to_members", "papers") if obj else ()

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        """Councils at work where this official may write."""
        if db_field.name != "council":
            return super().get_field_queryset(db, db_field, request)
        paths = role_paths(current_user(request), *OFFICIALS)
        councils = Council.objects.filter(in_regions(paths, "dong__path"), status=CouncilStatus.WORKING)
        return councils.select_related("dong__parent")

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del form
        actor, at = current_user(request), timezone.now()
        if change:
            return change_term(term_id=obj.pk, ends_on=obj.ends_on, seats=obj.seats, actor=actor, at=at)
        return open_term(
            council_id=obj.council_id,
            number=obj.number,
            starts_on=obj.starts_on,
            ends_on=obj.ends_on,
            seats=obj.seats,
            actor=actor,
            at=at,
        )


# --- members ----------------------------------------------------------------------------------------------------------


class VacancyFilter(ChoiceFilter):
    """Seats that nobody took yet, as the first page counts them."""

    title = gettext_lazy("seat")
    parameter_name = SEAT

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        del request, model_admin
        return [(VACANT, _("vacant"))]

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        del value
        return queryset.filter(pk__in=vacant_now().values("pk"))


class DayForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("last day"), widget=DayInput())


class ResignForm(DayForm):
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200)


class DismissForm(ResignForm):
    resolution = forms.ModelChoiceField(
        label=gettext_lazy("resolution of the council"),
        queryset=Resolution.objects.none(),
        required=False,
        help_text=gettext_lazy("Where the council decided it."),
    )


class SeatDayForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("appointed on"), widget=DayInput())


class OfficeForm(forms.Form):
    office = forms.ChoiceField(
        label=gettext_lazy("office"),
        choices=[(one.value, one.label) for one in MemberOffice if one != MemberOffice.ADVISER],
    )


def _dismiss_form(_request: HttpRequest, member: Member, data: Mapping[str, Any] | None) -> forms.Form:
    """The resolutions of this member's council, the newest first."""
    form = DismissForm(data)
    field = form.fields["resolution"]
    field.queryset = (  # type: ignore[attr-defined]
        Resolution.objects.filter(meeting__council_meeting__council=member.term.council_id, withdrawn_at__isnull=True)
        .select_related("meeting")
        .order_by("-decided_at")
    )
    name_empty_choice(field)
    return form


def _resign(request: HttpRequest, member: Member, data: dict[str, Any]) -> str:
    resign(member_id=member.pk, actor=current_user(request), at=timezone.now(), **data)
    return _("The resignation is in the register. The seat can be filled now.")


def _dismiss(request: HttpRequest, member: Member, data: dict[str, Any]) -> str:
    dismiss(member_id=member.pk, actor=current_user(request), at=timezone.now(), **data)
    return _("The dismissal is in the register. The seat can be filled now.")


def _death(request: HttpRequest, member: Member, data: dict[str, Any]) -> str:
    record_death(member_id=member.pk, on=data["on"], actor=current_user(request), at=timezone.now())
    return _("It is in the register. The seat can be filled now.")


def _office(request: HttpRequest, member: Member, data: dict[str, Any]) -> str:
    change_office(member_id=member.pk, office=data["office"], actor=current_user(request), at=timezone.now())
    return _("The office is changed. What it was stays in the history.")


def _replace(request: HttpRequest, member: Member, data: dict[str, Any]) -> str:
    fill_vacancy(member_id=member.pk, on=data["on"], actor=current_user(request), at=timezone.now())
    return _("The next alternate within the quotas has taken the seat, with a letter of appointment.")


def _certify(request: HttpRequest, member: Member, data: dict[str, Any]) -> str:
    del data
    certificate = certify_activity(member_id=member.pk, actor=current_user(request), at=timezone.now())
    return _("The certificate is issued: %(serial)s") % {"serial": certificate.serial}


def _serves(member: Member) -> bool:
    return member.status == MemberStatus.SERVING


def _is_seated(member: Member) -> bool:
    return _serves(member) and member.office != MemberOffice.ADVISER


def _is_vacant(member: Member) -> bool:
    return (
        member.application_id is not None
        and member.term.ends_on >= timezone.localdate()
        and vacancies().filter(pk=member.pk).exists()
    )


MEMBER_ACTS = (
    Act(
        name="office",
        label=gettext_lazy("Change the office"),
        permission="councils.change_office_member",
        run=_office,
        question=gettext_lazy("The council elects its chair and the others among its members."),
        form=OfficeForm,
        available=_is_seated,
    ),
    Act(
        name="resign",
        label=gettext_lazy("Record a resignation"),
        permission="councils.resign_member",
        run=_resign,
        question=gettext_lazy("The member leaves the council for good. Afterwards the next alternate can move up."),
        form=ResignForm,
        available=_serves,
        danger=True,
    ),
    Act(
        name="dismiss",
        label=gettext_lazy("Dismiss"),
        permission="councils.dismiss_member",
        run=_dismiss,
        question=gettext_lazy("The member leaves the council for good. The reason goes into the record to be signed."),
        make_form=_dismiss_form,
        available=_serves,
        danger=True,
    ),
    Act(
        name="death",
        label=gettext_lazy("Record a death"),
        permission="councils.resign_member",
        run=_death,
        question=gettext_lazy("The member’s service ends on that day."),
        form=DayForm,
        available=_serves,
        danger=True,
    ),
    Act(
        name="replace",
        label=gettext_lazy("Let the next alternate move up"),
        permission="councils.replace_member",
        run=_replace,
        question=gettext_lazy(
            "The first of the alternates, in their order, with whom the quotas are kept is appointed and told."
        ),
        form=SeatDayForm,
        available=_is_vacant,
    ),
    Act(
        name="certify",
        label=gettext_lazy("Issue a certificate of activity"),
        permission="councils.certify_member",
        run=_certify,
        question=gettext_lazy("It says since when they serve, to how many meetings they came and how many hours."),
    ),
)


@admin.register(Member)
class CouncilMemberAdmin(ScopedAdmin):
    """Members who were drawn come from the appointment; others, and advisers, are added here or from a list."""

    scope_lookup = "term__council__dong__path"
    viewing_roles = WATCHERS
    personal_data = "councils.member"
    importer = "councils.members"
    made_in_series = True
    list_display = ("name", "council", "term_number", "office", "status", "appointed_on", "left_on")
    list_filter = ("status", "office", VacancyFilter, "term")
    period = ("appointed_on", gettext_lazy("appointed on"))
    list_select_related = ("term__council__dong__parent",)
    search_fields = ("name",)
    ordering = ("term__council__dong__path", "-term__number", "name", "pk")
    fields = ("term", "name", "office", "birth_date", "sex", "appointed_on")
    acts: ClassVar = MEMBER_ACTS

    @admin.display(description=gettext_lazy("residents’ council"), ordering="term__council__dong__path")
    def council(self, member: Member) -> str:
        return str(member.term.council)

    @admin.display(description=gettext_lazy("term number"), ordering="term__number")
    def term_number(self, member: Member) -> int:
        return member.term.number

    @admin.display(description=gettext_lazy("documents"))
    def papers(self, member: Member) -> str:
        links = []
        if member.letter_id:
            links.append(
                (reverse("reports:document", args=["certificate"]), "certificate", member.letter_id, _("Letter"))
            )
        if member.status in {MemberStatus.RESIGNED, MemberStatus.DISMISSED}:
            links.append(
                (reverse("reports:document", args=["council-leaving"]), "member", member.pk, _("Record to sign"))
            )
        if not links:
            return "–"
        return format_html_join(" · ", '<a href="{}?{}={}">{}</a>', links)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        more = ("track", "status", "left_on", "leaving_reason", "replaces", "papers")
        return (*self.fields, *more) if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Office, days and state change by acts; name, day of birth and sex can be corrected."""
        fields = self.get_fields(request, obj)
        return tuple(name for name in fields if name not in {"name", "birth_date", "sex"}) if obj else ()

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        """Terms where this official may write."""
        if db_field.name != "term":
            return super().get_field_queryset(db, db_field, request)
        paths = role_paths(current_user(request), *OFFICIALS)
        terms = CouncilTerm.objects.filter(in_regions(paths, "council__dong__path"), ends_on__gte=timezone.localdate())
        return terms.select_related("council__dong__parent")

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del form
        actor, at = current_user(request), timezone.now()
        if change:
            return correct_member(member=obj, actor=actor, at=at)
        facts = Facts(
            name=obj.name,
            appointed_on=obj.appointed_on,
            office=MemberOffice(obj.office),
            birth_date=obj.birth_date,
            sex=obj.sex,
        )
        return add_member(term_id=obj.term_id, facts=facts, actor=actor, at=at)
