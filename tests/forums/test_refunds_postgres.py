"""Two people at once at the club's money, on PostgreSQL."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from forums.models import Payment, Refund
from forums.queries.dues import paid_by
from forums.services.dues import record_payment, record_refund, take_back
from tests.factories import NOON, UserFactory, serving_member
from tests.forums.test_registry_postgres import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MAY = date(2026, 5, 1)


@pytest.fixture
def member():
    member = serving_member()
    record_payment(member_id=member.pk, amount=60_000, received_on=MAY, note="", actor=None, at=NOON)
    return member


def back(member, amount):
    return record_refund(member_id=member.pk, amount=amount, paid_on=MAY, reason="두 번 냄", actor=None, at=NOON)


def test_two_refunds_at_once_do_not_give_back_more_than_was_paid(member):
    results = at_once(*[lambda: back(member, 40_000)] * 2)
    assert sorted(results, key=str) == [None, "more_than_paid"]
    assert Refund.objects.count() == 1


def test_a_payment_is_not_taken_back_while_it_is_given_back(member):
    entry, actor = Payment.objects.get().transaction, UserFactory()
    results = at_once(lambda: back(member, 60_000), lambda: take_back(entry=entry, reason="착오", actor=actor, at=NOON))
    assert results.count(None) == 1
    assert paid_by([member.pk]).get(member.pk, 0) == 0


@pytest.mark.parametrize("book", ["payment", "refund", "taking back"])
def test_who_books_for_a_member_does_not_wait_for_who_charges_a_month(member, book):
    """Whoever charges holds the ledger and refers to members; whoever pays locks the member, then waits for the ledger.

    If the reference waited for that lock, both would wait for ever.
    """
    entry, actor = Payment.objects.get().transaction, UserFactory()
    bookings = {
        "payment": lambda: record_payment(member_id=member.pk, amount=1, received_on=MAY, note="", actor=None, at=NOON),
        "refund": lambda: back(member, 1),
        "taking back": lambda: take_back(entry=entry, reason="착오", actor=actor, at=NOON),
    }
    refers, booked, seen = threading.Event(), threading.Event(), []

    def charge():
        with transaction.atomic(), connection.cursor() as cursor:
            # What the database locks for a row that refers to the member.
            cursor.execute("SELECT 1 FROM forums_member WHERE id = %s FOR KEY SHARE", [member.pk])
            refers.set()
            seen.append(booked.wait(60))

    def pay():
        refers.wait()
        bookings[book]()
        booked.set()

    assert at_once(charge, pay) == [None, None]
    assert seen == [True]
