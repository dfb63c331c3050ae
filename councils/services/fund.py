"""Writes on the village fund of a council: income, spending, what is taken back, and the settlement of a year (C9).

One ledger for each council; cash never falls below zero. A year that is settled takes no further entries.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from core.ledgers.models import Account, Ledger, Transaction
from core.ledgers.services import Leg, counter_transaction, open_account, open_ledger, record_transaction
from core.ledgers.states import AccountKind
from councils.fund import CASH, OPENING, Income, Spending
from councils.fund_wording import ACCOUNT_NAMES
from councils.models import Council, FundSettlement
from councils.queries.fund import LEDGER_KIND, fund_year, ledger_key, settled_until
from meetings.models import Resolution
from residents.models import User

FIRST_YEAR = 2000
FEE = "fee:"  # how the keys of course fees begin; what follows is the key of the enrolment and how many times


@dataclass(frozen=True, slots=True)
class Books:
    """The ledger of a council's fund with its cash account."""

    ledger: Ledger
    cash: Account


def open_books(council: Council, actor: User | None, at: datetime) -> Books:
    """The books of a council's fund, opened if there are none yet; within a transaction."""
    ledger = open_ledger(
        kind=LEDGER_KIND,
        key=ledger_key(council),
        title=_("Village fund of %(council)s") % {"council": council},
        actor=actor,
        at=at,
    )
    cash = _account(ledger, CASH, AccountKind.ASSET, actor, at, floor=0)
    return Books(ledger, cash)


@transaction.atomic
def record_income(  # noqa: PLR0913 - an entry has this many facts
    *,
    council_id: int,
    source: Income,
    amount: int,
    occurred_on: date,
    text: str,
    reference: str = "",
    key: str = "",
    actor: User | None,
    at: datetime,
) -> Transaction:
    """Record what came in. With a `key` the same order is recorded once.

    Raises RuleViolation for an amount that is not above zero, a day to come, or one of a year that is settled.
    """
    council = _open_year(council_id, amount, occurred_on, at)
    books = open_books(council, actor, at)
    account = _account(books.ledger, Income(source), AccountKind.INCOME, actor, at)
    legs = [Leg(books.cash.pk, amount), Leg(account.pk, -amount)]
    return _write(
        council,
        books,
        legs,
        occurred_on=occurred_on,
        text=text,
        reference=reference,
        key=key,
        actor=actor,
        at=at,
        action="councils.fund_income",
    )


@transaction.atomic
def record_spending(  # noqa: PLR0913 - an entry has this many facts
    *,
    council_id: int,
    purpose: Spending,
    amount: int,
    occurred_on: date,
    text: str,
    reference: str = "",
    key: str = "",
    actor: User | None,
    at: datetime,
) -> Transaction:
    """Record what was spent. Raises RuleViolation as `record_income`, and if there is not so much in cash."""
    council = _open_year(council_id, amount, occurred_on, at)
    books = open_books(council, actor, at)
    account = _account(books.ledger, Spending(purpose), AccountKind.EXPENSE, actor, at)
    legs = [Leg(account.pk, amount), Leg(books.cash.pk, -amount)]
    return _write(
        council,
        books,
        legs,
        occurred_on=occurred_on,
        text=text,
        reference=reference,
        key=key,
        actor=actor,
        at=at,
        action="councils.fund_spending",
    )


@transaction.atomic
def carry_in(*, council_id: int, amount: int, occurred_on: date, actor: User | None, at: datetime) -> Transaction:
    """Begin the books with what the fund held before, once. Raises RuleViolation if they have entries already."""
    council = _open_year(council_id, amount, occurred_on, at)
    books = open_books(council, actor, at)
    if Transaction.objects.filter(ledger=books.ledger).exists():
        raise RuleViolation(_("The books of this fund have entries already."), code="has_entries")
    opening = _account(books.ledger, OPENING, AccountKind.EQUITY, actor, at)
    legs = [Leg(books.cash.pk, amount), Leg(opening.pk, -amount)]
    return _write(
        council,
        books,
        legs,
        occurred_on=occurred_on,
        text=_("Carried in"),
        reference="",
        key="opening",
        actor=actor,
        at=at,
        action="councils.fund_carried_in",
    )


@transaction.atomic
def take_back_entry(
    *, council_id: int, transaction_id: int, reason: str, actor: User | None, at: datetime
) -> Transaction:
    """Take an entry of the fund back by its opposite, today.

    Raises RuleViolation if the year of today is settled, or for the fee of a programme: that is given back where it
    was recorded, so that the enrolment says so too.
    """
    council = _locked(council_id)
    _refuse_settled(council, timezone.localdate(at))
    wrong = Transaction.objects.filter(
        pk=transaction_id, ledger__kind=LEDGER_KIND, ledger__key=ledger_key(council)
    ).first()
    if wrong is None:
        raise RuleViolation(_("This entry does not belong to the fund of this council."), code="other_ledger")
    if wrong.key.startswith(FEE):
        raise RuleViolation(
            _("This is the fee of a programme. Please give it back in the list of enrolments."), code="is_fee"
        )
    entry = counter_transaction(transaction_id=transaction_id, reason=reason, actor=actor, at=at)
    _note("councils.fund_entry_taken_back", council, actor, at, {"entry": entry.pk})
    return entry


@transaction.atomic
def record_fee_income(  # noqa: PLR0913 - an entry has this many facts
    *, council_id: int, enrolment_id: int, amount: int, occurred_on: date, text: str, actor: User | None, at: datetime
) -> Transaction:
    """Record the fee of an enrolment as course fees. Raises RuleViolation as `record_income`."""
    times = _fees(council_id, enrolment_id).count()
    return record_income(
        council_id=council_id,
        source=Income.COURSES,
        amount=amount,
        occurred_on=occurred_on,
        text=text,
        key=f"{FEE}{enrolment_id}:{times + 1}",
        actor=actor,
        at=at,
    )


@transaction.atomic
def give_fee_back(*, council_id: int, enrolment_id: int, reason: str, actor: User | None, at: datetime) -> Transaction:
    """Take the fee of an enrolment out of the fund again, today.

    Raises RuleViolation if none stands in the books, or there is not so much in cash.
    """
    council = _locked(council_id)
    paid = _fees(council_id, enrolment_id).filter(countered_by__isnull=True).first()
    if paid is None:
        raise RuleViolation(_("No fee of this enrolment stands in the books."), code="no_fee")
    entry = counter_transaction(transaction_id=paid.pk, reason=reason, actor=actor, at=at)
    _note("councils.fund_entry_taken_back", council, actor, at, {"entry": entry.pk})
    return entry


def _fees(council_id: int, enrolment_id: int) -> QuerySet[Transaction]:
    return Transaction.objects.filter(
        ledger__kind=LEDGER_KIND, ledger__key=str(council_id), key__startswith=f"{FEE}{enrolment_id}:"
    )


@transaction.atomic
def settle_fund(  # noqa: PLR0913 - a settlement has this many facts
    *,
    council_id: int,
    year: int,
    note: str,
    settled_on: date,
    resolution: Resolution | None = None,
    actor: User,
    at: datetime,
) -> FundSettlement:
    """Close a year of the fund: what was carried in, came, went and is carried out is kept as it is now.

    Raises RuleViolation if the year is not over, was settled, an earlier year with entries was not, or nothing moved.
    """
    council = _locked(council_id)
    today = timezone.localdate(at)
    if not FIRST_YEAR <= year < today.year:
        raise RuleViolation(_("A year is settled when it is over."), code="year_not_over")
    if not date(year, 12, 31) < settled_on <= today:
        raise RuleViolation(_("The settlement comes after the year, and not ahead of time."))
    last = settled_until(council)
    if last is not None and year <= last:
        raise RuleViolation(_("This year has been settled already."), code="settled_already")
    ledger = Ledger.objects.filter(kind=LEDGER_KIND, key=ledger_key(council)).first()
    if ledger is None:
        raise RuleViolation(_("The fund of this council has no books yet."), code="no_books")
    open_since = date(last + 1, 1, 1) if last is not None else date.min
    if Transaction.objects.filter(
        ledger=ledger, occurred_on__gte=open_since, occurred_on__lt=date(year, 1, 1)
    ).exists():
        raise RuleViolation(_("An earlier year has not been settled yet. Please settle it first."), code="earlier_open")
    figures = fund_year(council, year)
    settlement = FundSettlement.objects.create(
        council=council,
        ledger=ledger,
        year=year,
        carried_in=figures.carried_in,
        income=figures.income,
        spending=figures.spending,
        sums=[[name, amount] for name, amount in figures.by_account.items()],
        note=note.strip(),
        resolution=resolution,
        settled_on=settled_on,
        settled_by=actor,
    )
    _note("councils.fund_settled", council, actor, at, {"year": year, "carried_out": figures.carried_out})
    return settlement


def _open_year(council_id: int, amount: int, day: date, at: datetime) -> Council:
    council = _locked(council_id)
    if amount <= 0:
        raise RuleViolation(_("An amount is a whole number of won above zero."), code="wrong_amount")
    if day > timezone.localdate(at):
        raise RuleViolation(_("An entry cannot lie in the future."), code="in_the_future")
    _refuse_settled(council, day)
    return council


def _refuse_settled(council: Council, day: date) -> None:
    last = settled_until(council)
    if last is not None and day.year <= last:
        raise RuleViolation(
            _("The year %(year)s of this fund is settled and takes no more entries.") % {"year": day.year},
            code="settled_already",
        )


def _account(  # noqa: PLR0913 - an account has this many facts
    ledger: Ledger, code: str, kind: AccountKind, actor: User | None, at: datetime, *, floor: int | None = None
) -> Account:
    return open_account(
        ledger_id=ledger.pk, code=code, name=str(ACCOUNT_NAMES[code]), kind=kind, floor=floor, actor=actor, at=at
    )


def _write(  # noqa: PLR0913 - an entry has this many facts
    council: Council,
    books: Books,
    legs: list[Leg],
    *,
    occurred_on: date,
    text: str,
    reference: str,
    key: str,
    actor: User | None,
    at: datetime,
    action: str,
) -> Transaction:
    entry = record_transaction(
        ledger_id=books.ledger.pk,
        occurred_on=occurred_on,
        text=text,
        reference=reference,
        key=key,
        legs=legs,
        actor=actor,
        at=at,
    )
    _note(action, council, actor, at, {"entry": entry.pk})
    return entry


def _locked(council_id: int) -> Council:
    return Council.objects.select_for_update(of=("self",)).select_related("dong__parent").get(pk=council_id)


def _note(action: str, council: Council, actor: User | None, at: datetime, details: dict[str, object]) -> None:
    record(actor=actor, action=action, target=council, scope=council.dong.path, details=details, at=at)
