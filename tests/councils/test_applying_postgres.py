"""Two taps on the button at the same moment, on PostgreSQL."""

import threading

import pytest
from django.db import connection
from django.test import Client

from councils.models import Application
from tests.councils.recruiting import OPEN, announced
from tests.councils.test_applying import TYPED, consenting, page
from tests.factories import UserFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_an_application_is_received_once_and_both_taps_see_the_receipt(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: OPEN)
    recruitment, user = announced(), UserFactory(name="김하나")
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(user)
    clients[0].post(page(recruitment, "apply"), TYPED)
    start, answers = threading.Barrier(len(clients)), []

    def tap(client):
        start.wait()
        try:
            answers.append(client.post(page(recruitment, "apply_check"), consenting())["Location"])
        finally:
            connection.close()

    threads = [threading.Thread(target=tap, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [page(recruitment, "receipt")] * 2
    assert [one.number for one in Application.objects.all()] == [1]


def test_numbers_have_no_gap_when_many_apply_at_once(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: OPEN)
    recruitment = announced()
    clients = []
    for number in range(6):
        client = Client()
        client.force_login(UserFactory(name=f"김하{'가나다라마바'[number]}"))
        client.post(page(recruitment, "apply"), {**TYPED, "name": f"김하{'가나다라마바'[number]}"})
        clients.append(client)
    start = threading.Barrier(len(clients))

    def send(client):
        start.wait()
        try:
            client.post(page(recruitment, "apply_check"), consenting())
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(Application.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
