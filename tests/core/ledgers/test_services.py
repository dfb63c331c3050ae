"""What can be recorded, what is refused, and how a mistake is taken back."""

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.audit.models import AppendOnlyError, AuditEntry
from core.errors import RuleViolation
from core.ledgers.models import Account, Posting, Transaction
from core.ledgers.queries import balance, balances
from core.ledgers.services import (
    Leg,
    counter_transaction,
    open_account,
    open_ledger,
    record_transaction,
    rename_account,
)
from core.ledgers.states import AccountKind, Unit
from tests.core.ledgers.books import club_books, move
from tests.factories import NOON, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def books():
    return club_books()


def refused(code):
    return pytest.raises(RuleViolation, check=lambda violation: violation.code == code)


# --- recording --------------------------------------------------------------------------------------------------------


def test_a_payment_raises_cash_and_income(books):
    move(books, books.cash, books.dues, 300_000)
    assert (balance(books.cash), balance(books.dues), balance(books.costs)) == (300_000, 300_000, 0)


def test_an_entry_tells_who_recorded_it_by_a_pseudonym_only(books):
    officer = UserFactory()
    legs = [Leg(books.cash.pk, 5), Leg(books.dues.pk, -5)]
    entry = record_transaction(
        ledger_id=books.ledger.pk, occurred_on=NOON.date(), text="회비", legs=legs, actor=officer, at=NOON
    )
    assert entry.actor == officer.pseudonym
    logged = AuditEntry.objects.get(action="ledgers.transaction_recorded")
    assert (logged.target_id, logged.actor, logged.details) == (str(entry.pk), officer.pseudonym, {})


@pytest.mark.parametrize(
    ("amounts", "code"),
    [
        ((5, -4), "not_balanced"),
        ((), "not_balanced"),
        ((0, 0), "wrong_amount"),
        ((5.0, -5.0), "wrong_amount"),
        ((True, -1), "wrong_amount"),
        ((10**16, -(10**16)), "wrong_amount"),
    ],
)
def test_what_does_not_balance_in_whole_units_is_refused(books, amounts, code):
    accounts = (books.cash, books.dues)
    legs = [Leg(account.pk, amount) for account, amount in zip(accounts, amounts, strict=False)]
    with refused(code):
        record_transaction(
            ledger_id=books.ledger.pk, occurred_on=NOON.date(), text="회비", legs=legs, actor=None, at=NOON
        )
    assert not Transaction.objects.exists()


def test_tomorrow_is_refused(books):
    with refused("in_the_future"):
        move(books, books.cash, books.dues, 5, day=NOON.date() + timedelta(days=1))


def test_an_entry_says_what_it_is_for(books):
    with refused("text_missing"):
        move(books, books.cash, books.dues, 5, text="  ")


def test_accounts_of_another_ledger_are_refused(books):
    other = club_books(key="other")
    with refused("other_ledger"):
        move(books, books.cash, other.dues, 5)


def test_the_same_order_is_recorded_once(books):
    first = move(books, books.cash, books.dues, 5, key="payment:1")
    assert move(books, books.cash, books.dues, 5, key="payment:1") == first
    assert balance(books.cash) == 5


def test_the_same_key_for_another_order_is_refused(books):
    move(books, books.cash, books.dues, 5, key="payment:1")
    with refused("key_taken"):
        move(books, books.cash, books.dues, 6, key="payment:1")


def test_opening_twice_gives_the_same():
    books, again = club_books(), club_books()
    assert (books.ledger, books.cash) == (again.ledger, again.cash)
    assert AuditEntry.objects.filter(action="ledgers.ledger_opened").count() == 1


def test_what_is_open_keeps_its_unit_and_its_rules(books):
    with refused("other_unit"):
        open_ledger(kind="tests.club", key="club", title="", unit=Unit.POINTS, actor=None, at=NOON)
    with refused("other_account"):
        open_account(
            ledger_id=books.ledger.pk, code="cash", name="", kind=AccountKind.ASSET, floor=0, actor=None, at=NOON
        )


def test_an_account_can_be_renamed(books):
    rename_account(account_id=books.cash.pk, name="", actor=None, at=NOON)
    books.cash.refresh_from_db()
    assert not books.cash.name


# --- floors -----------------------------------------------------------------------------------------------------------


def test_no_more_is_spent_than_there_is():
    books = club_books(cash_floor=0)
    move(books, books.cash, books.dues, 100)
    with refused("below_floor"):
        move(books, books.costs, books.cash, 101)
    move(books, books.costs, books.cash, 100)
    assert balance(books.cash) == 0


def test_a_floor_counts_an_account_once_however_many_legs_it_has():
    books = club_books(cash_floor=0)
    move(books, books.cash, books.dues, 100)
    legs = [Leg(books.cash.pk, -60), Leg(books.cash.pk, -60), Leg(books.costs.pk, 120)]
    with refused("below_floor"):
        record_transaction(
            ledger_id=books.ledger.pk, occurred_on=NOON.date(), text="행사비", legs=legs, actor=None, at=NOON
        )


def test_a_floor_holds_for_what_people_own_too(books):
    points = open_account(
        ledger_id=books.ledger.pk, code="p", name="p", kind=AccountKind.LIABILITY, floor=0, actor=None, at=NOON
    )
    move(books, books.costs, points, 20)
    assert balance(points) == 20
    with refused("below_floor"):
        move(books, points, books.costs, 21)


def test_what_was_spent_cannot_be_taken_back_before():
    books = club_books(cash_floor=0)
    paid = move(books, books.cash, books.dues, 100)
    move(books, books.costs, books.cash, 80)
    with refused("below_floor"):
        counter_transaction(transaction_id=paid.pk, reason="두 번 적음", actor=None, at=NOON)


# --- taking back ------------------------------------------------------------------------------------------------------


def test_the_opposite_undoes_an_entry_and_both_stay(books):
    wrong = move(books, books.cash, books.dues, 100, day=NOON.date() - timedelta(days=3))
    opposite = counter_transaction(transaction_id=wrong.pk, reason="금액이 틀림", actor=None, at=NOON)
    assert opposite.counters == wrong
    assert opposite.occurred_on == NOON.date()
    assert set(opposite.postings.values_list("account", "amount")) == {(books.cash.pk, -100), (books.dues.pk, 100)}
    assert set(balances(books.ledger).values()) == {0}
    assert Transaction.objects.count() == 2


def test_an_entry_is_taken_back_once(books):
    wrong = move(books, books.cash, books.dues, 100)
    counter_transaction(transaction_id=wrong.pk, reason="금액이 틀림", actor=None, at=NOON)
    with refused("countered_already"):
        counter_transaction(transaction_id=wrong.pk, reason="금액이 틀림", actor=None, at=NOON)


def test_taking_back_is_not_taken_back(books):
    wrong = move(books, books.cash, books.dues, 100)
    opposite = counter_transaction(transaction_id=wrong.pk, reason="금액이 틀림", actor=None, at=NOON)
    with refused("counters"):
        counter_transaction(transaction_id=opposite.pk, reason="아님", actor=None, at=NOON)


def test_taking_back_needs_a_reason_and_a_day_not_before(books):
    wrong = move(books, books.cash, books.dues, 100)
    with refused("reason_missing"):
        counter_transaction(transaction_id=wrong.pk, reason=" ", actor=None, at=NOON)
    with refused("before_its_day"):
        counter_transaction(
            transaction_id=wrong.pk,
            reason="금액이 틀림",
            actor=None,
            at=NOON,
            occurred_on=NOON.date() - timedelta(days=1),
        )


# --- nothing changes --------------------------------------------------------------------------------------------------


def test_rows_refuse_to_change(books):
    entry = move(books, books.cash, books.dues, 100)
    posting = entry.postings.first()
    for act in (entry.save, entry.delete, posting.save, posting.delete, Posting.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            act()
    with pytest.raises(AppendOnlyError):
        Transaction.objects.update(text="다름")


def test_the_database_refuses_an_empty_posting(books):
    entry = move(books, books.cash, books.dues, 100)
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(transaction=entry, account=books.cash, amount=0)


def test_an_unknown_entry_cannot_be_taken_back():
    with pytest.raises(ObjectDoesNotExist):
        counter_transaction(transaction_id=1, reason="없음", actor=None, at=NOON)


# --- invariants -------------------------------------------------------------------------------------------------------

moves = st.lists(
    st.tuples(
        st.sampled_from(["cash", "dues", "costs"]), st.sampled_from(["cash", "dues", "costs"]), st.integers(1, 500)
    ),
    max_size=12,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(moves, st.data())
def test_whatever_is_recorded_and_taken_back_the_books_balance_above_their_floor(wanted, data):
    with transaction.atomic():
        books = club_books(key="random", cash_floor=0)
        for debit, credit, amount in wanted:
            try:
                entry = move(books, getattr(books, debit), getattr(books, credit), amount)
                if data.draw(st.booleans()):
                    counter_transaction(transaction_id=entry.pk, reason="다시", actor=None, at=NOON)
            except RuleViolation as violation:
                assert violation.code == "below_floor"  # noqa: PT017
        assert sum(Posting.objects.values_list("amount", flat=True)) == 0
        assert all(held >= 0 for account, held in balances(books.ledger).items() if account.floor == 0)
        assert Account.objects.filter(ledger=books.ledger).count() == 3
        transaction.set_rollback(True)
