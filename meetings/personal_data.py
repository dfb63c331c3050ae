"""What this app holds about a person: to which meetings they were invited, when they were there, what they said."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.madang import moment_text
from meetings.models import Candidate, Participant, Statement
from meetings.queries import attendances_in_force
from meetings.states import BEFORE_OPENING, UNDER_WAY, MeetingStatus
from residents.models import User
from residents.personal_data import Fact, Section


def sections(user: User) -> Iterator[Section]:
    """Participations and statements; three queries."""
    participants = (
        Participant.objects.filter(user=user)
        .exclude(meeting__status=MeetingStatus.DRAFT)
        .select_related("meeting")
        .prefetch_related(Prefetch("attendances", queryset=attendances_in_force(), to_attr="spans"))
        .order_by("meeting__starts_at", "pk")
    )
    yield Section(
        "meetings", gettext_lazy("Meetings you were invited to"), tuple(_participation(one) for one in participants)
    )
    statements = (
        Statement.objects.filter(participant__user=user).select_related("meeting").order_by("meeting", "position")
    )
    yield Section(
        "statements", gettext_lazy("What the minutes say that you said"), tuple(_statement(one) for one in statements)
    )


def _participation(participant: Participant) -> tuple[Fact, ...]:
    spans = getattr(participant, "spans", [])
    return (
        Fact("meeting", _("meeting"), participant.meeting.title),
        Fact("starts_at", _("begins at"), _moment(participant.meeting.starts_at)),
        Fact("name", _("name"), participant.name),
        Fact("affiliation", _("affiliation"), participant.affiliation),
        Fact("role", _("role"), participant.role),
        Fact("email", _("mail address"), participant.email),
        Fact("proxy_for", _("stands in for"), participant.proxy_for),
        Fact("answer", _("answer to the invitation"), str(participant.get_answer_display())),
        Fact(
            "attendance",
            _("attendance"),
            ", ".join(f"{_moment(span.arrived_at)} – {_moment(span.left_at)}" for span in spans),
        ),
    )


def _statement(statement: Statement) -> tuple[Fact, ...]:
    return (
        Fact("meeting", _("meeting"), statement.meeting.title),
        Fact("gist", _("what was said, in short"), statement.gist),
    )


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(sep=" ", timespec="minutes")[:16] if at else ""


def need(user: User, at: datetime) -> str:
    """While a meeting goes on it must be able to tell who is there."""
    del at
    running = Participant.objects.filter(user=user, meeting__status__in=UNDER_WAY).select_related("meeting").first()
    if running is None:
        return ""
    return _(
        "A meeting that you take part in is under way. This can be done after it; it is planned until %(time)s."
    ) % {"time": moment_text(running.meeting.ends_at)}


def erase(user: User, at: datetime) -> None:
    """Take the person off the lists of meetings to come, and their name out of the record of those that were held.

    Counts and votes stay. Approved minutes are the body's signed record and stay as they are. A place that an app above
    holds on to is let go of: whose it is and what it is called is for that app to say.
    """
    del at
    theirs = Participant.objects.select_for_update(of=("self",)).filter(user=user)
    to_come = theirs.filter(meeting__status__in=BEFORE_OPENING, attendances=None, candidacies=None, statements=None)
    for one in to_come:
        try:
            with transaction.atomic():
                one.delete()
        except ProtectedError:
            Participant.objects.filter(pk=one.pk).update(user=None, email="")
    nobody = _("erased person")
    Statement.objects.filter(participant__user=user).update(speaker=nobody)
    Candidate.objects.filter(participant__user=user).update(name=nobody)
    theirs.update(name=nobody, affiliation="", role="", email="", proxy_for="", remark="")
