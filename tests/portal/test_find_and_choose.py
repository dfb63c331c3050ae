"""Finding a dong by name or address, and keeping one in the browser."""

import logging

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from residents.models import Region
from tests.factories import DongFactory, MunicipalityFactory, resident

pytestmark = pytest.mark.django_db
FIND = "/en/dongs/find/"
HOSTILE = [
    "\0",
    "\0금호동",
    "<script>alert(1)</script>",
    "ㅤ\u202e\ufeff",
    "'; DROP TABLE",
    "((((",
    "😀" * 20,
    "%",
    "{{ 1 }}",
]


@pytest.fixture
def town(db):
    seo_gu = MunicipalityFactory(name="서구", name_en="Seo-gu", parent__name="광주광역시", parent__name_en="Gwangju")
    make = {"parent": seo_gu}
    return {
        "geumho1": DongFactory(
            code="2914082100", name="금호1동", name_en="Geumho 1-dong", legal_dongs="금호동", **make
        ),
        "geumho2": DongFactory(
            code="2914082400", name="금호2동", name_en="Geumho 2-dong", legal_dongs="금호동", **make
        ),
        "hwajeong1": DongFactory(
            code="2914076000", name="화정1동", name_en="Hwajeong 1-dong", legal_dongs="화정동, 내방동", **make
        ),
    }


def found(client, where):
    response = client.post(FIND, {"where": where})
    assert response.status_code == 200, response.status_code
    return response


def names(response):
    return [dong.name for dong in response.context["hits"]]


class TestFind:
    @pytest.mark.parametrize(
        "where",
        ["금호1동", "광주광역시 서구 금호1동 12", "광주 서구 운천로 32, 101동 (금호1동)", "화정", "Geumho 1-dong"],
    )
    def test_one_certain_dong_is_led_to_at_once(self, client, town, where):
        response = client.post(FIND, {"where": where})
        assert response.status_code == 302
        key = "hwajeong1" if where == "화정" else "geumho1"
        assert response["Location"] == f"/en/dongs/{town[key].code}/"

    def test_an_address_in_english_is_led_by_its_first_part(self, client, town):
        response = client.post(FIND, {"where": "Geumho 1-dong, Seo-gu, Gwangju"})
        assert response["Location"] == f"/en/dongs/{town['geumho1'].code}/"

    @pytest.mark.usefixtures("town")
    def test_a_legal_dong_offers_all_with_the_reason(self, client):
        response = found(client, "광주광역시 서구 금호동 123-4")
        assert names(response) == ["금호1동", "금호2동"]
        assert "“금호동” in your address lies in several dongs" in response.content.decode()

    @pytest.mark.usefixtures("town")
    def test_a_legal_dong_of_one_dong_says_so_before_leading_on(self, client):
        response = found(client, "서구 내방동 841")
        assert names(response) == ["화정1동"]
        assert "“내방동” in your address lies in this dong." in response.content.decode()

    @pytest.mark.usefixtures("town")
    @pytest.mark.parametrize(
        ("where", "sentence"),
        [
            ("운천로 32, 101동 1203호", "Streets are not known here"),
            ("부산 서구 금호동 1", "does not take part here yet"),
            ("광주 서구", "Which dong is it?"),
            ("아무 말", "No dong of this name takes part here."),
        ],
    )
    def test_what_leads_nowhere_says_what_to_do(self, client, where, sentence):
        response = found(client, where)
        assert names(response) == []
        assert sentence in response.content.decode()

    @pytest.mark.usefixtures("town")
    def test_a_street_of_a_known_district_offers_its_dongs(self, client):
        html = found(client, "광주 서구 운천로 32").content.decode()
        assert html.count('class="place"') == 1
        assert "Geumho 2-dong" in html

    @pytest.mark.usefixtures("town")
    @pytest.mark.parametrize("where", HOSTILE)
    def test_any_text_has_a_page_that_shows_it_harmless(self, client, where):
        html = found(client, where).content.decode()
        assert "<script>alert" not in html

    @pytest.mark.usefixtures("town")
    @pytest.mark.parametrize("where", ["가" * 201, "금호동 " * 2500])
    def test_an_endless_text_is_refused(self, client, where):
        response = client.post(FIND, {"where": where})
        assert response.status_code == 400
        assert "at most 200 letters" in response.content.decode()

    @pytest.mark.usefixtures("town")
    def test_a_form_without_the_field_finds_nothing(self, client):
        assert names(client.post(FIND)) == []

    @pytest.mark.usefixtures("town")
    def test_the_answer_is_kept_nowhere(self, client):
        response = found(client, "광주 서구 금호동 123-4")
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies

    @pytest.mark.usefixtures("town")
    def test_no_link_and_no_log_tells_the_address(self, client, caplog):
        caplog.set_level(logging.DEBUG)
        html = found(client, "광주 서구 금호동 765-43").content.decode()
        assert html.count("765-43") == 1  # in the field, to be mended there
        client.post(FIND, {"where": "765-43 " * 100})
        assert "765-43" not in "".join(record.getMessage() for record in caplog.records)

    def test_a_get_leads_to_the_list_without_its_query(self, client):
        response = client.get(FIND + "?where=secret")
        assert (response.status_code, response["Location"]) == (302, "/en/dongs/")

    @pytest.mark.usefixtures("town")
    def test_a_browser_that_checks_forms_may_ask_without_a_token(self):
        assert Client(enforce_csrf_checks=True).post(FIND, {"where": "금호동"}).status_code == 200

    @override_settings(SEARCH_RATE="2/m/ip")
    @pytest.mark.usefixtures("town")
    def test_too_many_questions_are_slowed(self, client):
        cache.clear()
        assert [client.post(FIND, {"where": "금호동"}).status_code for _ in range(3)] == [200, 200, 429]

    @pytest.mark.parametrize("number", [1, 200])
    def test_one_query_for_any_number_of_dongs(self, client, town, number, django_assert_num_queries):
        DongFactory.create_batch(number, parent=town["geumho1"].parent)
        with django_assert_num_queries(1):
            found(client, "서구 금호동")


class TestChoose:
    def address(self, dong: Region) -> str:
        return f"/dongs/{dong.code}/choose/"

    def test_a_chosen_dong_is_kept_for_a_year_and_said_on_its_page(self, client, town):
        dong = town["geumho1"]
        assert "Keep as my dong" in client.get(f"/en/dongs/{dong.code}/").content.decode()
        response = client.post(f"/en{self.address(dong)}")
        assert (response.status_code, response["Location"]) == (302, f"/en/dongs/{dong.code}/")
        cookie = response.cookies["madang_dong"]
        assert (cookie.value, cookie["max-age"], cookie["samesite"]) == (dong.code, 365 * 24 * 3600, "Lax")
        assert cookie["httponly"]
        html = client.get(f"/en/dongs/{dong.code}/").content.decode()
        assert "Kept as your dong." in html
        assert "Keep as my dong" not in html
        assert "Keep as my dong" in client.get(f"/en/dongs/{town['geumho2'].code}/").content.decode()

    def test_it_can_be_forgotten(self, client, town):
        dong = town["geumho1"]
        client.post(self.address(dong))
        response = client.post(self.address(dong), {"forget": "1"})
        assert response.cookies["madang_dong"].value == ""
        assert "Keep as my dong" in client.get(f"/en/dongs/{dong.code}/").content.decode()

    @override_settings(SESSION_COOKIE_SECURE=True)
    def test_in_production_the_cookie_is_sent_by_https_only(self, client, town):
        assert client.post(self.address(town["geumho1"])).cookies["madang_dong"]["secure"]

    @pytest.mark.parametrize("code", ["nowhere", "%00", "0000000000", "9" * 400])
    def test_a_code_of_no_dong_is_missing_and_keeps_nothing(self, client, town, code):
        response = client.post(f"/dongs/{code}/choose/")
        assert response.status_code == 404
        assert "madang_dong" not in response.cookies
        assert client.post(self.address(town["geumho1"].parent)).status_code == 404

    def test_looking_is_not_choosing(self, client, town):
        assert client.get(self.address(town["geumho1"])).status_code == 405

    def test_another_site_cannot_choose_for_somebody(self, client, town):
        response = client.post(self.address(town["geumho1"]), headers={"Sec-Fetch-Site": "cross-site"})
        assert response.status_code == 403
        assert "madang_dong" not in response.cookies

    def test_pages_without_a_token_may_send_it(self, town):
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(self.address(town["geumho1"])).status_code == 302

    def test_residents_have_their_own_dong_and_no_choice(self, client, town):
        client.force_login(resident(town["geumho1"]))
        client.cookies["madang_dong"] = town["geumho2"].code
        own = client.get(f"/en/dongs/{town['geumho1'].code}/").content.decode()
        other = client.get(f"/en/dongs/{town['geumho2'].code}/").content.decode()
        assert "This is your dong." in own
        assert "as my dong" not in own + other
        assert "Kept as your dong" not in other

    def test_a_stored_page_of_one_visitor_is_not_that_of_another(self, town):
        dong = town["geumho1"]
        address = f"/en/dongs/{dong.code}/"
        chooser, visitor = Client(), Client()
        chooser.post(self.address(dong))
        assert "Kept as your dong" in chooser.get(address).content.decode()
        assert "Kept as your dong" not in visitor.get(address).content.decode()
