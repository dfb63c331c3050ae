"""Applying by people who tap twice, go back, come back, or write the name of their city instead of looking it up."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _

from forums.consents import MEMBERSHIP
from forums.forms.joining import ApplicationForm, regions_to_choose
from forums.models import Application, Member
from forums.places import Place, meant_by
from forums.services.applications import (
    approve_application,
    ask_for_supplement,
    check_application,
    refuse_application,
    withdraw_application,
)
from forums.states import ApplicationStatus, MemberKind
from residents.states import Office, Role
from tests.factories import (
    NOON,
    ApplicationFactory,
    MemberFactory,
    MunicipalityFactory,
    OfficeTermFactory,
    ProvinceFactory,
    RoleFactory,
    serving_member,
)

pytestmark = pytest.mark.django_db
JOIN = "/club/join/"


@pytest.fixture
def secretary():
    return RoleFactory(role=Role.CLUB_SECRETARIAT, region=None).user


@pytest.fixture
def osan():
    return MunicipalityFactory(name="오산시", parent=ProvinceFactory(name="경기도"))


def fields(**changed):
    return {
        "key": str(uuid.uuid4()),
        "kind": "regular",
        "name": "곽상욱",
        "name_hanja": "",
        "organisation": "오산시",
        "region": "",
        "office": "mayor",
        "birth_date": "19640101",
        "phone": "",
        "mobile": "010-1234-5678",
        "email": "osan@example.org",
        "address": "",
        "pledged": "on",
        "consent": "on",
        "consent_version": MEMBERSHIP.version,
        **changed,
    }


class TestTheSameForm:
    def test_sent_twice_it_is_one_application_and_both_say_that_it_arrived(self, client):
        sent = fields()
        pages = [client.post(JOIN, sent, follow=True) for _time in range(2)]
        assert Application.objects.count() == 1
        for page in pages:
            assert (
                str(_("Your application has arrived. Please keep the address of this page.")) in page.content.decode()
            )

    def test_changed_and_sent_again_it_says_that_the_first_one_counts(self, client):
        sent = fields()
        client.post(JOIN, sent, follow=True)
        page = client.post(JOIN, {**sent, "email": "other@example.org"}, follow=True).content.decode()
        assert Application.objects.get().email == "osan@example.org"
        assert str(_("Your application has arrived. Please keep the address of this page.")) not in page
        assert str(_("Withdraw the application")) in page

    @pytest.mark.parametrize("end", ["withdrawn", "refused"])
    def test_after_the_end_it_is_a_new_application(self, client, secretary, end):
        sent = fields()
        client.post(JOIN, sent)
        first = Application.objects.get()
        if end == "withdrawn":
            withdraw_application(key=first.key, user=None, at=NOON)
        else:
            refuse_application(application_id=first.pk, reason="규약 제2조", actor=secretary, at=NOON)

        client.post(JOIN, sent)

        second = Application.objects.exclude(pk=first.pk).get()
        assert (second.status, second.email) == (ApplicationStatus.SUBMITTED, "osan@example.org")
        assert second.key != first.key


class TestTappingTwice:
    def test_withdrawing(self, client):
        key = ApplicationFactory().key
        address = reverse("forums:application_withdraw", args=[key])
        for _time in range(2):
            response = client.post(address)
            assert response.status_code == 302
        assert client.get(response.url).status_code == 200

    def test_answering(self, client, secretary):
        client.post(JOIN, fields())
        application = Application.objects.get()
        ask_for_supplement(application_id=application.pk, what="한자 이름을 적어 주십시오.", actor=secretary, at=NOON)
        address = reverse("forums:application_answer", args=[application.key])
        assert [client.post(address, fields(name_hanja="郭相旭")).status_code for _time in range(2)] == [302, 302]
        assert application.steps.count() == 3


class TestBecomingHonorary:
    """A member whose term is over applies on the web to stay as an honorary member."""

    @pytest.fixture
    def checked(self, secretary):
        member = serving_member(name="곽상욱")
        at = NOON + timedelta(days=60)  # the term ended on the first of July
        term = member.terms.get().term
        application = ApplicationFactory(
            name="곽상욱", kind=MemberKind.HONORARY, region=term.region, office=term.office, email="kwak@example.org"
        )
        check_application(application_id=application.pk, term_id=term.pk, evidence="", actor=secretary, at=at)
        return member, application, at

    def test_the_approval_keeps_the_membership(self, checked, secretary):
        member, application, at = checked
        approve_application(application_id=application.pk, member_id=member.pk, actor=secretary, at=at)
        member.refresh_from_db()
        assert Member.objects.count() == 1
        assert member.kind == MemberKind.HONORARY
        assert member.former_office

    def test_a_sixth_address_is_not_kept(self, checked, secretary):
        member, application, at = checked
        for number in range(5):
            member.mails.create(address=f"{number}@example.org", position=number)
        approve_application(application_id=application.pk, member_id=member.pk, actor=secretary, at=at)
        assert member.mails.count() == 5

    def test_one_who_is_elected_again_becomes_regular_with_the_term_that_was_linked(self, secretary):
        member = MemberFactory(name="곽상욱", kind=MemberKind.HONORARY, former_office="오산시장")
        term = OfficeTermFactory(name="곽상욱", office=Office.MAYOR)
        member.terms.create(term=term)
        application = ApplicationFactory(name="곽상욱", region=term.region, office=term.office)
        check_application(application_id=application.pk, term_id=term.pk, evidence="", actor=secretary, at=NOON)
        approve_application(application_id=application.pk, member_id=member.pk, actor=secretary, at=NOON)
        member.refresh_from_db()
        assert member.kind == MemberKind.REGULAR


class TestTheNameOfTheCity:
    def form(self, **changed):
        form = ApplicationForm(fields(**changed), regions=regions_to_choose(date(2026, 6, 1)))
        form.is_valid()
        return form

    @pytest.mark.parametrize("words", ["오산시", "경기도 오산시", "경기 오산시", "오산시청", "오산", " 오 산 시 "])
    def test_it_is_found_without_looking_through_the_list(self, osan, words):
        form = self.form(organisation=words)
        assert not form.errors
        assert form.given().region == osan

    def test_what_nobody_knows_is_left_to_the_secretariat(self, osan):
        assert osan
        form = self.form(organisation="아틀란티스시")
        assert not form.errors
        assert form.given().region is None

    def test_several_of_the_same_name_are_offered_and_only_they(self, osan):
        districts = [
            MunicipalityFactory(name="중구", parent=ProvinceFactory(name=name)) for name in ("서울특별시", "부산광역시")
        ]
        form = self.form(organisation="중구", office="district_head")
        assert "region" in form.errors
        html = str(form["region"])
        assert "부산광역시 중구" in html
        assert all(f'value="{one.pk}"' in html for one in districts)
        assert f'value="{osan.pk}"' not in html
        chosen = self.form(organisation="중구", office="district_head", region=str(districts[1].pk))
        assert chosen.given().region == districts[1]
        assert self.form(organisation="부산 중구", office="district_head").given().region == districts[1]

    def test_the_office_tells_a_province_from_a_city(self):
        gwangju = ProvinceFactory(name="광주광역시")
        city = MunicipalityFactory(name="광주시", parent=ProvinceFactory(name="경기도"))
        assert self.form(organisation="광주", office="mayor_metro").given().region == gwangju
        assert self.form(organisation="광주", office="mayor").given().region == city


def test_the_applicant_sees_which_region_was_found(client, osan):
    assert osan
    page = client.post(JOIN, fields(organisation="오산"), follow=True).content.decode()
    assert "경기도 오산시" in page


def test_a_whole_name_goes_before_a_shortened_one():
    places = [Place(1, "고성군", "강원특별자치도"), Place(2, "고성군", "경상남도"), Place(3, "고성")]
    assert [place.key for place in meant_by("고성", places)] == [3]
    assert [place.key for place in meant_by("경남 고성군", places)] == [2]
    assert meant_by("  ", places) == []
