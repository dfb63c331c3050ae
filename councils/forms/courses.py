"""Planning a course of the residents' school."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.services.courses import CourseFacts, Lecture
from residents.desk.inputs import DayInput

LECTURES = 6  # rows of the form; a course with more is planned in parts
TIME = {"type": "time", "step": "300"}


class LectureForm(forms.Form):
    """One lecture: its day, from when until when. A row without a day is left out."""

    day = forms.DateField(label=_("Day"), required=False, widget=DayInput())
    starts = forms.TimeField(label=_("From"), required=False, widget=forms.TimeInput(format="%H:%M", attrs=TIME))
    ends = forms.TimeField(label=_("Until"), required=False, widget=forms.TimeInput(format="%H:%M", attrs=TIME))
    title = forms.CharField(label=_("Title of the lecture"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        given = [data.get(name) for name in ("day", "starts", "ends")]
        if any(given) and not all(given) and not self.errors:
            raise ValidationError(_("Please give day, beginning and end of the lecture."))
        if all(given) and data["ends"] <= data["starts"]:
            self.add_error("ends", _("A lecture must end after it begins."))
        return data

    def lecture(self, place: int) -> Lecture | None:
        """None for a row that was left empty. `place` names a lecture without a title."""
        data = self.cleaned_data
        if not data.get("day"):
            return None
        zone = timezone.get_default_timezone()
        return Lecture(
            title=data["title"].strip() or str(_("Lecture %(number)s")) % {"number": place},
            starts_at=datetime.combine(data["day"], data["starts"], zone),
            ends_at=datetime.combine(data["day"], data["ends"], zone),
        )


class CourseForm(forms.Form):
    """What a course is called and where it is. Its lectures are `LectureFormSet`."""

    title = forms.CharField(
        label=_("Title of the course"), max_length=120, error_messages={"required": _("Please write a title.")}
    )
    place = forms.CharField(
        label=_("Place"), max_length=120, error_messages={"required": _("Please write where it takes place.")}
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    about = forms.CharField(
        label=_("About the course"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    for_district = forms.BooleanField(label=_("The hours count for every recruitment of the district"), required=False)

    def __init__(self, *args: Any, may_plan_for_district: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_plan_for_district:
            del self.fields["for_district"]

    def facts(self, lectures: list[Lecture]) -> CourseFacts:
        data = self.cleaned_data
        return CourseFacts(
            title=data["title"],
            place=data["place"],
            lectures=tuple(lectures),
            address=data["address"],
            about=data["about"],
        )


LectureFormSet = forms.formset_factory(LectureForm, extra=LECTURES, max_num=LECTURES, absolute_max=LECTURES)
