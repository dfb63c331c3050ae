"""Courses of the residents' school: planned for a recruitment, its applicants on their lists, certified at the end.

Whoever applied may learn at once; that their eligibility is not confirmed yet keeps nobody from a course. Attendance
itself is recorded by `meetings`: at the door, on a tablet, on people's own phones, or from a table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.audit.services import record
from core.errors import RuleViolation
from core.templatetags.madang import day_text, moment_text
from councils.models import Application, Course, EducationCertificate, Learner, Recruitment
from councils.queries.courses import courses_of, hours_needed, minutes_attended, minutes_credited
from councils.services.locks import locked_recruitment
from councils.states import BEFORE_POOL, ApplicationStatus, RecruitmentStatus
from meetings.models import Meeting, Participant
from meetings.services import Guest, add_participants, add_sitting, call_meeting, create_meeting, remove_participant
from meetings.states import BEFORE_OPENING, RECORDING, UNDER_WAY, MeetingStatus
from ordinances.phrases import minutes_as_hours
from reports.services import issue_certificate
from residents.models import Region, User

KIND = "council-course"
CERTIFICATE = "council-education"
MOST_SITTINGS = 60
LEARNERS = BEFORE_POOL
LANGUAGE = "ko"  # what certificates of an office are written in
MINUTES_IN_HOUR = 60


@dataclass(frozen=True, slots=True)
class Lecture:
    """One sitting of a course."""

    title: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """What a course is called and where it takes place; with several lectures it lasts from the first to the last."""

    title: str
    place: str
    lectures: tuple[Lecture, ...]
    address: str = ""
    about: str = ""


@transaction.atomic
def plan_course(*, recruitment_id: int, facts: CourseFacts, actor: User | None, at: datetime) -> Course:
    """Plan a course whose hours count for this recruitment, and put everybody on its list who applied so far.

    Raises RuleViolation once the pool is settled, without a lecture, or if the course ends after the day until which
    hours count.
    """
    recruitment = locked_recruitment(recruitment_id)
    if recruitment.status not in {RecruitmentStatus.PREPARING, RecruitmentStatus.ANNOUNCED}:
        raise RuleViolation(_("The pool is settled, so no course can be added any more."), code="pool_settled")
    meeting = _meeting(facts, scope=recruitment.council.dong.path, actor=actor, at=at)
    if meeting.ends_at > recruitment.learning_until:
        raise RuleViolation(
            _("Hours count until %(time)s. Please let the course end before that.")
            % {"time": moment_text(recruitment.learning_until)},
            code="after_the_hours_count",
        )
    course = Course.objects.create(recruitment=recruitment, meeting=meeting)
    _note(course, recruitment.council.dong.path, actor, at)
    _enrol(recruitment, [course], _applicants(recruitment), actor, at)
    return course


@transaction.atomic
def plan_course_for_region(*, region: Region, facts: CourseFacts, actor: User | None, at: datetime) -> Course:
    """Plan a course of a district whose hours count for every recruitment in it. Raises as `plan_course`."""
    meeting = _meeting(facts, scope=region.path, actor=actor, at=at)
    course = Course.objects.create(recruitment=None, meeting=meeting)
    _note(course, region.path, actor, at)
    running = Recruitment.objects.filter(
        status=RecruitmentStatus.ANNOUNCED, council__dong__path__startswith=region.path
    ).order_by("pk")
    for key in list(running.values_list("pk", flat=True)):
        recruitment = locked_recruitment(key)
        if meeting.ends_at <= recruitment.learning_until:
            _enrol(recruitment, [course], _applicants(recruitment), actor, at)
    return course


def enrol_in_courses(*, application: Application, actor: User | None, at: datetime) -> int:
    """Put an applicant on the list of every course to come that counts; says of how many.

    In the caller's transaction, the recruitment's lock held. Who is on a list already stays on it.
    """
    recruitment = application.recruitment
    return _enrol(recruitment, list(courses_of(recruitment)), [application], actor, at)


def take_out_of_courses(*, applications: Iterable[Application], actor: User | None, at: datetime) -> int:
    """Take applicants off the lists of courses that they have not been to; what was attended stays recorded.

    In the caller's transaction. Says how many places that were.
    """
    keys = [one.pk for one in applications]
    open_lists = BEFORE_OPENING | RECORDING
    theirs = Learner.objects.filter(
        application__in=keys, participant__attendances=None, participant__meeting__status__in=open_lists
    )
    participants = list(theirs.order_by("participant_id").values_list("participant_id", flat=True))
    for participant in participants:
        remove_participant(participant_id=participant, actor=actor, at=at)
    return len(participants)


@transaction.atomic
def issue_education_certificates(*, recruitment_id: int, actor: User, at: datetime) -> int:
    """Certify the hours of everybody who has as many as the rule set wants and no certificate yet; says how many.

    Where the rule set wants none, everybody who learned at all is certified. Raises RuleViolation if there is nobody.
    """
    recruitment = locked_recruitment(recruitment_id)
    learned = list(
        Application.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(recruitment=recruitment, education__isnull=True, erased_at__isnull=True, number__isnull=False)
        .exclude(name="")
        .exclude(status=ApplicationStatus.WITHDRAWN)
        .order_by("number")
    )
    attended, credited = minutes_attended(learned, at=at), minutes_credited(learned)
    needed = max(1, hours_needed(recruitment) * MINUTES_IN_HOUR)
    minutes = {one.pk: attended[one.pk] + credited[one.pk] for one in learned}
    enough = [one for one in learned if minutes[one.pk] >= needed]
    if not enough:
        raise RuleViolation(_("Nobody who has the hours is without a certificate."), code="nobody_to_certify")
    for application in enough:
        _certify(recruitment, application, minutes[application.pk], actor, at)
    record(
        actor=actor,
        action="councils.education_certified",
        target=recruitment,
        scope=recruitment.council.dong.path,
        details={"certificates": len(enough)},
        at=at,
    )
    return len(enough)


# --- within -----------------------------------------------------------------------------------------------------------


def _meeting(facts: CourseFacts, *, scope: str, actor: User | None, at: datetime) -> Meeting:
    lectures = sorted(facts.lectures, key=lambda lecture: lecture.starts_at)
    if not lectures:
        raise RuleViolation(_("Please give at least one lecture with its time."), code="no_lecture")
    if len(lectures) > MOST_SITTINGS:
        text = _("A course has at most %(most)s lectures.") % {"most": MOST_SITTINGS}
        raise RuleViolation(text, code="too_many_lectures")
    meeting = create_meeting(
        kind=KIND,
        values={
            "title": facts.title.strip(),
            "about": facts.about.strip(),
            "place": facts.place.strip(),
            "address": facts.address.strip(),
            "starts_at": lectures[0].starts_at,
            "ends_at": max(lecture.ends_at for lecture in lectures),
        },
        actor=actor,
        at=at,
        scope=scope,
    )
    for lecture in lectures:
        add_sitting(
            meeting_id=meeting.pk,
            title=lecture.title,
            starts_at=lecture.starts_at,
            ends_at=lecture.ends_at,
            actor=actor,
            at=at,
        )
    return meeting


def _note(course: Course, scope: str, actor: User | None, at: datetime) -> None:
    record(
        actor=actor,
        action="councils.course_planned",
        target=course,
        scope=scope,
        details={"meeting": course.meeting_id},
        at=at,
    )


def _applicants(recruitment: Recruitment) -> list[Application]:
    return list(
        Application.objects.filter(recruitment=recruitment, status__in=LEARNERS)
        .select_related("user")
        .order_by("number")
    )


def _enrol(
    recruitment: Recruitment,
    courses: Sequence[Course],
    applications: Sequence[Application],
    actor: User | None,
    at: datetime,
) -> int:
    """Add whoever is missing, and call a course as soon as somebody is on its list: nobody is there to call before."""
    places = 0
    for course in sorted(courses, key=lambda one: one.meeting_id):
        meeting = course.meeting
        if meeting.status not in BEFORE_OPENING | UNDER_WAY or not applications:
            continue
        on_list = set(
            Learner.objects.filter(
                participant__meeting=meeting, application__in=[one.pk for one in applications]
            ).values_list("application_id", flat=True)
        )
        missing = [one for one in applications if one.pk not in on_list]
        if missing:
            places += len(_add(recruitment, meeting, missing, actor, at))
        if meeting.status == MeetingStatus.DRAFT and meeting.starts_at > at and meeting.participants.exists():
            course.meeting = call_meeting(meeting_id=meeting.pk, actor=actor, at=at)
    return places


def _add(
    recruitment: Recruitment, meeting: Meeting, applications: Sequence[Application], actor: User | None, at: datetime
) -> list[Learner]:
    """Participants for them. An account on the list already keeps its place there, with the hours it has.

    Such a place may hang on an application that was withdrawn: whoever applies again brings along what they attended.
    """
    accounts = [one.user_id for one in applications if one.user_id]
    known = {one.user_id: one for one in Participant.objects.filter(meeting=meeting, user__in=accounts)}
    new = [one for one in applications if one.user_id not in known]
    guests = [_guest(recruitment, one) for one in new]
    added = add_participants(meeting_id=meeting.pk, guests=guests, actor=actor, at=at) if guests else []
    again = [(one, known[one.user_id]) for one in applications if one.user_id in known]
    Learner.objects.filter(participant__in=[person.pk for _one, person in again]).delete()
    pairs = [*zip(new, added, strict=True), *again]
    return Learner.objects.bulk_create(Learner(application=one, participant=person) for one, person in pairs)


def _guest(recruitment: Recruitment, application: Application) -> Guest:
    with override(LANGUAGE):
        number = _("receipt no. %(number)s") % {"number": application.number}
    return Guest(
        name=application.name,
        user=application.user,
        affiliation=str(recruitment.council.dong.name),
        email=application.email,
        is_eligible=False,
        order=application.number or 0,
        remark=number,
    )


def _certify(recruitment: Recruitment, application: Application, minutes: int, actor: User, at: datetime) -> None:
    dong = recruitment.council.dong
    with override(LANGUAGE):
        hours = minutes_as_hours(minutes)
        certificate = issue_certificate(
            kind=CERTIFICATE,
            title=_("Certificate of education"),
            statement=_("This certifies that the person named above completed the residents’ school for “%(title)s”.")
            % {"title": recruitment.title},
            facts=[
                (_("Recruitment"), recruitment.title),
                (_("Hours completed"), hours),
                (_("Completed by"), day_text(at)),
            ],
            holder=application.user,
            holder_name=application.name,
            issued_by=str(dong.parent.full_name if dong.parent else dong.full_name),
            region=dong,
            actor=actor,
            at=at,
        )
    EducationCertificate.objects.create(application=application, certificate=certificate, minutes=minutes)
