"""What councils hold about an account as a member, an adviser, or somebody in a subcommittee.

That somebody was a member of a council is a public fact of an office, laid down by ordinance like the names of those
appointed: it stays when the account is erased, without day of birth, sex and the attributes of the quotas, and without
the way to the account. Requests and seats of residents who are no members lose the name.
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.madang import moment_text
from councils.models import Member, SubcommitteeSeat
from councils.states import MemberStatus
from residents.models import User
from residents.personal_data import Fact, Section

ERASED = "–"


def sections(user: User) -> Iterator[Section]:
    """Memberships, and seats in subcommittees; two queries."""
    members = Member.objects.filter(user=user).select_related("term__council__dong__parent").order_by("appointed_on")
    yield Section(
        "council_memberships", gettext_lazy("Member of a residents’ council"), tuple(_member(one) for one in members)
    )
    seats = SubcommitteeSeat.objects.filter(user=user).select_related("subcommittee__council__dong__parent")
    yield Section(
        "subcommittee_seats", gettext_lazy("Seats in subcommittees"), tuple(_seat(one) for one in seats.order_by("pk"))
    )


def _member(one: Member) -> tuple[Fact, ...]:
    return (
        Fact("council", _("residents’ council"), str(one.term.council)),
        Fact("term", _("term number"), str(one.term.number)),
        Fact("name", _("name"), one.name),
        Fact("birth_date", _("date of birth"), one.birth_date.isoformat() if one.birth_date else ""),
        Fact("sex", _("sex"), one.get_sex_display()),
        Fact("track", _("track"), one.get_track_display()),
        Fact("attributes", _("attributes of the quotas"), ", ".join(f"{k}: {v}" for k, v in one.attributes.items())),
        Fact("office", _("office"), one.get_office_display()),
        Fact("state", _("state"), one.get_status_display()),
        Fact("appointed_on", _("appointed on"), one.appointed_on.isoformat()),
        Fact("left_on", _("left on"), one.left_on.isoformat() if one.left_on else ""),
        Fact("leaving_reason", _("why they left"), one.leaving_reason),
    )


def _seat(one: SubcommitteeSeat) -> tuple[Fact, ...]:
    return (
        Fact("subcommittee", _("subcommittee"), one.subcommittee.name),
        Fact("council", _("residents’ council"), str(one.subcommittee.council)),
        Fact("name", _("name"), one.name),
        Fact("asked_at", _("asked to join at"), moment_text(one.asked_at) if one.asked_at else ""),
        Fact("joined_on", _("joined on"), one.joined_on.isoformat() if one.joined_on else ""),
        Fact("left_on", _("left on"), one.left_on.isoformat() if one.left_on else ""),
    )


def need(user: User, at: datetime) -> str:
    """Whoever serves resigns first: a seat does not empty itself."""
    del at
    if Member.objects.filter(user=user, status=MemberStatus.SERVING).exists():
        return _("You serve in a residents’ council. Please resign there first; the office of your dong helps.")
    return ""


def erase(user: User, at: datetime) -> None:
    """Keep name and office as facts of the council; empty the rest, and let nothing lead to the account."""
    day = timezone.localdate(at)
    Member.objects.filter(user=user).update(user=None, birth_date=None, sex="", attributes={})
    SubcommitteeSeat.objects.filter(user=user, left_on__isnull=True).update(left_on=day, is_head=False)
    SubcommitteeSeat.objects.filter(user=user).update(user=None, name=ERASED)
