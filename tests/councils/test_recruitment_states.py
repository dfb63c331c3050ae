"""The state of a recruitment in words, where lists and pages name it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from councils.models import Recruitment
from tests.councils.recruiting import announced

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("hours", "words"), [(24, "residents’ school under way"), (-1, "applications are over")])
def test_after_the_applications_it_is_said_what_is_under_way(client, hours, words):
    recruitment = announced(hours=6)
    now = timezone.now()
    days = {
        "opens_at": now - timedelta(days=20),
        "closes_at": now - timedelta(hours=2),
        "learning_until": now + timedelta(hours=hours),
        "draw_at": now + timedelta(days=9),
        "appoints_on": (now + timedelta(days=20)).date(),
        "erase_on": (now + timedelta(days=400)).date(),
    }
    Recruitment.objects.filter(pk=recruitment.pk).update(**days)
    for address in ("/en/recruitments/", f"/en/recruitments/{recruitment.pk}/"):
        assert words in client.get(address).content.decode(), address
