"""What several pages of the portal share."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest

from assemblies.models import Poll
from assemblies.states import PollStatus
from assemblies.wording import decided_items, decision_sentence

POLLS_SHOWN = 6
DECISIONS_SHOWN = 5
ROWS_ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Decision:
    """A poll with a public result: what it decided in one sentence, what that costs, and whether it is contested.

    `cost` is the estimated cost in won of the items that were adopted; None where none of them has an estimate.
    """

    poll: Poll
    sentence: str
    cost: int | None
    is_contested: bool


def decisions(polls: Iterable[Poll]) -> list[Decision]:
    return [_decision(poll) for poll in polls]


def _decision(poll: Poll) -> Decision:
    lines = decided_items(poll, poll.result.options.all())
    costs = [line.item.cost for line in lines if line.adopted and line.item.cost is not None]
    return Decision(
        poll=poll,
        sentence=decision_sentence(poll, lines),
        cost=sum(costs) if costs else None,
        is_contested=poll.status == PollStatus.OBJECTION,
    )


def page_of(request: HttpRequest, rows: Any, size: int) -> Page[Any]:
    """The page that `?page=` asks for; 404 if there is none of that number."""
    try:
        return Paginator(rows, size).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404 from error
