"""The steps that officials take on an application, one by one or on several at once."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.admin.recruitment_forms import ReasonForm
from councils.models import Application, CommitteeDecision
from councils.services.applications import supplement, withdraw
from councils.services.eligibility import (
    ask_supplement,
    confirm_eligibility,
    credit_hours,
    exclude,
    readmit,
    strike_credit,
)
from councils.states import BEFORE_POOL, ApplicationStatus, DecisionKind, RecruitmentStatus
from residents.desk import Act
from residents.desk.acts import current_user

CHANGE = "councils.change_application"
MINUTES_IN_HOUR = 60


class ConfirmForm(forms.Form):
    document = forms.CharField(
        label=gettext_lazy("document seen"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Only the kind, such as identity card or certificate of work; never its number."),
    )


class AskForm(forms.Form):
    what = forms.CharField(
        label=gettext_lazy("what is missing"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The applicant reads this sentence."),
    )


class BroughtForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("what was brought"), max_length=300)


class ExcludeForm(ReasonForm):
    """Somebody of the settled pool is excluded by a decision; before, an official decides."""

    decision = forms.ModelChoiceField(
        label=gettext_lazy("decision of the committee"),
        queryset=CommitteeDecision.objects.none(),
        required=False,
        help_text=gettext_lazy("Needed for somebody of the settled pool. It is recorded on the recruitment’s page."),
    )


class CreditForm(forms.Form):
    hours = forms.DecimalField(
        label=gettext_lazy("hours"), min_value=0, max_value=200, decimal_places=2, help_text=gettext_lazy("2 or 1.5")
    )
    reason = forms.CharField(label=gettext_lazy("which course, and which document was seen"), max_length=200)


class StrikeForm(ReasonForm):
    credit = forms.ChoiceField(label=gettext_lazy("credited hours"))


class HowAskedForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("how the applicant asked for it"),
        max_length=300,
        help_text=gettext_lazy("Such as by telephone or at the counter, and when."),
    )


def _confirm(request: HttpRequest, application: Application, data: dict[str, Any]) -> str:
    confirm_eligibility(
        application_id=application.pk, document=data["document"], actor=current_user(request), at=timezone.now()
    )
    return _("Eligibility is confirmed. The applicant gets a notice.")


def _ask(request: HttpRequest, application: Application, data: dict[str, Any]) -> str:
    ask_supplement(application_id=application.pk, what=data["what"], actor=current_user(request), at=timezone.now())
    return _("The applicant is asked for it.")


def _brought(request: HttpRequest, application: Application, data: dict[str, Any]) -> str:
    supplement(application_id=application.pk, text=data["text"], actor=current_user(request), at=timezone.now())
    return _("The supplement is noted. The application can be checked.")


def _exclude(request: HttpRequest, application: Application, data: dict[str, Any]) -> str:
    exclude(
        application_id=application.pk,
        reason=data["reason"],
        decision_id=data["decision"].pk if data.get("decision") else None,
        actor=current_user(request),
        at=timezone.now(),
    )
    return _("The applicant is excluded and reads why.")


def _readmit(request: HttpRequest, application: Application, data: dict[str, Any]) -> str:
    readmit(application_id=application.pk, reason=data["reason"], actor=current_user(request), at=timezone.now())
    return _("The exclusion is taken back.")


def _credit(request: HttpRequest, application: Application, data: dict[str, Any]) -> str:
    credit_hours(
        application_id=application.pk,
        minutes=int(data["hours"] * MINUTES_IN_HOUR),
        reason=data["reason"],
        actor=current_user(request),
        at=timezone.now(),
    )
    return _("The hours are credited.")


def _strike(request: HttpRequest, application: Application, data: dict[str, Any]) -> str:
    del application
    strike_credit(credit_id=int(data["credit"]), reason=data["reason"], actor=current_user(request), at=timezone.now())
    return _("The credited hours are taken back.")


def _withdraw(request: HttpRequest, application: Application, data: dict[str, Any]) -> str:
    withdraw(application_id=application.pk, reason=data["reason"], actor=current_user(request), at=timezone.now())
    return _("The application is withdrawn.")


def _exclude_form(_request: HttpRequest, application: Any, data: Mapping[str, Any] | None) -> forms.Form:
    form = ExcludeForm(data)
    if application is None or application.status != ApplicationStatus.POOL:
        del form.fields["decision"]
        return form
    field = form.fields["decision"]
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = CommitteeDecision.objects.filter(
            recruitment=application.recruitment_id, kind=DecisionKind.EXCLUSION
        )
        field.required = True
    return form


def _strike_form(_request: HttpRequest, application: Any, data: Mapping[str, Any] | None) -> forms.Form:
    form = StrikeForm(data)
    field = form.fields["credit"]
    if isinstance(field, forms.ChoiceField):
        field.choices = [
            (
                str(credit.pk),
                _("%(minutes)s minutes: %(reason)s") % {"minutes": credit.minutes, "reason": credit.reason},
            )
            for credit in application.credits.filter(struck_because="")
        ]
    form.order_fields(["credit"])
    return form


def _is(*statuses: ApplicationStatus) -> Callable[[Application], bool]:
    return lambda application: application.status in statuses


def _goes_on(application: Application) -> bool:
    return application.recruitment.status == RecruitmentStatus.ANNOUNCED and application.status in BEFORE_POOL


S = ApplicationStatus
ACTS = (
    Act(
        name="confirm",
        label=gettext_lazy("Confirm the eligibility"),
        permission=CHANGE,
        run=_confirm,
        question=gettext_lazy(
            "Age and basis are checked against the rule set and kept with their source. Where hours of education are "
            "wanted, the applicant goes on to the courses."
        ),
        bulk_question=gettext_lazy("Each is checked against the rule set; who does not meet it stays as they are."),
        form=ConfirmForm,
        available=_is(S.RECEIVED),
        bulk=True,
    ),
    Act(
        name="ask-supplement",
        label=gettext_lazy("Ask for a supplement"),
        permission=CHANGE,
        run=_ask,
        question=gettext_lazy("The applicant gets a notice and can hand it in until the education ends."),
        bulk_question=gettext_lazy("All of them are asked for the same thing."),
        form=AskForm,
        available=_is(S.RECEIVED, S.CHECKED, S.LEARNING),
        bulk=True,
    ),
    Act(
        name="supplement-brought",
        label=gettext_lazy("Note that the supplement was brought"),
        permission=CHANGE,
        run=_brought,
        question=gettext_lazy("For what was brought to the counter or sent on paper."),
        form=BroughtForm,
        available=_is(S.SUPPLEMENT),
    ),
    Act(
        name="credit-hours",
        label=gettext_lazy("Credit hours from elsewhere"),
        permission=CHANGE,
        run=_credit,
        question=gettext_lazy("For a course of another place, on a certificate that you have seen."),
        form=CreditForm,
        available=_goes_on,
    ),
    Act(
        name="strike-credit",
        label=gettext_lazy("Take credited hours back"),
        permission=CHANGE,
        run=_strike,
        question=gettext_lazy("The entry stays, with the reason why it no longer counts."),
        make_form=_strike_form,
        available=lambda one: _goes_on(one) and one.credits.filter(struck_because="").exists(),
    ),
    Act(
        name="exclude",
        label=gettext_lazy("Exclude"),
        permission=CHANGE,
        run=_exclude,
        question=gettext_lazy("The applicant reads the reason. It can be taken back until the pool is settled."),
        bulk_question=gettext_lazy("All of them read the same reason."),
        make_form=_exclude_form,
        available=_is(*BEFORE_POOL, S.POOL),
        bulk=True,
        danger=True,
    ),
    Act(
        name="readmit",
        label=gettext_lazy("Take the exclusion back"),
        permission=CHANGE,
        run=_readmit,
        question=gettext_lazy("Say why; the applicant reads it."),
        form=ReasonForm,
        available=lambda one: one.status == S.EXCLUDED and one.recruitment.status == RecruitmentStatus.ANNOUNCED,
    ),
    Act(
        name="withdraw",
        label=gettext_lazy("Withdraw on request"),
        permission=CHANGE,
        run=_withdraw,
        question=gettext_lazy("Only when the applicant asked for it. It cannot be taken back."),
        form=HowAskedForm,
        available=_is(*BEFORE_POOL, S.POOL, S.SELECTED, S.ALTERNATE),
        danger=True,
    ),
)
