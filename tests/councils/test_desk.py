"""Councils on the desk: the district makes and converts them, the dong keeps the figures."""

import pytest
from django.urls import reverse

from councils.models import Council
from councils.states import CouncilStatus
from councils.waiting.figures import councils_without_figures
from residents.states import Role
from tests.factories import CouncilFactory, DongFactory, MunicipalityFactory, official

pytestmark = pytest.mark.django_db

ADD, LIST = "admin:councils_council_add", "admin:councils_council_changelist"


@pytest.fixture(autouse=True)
def _demo_door(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def here():
    return MunicipalityFactory()


@pytest.fixture
def council(here):
    return CouncilFactory(dong__parent=here)


def page(name, council):
    return reverse(f"admin:councils_council_{name}", args=[council.pk])


FIGURES = {"capacity": "30", "members": "28", "advisers": "1", "counted_on": "2019-10-01", "main_work": "", "note": ""}


def test_a_district_official_records_a_council_at_work(client, here):
    dong = DongFactory(parent=here)
    client.force_login(official(region=here))

    response = client.post(
        reverse(ADD), {"dong": dong.pk, "type": "gwangju", "established_on": "2017-03-02", **FIGURES}
    )

    assert response.status_code == 302
    council = Council.objects.get()
    assert (council.dong, council.type, council.status, council.members) == (dong, "gwangju", "working", 28)


def test_a_council_without_a_day_is_being_converted(client, here):
    dong = DongFactory(parent=here)
    client.force_login(official(region=here))

    client.post(reverse(ADD), {"dong": dong.pk, "type": "seogu", "established_on": "", "advisers": "0"})

    assert Council.objects.get().status == "converting"


def test_only_dongs_of_ones_own_district_are_offered(client, here):
    foreign = DongFactory()
    client.force_login(official(region=here))

    response = client.post(reverse(ADD), {"dong": foreign.pk, "type": "seogu", "advisers": "0"})

    assert response.status_code == 400
    assert not Council.objects.exists()


def test_a_second_council_is_refused_with_a_sentence(client, here, council):
    client.force_login(official(region=here))

    response = client.post(
        reverse(ADD), {"dong": council.dong_id, "type": "seogu", "established_on": "2019-01-01", **FIGURES}
    )

    assert response.status_code in {400, 409}
    assert Council.objects.count() == 1


def test_a_dong_official_keeps_the_figures_and_nothing_else(client, council):
    client.force_login(official(Role.DONG_OFFICIAL, council.dong))

    response = client.post(page("change", council), {**FIGURES, "type": "seoul", "established_on": "2000-01-01"})

    assert response.status_code == 302
    council.refresh_from_db()
    assert (council.members, council.type, council.established_on.year) == (28, "ministry", 2016)
    for name in ("start-conversion", "finish-conversion", "dissolve"):
        assert client.get(page(name, council)).status_code == 404
    assert client.get(reverse(ADD)).status_code == 404


def test_more_members_than_seats_are_refused(client, council):
    client.force_login(official(Role.DONG_OFFICIAL, council.dong))

    response = client.post(page("change", council), {**FIGURES, "members": "31"})

    assert response.status_code in {400, 409}
    council.refresh_from_db()
    assert council.members == 29


def test_a_conversion_from_its_beginning_to_its_end(client, here, council):
    client.force_login(official(region=here))

    assert client.get(page("start-conversion", council)).status_code == 200
    client.post(page("start-conversion", council), {"type": "seogu"})
    council.refresh_from_db()
    assert (council.type, council.status) == ("seogu", CouncilStatus.CONVERTING)
    assert client.post(page("start-conversion", council), {"type": "seoul"}).status_code == 409

    client.post(page("finish-conversion", council), {"established_on": "2020-01-01"})
    council.refresh_from_db()
    assert council.status == CouncilStatus.WORKING


def test_a_dissolved_council_is_shown_and_not_changed(client, here, council):
    client.force_login(official(region=here))
    client.post(page("dissolve", council), {"reason": "동 통합"})

    assert client.get(page("change", council)).status_code == 200
    assert client.post(page("change", council), FIGURES).status_code in {403, 404, 409}
    council.refresh_from_db()
    assert (council.status, council.members) == ("dissolved", 29)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.OPERATOR, Role.COUNCIL_OFFICER])
def test_others_only_look(client, here, council, role):
    region = {Role.AUDITOR: here, Role.OPERATOR: None, Role.COUNCIL_OFFICER: council.dong}[role]
    client.force_login(official(role, region))

    assert client.get(page("change", council)).status_code == 200
    assert client.post(page("change", council), FIGURES).status_code in {403, 404}
    assert client.get(reverse(ADD)).status_code == 404
    council.refresh_from_db()
    assert council.members == 29


@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICIAL, Role.AUDITOR])
def test_a_foreign_council_is_not_there(client, council, role):
    client.force_login(official(role, MunicipalityFactory()))

    assert client.get(page("change", council)).status_code == 404
    assert client.post(page("change", council), FIGURES).status_code == 404
    assert len(client.get(reverse(LIST)).context["cl"].result_list) == 0


@pytest.mark.parametrize("others", [1, 29])
def test_the_list_costs_the_same_for_two_and_for_thirty(client, here, council, django_assert_num_queries, others):
    for _number in range(others):
        CouncilFactory(dong__parent=here)
    client.force_login(official(region=here))
    client.get(reverse(LIST))

    with django_assert_num_queries(7):
        client.get(reverse(LIST))


def test_councils_without_figures_are_counted_and_exactly_those_are_listed(client, here):
    user = official(region=here)
    bare = {CouncilFactory(dong__parent=here, capacity=None, members=None).pk for _number in range(2)}
    CouncilFactory(dong__parent=here, capacity=30, members=28)
    CouncilFactory(dong__parent=here, capacity=None, members=None, status=CouncilStatus.CONVERTING)
    client.force_login(user)

    [waiting] = councils_without_figures(user)
    listed = client.get(waiting.url).context["cl"].result_list

    assert (waiting.count, {row.pk for row in listed}) == (2, bare)
