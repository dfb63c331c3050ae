"""The steps from the draw to the council, on a recruitment and on who was selected or waits."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.models import Application, CouncilTerm, Recruitment
from councils.services.appointing import appoint_members, move_up_before_appointment, release_applicant
from councils.states import ApplicationStatus, RecruitmentStatus
from residents.desk import Act
from residents.desk.acts import current_user
from residents.desk.inputs import DayInput, name_empty_choice


class AppointForm(forms.Form):
    starts_on = forms.DateField(label=gettext_lazy("first day of the term"), widget=DayInput())
    ends_on = forms.DateField(
        label=gettext_lazy("last day of the term"),
        widget=DayInput(),
        required=False,
        help_text=gettext_lazy("Left empty: reckoned from the rules."),
    )
    number = forms.IntegerField(
        label=gettext_lazy("term number"),
        required=False,
        min_value=1,
        max_value=99,
        help_text=gettext_lazy("Left empty: the next."),
    )
    term = forms.ModelChoiceField(
        label=gettext_lazy("into a term that runs"),
        queryset=CouncilTerm.objects.none(),
        required=False,
        help_text=gettext_lazy("Only where this recruitment fills open seats of a term that has begun."),
    )


def _appoint_form(_request: HttpRequest, recruitment: Recruitment | None, data: Mapping[str, Any] | None) -> forms.Form:
    form = AppointForm(data, initial={"starts_on": recruitment.appoints_on if recruitment else None})
    field = form.fields["term"]
    if recruitment is not None:
        day = timezone.localdate()
        field.queryset = CouncilTerm.objects.filter(  # type: ignore[attr-defined]
            council=recruitment.council_id, starts_on__lte=day, ends_on__gte=day
        ).select_related("council__dong__parent")
    name_empty_choice(field)
    return form


def _appoint(request: HttpRequest, recruitment: Recruitment, data: dict[str, Any]) -> str:
    term = appoint_members(
        recruitment_id=recruitment.pk,
        starts_on=data["starts_on"],
        ends_on=data["ends_on"],
        number=data["number"],
        term_id=data["term"].pk if data["term"] else None,
        actor=current_user(request),
        at=timezone.now(),
    )
    return _(
        "The council is appointed. Term %(number)s, members: %(count)s. Each has a letter with a serial number."
    ) % {
        "number": term.number,
        "count": term.members.count(),
    }


def _move_up(request: HttpRequest, recruitment: Recruitment, data: dict[str, Any]) -> str:
    del data
    moved = move_up_before_appointment(recruitment_id=recruitment.pk, actor=current_user(request), at=timezone.now())
    return _("An alternate has moved up: number %(number)s of the pool.") % {"number": moved.pool_number}


def _is_drawn(recruitment: Recruitment) -> bool:
    return recruitment.status == RecruitmentStatus.DRAWN


def _has_open_seat(recruitment: Recruitment) -> bool:
    if not _is_drawn(recruitment):
        return False
    return recruitment.applications.filter(status=ApplicationStatus.SELECTED).count() < recruitment.seats


class ReleaseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=300,
        help_text=gettext_lazy("The applicant reads it: declined, moved away, appointed as often as the rules allow."),
    )


def _release(request: HttpRequest, application: Application, data: dict[str, Any]) -> str:
    release_applicant(
        application_id=application.pk, reason=data["reason"], actor=current_user(request), at=timezone.now()
    )
    return _("Released. The place falls to the next.")


RECRUITMENT_ACTS = (
    Act(
        name="appoint",
        label=gettext_lazy("Appoint those who were drawn"),
        permission="councils.appoint_recruitment",
        run=_appoint,
        question=gettext_lazy(
            "Everybody who is selected becomes a member with a numbered letter of appointment. It cannot be taken back."
        ),
        make_form=_appoint_form,
        available=_is_drawn,
        danger=True,
    ),
    Act(
        name="move-up",
        label=gettext_lazy("Let the next alternate move up"),
        permission="councils.appoint_recruitment",
        run=_move_up,
        question=gettext_lazy("The first of the alternates, in their order, with whom the quotas are kept."),
        available=_has_open_seat,
    ),
)
APPLICATION_ACTS = (
    Act(
        name="release",
        label=gettext_lazy("Release: declines or cannot be appointed"),
        permission="councils.release_application",
        run=_release,
        question=gettext_lazy("The place falls to the next alternate. It cannot be taken back."),
        form=ReleaseForm,
        available=lambda application: application.status in {ApplicationStatus.SELECTED, ApplicationStatus.ALTERNATE},
        danger=True,
    ),
)
