"""What applicants are told, in both languages, and that nobody without an address is written to."""

import pytest
from django.conf import settings
from django.template.loader import get_template

from core.notices.kinds import kind_called
from core.notices.models import Delivery
from councils.notices.applications import KINDS, LAPSED
from councils.notices.courses import CANCELLED, CHANGED
from councils.services.eligibility import ask_supplement, confirm_eligibility
from tests.councils.recruiting import OPEN, announced, apply
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ALL = [*(name for name, _title in (*KINDS.values(), LAPSED)), CHANGED, CANCELLED]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_each_kind_has_words(name, language):
    context = {"title": "상무2동 위원 모집", "number": 7, "what": "주소", "position": 3, "pool_number": 12,
               "courses": ["1강"], "path": "/x/", "place": "동"}  # fmt: skip

    rendered = get_template(kind_called(name).template(language)).render(context)

    assert "상무2동 위원 모집" in rendered
    assert "/x/" in rendered


def test_an_account_is_led_to_its_page_and_others_to_their_key():
    recruitment = announced()
    apply(recruitment, user=UserFactory(email="hana@example.org", name="김하나"), name="김하나")
    guest = apply(recruitment, email="duri@example.org")

    paths = [one.context["path"] for one in Delivery.objects.order_by("pk")]

    assert paths == [f"/recruitments/{recruitment.pk}/mine/", f"/applications/{guest.key}/"]


def test_who_left_no_address_is_not_written_to():
    apply(announced())

    assert not Delivery.objects.exists()


def test_what_is_asked_for_stands_in_the_mail():
    application = apply(announced(), email="duri@example.org")

    ask_supplement(application_id=application.pk, what="주소를 적어 주세요.", actor=UserFactory(), at=OPEN)

    assert Delivery.objects.order_by("pk").last().context["what"] == "주소를 적어 주세요."


def test_a_confirmation_that_courses_follow_is_one_mail():
    application = apply(announced(hours=6), email="duri@example.org")
    before = Delivery.objects.count()

    confirm_eligibility(application_id=application.pk, document="주민등록증", actor=UserFactory(), at=OPEN)

    told = list(Delivery.objects.order_by("pk")[before:])
    assert [one.mailing.kind for one in told] == ["councils.application_learning"]
