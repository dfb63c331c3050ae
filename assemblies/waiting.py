"""What waits for officials who run assemblies."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.models import AgendaItem, Assembly, Poll, RollEntry
from assemblies.permissions import VIEWERS
from assemblies.states import AssemblyStatus, PollStatus
from residents.desk.scoped import in_regions
from residents.desk.waiting import Waiting
from residents.models import User
from residents.permissions import OFFICIALS, role_paths
from residents.states import Role

TO_OPEN, TO_CLOSE, TO_COUNT, TO_PUBLISH = "open", "close", "count", "publish"


def due_conditions(at: datetime) -> dict[str, Q]:
    """Which polls wait for which step at `at`: the one table behind the counts and the list's filter."""
    return {
        TO_OPEN: Q(status=PollStatus.SCHEDULED, opens_at__lte=at),
        TO_CLOSE: Q(status=PollStatus.OPEN, closes_at__lte=at),
        TO_COUNT: Q(status=PollStatus.CLOSED),
        TO_PUBLISH: Q(status=PollStatus.COUNTED),
    }


def incomplete(assemblies: QuerySet[Assembly]) -> QuerySet[Assembly]:
    """Assemblies in preparation, or announced with their day to come, that lack an agenda, a poll or a voter roll."""
    agenda = AgendaItem.objects.filter(assembly=OuterRef("pk"))
    polls = Poll.objects.filter(assembly=OuterRef("pk"))
    roll = RollEntry.objects.filter(assembly=OuterRef("pk"), removed_at=None)
    return assemblies.filter(
        ~Exists(agenda) | ~Exists(polls) | ~Exists(roll),
        status__in=[AssemblyStatus.PREPARING, AssemblyStatus.ANNOUNCED],
    )


def unfinished_drafts(assemblies: QuerySet[Assembly]) -> QuerySet[Assembly]:
    """Assemblies in preparation that lack an agenda or a poll: the parts that officers of the council write too."""
    agenda = AgendaItem.objects.filter(assembly=OuterRef("pk"))
    polls = Poll.objects.filter(assembly=OuterRef("pk"))
    return assemblies.filter(~Exists(agenda) | ~Exists(polls), status=AssemblyStatus.PREPARING)


def assembly_work(user: User) -> list[Waiting]:
    """What `user` has to do with assemblies: steps of polls, missing parts, and the polls to keep an eye on."""
    return [*_steps_of_polls(user), *_open_polls(user), *_missing_parts(user)]


def _steps_of_polls(user: User) -> list[Waiting]:
    """Polls to open, close, count and publish, where `user` runs them."""
    paths = role_paths(user, *OFFICIALS)
    if not paths:
        return []
    labels = {
        TO_OPEN: _("Polls whose time to open has come"),
        TO_CLOSE: _("Polls whose time to close has come"),
        TO_COUNT: _("Polls to be counted"),
        TO_PUBLISH: _("Results to be published"),
    }
    conditions = due_conditions(timezone.now())
    polls = Poll.objects.filter(in_regions(paths, "assembly__dong__path"))
    counts = polls.aggregate(**{step: Count("pk", filter=condition) for step, condition in conditions.items()})
    list_of_polls = reverse("admin:assemblies_poll_changelist")
    return [Waiting(labels[step], counts[step], f"{list_of_polls}?due={step}") for step in conditions]


def _open_polls(user: User) -> list[Waiting]:
    """Polls in which people vote now, for everybody who sees their turnout."""
    paths = role_paths(user, *VIEWERS)
    if not paths:
        return []
    polls = Poll.objects.filter(in_regions(paths, "assembly__dong__path"), status=PollStatus.OPEN)
    url = f"{reverse('admin:assemblies_poll_changelist')}?status__exact={PollStatus.OPEN.value}"
    return [Waiting(_("Polls that are open now, with their turnout"), polls.count(), url)]


def _missing_parts(user: User) -> list[Waiting]:
    """Assemblies with missing parts, where `user` runs them; else the drafts of their council that are unfinished."""
    list_of_assemblies = reverse("admin:assemblies_assembly_changelist")
    if paths := role_paths(user, *OFFICIALS):
        found = incomplete(Assembly.objects.filter(in_regions(paths, "dong__path")))
        return [Waiting(_("Assemblies with missing parts"), found.count(), f"{list_of_assemblies}?parts=missing")]
    if paths := role_paths(user, Role.COUNCIL_OFFICER):
        drafts = unfinished_drafts(Assembly.objects.filter(in_regions(paths, "dong__path")))
        return [Waiting(_("Assemblies that are not yet prepared"), drafts.count(), f"{list_of_assemblies}?parts=draft")]
    return []
