"""Regions for machines."""

from datetime import date

import pytest
from django.core.management import call_command

from residents.models import Region
from tests.factories import DongFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db
REGIONS = "/api/v1/regions/"


def codes(response):
    assert response.status_code == 200
    return {row["code"] for row in response.json()["results"]}


@pytest.fixture
def dong():
    return DongFactory(name="금호1동", population=20_000, population_on=date(2019, 1, 1), population_source="demo")


def test_one_region_says_where_it_belongs_and_what_its_figure_is_worth(client, dong):
    row = client.get(f"{REGIONS}{dong.code}/").json()
    assert (row["name"], row["level"], row["parent"]) == ("금호1동", "dong", dong.parent.code)
    assert (row["population"], row["population_on"], row["population_source"]) == (20_000, "2019-01-01", "demo")


def test_a_dong_names_its_legal_dongs_one_by_one(client, dong):
    Region.objects.filter(pk=dong.pk).update(legal_dongs="금호동, 쌍촌동")
    assert client.get(f"{REGIONS}{dong.code}/").json()["legal_dongs"] == ["금호동", "쌍촌동"]
    assert client.get(f"{REGIONS}{dong.parent.code}/").json()["legal_dongs"] == []


def test_a_region_that_ceased_names_its_successors(client, dong):
    successor = DongFactory()
    Region.objects.filter(pk=dong.pk).update(valid_until=date(2018, 7, 1))
    dong.successors.add(successor)
    assert client.get(f"{REGIONS}{dong.code}/").json()["successors"] == [successor.code]
    assert codes(client.get(REGIONS, {"valid_on": "2018-06-30", "level": "dong"})) == {dong.code, successor.code}
    assert codes(client.get(REGIONS, {"valid_on": "2018-07-01", "level": "dong"})) == {successor.code}


@pytest.mark.parametrize("query", [{"level": "dong"}, {"name": "금호"}])
def test_regions_are_filtered(client, dong, query):
    assert codes(client.get(REGIONS, query)) == {dong.code}


def test_regions_are_filtered_by_what_they_are_part_of(client, dong):
    MunicipalityFactory()
    assert codes(client.get(REGIONS, {"parent": dong.parent.code})) == {dong.code}


@pytest.mark.parametrize(
    "query",
    [{"level": "village"}, {"valid_on": "yesterday"}, {"name": "가" * 41}, {"parent": "x" * 21}, {"name": "\0"}],
)
def test_impossible_filters_are_said_so(client, query):
    response = client.get(REGIONS, query)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"
    (sentences,) = response.json()["fields"].values()
    assert all(len(sentence) > 5 for sentence in sentences)


@pytest.mark.parametrize("code", ["nowhere", "999", "x" * 50, "%00"])
def test_unknown_regions_are_not_found(client, code):
    assert client.get(f"{REGIONS}{code}/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_through_the_api(client, dong, method):
    assert getattr(client, method)(f"{REGIONS}{dong.code}/").status_code == 405


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_asks_the_database_equally_often(client, rows, django_assert_num_queries):
    municipality = MunicipalityFactory()
    for _number in range(rows):
        DongFactory(parent=municipality)
    with django_assert_num_queries(3):
        client.get(REGIONS, {"level": "dong"})


def test_the_schema_is_whole(tmp_path):
    """drf-spectacular finds nothing to warn of in any app's part."""
    out = tmp_path / "schema.yaml"
    call_command("spectacular", "--fail-on-warn", "--validate", file=str(out))
    assert "/api/v1/regions/" in out.read_text()
