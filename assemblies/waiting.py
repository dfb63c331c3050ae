"""What waits for officials who run assemblies."""

from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.models import AgendaItem, Assembly, Participation, Poll, RollEntry
from assemblies.permissions import VIEWERS
from assemblies.states import AssemblyStatus, PollStatus
from residents.desk.scoped import in_regions
from residents.desk.waiting import Coming, Running, Urgency, Waiting, end_of_day, urgency_of
from residents.models import User
from residents.permissions import OFFICIALS, role_paths
from residents.states import Role

MOST_RUNNING = 12  # open polls that the first page shows with their turnout
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


def ready_to_announce(assemblies: QuerySet[Assembly]) -> QuerySet[Assembly]:
    """Assemblies in preparation that lack neither agenda nor poll nor voter roll."""
    return assemblies.filter(status=AssemblyStatus.PREPARING).exclude(pk__in=incomplete(assemblies).values("pk"))


def assembly_work(user: User) -> list[Waiting]:
    """What `user` has to do with assemblies: steps of polls, announcements and missing parts."""
    return [*_steps_of_polls(user), *_preparations(user)]


# --- Polls ------------------------------------------------------------------------------------------------------------


def _steps_of_polls(user: User) -> list[Waiting]:
    """Polls to open, close, count and publish, where `user` runs them: one query."""
    paths = role_paths(user, *OFFICIALS)
    if not paths:
        return []
    words = {
        TO_OPEN: (
            _("Polls whose time to open has come"),
            _("They open by themselves unless something is missing. Look what keeps them closed."),
            Urgency.NOW,
        ),
        TO_CLOSE: (
            _("Polls whose time to close has come"),
            _("They close by themselves within a minute. If they do not, please close them here."),
            Urgency.NOW,
        ),
        TO_COUNT: (_("Polls to be counted"), _("Voting is over. The residents wait for the count."), Urgency.NOW),
        TO_PUBLISH: (
            _("Results to be published"),
            _("They are counted. Look through the count once more, then publish it."),
            Urgency.THIS_WEEK,
        ),
    }
    conditions = due_conditions(timezone.now())
    counts = {f"{step}_count": Count("pk", filter=condition) for step, condition in conditions.items()}
    only_ones = {f"{step}_only": Max("pk", filter=condition) for step, condition in conditions.items()}
    found = Poll.objects.filter(in_regions(paths, "assembly__dong__path")).aggregate(**counts, **only_ones)
    list_of_polls = reverse("admin:assemblies_poll_changelist")
    lines = []
    for step, (label, why, urgency) in words.items():
        count, only = found[f"{step}_count"], found[f"{step}_only"]
        is_one = count == 1
        url = reverse("admin:assemblies_poll_change", args=[only]) if is_one else f"{list_of_polls}?due={step}"
        lines.append(Waiting(label, count, url, why=why, urgency=urgency))
    return lines


def running_polls(user: User) -> list[Running]:
    """Polls in which people vote now with their turnout, for everybody who sees it: what closes first first.

    Five queries for any number of polls.
    """
    paths = role_paths(user, *VIEWERS)
    if not paths:
        return []
    polls = list(
        Poll.objects.filter(in_regions(paths, "assembly__dong__path"), status=PollStatus.OPEN)
        .select_related("assembly__rule_set")
        .prefetch_related("assembly__rule_set__rules")
        .order_by("closes_at", "pk")[:MOST_RUNNING]
    )
    assemblies = {poll.assembly_id for poll in polls}
    on_roll = RollEntry.objects.filter(assembly__in=assemblies, removed_at=None).order_by().values_list("assembly_id")
    took_part = Participation.objects.filter(poll__in=polls).order_by().values_list("poll_id")
    rolls, taken = dict(on_roll.annotate(Count("pk"))), dict(took_part.annotate(Count("pk")))
    return [_running(poll, taken.get(poll.pk, 0), rolls.get(poll.assembly_id, 0)) for poll in polls]


def _running(poll: Poll, participated: int, on_roll: int) -> Running:
    assembly = poll.assembly
    try:
        quorum = assembly.rule_set.for_assemblies().quorum.value
        required = quorum.required(population=assembly.population, on_roll=on_roll)
    except ValueError:
        required = 0
    return Running(
        title=poll.title,
        place=assembly.title,
        url=reverse("admin:assemblies_poll_change", args=[poll.pk]),
        until=poll.closes_at,
        participated=participated,
        eligible=on_roll,
        required=required,
    )


# --- Assemblies -------------------------------------------------------------------------------------------------------


def _preparations(user: User) -> list[Waiting]:
    """Assemblies to announce and with missing parts, where `user` runs them; else the drafts of their council."""
    if paths := role_paths(user, *OFFICIALS):
        here = Assembly.objects.filter(in_regions(paths, "dong__path"))
        return [
            _assemblies(
                _("Assemblies ready to be announced"),
                ready_to_announce(here),
                "ready",
                _("Agenda, poll and voter roll are there. The rule set says by when it must be announced."),
            ),
            _assemblies(
                _("Assemblies with missing parts"),
                incomplete(here),
                "missing",
                _("Agenda, poll or voter roll is missing. Each page says what, and leads to where it is mended."),
            ),
        ]
    if paths := role_paths(user, Role.COUNCIL_OFFICER):
        drafts = unfinished_drafts(Assembly.objects.filter(in_regions(paths, "dong__path")))
        return [
            _assemblies(
                _("Assemblies that are not yet prepared"),
                drafts,
                "draft",
                _("Agenda or poll is missing. The dong announces the assembly when both are there."),
            )
        ]
    return []


def _assemblies(label: str, found: QuerySet[Assembly], parts: str, why: str) -> Waiting:
    """One line about `found`: three queries for any number of assemblies."""
    first_poll = Poll.objects.filter(assembly=OuterRef("pk")).order_by("opens_at").values("opens_at")[:1]
    rows = list(
        found.annotate(voting_from=Subquery(first_poll)).select_related("rule_set").prefetch_related("rule_set__rules")
    )
    now = timezone.now()
    deadline = min((latest for row in rows if (latest := _latest_day(row))), default=None)
    if deadline is not None and deadline <= now:
        why = _("The last day to announce has passed. Please set another day of the assembly, or call it off.")
    url = f"{reverse('admin:assemblies_assembly_changelist')}?parts={parts}"
    if len(rows) == 1:
        url = reverse("admin:assemblies_assembly_change", args=[rows[0].pk])
    urgency = urgency_of(deadline, now) if deadline else Urgency.TO_LOOK_AT
    return Waiting(label, len(rows), url, why=why, urgency=urgency, deadline=deadline)


def _latest_day(assembly: Assembly) -> datetime | None:
    """By when an assembly must be announced, by its rule set's days of notice; if it is, when its voting begins.

    None where the rule set does not say it, or where voting has begun.
    """
    if assembly.status != AssemblyStatus.PREPARING:
        opens: datetime | None = getattr(assembly, "voting_from", None)
        begins = opens or assembly.held_at
        return begins if begins > timezone.now() else None
    try:
        notice = assembly.rule_set.for_assemblies().notice_days.value
    except ValueError:
        return None
    return end_of_day(assembly.held_at - timedelta(days=notice))


# --- Dates ahead ------------------------------------------------------------------------------------------------------


def next_dates(user: User) -> list[Coming]:
    """The next opening and closing of a poll and the next assembly where `user` looks on: three queries."""
    paths = role_paths(user, *VIEWERS)
    if not paths:
        return []
    now = timezone.now()
    polls = Poll.objects.filter(in_regions(paths, "assembly__dong__path")).select_related("assembly")
    opening = polls.filter(status=PollStatus.SCHEDULED, opens_at__gt=now).order_by("opens_at", "pk").first()
    closing = polls.filter(status=PollStatus.OPEN, closes_at__gt=now).order_by("closes_at", "pk").first()
    here = Assembly.objects.filter(in_regions(paths, "dong__path"), status=AssemblyStatus.ANNOUNCED, held_at__gt=now)
    held = here.order_by("held_at", "pk").first()
    dates = []
    if opening:
        what = _("Voting opens: %(title)s") % {"title": opening.assembly.title}
        dates.append(Coming(opening.opens_at, what, reverse("admin:assemblies_poll_change", args=[opening.pk])))
    if closing:
        what = _("Voting closes: %(title)s") % {"title": closing.assembly.title}
        dates.append(Coming(closing.closes_at, what, reverse("admin:assemblies_poll_change", args=[closing.pk])))
    if held:
        what = _("Day of the assembly: %(title)s") % {"title": held.title}
        dates.append(Coming(held.held_at, what, reverse("admin:assemblies_assembly_change", args=[held.pk])))
    return dates
