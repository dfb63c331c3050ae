"""What this app holds about a person: where they stand on a roll and where they took part. Never what they chose."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.models import Participation, Poll, RollEntry
from assemblies.states import AssemblyStatus, PollStatus
from core.templatetags.madang import moment_text
from residents.models import User
from residents.personal_data import Fact, Section


def sections(user: User) -> Iterator[Section]:
    """Voter rolls and participations; two queries."""
    entries = RollEntry.objects.filter(user=user).select_related("assembly__dong__parent").order_by("added_at")
    yield Section("rolls", gettext_lazy("Voter rolls"), tuple(_entry(entry) for entry in entries))
    participations = (
        Participation.objects.filter(entry__user=user).select_related("poll__assembly__dong__parent").order_by("at")
    )
    yield Section(
        "participations", gettext_lazy("Votes you took part in"), tuple(_participation(part) for part in participations)
    )


def _entry(entry: RollEntry) -> tuple[Fact, ...]:
    return (
        Fact("assembly", _("assembly"), f"{entry.assembly.title} ({entry.assembly.dong})"),
        Fact("basis", _("basis"), entry.get_basis_display()),
        Fact("added_at", _("added at"), _moment(entry.added_at)),
        Fact("removed_at", _("removed at"), _moment(entry.removed_at)),
        Fact("removed_because", _("reason of the removal"), entry.removed_because),
    )


def _participation(participation: Participation) -> tuple[Fact, ...]:
    return (
        Fact("poll", _("poll"), f"{participation.poll.assembly.title}: {participation.poll.title}"),
        Fact("at", _("time"), _moment(participation.at)),
        Fact("channel", _("channel"), participation.get_channel_display()),
        Fact("receipt", _("receipt number"), participation.receipt),
    )


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(sep=" ", timespec="minutes")[:16] if at else ""


def need(user: User, at: datetime) -> str:
    """Until a vote closes, the office must be able to tell that somebody who comes anew has voted in it already."""
    running = Poll.objects.filter(status=PollStatus.OPEN, closes_at__gt=at, participations__entry__user=user)
    last = running.order_by("-closes_at").first()
    if last is None:
        return ""
    return _(
        "You have voted in a poll that is still open. So that nobody votes twice, this can be done from %(time)s."
    ) % {"time": moment_text(last.closes_at)}


def erase(user: User, at: datetime) -> None:
    """Take an erased person off the rolls of assemblies to come; who has voted stays counted, without a name.

    The account row stays as an empty shell, so entries and participations point at nobody.
    """
    entries = RollEntry.objects.select_for_update(of=("self",)).filter(user=user)
    entries.exclude(removed_because="").update(removed_because=_("The person’s data was erased."))
    entries.filter(
        removed_at=None,
        participations=None,
        assembly__status__in=[AssemblyStatus.PREPARING, AssemblyStatus.ANNOUNCED],
    ).update(removed_at=at, removed_because=_("The person’s data was erased."))
