"""Writes on support staff: whom they support, what they did and learned, what is certified of it (C11)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from councils.models import Council, StaffAssignment, StaffCareer, SupportStaff
from councils.states import CareerKind
from reports.models import Certificate
from reports.services import issue_certificate
from residents.models import Region, User
from residents.persons import ImplausibleError, cleaned_name
from residents.states import RegionLevel

CERTIFICATE = "support-staff"
MOST_HOURS = 5000
MOST_LINES = 20  # of a career on one certificate; its page holds no more


@transaction.atomic
def add_support_staff(  # noqa: PLR0913 - a person has this many facts
    *, region: Region, name: str, since: date, user: User | None = None, actor: User | None, at: datetime
) -> SupportStaff:
    """Take somebody on as support staff of a municipality. Raises RuleViolation for a dong or a name that is none."""
    if region.level == RegionLevel.DONG:
        raise RuleViolation(_("Support staff belong to a municipality or a province."))
    try:
        name = cleaned_name(name)
    except ImplausibleError as error:
        raise RuleViolation(_("Please write the name as it is in the documents.")) from error
    staff = SupportStaff.objects.create(region=region, name=name, since=since, user=user)
    _note("councils.staff_added", staff, actor, at)
    return staff


@transaction.atomic
def release_support_staff(*, staff_id: int, until: date, actor: User | None, at: datetime) -> SupportStaff:
    """Somebody stops; their assignments end that day at the latest. Raises RuleViolation for a day before the first."""
    staff = _locked(staff_id)
    if staff.until is not None:
        raise RuleViolation(_("This person has stopped already."), code="stopped_already")
    if until < staff.since:
        raise RuleViolation(_("The last day comes before the first."), code="ends_before_start")
    staff.until = until
    staff.save(update_fields=["until"])
    for assignment in staff.assignments.filter(until__isnull=True):
        assignment.until = max(until, assignment.since)
        assignment.save(update_fields=["until"])
    _note("councils.staff_released", staff, actor, at)
    return staff


@transaction.atomic
def assign_staff(  # noqa: PLR0913 - an assignment has this many facts
    *, staff_id: int, council: Council, since: date, duties: str = "", actor: User | None, at: datetime
) -> StaffAssignment:
    """Let somebody support a council. Raises RuleViolation if they stopped, do already, or the council is elsewhere."""
    staff = _locked(staff_id)
    if staff.until is not None:
        raise RuleViolation(_("This person has stopped already."), code="stopped_already")
    if since < staff.since:
        raise RuleViolation(_("This person was not there yet on that day."))
    if not council.dong.path.startswith(staff.region.path):
        raise RuleViolation(_("This council does not belong to the municipality of the person."), code="other_place")
    if staff.assignments.filter(council=council, until__isnull=True).exists():
        raise RuleViolation(_("This person supports that council already."), code="assigned_already")
    assignment = StaffAssignment.objects.create(staff=staff, council=council, since=since, duties=duties.strip()[:200])
    _note("councils.staff_assigned", staff, actor, at)
    return assignment


@transaction.atomic
def end_assignment(*, assignment_id: int, until: date, actor: User | None, at: datetime) -> StaffAssignment:
    """End an assignment. Raises RuleViolation if it has ended, or for a day before its first."""
    staff = _locked(StaffAssignment.objects.values_list("staff_id", flat=True).get(pk=assignment_id))
    assignment = StaffAssignment.objects.get(pk=assignment_id)
    if assignment.until is not None:
        raise RuleViolation(_("This assignment has ended already."), code="ended_already")
    if until < assignment.since:
        raise RuleViolation(_("The last day comes before the first."), code="ends_before_start")
    assignment.until = until
    assignment.save(update_fields=["until"])
    _note("councils.staff_assignment_ended", staff, actor, at)
    return assignment


@transaction.atomic
def record_career(  # noqa: PLR0913 - a line of a career has this many facts
    *,
    staff_id: int,
    kind: CareerKind,
    title: str,
    since: date,
    until: date | None = None,
    hours: int | None = None,
    actor: User | None,
    at: datetime,
) -> StaffCareer:
    """Record work, training in hours, or an activity.

    Raises RuleViolation without a title, for days out of order, or training without hours.
    """
    staff = _locked(staff_id)
    if not title.strip():
        raise RuleViolation(_("Please say what it was."))
    if until is not None and until < since:
        raise RuleViolation(_("The last day comes before the first."), code="ends_before_start")
    if hours is not None and not 0 < hours <= MOST_HOURS:
        raise RuleViolation(_("Hours lie between 1 and %(most)s.") % {"most": MOST_HOURS})
    if kind == CareerKind.TRAINING and hours is None:
        raise RuleViolation(_("Please write down how many hours the training took."))
    line = StaffCareer.objects.create(
        staff=staff, kind=kind, title=title.strip()[:120], since=since, until=until, hours=hours
    )
    _note("councils.staff_career_recorded", staff, actor, at)
    return line


@transaction.atomic
def certify_staff(*, staff_id: int, actor: User, at: datetime) -> Certificate:
    """Certify what is recorded of somebody: which councils they supported since when, and hours of training.

    Raises RuleViolation if nothing is recorded yet.
    """
    staff = _locked(staff_id)
    assignments = list(staff.assignments.select_related("council__dong__parent").order_by("since", "pk"))
    careers = list(staff.careers.order_by("since", "pk"))
    if not assignments and not careers:
        raise RuleViolation(_("Nothing is recorded of this person yet, so there is nothing to certify."))
    facts = [
        *((_("Council"), f"{one.council} {_span(one.since, one.until)}") for one in assignments),
        *((str(one.get_kind_display()), f"{one.title} {_span(one.since, one.until)}") for one in careers),
    ][:MOST_LINES]
    hours = sum(one.hours or 0 for one in careers if one.kind == CareerKind.TRAINING)
    if hours:
        facts.append((_("Training in all"), _("%(hours)s hours") % {"hours": hours}))
    certificate = issue_certificate(
        kind=CERTIFICATE,
        title=_("Certificate of career and activity"),
        statement=_("This certifies that the person named above supported residents’ self-government as listed."),
        facts=facts,
        holder=staff.user,
        holder_name=staff.name,
        issued_by=staff.region.full_name,
        region=staff.region,
        actor=actor,
        at=at,
    )
    _note("councils.staff_certified", staff, actor, at)
    return certificate


def _span(since: date, until: date | None) -> str:
    first = date_format(since, "SHORT_DATE_FORMAT")
    return f"{first} – {date_format(until, 'SHORT_DATE_FORMAT')}" if until else f"{first} –"


def _locked(staff_id: int) -> SupportStaff:
    return (
        SupportStaff.objects.select_for_update(of=("self",)).select_related("region__parent", "user").get(pk=staff_id)
    )


def _note(action: str, staff: SupportStaff, actor: User | None, at: datetime) -> None:
    record(
        actor=actor,
        action=action,
        target=staff,
        scope=staff.region.path,
        persons=[staff.user] if staff.user else [],
        at=at,
    )
