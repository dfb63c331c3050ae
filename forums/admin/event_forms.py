"""Input of the desk's pages on events. Wrong shape is said beside the field; rules are the services' business."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from forums.admin.choices import active_members
from forums.filetypes import MOST_BYTES
from forums.models import Contribution, Forum, HostProfile, Material, Outsider, Session, Theme, Venue
from forums.services.forums import PROFILE_FIELDS
from forums.states import Part, SessionKind
from residents.desk.choices import OwnChoicesField
from residents.desk.inputs import NOT_CHOSEN, TO_CHOOSE, DayInput

EXTRA_ROWS = 3
MOST_ROWS = 60
SIGN = " | "


class ClockInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


def _leave_to_the_services(exclude: Any = None) -> None:
    """In place of what asks the constraints."""
    del exclude


class ServiceForm(forms.ModelForm):  # type: ignore[type-arg]
    """Asks for the shape of the input. What holds between fields and between rows the services say in a sentence;
    of a constraint of the database a form would only tell the name.
    """

    def _post_clean(self) -> None:
        # The form itself has no switch for this.
        self.instance.validate_constraints = _leave_to_the_services
        super()._post_clean()  # type: ignore[misc]
        del self.instance.validate_constraints


class NoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Note to the participants"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Stands above the list of changes, for example why something was moved."),
    )


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("Everybody reads it on the page of the event."),
    )


class CopyForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    term = forms.CharField(label=gettext_lazy("Term"), max_length=20)
    number = forms.IntegerField(label=gettext_lazy("Number"), required=False, min_value=1, max_value=999)
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=DayInput())
    with_people = forms.BooleanField(label=gettext_lazy("With the speakers and panels"), required=False)


def copy_form(_request: Any, forum: Any, data: Mapping[str, Any] | None) -> CopyForm:
    """With what the copy most likely has in common."""
    initial = {"title": forum.title, "term": forum.term} if forum is not None else {}
    return CopyForm(data, initial=initial)


class ProfileForm(forms.Form):
    """The profile of a host. Aims and history are lines of text."""

    goal = forms.CharField(label=gettext_lazy("Goal of the local government"), required=False, max_length=120)
    people = forms.IntegerField(label=gettext_lazy("Inhabitants"), required=False, min_value=0, max_value=10**8)
    households = forms.IntegerField(label=gettext_lazy("Households"), required=False, min_value=0, max_value=10**8)
    area = forms.DecimalField(
        label=gettext_lazy("Area in km²"), required=False, min_value=0, max_value=10**6, decimal_places=2
    )
    budget_million = forms.IntegerField(
        label=gettext_lazy("Budget in million won"), required=False, min_value=0, max_value=10**9
    )
    budget_note = forms.CharField(label=gettext_lazy("Which budget"), required=False, max_length=80)
    aims = forms.CharField(
        label=gettext_lazy("Aims"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("A heading on its own line; below it what belongs to it, each line after “- ”."),
    )
    history = forms.CharField(
        label=pgettext_lazy("of a place", "History"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One event on a line: the time, then “ | ”, then what happened."),
    )
    source = forms.CharField(label=gettext_lazy("Source"), required=False, max_length=200)

    def clean_area(self) -> int | None:
        """In hectares."""
        area = self.cleaned_data["area"]
        return None if area is None else int(area * 100)

    def clean_aims(self) -> list[dict[str, Any]]:
        aims: list[dict[str, Any]] = []
        for line in filter(None, (line.strip() for line in self.cleaned_data["aims"].splitlines())):
            if not line.startswith("-"):
                aims.append({"title": line, "lines": []})
            elif not aims:
                raise forms.ValidationError(_("The first line must be a heading, without “- ”."))
            else:
                aims[-1]["lines"].append(line.removeprefix("-").strip())
        return aims

    def clean_history(self) -> list[dict[str, str]]:
        events = []
        for line in filter(None, (line.strip() for line in self.cleaned_data["history"].splitlines())):
            when, sign, what = line.partition(SIGN.strip())
            if not sign or not when.strip() or not what.strip():
                raise forms.ValidationError(_("Please put “ | ” between the time and what happened: %s") % line[:40])
            events.append({"when": when.strip(), "what": what.strip()})
        return events

    def values(self) -> dict[str, Any]:
        """What `set_host_profile` takes."""
        data = {**self.cleaned_data, "area_hectares": self.cleaned_data["area"]}
        return {name: value for name, value in data.items() if name in PROFILE_FIELDS}


def _aim_lines(aim: Mapping[str, Any]) -> list[str]:
    return [aim["title"], *(f"- {line}" for line in aim["lines"])]


def profile_form(_request: Any, forum: Any, data: Mapping[str, Any] | None) -> ProfileForm:
    profile = HostProfile.objects.filter(forum=forum).first()
    if profile is None:
        return ProfileForm(data)
    initial: dict[str, Any] = {name: getattr(profile, name) for name in PROFILE_FIELDS}
    initial["area"] = None if profile.area_hectares is None else profile.area_hectares / 100
    initial["aims"] = "\n".join(
        "\n".join([aim["title"], *(f"- {line}" for line in aim["lines"])]) for aim in profile.aims
    )
    initial["history"] = "\n".join(f"{event['when']}{SIGN}{event['what']}" for event in profile.history)
    return ProfileForm(data, initial=initial)


# --- The timetable of a day -------------------------------------------------------------------------------------------


class SessionRow(forms.Form):
    """One line of the timetable. `session` is the key of the line that is changed, empty for a new one."""

    session = forms.IntegerField(required=False, widget=forms.HiddenInput())
    starts = forms.TimeField(label=gettext_lazy("From"), required=False, widget=ClockInput())
    ends = forms.TimeField(label=gettext_lazy("Until"), required=False, widget=ClockInput())
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[("", TO_CHOOSE), *SessionKind.choices])
    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    venue = forms.ModelChoiceField(
        label=gettext_lazy("Venue"), queryset=Venue.objects.none(), required=False, empty_label=NOT_CHOSEN
    )
    room = forms.CharField(label=gettext_lazy("Room"), required=False, max_length=80)
    details = forms.CharField(
        label=gettext_lazy("Details"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    themes = OwnChoicesField(
        label=gettext_lazy("Themes"),
        queryset=Theme.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )
    is_parallel = forms.BooleanField(label=gettext_lazy("Runs beside others"), required=False)
    day = forms.TypedChoiceField(label=gettext_lazy("Day"), choices=(), coerce=date.fromisoformat)
    remove = forms.BooleanField(label=gettext_lazy("Take off"), required=False)

    def __init__(self, *args: Any, forum: Forum, days: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One query each for the whole table: choices that are looked up already.
        self.fields["venue"].queryset = forum.venues.all()  # type: ignore[attr-defined]
        self.fields["themes"].queryset = forum.themes.all()  # type: ignore[attr-defined]
        self.fields["themes"].label_from_instance = _theme_label  # type: ignore[attr-defined]
        self.fields["day"].choices = days  # type: ignore[attr-defined]

    def line(self) -> dict[str, Any]:
        """What `set_timetable` takes."""
        data = dict(self.cleaned_data)
        key, gone = data.pop("session"), data.pop("remove")
        if gone:
            return {"session": key, "remove": True}
        data["themes"] = list(data["themes"])
        return data if key is None else {"session": key, **data}


def _theme_label(theme: Any) -> str:
    return f"{theme.number}. {theme.title}"


def session_initial(session: Session) -> dict[str, Any]:
    """A line as its row shows it."""
    names = ("starts", "ends", "kind", "title", "venue", "room", "details", "is_parallel")
    values = {name: getattr(session, name) for name in names}
    return {**values, "session": session.pk, "day": session.day.isoformat(), "themes": list(session.themes.all())}


SessionRows = forms.formset_factory(SessionRow, extra=EXTRA_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


# --- The people of a theme --------------------------------------------------------------------------------------------


class PersonRow(forms.Form):
    """Somebody's part: a member, a person from outside whom the club knows, or a name."""

    contribution = forms.IntegerField(required=False, widget=forms.HiddenInput())
    part = forms.ChoiceField(label=gettext_lazy("Part"), choices=[("", TO_CHOOSE), *Part.choices])
    member = forms.ModelChoiceField(
        label=pgettext_lazy("club", "Member"), queryset=active_members(), required=False, empty_label=NOT_CHOSEN
    )
    outsider = forms.ModelChoiceField(
        label=gettext_lazy("Person from outside"),
        queryset=Outsider.objects.all(),
        required=False,
        empty_label=NOT_CHOSEN,
    )
    printed_as = forms.CharField(
        label=gettext_lazy("As printed"),
        required=False,
        max_length=80,
    )
    title = forms.CharField(label=gettext_lazy("Title of the presentation"), required=False, max_length=160)
    remove = forms.BooleanField(label=gettext_lazy("Take off"), required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        is_named = data.get("member") or data.get("outsider") or data.get("printed_as")
        if not is_named and not data.get("remove"):
            raise forms.ValidationError(_("Please choose a person, or type who it is."))
        return data

    def line(self) -> dict[str, Any]:
        """What `set_people` takes."""
        data = dict(self.cleaned_data)
        key, gone = data.pop("contribution"), data.pop("remove")
        if gone:
            return {"contribution": key, "remove": True}
        # Another person with the old name in the field: the name is made anew.
        if {"member", "outsider"} & set(self.changed_data) and "printed_as" not in self.changed_data:
            data.pop("printed_as")
        return data if key is None else {"contribution": key, **data}


def person_initial(contribution: Contribution) -> dict[str, Any]:
    """A part as its row shows it."""
    names = ("part", "member", "outsider", "printed_as", "title")
    return {"contribution": contribution.pk, **{name: getattr(contribution, name) for name in names}}


PersonRows = forms.formset_factory(PersonRow, extra=EXTRA_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


# --- Themes and materials ---------------------------------------------------------------------------------------------


class ThemeForm(ServiceForm):
    points = forms.CharField(
        label=gettext_lazy("Discussion points"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("One on each line."),
    )

    class Meta:
        model = Theme
        fields = ("number", "title", "minutes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "points" in self.fields:
            self.fields["points"].initial = "\n".join(point.text for point in self.instance.points.all())
        if "number" in self.fields:
            self.fields["number"].required = False
            self.fields["number"].help_text = _("Leave empty for the next one.")

    def clean_points(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["points"].splitlines() if line.strip()]
        if any(len(line) > 300 for line in lines):
            raise forms.ValidationError(_("A discussion point has at most 300 letters."))
        return lines


class MaterialForm(forms.ModelForm):  # type: ignore[type-arg]
    upload = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PDF, HWPX, HWP, PNG or JPEG, up to 20 MB. What it is, its content says."),
    )

    class Meta:
        model = Material
        fields = ("title", "author", "contribution", "in_book", "is_public")

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB. Please make it smaller."))
        return upload
