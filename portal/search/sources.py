"""What can be found: one entry for each kind of thing. Dongs, whose names are matched sign by sign, stand apart.

To make the things of another app findable, add an entry to SOURCES, and a migration of this app with an index on its
text as in 0001 (without one it works, slower). Rows must be those that everybody may see.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.models import AgendaItem, Assembly, Poll, PollOption
from assemblies.queries import PUBLIC_ASSEMBLIES, public_polls
from assemblies.states import RESULT_PUBLIC, AssemblyStatus, PollStatus
from assemblies.wording import state_in_words
from councils.models import Council
from councils.queries import roster
from councils.states import CouncilStatus
from forums.models import Forum, Publication
from forums.queries.forums import as_published, public_forums
from forums.states import ForumStatus, PublicationStatus
from ordinances.models import Ordinance
from ordinances.states import VersionAct
from residents.models import Region

ASSEMBLY_TONES = {AssemblyStatus.ANNOUNCED: "soon", AssemblyStatus.CANCELLED: "danger"}
POLL_TONES = {PollStatus.OPEN: "open", PollStatus.SCHEDULED: "soon", PollStatus.HALTED: "danger"}


@dataclass(frozen=True, slots=True)
class Places:
    """The dongs that a word names, and the assemblies of them that everybody may see, by key."""

    dongs: frozenset[int] = frozenset()
    assemblies: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit as the page shows it. `texts` are searched for the stretch to show, in this order."""

    title: str
    url: str
    dong: str
    when: date | None
    state: str = ""
    tone: str = ""
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of thing that can be found.

    `rows` are all that everybody may see; `details` adds to them what `show` needs. `fields` are searched, in the order
    of the index; `title` is one of them, or "". `within` says which rows belong to places, `dong` and `newest` name the
    fields that order them. `calls_itself` are names that every row of the kind answers to.
    """

    code: str
    name: Promise
    rows: Callable[[], QuerySet[Any]]
    details: Callable[[QuerySet[Any]], Iterable[Any]]
    fields: tuple[str, ...]
    within: Callable[[Places], Q]
    dong: str
    newest: str
    show: Callable[[Any], Shown]
    title: str = "title"
    calls_itself: str = ""


def _assembly(row: Assembly) -> Shown:
    return Shown(
        title=row.title,
        url=row.get_absolute_url(),
        dong=row.dong.full_name,
        when=row.held_at,
        state=state_in_words(row, timezone.now()),
        tone=ASSEMBLY_TONES.get(AssemblyStatus(row.status), ""),
        texts=(row.purpose, row.description, row.place, row.host),
    )


def _agenda_item(row: Any) -> Shown:
    verdicts = {option.result.adopted for option in row.decided_options if hasattr(option, "result")}
    if True in verdicts:
        state, tone = _("adopted"), "success"
    elif False in verdicts:
        state, tone = _("not adopted"), ""
    else:
        state = state_in_words(row.assembly, timezone.now())
        tone = ASSEMBLY_TONES.get(AssemblyStatus(row.assembly.status), "")
    return Shown(
        title=row.title,
        url=f"{row.assembly.get_absolute_url()}#item-{row.number}",
        dong=row.assembly.dong.full_name,
        when=row.assembly.held_at,
        state=state,
        tone=tone,
        texts=(row.gain, row.description, row.place, row.proposer),
    )


def _poll(row: Poll) -> Shown:
    decided = row.status in RESULT_PUBLIC
    return Shown(
        title=row.title,
        url=row.get_absolute_url() if decided else f"{row.assembly.get_absolute_url()}#poll-{row.pk}",
        dong=row.assembly.dong.full_name,
        when=row.closes_at,
        state=row.get_status_display(),
        tone=POLL_TONES.get(PollStatus(row.status), ""),
        texts=(row.question,),
    )


def _council(row: Council) -> Shown:
    return Shown(
        title=_("Residents’ council of %(dong)s") % {"dong": row.dong.full_name},
        url=reverse("councils:council", args=[row.pk]),
        dong="",
        when=None,
        state=row.get_status_display(),
        tone="" if row.status == CouncilStatus.WORKING else "soon",
        texts=("; ".join(row.main_work_items),),
    )


def _ordinance(row: Ordinance) -> Shown:
    latest = next(iter(row.versions.all()), None)
    return Shown(
        title=row.title,
        url=row.get_absolute_url(),
        dong=row.region.full_name,
        when=latest.day if latest else None,
        state=latest.get_act_display() if latest else "",
        tone="danger" if latest and latest.act == VersionAct.REPEALED else "",
        texts=(row.note,),
    )


def _forum(row: Forum) -> Shown:
    return Shown(
        title=row.title,
        url=reverse("forums:forum", args=[row.pk]),
        dong=row.place,
        when=row.starts_on,
        state=row.get_status_display(),
        tone={ForumStatus.PUBLISHED: "soon", ForumStatus.CANCELLED: "danger"}.get(ForumStatus(row.status), ""),
        texts=(row.intent, row.place),
    )


def _publication(row: Publication) -> Shown:
    return Shown(
        title=row.title,
        url=f"{reverse('forums:publications')}#publication-{row.pk}",
        dong="",
        when=row.issued_on,
        state=row.get_kind_display(),
        texts=(row.summary,),
    )


def _items_with_details(rows: QuerySet[Any]) -> QuerySet[Any]:
    decided = PollOption.objects.filter(poll__status__in=RESULT_PUBLIC).select_related("result")
    return rows.select_related("assembly__dong__parent").prefetch_related(
        Prefetch("options", decided, to_attr="decided_options")
    )


SOURCES = (
    Source(
        code="assemblies",
        name=gettext_lazy("Assemblies"),
        rows=Assembly.objects.public,
        details=lambda rows: rows.select_related("dong__parent"),
        fields=("title", "purpose", "description", "place", "host"),
        within=lambda places: Q(dong__in=places.dongs),
        dong="dong",
        newest="held_at",
        show=_assembly,
        calls_itself="주민총회 residents’ assembly assemblies",  # korean: what people call it
    ),
    Source(
        code="items",
        name=gettext_lazy("Agenda items"),
        rows=lambda: AgendaItem.objects.filter(assembly__status__in=PUBLIC_ASSEMBLIES),
        details=_items_with_details,
        fields=("title", "gain", "description", "place", "proposer"),
        within=lambda places: Q(assembly__in=places.assemblies),
        dong="assembly__dong",
        newest="assembly__held_at",
        show=_agenda_item,
    ),
    Source(
        code="votes",
        name=gettext_lazy("Votes and results"),
        rows=public_polls,
        details=lambda rows: rows.select_related("assembly__dong__parent"),
        fields=("title", "question"),
        within=lambda places: Q(assembly__in=places.assemblies),
        dong="assembly__dong",
        newest="closes_at",
        show=_poll,
    ),
    Source(
        code="councils",
        name=gettext_lazy("Residents’ councils"),
        rows=roster,
        details=lambda rows: rows.select_related("dong__parent"),
        fields=("main_work",),
        within=lambda places: Q(dong__in=places.dongs),
        dong="dong",
        newest="established_on",
        show=_council,
        title="",
        calls_itself="주민자치회 주민자치위원회 residents’ council councils",  # korean: what people call it
    ),
    Source(
        code="ordinances",
        name=gettext_lazy("Ordinances"),
        rows=Ordinance.objects.all,
        details=lambda rows: rows.select_related("region__parent").prefetch_related("versions"),
        fields=("title", "note"),
        within=lambda places: Q(region__in=Region.objects.filter(children__in=places.dongs)),
        dong="region",
        newest="pk",
        show=_ordinance,
        calls_itself="조례 자치법규 ordinance ordinances",  # korean: what people call it
    ),
    Source(
        code="forums",
        name=gettext_lazy("Events of the Mokmingwan Club"),
        rows=public_forums,
        # The tables hold the draft of the next programme, which nobody may read before it is published.
        details=as_published,
        fields=("title", "intent", "place"),
        within=lambda places: Q(host__in=places.dongs),
        dong="host",
        newest="starts_on",
        show=_forum,
        calls_itself="목민관클럽 정기포럼 Mokmingwan Club forum",  # korean: what people call it
    ),
    Source(
        code="publications",
        name=gettext_lazy("Publications of the Mokmingwan Club"),
        rows=lambda: Publication.objects.filter(status=PublicationStatus.PUBLISHED),
        details=lambda rows: rows,
        fields=("title", "summary"),
        within=lambda places: Q(forum__host__in=places.dongs),
        dong="forum__host",
        newest="year",
        show=_publication,
        calls_itself="목민관클럽 발간물 Mokmingwan Club publications",  # korean: what people call it
    ),
)
