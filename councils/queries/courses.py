"""Shared reads of courses: which count for a recruitment, and how long each applicant was there."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from councils.models import Application, Course, CreditedHours, EducationFigure, Learner, Recruitment
from meetings.models import Meeting
from meetings.queries import attendances_in_force, attended_by, attended_each, sittings_of
from meetings.states import MeetingStatus


def around(path: str) -> list[str]:
    """The path of a region and those of the regions around it."""
    codes = path.strip("/").split("/")
    return ["/" + "/".join(codes[:depth]) + "/" for depth in range(1, len(codes) + 1)]


def courses_of(recruitment: Recruitment) -> QuerySet[Course]:
    """Its own courses and those of its region that count for every recruitment, in the order of their days.

    With meeting and sittings: two queries. Courses that were called off are among them, so that people see it.
    """
    reach = Q(recruitment=recruitment) | Q(
        recruitment=None,
        meeting__scope__in=around(recruitment.council.dong.path),
        meeting__ends_at__gte=recruitment.opens_at,
    )
    return (
        Course.objects.filter(reach)
        .select_related("meeting")
        .prefetch_related("meeting__sittings")
        .order_by("meeting__starts_at", "pk")
    )


def hours_needed(recruitment: Recruitment) -> int:
    """Hours of education that the rule set wants before the draw; 0 where it wants none."""
    rule = recruitment.rule_set.for_councils().education_hours_min
    return rule.value if rule else 0


def _learners(applications: Collection[int]) -> QuerySet[Learner]:
    """Who of these applications is on the list of which course, with attendance and sittings; three queries."""
    return (
        Learner.objects.filter(application__in=applications)
        .exclude(participant__meeting__status=MeetingStatus.CANCELLED)
        .select_related("participant__meeting")
        .prefetch_related(
            Prefetch("participant__attendances", queryset=attendances_in_force(), to_attr="spans"),
            "participant__meeting__sittings",
        )
        .order_by("participant__meeting__starts_at", "pk")
    )


def minutes_attended(applications: Iterable[Application | int], *, at: datetime | None = None) -> dict[int, int]:
    """Full minutes that each applicant attended courses until `at` (None: until now), by the application's id.

    Everybody asked for is in the answer, with 0 where nothing was attended. Three queries, however many they are.
    Hours credited from elsewhere are not among them (`minutes_credited`).
    """
    until = at or timezone.now()
    keys = [one.pk if isinstance(one, Application) else one for one in applications]
    minutes = dict.fromkeys(keys, 0)
    held: dict[int, list[tuple[datetime, datetime]]] = {}
    for learner in _learners(keys):
        meeting = learner.participant.meeting
        spans = held.setdefault(meeting.pk, sittings_of(meeting))
        minutes[learner.application_id] += attended_by(learner.participant, spans, until=until).minutes
    return minutes


def minutes_credited(applications: Iterable[Application | int]) -> dict[int, int]:
    """Minutes that officials credited from elsewhere and did not take back; one query."""
    keys = [one.pk if isinstance(one, Application) else one for one in applications]
    minutes = dict.fromkeys(keys, 0)
    credited = CreditedHours.objects.filter(application__in=keys, struck_because="")
    for application, number in credited.values_list("application_id", "minutes"):
        minutes[application] += number
    return minutes


@dataclass(frozen=True, slots=True)
class Lesson:
    """One sitting of a course, as an applicant sees it. `minutes` attended, `of` so many."""

    meeting: Meeting
    title: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    of: int
    is_over: bool
    is_cancelled: bool
    has_own_page: bool = False  # the applicant's account is on the list of a course that was called

    @property
    def place(self) -> str:
        return ", ".join(part for part in (self.meeting.place, self.meeting.address) if part)


def lessons_of(recruitment: Recruitment, application: Application | None, at: datetime) -> list[Lesson]:
    """Every sitting of the courses that count, with what `application` attended of it; five queries at most."""
    mine = {one.participant.meeting_id: one.participant for one in _learners([application.pk])} if application else {}
    lessons = []
    for course in courses_of(recruitment):
        meeting = course.meeting
        participant = mine.get(meeting.pk)
        spans = sittings_of(meeting)
        titles = [sitting.title for sitting in meeting.sittings.all()] or [""]
        attended = attended_each(participant, spans, until=at) if participant else [None] * len(spans)
        for (starts_at, ends_at), title, there in zip(spans, titles, attended, strict=True):
            lessons.append(
                Lesson(
                    meeting=meeting,
                    title=title,
                    starts_at=starts_at,
                    ends_at=ends_at,
                    minutes=there.minutes if there else 0,
                    of=there.of if there else int((ends_at - starts_at).total_seconds() // 60),
                    is_over=ends_at <= at or meeting.status == MeetingStatus.CLOSED,
                    is_cancelled=meeting.status == MeetingStatus.CANCELLED,
                    has_own_page=bool(participant and participant.user_id) and meeting.status != MeetingStatus.DRAFT,
                )
            )
    return lessons


def education_figures() -> QuerySet[EducationFigure]:
    """Published figures of courses with their regions, by region; one query."""
    return EducationFigure.objects.select_related("region__parent").order_by("region__path", "title")


def certified_among(applications: Sequence[Application]) -> set[int]:
    """Ids of those that have a certificate of education already; one query."""
    return set(
        Application.objects.filter(pk__in=[one.pk for one in applications], education__isnull=False).values_list(
            "pk", flat=True
        )
    )
