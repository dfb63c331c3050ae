"""Every write to a ledger. Nothing is ever edited: a mistake is taken back by its exact opposite."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import HasPseudonym, record
from core.errors import RuleViolation
from core.ledgers.models import Account, Ledger, Posting, Transaction
from core.ledgers.queries import balance
from core.ledgers.states import AccountKind, Unit

# The most that fits a posting, in the ledger's unit: far above any budget, far below what the database can hold.
MOST = 10**15


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a transaction to be: a debit above zero, a credit below."""

    account_id: int
    amount: int


@transaction.atomic
def open_ledger(  # noqa: PLR0913 - a ledger has this many facts
    *, kind: str, key: str, title: str, unit: Unit = Unit.WON, actor: HasPseudonym | None, at: datetime
) -> Ledger:
    """The ledger of this kind and key, opened if there is none yet. One that is there keeps its title.

    Raises RuleViolation if there is one in another unit.
    """
    ledger, is_new = Ledger.objects.get_or_create(
        kind=kind, key=key, defaults={"title": title, "unit": unit, "opened_at": at}
    )
    if ledger.unit != unit:
        raise RuleViolation(_("This ledger is kept in another unit."), code="other_unit")
    if is_new:
        record(actor=actor, action="ledgers.ledger_opened", target=ledger, details={"type": kind}, at=at)
    return ledger


@transaction.atomic
def open_account(  # noqa: PLR0913 - an account has this many facts
    *,
    ledger_id: int,
    code: str,
    name: str,
    kind: AccountKind,
    floor: int | None = None,
    actor: HasPseudonym | None,
    at: datetime,
) -> Account:
    """The account with this code, opened if there is none yet. One that is there keeps its name.

    `floor` 0 is “spend no more than there is”. Raises RuleViolation if there is one of another kind or floor.
    """
    ledger = _locked(ledger_id)
    account, is_new = Account.objects.get_or_create(
        ledger=ledger, code=code, defaults={"name": name, "kind": kind, "floor": floor}
    )
    if (account.kind, account.floor) != (kind, floor):
        raise RuleViolation(_("There is an account with this code that follows other rules."), code="other_account")
    if is_new:
        record(actor=actor, action="ledgers.account_opened", target=account, at=at)
    return account


@transaction.atomic
def rename_account(*, account_id: int, name: str, actor: HasPseudonym | None, at: datetime) -> Account:
    """Give an account another name: the one thing of a ledger that may name a person, and is emptied with them."""
    _locked(Account.objects.values_list("ledger_id", flat=True).get(pk=account_id))
    account = Account.objects.get(pk=account_id)
    account.name = name
    account.save(update_fields=["name"])
    record(actor=actor, action="ledgers.account_renamed", target=account, at=at)
    return account


@transaction.atomic
def record_transaction(  # noqa: PLR0913 - a transaction has this many facts
    *,
    ledger_id: int,
    occurred_on: date,
    text: str,
    legs: Sequence[Leg],
    actor: HasPseudonym | None,
    at: datetime,
    reference: str = "",
    key: str = "",
) -> Transaction:
    """Record what moved between accounts of one ledger; the amounts sum to zero.

    With a `key` the same order is recorded once: sent again it gives back what was recorded, and raises RuleViolation
    if it says something else now. Neither text nor reference may name persons: they can never be deleted.
    Raises RuleViolation if the amounts do not sum to zero, are no whole numbers other than zero, belong to another
    ledger, lie in the future, or an account would fall below its floor.
    """
    ledger = _locked(ledger_id)
    text = text.strip()
    known = Transaction.objects.filter(ledger=ledger, key=key).first() if key else None
    if known is not None:
        return _the_same(known, occurred_on, text, legs)
    _check(occurred_on, text, legs, at)
    accounts = Account.objects.filter(ledger=ledger).in_bulk({leg.account_id for leg in legs})
    if len(accounts) != len({leg.account_id for leg in legs}):
        raise RuleViolation(_("All accounts of an entry belong to the same ledger."), code="other_ledger")
    _refuse_below_floor(accounts, legs)
    entry = _write(
        Transaction(
            ledger=ledger,
            occurred_on=occurred_on,
            recorded_at=at,
            text=text,
            reference=reference.strip(),
            key=key,
            actor=actor.pseudonym if actor else None,
        ),
        legs,
    )
    record(actor=actor, action="ledgers.transaction_recorded", target=entry, at=at)
    return entry


@transaction.atomic
def counter_transaction(
    *, transaction_id: int, reason: str, actor: HasPseudonym | None, at: datetime, occurred_on: date | None = None
) -> Transaction:
    """Take a transaction back by its exact opposite, on the day given or today. Possible once.

    Raises RuleViolation if no reason is given, it was taken back already, it takes back another one itself, the day
    lies before it, or an account would fall below its floor.
    """
    ledger = _locked(Transaction.objects.values_list("ledger_id", flat=True).get(pk=transaction_id))
    wrong = Transaction.objects.get(pk=transaction_id)
    reason = reason.strip()
    day = occurred_on or timezone.localdate(at)
    if not reason:
        raise RuleViolation(_("Please say why this entry is taken back."), code="reason_missing")
    if wrong.counters_id is not None:
        raise RuleViolation(_("This entry takes back another one. Please record a new entry instead."), code="counters")
    if Transaction.objects.filter(counters=wrong).exists():
        raise RuleViolation(_("This entry has been taken back already."), code="countered_already")
    if day < wrong.occurred_on:
        raise RuleViolation(_("An entry cannot be taken back before its own day."), code="before_its_day")
    legs = [Leg(posting.account_id, -posting.amount) for posting in wrong.postings.order_by("id")]
    _check(day, reason, legs, at)
    _refuse_below_floor(Account.objects.in_bulk({leg.account_id for leg in legs}), legs)
    entry = _write(
        Transaction(
            ledger=ledger,
            occurred_on=day,
            recorded_at=at,
            text=reason,
            reference=wrong.reference,
            actor=actor.pseudonym if actor else None,
            counters=wrong,
        ),
        legs,
    )
    record(actor=actor, action="ledgers.transaction_countered", target=wrong, details={"reason": reason}, at=at)
    return entry


def _locked(ledger_id: int) -> Ledger:
    """The ledger with its row lock: whoever writes to it next sees what is written now."""
    return Ledger.objects.select_for_update(no_key=True).get(pk=ledger_id)


def _check(occurred_on: date, text: str, legs: Sequence[Leg], at: datetime) -> None:
    if not text:
        raise RuleViolation(_("Please say what the entry is for."), code="text_missing")
    if occurred_on > timezone.localdate(at):
        raise RuleViolation(_("An entry cannot lie in the future."), code="in_the_future")
    if any(type(leg.amount) is not int or leg.amount == 0 or abs(leg.amount) > MOST for leg in legs):
        raise RuleViolation(_("Amounts are whole numbers other than zero."), code="wrong_amount")
    if len(legs) < 2 or sum(leg.amount for leg in legs) != 0:
        raise RuleViolation(_("An entry has at least two sides, and they balance."), code="not_balanced")


def _refuse_below_floor(accounts: dict[int, Account], legs: Sequence[Leg]) -> None:
    changes: defaultdict[int, int] = defaultdict(int)
    for leg in legs:
        changes[leg.account_id] += accounts[leg.account_id].sign * leg.amount
    for number, change in changes.items():
        account = accounts[number]
        if account.floor is None or change >= 0:
            continue
        held = balance(account)
        if held + change < account.floor:
            raise RuleViolation(
                _("There is not enough in “%(account)s”: it holds %(held)s, and %(change)s were to be taken.")
                % {"account": account.name, "held": f"{held:,}", "change": f"{-change:,}"},
                code="below_floor",
            )


def _write(entry: Transaction, legs: Sequence[Leg]) -> Transaction:
    entry.size = len(legs)
    entry.save()
    Posting.objects.bulk_create(
        Posting(transaction=entry, account_id=leg.account_id, amount=leg.amount) for leg in legs
    )
    return entry


def _the_same(known: Transaction, occurred_on: date, text: str, legs: Sequence[Leg]) -> Transaction:
    recorded = sorted(known.postings.values_list("account_id", "amount"))
    if (known.occurred_on, known.text, recorded) != (
        occurred_on,
        text,
        sorted((leg.account_id, leg.amount) for leg in legs),
    ):
        raise RuleViolation(_("This order was recorded before, with other contents."), code="key_taken")
    return known
