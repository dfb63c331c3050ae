"""Shared reads of village funds. All amounts in won."""

from datetime import date

from django.db.models import Max, Min, QuerySet, Sum

from core.ledgers.models import Ledger, Posting, Transaction
from core.ledgers.states import AccountKind
from councils.fund import FundYear, Movement, reckon_year
from councils.models import Council, FundSettlement

LEDGER_KIND = "village-fund"


def ledger_key(council: Council) -> str:
    """How the ledger of a council's fund is found."""
    return str(council.pk)


def fund_ledger(council: Council) -> Ledger | None:
    """The books of a council's fund; None before the first entry."""
    return Ledger.objects.filter(kind=LEDGER_KIND, key=ledger_key(council)).first()


def settled_until(council: Council) -> int | None:
    """The last year that is settled."""
    year: int | None = FundSettlement.objects.filter(council=council).aggregate(last=Max("year"))["last"]
    return year


def fund_year(council: Council, year: int) -> FundYear:
    """A year of a council's fund as the books have it now. Two queries.

    What came into the books as an opening counts as carried in, also when that happened within the year.
    """
    postings = Posting.objects.filter(
        transaction__ledger__kind=LEDGER_KIND, transaction__ledger__key=ledger_key(council)
    ).exclude(account__kind=AccountKind.ASSET)
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    before = postings.filter(transaction__occurred_on__lt=first).aggregate(total=Sum("amount"))["total"] or 0
    rows = (
        postings.filter(transaction__occurred_on__gte=first, transaction__occurred_on__lt=after)
        .values_list("account__code", "account__kind")
        .annotate(total=Sum("amount"))
        .order_by("account__code")
    )
    carried_in, movements = -before, []
    for code, kind, total in rows:
        if kind == AccountKind.EQUITY:
            carried_in -= total
        else:
            movements.append(Movement(code, -total if kind == AccountKind.INCOME else total))
    return reckon_year(year, carried_in, movements)


def fund_book(council: Council) -> list[FundYear]:
    """Every year from the first to the last with entries as the books have them now, latest first. One query."""
    rows = (
        Posting.objects.filter(transaction__ledger__kind=LEDGER_KIND, transaction__ledger__key=ledger_key(council))
        .exclude(account__kind=AccountKind.ASSET)
        .values_list("transaction__occurred_on__year", "account__code", "account__kind")
        .annotate(total=Sum("amount"))
        .order_by("transaction__occurred_on__year", "account__code")
    )
    by_year: dict[int, list[tuple[str, str, int]]] = {}
    for year, code, kind, total in rows:
        by_year.setdefault(year, []).append((code, kind, total))
    book: list[FundYear] = []
    carried = 0
    for year in range(min(by_year), max(by_year) + 1) if by_year else ():
        moved = by_year.get(year, [])
        carried -= sum(total for _code, kind, total in moved if kind == AccountKind.EQUITY)
        movements = [
            Movement(code, -total if kind == AccountKind.INCOME else total)
            for code, kind, total in moved
            if kind != AccountKind.EQUITY
        ]
        book.append(reckon_year(year, carried, movements))
        carried = book[-1].carried_out
    return book[::-1]


def fund_years(council: Council) -> list[int]:
    """The years in which the books have entries, latest first."""
    span = Transaction.objects.filter(ledger__kind=LEDGER_KIND, ledger__key=ledger_key(council)).aggregate(
        first=Min("occurred_on"), last=Max("occurred_on")
    )
    if span["first"] is None:
        return []
    return list(range(span["last"].year, span["first"].year - 1, -1))


def entries(council: Council) -> QuerySet[Transaction]:
    """The entries of a council's fund, latest first, with their postings and what takes them back."""
    return (
        Transaction.objects.filter(ledger__kind=LEDGER_KIND, ledger__key=ledger_key(council))
        .select_related("counters", "countered_by")
        .prefetch_related("postings__account")
        .order_by("-occurred_on", "-id")
    )
