"""What several pages of the portal share."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest

from assemblies.models import Poll
from assemblies.wording import decided_items, decision_sentence

POLLS_SHOWN = 6
DECISIONS_SHOWN = 5
ROWS_ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Decision:
    """A poll with a public result, and what it decided in one sentence."""

    poll: Poll
    sentence: str


def decisions(polls: Iterable[Poll]) -> list[Decision]:
    return [Decision(poll, decision_sentence(poll, decided_items(poll, poll.result.options.all()))) for poll in polls]


def page_of(request: HttpRequest, rows: Any, size: int) -> Page[Any]:
    """The page that `?page=` asks for; 404 if there is none of that number."""
    try:
        return Paginator(rows, size).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404 from error
