"""Input of whoever keeps a meeting."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from meetings.kinds import is_bound
from meetings.models import AgendaItem, Meeting, Participant
from meetings.services import Guest
from meetings.services.records import MajorityOf, Standing
from meetings.states import BallotWay, MajorityRule
from residents.desk.inputs import DayInput, MomentInput
from residents.models import User

if TYPE_CHECKING:
    _MeetingForm = forms.ModelForm[Meeting]
    _ParticipantForm = forms.ModelForm[Participant]
else:
    _MeetingForm = _ParticipantForm = forms.ModelForm

MOST_LINES = 500
MOST_PEOPLE = 1_000_000
MOST_DAYS = 365
MOST_SEATS = 1000
# What bylaws and a register say of a meeting that is bound by them.
BOUND_FIELDS = ("convened_by", "eligible", "quorum_rule", "quorum_amount", "quorum_article")


def _at_most(field: forms.Field, most: int) -> None:
    """Numbers beyond what the database takes are refused as any other mistake."""
    field.validators.append(MaxValueValidator(most))
    field.widget.attrs["max"] = most


class MeetingForm(_MeetingForm):
    """The facts of a meeting."""

    class Meta:
        model = Meeting
        fields = (
            "title",
            "starts_at",
            "ends_at",
            "place",
            "address",
            "about",
            "convened_by",
            "convened_on",
            "notice_days",
            "eligible",
            "quorum_rule",
            "quorum_amount",
            "quorum_article",
        )
        widgets = {
            "starts_at": MomentInput(),
            "ends_at": MomentInput(),
            "convened_on": DayInput(),
            "about": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, most in (("eligible", MOST_PEOPLE), ("quorum_amount", MOST_PEOPLE), ("notice_days", MOST_DAYS)):
            _at_most(self.fields[name], most)
        if is_bound(self.instance):
            for name in BOUND_FIELDS:
                del self.fields[name]

    def _post_clean(self) -> None:
        """Leave the model's own checks to the service, which says what is wrong in a sentence."""


class ItemForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    text = forms.CharField(
        label=gettext_lazy("Explanation"), max_length=10000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    proposer = forms.CharField(label=gettext_lazy("Proposed by"), max_length=120, required=False)


class SittingForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    starts_at = forms.DateTimeField(label=gettext_lazy("Begins at"), widget=MomentInput())
    ends_at = forms.DateTimeField(label=gettext_lazy("Ends at"), widget=MomentInput())


class GuestsForm(forms.Form):
    """Many people at once, a line for each."""

    lines = forms.CharField(
        label=gettext_lazy("People, a line for each"),
        help_text=gettext_lazy(
            "Name, affiliation, role, mail address; separated by commas, or pasted from a spreadsheet. Only the name "
            "is needed. Whoever has an account with the mail address sees the meeting there."
        ),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    is_eligible = forms.BooleanField(
        label=gettext_lazy("They count for the quorum and vote"), required=False, initial=True
    )

    def __init__(self, data: Any = None, *, may_vote: bool = True) -> None:
        """may_vote: whether who counts for the quorum is still open; later only guests are added."""
        super().__init__(data)
        if not may_vote:
            del self.fields["is_eligible"]

    def clean_lines(self) -> list[Guest]:
        rows = [_cells(line) for line in str(self.cleaned_data["lines"]).splitlines() if line.strip()]
        if len(rows) > MOST_LINES:
            raise ValidationError(_("Please add at most %(most)s people at once.") % {"most": MOST_LINES})
        users = {user.email: user for user in _accounts(row[3].lower() for row in rows)}
        return [self._guest(number, row, users) for number, row in enumerate(rows, start=1)]

    def _guest(self, number: int, row: list[str], users: dict[str, User]) -> Guest:
        name, affiliation, role, email = row
        too_long = len(name) > 60 or len(affiliation) > 120 or len(role) > 80
        if not name or too_long:
            raise ValidationError(
                _("Line %(number)s: the name is missing or something is too long.") % {"number": number}
            )
        if email:
            try:
                validate_email(email)
            except ValidationError:
                raise ValidationError(
                    _("Line %(number)s: the fourth part is not a mail address.") % {"number": number}
                ) from None
        return Guest(name, users.get(email.lower()), affiliation, role, email)


def _cells(line: str) -> list[str]:
    parts = [part.strip() for part in line.split("\t" if "\t" in line else ",")]
    return [*parts, "", "", "", ""][:4]


def _accounts(emails: Iterable[str]) -> Iterable[User]:
    return User.objects.filter(email__in=[email for email in emails if email], is_active=True)


class ParticipantForm(_ParticipantForm):
    """What the list says about somebody."""

    class Meta:
        model = Participant
        fields = ("name", "affiliation", "role", "email", "is_eligible", "proxy_for", "order", "remark")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _at_most(self.fields["order"], MOST_PEOPLE)
        if is_bound(self.instance.meeting):
            del self.fields["is_eligible"]

    def _post_clean(self) -> None:
        """Leave the model's own checks to the service."""


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


class CloseForm(forms.Form):
    """When the meeting ended, where nobody closed it then."""

    ended_at = forms.DateTimeField(
        label=gettext_lazy("Ended at"),
        widget=MomentInput(),
        required=False,
        help_text=gettext_lazy("Leave empty if it ends now."),
    )


def _item_field(meeting: Meeting) -> forms.TypedChoiceField:
    items = [(str(item.pk), f"{item.position}. {item.title}") for item in meeting.agenda.order_by("position")]
    return forms.TypedChoiceField(
        label=gettext_lazy("Agenda item"),
        choices=[("", gettext_lazy("beside the agenda")), *items],
        coerce=int,
        empty_value=None,
        required=False,
    )


class StatementForm(forms.Form):
    """What somebody said: a participant, or another person by name."""

    gist = forms.CharField(
        label=gettext_lazy("What was said, in short"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    speaker = forms.CharField(
        label=gettext_lazy("Other speaker"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("For somebody who is not on the list."),
    )

    field_order = ("item", "participant", "speaker", "gist")

    def __init__(self, meeting: Meeting, item: AgendaItem | None, data: Any = None) -> None:
        super().__init__(data, initial={"item": str(item.pk) if item else ""})
        people = [(str(one.pk), _on_the_list(one)) for one in meeting.participants.order_by("order", "pk")]
        self.fields["item"] = _item_field(meeting)
        self.fields["participant"] = forms.TypedChoiceField(
            label=gettext_lazy("Speaker"),
            choices=[("", gettext_lazy("Please choose")), *people],
            coerce=int,
            empty_value=None,
            required=False,
        )
        self.order_fields(self.field_order)


def _on_the_list(participant: Participant) -> str:
    return " ".join(part for part in (participant.name, participant.affiliation) if part)


class _VoteForm(forms.Form):
    """What motions and elections have in common."""

    text = forms.CharField(
        label=gettext_lazy("What is decided"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    present = forms.IntegerField(label=gettext_lazy("Present at the vote"), min_value=1, max_value=MOST_PEOPLE)
    invalid = forms.IntegerField(label=gettext_lazy("Invalid votes"), min_value=0, max_value=MOST_PEOPLE, initial=0)
    ballot = forms.ChoiceField(label=pgettext_lazy("a meeting", "Way of voting"), choices=BallotWay.choices)
    rule = forms.ChoiceField(label=gettext_lazy("Majority"), choices=MajorityRule.choices)
    permille = forms.IntegerField(
        label=gettext_lazy("Share in permille"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=gettext_lazy("Only where the majority is a share: two thirds are 667."),
    )
    article = forms.CharField(label=gettext_lazy("Article on the majority"), max_length=120, required=False)

    first_fields = ("item", "text", "ballot", "present")
    # The bylaws say by which majority: shown in one line, and changed only where a matter needs another one.
    folded_names = ("rule", "permille", "article")
    folded_title = gettext_lazy("Majority")
    last_fields = ("invalid", *folded_names)

    def __init__(self, meeting: Meeting, item: AgendaItem | None, data: Any, initial: dict[str, Any]) -> None:
        super().__init__(
            data, initial={"item": str(item.pk) if item else "", "text": item.title if item else "", **initial}
        )
        self.fields["item"] = _item_field(meeting)
        self._bound_to = str(initial["rule"]) if is_bound(meeting) else ""
        self._offer(MajorityRule.choices)
        middle = [name for name in self.fields if name not in {*self.first_fields, *self.last_fields}]
        self.order_fields([*self.first_fields, *middle, *self.last_fields])

    def _offer(self, rules: Iterable[tuple[str, Any]]) -> None:
        """Offer these majorities, or the one that the bylaws bind the meeting to."""
        choices = [(value, label) for value, label in rules if self._bound_to in {"", value}]
        self.fields["rule"] = forms.ChoiceField(label=gettext_lazy("Majority"), choices=choices)

    @property
    def folded_now(self) -> str:
        """What the folded fields say."""
        rule = dict(MajorityRule.choices).get(str(self["rule"].value()), "")
        return " · ".join(str(part) for part in (rule, self["article"].value()) if part)

    @property
    def is_unfolded(self) -> bool:
        """What is wrong must be seen; another majority than usual too."""
        return any(self[name].errors for name in self.folded_names) or self["rule"].value() != self.initial.get("rule")

    @property
    def majority(self) -> MajorityOf:
        """The majority that was chosen; a valid form only."""
        rule = MajorityRule(self.cleaned_data["rule"])
        permille = self.cleaned_data["permille"] if rule == MajorityRule.SHARE_OF_PRESENT else None
        return MajorityOf(rule, permille, self.cleaned_data["article"])


class ResolutionForm(_VoteForm):
    """A vote on a motion."""

    in_favour = forms.IntegerField(label=pgettext_lazy("votes", "For"), min_value=0)
    against = forms.IntegerField(label=pgettext_lazy("votes", "Against"), min_value=0, initial=0)
    abstained = forms.IntegerField(label=gettext_lazy("Abstentions"), min_value=0, initial=0)

    def __init__(self, meeting: Meeting, item: AgendaItem | None, data: Any, initial: dict[str, Any]) -> None:
        super().__init__(meeting, item, data, {"ballot": BallotWay.SHOW_OF_HANDS, **initial})
        self._offer((value, label) for value, label in MajorityRule.choices if value != MajorityRule.MOST)


class ElectionForm(_VoteForm):
    """An election: a line for each candidate."""

    seats = forms.IntegerField(label=pgettext_lazy("an election", "Seats"), min_value=1, initial=1)
    candidates = forms.CharField(
        label=gettext_lazy("Candidates and their votes, a line for each"),
        help_text=gettext_lazy("Name, comma, votes."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, meeting: Meeting, item: AgendaItem | None, data: Any, initial: dict[str, Any]) -> None:
        super().__init__(meeting, item, data, {"ballot": BallotWay.SECRET_PAPER, **initial})
        self._meeting = meeting

    def clean_candidates(self) -> list[Standing]:
        """Candidates in their order; who is on the list by one name is linked to it."""
        by_name: dict[str, list[int]] = {}
        for pk, name in self._meeting.participants.values_list("pk", "name"):
            by_name.setdefault(name, []).append(pk)
        found = []
        lines = [line for line in str(self.cleaned_data["candidates"]).splitlines() if line.strip()]
        for number, line in enumerate(lines, start=1):
            name, _comma, votes = line.replace("\t", ",").rpartition(",")
            name, votes = name.strip(), votes.strip()
            if not name or len(name) > 60 or not (votes.isascii() and votes.isdigit()) or len(votes) > 6:
                raise ValidationError(
                    _("Line %(number)s: please write a name, a comma and the votes.") % {"number": number}
                )
            known = by_name.get(name, [])
            found.append(Standing(name, int(votes), known[0] if len(known) == 1 else None))
        return found


class AttendanceForm(forms.Form):
    """From the signed sheet: when somebody came and left."""

    arrived_at = forms.DateTimeField(label=gettext_lazy("Came at"), widget=MomentInput())
    left_at = forms.DateTimeField(label=gettext_lazy("Left at"), widget=MomentInput(), required=False)


class CorrectionForm(AttendanceForm):
    """Other times, or that they were not there at all."""

    is_struck = forms.BooleanField(label=gettext_lazy("They were not there at that time"), required=False)
    reason = forms.CharField(label=gettext_lazy("Reason of the correction"), max_length=300)


class MinutesForm(forms.Form):
    remarks = forms.CharField(
        label=gettext_lazy("Further notes"),
        max_length=10000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("What the record does not have: greetings, visits, documents handed out."),
    )
    reason = forms.CharField(
        label=gettext_lazy("What this version corrects"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Needed only after minutes have been approved."),
    )


class SignersForm(forms.Form):
    """Who signed the minutes on paper."""

    signed_by = forms.CharField(
        label=gettext_lazy("Who signed, a line for each"),
        help_text=gettext_lazy("Role, comma, name."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_signed_by(self) -> list[tuple[str, str]]:
        pairs = []
        for line in str(self.cleaned_data["signed_by"]).splitlines():
            if line.strip():
                role, _comma, name = line.replace("\t", ",").partition(",")
                pairs.append((role.strip(), name.strip()))
        if not pairs or any(not name or len(role) > 80 or len(name) > 60 for role, name in pairs):
            raise ValidationError(_("Please write in each line a role, a comma and a name."))
        return pairs
