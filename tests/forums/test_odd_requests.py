"""What strangers, members and the secretariat meet when they ask for what they may not, or send what nobody writes."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.audit.models import AccessEntry
from core.notices.models import Delivery
from forums.consents import GUEST
from forums.documents.attendees import build
from forums.models import Registration
from forums.services.forums import change_forum
from forums.services.registration_notices import MOVED_UP, token_of
from forums.services.registrations import Coming, Person
from reports.registry import Order
from residents.states import Role
from tests.factories import NOON, MunicipalityFactory, UserFactory, acting_for, official, serving_member
from tests.forums.events import planned
from tests.forums.test_admission import academy, guest, states
from tests.forums.test_publications import published as published_publication
from tests.forums.test_registrations import answer, open_now, published, secretary, sent  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_now")]

REGISTERED, WAITING = "registered", "waiting"
UNPRINTED = ["가\x00나", "가\x08나", "가\u202e나", "가\ufffe나", "가\u200b나"]


def form(**fields):
    values = {"name": "손님", "organisation": "", "position": "", "contact": "g@example.org"}
    return {**values, "consent_version": str(GUEST.version), "consent": "on", **fields}


# --- What is written --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", UNPRINTED)
@pytest.mark.parametrize("field", ["organisation", "position"])
def test_a_guest_writes_signs_that_can_be_printed(client, field, text) -> None:
    """A file of the list would be broken by some of them, and turned around by others."""
    response = client.post(reverse("forums:register", args=[academy().pk]), form(**{field: text}))
    assert response.status_code == 400
    assert not Registration.objects.exists()


@pytest.mark.parametrize("text", UNPRINTED)
def test_an_office_writes_signs_that_can_be_printed(client, text) -> None:
    forum, member = published(), serving_member()
    client.force_login(acting_for(member))
    url = reverse("forums:register", args=[forum.pk])
    assert client.post(url, sent(staff=[{"name": text, "position": "", "contact": ""}])).status_code == 400
    assert client.post(url, sent("proxy", proxy_name=text)).status_code == 400
    assert not Registration.objects.exists()


def test_lines_become_one(client) -> None:
    client.post(reverse("forums:register", args=[academy().pk]), form(organisation="가\r\nBcc: x@example.org"))
    assert Registration.objects.get().organisation == "가 Bcc: x@example.org"


# --- Places -----------------------------------------------------------------------------------------------------------


def test_more_places_go_to_who_waits_before_anybody_new() -> None:
    forum = academy(places=1)
    _first, second = (guest(forum, number, at=NOON + timedelta(minutes=number)) for number in range(2))
    change_forum(forum_id=forum.pk, changes={"places": 2}, actor=None, at=NOON + timedelta(hours=1))
    assert Delivery.objects.get(mailing__kind=MOVED_UP).address == second.contact
    guest(forum, 9, at=NOON + timedelta(hours=2))
    assert states(forum) == [REGISTERED, REGISTERED, WAITING]


def test_a_place_that_an_office_gives_back_is_not_its_own_to_pass_on() -> None:
    forum, member, other = published(places=2), serving_member(), serving_member()
    answer(forum, member, staff=[Person("수행원")])
    waiting = answer(forum, other, at=NOON + timedelta(minutes=1))
    assert waiting.status == WAITING
    answer(forum, member, Coming.HEAD, at=NOON + timedelta(minutes=2), staff=[Person("다른 수행원")])
    waiting.refresh_from_db()
    assert waiting.status == REGISTERED
    assert forum.registrations.get(name="다른 수행원").status == WAITING


# --- Who reads --------------------------------------------------------------------------------------------------------


def test_the_secretariat_leaves_a_trace_where_it_reads_what_an_office_answered(client) -> None:
    forum, member = published(), serving_member()
    answer(forum, member, staff=[Person("수행원")], contact="office@example.org")
    url = f"{reverse('forums:register', args=[forum.pk])}?member={member.pk}"
    client.force_login(acting_for(member))
    client.get(url)
    assert not AccessEntry.objects.exists()
    user = secretary()
    client.force_login(user)
    assert "office@example.org" in client.get(url).content.decode()
    entry = AccessEntry.objects.get()
    assert (entry.account, entry.what, entry.count) == (user.pseudonym, "forums.registration", 2)


def test_the_list_calls_the_event_as_it_was_published(client) -> None:
    forum, member = published(), serving_member()
    answer(forum, member)
    client.force_login(acting_for(member))
    change_forum(forum_id=forum.pk, changes={"title": "아직 모르는 제목"}, actor=None, at=NOON)
    for name in ("attendees", "register"):
        assert "아직 모르는 제목" not in client.get(reverse(f"forums:{name}", args=[forum.pk])).content.decode()
    assert "아직 모르는 제목" not in build(Order(values={"forum": f"#{forum.pk}"}, reader=None, at=NOON)).title


STRANGERS = {
    "visitor": lambda: None,
    "resident": UserFactory,
    "account that acted until yesterday": lambda: acting_for(
        serving_member(), since=NOON.date() - timedelta(days=9), until=NOON.date()
    ),
    "district official": lambda: official(region=MunicipalityFactory()),
    "operator": lambda: official(Role.OPERATOR),
}


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_read_no_names_and_order_nothing(client, who) -> None:
    forum, draft, member = published(), planned(), serving_member(name="김갑수")
    answer(forum, member)
    if user := STRANGERS[who]():
        client.force_login(user)
    for event in (forum, draft):
        register = reverse("forums:register", args=[event.pk])
        assert "김갑수" not in client.get(register).content.decode()
        assert client.get(f"{register}?member={member.pk}").status_code == 404
        assert client.get(reverse("forums:attendees", args=[event.pk])).status_code == 404
        for name in ("book", "remind"):
            assert client.post(reverse(f"forums:{name}", args=[event.pk])).status_code == 404
        for name in ("forum-attendees", "forum-book"):
            ordered = client.post(f"/documents/{name}/", {"p-forum": f"#{event.pk}", "format": "pdf"})
            assert ordered.status_code == (404 if user else 302)
            assert user or "login" in ordered["Location"]


def test_a_member_orders_nothing_of_a_draft(client) -> None:
    draft = planned()
    client.force_login(acting_for(serving_member()))
    assert client.get(reverse("forums:attendees", args=[draft.pk])).status_code == 404
    for name in ("forum-attendees", "forum-book"):
        assert client.post(f"/documents/{name}/", {"p-forum": f"#{draft.pk}", "format": "pdf"}).status_code == 403


def test_nothing_is_sent_in_somebody_elses_name() -> None:
    forum, open_to_all = published(), academy()
    strict = Client(enforce_csrf_checks=True)
    token = token_of(guest(open_to_all, 1))
    assert strict.post(reverse("forums:register", args=[open_to_all.pk]), form()).status_code == 403
    assert strict.post(reverse("forums:registration", args=[token])).status_code == 403
    strict.force_login(secretary())
    for name in ("remind", "book"):
        assert strict.post(reverse(f"forums:{name}", args=[forum.pk])).status_code == 403


def test_a_link_that_was_not_given_opens_nothing(client) -> None:
    forum, member = published(), serving_member()
    for token in ("x", "%00", ".a:b:c", "%ED%A0%80", "é:é:é", "9" * 3000, token_of(answer(forum, member))):
        assert client.get(f"/club/registrations/{token}/").status_code == 404


def test_a_guest_registers_a_few_times_an_hour(client, settings) -> None:
    settings.EVENT_REGISTER_RATE = "10/h/ip"
    url = reverse("forums:register", args=[academy(places=50).pk])
    sent_from = [f"10.0.0.{number}" for number in range(11)]
    answers = [
        client.post(url, form(contact=f"g{number}@example.org"), headers={"x-forwarded-for": address}).status_code
        for number, address in enumerate(sent_from)
    ]
    assert answers == [302] * 10 + [429]


def test_a_sign_that_no_text_holds_is_passed_over_in_a_search(client) -> None:
    """PostgreSQL takes no text with it."""
    one = published_publication(title="목민광장")
    for words, is_found in (("\x00목민\x00광장", True), ("\x00없는", False)):
        page = client.get(reverse("forums:publications"), {"q": words}).content.decode()
        assert (f'id="publication-{one.pk}"' in page) is is_found


@pytest.mark.parametrize(("name", "field"), [("costshare", "members"), ("clubmeeting", "called_by")])
def test_a_number_that_no_database_holds_is_no_choice(client, name, field):
    client.force_login(official(Role.CLUB_SECRETARIAT))
    assert client.post(f"/admin/forums/{name}/add/", {field: [str(10**20)]}).status_code == 400


def test_a_number_that_no_database_holds_is_no_theme(client):
    client.force_login(official(Role.CLUB_SECRETARIAT))
    forum = planned()
    rows = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-title": "발표", "form-0-themes": [str(10**20)]}
    page = reverse("admin:forums_forum_timetable", args=[forum.pk, 1])
    assert client.post(page, rows).status_code == 400
