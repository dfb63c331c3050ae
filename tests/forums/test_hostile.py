"""What a clerk in a hurry, a clerk with something to hide, and time itself must not bring about."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from core.audit.models import AccessEntry, AuditEntry
from core.errors import RuleViolation
from core.notices.models import Delivery
from forums.consents import GUEST
from forums.documents.directory import vcards
from forums.models import CostShare, HostProfile, Material, Payment
from forums.services.admission import erase_old_guests, register_guest
from forums.services.applications import ask_for_supplement
from forums.services.forums import publish_forum, set_host_profile
from forums.services.materials import add_material, change_material, remove_material
from forums.services.publications import change_publication, withdraw_publication
from forums.services.registrations import Coming, Person
from forums.states import MemberStatus
from reports.registry import Order
from residents.models import LocalElection
from residents.personal_data import sections_of
from residents.services.endings import erase_person
from residents.states import Role
from tests.factories import (
    NOON,
    ApplicationFactory,
    CertificateFactory,
    MemberFactory,
    UserFactory,
    acting_for,
    official,
    serving_member,
)
from tests.forums.events import planned
from tests.forums.test_applications import submit
from tests.forums.test_materials import pdf
from tests.forums.test_publications import published as published_publication
from tests.forums.test_registrations import answer, open_now, published  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_now")]

GIVEN = {"actor": None, "at": NOON}


@pytest.fixture
def desk(client):
    client.force_login(official(Role.CLUB_SECRETARIAT))
    return client


def lock():
    LocalElection.objects.create(held_on=NOON.date() + timedelta(days=30), title="지방선거", source="시험")


def refused(call, **fields):
    with pytest.raises(RuleViolation) as no:
        call(**fields, **GIVEN)
    return no.value.code


# --- The lock before an election (O6) has no back door ----------------------------------------------------------------


def test_the_profile_of_a_public_event_is_publicity_too() -> None:
    public, draft = planned(), planned(number=25)
    publish_forum(forum_id=public.pk, **GIVEN)
    lock()
    assert refused(set_host_profile, forum_id=public.pk, goal="더 큰 도시") == "election_publicity"
    assert not HostProfile.objects.exists()
    assert set_host_profile(forum_id=draft.pk, goal="더 큰 도시", **GIVEN).goal


def test_no_material_is_opened_to_everybody_in_that_time() -> None:
    public = planned()
    publish_forum(forum_id=public.pk, **GIVEN)
    inside = add_material(forum_id=public.pk, data=pdf(1), name="a.pdf", title="자료", **GIVEN)
    shown = add_material(forum_id=public.pk, data=pdf(2), name="b.pdf", title="공개", is_public=True, **GIVEN)
    lock()
    new = {"forum_id": public.pk, "data": pdf(3), "name": "c.pdf", "title": "홍보"}
    assert refused(add_material, **new, is_public=True) == "election_publicity"
    assert refused(change_material, material_id=inside.pk, changes={"is_public": True}) == "election_publicity"
    assert refused(change_material, material_id=shown.pk, changes={"title": "업적"}) == "election_publicity"
    add_material(**new, **GIVEN)
    change_material(material_id=shown.pk, changes={"is_public": False}, **GIVEN)
    assert not Material.objects.filter(is_public=True).exists()


def test_a_publication_in_the_archive_says_nothing_new_in_that_time() -> None:
    one = published_publication()
    lock()
    assert refused(change_publication, publication_id=one.pk, changes={"summary": "업적"}) == "election_publicity"
    withdraw_publication(publication_id=one.pk, **GIVEN)
    assert change_publication(publication_id=one.pk, changes={"summary": "준비"}, **GIVEN).summary == "준비"


def test_the_audit_log_tells_which_file_came_and_went() -> None:
    forum = planned()
    material = add_material(forum_id=forum.pk, data=pdf(1), name="a.pdf", title="자료", **GIVEN)
    change_material(material_id=material.pk, changes={"title": "다른 자료"}, **GIVEN)
    remove_material(material_id=material.pk, **GIVEN)
    entries = AuditEntry.objects.filter(action__startswith="forums.material_")
    assert [entry.details["sha256"] for entry in entries] == [material.sha256] * 3


# --- The directory stays among members --------------------------------------------------------------------------------


def test_a_forum_book_never_becomes_a_file_for_everybody(client) -> None:
    book = published_publication(kind="book", data=pdf(), name="book.pdf")
    withdraw_publication(publication_id=book.pk, **GIVEN)
    assert refused(change_publication, publication_id=book.pk, changes={"kind": "journal"}) == "stays_a_book"
    assert client.get(reverse("forums:publication_file", args=[book.pk])).status_code == 404


def test_a_directory_of_a_day_gone_by_gives_no_address_of_who_left() -> None:
    stays, left = (
        MemberFactory(name="남은이"),
        MemberFactory(name="떠난이", status=MemberStatus.LEFT, left_on=NOON.date()),
    )
    for member in (stays, left):
        member.mails.create(address=f"m{member.pk}@example.org", position=0)
    order = Order(values={"on": NOON.date() - timedelta(days=1)}, reader=None, at=NOON)
    cards = vcards(order).decode()
    assert "떠난이" in cards
    assert f"m{stays.pk}@example.org" in cards
    assert f"m{left.pk}@example.org" not in cards


# --- What is deleted is deleted everywhere ----------------------------------------------------------------------------


def test_a_withdrawn_application_leaves_no_message_that_names_the_applicant(client) -> None:
    application = submit()
    assert Delivery.objects.filter(address=application.email).exists()
    client.post(reverse("forums:application_withdraw", args=[application.key]))
    for delivery in Delivery.objects.all():
        assert (delivery.address, delivery.name, delivery.context) == ("", "", {})
        assert delivery.status in {"left_out", "sent"}


def test_an_applicant_gets_what_was_written_about_them() -> None:
    applicant = UserFactory()
    application = submit(user=applicant)
    ask_for_supplement(
        application_id=application.pk, what="당선증을 보내 주십시오.", actor=official(Role.CLUB_SECRETARIAT), at=NOON
    )
    held = {section.key: section for section in sections_of(applicant)}
    assert "당선증을 보내 주십시오." in str(held["club_applications"].records)


def test_a_head_gets_what_the_register_and_the_lists_say_of_them_and_takes_their_address_along() -> None:
    forum, member = published(), serving_member()
    head, aide = UserFactory(), UserFactory()
    acting_for(member, head, is_head=True)
    acting_for(member, aide)
    member.mails.create(address=head.email, position=0)
    member.mails.create(address="office@example.org", position=1)
    answer(forum, member, Coming.HEAD, staff=[Person("수행원", "주무관", aide.email)], contact=head.email)

    held = {section.key: section for section in sections_of(head)}
    assert "office@example.org" in str(held["club_accounts"].records)
    assert [forum.title in str(record) for record in held["club_registrations"].records] == [True]
    held = {section.key: section for section in sections_of(aide)}
    assert "office@example.org" not in str(held["club_accounts"].records)
    assert ["수행원" in str(record) for record in held["club_registrations"].records] == [True]

    for account in (head, aide):
        erase_person(user_id=account.pk, actor=account, at=NOON)
    assert [mail.address for mail in member.mails.all()] == ["office@example.org"]
    assert set(forum.registrations.values_list("contact", flat=True)) == {""}
    assert forum.registrations.filter(name=member.name).exists()


def test_a_guest_who_registered_without_signing_in_is_found_by_their_address() -> None:
    forum, user = published(public_registration=True), UserFactory()
    register_guest(
        forum_id=forum.pk, name="손님", contact=user.email, consent_version=GUEST.version, user=None, at=NOON
    )
    assert "손님" in str(sections_of(user))
    erase_person(user_id=user.pk, actor=user, at=NOON)
    assert not forum.registrations.exclude(name="", contact="").exists()
    assert not Delivery.objects.exclude(address="", name="").exists()


def test_addresses_of_those_who_came_along_go_a_year_after_the_event() -> None:
    forum, member = published(), serving_member()
    answer(forum, member, Coming.HEAD, staff=[Person("수행원", "주무관", "aide@example.org")], contact="o@example.org")
    day = NOON + timedelta(days=(forum.ends_on - NOON.date()).days)
    forum.refresh_from_db()
    assert forum.meeting.participants.filter(email="aide@example.org").exists()
    erase_old_guests(at=day + timedelta(days=365))
    assert forum.registrations.filter(contact="aide@example.org").exists()
    erase_old_guests(at=day + timedelta(days=367))
    assert set(forum.registrations.values_list("contact", flat=True)) == {""}
    assert set(forum.meeting.participants.values_list("email", flat=True)) == {""}
    assert forum.registrations.filter(name="수행원", position="주무관").exists()


# --- No name in an address (decision 9) -------------------------------------------------------------------------------


def attendee():
    forum = published()
    answer(forum, serving_member(), Coming.HEAD, staff=[Person("홍길동", "주무관")])


FOUND = {
    "forums_registration": attendee,
    "forums_application": lambda: ApplicationFactory(name="홍길동"),
    "reports_certificate": lambda: CertificateFactory(holder_name="홍길동"),
    "notices_delivery": lambda: submit(name="홍길동"),
}


@pytest.mark.parametrize("which", FOUND)
def test_persons_are_looked_up_without_their_name_in_an_address(desk, which) -> None:
    FOUND[which]()
    if which == "notices_delivery":
        # What the site sends by itself the operator looks after.
        desk.force_login(official(Role.OPERATOR))
    page = desk.get(reverse(f"admin:{which}_changelist"))
    assert 'name="q"' not in page.content.decode()
    assert reverse(f"admin:{which}_find") in page.content.decode()
    before = set(AccessEntry.objects.values_list("pk", flat=True))
    found = desk.post(reverse(f"admin:{which}_find"), {"wanted": "길동"})
    assert [words for _url, words in found.context["found"] if "홍길동" in " ".join(words)]
    assert AccessEntry.objects.exclude(pk__in=before).get().act == "list"
    assert not desk.post(reverse(f"admin:{which}_find"), {"wanted": "임꺽정"}).context["found"]
    assert desk.post(reverse(f"admin:{which}_find"), {"wanted": ""}).status_code == 400


# --- A button pressed twice -------------------------------------------------------------------------------------------


def test_a_payment_whose_page_is_sent_twice_is_booked_once(desk) -> None:
    page = reverse("admin:forums_payment_add")
    key = desk.get(page).context["adminform"].form["form_key"].value()
    sent = {"member": MemberFactory().pk, "amount": 1000, "received_on": "2026-03-05", "note": "", "form_key": str(key)}
    for _time in range(2):
        assert desk.post(page, sent).status_code == 302
    assert Payment.objects.count() == 1
    desk.post(page, sent | {"form_key": str(uuid.uuid4())})
    assert Payment.objects.count() == 2


def test_shared_costs_whose_page_is_sent_twice_are_booked_once(desk) -> None:
    page = reverse("admin:forums_costshare_add")
    members = [member.pk for member in MemberFactory.create_batch(3)]
    sent = {"title": "버스", "total": 1000, "members": members, "rule": "remainder_to_club", "split_on": "2026-03-05"}
    sent["rule"] = next(iter(desk.get(page).context["adminform"].form.fields["rule"].choices))[0]
    sent["form_key"] = str(uuid.uuid4())
    for _time in range(2):
        assert desk.post(page, sent).status_code == 302
    assert CostShare.objects.count() == 1
    assert CostShare.objects.get().split_on == date(2026, 3, 5)
