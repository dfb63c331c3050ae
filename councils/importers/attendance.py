"""Attendance of a course as a table: who of the applicants was there on which day, from when until when.

A row names the course by its number, the applicant by receipt number and name. Instead of times it may say hours; they
count from the beginning of that day's first lecture. A day on which the applicant is recorded already is corrected.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import RuleViolation
from core.jobs.imports import cells
from core.jobs.imports.importers import (
    Draft,
    ImportColumn,
    ImportedRow,
    Importer,
    Key,
    Reference,
    RowChecks,
    Value,
    register_importer,
)
from core.tables import Cell
from councils.models import Course, Learner
from meetings.models import Attendance, Meeting
from meetings.queries import attendances_in_force, sittings_of
from meetings.services import correct_attendance, enter_attendance
from residents.duplicates import name_key
from residents.models import User

NAME = "councils.attendance"
MOST_ROWS = 5000
MOST_HOURS = 24
MINUTE = timedelta(minutes=1)
MINUTES_IN_HOUR = 60
HUNDREDTH = Decimal("0.01")
CLOCK = re.compile(r"(\d{1,2})\s*(?::|시)\s*(?:(\d{1,2})(?::\d{2})?\s*분?)?")  # korean: how times are written


def clock(cell: Cell) -> str:
    """A time of the day as HH:MM: a time of the file, or a text such as 9:30 or with words for hours and minutes."""
    if isinstance(cell, datetime | time):
        return f"{cell:%H:%M}"
    words = cells.as_text(cell).strip()[:20]
    match = CLOCK.fullmatch(words)
    if match and int(match[1]) < 24 and int(match[2] or 0) < 60:
        return f"{int(match[1]):02}:{int(match[2] or 0):02}"
    raise ValueError(_("“%(text)s” is no time. Example: 14:30") % {"text": words})


def hours(cell: Cell) -> Decimal:
    """Hours with halves and quarters, more than 0."""
    words = cells.as_text(cell).strip()[:20]
    try:
        number = Decimal(words)
    except InvalidOperation:
        number = Decimal(0)
    if not (number.is_finite() and 0 < number <= MOST_HOURS):
        raise ValueError(_("“%(text)s” is no number of hours. Example: 2.5") % {"text": words})
    return number


def _at(day: date, words: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(words), timezone.get_default_timezone())


class Checks(RowChecks):
    """Finds course and applicant, and brings hours into times."""

    def take(self, drafts: Sequence[Draft]) -> None:
        wanted = {int(str(draft.values["course"])) for draft in drafts}
        meetings = {
            course.meeting_id: course.meeting
            for course in Course.objects.filter(meeting__in=wanted)
            .select_related("meeting")
            .prefetch_related("meeting__sittings")
        }
        names = _names(wanted)
        for draft in drafts:
            meeting = meetings.get(int(str(draft.values["course"])))
            if meeting is None:
                draft.wrong("course", _("There is no course with this number."))
                continue
            if self.reader is not None and not self.reader.has_perm("meetings.keep_meeting", meeting):
                draft.wrong("course", _("This course is kept by another office."))
                continue
            draft.values["course"] = Reference(str(meeting.pk), meeting.title)
            known = names.get((meeting.pk, int(str(draft.values["number"]))))
            if known is None or name_key(known) != name_key(str(draft.values["name"])):
                draft.wrong("number", _("Nobody with this receipt number and name is on the list of this course."))
                continue
            draft.values["name"] = known
            _resolve_times(draft, meeting)


def _first_lecture(meeting: Meeting, day: date) -> datetime | None:
    """When the lectures of that day begin; None on a day without any."""
    held = [begins for begins, _ends in sittings_of(meeting) if timezone.localdate(begins) == day]
    return min(held, default=None)


def _hours_between(arrived_at: datetime, left_at: datetime) -> Decimal:
    return (Decimal((left_at - arrived_at) // MINUTE) / MINUTES_IN_HOUR).quantize(HUNDREDTH)


def _minutes(credited: Decimal) -> timedelta:
    return timedelta(minutes=int((credited * MINUTES_IN_HOUR).to_integral_value()))


def _resolve_times(draft: Draft, meeting: Meeting) -> None:
    """Times from hours, and hours from times, as far as the table has these columns."""
    values: dict[str, Any] = draft.values
    arrived, left, credited = values.get("arrived") or "", values.get("left") or "", values.get("hours")
    begins = _first_lecture(meeting, values["day"])
    if begins is None:
        draft.wrong("day", _("There is no lecture of this course on that day."))
        return
    if not (arrived and left):
        if not credited:
            column = "arrived" if "arrived" in values else "number"
            draft.wrong(column, _("Please say when they came and left, or how many hours they were there."))
            return
        arrived, left = (f"{timezone.localtime(at):%H:%M}" for at in (begins, begins + _minutes(credited)))
    if arrived >= left:
        draft.wrong("left" if "left" in values else "number", _("Somebody leaves after they came."))
        return
    spent = _hours_between(_at(values["day"], arrived), _at(values["day"], left))
    values.update(
        {name: value for name, value in (("arrived", arrived), ("left", left), ("hours", spent)) if name in values}
    )


def _names(meetings: Iterable[int]) -> dict[tuple[int, int], str]:
    """(meeting, receipt number) → name; one query."""
    learners = Learner.objects.filter(participant__meeting__in=meetings, application__number__isnull=False)
    return {
        (meeting, number): name
        for meeting, number, name in learners.values_list(
            "participant__meeting_id", "application__number", "application__name"
        )
        if number is not None
    }


def _spans(meetings: Iterable[int]) -> Mapping[tuple[str, int, date], list[Attendance]]:
    """Attendance in force by course, receipt number and day; one query."""
    found: dict[tuple[str, int, date], list[Attendance]] = defaultdict(list)
    spans = attendances_in_force().filter(participant__learner__isnull=False, participant__meeting__in=meetings)
    for span in spans.select_related("participant__learner__application"):
        participant = span.participant
        number = participant.learner.application.number or 0
        found[str(participant.meeting_id), number, timezone.localdate(span.arrived_at)].append(span)
    return found


def _code(value: Value) -> str:
    return value.code if isinstance(value, Reference) else str(value)


def load(keys: Sequence[Key]) -> Mapping[Key, Sequence[Mapping[str, Value]]]:
    """What is recorded of these applicants on these days; two queries."""
    meetings = {int(_code(course)) for course, _number, _day in keys}
    names, spans = _names(meetings), _spans(meetings)
    standing: dict[Key, list[Mapping[str, Value]]] = {}
    for key in keys:
        course, number, day = key
        if not isinstance(number, int) or not isinstance(day, date):
            continue
        found = spans.get((_code(course), number, day), [])
        if found:
            standing[key] = [
                {
                    "course": course,
                    "number": number,
                    "name": names.get((int(_code(course)), number), ""),
                    "day": day,
                    "arrived": f"{timezone.localtime(span.arrived_at):%H:%M}",
                    "left": f"{timezone.localtime(span.left_at):%H:%M}" if span.left_at else "",
                    "hours": _hours_between(span.arrived_at, span.left_at) if span.left_at else None,
                }
                for span in found
            ]
    return standing


def lock() -> object:
    """The courses' meetings, whose lock every recording of attendance takes first."""
    return list(Meeting.objects.select_for_update().filter(course__isnull=False).order_by("pk").values_list("pk"))


def write(batches: Iterable[Sequence[ImportedRow]], *, actor: User, at: datetime) -> None:
    """Enter or correct each row by the service of the door. Raises RuleViolation for a course of another office."""
    for batch in batches:
        wanted = {int(_code(row.values["course"])) for row in batch}
        meetings = Meeting.objects.prefetch_related("sittings").in_bulk(wanted)
        for meeting in meetings.values():
            if not actor.has_perm("meetings.keep_meeting", meeting):
                raise RuleViolation(
                    _("The course “%(title)s” is kept by another office. Nothing was taken over.")
                    % {"title": meeting.title},
                    code="another_office",
                    status=HTTPStatus.FORBIDDEN,
                )
        spans = _spans(wanted)
        people = {
            (meeting, number): participant
            for meeting, number, participant in Learner.objects.filter(participant__meeting__in=meetings).values_list(
                "participant__meeting_id", "application__number", "participant_id"
            )
        }
        for row in batch:
            _write(row, meetings, people, spans, actor, at)


def _times(values: Mapping[str, Any], meeting: Meeting, day: date) -> tuple[datetime, datetime]:
    """From when until when, by the table's times or else by its hours."""
    if values.get("arrived") and values.get("left"):
        return _at(day, values["arrived"]), _at(day, values["left"])
    begins = _first_lecture(meeting, day)
    if begins is None or not values.get("hours"):
        raise RuleViolation(_("There is no lecture of this course on that day."), code="no_lecture")
    return begins, begins + _minutes(values["hours"])


def _write(  # noqa: PLR0913, PLR0917 - what is looked up once for a batch
    row: ImportedRow,
    meetings: Mapping[int, Meeting],
    people: Mapping[tuple[int, int | None], int],
    spans: Mapping[tuple[str, int, date], list[Attendance]],
    actor: User,
    at: datetime,
) -> None:
    values: Mapping[str, Any] = row.values
    course, number, day = _code(values["course"]), values["number"], values["day"]
    arrived_at, left_at = _times(values, meetings[int(course)], day)
    if row.is_new:
        enter_attendance(
            participant_id=people[int(course), number], arrived_at=arrived_at, left_at=left_at, actor=actor, at=at
        )
        return
    correct_attendance(
        attendance_id=spans[course, number, day][0].pk,
        reason=_("Corrected from a table of attendance."),
        actor=actor,
        at=at,
        arrived_at=arrived_at,
        left_at=left_at,
    )


def _may_import(user: Any) -> bool:
    return bool(user.has_perm("councils.plan_courses"))


COLUMNS = (
    ImportColumn(
        "course",
        gettext_lazy("course number"),
        cells.whole_number(1, 10**9),
        required=True,
        aliases=("과정 번호", "교육 번호", "강좌 번호", "Course"),  # korean: headings
        help=gettext_lazy("It stands beside the course on the page of the courses."),
        example=12,
    ),
    ImportColumn(
        "number",
        gettext_lazy("receipt number"),
        cells.whole_number(1, 10**6),
        required=True,
        aliases=("접수 번호", "접수번호", "번호", "Receipt number", "No."),  # korean: headings
        example=7,
    ),
    ImportColumn(
        "name",
        gettext_lazy("name"),
        cells.text(60),
        required=True,
        aliases=("성명", "이름", "수강생", "Name"),  # korean: headings
        example="홍길동",  # korean: an example
    ),
    ImportColumn(
        "day",
        gettext_lazy("day"),
        cells.day,
        required=True,
        aliases=("날짜", "교육일", "일자", "강의일", "Day", "Date"),  # korean: headings
        example=date(2026, 6, 20),
    ),
    ImportColumn(
        "arrived",
        gettext_lazy("came at"),
        clock,
        aliases=("입실", "입실 시각", "온 시각", "시작", "Came at", "From"),  # korean: headings
        example="14:00",
    ),
    ImportColumn(
        "left",
        gettext_lazy("left at"),
        clock,
        aliases=("퇴실", "퇴실 시각", "간 시각", "종료", "Left at", "Until"),  # korean: headings
        example="16:00",
    ),
    ImportColumn(
        "hours",
        gettext_lazy("hours"),
        hours,
        empty=None,
        aliases=("시간", "이수 시간", "이수시간", "인정 시간", "Hours"),  # korean: headings
        help=gettext_lazy("Only where no times are known; they count from the first lecture of the day."),
    ),
)


def register() -> None:
    register_importer(
        Importer(
            name=NAME,
            title=gettext_lazy("Attendance of courses"),
            about=gettext_lazy("Which applicant was at which course, from when until when."),
            columns=COLUMNS,
            key=("course", "number", "day"),
            load=load,
            write=write,
            may_import=_may_import,
            checks=Checks,
            lock=lock,
            max_rows=MOST_ROWS,
            personal_data="councils.application",
        )
    )
