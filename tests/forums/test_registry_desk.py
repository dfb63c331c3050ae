"""The secretariat's pages on applications, members and accounts."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.models import AccessAct, AccessEntry
from forums.models import Application, Member, MemberAccount, Registration
from forums.services.applications import check_application
from forums.states import ApplicationStatus, MemberStatus
from forums.tasks import erase_due_applications
from forums.waiting.members import members_at_the_desk
from residents.states import Office, Role
from tests.factories import (
    ApplicationFactory,
    MemberFactory,
    MunicipalityFactory,
    OfficeTermFactory,
    RoleFactory,
    UserFactory,
    acting_for,
    serving_member,
)
from tests.forums.events import planned

pytestmark = pytest.mark.django_db
DESK = "/admin/forums"


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def secretary():
    return RoleFactory(role=Role.CLUB_SECRETARIAT, region=None).user


@pytest.fixture
def desk(client, secretary):
    client.force_login(secretary)
    return client


def lasting_term(**fields):
    """A term that runs today, whenever that is."""
    today = timezone.localdate()
    return OfficeTermFactory(
        since=today.replace(year=today.year - 1, day=1), until=today.replace(year=today.year + 2, day=1), **fields
    )


@pytest.fixture
def application():
    term = lasting_term(name="곽상욱", office=Office.MAYOR)
    return ApplicationFactory(
        name="곽상욱",
        region=term.region,
        office=Office.MAYOR,
        email="osan@example.org",
        term=term,
        erase_on=timezone.localdate(),
    )


@pytest.mark.parametrize("name", ["application", "member", "memberaccount"])
@pytest.mark.parametrize("role", [Role.OPERATOR, Role.DISTRICT_OFFICIAL])
def test_the_lists_are_the_secretariats(client, name, role):
    region = None if role == Role.OPERATOR else MunicipalityFactory()
    client.force_login(RoleFactory(role=role, region=region).user)
    assert client.get(f"{DESK}/{name}/").status_code == 404


@pytest.mark.parametrize("name", ["application", "member", "memberaccount"])
def test_each_list_opens_and_is_logged(desk, application, name):
    acting_for(serving_member())
    assert application

    assert desk.get(f"{DESK}/{name}/").status_code == 200
    assert AccessEntry.objects.filter(what=f"forums.{name}", act=AccessAct.LIST).count() == 1


def test_the_register_leads_to_the_import_and_the_directory(desk):
    html = desk.get(f"{DESK}/member/").content.decode()

    for address in ("/imports/new/forums.members/", "/club/directory/"):
        assert address in html
        assert desk.get(address).status_code == 200


def test_an_application_shows_the_check_against_the_bylaws(desk, application):
    html = desk.get(f"{DESK}/application/{application.pk}/change/").content.decode()

    assert str(_("bylaws, article %(number)s") % {"number": "2"}) in html
    assert AccessEntry.objects.filter(what="forums.application", act=AccessAct.READ).exists()


def test_nobody_changes_what_the_applicant_wrote(desk, application):
    response = desk.post(f"{DESK}/application/{application.pk}/change/", {"name": "다른 이름"})

    application.refresh_from_db()
    assert response.status_code in {403, 404}
    assert application.name == "곽상욱"
    assert desk.get(f"{DESK}/application/add/").status_code == 404


def test_from_the_application_to_the_register(desk, application):
    page = f"{DESK}/application/{application.pk}"
    assert desk.post(f"{page}/check/", {"term": application.term.pk}).status_code == 302
    assert desk.post(f"{page}/approve/", {}).status_code == 302

    member = Member.objects.get()
    application.refresh_from_db()
    assert (application.status, application.member) == (ApplicationStatus.APPROVED, member)
    assert "osan@example.org" in desk.get(f"{DESK}/member/{member.pk}/change/").content.decode()


def test_a_check_without_a_term_is_said(desk, application):
    response = desk.post(f"{DESK}/application/{application.pk}/check/", {})
    assert response.status_code == 400
    application.refresh_from_db()
    assert application.status == ApplicationStatus.SUBMITTED


def test_the_same_person_is_offered_before_a_new_member_is_made(desk, secretary, application):
    gone = MemberFactory(name="곽상욱", status=MemberStatus.LEFT, left_on=timezone.localdate())
    check_application(
        application_id=application.pk, term_id=application.term.pk, evidence="", actor=secretary, at=timezone.now()
    )

    html = desk.get(f"{DESK}/application/{application.pk}/approve/").content.decode()

    assert f'<option value="{gone.pk}" selected>' in html


@pytest.mark.parametrize(("act", "field"), [("ask", "what"), ("refuse", "reason")])
def test_asking_and_refusing_need_a_sentence(desk, application, act, field):
    page = f"{DESK}/application/{application.pk}/{act}/"
    assert desk.post(page, {field: " "}).status_code == 400
    assert desk.post(page, {field: "규약 제2조를 보아 주십시오."}).status_code == 302


def test_a_step_out_of_order_is_said(desk, application):
    assert desk.post(f"{DESK}/application/{application.pk}/approve/", {}).status_code == 409


def test_a_member_is_entered_changed_and_leaves(desk):
    term = lasting_term(name="홍미영")
    fields = {"name": "홍미영", "name_hanja": "洪美英", "former_office": "", "area": ""}
    added = {"kind": "regular", "term": term.pk, "joined_on": "", "mail_addresses": "a@example.org"}
    assert desk.post(f"{DESK}/member/add/", fields | added).status_code == 302
    member = Member.objects.get()
    page = f"{DESK}/member/{member.pk}"

    desk.post(f"{page}/change/", fields | {"mail_addresses": "a@example.org, b@example.org", "area": "인천"})
    assert [mail.address for mail in member.mails.all()] == ["a@example.org", "b@example.org"]

    desk.post(f"{page}/leave/", {"left_on": timezone.localdate().isoformat(), "reason": "본인 뜻"})
    member.refresh_from_db()
    assert member.status == MemberStatus.LEFT
    assert desk.post(f"{page}/come_back/", {"kind": "regular", "term": ""}).status_code == 302


def test_what_somebody_who_leaves_is_still_registered_for_is_said(desk):
    member, today = serving_member(), timezone.localdate()
    for title, days in (("지난 포럼", -9), ("오는 포럼", 9), ("먼 포럼", 20)):
        day = today + timedelta(days=days)
        forum = planned(title=title, starts_on=day, ends_on=day)
        for name, role in (("홍미영", "head"), ("김비서", "staff")):
            Registration.objects.create(
                forum=forum, member=member, name=name, role=role, status="registered", registered_at=timezone.now()
            )
    Registration.objects.filter(forum__title="먼 포럼").update(status="cancelled")
    sent = {"left_on": today.isoformat(), "reason": "본인 뜻"}
    page = desk.post(f"{DESK}/member/{member.pk}/leave/", sent, follow=True).content.decode()
    assert "오는 포럼" in page
    assert "지난 포럼" not in page
    assert "먼 포럼" not in page


def test_wrong_mail_addresses_are_said_beside_the_field(desk):
    member = serving_member()
    response = desk.post(
        f"{DESK}/member/{member.pk}/change/",
        {"name": member.name, "name_hanja": "", "former_office": "", "area": "", "mail_addresses": "nobody"},
    )
    assert response.status_code == 400
    assert "nobody" in response.content.decode()


def test_a_member_without_an_office_is_not_entered_as_a_regular_one(desk):
    response = desk.post(
        f"{DESK}/member/add/",
        {
            "name": "아무개",
            "name_hanja": "",
            "kind": "regular",
            "term": "",
            "joined_on": "",
            "former_office": "",
            "area": "",
            "mail_addresses": "",
        },
    )
    assert response.status_code == 409
    assert not Member.objects.exists()


@pytest.mark.parametrize(("address", "acts"), [("osan@example.org", True), ("stranger@example.org", False)])
def test_the_page_of_an_application_says_whether_its_account_will_act(desk, application, address, acts):
    """Approving hands an account the directory, so the secretariat sees beforehand whether it does."""
    application.user = UserFactory(email=address)
    application.save(update_fields=["user"])
    page = desk.get(f"{DESK}/application/{application.pk}/change/").text
    assert ("acts for the member as soon as" in page or "승인되면 바로" in page) is acts
    assert ("does not act for the member by itself" in page or "자동으로 회원을 대신하지 않습니다" in page) is not acts
    assert address not in page or acts  # the address of the application itself is shown


def test_an_account_is_let_act_and_ends(desk):
    member, user = serving_member(), UserFactory()
    assert desk.post(f"{DESK}/member/{member.pk}/invite/", {"email": user.email}).status_code == 302
    account = MemberAccount.objects.get()
    assert desk.post(f"{DESK}/memberaccount/{account.pk}/end/", {}).status_code == 302
    account.refresh_from_db()
    assert account.until == timezone.localdate()


def test_a_new_term_is_chosen_among_those_of_the_same_name(desk):
    member = MemberFactory(name="홍미영", kind="honorary")
    own, other = lasting_term(name="홍미영"), lasting_term(name="다른이")
    page = f"{DESK}/member/{member.pk}/begin_term/"

    assert desk.post(page, {"term": other.pk}).status_code == 400
    assert desk.post(page, {"term": own.pk}).status_code == 302
    member.refresh_from_db()
    assert member.kind == "regular"


def test_a_wish_makes_an_honorary_member(desk):
    member = MemberFactory()
    page = f"{DESK}/member/{member.pk}/make_honorary/"

    assert desk.post(page, {"former_office": "강진군수"}).status_code == 400
    assert desk.post(page, {"former_office": "강진군수", "wish": "on"}).status_code == 302


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(("name", "queries"), [("member", 14), ("application", 11)])
def test_the_lists_cost_the_same_for_one_and_for_thirty(desk, django_assert_max_num_queries, rows, name, queries):
    for _number in range(rows):
        serving_member()
        ApplicationFactory()
    desk.get(f"{DESK}/{name}/")

    with django_assert_max_num_queries(queries):
        desk.get(f"{DESK}/{name}/")


def test_what_waits_is_counted_for_the_secretariat_alone(secretary, application):
    MemberFactory()
    ApplicationFactory(status=ApplicationStatus.CHECKED)

    assert [line.count for line in members_at_the_desk(secretary)] == [1, 1, 1]
    assert members_at_the_desk(UserFactory()) == []
    assert str(application.pk) in members_at_the_desk(secretary)[0].url


def test_the_links_of_what_waits_open(desk, secretary):
    for _number in range(2):
        MemberFactory()
        ApplicationFactory()
        ApplicationFactory(status=ApplicationStatus.CHECKED)
    for line in members_at_the_desk(secretary):
        assert desk.get(line.url).status_code == 200


def test_data_is_deleted_by_the_clock(application):
    erase_due_applications()

    application = Application.objects.get(pk=application.pk)
    assert (application.name, application.status) == ("", ApplicationStatus.WITHDRAWN)
