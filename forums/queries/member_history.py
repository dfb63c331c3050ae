"""What happened in a member's time with the club, as one line of dated stations."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from forums.models import Member
from forums.queries.members import title_of_term
from forums.states import AttendeeRole, ForumStatus, RegistrationStatus

ONE_DAY = timedelta(days=1)  # terms are kept with the first day after them


@dataclass(frozen=True, slots=True)
class Station:
    """Something that began, happened or ended on a day; `until` is the last day where it lasted."""

    day: date
    what: str
    note: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Each list with the newest first."""

    terms: tuple[Station, ...]
    positions: tuple[Station, ...]
    forums: tuple[Station, ...]
    steps: tuple[Station, ...]


def history_of(member: Member, *, with_steps: bool) -> History:
    """Terms of office, positions in the club, events attended and, for the secretariat, steps of the membership.

    Two queries, or five with the steps; the member comes with terms.
    """
    return History(
        terms=_terms(member),
        positions=_positions(member),
        forums=_forums(member),
        steps=_steps(member) if with_steps else (),
    )


def _terms(member: Member) -> tuple[Station, ...]:
    return tuple(
        Station(one.term.since, title_of_term(one.term), one.term.term, one.term.until - ONE_DAY)
        for one in member.terms.all()
    )


def _positions(member: Member) -> tuple[Station, ...]:
    held = member.appointments.order_by("-since", "pk")
    return tuple(
        Station(
            one.since, one.get_position_display(), one.end_reason, one.ended_on or (one.until and one.until - ONE_DAY)
        )
        for one in held
    )


def _forums(member: Member) -> tuple[Station, ...]:
    """Events to which the member or somebody in their place was registered and that were held."""
    registered = member.registrations.filter(
        status=RegistrationStatus.REGISTERED, role=AttendeeRole.HEAD, forum__status=ForumStatus.HELD
    )
    return tuple(
        Station(one.forum.starts_on, one.forum.title, _("somebody else came in their place") if one.is_proxy else "")
        for one in registered.select_related("forum").order_by("-forum__starts_on")
    )


def _steps(member: Member) -> tuple[Station, ...]:
    steps = [
        Station(timezone.localdate(step.at), step.get_status_display(), step.note)
        for application in member.applications.prefetch_related("steps")
        for step in application.steps.all()
    ]
    if member.joined_on is not None:
        steps.append(Station(member.joined_on, pgettext("a membership", "joined")))
    for away in member.absences.all():
        steps.append(Station(away.left_on, pgettext("a membership", "left"), away.reason))
        steps.append(Station(away.back_on, pgettext("a membership", "came back")))
    if member.left_on is not None:
        steps.append(Station(member.left_on, pgettext("a membership", "left"), member.leaving_reason))
    return tuple(sorted(steps, key=lambda station: station.day, reverse=True))
