"""Input of the secretariat's pages on members and applications."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import RuleViolation
from forums.models import Application, Member
from forums.queries.members import same_person, terms_for, terms_to_check, title_of_term
from forums.services.members import checked_mails
from forums.states import MemberKind
from residents.desk.inputs import DayInput, name_empty_choice
from residents.models import OfficeTerm

MAILS_HELP = gettext_lazy("Several with a comma between them.")


class TermField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among terms of office, each with office, term and days."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        name_empty_choice(self)

    def label_from_instance(self, obj: Any) -> str:
        return f"{title_of_term(obj)} {obj.name} ({obj.term}, {obj.since} – {obj.until})"


class MembersField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among members, with what tells those of the same name apart."""

    def label_from_instance(self, obj: Any) -> str:
        terms = ", ".join(f"{title_of_term(one.term)} {one.term.term}" for one in obj.terms.all())
        about = terms or obj.former_office or obj.area
        return f"{obj.name} {obj.name_hanja} · {obj.get_status_display()} · {about}"


class MailsField(forms.CharField):
    """Mail addresses with commas between them, as a tuple."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return checked_mails(text.replace(";", ",").replace("\n", ",").split(","))
        except RuleViolation as no:
            raise forms.ValidationError(no.text) from None


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the register says of a member; kind and terms change by steps of their own."""

    mail_addresses = MailsField(
        label=gettext_lazy("mail addresses"), required=False, max_length=1000, help_text=MAILS_HELP
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["mail_addresses"].initial = ", ".join(self.instance.mails.values_list("address", flat=True))


class NewMemberForm(MemberForm):
    """A member who comes without an application in Madang."""

    term = TermField(
        label=gettext_lazy("term of office"),
        queryset=OfficeTerm.objects.filter(club_term__isnull=True).select_related("region__parent"),
        required=False,
        help_text=gettext_lazy("A regular member needs the term that runs; it is entered under the terms of office."),
    )


class BeginTermForm(forms.Form):
    term = TermField(label=gettext_lazy("term of office"), queryset=OfficeTerm.objects.none())


def begin_term_form(_request: HttpRequest, member: Member, data: Mapping[str, Any] | None) -> forms.Form:
    """Terms of the same name that are nobody's yet."""
    form = BeginTermForm(data)
    field = form.fields["term"]
    field.queryset = terms_for(member)  # type: ignore[attr-defined]
    if not terms_for(member).exists():
        field.help_text = _("No free term of office of this name is known. Please enter it under the terms of office.")
    return form


class HonoraryForm(forms.Form):
    former_office = forms.CharField(
        label=gettext_lazy("former office"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("As the directory prints it. Empty takes the office of the last term."),
    )
    wish = forms.BooleanField(
        label=gettext_lazy("They wish to stay as an honorary member (bylaws, article 2)."),
        error_messages={"required": gettext_lazy("Former heads become honorary members by their own wish only.")},
    )


class LeaveForm(forms.Form):
    left_on = forms.DateField(label=gettext_lazy("left on"), widget=DayInput, initial=timezone.localdate)
    reason = forms.CharField(label=gettext_lazy("why they left"), max_length=200)


class ComeBackForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=MemberKind.choices)
    term = TermField(
        label=gettext_lazy("term of office"),
        queryset=OfficeTerm.objects.none(),
        required=False,
        help_text=gettext_lazy("The new one, where there is one."),
    )


def come_back_form(_request: HttpRequest, member: Member, data: Mapping[str, Any] | None) -> forms.Form:
    form = ComeBackForm(data)
    form.fields["term"].queryset = terms_for(member)  # type: ignore[attr-defined]
    return form


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("mail address"),
        max_length=254,
        help_text=gettext_lazy("Of an account that is there already. It gets a mail."),
    )
    is_head = forms.BooleanField(label=gettext_lazy("the head’s own account"), required=False)


# --- applications -----------------------------------------------------------------------------------------------------


class WhatForm(forms.Form):
    what = forms.CharField(
        label=gettext_lazy("what is asked for"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The applicant reads this sentence by mail and on their page."),
    )


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The applicant reads this sentence by mail and on their page."),
    )


class CheckForm(forms.Form):
    term = TermField(
        label=gettext_lazy("term of office"),
        queryset=OfficeTerm.objects.none(),
        required=False,
        help_text=gettext_lazy("The one that the application is for. If it is missing, enter it first."),
    )
    evidence = forms.CharField(
        label=gettext_lazy("what shows that they were a head"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Only for former heads whose term of office is not known here."),
    )


def check_form(_request: HttpRequest, application: Application, data: Mapping[str, Any] | None) -> forms.Form:
    form = CheckForm(data, initial={"term": application.term_id})
    form.fields["term"].queryset = terms_to_check(application)  # type: ignore[attr-defined]
    if application.kind == MemberKind.REGULAR:
        del form.fields["evidence"]
        form.fields["term"].required = True
        name_empty_choice(form.fields["term"])
    return form


class ApproveForm(forms.Form):
    member = MembersField(
        label=gettext_lazy("membership"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=gettext_lazy("a new member"),
    )


def _serves_elsewhere(member: Member, application: Application) -> bool:
    """Whether they hold an office today that the application is not for: nobody is the head of two governments."""
    day = timezone.localdate()
    terms = [one.term for one in member.terms.all() if one.term.since <= day < one.term.until]
    return any(term.region_id != application.region_id for term in terms)


def approve_form(_request: HttpRequest, application: Application, data: Mapping[str, Any] | None) -> forms.Form:
    """Members of the same name are offered, so that the same person does not stand in the register twice."""
    alike = same_person(application)
    found = list(alike)
    likely = [one for one in found if not _serves_elsewhere(one, application)]
    form = ApproveForm(data, initial={"member": likely[0].pk if likely else None})
    if found:
        form.fields["member"].queryset = alike  # type: ignore[attr-defined]
        form.fields["member"].help_text = _(
            "There are members of the same name already. Please check whether it is the same person."
        )
    else:
        del form.fields["member"]
    return form
