"""Applications for membership: the form, the applicant's own page, the steps of the secretariat, the deletion."""

import uuid
from datetime import date, timedelta
from html import unescape

import pytest
from django.core import mail
from django.urls import reverse

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.notices.models import Delivery
from forums.consents import MEMBERSHIP
from forums.models import Application, Member
from forums.queries.members import checks_of, entry_of
from forums.services.applications import (
    Given,
    answer_request,
    approve_application,
    ask_for_supplement,
    check_application,
    erase_due,
    refuse_application,
    submit_application,
    withdraw_application,
)
from forums.services.members import leave_club
from forums.states import ApplicationStatus, MemberKind, MemberStatus
from residents.personal_data import erase, sections_of
from residents.services import erase_person
from residents.states import Office, Role
from tests.factories import (
    NOON,
    ApplicationFactory,
    MemberFactory,
    MunicipalityFactory,
    OfficeTermFactory,
    ProvinceFactory,
    RoleFactory,
    UserFactory,
    acting_for,
    serving_member,
)

pytestmark = pytest.mark.django_db
DAY = NOON.date()
JOIN = "/club/join/"


@pytest.fixture
def secretary():
    return RoleFactory(role=Role.CLUB_SECRETARIAT, region=None).user


@pytest.fixture
def term():
    return OfficeTermFactory(region=MunicipalityFactory(name="오산시", parent=ProvinceFactory(name="경기도")),
                             office=Office.MAYOR, name="곽상욱", name_hanja="郭相旭",
                             until=date(2090, 7, 1))  # fmt: skip


def given(term=None, **fields):
    values = {
        "kind": MemberKind.REGULAR,
        "name": "곽상욱",
        "organisation": "오산시",
        "office": Office.MAYOR,
        "email": "osan@example.org",
        "birth_date": date(1964, 1, 1),
        "phone": "0313710000",
        "mobile": "01012345678",
        "address": "경기도 오산시",
        "region": term.region if term else None,
        "pledged": True,
    }
    return Given(**values | fields)


def submit(term=None, user=None, key=None, at=NOON, **fields):
    return submit_application(
        key=key or uuid.uuid4(),
        given=given(term, **fields),
        consent_version=MEMBERSHIP.version,
        user=user,
        language="ko",
        at=at,
    )


def checked(application, term, secretary, at=NOON):
    return check_application(
        application_id=application.pk, term_id=term.pk if term else None, evidence="", actor=secretary, at=at
    )


# --- sending it -------------------------------------------------------------------------------------------------------


def test_an_application_finds_the_term_of_office_it_is_for(term):
    assert submit(term).term == term


@pytest.mark.parametrize("fields", [{"name": "다른 사람"}, {"office": Office.COUNTY_HEAD}, {"region": None}])
def test_a_term_of_somebody_else_is_not_taken(term, fields):
    assert submit(term, **fields).term is None


def test_it_is_sent_once_with_the_same_key(term):
    key = uuid.uuid4()

    assert submit(term, key=key) == submit(term, key=key)
    assert Application.objects.count() == 1


def test_the_applicant_gets_a_mail_with_the_address_of_the_page(term, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        application = submit(term)

    assert mail.outbox[0].to == ["osan@example.org"]
    assert f"/club/join/{application.key}/" in mail.outbox[0].body


def test_a_stranger_learns_nothing_about_another_application_for_the_same_office(term):
    submit(term)

    second = submit(term, email="other@example.org")

    assert second.status == ApplicationStatus.SUBMITTED
    assert second.term is None


def test_an_account_has_one_open_application(term):
    user = UserFactory()
    submit(term, user=user)

    with pytest.raises(RuleViolation) as no:
        submit(term, user=user)
    assert no.value.code == "own_application_open"


@pytest.mark.parametrize(("version", "pledged"), [(MEMBERSHIP.version - 1, True), (MEMBERSHIP.version, False)])
def test_without_todays_consent_and_the_pledge_nothing_is_taken(version, pledged):
    with pytest.raises(RuleViolation):
        submit_application(
            key=uuid.uuid4(),
            given=given(pledged=pledged),
            consent_version=version,
            user=None,
            language="ko",
            at=NOON,
        )
    assert not Application.objects.exists()


def test_the_audit_log_names_nobody(term):
    submit(term)

    entry = AuditEntry.objects.get(action="forums.application_submitted")
    assert entry.details == {"type": "regular"}
    assert entry.actor is None


# --- steps of the secretariat -----------------------------------------------------------------------------------------


def test_approval_makes_a_member_with_term_mail_and_account(term, secretary):
    user = UserFactory(name="곽상욱", email="osan@example.org")
    application = checked(submit(term, user=user), term, secretary)

    approve_application(application_id=application.pk, member_id=None, actor=secretary, at=NOON)

    member = Member.objects.get()
    assert (member.name, member.name_hanja, member.kind, member.area) == ("곽상욱", "郭相旭", "regular", "경기")
    assert member.joined_on == DAY
    assert [one.term for one in member.terms.all()] == [term]
    assert [one.address for one in member.mails.all()] == ["osan@example.org"]
    assert [(one.user, one.is_head) for one in member.accounts.all()] == [(user, True)]


def test_an_account_of_another_address_than_the_checked_one_does_not_act(term, secretary):
    """Whoever sends what is known of a head, with the address of the office, must not get at the directory by it."""
    stranger = UserFactory(name="곽상욱", email="stranger@example.org")
    application = checked(submit(term, user=stranger), term, secretary)

    approve_application(application_id=application.pk, member_id=None, actor=secretary, at=NOON)

    assert not Member.objects.get().accounts.exists()
    assert not stranger.has_perm("forums.read_directory")


def test_every_step_is_told_and_kept(term, secretary, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        application = submit(term)
        ask_for_supplement(application_id=application.pk, what="임기를 알려 주십시오.", actor=secretary, at=NOON)
        answer_request(key=application.key, given=given(term), user=None, at=NOON)
        checked(application, term, secretary)
        approve_application(application_id=application.pk, member_id=None, actor=secretary, at=NOON)

    assert [step.status for step in application.steps.all()] == [
        "submitted",
        "supplement",
        "submitted",
        "checked",
        "approved",
    ]
    assert len(mail.outbox) == 3
    assert "임기를 알려 주십시오." in mail.outbox[1].body


def test_a_refusal_gives_its_reason(term, secretary):
    application = refuse_application(
        application_id=submit(term).pk, reason="규약 제2조에 맞지 않습니다.", actor=secretary, at=NOON
    )

    assert application.reason == "규약 제2조에 맞지 않습니다."
    assert application.erase_on == DAY + timedelta(days=90)


def test_a_refusal_without_a_reason_is_none(term, secretary):
    with pytest.raises(RuleViolation):
        refuse_application(application_id=submit(term).pk, reason=" ", actor=secretary, at=NOON)


def test_nothing_is_approved_that_was_not_checked(term, secretary):
    with pytest.raises(RuleViolation):
        approve_application(application_id=submit(term).pk, member_id=None, actor=secretary, at=NOON)
    assert not Member.objects.exists()


def test_a_regular_membership_needs_a_term_that_runs(term, secretary):
    application = submit(term)

    with pytest.raises(RuleViolation) as no:
        checked(application, None, secretary)
    assert no.value.code == "not_serving"
    with pytest.raises(RuleViolation):
        checked(application, OfficeTermFactory(until=DAY), secretary)


def test_a_term_that_ended_between_check_and_approval_approves_nobody(term, secretary):
    application = checked(submit(term), term, secretary)

    with pytest.raises(RuleViolation):
        approve_application(
            application_id=application.pk, member_id=None, actor=secretary, at=NOON + timedelta(days=365 * 70)
        )


def test_a_former_head_is_believed_on_evidence_or_a_term_that_is_over(secretary):
    application = submit(kind=MemberKind.HONORARY, organisation="강진군", office=Office.COUNTY_HEAD)

    with pytest.raises(RuleViolation) as no:
        checked(application, None, secretary)
    assert no.value.code == "no_evidence"
    check_application(
        application_id=application.pk, term_id=None, evidence="2010년 군수 당선증", actor=secretary, at=NOON
    )
    approve_application(application_id=application.pk, member_id=None, actor=secretary, at=NOON)

    assert Member.objects.get().former_office == "강진군수"


def test_a_former_head_stands_in_the_directory_by_office_and_area(secretary):
    province = ProvinceFactory(name="전라남도")
    county = MunicipalityFactory(name="강진군", parent=province)
    application = submit(
        kind=MemberKind.HONORARY, organisation="전남 강진군", office=Office.COUNTY_HEAD, region=county, name="황주홍"
    )
    check_application(
        application_id=application.pk, term_id=None, evidence="2010년 군수 당선증", actor=secretary, at=NOON
    )
    approve_application(application_id=application.pk, member_id=None, actor=secretary, at=NOON)

    entry = entry_of(Member.objects.get(), DAY)
    assert (entry.area, entry.title) == ("전남", "前 강진군수")


def test_a_former_head_whose_term_is_known_stands_by_it(secretary):
    over = OfficeTermFactory(
        region=MunicipalityFactory(name="오산시", parent=ProvinceFactory(name="경기도")),
        office=Office.MAYOR,
        name="곽상욱",
        since=date(2018, 7, 1),
        until=date(2022, 7, 1),
    )
    application = checked(submit(over, kind=MemberKind.HONORARY, organisation="오산"), over, secretary)
    approve_application(application_id=application.pk, member_id=None, actor=secretary, at=NOON)

    entry = entry_of(Member.objects.get(), DAY)
    assert (entry.area, entry.title) == ("경기", "前 오산시장")


def test_a_serving_head_is_no_honorary_member(term, secretary):
    with pytest.raises(RuleViolation) as no:
        checked(submit(term, kind=MemberKind.HONORARY), term, secretary)
    assert no.value.code == "not_former"


def test_who_left_and_comes_back_is_the_same_member(term, secretary):
    member = MemberFactory(name="곽상욱", joined_on=date(2010, 9, 7))
    leave_club(member_id=member.pk, left_on=date(2018, 7, 1), reason="임기 만료", actor=secretary, at=NOON)
    application = checked(submit(term), term, secretary)

    approve_application(application_id=application.pk, member_id=member.pk, actor=secretary, at=NOON)

    member.refresh_from_db()
    assert (member.status, member.joined_on) == (MemberStatus.ACTIVE, date(2010, 9, 7))
    assert [one.term for one in member.terms.all()] == [term]


def test_nobody_becomes_a_member_twice_for_the_same_term(secretary):
    member = serving_member()
    term = member.terms.get().term
    application = checked(submit(term, name=member.name, office=term.office), term, secretary)

    for chosen in (None, member.pk):
        with pytest.raises(RuleViolation):
            approve_application(application_id=application.pk, member_id=chosen, actor=secretary, at=NOON)
    assert Member.objects.count() == 1


def test_the_check_shows_members_and_applications_for_the_same_office():
    member = serving_member()
    term = member.terms.get().term
    submit(term, name="하나", office=term.office)
    application = submit(term, name="둘", office=term.office)

    assert [check.met for check in checks_of(application, DAY)] == [True, False, False, False]


# --- deletion ---------------------------------------------------------------------------------------------------------


def emptied(application):
    application.refresh_from_db()
    assert application.birth_date is None
    assert not any([application.phone, application.mobile, application.address, application.email])
    return application


def test_a_withdrawn_application_is_deleted_at_once(term):
    application = withdraw_application(key=submit(term).key, user=None, at=NOON)

    application = emptied(application)
    assert (application.name, application.region, application.term) == ("", None, None)
    assert application.status == ApplicationStatus.WITHDRAWN


def test_a_refused_application_is_deleted_after_90_days(term, secretary):
    application = submit(term)
    refuse_application(application_id=application.pk, reason="사유", actor=secretary, at=NOON)

    assert erase_due(at=NOON + timedelta(days=89)) == 0
    assert erase_due(at=NOON + timedelta(days=90)) == 1
    assert emptied(application).name == ""
    assert not any(step.note for step in application.steps.all())
    assert erase_due(at=NOON + timedelta(days=91)) == 0


def test_an_undecided_application_ends_with_its_data(term):
    application = submit(term)

    erase_due(at=NOON + timedelta(days=90))

    assert emptied(application).status == ApplicationStatus.WITHDRAWN
    assert application.steps.last().note


def test_of_an_approved_one_name_and_office_stay(term, secretary):
    application = checked(submit(term), term, secretary)
    approve_application(application_id=application.pk, member_id=None, actor=secretary, at=NOON)

    assert erase_due(at=NOON + timedelta(days=30)) == 1

    application = emptied(application)
    assert (application.name, application.office) == ("곽상욱", Office.MAYOR)
    assert Member.objects.get().mails.get().address == "osan@example.org"


def test_a_deleted_application_is_not_taken_up_again(term, secretary):
    application = withdraw_application(key=submit(term).key, user=None, at=NOON)

    with pytest.raises(RuleViolation) as no:
        checked(application, term, secretary)
    assert no.value.status == 404


def test_the_person_gets_what_is_held_and_it_goes_with_the_account(term):
    user = UserFactory()
    submit(term, user=user)
    member = serving_member()
    acting_for(member, user)

    held = {section.key: section for section in sections_of(user)}
    assert "osan@example.org" in str(held["club_applications"].records)
    assert member.name in str(held["club_accounts"].records)

    erase(user, NOON)

    assert emptied(Application.objects.get()).user is None
    assert member.accounts.get().until == DAY


# --- pages ------------------------------------------------------------------------------------------------------------


def form_of(term, **fields):
    return {
        "key": str(uuid.uuid4()),
        "kind": "regular",
        "name": "곽상욱",
        "name_hanja": "郭相旭",
        "organisation": "오산시",
        "region": str(term.region.pk),
        "office": "mayor",
        "birth_date": "19640101",
        "phone": "",
        "mobile": "010-1234-5678",
        "email": "OSAN@example.org",
        "address": "경기도 오산시",
        "pledged": "on",
        "consent": "on",
        "consent_version": str(MEMBERSHIP.version),
    } | fields


def test_the_form_works_without_an_account_and_leads_to_the_own_page(client, term):
    response = client.post(JOIN, form_of(term), follow=True)

    application = Application.objects.get()
    assert response.redirect_chain[0][0] == f"/club/join/{application.key}/"
    assert (application.email, application.mobile) == ("osan@example.org", "01012345678")
    assert application.term == term


def test_the_form_shows_the_whole_consent(client):
    html = unescape(client.get(JOIN).content.decode())

    for part in (MEMBERSHIP.aim, MEMBERSHIP.period, MEMBERSHIP.refusal, *MEMBERSHIP.items.values()):
        assert str(part) in html


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"email": "nobody"},
        {"birth_date": "1964"},
        {"office": "governor"},
        {"office": "king"},
        {"region": "99999"},
        {"region": "999999999999999999999"},
        {"kind": "guest"},
        {"pledged": ""},
        {"consent": ""},
        {"consent_version": "0"},
        {"key": "none"},
        {"mobile": "전화 없음"},
        {"name_hanja": "Kwak"},
        {"address": "900101-1234567"},
        {"organisation": "오산시 900101 1234567"},
        {"name": "가" * 200},
        {"organisation": "오산\0시"},
    ],
)
def test_wrong_input_is_said_and_nothing_is_kept(client, term, fields):
    response = client.post(JOIN, form_of(term, **fields))

    assert response.status_code == 400
    assert "form-errors" in response.content.decode()
    assert not Application.objects.exists()


def test_more_applications_than_people_send_are_slowed_down(client, term, settings):
    settings.CLUB_JOIN_RATE = "2/h/ip"

    answers = [client.post(JOIN, form_of(term)).status_code for _number in range(3)]

    assert answers == [302, 302, 429]


def test_the_own_page_is_kept_nowhere(client, term):
    application = submit(term)

    response = client.get(f"/club/join/{application.key}/")

    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "strict-origin"
    assert "noindex" in response["X-Robots-Tag"]
    assert "01012345678" not in response.content.decode()


def test_a_key_that_is_none_finds_nothing(client):
    assert client.get(f"/club/join/{uuid.uuid4()}/").status_code == 404


def test_what_is_asked_for_is_answered_on_the_own_page(client, term, secretary):
    application = submit(term)
    ask_for_supplement(application_id=application.pk, what="주소를 적어 주십시오.", actor=secretary, at=NOON)
    page = f"/club/join/{application.key}/"
    assert "주소를 적어 주십시오." in client.get(page).content.decode()

    response = client.post(f"{page}answer/", form_of(term, address="경기도 오산시 성호대로 141"))

    application.refresh_from_db()
    assert response.status_code == 302
    assert (application.status, application.address) == ("submitted", "경기도 오산시 성호대로 141")


def test_a_wrong_answer_is_said_and_the_page_stays(client, term, secretary):
    application = submit(term)
    ask_for_supplement(application_id=application.pk, what="주소", actor=secretary, at=NOON)

    response = client.post(f"/club/join/{application.key}/answer/", form_of(term, email="nobody"))

    assert response.status_code == 400
    application.refresh_from_db()
    assert application.status == ApplicationStatus.SUPPLEMENT


def test_nothing_is_answered_that_was_not_asked(client, term):
    assert client.post(f"/club/join/{submit(term).key}/answer/", form_of(term)).status_code == 409


def test_it_is_withdrawn_on_the_own_page(client, term):
    application = submit(term)

    html = client.post(f"/club/join/{application.key}/withdraw/", follow=True).content.decode()

    assert "곽상욱" not in html
    assert client.post(f"/club/join/{application.key}/withdraw/").status_code == 302


def test_a_signed_in_person_sees_their_own_applications_only(client, term):
    user = UserFactory()
    own, other = submit(term, user=user), submit(term)
    client.force_login(user)

    html = client.get(JOIN).content.decode()

    assert str(own.key) in html
    assert str(other.key) not in html


def test_the_form_costs_the_same_with_many_regions(client, django_assert_num_queries):
    province = ProvinceFactory()
    MunicipalityFactory(parent=province)
    with django_assert_num_queries(1):
        client.get(JOIN)
    MunicipalityFactory.create_batch(30, parent=province)
    with django_assert_num_queries(1):
        client.get(JOIN)


def test_erasing_a_person_through_the_house_empties_the_application(term):
    user = UserFactory()
    submit(term, user=user)

    erase_person(user_id=user.pk, actor=user, at=NOON)

    assert emptied(Application.objects.get()).name == ""
    assert not Delivery.objects.exclude(address="").filter(user=user).exists()


def test_the_address_of_a_page_is_made_by_its_key():
    application = ApplicationFactory()

    assert reverse("forums:application", args=[application.key]) == f"/club/join/{application.key}/"


def test_the_page_tells_no_private_data_again_and_what_is_left_empty_stays(client, secretary):
    application = ApplicationFactory(
        birth_date=date(1966, 3, 14),
        mobile="010-1234-5678",
        phone="062-111-2222",
        email="own@example.org",
        address="금호로 1",
    )
    ask_for_supplement(application_id=application.pk, what="한자 이름", actor=secretary, at=NOON)
    page = client.get(f"/club/join/{application.key}/").content.decode()
    for told in ("1966", "1234", "2222", "own@example.org", "금호로"):
        assert told not in page
    client.post(
        f"/club/join/{application.key}/answer/",
        {
            "key": application.key,
            "kind": application.kind,
            "name": application.name,
            "name_hanja": "洪吉童",
            "organisation": application.organisation,
            "office": application.office,
            "pledged": "on",
        },
    )
    application.refresh_from_db()
    assert application.status == ApplicationStatus.SUBMITTED
    assert application.name_hanja == "洪吉童"
    assert (application.birth_date, application.mobile) == (date(1966, 3, 14), "010-1234-5678")
    assert (application.phone, application.email, application.address) == (
        "062-111-2222",
        "own@example.org",
        "금호로 1",
    )
