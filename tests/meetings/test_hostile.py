"""Addresses and codes that no page of ours ever gave out. PostgreSQL takes no text with a NUL."""

import pytest
from django.urls import reverse

from meetings import door
from tests.meetings.conftest import START

pytestmark = pytest.mark.django_db


def test_a_pass_with_a_nul(client, clock, hall):
    client.force_login(hall.keeper)
    assert client.get("/meetings/pass/a%00b/").status_code == 404


def test_a_personal_code_with_a_nul(client, clock, hall):
    token = door.token(hall.meeting.checkin_secret, hall.meeting.pk, START)
    client.get(reverse("meetings:door_link", args=[token]))
    answer = client.post(reverse("meetings:arrive", args=[hall.meeting.pk]), {"code": "ACDE\0FGH"})
    assert answer.status_code == 400


def test_the_link_that_stops_notices_with_a_nul(client):
    assert client.get("/notices/stop/a%00b/").status_code == 404
    assert client.post("/notices/stop/a%00b/").status_code == 404


def test_a_number_without_end_at_the_desk(client, clock, hall):
    client.force_login(hall.keeper)
    answer = client.post(reverse("meetings:desk", args=[hall.meeting.pk]), {"participant": "9" * 5000})
    assert answer.status_code == 404
