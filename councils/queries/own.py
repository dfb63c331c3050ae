"""One application as its applicant sees it: stages, hours, what is missing, what comes next, number and chances."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.madang import moment_text
from councils.funnel import Stage, stages
from councils.lookup import fits
from councils.models import Application, ApplicationStep, Recruitment
from councils.queries.calls import Step
from councils.queries.courses import Lesson, hours_needed, lessons_of, minutes_credited
from councils.queries.draws import panels_with
from councils.states import APPLICATION_TRANSITIONS, ApplicationStatus
from ordinances.phrases import minutes_as_hours
from residents.models import User

IN_DRAW = frozenset(
    {
        ApplicationStatus.POOL,
        ApplicationStatus.SELECTED,
        ApplicationStatus.ALTERNATE,
        ApplicationStatus.NOT_SELECTED,
        ApplicationStatus.APPOINTED,
    }
)
WANTS_HOURS = frozenset(
    {ApplicationStatus.RECEIVED, ApplicationStatus.SUPPLEMENT, ApplicationStatus.CHECKED, ApplicationStatus.LEARNING}
)
MINUTES_IN_HOUR = 60
PANELS = 1000


def own_application(recruitment: Recruitment, user: User) -> Application | None:
    """The application of this account, a draft too; of several the one that still runs, else the newest."""
    found = _whole().filter(recruitment=recruitment, user=user).order_by("-pk")
    return min(found, key=lambda one: one.status == ApplicationStatus.WITHDRAWN, default=None)


def application_of_key(key: UUID) -> Application | None:
    """The application of somebody without an account; those of accounts are opened by signing in."""
    return _whole().filter(key=key, user=None).exclude(status=ApplicationStatus.DRAFT).first()


def find_by_receipt(*, number: int, birth_date: date, code: str) -> Application | None:
    """The application with this receipt number, date of birth and code; None where one of them is not right."""
    found = _whole().filter(number=number, birth_date=birth_date, erased_at=None, user=None)
    return next((one for one in found if fits(one.key, code)), None)


def applications_of(user: User) -> QuerySet[Application]:
    """Everything that an account applied for, the newest first; withdrawn ones are left out."""
    return _whole().filter(user=user).exclude(status=ApplicationStatus.WITHDRAWN).order_by("-pk")


def recommended_by(user: User, recruitment: Recruitment) -> QuerySet[Application]:
    """Those whom this account recommended for its organisation, in the order of their numbers."""
    found: QuerySet[Application] = recruitment.applications.filter(entered_by=user, way="organisation").order_by(
        "number"
    )
    return found


def _whole() -> QuerySet[Application]:
    return Application.objects.select_related(
        "recruitment__council__dong__parent__parent", "recruitment__rule_set", "user"
    )


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes of education: attended, credited from elsewhere, and as many as the rule set wants."""

    attended: int
    credited: int
    needed: int

    @property
    def whole(self) -> int:
        return self.attended + self.credited

    @property
    def shown(self) -> int:
        """For the bar: never more than the whole of it."""
        return min(self.whole, self.needed)

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.whole)

    @property
    def sentence(self) -> str:
        if not self.missing:
            return _("You have the hours of education.")
        return _("%(there)s of %(needed)s. Still missing: %(missing)s.") % {
            "there": minutes_as_hours(self.whole),
            "needed": minutes_as_hours(self.needed),
            "missing": minutes_as_hours(self.missing),
        }


@dataclass(frozen=True, slots=True)
class Own:
    """Everything that the page of an application shows."""

    application: Application
    steps: list[Step]
    past: list[ApplicationStep]
    hours: Hours | None
    lessons: list[Lesson]
    next_date: str
    panels: int | None
    may_withdraw: bool
    may_supplement: bool

    @property
    def state(self) -> str:
        return state_in_words(self.application)

    @property
    def chances(self) -> str:
        """In how many of the frozen panels the applicant is."""
        if self.panels is None:
            return ""
        text = ngettext(
            "You are in %(number)s of %(all)s panels.", "You are in %(number)s of %(all)s panels.", self.panels
        )
        return text % {"number": f"{self.panels:,}", "all": f"{PANELS:,}"}


def state_in_words(application: Application) -> str:
    """The state, of an alternate with their place in the order."""
    if application.status == ApplicationStatus.ALTERNATE and application.alternate_position:
        return _("alternate no. %(position)s") % {"position": application.alternate_position}
    return str(application.get_status_display())


def own_view(application: Application, at: datetime) -> Own:
    """At most a dozen queries, however many courses and steps there are."""
    recruitment = application.recruitment
    needed = hours_needed(recruitment) * MINUTES_IN_HOUR
    lessons = lessons_of(recruitment, application, at)
    hours = None
    if needed and application.number:
        attended = sum(lesson.minutes for lesson in lessons)
        hours = Hours(attended, minutes_credited([application])[application.pk], needed)
    return Own(
        application=application,
        steps=_steps(application, wants_hours=needed > 0),
        past=list(application.steps.all()),
        hours=hours,
        lessons=lessons,
        next_date=_next_date(application, hours, lessons, at),
        panels=panels_with(application) if application.pool_number else None,
        may_withdraw=ApplicationStatus.WITHDRAWN in APPLICATION_TRANSITIONS[application.status],
        may_supplement=application.status == ApplicationStatus.SUPPLEMENT and at < recruitment.learning_until,
    )


def _steps(application: Application, *, wants_hours: bool) -> list[Step]:
    names = {
        Stage.RECEIVED: str(ApplicationStatus.RECEIVED.label),
        Stage.CHECKED: str(ApplicationStatus.CHECKED.label),
        Stage.LEARNING: _("Residents’ school"),
        Stage.POOL: str(ApplicationStatus.POOL.label),
        Stage.DRAWN: _("Public draw"),
        Stage.APPOINTED: str(ApplicationStatus.APPOINTED.label),
    }
    notes = {
        Stage.DRAWN: _draw_when(application.recruitment),
    }
    return [
        Step(names[stage], standing.value, "", notes.get(stage, ""))
        for stage, standing in stages(application.status, wants_hours=wants_hours)
    ]


def _draw_when(recruitment: Recruitment) -> str:
    return moment_text(recruitment.draw_at) if recruitment.draw_at else ""


def _next_date(application: Application, hours: Hours | None, lessons: list[Lesson], at: datetime) -> str:
    """The next thing with a date, as a sentence; "" where there is none."""
    recruitment = application.recruitment
    if application.status in WANTS_HOURS and hours and hours.missing:
        coming = next((one for one in lessons if not one.is_cancelled and one.ends_at > at), None)
        if coming is not None:
            return _("Next course: %(time)s, %(title)s, %(place)s") % {
                "time": moment_text(coming.starts_at),
                "title": coming.meeting.title,
                "place": coming.place,
            }
    if (
        application.status in WANTS_HOURS | {ApplicationStatus.POOL}
        and recruitment.draw_at
        and recruitment.draw_at > at
    ):
        return _("Public draw: %(time)s, %(place)s") % {
            "time": moment_text(recruitment.draw_at),
            "place": recruitment.place or str(recruitment.council.dong.name),
        }
    return ""
