"""What everybody may read of a council at work: its matters by kind, its agreements, its fund in sums a year."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from core.pages import public_page
from councils.fund import FundYear, Income, Spending
from councils.fund_wording import ACCOUNT_NAMES
from councils.models import Council, FundSettlement
from councils.queries.fund import fund_book
from councils.queries.work import agreements_of, programmes_now, programmes_past, work_of


@dataclass(frozen=True, slots=True)
class Line:
    """An account of a year: its name, and its sum in won."""

    name: Promise | str
    amount: int


def council_or_404(pk: int) -> Council:
    """A council with its places."""
    return get_object_or_404(Council.objects.select_related("dong__parent__parent"), pk=pk)


@require_safe
@public_page
def work_page(request: HttpRequest, pk: int) -> HttpResponse:
    council = council_or_404(pk)
    context = {"council": council, "groups": work_of(council), "agreements": list(agreements_of(council))}
    return render(request, "councils/work/work.html", context)


@require_safe
@public_page
def programmes_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Programmes that take people now, and those that are over."""
    council = council_or_404(pk)
    context = {"council": council, "now": list(programmes_now(council)), "past": list(programmes_past(council))}
    return render(request, "councils/work/programmes.html", context)


@require_safe
@public_page
def fund_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One year, the latest without `?year=`; 404 for a year without entries. Sums only: entries stay at the desk."""
    council = council_or_404(pk)
    book = fund_book(council)
    settlements = {one.year: one for one in FundSettlement.objects.filter(council=council).select_related("resolution")}
    asked = request.GET.get("year", "")
    chosen = next((year for year in book if not asked or str(year.year) == asked), None)
    if asked and chosen is None:
        raise Http404
    context = {
        "council": council,
        "years": [(year, settlements.get(year.year)) for year in book],
        "chosen": chosen,
        "settlement": settlements.get(chosen.year) if chosen else None,
        "came": _lines(chosen, tuple(Income)),
        "went": _lines(chosen, tuple(Spending)),
    }
    return render(request, "councils/work/fund.html", context)


def _lines(year: FundYear | None, accounts: tuple[Income | Spending, ...]) -> list[Line]:
    if year is None:
        return []
    return [Line(ACCOUNT_NAMES[one], year.by_account[one.value]) for one in accounts if one.value in year.by_account]
