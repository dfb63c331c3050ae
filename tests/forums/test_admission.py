"""Events with admission: places, the waiting list, guests, certificates."""

from datetime import datetime, timedelta

import pytest
from django.core import signing
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.errors import RuleViolation
from core.notices.models import Delivery, Mailing
from forums.consents import GUEST, GUESTS_KEPT
from forums.models import Registration
from forums.services.admission import certify_completion, erase_old_guests, erase_registrations_of, register_guest
from forums.services.forums import cancel_forum, change_forum, mark_held, publish_forum
from forums.services.programme_notices import CANCELLED, CHANGED
from forums.services.registration_notices import CONFIRMED, MOVED_UP, token_of
from forums.services.registrations import cancel_registration, register_attendee
from forums.states import EventKind, RegistrationStatus
from meetings.services import check_in
from reports.models import Certificate
from residents.states import Role
from tests.factories import NOON, SEOUL, UserFactory, official
from tests.forums.events import planned
from tests.forums.test_registrations import open_now  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

REGISTERED, WAITING = RegistrationStatus.REGISTERED, RegistrationStatus.WAITING
ON_THE_DAY = datetime(2026, 7, 10, 12, 30, tzinfo=SEOUL)
AFTER = datetime(2026, 7, 12, 9, 0, tzinfo=SEOUL)


def academy(places=2, **fields):
    forum = planned(
        **{
            "kind": EventKind.ACADEMY,
            "title": "목민관 아카데미",
            "public_registration": True,
            "places": places,
            **fields,
        }
    )
    publish_forum(forum_id=forum.pk, actor=None, at=NOON)
    forum.refresh_from_db()
    return forum


def guest(forum, number, at=NOON, **fields):
    values = {"name": f"손님{number}", "contact": f"guest{number}@example.org", "user": None, **fields}
    return register_guest(forum_id=forum.pk, consent_version=GUEST.version, at=at, **values)


def states(forum):
    return list(forum.registrations.order_by("pk").values_list("status", flat=True))


def test_who_comes_after_the_last_place_waits() -> None:
    forum = academy(places=2)
    for number in range(3):
        guest(forum, number, at=NOON + timedelta(minutes=number))
    assert states(forum) == [REGISTERED, REGISTERED, WAITING]


def test_a_place_that_gets_free_goes_to_who_waited_longest_and_they_are_told() -> None:
    forum = academy(places=1)
    first, second, third = (guest(forum, number, at=NOON + timedelta(minutes=number)) for number in range(3))
    cancel_registration(registration_id=first.pk, actor=None, at=NOON + timedelta(hours=1))
    assert states(forum) == [RegistrationStatus.CANCELLED, REGISTERED, WAITING]
    assert Delivery.objects.get(mailing__kind=MOVED_UP).address == second.contact
    second.refresh_from_db()
    assert second.participant is not None
    assert third.participant is None


def test_who_cancels_and_comes_back_stands_behind_those_who_wait() -> None:
    forum = academy(places=1)
    first, second = (guest(forum, number, at=NOON + timedelta(minutes=number)) for number in range(2))
    cancel_registration(registration_id=first.pk, actor=None, at=NOON + timedelta(hours=1))
    again = guest(forum, 0, at=NOON + timedelta(hours=2))
    second.refresh_from_db()
    assert (second.status, again.status, again.pk) == (REGISTERED, WAITING, first.pk)


def test_the_same_address_is_registered_once_and_nobody_learns_of_it() -> None:
    forum = academy()
    first = guest(forum, 1)
    again = guest(forum, 1, name="다른 이름", contact="GUEST1@example.org ")
    assert again.pk == first.pk
    again.refresh_from_db()
    assert again.name == "손님1"
    assert Mailing.objects.filter(kind=CONFIRMED).count() == 1


@pytest.mark.parametrize(
    ("fields", "event"),
    [
        ({"name": " "}, {}),
        ({"contact": ""}, {}),
        ({}, {"public_registration": False}),
        ({"at": datetime(2026, 7, 10, 13, 20, tzinfo=SEOUL)}, {}),
    ],
)
def test_what_does_not_fit_is_refused_whole(fields, event) -> None:
    forum = academy(**event)
    with pytest.raises(RuleViolation):
        guest(forum, 1, **fields)
    assert not Registration.objects.exists()
    assert not Mailing.objects.exists()


def test_consent_to_another_text_does_not_count() -> None:
    forum = academy()
    with pytest.raises(RuleViolation):
        register_guest(
            forum_id=forum.pk, name="가", contact="a@example.org", consent_version=GUEST.version + 1, user=None, at=NOON
        )


class Places(TestCase):
    """Whatever people do, no place is given twice and none stays free while somebody waits."""

    @given(st.integers(0, 4), st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=14))
    @settings(max_examples=25, deadline=None)
    def test_places_are_given_exactly(self, places, steps) -> None:
        forum = academy(places=places)
        for minute, (comes, number) in enumerate(steps):
            at = NOON + timedelta(minutes=minute)
            if comes:
                guest(forum, number, at=at)
                continue
            held = forum.registrations.filter(
                contact=f"guest{number}@example.org", status__in=[REGISTERED, WAITING]
            ).first()
            if held:
                cancel_registration(registration_id=held.pk, actor=None, at=at)
        found = states(forum)
        taken, waiting = found.count(REGISTERED), found.count(WAITING)
        assert taken <= places
        assert waiting == 0 or taken == places
        forum.refresh_from_db()
        listed = forum.meeting.participants.count() if forum.meeting else 0
        assert listed == taken


# --- The pages --------------------------------------------------------------------------------------------------------


def sent(**fields):
    return {
        "name": "홍길동",
        "organisation": "",
        "position": "",
        "contact": "hong@example.org",
        "consent": "on",
        "consent_version": str(GUEST.version),
        **fields,
    }


def test_anybody_registers_for_a_public_event(client, open_now) -> None:  # noqa: F811 - the fixture
    forum = academy()
    url = reverse("forums:register", args=[forum.pk])
    assert client.get(url).status_code == 200
    response = client.post(url, sent())
    assert response.status_code == 302
    one = forum.registrations.get()
    assert (one.name, one.contact, one.status) == ("홍길동", "hong@example.org", REGISTERED)
    assert "홍길동" not in client.get(url).content.decode()


def test_without_consent_nobody_is_registered(client, open_now) -> None:  # noqa: F811 - the fixture
    forum = academy()
    values = sent()
    values.pop("consent")
    assert client.post(reverse("forums:register", args=[forum.pk]), values).status_code == 400
    assert not Registration.objects.exists()


def test_a_forum_of_the_members_takes_no_guests(client, open_now) -> None:  # noqa: F811 - the fixture
    forum = academy(public_registration=False)
    client.post(reverse("forums:register", args=[forum.pk]), sent())
    assert not Registration.objects.exists()


def test_a_guest_sees_and_cancels_their_own_by_the_link(client, open_now) -> None:  # noqa: F811 - the fixture
    one = guest(academy(), 1)
    url = reverse("forums:registration", args=[token_of(one)])
    response = client.get(url)
    assert response.status_code == 200
    assert response["X-Robots-Tag"].startswith("noindex")
    assert one.contact not in response.content.decode()
    client.post(url)
    one.refresh_from_db()
    assert one.status == RegistrationStatus.CANCELLED
    # Pressed twice: the same is said, and nothing else happens.
    assert client.post(url).status_code == 302
    one.refresh_from_db()
    assert one.status == RegistrationStatus.CANCELLED


def test_guests_behind_one_address_are_counted_by_a_rate_of_their_own(client, open_now, settings) -> None:  # noqa: F811 - the fixture
    forum = academy()
    settings.CLUB_JOIN_RATE, settings.EVENT_REGISTER_RATE = "1/h/ip", "2/h/ip"
    url = reverse("forums:register", args=[forum.pk])
    answers = [client.post(url, sent(contact=f"guest{number}@example.org")).status_code for number in range(3)]
    assert answers == [302, 302, 429]


def test_a_made_up_link_opens_nothing(client) -> None:
    one = guest(academy(), 1)
    for token in ("x", "1:2:3", signing.dumps(one.pk, salt="another"), str(one.pk)):
        assert client.get(reverse("forums:registration", args=[token])).status_code == 404


# --- Certificates -----------------------------------------------------------------------------------------------------


def test_who_was_there_gets_a_certificate_once() -> None:
    forum, actor = academy(), official(Role.CLUB_SECRETARIAT)
    came, away = guest(forum, 1), guest(forum, 2)
    check_in(participant_id=came.participant_id, way="desk", actor=None, at=ON_THE_DAY)
    with pytest.raises(RuleViolation):
        certify_completion(forum_id=forum.pk, actor=actor, at=ON_THE_DAY)
    mark_held(forum_id=forum.pk, actor=None, at=AFTER)
    assert certify_completion(forum_id=forum.pk, actor=actor, at=AFTER) == 1
    certificate = Certificate.objects.get()
    assert certificate.holder_name == "손님1"
    assert "손님" not in str(certificate.facts)
    with pytest.raises(RuleViolation):
        certify_completion(forum_id=forum.pk, actor=actor, at=AFTER)
    away.refresh_from_db()
    assert away.certificate is None


def test_a_regular_forum_has_no_certificates() -> None:
    forum = academy(kind=EventKind.FORUM)
    mark_held(forum_id=forum.pk, actor=None, at=AFTER)
    with pytest.raises(RuleViolation):
        certify_completion(forum_id=forum.pk, actor=official(Role.CLUB_SECRETARIAT), at=AFTER)


# --- The language of mails --------------------------------------------------------------------------------------------


def test_a_guest_is_written_to_in_the_language_in_which_they_registered(client, open_now) -> None:  # noqa: F811 - the fixture
    forum = academy(places=1)
    korean = guest(forum, 0)
    sent = {"name": "Guest", "contact": "guest@example.org", "consent": "on", "consent_version": GUEST.version}
    assert client.post(f"/en/club/forums/{forum.pk}/register/", sent).status_code == 302
    english = forum.registrations.get(contact="guest@example.org")
    assert (korean.language, english.language) == ("ko", "en")
    confirmed = Delivery.objects.filter(mailing__kind=CONFIRMED).order_by("pk")
    assert [one.language for one in confirmed] == ["ko", "en"]
    assert confirmed[1].context["path"].startswith("/en/")

    cancel_registration(registration_id=korean.pk, actor=None, at=NOON + timedelta(hours=1))
    moved = Delivery.objects.get(mailing__kind=MOVED_UP)
    assert (moved.language, moved.context["when"]) == ("en", "Fri 10 Jul 2026 ~ Sat 11 Jul 2026")


def test_changes_and_cancellations_are_told_to_each_in_their_language() -> None:
    forum = academy(places=None)
    guest(forum, 0)
    guest(forum, 1, language="en")
    change_forum(forum_id=forum.pk, changes={"title": "새 이름"}, actor=None, at=NOON)
    publish_forum(forum_id=forum.pk, actor=None, at=NOON)
    cancel_forum(forum_id=forum.pk, reason="태풍", actor=None, at=NOON)
    for kind in (CHANGED, CANCELLED):
        korean, english = Delivery.objects.filter(mailing__kind=kind).order_by("address")
        assert (korean.language, english.language) == ("ko", "en")
        assert korean.context["path"] == f"/club/forums/{forum.pk}/"
        assert english.context["path"] == f"/en/club/forums/{forum.pk}/"
        assert english.context["first_day"] == "Fri 10 Jul 2026"
    changed = Delivery.objects.get(mailing__kind=CHANGED, language="en")
    assert any("is now called" in line for line in changed.context["changes"])


def test_who_registers_again_is_written_to_in_the_language_of_now() -> None:
    forum = academy()
    one = guest(forum, 1)
    cancel_registration(registration_id=one.pk, actor=None, at=NOON + timedelta(hours=1))
    assert guest(forum, 1, at=NOON + timedelta(hours=2), language="en").language == "en"


def test_the_desk_says_and_changes_in_which_language(client, settings) -> None:
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    client.force_login(official(Role.CLUB_SECRETARIAT))
    forum = academy()
    add = reverse("admin:forums_registration_add")
    assert client.post(add, {"forum": forum.pk, "role": "guest", "name": "Guest", "language": "en"}).status_code == 302
    one = Registration.objects.get()
    page = reverse("admin:forums_registration_change", args=[one.pk])
    client.post(page, {"name": "Guest", "position": "Mayor"})
    one.refresh_from_db()
    assert (one.position, one.language) == ("Mayor", "en")
    client.post(page, {"name": "Guest", "position": "Mayor", "language": "ko"})
    one.refresh_from_db()
    assert one.language == "ko"
    assert client.post(page, {"name": "Guest", "language": "fr"}).status_code == 400


# --- Data of guests ---------------------------------------------------------------------------------------------------


def test_guests_are_forgotten_a_year_after_their_event() -> None:
    forum = academy()
    one = guest(forum, 1)
    official_line = register_attendee(
        forum_id=forum.pk, role="staff", name="수행원", contact="s@example.org", actor=None, at=NOON
    )
    last = datetime(2026, 7, 11, 12, 0, tzinfo=SEOUL) + timedelta(days=GUESTS_KEPT)
    assert erase_old_guests(at=last) == 0
    # The guest, and the address of the official.
    assert erase_old_guests(at=last + timedelta(days=1)) == 2
    one.refresh_from_db()
    official_line.refresh_from_db()
    assert (one.name, one.contact, one.participant.email) == ("", "", "")
    assert (official_line.name, official_line.contact) == ("수행원", "")
    assert erase_old_guests(at=last + timedelta(days=2)) == 0


def test_with_an_account_go_its_registrations() -> None:
    user = UserFactory()
    one = guest(academy(), 1, user=user)
    assert erase_registrations_of(user=user, at=NOON) == 1
    one.refresh_from_db()
    assert (one.name, one.user) == ("", None)
