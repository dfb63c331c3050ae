"""The search's page: what is found, in which order, by whom, for how many queries."""

import unicodedata
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from assemblies.models import AgendaItem
from assemblies.states import AssemblyStatus
from forums.models import Forum, Publication
from forums.services.forums import publish_forum
from forums.states import ForumStatus, PublicationKind, PublicationStatus
from portal.search.finding import Search
from portal.search.sources import SOURCES
from tests.factories import (
    NOON,
    AgendaItemFactory,
    AssemblyFactory,
    CouncilFactory,
    DongFactory,
    ForumFactory,
    RuleSetFactory,
    resident,
)
from tests.forums.events import planned
from tests.ordinances.library import enacted, make_ordinance
from tests.portal.conftest import decided_poll_in, open_poll_in, put

pytestmark = pytest.mark.django_db


def announced(dong, days=20, **fields):
    """An announced assembly that is held in so many days."""
    held_at = timezone.now() + timedelta(days=days)
    assembly = AssemblyFactory(dong=dong, held_at=held_at, rule_set=RuleSetFactory(region=dong.parent), **fields)
    return put(assembly, status=AssemblyStatus.ANNOUNCED, announced_at=timezone.now() - timedelta(days=20))


@pytest.fixture
def assembly(dong):
    return announced(dong, title="2026 금호1동 주민총회", place="행정복지센터 큰방")


@pytest.fixture
def item(assembly):
    return AgendaItemFactory(
        assembly=assembly,
        number=1,
        title="금부초 앞 마을 신문",
        gain="주차 걱정이 없어집니다.",
        description="도서관에서 모여 놀이터를 고칩니다.",
    )


def search(client, query, prefix="", **params):
    response = client.get(f"{prefix}/search/", {"q": query, **params})
    assert response.status_code == 200, response.status_code
    return response


def found(response):
    """Titles by kind as the page shows them."""
    return {
        section.code: ["".join(piece.text for piece in hit.title) for hit in section.hits]
        for section in response.context.get("sections") or []
    }


def titles(query, code="items"):
    """Titles of one kind in the order of the search."""
    asked = Search.of(query, at=timezone.now())
    (source,) = [source for source in SOURCES if source.code == code]
    rows = source.rows().in_bulk()
    return [rows[key].title for key in asked.keys(source)]


class TestFinding:
    @pytest.mark.parametrize(
        "query",
        [
            "금부초",
            "금부초에서",
            "마을신문은",
            "마을 신문",
            "신문",
            "도서관으로",
            "놀이터",
            "놀이터에서는",
            "주차",
            "금부초 놀이터를",
        ],
    )
    def test_items_by_any_word_with_any_particle(self, client, item, query):
        assert found(search(client, query))["items"] == [item.title]

    @pytest.mark.parametrize(
        "query", [unicodedata.normalize("NFD", "금부초"), " 금부초 ", "“금부초”", "금부초!", "금부초,신문"]
    )
    def test_however_it_is_typed(self, client, item, query):
        assert found(search(client, query))["items"] == [item.title]

    def test_english_titles_in_either_case_and_number(self, client, assembly):
        AgendaItemFactory(assembly=assembly, number=2, title="New Street Light for CCTV")
        assert found(search(client, "street LIGHTS"))["items"] == ["New Street Light for CCTV"]
        assert found(search(client, "ＣＣＴＶ를"))["items"] == ["New Street Light for CCTV"]

    @pytest.mark.usefixtures("item")
    def test_every_word_must_be_found(self, client):
        assert not found(search(client, "금부초 우주선"))

    @pytest.mark.usefixtures("item")
    def test_two_signs_must_stand_in_one_word(self, client, assembly):
        AgendaItemFactory(assembly=assembly, number=2, title="주민총회 의제 알리기")
        assert "items" not in found(search(client, "회의"))

    @pytest.mark.parametrize("query", ["금호1동", "금호 1동", "Geumho 1-dong", "ㄱㅎ1", "금호1동에서"])
    def test_dongs_by_name_and_by_initial_consonants(self, client, dong, query):
        DongFactory(name="풍암동")
        assert found(search(client, query))["dongs"] == [dong.full_name]

    def test_the_name_of_a_dong_narrows(self, client, item):
        elsewhere = announced(DongFactory(name="풍암동", name_en="Pungam"))
        AgendaItemFactory(assembly=elsewhere, title="주차선 긋기")
        assert found(search(client, "금호1동 주차"))["items"] == [item.title]
        assert len(found(search(client, "주차"))["items"]) == 2

    def test_councils_by_dong_and_by_what_they_do(self, client, dong):
        council = CouncilFactory(dong=dong, main_work="마을신문 발간; 벽화 그리기")
        for query in ("금호1동 주민자치회", "벽화", "마을 신문"):
            response = search(client, query)
            assert reverse("councils:council", args=[council.pk]) in response.content.decode()

    def test_ordinances_by_title_and_by_a_dong_of_their_municipality(self, client, dong):
        ordinance = make_ordinance(dong.parent, title="서구 벼룩시장 조례")
        enacted(ordinance)
        make_ordinance(title="남구 벼룩시장 조례")
        for query in ("서구 벼룩시장", f"{dong.name} 벼룩시장"):
            assert found(search(client, query))["ordinances"] == [ordinance.title]

    def test_assemblies_and_votes(self, client, dong):
        poll = open_poll_in(dong, question="벚꽃길을 먼저 할까요?")
        put(poll.assembly, title="벚꽃 총회")
        shown = found(search(client, "벚꽃"))
        assert shown == {"assemblies": ["벚꽃 총회"], "votes": [poll.title]}

    def test_a_decision_leads_to_its_result_and_an_open_vote_to_its_assembly(self, client, dong):
        decided, under_way = decided_poll_in(dong), open_poll_in(dong)
        html = search(client, "우선순위", kind="votes").content.decode()
        assert f'href="{reverse("assemblies:result", args=[decided.pk])}"' in html
        assert f'href="{under_way.assembly.get_absolute_url()}#poll-{under_way.pk}"' in html

    def test_what_became_of_an_item_is_told(self, client, dong):
        poll = decided_poll_in(dong)
        option = poll.options.select_related("item", "result").first()
        put(option.result, adopted=True)
        put(option.item, title="은행나무 거리")
        assert "adopted" in search(client, "은행나무", prefix="/en").content.decode()


class TestSecrecy:
    """What is being prepared is neither found nor counted, by no word and in no kind."""

    @pytest.mark.parametrize("query", ["비밀", "금호1동", "주민총회", "비밀스런", "비밀의제"])
    def test_nothing_of_an_assembly_in_preparation(self, client, dong, query):
        poll = open_poll_in(dong, items=1, question="비밀 질문", title="비밀 투표")
        put(poll.assembly, status=AssemblyStatus.PREPARING, title="비밀 주민총회", purpose="비밀 목적")
        AgendaItem.objects.update(title="비밀의제", gain="비밀스런 일")
        response = search(client, query)
        codes = {section.code for section in response.context.get("counts") or []}
        assert codes <= {"dongs"}
        html = response.content.decode()
        for word in ("비밀 주민총회", "비밀 투표", "비밀의제", "비밀스런 일"):
            assert f">{word}<" not in html
        assert not response.context.get("alike")

    def test_a_vote_in_preparation_of_an_announced_assembly(self, client, dong):
        put(open_poll_in(dong, title="비밀 투표"), status="preparing")
        assert not found(search(client, "비밀"))

    def test_dissolved_councils_and_dongs_of_the_past(self, client, dong, now):
        CouncilFactory(dong=dong, main_work="벽화", status="dissolved")
        put(dong, valid_until=timezone.localdate(now))
        assert not found(search(client, "벽화"))
        assert not found(search(client, "금호1동"))

    def test_officials_find_no_more_than_everybody(self, dong):
        put(open_poll_in(dong, title="비밀 투표").assembly, status=AssemblyStatus.PREPARING)
        client = Client()
        client.force_login(resident(dong))
        assert not found(search(client, "비밀"))


class TestOrder:
    def test_the_title_comes_before_the_text_and_the_whole_search_before_its_words(self, assembly):
        for number, (title, gain) in enumerate(
            [("벤치 놓기", "공원 길 옆에"), ("길 따라 공원", "-"), ("공원 길 고치기", "-"), ("공원 벤치", "길 옆에")],
            start=1,
        ):
            AgendaItemFactory(assembly=assembly, number=number, title=title, gain=gain)
        assert titles("공원 길") == ["공원 길 고치기", "길 따라 공원", "공원 벤치", "벤치 놓기"]

    def test_a_word_that_only_looks_like_one_with_a_particle_is_found_first_as_typed(self, assembly):
        for number, title in enumerate(["어린 나무 심기", "어린이 놀이터"], start=1):
            AgendaItemFactory(assembly=assembly, number=number, title=title)
        assert titles("어린이") == ["어린이 놀이터", "어린 나무 심기"]

    def test_the_newest_first(self, dong):
        for days in (5, 25, 15):
            AgendaItemFactory(assembly=announced(dong, days), number=1, title=f"공원 {days}")
        assert titles("공원") == ["공원 25", "공원 15", "공원 5"]

    def test_the_chosen_dong_comes_first_among_equals(self, client, dong):
        mine = DongFactory(name="풍암동", code="2914076000")
        AgendaItemFactory(assembly=announced(mine, 5), title="공원 벤치")
        AgendaItemFactory(assembly=announced(dong, 25), title="공원 화단")
        AgendaItemFactory(assembly=announced(dong, 25), title="화단", gain="공원")
        assert found(search(client, "공원"))["items"] == ["공원 화단", "공원 벤치", "화단"]
        client.cookies["madang_dong"] = mine.code
        assert found(search(client, "공원"))["items"] == ["공원 벤치", "공원 화단", "화단"]

    def test_kinds_with_the_word_in_a_title_come_first(self, client, dong):
        held = announced(dong, title="봄 총회", purpose="공원을 정합니다.")
        AgendaItemFactory(assembly=held, title="공원 벤치")
        assert list(found(search(client, "공원"))) == ["items", "assemblies"]


class TestNearest:
    @pytest.mark.usefixtures("item")
    def test_a_typing_error_is_answered_with_what_sounds_alike(self, client, assembly):
        AgendaItemFactory(assembly=assembly, number=2, title="어린이 놀이터 고치기")
        response = search(client, "놀이타", prefix="/en")
        assert not found(response)
        assert [section.code for section in response.context["alike"]] == ["items"]
        html = response.content.decode()
        assert "Did you look for one of these?" in html
        assert "어린이 놀이터 고치기" in html
        assert "금부초 앞" not in html

    def test_a_misspelt_dong(self, client, dong):
        DongFactory(name="풍암동")
        response = search(client, "급호1동")
        (section,) = response.context["alike"]
        assert ["".join(piece.text for piece in hit.title) for hit in section.hits] == [dong.full_name]

    def test_the_dong_that_is_named_holds_for_what_sounds_alike(self, client, assembly):
        AgendaItemFactory(assembly=assembly, number=2, title="놀이터 고치기")
        AgendaItemFactory(assembly=announced(DongFactory(name="풍암동")), title="놀이터 넓히기")
        (section,) = search(client, "금호1동 놀이타").context["alike"]
        assert len(section.hits) == 1

    def test_one_syllable_with_a_particle_is_found_where_nothing_else_is(self, client, assembly):
        AgendaItemFactory(assembly=assembly, number=2, title="숲길 내기")
        response = search(client, "숲을", prefix="/en")
        assert found(response)["items"] == ["숲길 내기"]
        assert "These hold “숲”" in response.content.decode()

    @pytest.mark.usefixtures("item")
    def test_nothing_at_all_says_what_helps_and_offers_the_words(self, client):
        html = search(client, "우주선 잠수함", prefix="/en").content.decode()
        assert "Check the spelling" in html
        assert f'href="?q={quote("우주선")}"' in html
        assert f'href="?q={quote("잠수함")}"' in html


class TestPage:
    def test_words_are_marked_and_everything_is_escaped(self, client, assembly):
        AgendaItemFactory(assembly=assembly, number=2, title="<b>공원</b> & 길", gain="<script>alert('공원')</script>")
        html = search(client, "공원").content.decode()
        assert "&lt;b&gt;<mark>공원</mark>&lt;/b&gt; &amp; 길" in html
        assert "<script>alert" not in html

    def test_the_query_is_kept_and_escaped(self, client):
        html = search(client, '"><script>1</script>').content.decode()
        assert "<script>1" not in html
        assert 'value="&quot;&gt;&lt;script&gt;1&lt;/script&gt;"' in html

    @pytest.mark.usefixtures("item")
    def test_without_a_query_it_says_how_to_search(self, client):
        for address in ("/en/search/", "/en/search/?q=", "/en/search/?q=%20%20"):
            html = client.get(address).content.decode()
            assert "How to search" in html
            assert html.count("<h1") == 1

    @pytest.mark.parametrize("query", ["에서", "은", "!!!", "%", "_", "....", "에서는", "\\", "the"])
    def test_particles_and_signs_alone_get_a_sentence(self, client, query):
        assert "This word alone says nothing" in search(client, query, prefix="/en").content.decode()

    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_fifty_letters_are_searched_and_one_more_is_refused(self, client, prefix):
        assert search(client, "가" * 50, prefix=prefix)
        assert search(client, unicodedata.normalize("NFD", "각" * 50), prefix=prefix)
        response = client.get(f"{prefix}/search/", {"q": "가" * 51})
        assert response.status_code == 400
        assert "50" in response.content.decode()

    def test_a_zero_byte_is_refused_with_a_sentence(self, client):
        response = client.get("/en/search/?q=%EA%B0%80%00")
        assert response.status_code == 400
        assert "cannot be typed" in response.content.decode()

    @pytest.mark.parametrize(
        "query", ["공%원", "공_원", "공.원", "공*", "공원')--", "공원\\", "[공원]", "^공원$", "(?i)공원"]
    )
    def test_signs_part_words_and_are_no_wildcards(self, client, assembly, query):
        for number, title in enumerate(["공동 정원", "공원", "동원", "공터"], start=2):
            AgendaItemFactory(assembly=assembly, number=number, title=title)
        apart = "".join(sign if sign.isalnum() else " " for sign in query)
        assert found(search(client, query)) == found(search(client, apart))

    def test_one_kind_page_by_page(self, client, assembly):
        for number in range(2, 23):
            AgendaItemFactory(assembly=assembly, number=number, title=f"공원 {number}")
        put(assembly, purpose="공원을 정합니다.")
        everything = search(client, "공원", prefix="/en")
        assert len(found(everything)["items"]) == 3
        assert "See all 21" in everything.content.decode()
        assert "Page 1 of 2" in search(client, "공원", prefix="/en", kind="items").content.decode()
        last = search(client, "공원", kind="items", page=2)
        assert found(last) == {"items": ["공원 2"]}
        assert "assemblies" in {section.code for section in last.context["counts"]}

    @pytest.mark.usefixtures("item")
    def test_a_kind_without_hits_says_so(self, client):
        html = search(client, "금부초", prefix="/en", kind="councils").content.decode()
        assert "Nothing of this kind was found" in html

    @pytest.mark.usefixtures("item")
    @pytest.mark.parametrize(
        "params", [{"kind": "people"}, {"kind": "items", "page": "99"}, {"kind": "items", "page": "x"}]
    )
    def test_a_kind_or_a_page_that_is_not_there_is_missing(self, client, params):
        assert client.get("/search/", {"q": "금부초", **params}).status_code == 404

    @override_settings(SEARCH_RATE="2/m/ip")
    def test_too_many_searches_get_a_page_that_says_so(self, client):
        cache.clear()
        assert [client.get("/search/", {"q": "금"}).status_code for _ in range(3)] == [200, 200, 429]
        assert client.get("/search/").status_code == 200

    @pytest.mark.usefixtures("item")
    def test_anonymous_searches_come_from_the_cache_without_cookies(self, client, django_assert_num_queries):
        first = search(client, "금부초")
        assert not first.cookies
        assert "csrfmiddlewaretoken" not in first.content.decode()
        with django_assert_num_queries(1):  # newest act
            assert search(client, "금부초").content == first.content

    def test_other_methods_are_refused(self, client):
        assert client.post("/search/?q=가").status_code == 405


def test_an_event_is_found_as_it_was_published_and_not_as_its_next_draft(client):
    """The tables hold the next version of a programme, which only the secretariat reads before it is published."""
    forum = planned(title="공원을 걷는 포럼", place="오산시청")
    publish_forum(forum_id=forum.pk, actor=None, at=NOON)
    Forum.objects.update(title="공원을 그만두는 포럼", place="비밀의 공원", intent="공원의 초안")
    page = search(client, "공원").content.decode()
    assert "걷는" in page
    for draft in ("그만두는", "비밀의", "초안"):
        assert draft not in page


class TestQueries:
    """Literal counts, the same for 1 and for 30 hits of each kind."""

    @pytest.fixture
    def hits(self, dong, request):
        for place in range(request.param):
            here = DongFactory(name=f"공원{place}동", parent=dong.parent)
            CouncilFactory(dong=here, main_work="공원")
            poll = open_poll_in(here, question="공원을 할까요?", items=1)
            put(poll.assembly, purpose="공원")
            AgendaItem.objects.update(title="공원")
            ForumFactory(title="공원", status=ForumStatus.PUBLISHED, number=place + 1)
            Publication.objects.create(
                kind=PublicationKind.JOURNAL,
                status=PublicationStatus.PUBLISHED,
                number=place + 1,
                title="공원",
                year=2026,
            )

    @pytest.mark.parametrize("hits", [1, 30], indirect=True)
    @pytest.mark.usefixtures("hits")
    def test_all_kinds(self, client, django_assert_num_queries):
        # newest act; names of dongs; seven kinds: number, keys, rows; decisions of the items; versions of events; dongs
        with django_assert_num_queries(24):
            assert len(found(search(client, "공원"))) == 7

    @pytest.mark.parametrize("hits", [1, 30], indirect=True)
    @pytest.mark.usefixtures("hits")
    def test_one_kind(self, client, django_assert_num_queries):
        # newest act; names of dongs; seven kinds: number; keys, rows and decisions of the items
        with django_assert_num_queries(12):
            assert found(search(client, "공원", kind="items"))

    @pytest.mark.parametrize("hits", [1, 30], indirect=True)
    @pytest.mark.usefixtures("hits")
    def test_with_a_place(self, client, django_assert_num_queries):
        # as one kind, and the assemblies of the place
        with django_assert_num_queries(13):
            assert found(search(client, "서구 공원", kind="items"))

    @pytest.mark.parametrize("hits", [1, 30], indirect=True)
    @pytest.mark.usefixtures("hits")
    def test_what_sounds_alike(self, client, django_assert_num_queries):
        # newest act; names of dongs; seven kinds: number; six kinds with titles: keys, on PostgreSQL after asking for
        # pg_trgm, in a transaction with a threshold; rows of three kinds, decisions of the items,
        # versions of events
        on_postgres = connection.vendor == "postgresql"
        with django_assert_num_queries(44 if on_postgres else 20):
            assert search(client, "곤원").context["alike"]
