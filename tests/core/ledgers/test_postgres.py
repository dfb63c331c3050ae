"""What only PostgreSQL can promise: triggers, and many who write at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from core.errors import RuleViolation
from core.ledgers.models import Posting, Transaction
from core.ledgers.queries import balance, balances
from core.ledgers.services import counter_transaction
from tests.core.ledgers.books import club_books, move
from tests.factories import NOON

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def execute(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_rows_cannot_be_changed_or_deleted():
    books = club_books()
    entry = move(books, books.cash, books.dues, 100)
    for sql in (
        "UPDATE ledgers_transaction SET text = 'x' WHERE id = %s",
        "DELETE FROM ledgers_posting WHERE transaction_id = %s",
        "UPDATE ledgers_posting SET amount = 5 WHERE transaction_id = %s",
    ):
        with pytest.raises(DatabaseError, match="only ever added"):
            execute(sql, entry.pk)


@transaction.atomic
def write(books, *sides, entry=None):
    """Add postings (account, amount) behind the services' back, to a new entry unless one is given."""
    if entry is None:
        entry = Transaction(ledger=books.ledger, occurred_on=NOON.date(), recorded_at=NOON, text="x", size=2)
        entry.save()
    for account, amount in sides:
        Posting.objects.create(transaction=entry, account=account, amount=amount)


def test_an_entry_that_does_not_balance_is_refused_at_commit():
    books = club_books()
    with pytest.raises(DatabaseError, match="does not balance"):
        write(books, (books.cash, 5), (books.dues, -4))
    assert not Transaction.objects.exists()


def test_an_entry_without_postings_is_refused_at_commit():
    with pytest.raises(DatabaseError, match="does not balance"):
        write(club_books())


def test_nothing_is_slipped_into_an_old_entry():
    books = club_books()
    entry = move(books, books.cash, books.dues, 100)
    with pytest.raises(DatabaseError, match="does not balance"):
        write(books, (books.cash, 5), (books.dues, -5), entry=entry)


def test_an_entry_stays_within_its_ledger():
    books, other = club_books(), club_books(key="other")
    with pytest.raises(DatabaseError, match="does not balance"):
        write(books, (books.cash, 5), (other.dues, -5))


def at_once(times, act):
    """Outcomes of `act` done `times` at once: the text of a refusal, or "done"."""

    def one(number):
        try:
            act(number)
        except RuleViolation as violation:
            return violation.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return sorted(pool.map(one, range(times)))


def test_those_who_spend_at_once_spend_no_more_than_there_is():
    books = club_books(cash_floor=0)
    move(books, books.cash, books.dues, 100)
    outcomes = at_once(8, lambda _number: move(books, books.costs, books.cash, 30))
    assert outcomes == ["below_floor"] * 5 + ["done"] * 3
    assert balance(books.cash) == 10


def test_the_same_order_at_once_is_recorded_once():
    books = club_books()
    assert at_once(6, lambda _number: move(books, books.cash, books.dues, 10, key="once")) == ["done"] * 6
    assert balance(books.cash) == 10


def test_an_entry_taken_back_at_once_is_taken_back_once():
    books = club_books()
    wrong = move(books, books.cash, books.dues, 100)
    outcomes = at_once(
        4, lambda _number: counter_transaction(transaction_id=wrong.pk, reason="틀림", actor=None, at=NOON)
    )
    assert outcomes == ["countered_already"] * 3 + ["done"]
    assert set(balances(books.ledger).values()) == {0}


def test_sums_stay_whole_whoever_writes():
    books = club_books()
    at_once(8, lambda number: move(books, books.cash, books.dues, number + 1))
    assert balance(books.cash) == balance(books.dues) == 36
