"""Attendance by event and by term, as numbers without names."""

from django.db.models import Case, CharField, Count, Exists, OuterRef, Value, When

from forums.models import Forum, PrintedTotal, Registration
from forums.queries.forums import as_published
from forums.states import AttendeeRole, EventKind, ForumStatus, RegistrationStatus
from forums.statistics import Figures, Line, Printed, TermFigures, by_term
from meetings.queries import attendances_in_force

# Guests are counted among the officials only where a source does so; here they are not.
SIDES = {AttendeeRole.HEAD: "heads", AttendeeRole.STAFF: "officials"}


def _counted(kind: str) -> tuple[dict[int, Figures], dict[int, Figures]]:
    """By event: on the list of attendees, and checked in. One query. A proxy counts as the head they stand for."""
    came = Exists(attendances_in_force().filter(participant=OuterRef("participant")).order_by())
    rows = (
        Registration.objects.filter(
            forum__kind=kind,
            forum__status=ForumStatus.HELD,
            status=RegistrationStatus.REGISTERED,
            role__in=SIDES,
        )
        .order_by()
        .annotate(was_there=Case(When(came, then=Value("yes")), default=Value("no"), output_field=CharField()))
        .values_list("forum_id", "role", "was_there")
        .annotate(persons=Count("pk"))
    )
    registered: dict[int, Figures] = {}
    present: dict[int, Figures] = {}
    for forum_id, role, was_there, persons in rows:
        figures = Figures(**{SIDES[AttendeeRole(role)]: persons})
        registered[forum_id] = registered.get(forum_id, Figures()) + figures
        if was_there == "yes":
            present[forum_id] = present.get(forum_id, Figures()) + figures
    return registered, present


def attendance_by_term(kind: str = EventKind.FORUM) -> list[TermFigures]:
    """Events that were held, by term, the latest first; printed totals stand with the regular forums. Four queries."""
    registered, present = _counted(kind)
    forums = as_published(Forum.objects.filter(kind=kind, status=ForumStatus.HELD).select_related("listed"))
    lines = []
    for forum in forums:
        listed = getattr(forum, "listed", None)
        lines.append(
            (
                forum.term,
                Line(
                    key=forum.pk,
                    number=forum.number,
                    title=forum.title,
                    starts_on=forum.starts_on,
                    place=forum.place,
                    listed=Figures(listed.heads, listed.officials) if listed else None,
                    source=listed.source if listed else "",
                    registered=registered.get(forum.pk),
                    present=present.get(forum.pk),
                ),
            )
        )
    with_attendance = PrintedTotal.objects.filter(heads__isnull=False, officials__isnull=False)
    totals = with_attendance if kind == EventKind.FORUM else PrintedTotal.objects.none()
    printed = {one.term: Printed(Figures(one.heads or 0, one.officials or 0), one.source, one.note) for one in totals}
    return by_term(lines, printed)
