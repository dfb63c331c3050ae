"""The roster, a council's page, the roster for machines."""

from datetime import date

import pytest
from django.urls import reverse

from councils.states import CouncilStatus, CouncilType
from tests.factories import CouncilFactory, DongFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db

ROSTER = "/councils/"


@pytest.fixture
def here():
    return MunicipalityFactory(name="서구")


def council(parent, name, **fields):
    return CouncilFactory(dong=DongFactory(parent=parent, name=name), **fields)


def test_the_roster_says_dong_type_day_and_figures(client, here):
    council(here, "풍암동", capacity=30, members=26, advisers=2, main_work="마을축제;주민총회")

    html = client.get(f"/en{ROSTER}").content.decode()

    for text in ("풍암동", "2016", "30 people", "26 people", "2 people", "마을축제, 주민총회"):
        assert text in html


def test_inferred_rows_and_conversions_are_marked(client, here):
    council(here, "치평동", type=CouncilType.GWANGJU, inferred=True, note="한 칸 밀린 행")
    council(here, "상무2동", type=CouncilType.SEOGU, status=CouncilStatus.CONVERTING, established_on=None,
            capacity=None, members=None)  # fmt: skip

    html = client.get(f"/en{ROSTER}").content.decode()

    assert html.count('<span class="badge">inferred</span>') == 1
    assert "being converted" in html


def test_dissolved_councils_leave_the_roster_and_keep_their_page(client, here):
    gone = council(here, "양동", status=CouncilStatus.DISSOLVED)

    assert "양동" not in client.get(ROSTER).content.decode()
    assert "notice--warning" in client.get(gone.get_absolute_url()).content.decode()


def test_the_roster_is_narrowed_to_a_municipality(client, here):
    council(here, "풍암동")
    council(MunicipalityFactory(name="북구"), "용봉동")

    html = client.get(ROSTER, {"in": here.code}).content.decode()

    assert "풍암동" in html
    assert "용봉동" not in html


def test_the_roster_is_narrowed_to_a_type(client, here):
    council(here, "풍암동", type=CouncilType.GWANGJU)
    council(here, "동천동", type=CouncilType.SEOGU)

    html = client.get(ROSTER, {"type": "seogu"}).content.decode()
    nothing = client.get(ROSTER, {"type": "seoul"}).content.decode()

    assert "동천동" in html
    assert "풍암동" not in html
    assert '<option value="seogu" selected>' in html
    assert 'class="empty"' in nothing
    assert f'href="{ROSTER}"' in nothing.split('class="empty"')[1]


@pytest.mark.parametrize(
    "query", ["type=nowhere", "type=%00", "in=nowhere", "in=%00", "page=0", "page=2", "page=x", "page=-1"]
)
def test_a_page_that_is_not_there_is_404(client, here, query):
    council(here, "풍암동")

    assert client.get(f"{ROSTER}?{query}").status_code == 404


def test_an_empty_roster_says_what_will_be_here(client):
    assert 'class="empty"' in client.get(ROSTER).content.decode()


def test_the_roster_is_read_only(client):
    assert client.post(ROSTER).status_code == 405


@pytest.mark.parametrize("count", [1, 200])
def test_the_roster_costs_the_same_for_one_and_for_two_hundred(client, here, django_assert_num_queries, count):
    for _number in range(count):
        CouncilFactory(dong__parent=here)

    with django_assert_num_queries(5):  # newest audit entry, municipalities, count, councils, other bodies
        client.get(ROSTER)


def test_the_pages_of_the_roster_keep_the_municipality(client, here):
    for _number in range(51):
        CouncilFactory(dong__parent=here)

    first = client.get(ROSTER, {"in": here.code}).content.decode()
    second = client.get(ROSTER, {"in": here.code, "page": 2})

    assert f"in={here.code}&amp;page=2" in first
    assert len(second.context["page"].object_list) == 1


def test_a_council_has_a_page(client, here, django_assert_num_queries):
    one = council(here, "금호2동", type=CouncilType.GWANGJU, established_on=date(2017, 3, 2), capacity=30, members=28,
                  advisers=4, main_work="마을축제;주민총회")  # fmt: skip

    # newest audit entry, council with its regions, term, next meeting, decisions, subcommittees, recruitments
    with django_assert_num_queries(7):
        html = client.get(f"/en{one.get_absolute_url()}").content.decode()

    for text in ("금호2동", "28 people", "4 people", "<li>마을축제</li>", reverse("portal:dong", args=[one.dong.code])):
        assert text in html


@pytest.mark.parametrize("address", ["/councils/0/", "/councils/99999999999999999999/", "/councils/x/"])
def test_there_is_no_such_council(client, address):
    assert client.get(address).status_code == 404


def test_notes_are_shown_as_text(client, here):
    one = council(here, "풍암동", inferred=True, note="<script>alert(1)</script>", main_work="<b>축제</b>")

    for address in (one.get_absolute_url(), ROSTER):
        html = client.get(address).content.decode()
        assert "<script>alert" not in html
        assert "<b>축제" not in html


# --- API --------------------------------------------------------------------------------------------------------------

API = "/api/v1/councils/"


@pytest.mark.parametrize("count", [1, 30])
def test_the_api_lists_the_roster(client, here, django_assert_num_queries, count):
    for _number in range(count):
        CouncilFactory(dong__parent=here, main_work="마을축제;주민총회")

    with django_assert_num_queries(2):
        data = client.get(API).json()

    assert data["count"] == count
    row = data["results"][0]
    assert (row["municipality_code"], row["type"], row["members"]) == (here.code, "ministry", 29)
    assert row["main_work"] == ["마을축제", "주민총회"]


def test_the_api_is_filtered(client, here):
    council(here, "풍암동")
    council(MunicipalityFactory(), "용봉동", type=CouncilType.SEOUL)
    council(here, "양동", status=CouncilStatus.DISSOLVED)

    def names(**query):
        return [row["dong"] for row in client.get(API, query).json()["results"]]

    assert sorted(names()) == ["용봉동", "풍암동"]
    assert names(municipality=here.code) == ["풍암동"]
    assert names(type="seoul") == ["용봉동"]


@pytest.mark.parametrize("query", ["type=other", "status=other", f"municipality={'1' * 21}"])
def test_a_filter_of_the_api_that_makes_no_sense_is_a_bad_request(client, query):
    assert client.get(f"{API}?{query}").status_code == 400


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_changes_nothing(client, here, method):
    one = council(here, "풍암동")

    assert getattr(client, method)(f"{API}{one.pk}/").status_code in {403, 405}
    one.refresh_from_db()
    assert one.members == 29
