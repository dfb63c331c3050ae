"""What accounts hold, and statements."""

from datetime import date

import pytest

from core.ledgers.queries import balance, balances, journal, statement
from core.ledgers.services import counter_transaction
from tests.core.ledgers.books import club_books, move
from tests.factories import NOON

pytestmark = pytest.mark.django_db

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


@pytest.fixture
def books():
    books = club_books()
    # Recorded out of order: a statement goes by the day.
    move(books, books.cash, books.dues, 300, day=MAY)
    move(books, books.cash, books.dues, 100, day=MARCH)
    move(books, books.costs, books.cash, 40, day=APRIL)
    return books


def test_a_balance_counts_up_to_but_without_its_day(books):
    assert [balance(books.cash, day) for day in (MARCH, APRIL, MAY)] == [0, 100, 60]
    assert balance(books.cash) == 360


def test_balances_of_all_accounts(books):
    assert balances(books.ledger) == {books.cash: 360, books.costs: 40, books.dues: 400}
    assert balances(books.ledger, APRIL) == {books.cash: 100, books.costs: 0, books.dues: 100}


def test_a_statement_runs_from_its_opening_to_its_closing(books):
    cash = statement(books.cash, since=APRIL)
    assert (cash.opening, cash.closing) == (100, 360)
    assert [(line.change, line.balance) for line in cash.lines] == [(-40, 60), (300, 360)]
    assert (cash.received, cash.given) == (300, 40)


def test_a_statement_ends_before_its_day(books):
    assert statement(books.cash, until=APRIL).closing == 100


def test_an_empty_statement_closes_as_it_opens(books):
    later = statement(books.cash, since=date(2026, 5, 2))
    assert (later.opening, later.closing, later.lines) == (360, 360, ())


def test_a_statement_of_income_counts_what_came_in(books):
    assert [line.balance for line in statement(books.dues).lines] == [100, 400]


@pytest.mark.parametrize("more", [0, 30])
def test_reads_ask_little_of_the_database(books, more, django_assert_num_queries):
    for _round in range(more):
        move(books, books.cash, books.dues, 1, day=MAY)
    with django_assert_num_queries(2):
        assert [line.transaction.text for line in statement(books.cash, since=MARCH).lines]
    with django_assert_num_queries(1):
        balances(books.ledger)
    with django_assert_num_queries(3):
        rows = [
            (entry.counters, getattr(entry, "countered_by", None), [leg.account.name for leg in entry.postings.all()])
            for entry in journal(books.ledger)
        ]
    assert len(rows) == 3 + more


def test_the_journal_shows_what_was_taken_back(books):
    wrong = move(books, books.cash, books.dues, 7, day=MAY)
    opposite = counter_transaction(transaction_id=wrong.pk, reason="틀림", actor=None, at=NOON)
    assert [entry.countered_by for entry in journal(books.ledger) if entry == wrong] == [opposite]
