"""What is decided, who may vote, how and until when; the items one by one and side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assemblies.comparison import MOST_COMPARED, ComparisonError, Complaint, read_numbers
from assemblies.guidance import ASSEMBLY_STEPS_LABEL, assembly_steps
from assemblies.models import AgendaItem, Assembly, Participation, Poll
from assemblies.queries import (
    assembly_with_agenda,
    ballots_of_items,
    listed_assemblies,
    public_results_of,
    roll_entry_of,
)
from assemblies.states import RESULT_PUBLIC
from assemblies.views.access import may, person
from assemblies.wording import DecidedItem, decided_items, decision_sentence, state_in_words, why_not_on_roll
from core.pages import public_page

LIST_SIZE = 20


@dataclass(slots=True)
class PollLine:
    """One poll on the page of its assembly. At most one line of a page has the primary button."""

    poll: Poll
    participation: Participation | None
    takes_ballots: bool
    decision: str = ""
    primary: bool = False


@require_safe
@public_page
def assembly_list(request: HttpRequest) -> HttpResponse:
    """All public assemblies: the ones with an open vote, then the latest."""
    at = timezone.now()
    page = Paginator(listed_assemblies(at), LIST_SIZE).get_page(request.GET.get("page"))
    lines = [
        {
            "assembly": assembly,
            "open": [poll for poll in assembly.polls.all() if poll.takes_ballots(at)][:1],
            "state": state_in_words(assembly, at),
        }
        for assembly in page.object_list
    ]
    return render(request, "assemblies/list.html", {"page": page, "lines": lines})


@require_safe
@public_page
def assembly_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What is decided, who may vote, how and until when, and the items."""
    assembly = assembly_with_agenda().prefetch_related(ballots_of_items()).filter(pk=pk).first()
    if assembly is None or not may(request, "assemblies.view_assembly", assembly):
        raise Http404
    at = timezone.now()
    lines = _poll_lines(request, assembly)
    results = _published(assembly, [line.poll for line in lines])
    for line in lines:
        if line.poll.pk in results:
            line.decision = decision_sentence(line.poll, results[line.poll.pk])
    entry = roll_entry_of(request.user, assembly.pk)
    voting = any(line.takes_ballots for line in lines)
    why_not = ""
    if request.user.is_authenticated and entry is None and voting:
        why_not = why_not_on_roll(person(request), assembly)
    _mark_primary(lines, may_vote=not why_not)
    context = {
        "assembly": assembly,
        "lines": lines,
        "why_not": why_not,
        "on_roll": voting and entry is not None,
        "offers_vote": any(line.primary and line.takes_ballots for line in lines),
        "steps": assembly_steps(assembly, [line.poll for line in lines], at),
        "steps_label": ASSEMBLY_STEPS_LABEL,
        "items": _with_verdicts(assembly.agenda.all(), results),
        "several_polls": len(lines) > 1,
        "rules": assembly.rule_set.for_assemblies(),
        "most_compared": MOST_COMPARED,
    }
    return render(request, "assemblies/assembly.html", context)


def _poll_lines(request: HttpRequest, assembly: Assembly) -> list[PollLine]:
    voted: dict[int, Participation] = {}
    if request.user.is_authenticated:
        taken_part = Participation.objects.filter(poll__assembly=assembly, entry__user=person(request))
        voted = {part.poll_id: part for part in taken_part}
    at = timezone.now()
    return [
        PollLine(poll, voted.get(poll.pk), poll.takes_ballots(at))
        for poll in assembly.polls.all()
        if may(request, "assemblies.view_poll", poll)
    ]


def _published(assembly: Assembly, polls: Sequence[Poll]) -> dict[int, list[DecidedItem]]:
    """The lines of the published polls by their keys: one query for any number of polls."""
    public = {poll.pk: poll for poll in polls if poll.status in RESULT_PUBLIC}
    if not public:
        return {}
    rows = groupby(public_results_of(assembly), key=lambda row: row.result.poll_id)
    return {poll_id: decided_items(public[poll_id], list(group)) for poll_id, group in rows}


def _with_verdicts(
    agenda: Iterable[AgendaItem], results: dict[int, list[DecidedItem]]
) -> list[tuple[AgendaItem, list[DecidedItem]]]:
    """Each item with what the published polls decided about it."""
    verdicts: dict[int, list[DecidedItem]] = {}
    for decided in results.values():
        for line in decided:
            verdicts.setdefault(line.item.pk, []).append(line)
    return [(item, verdicts.get(item.pk, [])) for item in agenda]


def _mark_primary(lines: Sequence[PollLine], *, may_vote: bool) -> None:
    """One thing to do first: the first open vote the visitor has not cast; where none is open, the first result."""
    waiting = [line for line in lines if line.takes_ballots and not line.participation]
    if waiting and may_vote:
        waiting[0].primary = True
    elif not any(line.takes_ballots for line in lines):
        for line in [line for line in lines if line.decision][:1]:
            line.primary = True


@require_safe
@public_page
def compare_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Up to three items of an agenda side by side; a link to it can be passed on."""
    assembly = Assembly.objects.select_related("dong").filter(pk=pk).first()
    if assembly is None or not may(request, "assemblies.view_assembly", assembly):
        raise Http404
    agenda = list(assembly.agenda.order_by("number"))
    asked = request.GET.getlist("item")
    error = ""
    chosen: list[AgendaItem] = []
    try:
        numbers = read_numbers(asked, on_agenda=[item.number for item in agenda])
        chosen = [item for item in agenda if item.number in numbers]
    except ComparisonError as wrong:
        error = _complaint_text(wrong.complaint)
    context = {
        "assembly": assembly,
        "chosen": chosen,
        "has_gaps": any(not (item.place and item.opinion and item.description) for item in chosen),
        "agenda": [(item, str(item.number) in asked) for item in agenda],
        "error": error,
        "most_compared": MOST_COMPARED,
    }
    status = HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK
    return render(request, "assemblies/compare.html", context, status=status)


def _complaint_text(complaint: Complaint) -> str:
    return {
        Complaint.TOO_FEW: _("Please tick two or three items; then they stand here side by side."),
        Complaint.TOO_MANY: _("At most %(count)d items fit side by side. Please take one or more ticks away.")
        % {"count": MOST_COMPARED},
        Complaint.UNKNOWN: _("One of these items does not stand on this agenda. Please choose from the list below."),
    }[complaint]
