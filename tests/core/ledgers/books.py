"""A small ledger for tests: the club's cash, its dues and its costs."""

from types import SimpleNamespace

from core.ledgers.services import Leg, open_account, open_ledger, record_transaction
from core.ledgers.states import AccountKind
from tests.factories import NOON

TODAY = NOON.date()


def club_books(*, key="club", cash_floor=None):
    """The ledger with its accounts `cash` (an asset), `dues` (income) and `costs` (expense)."""
    ledger = open_ledger(kind="tests.club", key=key, title="회비 장부", actor=None, at=NOON)

    def account(code, kind, floor=None):
        return open_account(ledger_id=ledger.pk, code=code, name=code, kind=kind, floor=floor, actor=None, at=NOON)

    return SimpleNamespace(
        ledger=ledger,
        cash=account("cash", AccountKind.ASSET, cash_floor),
        dues=account("dues", AccountKind.INCOME),
        costs=account("costs", AccountKind.EXPENSE),
    )


def move(books, debit, credit, amount, *, day=TODAY, text="회비 납부", at=NOON, **facts):
    """Record `amount` from the account `credit` to the account `debit`."""
    legs = [Leg(debit.pk, amount), Leg(credit.pk, -amount)]
    return record_transaction(
        ledger_id=books.ledger.pk, occurred_on=day, text=text, legs=legs, actor=None, at=at, **facts
    )
