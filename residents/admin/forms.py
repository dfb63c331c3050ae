"""Forms of the desk about people."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from residents.desk.inputs import DayInput
from residents.models import RoleAssignment, User
from residents.states import ROLE_LEVELS, Role, Sex


class FindResidentForm(forms.Form):
    """Name, date of birth, or both."""

    name = forms.CharField(label=gettext_lazy("name"), max_length=60, required=False)
    birth_date = forms.DateField(label=gettext_lazy("date of birth"), required=False, widget=DayInput())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not data.get("name") and not data.get("birth_date"):
            raise forms.ValidationError(_("Please enter a name or a date of birth."))
        return data


class FindAccountForm(forms.Form):
    """The mail address, as a whole: accounts are not browsed by guessing."""

    email = forms.EmailField(label=gettext_lazy("mail address"), max_length=254)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=200,
        help_text=gettext_lazy("One sentence, without names and numbers of persons."),
    )


class VerifyForm(forms.Form):
    document = forms.CharField(
        label=gettext_lazy("document seen"),
        max_length=60,
        help_text=gettext_lazy("For example identity card, passport, certificate of work or study. Never its number."),
    )


class VerifyDespiteDuplicateForm(VerifyForm):
    """Where somebody alike is verified already."""

    not_the_same_person = forms.CharField(
        label=gettext_lazy("how you know that it is not the same person"),
        max_length=200,
        help_text=gettext_lazy("One sentence, without names and numbers of persons."),
    )


class EndResidenceForm(ReasonForm):
    day = forms.DateField(
        label=gettext_lazy("last day"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Leave empty for today."),
    )


class GuardianConsentForm(forms.Form):
    guardian_name = forms.CharField(label=gettext_lazy("name of the guardian"), max_length=60)
    relation = forms.CharField(label=gettext_lazy("relation"), max_length=30)
    given_on = forms.DateField(label=gettext_lazy("given on"), widget=DayInput())


class DeathForm(forms.Form):
    died_on = forms.DateField(label=gettext_lazy("died on"), widget=DayInput())


class CorrectProfileForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("name"), max_length=60)
    birth_date = forms.DateField(label=gettext_lazy("date of birth"), widget=DayInput())
    sex = forms.ChoiceField(
        label=gettext_lazy("sex"), required=False, choices=[("", gettext_lazy("not stated")), *Sex.choices]
    )
    phone = forms.CharField(label=gettext_lazy("phone number"), required=False, max_length=20)


class GrantRoleForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who, what, where, from when. The account is named by its mail address, not picked from a list of people."""

    email = forms.EmailField(
        label=gettext_lazy("mail address of the account"),
        max_length=254,
        help_text=gettext_lazy("The person signs up first; then you give the role to that account."),
    )

    class Meta:
        model = RoleAssignment
        fields = ("role", "region", "since")

    offered_roles: tuple[Role, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(("email", "role", "region", "since"))
        self.fields["role"].choices = [(role.value, role.label) for role in self.offered_roles]  # type: ignore[attr-defined]
        self.fields["since"].initial = timezone.localdate

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        account = User.objects.filter(email=email, is_active=True).first()
        if account is None:
            raise forms.ValidationError(_("There is no active account with this mail address."))
        self.instance.user = account
        return str(email)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        role, region = data.get("role"), data.get("region")
        if role and "region" not in self.errors:
            level = ROLE_LEVELS[role]
            if (region.level if region else None) != level:
                text = (
                    _("This role is for the whole site: please leave the region empty.")
                    if level is None
                    else _("This role is held for: %(level)s.") % {"level": level.label}
                )
                self.add_error("region", text)
        return data
