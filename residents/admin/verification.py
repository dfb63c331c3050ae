"""The verification desk: who waits in my dong, who they are, what was shown, and what is decided."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from residents.admin.finding import FindsPersons
from residents.admin.forms import (
    CorrectProfileForm,
    DeathForm,
    EndResidenceForm,
    FindResidentForm,
    GuardianConsentForm,
    ReasonForm,
    VerifyDespiteDuplicateForm,
    VerifyForm,
)
from residents.consents import CONSENTS
from residents.desk import Act
from residents.desk.acts import current_user
from residents.desk.filters import ChoiceFilter
from residents.duplicates import Likeness, name_key
from residents.masking import masked_birth_date, masked_mail, masked_name
from residents.models import Consent, Residence, ResidentProfile, User
from residents.permissions import OFFICIALS
from residents.persons import is_child
from residents.queries import PossibleDuplicate, duplicates_of, suspected_among
from residents.services import (
    end_residence,
    record_death,
    record_guardian_consent,
    refuse_residence,
    update_profile,
    verify_residence,
)
from residents.states import OPEN_RESIDENCES, ResidenceStatus
from residents.waiting import CHILDREN, DUPLICATES, SETTLE, children_without_consent, likely_duplicates

NOTHING = "–"
LIKENESS_LABELS = {
    Likeness.BIRTH_AND_NAME: gettext_lazy("same date of birth, similar name"),
    Likeness.PHONE: gettext_lazy("same phone number"),
}


def _verify(request: HttpRequest, residence: Residence, data: dict[str, Any]) -> str:
    verify_residence(residence_id=residence.pk, actor=current_user(request), at=timezone.now(), **data)
    return _("The residence is verified. The person can vote in this dong from now on.")


def _refuse(request: HttpRequest, residence: Residence, data: dict[str, Any]) -> str:
    refuse_residence(residence_id=residence.pk, actor=current_user(request), at=timezone.now(), **data)
    return _("The declaration was not confirmed. The person reads your reason on their page.")


def _end(request: HttpRequest, residence: Residence, data: dict[str, Any]) -> str:
    end_residence(residence_id=residence.pk, actor=current_user(request), at=timezone.now(), **data)
    return _("The residence has ended.")


def _record_guardian_consent(request: HttpRequest, residence: Residence, data: dict[str, Any]) -> str:
    record_guardian_consent(user_id=residence.user_id, actor=current_user(request), at=timezone.now(), **data)
    return _("The guardian's consent is recorded.")


def _record_death(request: HttpRequest, residence: Residence, data: dict[str, Any]) -> str:
    record_death(user_id=residence.user_id, actor=current_user(request), at=timezone.now(), **data)
    return _("The death is recorded. The account is switched off and the residence has ended.")


def _correct(request: HttpRequest, residence: Residence, data: dict[str, Any]) -> str:
    update_profile(
        user_id=residence.user_id,
        language=residence.user.language,
        actor=current_user(request),
        at=timezone.now(),
        **data,
    )
    return _("The data of the person is corrected.")


def _profile(residence: Residence) -> ResidentProfile | None:
    """The profile, unless it was withdrawn or erased."""
    profile: ResidentProfile | None = getattr(residence.user, "profile", None)
    return profile


def _verified_alike(residence: Residence) -> list[PossibleDuplicate]:
    profile = _profile(residence)
    return [] if profile is None else [found for found in duplicates_of(profile) if found.blocks]


def _verify_form(_request: HttpRequest, residence: Residence, data: Mapping[str, Any] | None) -> VerifyForm:
    return (VerifyDespiteDuplicateForm if _verified_alike(residence) else VerifyForm)(data)


def _correct_form(_request: HttpRequest, residence: Residence, data: Mapping[str, Any] | None) -> CorrectProfileForm:
    profile = _profile(residence)
    known: dict[str, Any] = {"name": residence.user.name}
    if profile is not None:
        known |= {"birth_date": profile.birth_date, "sex": profile.sex, "phone": profile.phone}
    return CorrectProfileForm(data, initial=known)


def _waits(residence: Residence) -> bool:
    return residence.status == ResidenceStatus.DECLARED


def _is_open(residence: Residence) -> bool:
    return residence.status in OPEN_RESIDENCES


def _needs_guardian(residence: Residence) -> bool:
    profile = _profile(residence)
    return (
        _is_open(residence)
        and profile is not None
        and is_child(profile.birth_date, timezone.localdate())
        and not hasattr(residence.user, "guardian_consent")
    )


ACTS = (
    Act(
        name="verify",
        label=gettext_lazy("Verify the residence"),
        permission="residents.verify_residence",
        run=_verify,
        question=gettext_lazy(
            "Compare name, date of birth and dong with the document that the person shows. "
            "A verified residence elsewhere ends with this."
        ),
        make_form=_verify_form,
        available=_waits,
    ),
    Act(
        name="guardian",
        label=gettext_lazy("Record the guardian's consent"),
        permission="residents.record_guardian_consent",
        run=_record_guardian_consent,
        question=gettext_lazy("This person is under 14. Record the consent that the guardian gave before you."),
        form=GuardianConsentForm,
        available=_needs_guardian,
    ),
    Act(
        name="refuse",
        label=gettext_lazy("Do not confirm"),
        permission="residents.refuse_residence",
        run=_refuse,
        question=gettext_lazy("The person reads your reason and can declare their dong anew."),
        bulk_question=gettext_lazy("All chosen persons read the same reason and can declare their dong anew."),
        bulk=True,
        form=ReasonForm,
        available=_waits,
        danger=True,
    ),
    Act(
        name="correct",
        label=gettext_lazy("Correct the data"),
        permission="residents.correct_profile",
        run=_correct,
        question=gettext_lazy("Correct only what you compared with a document."),
        make_form=_correct_form,
        available=_is_open,
    ),
    Act(
        name="end",
        label=gettext_lazy("End the residence"),
        permission="residents.end_residence",
        run=_end,
        question=gettext_lazy("For example after a move. The person can no longer vote in this dong."),
        form=EndResidenceForm,
        available=_is_open,
        danger=True,
    ),
    Act(
        name="death",
        label=gettext_lazy("Record a death"),
        permission="residents.record_death",
        run=_record_death,
        question=gettext_lazy("The account is switched off for good, and residences and roles end."),
        form=DeathForm,
        available=_is_open,
        danger=True,
    ),
)


PERSON_FIELDS = ("name", "mail", "birth_date", "sex", "phone", "guardian", "consents")
RESIDENCE_FIELDS = ("dong", "basis", "status", "declared_at", "checked_at", "document", "reason", "ended_on")
COMPARE_FIELDS = ("duplicates", "other_residences")


class StatusFilter(ChoiceFilter):
    """What waits is shown first; everything else on request."""

    title = gettext_lazy("status")
    parameter_name = "status"
    everything = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        del request, model_admin
        return [(str(value), str(label)) for value, label in ResidenceStatus.choices] + [(self.everything, _("All"))]

    def choices(self, changelist: Any) -> Any:
        for value, label in self.lookup_choices:
            yield {
                "selected": value == self.value(),
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def value(self) -> str | None:
        return super().value() or ResidenceStatus.DECLARED.value

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset if value == self.everything else queryset.filter(status=value)


class SettleFilter(ChoiceFilter):
    """What has to be settled before a declaration can be verified: exactly those that the first page counts."""

    title = gettext_lazy("to be settled first")
    parameter_name = SETTLE

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: type[Any], model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.waiting = model_admin.get_queryset(request).filter(status=ResidenceStatus.DECLARED)
        self.waiting = self.waiting.exclude(user=current_user(request)).order_by()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        del request, model_admin
        return [(CHILDREN, _("a guardian’s consent is missing")), (DUPLICATES, _("looks like another account"))]

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value == CHILDREN:
            return queryset.filter(pk__in=children_without_consent(self.waiting).values("pk"))
        return queryset.filter(pk__in=likely_duplicates(self.waiting).values())


@admin.register(Residence)
class ResidenceAdmin(FindsPersons):
    """Masked in the list; the data of a person on its page, whose opening stands in the access log.

    Of somebody who has left the dong, or was never confirmed in it, the page shows masked data too.
    """

    scope_lookup = "dong__path"
    viewing_roles = OFFICIALS
    personal_data = "residents.residence"
    act_template = "admin/residents/residence_act.html"
    find_form = FindResidentForm
    acts = ACTS
    ordering = ("declared_at", "id")
    list_display = ("person", "birth", "marks", "dong", "basis", "declared_at", "status")
    list_filter = (StatusFilter, SettleFilter, "basis")
    period = ("declared_at", gettext_lazy("declared at"))
    fieldsets = (
        (gettext_lazy("Person"), {"fields": PERSON_FIELDS}),
        (gettext_lazy("Residence"), {"fields": RESIDENCE_FIELDS}),
        (gettext_lazy("Compare"), {"fields": COMPARE_FIELDS}),
    )
    readonly_fields = (*PERSON_FIELDS, *RESIDENCE_FIELDS, *COMPARE_FIELDS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("user__profile", "user__guardian_consent", "dong__parent")

    def person_of(self, obj: Residence) -> User:
        return obj.user

    def named(self, obj: Residence) -> str:
        return " · ".join((self.person(obj), self.birth(obj), str(obj)))

    # --- the list -----------------------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("name"))
    def person(self, residence: Residence) -> str:
        return masked_name(residence.user.name) or NOTHING

    @admin.display(description=gettext_lazy("date of birth"))
    def birth(self, residence: Residence) -> str:
        profile = _profile(residence)
        return masked_birth_date(profile.birth_date) if profile else NOTHING

    @admin.display(description=gettext_lazy("please note"))
    def marks(self, residence: Residence) -> SafeString:
        profile = _profile(residence)
        marks = []
        if profile is not None and _is_open(residence) and is_child(profile.birth_date, timezone.localdate()):
            marks.append(_("under 14"))
        if getattr(residence, "is_suspected", False):
            marks.append(_("possible duplicate"))
        return _lines(marks)

    def prepare_rows(self, rows: list[Residence]) -> None:
        """Marks the rows that may be somebody's second account: all of them with one query."""
        suspected = suspected_among([profile for row in rows if _is_open(row) and (profile := _profile(row))])
        for row in rows:
            row.is_suspected = _is_open(row) and row.user_id in suspected  # type: ignore[attr-defined]

    def rows_like(self, rows: QuerySet[Residence], wanted: Mapping[str, Any]) -> QuerySet[Residence]:
        """Persons with this name, in any spelling of spaces and case, and this date of birth; both where both are."""
        found = rows.order_by("-declared_at")
        if wanted["name"]:
            found = found.filter(user__profile__name_key=name_key(wanted["name"])[:60])
        if wanted["birth_date"]:
            found = found.filter(user__profile__birth_date=wanted["birth_date"])
        return found

    def described(self, row: Residence) -> tuple[str, ...]:
        return (self.person(row), self.birth(row), str(row.dong), row.get_status_display())

    # --- verifying ----------------------------------------------------------------------------------------------------

    def act_view(self, request: HttpRequest, object_id: str, act: Act) -> HttpResponse:
        """The page that verifies also says what has to be settled before: a guardian's consent, likely duplicates."""
        response = super().act_view(request, object_id, act)
        if act.name == "verify" and isinstance(response, TemplateResponse) and response.context_data is not None:
            residence = response.context_data["object"]
            if _needs_guardian(residence):
                response.context_data["guardian_url"] = self.address("guardian", residence)
            response.context_data["others_alike"] = _others_alike(residence)
        return response

    # --- the page of one residence ------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("name"))
    def name(self, residence: Residence) -> str:
        return residence.user.name if _is_open(residence) else masked_name(residence.user.name)

    @admin.display(description=gettext_lazy("mail address"))
    def mail(self, residence: Residence) -> str:
        return residence.user.email if _is_open(residence) else masked_mail(residence.user.email)

    @admin.display(description=gettext_lazy("date of birth"))
    def birth_date(self, residence: Residence) -> str:
        profile = _profile(residence)
        if profile is None:
            return NOTHING
        return date_format(profile.birth_date) if _is_open(residence) else masked_birth_date(profile.birth_date)

    @admin.display(description=gettext_lazy("sex"))
    def sex(self, residence: Residence) -> str:
        profile = _profile(residence)
        return (str(profile.get_sex_display()) if profile and _is_open(residence) else "") or NOTHING

    @admin.display(description=gettext_lazy("phone number"))
    def phone(self, residence: Residence) -> str:
        profile = _profile(residence)
        return (profile.phone if profile and _is_open(residence) else "") or NOTHING

    @admin.display(description=gettext_lazy("guardian's consent"))
    def guardian(self, residence: Residence) -> str:
        if _needs_guardian(residence):
            return _("Missing: this person is under 14.")
        consent = getattr(residence.user, "guardian_consent", None)
        if consent is None or not _is_open(residence):
            return NOTHING
        return f"{consent.guardian_name} ({consent.relation}), {date_format(consent.given_on)}"

    @admin.display(description=gettext_lazy("consents"))
    def consents(self, residence: Residence) -> SafeString:
        given = Consent.objects.filter(user_id=residence.user_id, withdrawn_at__isnull=True)
        return _lines(
            f"{CONSENTS[one.purpose].title} ({one.version}) · {date_format(timezone.localdate(one.given_at))}"
            for one in given
        )

    @admin.display(description=gettext_lazy("others who may be the same person"))
    def duplicates(self, residence: Residence) -> SafeString | str:
        found = _others_alike(residence)
        return _lines(found) if found else _("Nobody was found.")

    @admin.display(description=gettext_lazy("other residences"))
    def other_residences(self, residence: Residence) -> SafeString:
        others = Residence.objects.filter(user_id=residence.user_id).exclude(pk=residence.pk)
        return _lines(
            f"{other} · {date_format(timezone.localdate(other.declared_at))}"
            for other in others.select_related("dong__parent")
        )


def _others_alike(residence: Residence) -> list[str]:
    """Who else may be this person, masked, one line for each."""
    profile = _profile(residence)
    found = duplicates_of(profile) if profile and _is_open(residence) else []
    return [
        " · ".join(
            (
                f"#{other.profile.user_id}",
                masked_name(other.profile.user.name),
                masked_birth_date(other.profile.birth_date),
                ", ".join(str(LIKENESS_LABELS[reason]) for reason in sorted(other.reasons)),
                _("verified") if other.is_verified else _("not verified"),
            )
        )
        for other in found
    ]


def _lines(texts: Any) -> SafeString:
    return format_html_join("", "<div>{}</div>", ((text,) for text in texts)) or SafeString(NOTHING)
