"""What forms of the secretariat's desk offer."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from forums.models import ClubMeeting, Member
from forums.queries.members import entry_of, with_terms_and_mails
from forums.states import ClubMeetingKind, MemberStatus
from meetings.models import Resolution
from meetings.states import ELECTION_OUTCOMES, Outcome, ResolutionKind
from residents.desk import ScopedAdmin
from residents.states import Role

SECRETARIAT = (Role.CLUB_SECRETARIAT,)


def active_members() -> "QuerySet[Member]":
    return with_terms_and_mails(Member.objects.filter(status=MemberStatus.ACTIVE).order_by("name", "pk"))


def name_members(field: Any) -> None:
    """Let a choice among members say their office too: two of the same name are told apart by nothing else."""
    field.label_from_instance = _name_and_office


def _name_and_office(member: Member) -> str:
    entry = entry_of(member, timezone.localdate())
    office = f"{entry.area} {entry.title}".strip()
    return f"{member.name} · {office}" if office else member.name


class NamesMembers(ScopedAdmin):
    """A form of the desk whose choices among members say their office."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.related_model is Member and field is not None:
            name_members(field)
        return field


def adopted_resolutions() -> "QuerySet[Resolution]":
    return (
        Resolution.objects.filter(
            outcome=Outcome.ADOPTED, withdrawn_at__isnull=True, meeting__club_meeting__isnull=False
        )
        .select_related("meeting")
        .order_by("-decided_at")
    )


def resolutions_of_assemblies() -> "QuerySet[Resolution]":
    """What general assemblies resolved; the committee adopts no bylaws."""
    return adopted_resolutions().exclude(meeting__club_meeting__kind=ClubMeetingKind.COMMITTEE)


def elections_held(club_meeting: ClubMeeting) -> "QuerySet[Resolution]":
    """Elections of this assembly whose winners are not in office yet."""
    elections = Resolution.objects.filter(
        kind=ResolutionKind.ELECTION,
        outcome__in=ELECTION_OUTCOMES,
        withdrawn_at__isnull=True,
        meeting__club_meeting=club_meeting,
        candidates__is_elected=True,
        appointments=None,
    )
    return elections.select_related("meeting").order_by("-decided_at", "pk").distinct()
