"""What waits for officials who run assemblies."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.models import AgendaItem, Assembly, Poll, RollEntry
from assemblies.states import AssemblyStatus, PollStatus
from residents.desk.scoped import in_regions
from residents.desk.waiting import Waiting
from residents.models import User
from residents.permissions import OFFICIALS, role_paths

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


def assembly_work(user: User) -> list[Waiting]:
    """Polls to open, close, count and publish, assemblies with missing parts, where `user` runs them."""
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
    lines = [Waiting(labels[step], counts[step], f"{list_of_polls}?due={step}") for step in conditions]
    assemblies = incomplete(Assembly.objects.filter(in_regions(paths, "dong__path")))
    url = f"{reverse('admin:assemblies_assembly_changelist')}?parts=missing"
    return [*lines, Waiting(_("Assemblies with missing parts"), assemblies.count(), url)]
