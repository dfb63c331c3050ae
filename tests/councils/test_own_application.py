"""The page of one's own application: stages, hours, supplement, withdrawal, number; for accounts and by key."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from core.templatetags.madang import moment_text
from councils.models import Application
from councils.queries.own import own_view
from councils.services.eligibility import ask_supplement, confirm_eligibility, credit_hours, exclude
from councils.services.erasure import erase_due, erase_of_account
from councils.services.pool import settle_pool
from residents.personal_data import sections_of
from tests.councils.recruiting import DATES, OPEN, SETTLING, announced, apply, settled
from tests.councils.test_applying import TYPED, page, text
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def during_applications(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: OPEN)


@pytest.fixture
def official():
    return UserFactory()


def of_key(application, act=""):
    name = f"application_{act}" if act else "application"
    return reverse(f"councils:{name}", args=[application.key])


def test_who_has_no_application_is_led_to_the_form(client):
    recruitment = announced()
    client.force_login(UserFactory())

    assert client.get(page(recruitment, "mine"))["Location"] == page(recruitment, "apply")


def test_nobody_sees_anothers(client):
    recruitment = announced()
    apply(recruitment, user=UserFactory(), name="김하나")
    client.force_login(UserFactory())

    assert client.get(page(recruitment, "receipt")).status_code == 404
    assert client.get(page(recruitment, "withdraw")).status_code == 404


def test_hours_are_told_with_what_is_missing(official):
    recruitment = announced(hours=6)
    application = apply(recruitment)
    confirm_eligibility(application_id=application.pk, document="주민등록증", actor=official, at=OPEN)
    credit_hours(application_id=application.pk, minutes=240, reason="다른 과정", actor=official, at=OPEN)

    application = Application.objects.get()
    view = own_view(application, OPEN)

    assert (view.hours.whole, view.hours.missing) == (240, 120)
    assert view.state == "교육 중" or application.status == "learning"


def test_what_is_asked_for_is_shown_and_can_be_sent(client, official):
    recruitment = announced()
    user = UserFactory(name="김하나")
    application = apply(recruitment, user=user, name="김하나")
    ask_supplement(application_id=application.pk, what="주소를 끝까지 적어 주세요.", actor=official, at=OPEN)
    client.force_login(user)

    asked = text(client.get(page(recruitment, "mine")))
    response = client.post(
        page(recruitment, "supplement"), {**TYPED, "address": "상무대로 1, 101동 202호", "answer": "적었습니다."}
    )
    again = client.post(page(recruitment, "supplement"), TYPED)

    application.refresh_from_db()
    assert "주소를 끝까지 적어 주세요." in asked
    assert response["Location"] == again["Location"] == page(recruitment, "mine")
    assert (application.status, application.address) == ("received", "상무대로 1, 101동 202호")


def test_by_key_nothing_personal_is_shown_again_and_empty_fields_stay(client, official):
    recruitment = announced()
    application = apply(recruitment, name="김하나", phone="01000000000", address="비밀로 7")
    ask_supplement(application_id=application.pk, what="전화번호를 확인해 주세요.", actor=official, at=OPEN)

    shown = client.get(of_key(application))
    client.post(of_key(application, "supplement"), {"name": "김하나", "sex": "female", "basis": "working",
                                                    "track": "open", "phone": "010-0000-0001"})  # fmt: skip

    application.refresh_from_db()
    assert "비밀로" not in text(shown)
    assert "01000000000" not in text(shown)
    assert shown["Referrer-Policy"] in {"no-referrer", "same-origin", "strict-origin"}
    assert "noindex" in shown["X-Robots-Tag"]
    assert (application.phone, application.address, application.basis) == ("01000000001", "비밀로 7", "working")


def test_a_wrong_supplement_is_a_sentence(client, official):
    recruitment = announced()
    application = apply(recruitment)
    ask_supplement(application_id=application.pk, what="확인해 주세요.", actor=official, at=OPEN)

    assert client.post(of_key(application, "supplement"), {"name": ""}).status_code == 400


def test_whoever_withdraws_after_the_deadline_is_not_told_to_apply_again(client, monkeypatch):
    application = apply(announced())
    early = text(client.get(of_key(application, "withdraw")))
    monkeypatch.setattr("django.utils.timezone.now", lambda: DATES.closes_at)
    late = text(client.get(of_key(application, "withdraw")))

    with override("ko"):
        until = moment_text(DATES.closes_at)
    assert (until in early, until in late) == (True, False)


@pytest.mark.parametrize(("status", "act"), [("draft", "apply"), ("supplement", "mine"), ("learning", "mine")])
def test_my_page_says_when_it_is_the_applicants_turn(client, monkeypatch, status, act):
    recruitment, user = announced(), UserFactory()
    application = apply(recruitment, user=user)
    Application.objects.filter(pk=application.pk).update(status=status, reason="주민등록증 사본이 필요합니다.")
    client.force_login(user)
    turn = f'href="{page(recruitment, act)}"'

    waiting = client.get(reverse("portal:me")).content.decode().split('id="took-part"')[0]
    monkeypatch.setattr("django.utils.timezone.now", lambda: DATES.learning_until)
    over = client.get(reverse("portal:me")).content.decode().split('id="took-part"')[0]

    assert (turn in waiting, turn in over) == (True, False)


def test_withdrawing_asks_first_and_says_what_follows(client):
    recruitment = announced()
    application = apply(recruitment)

    asked = client.get(of_key(application, "withdraw"))
    refused = client.post(of_key(application, "withdraw"))
    done = client.post(of_key(application, "withdraw"), {"understood": "on"})
    again = client.post(of_key(application, "withdraw"), {"understood": "on"})

    application.refresh_from_db()
    assert (asked.status_code, refused.status_code, done.status_code, again.status_code) == (200, 400, 302, 302)
    assert application.status == "withdrawn"


def test_who_withdrew_may_apply_again(client):
    recruitment = announced()
    user = UserFactory(name="김하나")
    apply(recruitment, user=user, name="김하나")
    client.force_login(user)
    client.post(page(recruitment, "withdraw"), {"understood": "on"})

    assert client.get(page(recruitment, "apply")).status_code == 200


def test_an_exclusion_is_shown_with_its_reason(client, official):
    recruitment = announced()
    application = apply(recruitment)
    exclude(application_id=application.pk, reason="이 동에 살지 않습니다.", actor=official, at=OPEN)

    assert "이 동에 살지 않습니다." in text(client.get(of_key(application)))


def test_the_number_in_the_pool_is_shown(client):
    recruitment = settled(pool=12)
    application = recruitment.applications.order_by("pk").first()

    shown = text(client.get(of_key(application)))

    assert f'own-number">{application.pool_number}<' in shown
    assert application.salt not in shown  # there is nothing to open before the freeze


def test_the_page_asks_the_database_as_often_with_many_steps(client, official, django_assert_num_queries):
    recruitment = announced(hours=6)
    application = apply(recruitment)
    number_of_queries = count_of(client, of_key(application))
    for number in range(30):
        application.steps.create(status="received", at=OPEN + timedelta(minutes=number))
    with django_assert_num_queries(number_of_queries):
        client.get(of_key(application))


def count_of(client, address):
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


class TestDeletion:
    def test_on_its_day_everything_personal_goes(self):
        recruitment = settled(pool=12)
        recruitment.refresh_from_db()
        gone = recruitment.applications.order_by("pk").first()
        recruitment.status, recruitment.cancelled_because = "cancelled", "시연"
        recruitment.save(update_fields=["status", "cancelled_because"])

        number = erase_due(at=OPEN.replace(year=DATES.erase_on.year + 1))

        gone.refresh_from_db()
        recruitment.refresh_from_db()
        assert number == 12
        assert (gone.name, gone.birth_date, gone.address, gone.salt) == ("", None, "", "")
        assert recruitment.erased_at is not None

    def test_before_its_day_nothing_goes(self):
        apply(announced())

        assert erase_due(at=OPEN) == 0

    def test_a_late_recruitment_keeps_who_still_waits(self, official):
        recruitment = announced()
        waits, over = apply(recruitment), apply(recruitment)
        exclude(application_id=over.pk, reason="겹친 신청", actor=official, at=OPEN)

        erase_due(at=OPEN.replace(year=DATES.erase_on.year + 1))

        waits.refresh_from_db()
        over.refresh_from_db()
        assert waits.name
        assert not over.name

    def test_with_the_account_the_application_ends(self):
        recruitment = announced(hours=6)
        user = UserFactory()
        application = apply(recruitment, user=user, name="김하나")

        erase_of_account(user=user, at=OPEN)

        application.refresh_from_db()
        assert (application.status, application.name, application.user) == ("withdrawn", "", None)

    def test_a_resident_sees_what_is_held(self):
        recruitment = announced()
        user = UserFactory()
        apply(recruitment, user=user, name="김하나", address="상무대로 9")

        held = next(section for section in sections_of(user) if section.key == "council_applications")

        assert {"김하나", "상무대로 9"} <= {fact.value for fact in held.records[0]}


def test_settling_is_told_on_the_page(client, official):
    recruitment = announced(hours=6)
    application = apply(recruitment)
    confirm_eligibility(application_id=application.pk, document="주민등록증", actor=official, at=OPEN)

    settle_pool(recruitment_id=recruitment.pk, actor=official, at=SETTLING)

    application.refresh_from_db()
    assert application.status == "excluded"
    assert application.reason in unescape(client.get(of_key(application)).content.decode())
