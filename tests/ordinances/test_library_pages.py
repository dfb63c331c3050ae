"""The library for everybody: search, versions, comparison, API; and checks as a table."""

from datetime import date

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from ordinances.checked_table import checked_lines, council_lines
from ordinances.checks import Check, CheckedRule
from ordinances.models import Rule, RuleKind, RuleSet
from ordinances.services import RuleInput, RuleSetFacts, create_rule_set, load_preset
from ordinances.states import Subject, VersionAct
from tests.factories import NOON, MunicipalityFactory, RuleSetFactory
from tests.ordinances.library import add_version, amended, enacted, make_ordinance, version_facts

pytestmark = pytest.mark.django_db

LIST = "/en/ordinances/"


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_an_empty_library_says_so(client):
    assert "No ordinance has been put into the library yet" in page(client, LIST)


def test_the_list_names_municipality_subject_and_the_latest_version(client):
    ordinance = make_ordinance()
    enacted(ordinance)
    amended(ordinance)

    html = page(client, LIST)

    assert ordinance.title in html
    assert str(ordinance.region.full_name) in html
    assert "amended 14 August 2019" in html.replace("\n", " ") or "amended" in html
    assert f'href="/en/ordinances/{ordinance.pk}/"' in html


def test_the_list_is_narrowed_down(client):
    ours, theirs = make_ordinance(title="서구 조례"), make_ordinance(title="남구 조례", subject=Subject.BUDGETS)
    enacted(ours)
    enacted(theirs, day=date(2011, 1, 1))

    for asked in (f"region={ours.region.code}", "subject=councils", "year=2015", "q=서구"):
        html = page(client, f"{LIST}?{asked}")
        assert "서구 조례" in html, asked
        assert "남구 조례" not in html, asked
    assert "Nothing was found" in page(client, f"{LIST}?q=없는말")


@pytest.mark.parametrize("query", ["subject=x", "year=x", "year=0000", "year=20190", "region=1", "region=%00"])
def test_what_the_list_does_not_offer_is_not_found(client, query):
    make_ordinance()

    assert client.get(f"{LIST}?{query}").status_code == 404


@pytest.mark.parametrize("query", ["q=%00", "q=" + "가" * 500, "page=0", "page=x", "page=99"])
def test_odd_searches_are_answered(client, query):
    make_ordinance()

    assert client.get(f"{LIST}?{query}").status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_with_many(client, django_assert_num_queries, count):
    region = MunicipalityFactory()
    for number in range(count):
        enacted(make_ordinance(region, title=f"조례 {number}"))

    with django_assert_num_queries(6):  # newest audit entry, regions, count, ordinances, versions, years
        client.get(LIST)


def test_the_page_of_an_ordinance_shows_its_latest_version_with_its_articles(client):
    ordinance = make_ordinance()
    first, second = enacted(ordinance), amended(ordinance)

    html = page(client, f"/en/ordinances/{ordinance.pk}/")

    assert "제3조의2 추첨" in html
    assert "정원은 50명 이하로 한다." in html
    assert "정원은 30명 이하로 한다." not in html
    assert first.get_absolute_url() in html
    assert 'href="https://law.example/1" rel="noopener external"' in html
    assert f'id="{second.articles.get(number="3의2").anchor}"' in html


def test_an_earlier_version_is_called_so(client):
    ordinance = make_ordinance()
    first = enacted(ordinance)
    amended(ordinance)

    html = page(client, f"/en/ordinances/{ordinance.pk}/versions/{first.pk}/")

    assert "An earlier version:" in html
    assert "정원은 30명 이하로 한다." in html


def test_a_repealed_ordinance_and_one_without_articles_or_versions_say_so(client):
    ordinance = make_ordinance()
    assert "No version has been entered yet" in page(client, f"/en/ordinances/{ordinance.pk}/")
    enacted(ordinance, articles=())
    assert "are not known here" in page(client, f"/en/ordinances/{ordinance.pk}/")
    repeal = version_facts(VersionAct.REPEALED, date(2020, 1, 1))
    add_version(ordinance_id=ordinance.pk, facts=repeal, actor=None, at=NOON)
    assert "This ordinance was repealed" in page(client, f"/en/ordinances/{ordinance.pk}/")


def test_a_version_of_another_ordinance_is_not_found(client):
    ordinance, other = make_ordinance(), make_ordinance()
    version = enacted(other)

    for address in (f"{ordinance.pk}/versions/{version.pk}/", "0/", "99999999999999999999/", "x/",
                    f"{ordinance.pk}/compare/?before={version.pk}"):  # fmt: skip
        assert client.get(f"/ordinances/{address}").status_code == 404, address


def test_two_versions_stand_beside_each_other(client):
    ordinance = make_ordinance()
    first, second = enacted(ordinance), amended(ordinance)
    address = f"/en/ordinances/{ordinance.pk}/compare/"

    html = page(client, address)

    assert "2 articles differ." in html
    assert "<del>30명</del>" in html
    assert "<ins>50명</ins>" in html
    assert "<ins>30명</ins>" in page(client, f"{address}?before={second.pk}&after={first.pk}")


def test_one_version_has_nothing_to_compare(client):
    ordinance = make_ordinance()
    enacted(ordinance)

    assert "nothing to compare yet" in page(client, f"/en/ordinances/{ordinance.pk}/compare/")


@pytest.mark.parametrize("count", [1, 20])
def test_the_pages_cost_the_same_with_many_versions(client, django_assert_num_queries, count):
    ordinance = make_ordinance()
    enacted(ordinance)
    for number in range(count):
        amended(ordinance, day=date(2016 + number, 1, 1))

    with django_assert_num_queries(6):  # newest audit entry, ordinance, links, versions, articles, rule sets
        client.get(f"/ordinances/{ordinance.pk}/")
    with django_assert_num_queries(4):  # newest audit entry, ordinance, versions, articles
        client.get(f"/ordinances/{ordinance.pk}/compare/")


def test_the_pages_are_read_only(client):
    ordinance = make_ordinance()
    version = enacted(ordinance)

    for address in ("", f"{ordinance.pk}/", f"{ordinance.pk}/versions/{version.pk}/", f"{ordinance.pk}/compare/"):
        assert client.post(f"/ordinances/{address}").status_code == 405


# --- rule sets that rest on the library -------------------------------------------------------------------------------


def resting(doubt=""):
    version = amended(make_ordinance())
    article = version.articles.get(number="3")
    facts = RuleSetFacts(RuleKind.ORDINANCE, "정원 규칙", "1", "조례", date(2019, 8, 14), ordinance_version=version)
    rules = [RuleInput("seats_max", 50, "제3조", doubt, cites=article), RuleInput("seats_min", 20, "설명서")]
    return create_rule_set(region=version.ordinance.region, facts=facts, rules=rules, actor=None, at=NOON)


def test_a_rule_set_leads_to_its_ordinance_and_to_the_articles_that_it_cites(client):
    rule_set = resting()
    cited = rule_set.rules.get(name="seats_max").cites

    html = page(client, f"/en/rules/{rule_set.pk}/")

    assert f"/versions/{cited.version_id}/#{cited.anchor}" in html
    assert rule_set.ordinance_version.ordinance.title in html
    assert "Residents’ councils" in html
    assert "at most 50 persons" in html
    assert 'id="rule-seats_max"' in html
    version = rule_set.ordinance_version
    assert str(rule_set) in page(client, f"/en/ordinances/{version.ordinance_id}/versions/{version.pk}/")


def test_a_pattern_is_marked_as_one(client):
    rule_set = load_preset(region=MunicipalityFactory(), key="seogu-2019", actor=None, at=NOON)

    assert "as a pattern" in page(client, f"/en/rules/{rule_set.pk}/")


def test_checks_lead_to_the_article_or_to_the_rule():
    rule_set = resting("언제부터인지 모름")
    checks = [
        Check(CheckedRule.SEATS_MIN, "설명서", 20, 30, met=True),
        Check(CheckedRule.SEATS_MAX, "제3조", 50, 51, met=False, doubt="언제부터인지 모름"),
    ]
    with override("en"):
        low, high = checked_lines(rule_set, checks)

        assert (low.required, low.actual, low.met) == ("at least 20 persons", "30 persons", True)
        assert low.source_url == f"{rule_set.get_absolute_url()}#rule-seats_min"
        assert high.source_url == rule_set.rules.get(name="seats_max").cites.get_absolute_url()

        html = render_to_string("ordinances/_checks.html", {"lines": [low, high], "caption": "Rules"})

    assert "not kept" in html
    assert "✕" in html
    assert html.count("Doubt:") == 1
    assert "언제부터인지 모름" in html


def test_rules_that_nothing_was_held_against_are_shown_as_such():
    rule_set = resting()
    checks = [Check(CheckedRule.SEATS_MAX, "제3조", 50, 40, met=True)]
    with override("en"):
        lines = council_lines(rule_set, checks)
        html = render_to_string("ordinances/_checks.html", {"lines": lines, "caption": "Rules"})

    assert [line.met for line in lines] == [True, None]
    assert "not checked yet" in html


def test_the_table_of_checks_costs_one_query(django_assert_num_queries):
    rule_set = RuleSet.objects.get(pk=resting().pk)
    checks = [Check(CheckedRule.SEATS_MAX, "제3조", 50, 40, met=True)]

    with django_assert_num_queries(1):
        council_lines(rule_set, checks)


# --- for machines -----------------------------------------------------------------------------------------------------

ORDINANCES, RULE_SETS = "/api/v1/ordinances/", "/api/v1/rule-sets/"


def test_the_api_has_the_ordinances_with_their_versions(client):
    ordinance = make_ordinance()
    enacted(ordinance)
    amended(ordinance)

    row = client.get(f"{ORDINANCES}{ordinance.pk}/").json()

    assert (row["title"], row["subject"], row["region_code"]) == (ordinance.title, "councils", ordinance.region.code)
    assert [one["day"] for one in row["versions"]] == ["2019-08-14", "2015-12-15"]
    assert row["versions"][0]["articles"][1] == {"number": "3", "title": "정원", "text": "정원은 50명 이하로 한다."}


def test_the_api_has_the_rule_sets_with_their_rules(client):
    rule_set = resting()

    row = client.get(f"{RULE_SETS}{rule_set.pk}/").json()

    assert (row["kind"], row["is_in_use"], row["ordinance_version"]) == (
        "ordinance", False, rule_set.ordinance_version_id
    )  # fmt: skip
    assert {rule["name"]: rule["value"] for rule in row["rules"]} == {"seats_max": 50, "seats_min": 20}


@pytest.mark.parametrize(
    ("query", "count"),
    [("year=2015", 1), ("year=2019", 0), ("subject=councils", 1), ("subject=budgets", 0), ("region=1", 0)],
)
def test_the_api_is_filtered(client, query, count):
    enacted(make_ordinance())

    assert client.get(f"{ORDINANCES}?{query}").json()["count"] == count


@pytest.mark.parametrize("query", ["year=x", "year=0", "year=99999", "subject=x", "kind=x", "region=%00"])
def test_a_filter_of_the_api_that_makes_no_sense_is_a_bad_request(client, query):
    assert client.get(f"{ORDINANCES}?{query}").status_code == 400


@pytest.mark.parametrize("count", [1, 30])
def test_the_api_costs_the_same_with_many(client, django_assert_num_queries, count):
    region = MunicipalityFactory()
    for number in range(count):
        enacted(make_ordinance(region, title=f"조례 {number}"))
        RuleSetFactory(region=region)

    with django_assert_num_queries(4):  # count, ordinances, versions, articles
        client.get(f"{ORDINANCES}")
    with django_assert_num_queries(3):  # count, rule sets, rules
        client.get(f"{RULE_SETS}")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_changes_nothing(client, method):
    ordinance = make_ordinance()

    assert getattr(client, method)(f"{ORDINANCES}{ordinance.pk}/").status_code == 405
    assert Rule.objects.count() == 0
