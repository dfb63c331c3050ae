"""Turnout before publication; afterwards the decision, votes, shares and ranks, on a page and as a table."""

import csv
import io
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assemblies.guidance import ASSEMBLY_STEPS_LABEL, after_the_result, assembly_steps, sums_of
from assemblies.models import Poll
from assemblies.queries import Turnout, items_taken_up, results_of, turnout_of
from assemblies.states import RESULT_PUBLIC, PollKind
from assemblies.views.access import visible_poll
from assemblies.wording import DecidedItem, decided_items, decision_sentence
from core.pages import public_page
from core.templatetags.madang import percent

SHOWN_WITH_RESULT = ("assembly__dong__parent", "assembly__rule_set", "result")
CSV_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@require_safe
@public_page
def result_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Before publication the turnout only; afterwards the decision, votes, shares and ranks."""
    poll = visible_poll(request, pk, *SHOWN_WITH_RESULT)
    at = timezone.now()
    context: dict[str, Any] = {"poll": poll, "assembly": poll.assembly, "turnout": turnout_of(poll)}
    if poll.status not in RESULT_PUBLIC:
        context |= {
            "steps": assembly_steps(poll.assembly, [poll], at),
            "steps_label": ASSEMBLY_STEPS_LABEL,
            "takes_ballots": poll.takes_ballots(at),
        }
        return render(request, "assemblies/turnout.html", context)
    decided = decided_items(poll, results_of(poll))
    ranked = poll.kind == PollKind.CHOOSE
    context |= {
        # Items voted for or against are decided each on its own: no rank, but the order of the agenda.
        "decided": decided if ranked else sorted(decided, key=lambda line: line.item.number),
        "decides": not ranked or poll.adopted_count is not None,
        "decision": decision_sentence(poll, decided),
        "stations": after_the_result(poll, decided, items_taken_up(poll), at),
        "sums": sums_of(poll, decided),
        "files": [
            {
                "name": _("Table of the result"),
                "url": reverse("assemblies:result_csv", args=[poll.pk]),
                "format": "CSV",
                "note": _("For Excel and other programs: one row for each item."),
            }
        ],
    }
    return render(request, "assemblies/result.html", context)


@require_safe
@public_page
def result_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The result as a table for Excel: UTF-8 with a mark, one row for each item."""
    poll = visible_poll(request, pk, *SHOWN_WITH_RESULT)
    if poll.status not in RESULT_PUBLIC:
        raise Http404
    decided = decided_items(poll, results_of(poll))
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerows(_csv_rows(poll, decided, turnout_of(poll)))
    response = HttpResponse("\ufeff" + buffer.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="madang-poll-{poll.pk}.csv"'
    return response


def _percent(share: Fraction) -> str:
    """As on the pages, rounded half up to one decimal, without the sign: a spreadsheet takes it as a number."""
    return percent(share).removesuffix("%")


def _csv_rows(poll: Poll, decided: Sequence[DecidedItem], turnout: Turnout) -> list[list[str | int]]:
    def text(value: str) -> str:
        """A cell that a spreadsheet does not take for a formula."""
        return f"'{value}" if value.startswith(CSV_FORMULA_SIGNS) else value

    head = [_("rank"), _("number"), _("item"), _("proposed by"), _("cost in won"), _("votes"), _("share in %")]
    for_against = poll.kind == PollKind.FOR_AGAINST
    if for_against:
        head += [_("votes against"), _("abstained")]
    head += [_("decision"), _("took part"), _("on the roll")]
    rows: list[list[str | int]] = [list(head)]
    for line in decided:
        item = line.item
        row: list[str | int] = [
            line.rank,
            item.number,
            text(item.title),
            text(item.proposer),
            "" if item.cost is None else item.cost,
            line.votes,
            _percent(line.share),
        ]
        if for_against:
            row += [line.against, line.abstained]
        row += [line.verdict, turnout.participated, turnout.eligible]
        rows.append(row)
    return rows
