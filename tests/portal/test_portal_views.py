"""Start page, dongs, my page: what they show, to whom, and for how many queries."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache, caches
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from assemblies.states import AssemblyStatus
from residents.states import Role
from tests.councils.recruiting import DATES, OPEN, announced
from tests.factories import CouncilFactory, DongFactory, RollEntryFactory, UserFactory, official, resident
from tests.portal.conftest import (
    decided_poll_in,
    many_past_assemblies,
    open_poll_in,
    put,
    scheduled_poll_in,
    took_part,
)

pytestmark = pytest.mark.django_db

PUBLIC = ["/", "/dongs/", "/dongs/?q=금호", "/help/", "/privacy/", "/accessibility/"]


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def seen(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.mark.usefixtures("dong")
class TestEveryPage:
    @pytest.mark.parametrize("address", PUBLIC)
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_anonymous_visitors_get_no_cookie_and_no_form_token(self, client, prefix, address):
        response = client.get(prefix + address)
        assert response.status_code == 200
        assert not response.cookies
        assert "csrfmiddlewaretoken" not in response.content.decode()

    @pytest.mark.parametrize("address", PUBLIC)
    def test_one_h1_and_the_language(self, client, address):
        html = seen(client, f"/en{address}")
        assert html.count("<h1") == 1
        assert '<html lang="en">' in html

    def test_the_language_link_leads_to_the_same_page_with_its_query(self, client):
        assert 'href="/en/dongs/?q=%EA%B8%88" lang="en"' in seen(client, "/dongs/?q=%EA%B8%88")
        assert 'href="/dongs/?q=%EA%B8%88" lang="ko"' in seen(client, "/en/dongs/?q=%EA%B8%88")

    def test_a_missing_page_leads_to_the_start_page_in_the_other_language(self, client):
        assert 'href="/en/" lang="en"' in client.get("/missing/").content.decode()

    def test_the_footer_says_whose_site_it_is(self, client):
        html = seen(client, "/en/")
        assert "마당 시범 마을" in html
        assert "help@example.org" in html
        assert "Apache License 2.0" in html

    def test_residents_see_their_page_and_officials_the_desk(self, dong):
        assert reverse("admin:index") not in seen(signed_in(resident(dong)), "/")
        assert reverse("admin:index") in seen(signed_in(official(region=dong.parent)), "/")

    def test_signing_out_is_a_form_that_posts(self, dong):
        html = seen(signed_in(resident(dong)), "/")
        assert re.search(r'<form[^>]* action="/accounts/logout/" method="post">', html)
        assert "csrfmiddlewaretoken" in html

    @pytest.mark.parametrize("address", PUBLIC)
    def test_other_methods_are_refused(self, client, address):
        assert client.post(address).status_code == 405


class TestHome:
    def test_without_anything_it_says_what_will_be_here(self, client):
        html = seen(client, "/en/")
        assert "No vote is open at the moment" in html
        assert "No result has been published yet" in html

    def test_open_polls_with_the_time_left(self, client, dong):
        poll = open_poll_in(dong)
        html = seen(client, "/en/")
        assert poll.question in html
        assert "3 days left" in html
        assert reverse("assemblies:assembly", args=[poll.assembly_id]) in html

    def test_what_opens_soon_is_named_with_its_time(self, client, dong):
        poll = scheduled_poll_in(dong)
        html = seen(client, "/en/")
        assert "Opens soon" in html
        assert "in 5 days" in html
        assert poll.assembly.title in html

    def test_who_has_a_vote_open_is_led_to_its_ballot(self, dong):
        user, poll = resident(dong), open_poll_in(dong)
        RollEntryFactory(assembly=poll.assembly, user=user)
        html = seen(signed_in(user), "/en/")
        assert f'button--primary button--large" href="{reverse("assemblies:ballot", args=[poll.pk])}"' in html
        assert html.count("button--primary") == 1

    def test_who_has_voted_is_not_asked_again(self, dong):
        user, poll = resident(dong), open_poll_in(dong)
        took_part(user, poll)
        assert reverse("assemblies:ballot", args=[poll.pk]) not in seen(signed_in(user), "/")

    def test_the_dong_chosen_in_this_browser_comes_first(self, client, dong):
        open_poll_in(DongFactory(name="먼 동"), question="남의 동네 투표")
        open_poll_in(put(dong, code="2914082100"), question="우리 동네 투표")
        decided_poll_in(dong)
        plain = seen(client, "/en/")
        assert plain.index("남의 동네 투표") < plain.index("우리 동네 투표")
        client.cookies["madang_dong"] = dong.code
        html = seen(client, "/en/")
        assert html.index("우리 동네 투표") < html.index("남의 동네 투표")
        assert html.count("우리 동네 투표") == 1
        assert html.count("312 votes") == 1
        assert "Residents of Geumho 1-dong can vote now." in html
        assert html.count("button--primary") == 1

    @pytest.mark.parametrize("code", ["0000000000", "x", "%00", "9" * 4000])
    def test_a_cookie_of_no_dong_counts_as_none(self, client, dong, code):
        open_poll_in(dong)
        client.cookies["madang_dong"] = code
        assert "Name of the dong, or your address" in seen(client, "/en/")

    def test_a_contested_decision_says_so_and_an_uncontested_one_its_cost(self, client, dong):
        poll = decided_poll_in(dong)
        poll.result.options.filter(rank__lte=2).update(adopted=True)
        for option, cost in zip(poll.options.all(), (30_000_000, 3_000_000, 5), strict=True):
            put(option.item, cost=cost)
        assert "Estimated cost of what was adopted: 33 million won" in seen(client, "/en/")
        put(poll, status="objection")
        caches["pages"].clear()
        html = seen(client, "/en/")
        assert "Somebody has objected to this result" in html
        assert "Estimated cost" not in html

    def test_a_poll_whose_time_is_over_is_not_offered(self, client, dong, now):
        put(open_poll_in(dong), closes_at=now - timedelta(seconds=1))
        assert "left</span>" not in seen(client, "/en/")

    def test_a_poll_of_an_assembly_in_preparation_is_not_shown(self, client, dong):
        poll = open_poll_in(dong)
        put(poll.assembly, status=AssemblyStatus.PREPARING)
        assert poll.question not in seen(client, "/")

    def test_decisions_in_one_sentence(self, client, dong):
        poll = decided_poll_in(dong)
        html = seen(client, "/en/")
        assert "312 votes" in html
        assert reverse("assemblies:result", args=[poll.pk]) in html

    def test_results_that_are_not_published_are_not_told(self, client, dong):
        put(decided_poll_in(dong), status="counted")
        assert "312" not in seen(client, "/en/")

    def test_the_residents_own_dong_comes_first(self, dong):
        open_poll_in(DongFactory(name="먼 동"), question="남의 동네 투표")
        open_poll_in(dong, question="우리 동네 투표")
        html = seen(signed_in(resident(dong)), "/")
        assert html.index("우리 동네 투표") < html.index("남의 동네 투표")
        assert html.count("우리 동네 투표") == 1

    def test_what_an_official_publishes_stands_there_at_once(self, client, dong):
        from core.audit.services import record

        seen(client, "/")
        poll = open_poll_in(dong)
        record(actor=None, action="assemblies.poll_opened", target=poll, at=timezone.now())
        assert poll.question in seen(client, "/")

    def test_more_polls_than_fit_lead_to_the_list(self, client, dong):
        for _ in range(7):
            open_poll_in(dong)
        html = seen(client, "/en/")
        assert html.count("3 days left") == 6
        assert "See all assemblies" in html


@pytest.mark.usefixtures("dong")
class TestDongs:
    def test_all_dongs_stand_below_their_municipality(self, client, dong):
        html = seen(client, "/dongs/")
        assert html.index("서구") < html.index(reverse("portal:dong", args=[dong.code]))

    @pytest.mark.parametrize("wanted", ["금호", "ㄱㅎ", "geumho", "서구 금호1동", "서구"])
    def test_found(self, client, wanted):
        DongFactory(name="풍암동")
        response = client.get("/en/dongs/", {"q": wanted})
        assert [found.name for found in response.context["page"]] == ["금호1동"]

    def test_nothing_found_says_what_to_do(self, client):
        html = client.get("/en/dongs/", {"q": "없는동"}).content.decode()
        assert "Check the spelling" in html

    def test_what_was_searched_is_escaped(self, client):
        html = client.get("/dongs/", {"q": "<script>alert(1)</script>"}).content.decode()
        assert "<script>alert" not in html

    def test_fifty_letters_are_searched_and_one_more_is_refused(self, client):
        assert client.get("/dongs/", {"q": "가" * 50}).status_code == 200
        response = client.get("/en/dongs/", {"q": "가" * 51})
        assert response.status_code == 400
        assert "at most 50 letters" in response.content.decode()

    @pytest.mark.parametrize("page", ["0", "-1", "999", "two", "1e3"])
    def test_a_page_that_is_not_there_is_missing(self, client, page):
        assert client.get("/dongs/", {"page": page}).status_code == 404
        assert client.get("/dongs/", {"q": "금호", "page": page}).status_code == 404

    @override_settings(SEARCH_RATE="2/m/ip")
    def test_too_many_searches_get_a_page_that_says_so(self, client):
        cache.clear()
        assert [client.get("/en/dongs/", {"q": "금"}).status_code for _ in range(3)] == [200, 200, 429]
        assert "wait one minute" in client.get("/en/dongs/", {"q": "금"}).content.decode()
        assert client.get("/en/dongs/").status_code == 200

    def test_dongs_of_the_past_are_not_found(self, client, dong, now):
        put(dong, valid_until=timezone.localdate(now))
        assert reverse("portal:dong", args=[dong.code]) not in seen(client, "/dongs/")


class TestDong:
    def test_everything_about_it(self, client, dong):
        council = CouncilFactory(dong=dong, advisers=2)
        open_one, coming, decided = open_poll_in(dong), scheduled_poll_in(dong), decided_poll_in(dong)
        html = seen(client, f"/en/dongs/{dong.code}/")
        assert "Next date" in html
        assert "3 days left" in html
        assert "in 5 days" in html
        assert "29 people of 30 people" in html
        assert "312 votes" in html
        for poll in (open_one, coming, decided):
            assert reverse("assemblies:assembly", args=[poll.assembly_id]) in html
        assert reverse("councils:council", args=[council.pk]) in html

    def test_an_empty_one_says_what_will_be_here(self, client, dong):
        html = seen(client, f"/en/dongs/{dong.code}/")
        assert "No vote is open in this dong" in html
        assert "no residents’ council yet" in html
        assert "Next date" not in html

    def test_an_open_recruitment_is_what_one_can_do_now(self, monkeypatch):
        recruitment = announced()
        client, shown = signed_in(UserFactory()), []
        for moment in (OPEN, DATES.closes_at):
            monkeypatch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
            html = seen(client, f"/dongs/{recruitment.council.dong.code}/")
            now = html.split('id="now"')[1].split("</section>")[0]
            shown.append(now.count(recruitment.get_absolute_url()))

        assert shown == [1, 0]

    def test_assemblies_of_another_dong_are_not_shown(self, client, dong):
        poll = open_poll_in(DongFactory())
        assert poll.question not in seen(client, f"/dongs/{dong.code}/")

    @pytest.mark.parametrize("code", ["nowhere", "%00", "%EA%B0%80", "9" * 400])
    def test_a_code_that_is_none_is_not_found(self, client, code):
        """PostgreSQL takes a zero byte in no text: it must not come so far."""
        assert client.get(f"/dongs/{code}/").status_code == 404

    def test_an_assembly_in_preparation_is_not_shown(self, client, dong):
        poll = open_poll_in(dong)
        put(poll.assembly, status=AssemblyStatus.PREPARING, title="비밀 총회")
        assert "비밀 총회" not in seen(client, f"/dongs/{dong.code}/")

    def test_decisions_of_the_dong_it_was_before_are_kept(self, client, dong, now):
        before = DongFactory(parent=dong.parent, valid_until=timezone.localdate(now))
        before.successors.add(dong)
        decided_poll_in(before)
        assert "312 votes" in seen(client, f"/en/dongs/{dong.code}/")

    def test_many_assemblies_come_in_pages(self, client, dong):
        many_past_assemblies(dong, 21)
        assert "Page 1 of 2" in seen(client, f"/en/dongs/{dong.code}/")
        assert "Page 2 of 2" in seen(client, f"/en/dongs/{dong.code}/?page=2")
        assert client.get(f"/dongs/{dong.code}/?page=3").status_code == 404

    def test_an_unknown_code_is_missing(self, client):
        assert client.get("/dongs/nowhere/").status_code == 404

    def test_a_municipality_is_not_a_dong(self, client, dong):
        assert client.get(f"/dongs/{dong.parent.code}/").status_code == 404

    def test_a_dong_of_the_future_is_missing(self, client, dong, now):
        put(dong, valid_from=timezone.localdate(now) + timedelta(days=1))
        assert client.get(f"/dongs/{dong.code}/").status_code == 404

    def test_a_dong_that_was_replaced_leads_to_its_successor(self, client, dong, now):
        after = DongFactory(parent=dong.parent, name_en="New-dong")
        dong.successors.add(after)
        put(dong, valid_until=timezone.localdate(now))
        response = client.get(f"/en/dongs/{dong.code}/")
        assert response.status_code == 410
        assert "Geumho 1-dong no longer exists" in response.content.decode()
        assert reverse("portal:dong", args=[after.code]) in response.content.decode()

    def test_a_dong_that_ended_without_successor_is_missing(self, client, dong, now):
        put(dong, valid_until=timezone.localdate(now))
        assert client.get(f"/dongs/{dong.code}/").status_code == 404


class TestMe:
    def test_anonymous_visitors_are_asked_to_sign_in(self, client):
        response = client.get("/me/")
        assert response.status_code == 302
        assert response["Location"] == "/accounts/login/?next=/me/"

    def test_it_is_stored_nowhere(self, dong):
        assert "no-store" in signed_in(resident(dong)).get("/me/")["Cache-Control"]

    def test_somebody_new_is_asked_for_their_dong(self):
        html = seen(signed_in(UserFactory()), "/en/me/")
        assert "Tell us your dong" in html
        assert reverse("residents:residence") in html

    def test_who_waits_for_the_check_is_told_what_to_do(self, dong, now):
        user = UserFactory()
        user.residences.create(dong=dong, basis="registered", declared_at=now)
        html = seen(signed_in(user), "/en/me/")
        assert "bring an identity card" in html
        assert "Geumho 1-dong" in html

    def test_a_refusal_is_told_with_its_reason(self, dong, now):
        user = UserFactory()
        user.residences.create(
            dong=dong,
            basis="registered",
            declared_at=now,
            status="refused",
            checked_at=now,
            checked_by=UserFactory(),
            reason="주소가 다릅니다",
        )
        assert "Reason: 주소가 다릅니다" in seen(signed_in(user), "/en/me/")

    def test_an_open_poll_waits_until_one_took_part(self, dong):
        user = resident(dong)
        poll = open_poll_in(dong)
        assert poll.question not in seen(signed_in(user), "/en/me/")
        participation = took_part(user, poll)
        assert poll.question not in seen(signed_in(user), "/en/me/")
        participation.delete()
        assert poll.question in seen(signed_in(user), "/en/me/")

    def test_the_vote_that_closes_first_is_the_one_thing_to_do(self, dong):
        user = resident(dong)
        later, first = open_poll_in(dong), open_poll_in(dong)
        put(first, closes_at=timezone.now() + timedelta(days=1))
        for poll in (later, first):
            RollEntryFactory(assembly=poll.assembly, user=user)
        html = seen(signed_in(user), "/en/me/")
        assert html.count("button--primary") == 1
        assert html.index(reverse("assemblies:ballot", args=[first.pk])) < html.index(
            reverse("assemblies:ballot", args=[later.pk])
        )

    def test_it_has_a_way_out_on_a_phone_too(self, dong):
        html = seen(signed_in(resident(dong)), "/en/me/")
        main = html[html.index("<main") : html.index("</main>")]
        assert '<form action="/en/accounts/logout/" method="post">' in main

    def test_a_vote_whose_result_is_public_leads_to_it(self, dong):
        user, poll = resident(dong), decided_poll_in(dong)
        took_part(user, poll)
        assert reverse("assemblies:result", args=[poll.pk]) in seen(signed_in(user), "/me/")

    def test_who_was_taken_off_the_roll_is_not_asked_to_vote_and_told_why(self, dong, now):
        user = resident(dong)
        poll = open_poll_in(dong)
        RollEntryFactory(assembly=poll.assembly, user=user, removed_at=now, removed_because="이사")
        html = seen(signed_in(user), "/en/me/")
        assert poll.question not in html
        assert "Reason: 이사" in html

    def test_participation_is_listed_with_its_receipt_and_nothing_of_the_choice(self, dong):
        user = resident(dong)
        poll = open_poll_in(dong)
        took_part(user, poll)
        html = seen(signed_in(user), "/en/me/")
        assert reverse("assemblies:receipt", args=[poll.pk]) in html
        for option in poll.options.select_related("item"):
            assert option.item.title not in html

    def test_nobody_sees_what_others_took_part_in(self, dong):
        poll = open_poll_in(dong)
        took_part(resident(dong), poll)
        assert reverse("assemblies:receipt", args=[poll.pk]) not in seen(signed_in(resident(dong)), "/me/")

    def test_leads_to_files_documents_and_notices(self, dong):
        client = signed_in(resident(dong))
        html = seen(client, "/me/")
        for address in ("/jobs/", "/documents/", "/me/notices/"):
            assert f'href="{address}"' in html
            seen(client, address)

    def test_leads_to_no_empty_list_of_documents(self, dong, monkeypatch):
        monkeypatch.setattr("reports.registry._documents", {})
        assert 'href="/documents/"' not in seen(signed_in(resident(dong)), "/me/")

    def test_whoever_may_not_read_the_clubs_directory_is_not_led_to_it(self, client, dong):
        secretariat = signed_in(official(Role.CLUB_SECRETARIAT))
        for reader, is_led in ((client, True), (signed_in(resident(dong)), False), (secretariat, True)):
            assert ('href="/club/directory/"' in seen(reader, "/club/")) is is_led


class TestTexts:
    """Help, privacy, accessibility."""

    @pytest.mark.parametrize("address", ["/en/help/", "/en/privacy/"])
    def test_the_contents_name_every_part_of_the_page(self, client, address):
        html = seen(client, address)
        parts = re.findall(r'<section aria-labelledby="(\w+)">', html)
        assert re.findall(r'<a href="#(\w+)">', html[html.index('class="contents"') :]) == parts

    def test_privacy_names_every_cookie_that_the_site_sets(self, client, dong):
        html = seen(client, "/en/privacy/")
        browser = signed_in(resident(dong))
        browser.get("/en/me/")
        browser.post("/en/display/", {"text": "large"})
        browser.post(f"/en/dongs/{dong.code}/choose/")
        assert {"sessionid", "csrftoken", "madang_display", "madang_dong"} <= set(browser.cookies)
        for name in browser.cookies:
            assert f'scope="row">{name}<' in html
        assert "At most 8 hours" in html

    @override_settings(PRIVACY_OFFICER="자치과장 (062-000-0000)", DATA_PROCESSORS=["Hosting: Example & Co"])
    def test_privacy_names_who_is_in_charge_and_to_whom_work_is_entrusted(self, client):
        html = seen(client, "/en/privacy/")
        assert "자치과장 (062-000-0000)" in html
        assert "Hosting: Example &amp; Co" in html
        assert "To nobody." not in html

    def test_without_settings_the_owner_is_in_charge_and_nothing_is_entrusted(self, client):
        html = seen(client, "/en/privacy/")
        assert "To nobody." in html
        assert "<dd>마당 시범 마을</dd>" in html

    def test_help_promises_what_the_code_does(self, client, settings):
        assert settings.AXES_COOLOFF_TIME * 60 == 15
        assert "wait 15 minutes" in seen(client, "/en/help/")


class TestQueries:
    """Literal counts, the same for 1 and for 200 assemblies."""

    @pytest.mark.parametrize("number", [1, 200])
    def test_home(self, client, dong, number, django_assert_num_queries):
        decided_poll_in(dong)
        open_poll_in(dong)
        many_past_assemblies(dong, number)
        # The newest act; open polls, polls to come, recruitments; decided polls with results.
        with django_assert_num_queries(6):
            seen(client, "/")

    @pytest.mark.parametrize("number", [1, 200])
    def test_home_of_a_resident(self, dong, number, django_assert_num_queries):
        client = signed_in(resident(dong))
        decided_poll_in(dong)
        open_poll_in(dong)
        many_past_assemblies(dong, number)
        # session, account; own dong; other polls, own polls, polls to come; own decided polls, their results; other
        # decided polls; the vote that waits; roles for the header
        with django_assert_num_queries(12):
            seen(client, "/")

    @pytest.mark.parametrize("number", [1, 200])
    def test_dong(self, client, dong, number, django_assert_num_queries):
        decided_poll_in(dong)
        open_poll_in(dong)
        CouncilFactory(dong=dong)
        many_past_assemblies(dong, number)
        # newest act; dong, its predecessors; open polls, polls to come; assemblies of the year, their polls; money;
        # council; assemblies: number and page; decided polls, their results
        with django_assert_num_queries(14):
            seen(client, f"/dongs/{dong.code}/")

    @pytest.mark.parametrize("number", [1, 200])
    def test_dongs(self, client, dong, number, django_assert_num_queries):
        DongFactory.create_batch(number, parent=dong.parent)
        with django_assert_num_queries(3):  # newest act; dongs: number and page
            seen(client, "/dongs/")

    @pytest.mark.parametrize("number", [1, 200])
    def test_search(self, client, dong, number, django_assert_num_queries):
        DongFactory.create_batch(number, parent=dong.parent)
        with django_assert_num_queries(2):  # newest act; dongs
            client.get("/dongs/", {"q": "동"})

    @pytest.mark.parametrize("number", [1, 30])
    def test_me(self, dong, number, django_assert_num_queries):
        user = resident(dong)
        for _ in range(number):
            took_part(user, open_poll_in(dong))
        # session, account; residences; waiting polls; rolls; participations: number and page; header: roles, own
        # dong
        client = signed_in(user)
        with django_assert_num_queries(10):
            seen(client, "/me/")
