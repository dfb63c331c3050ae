"""How councils spread: plans of establishment beside one another, and calls for conversion."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.pages import public_page
from councils.queries.rollout import boards, established_by_year, public_calls
from councils.rollout import (
    DONGS_OF_SEOUL,
    FUND_GOAL,
    FUNDS_BY_YEAR,
    STAFF_BY_YEAR,
    STAFF_EACH,
    STAFF_GOAL,
)
from councils.states import BidStatus

CODE_OF_SEOUL = "1100000000"
CALLS_SHOWN = 50


@require_safe
@public_page
def rollout_page(request: HttpRequest) -> HttpResponse:
    """Plans of every region; the goals that Seoul's plan prints stand beside its own."""
    established = established_by_year()
    context = {
        "boards": boards(),
        "established": established,
        "most_established": max((number for _year, number in established), default=0),
        "all_established": sum(number for _year, number in established),
        "calls": list(public_calls()[:CALLS_SHOWN]),
        "seoul": CODE_OF_SEOUL,
        "goals": {
            "fund": FUND_GOAL,
            "fund_rest": FUND_GOAL.total - FUND_GOAL.printed_each * FUND_GOAL.dongs,
            "funds": sorted(FUNDS_BY_YEAR.items()),
            "funds_last": FUNDS_BY_YEAR[max(FUNDS_BY_YEAR)],
            "each_of_funds": FUND_GOAL.total // FUNDS_BY_YEAR[max(FUNDS_BY_YEAR)],
            "staff": sorted(STAFF_BY_YEAR.items()),
            "staff_sum": sum(STAFF_BY_YEAR.values()),
            "staff_goal": STAFF_GOAL,
            "staff_each": STAFF_EACH,
            "staff_reckoned": STAFF_EACH * DONGS_OF_SEOUL,
            "dongs": DONGS_OF_SEOUL,
        },
    }
    return render(request, "councils/work/rollout.html", context)


@require_safe
@public_page
def call_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A call that was opened, with the dongs that were briefed and answered. Plans and scores stay at the desk."""
    call = get_object_or_404(public_calls(), pk=pk)
    bids = call.bids.exclude(status=BidStatus.WITHDRAWN).select_related("dong__parent", "council__dong")
    context = {
        "call": call,
        "bids": list(bids.order_by("dong__path")),
        "briefings": list(call.briefings.select_related("dong__parent")),
    }
    return render(request, "councils/work/call.html", context)
