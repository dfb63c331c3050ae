"""Shared reads of ledgers: what accounts hold, and statements with a running balance. All in the ledger's unit."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from core.ledgers.models import Account, Ledger, Posting, Transaction


@dataclass(frozen=True, slots=True)
class Line:
    """One posting of a statement: what it changed, and what the account held after it."""

    posting: Posting
    change: int
    balance: int

    @property
    def transaction(self) -> Transaction:
        return self.posting.transaction


@dataclass(frozen=True, slots=True)
class Statement:
    """An account from the day `since` on, up to but without the day `until`; None is no limit."""

    account: Account
    since: date | None
    until: date | None
    opening: int
    lines: tuple[Line, ...]

    @property
    def closing(self) -> int:
        return self.lines[-1].balance if self.lines else self.opening

    @property
    def received(self) -> int:
        return sum(line.change for line in self.lines if line.change > 0)

    @property
    def given(self) -> int:
        return -sum(line.change for line in self.lines if line.change < 0)


def balance(account: Account, until: date | None = None) -> int:
    """What the account holds before the day `until`, or altogether. One query.

    Counted the way people speak of it: a debit raises assets and expenses, a credit raises liabilities, income, equity.
    """
    postings = Posting.objects.filter(account=account)
    if until is not None:
        postings = postings.filter(transaction__occurred_on__lt=until)
    return account.sign * (postings.aggregate(total=Sum("amount"))["total"] or 0)


def balances(ledger: Ledger, until: date | None = None) -> dict[Account, int]:
    """What every account of the ledger holds, in order of their codes. One query."""
    before = Q() if until is None else Q(postings__transaction__occurred_on__lt=until)
    accounts = ledger.accounts.annotate(total=Sum("postings__amount", filter=before)).order_by("code")
    return {account: account.sign * (account.total or 0) for account in accounts}


def statement(account: Account, *, since: date | None = None, until: date | None = None) -> Statement:
    """The account's postings by day with its running balance. Two queries, one without `since`.

    Within a day they stand in the order in which they were recorded.
    """
    opening = balance(account, since) if since is not None else 0
    postings = Posting.objects.filter(account=account).select_related("transaction")
    if since is not None:
        postings = postings.filter(transaction__occurred_on__gte=since)
    if until is not None:
        postings = postings.filter(transaction__occurred_on__lt=until)
    held = opening
    lines = []
    for posting in postings.order_by("transaction__occurred_on", "transaction_id", "id"):
        change = account.sign * posting.amount
        held += change
        lines.append(Line(posting, change, held))
    return Statement(account, since, until, opening, tuple(lines))


def journal(ledger: Ledger) -> QuerySet[Transaction]:
    """All transactions of the ledger by day, with their postings, accounts and what takes them back. Three queries."""
    return (
        Transaction.objects.filter(ledger=ledger)
        .select_related("counters", "countered_by")
        .prefetch_related("postings__account")
        .order_by("occurred_on", "id")
    )
