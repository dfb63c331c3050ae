"""The public page of a rule set, and the desk."""

from datetime import date

import pytest
from django.urls import reverse

from ordinances.models import Rule, RuleKind, RuleSet
from ordinances.rulesets import Parameter
from ordinances.services import lock_rule_set
from residents.states import Basis, Role
from tests.factories import NOON, DongFactory, MunicipalityFactory, RuleSetFactory, official

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo_door(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def here():
    return MunicipalityFactory()


def test_the_page_says_every_parameter_with_its_source_and_doubt(client):
    rule_set = RuleSetFactory()
    Rule.objects.filter(name="quorum").update(doubt="정족수로 읽었습니다.")

    html = client.get(f"/en/rules/{rule_set.pk}/").content.decode()

    for text in (
        "16 full years or more",
        "1 % of the residents or more",
        "at least 14 days before",
        "정족수로 읽었습니다.",
    ):
        assert text in html
    assert all(rule.article in html for rule in rule_set.rules.all())


def test_each_source_stands_beside_what_it_says_and_is_marked_as_korean(client):
    rule_set = RuleSetFactory()

    html = client.get(f"/en/rules/{rule_set.pk}/").content.decode()

    shown = html.split('class="rule"')[1:]
    assert len(shown) == rule_set.rules.count()
    for line in shown:
        assert 'class="rule__value"' in line
        assert '<cite lang="ko">' in line


def test_invented_rules_and_plans_are_marked(client):
    demo, plan = RuleSetFactory(kind=RuleKind.DEMO), RuleSetFactory(kind=RuleKind.PLAN)
    ordinance = RuleSetFactory(kind=RuleKind.ORDINANCE)

    assert "notice--warning" in client.get(demo.get_absolute_url()).content.decode()
    assert "notice--info" in client.get(plan.get_absolute_url()).content.decode()
    assert "notice--" not in client.get(ordinance.get_absolute_url()).content.decode()


def test_a_silent_rule_set_has_a_page_too(client, here):
    rule_set = RuleSet.objects.create(region=here, kind="plan", title="계획", version="1", source="계획",
                                      valid_from=date(2018, 1, 1))  # fmt: skip

    assert client.get(rule_set.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("address", ["/rules/0/", "/rules/99999999999999999999/", "/rules/x/", "/rules/-1/"])
def test_there_is_no_such_rule_set(client, address):
    assert client.get(address).status_code == 404


def test_the_page_is_read_only(client):
    assert client.post(RuleSetFactory().get_absolute_url()).status_code == 405


@pytest.mark.parametrize("others", [0, 30])
def test_the_page_costs_the_same_with_many_versions(client, here, django_assert_num_queries, others):
    rule_set = RuleSetFactory(region=here)
    RuleSetFactory.create_batch(others, region=here)

    with django_assert_num_queries(4):  # newest audit entry, rule set, rules, other versions
        client.get(rule_set.get_absolute_url())


# --- desk -------------------------------------------------------------------------------------------------------------


def rows(rules):
    data = {"rules-TOTAL_FORMS": len(rules), "rules-INITIAL_FORMS": 0}
    for number, rule in enumerate(rules):
        data |= {f"rules-{number}-{field}": value for field, value in rule.items()}
    return data


def head(region, **changed):
    return {
        "region": region.pk,
        "kind": "ordinance",
        "title": "주민자치회 조례",
        "version": "1",
        "source": "조례",
        "valid_from": "2019-08-14",
        "valid_until": "",
        "note": "",
        **changed,
    }


AGE = {"name": "voting_age", "value": "16", "article": "제3조", "doubt": ""}
ADD = "admin:ordinances_ruleset_add"


def change(rule_set):
    return reverse("admin:ordinances_ruleset_change", args=[rule_set.pk])


def test_a_district_official_makes_a_rule_set_with_its_rules(client, here):
    client.force_login(official(region=here))
    reference = {"name": "age_reference", "value": "notice", "article": "제3조", "doubt": ""}

    response = client.post(reverse(ADD), head(here) | rows([AGE, reference]))

    assert response.status_code == 302
    assert dict(Rule.objects.values_list("name", "value")) == {"voting_age": 16, "age_reference": "notice"}


@pytest.mark.parametrize("value", ["sixteen", "99", "[16]", "{", "true", "[" * 5000])
def test_a_wrong_value_is_shown_at_its_place_and_nothing_is_saved(client, here, value):
    client.force_login(official(region=here))

    response = client.post(reverse(ADD), head(here) | rows([AGE | {"value": value}]))

    assert response.status_code == 400
    assert "value" in response.context["inline_admin_formsets"][0].formset.errors[0]
    assert not RuleSet.objects.exists()


QUORUM = {"name": "quorum", "article": "제5조", "doubt": ""}


@pytest.mark.parametrize(
    ("kind", "amount", "stored"),
    [
        ("share_of_population", "1", 10),
        ("share_of_roll", "33.3", 333),
        ("number", "300", 300),
        ("none", "", 0),
    ],
)
def test_a_quorum_is_typed_in_percent_or_people(client, here, kind, amount, stored):
    client.force_login(official(region=here))

    client.post(reverse(ADD), head(here) | rows([QUORUM | {"value_0": kind, "value_1": amount}]))

    rule = Rule.objects.get()
    assert rule.value == {"kind": kind, "amount": stored}
    page = client.get(change(rule.rule_set)).content.decode()
    assert 'value="share_of_roll"' in page
    assert f'<option value="{kind}" selected>' in page
    assert not amount or f'value="{amount}"' in page


@pytest.mark.parametrize(
    ("kind", "amount"),
    [("share_of_roll", "33.33"), ("share_of_roll", "101"), ("number", "2.5"), ("number", ""), ("number", "0"),
     ("", "10"), ("all", "1"), ("share_of_roll", "NaN"), ("number", "1" * 400)],
)  # fmt: skip
def test_a_quorum_that_makes_no_sense_is_said_at_its_place(client, here, kind, amount):
    client.force_login(official(region=here))

    response = client.post(reverse(ADD), head(here) | rows([QUORUM | {"value_0": kind, "value_1": amount}]))

    assert response.status_code == 400
    assert "value" in response.context["inline_admin_formsets"][0].formset.errors[0]
    assert not RuleSet.objects.exists()


def test_every_rule_is_asked_for_by_its_name_and_empty_ones_are_left_out(client, here):
    client.force_login(official(region=here))
    asked = client.get(reverse(ADD)).context["inline_admin_formsets"][0].formset
    bases = {"name": "resident_bases", "value": ["registered", "working"], "article": "제2조", "doubt": ""}
    empty = {"name": "quorum", "value_0": "", "value_1": "", "article": "", "doubt": ""}
    left_open = {"name": "tie_rule", "value": "", "article": "", "doubt": ""}
    sent = {form.parameter: {"name": form.parameter, "value": "", "article": "", "doubt": ""} for form in asked.forms}
    unticked = {"name": "council_bases", "article": "", "doubt": ""}
    sent |= {"resident_bases": bases, "quorum": empty, "tie_rule": left_open, "council_bases": unticked}

    response = client.post(reverse(ADD), head(here) | rows(list(sent.values())))

    assert [form.parameter for form in asked.forms] == list(Parameter)
    assert response.status_code == 302
    assert dict(Rule.objects.values_list("name", "value")) == {"resident_bases": ["registered", "working"]}
    page = client.get(change(RuleSet.objects.get())).content.decode()
    assert page.count('name="rules-0-value"') == len(Basis)
    assert "__prefix__" not in page


def test_a_rule_set_of_another_municipality_cannot_be_made(client, here):
    client.force_login(official(region=here))

    assert client.post(reverse(ADD), head(MunicipalityFactory()) | rows([])).status_code == 400
    assert not RuleSet.objects.exists()


def test_a_rule_is_changed_and_another_removed(client, here):
    client.force_login(official(region=here))
    client.post(reverse(ADD), head(here) | rows([AGE, {**AGE, "name": "notice_days", "value": "14"}]))
    rule_set = RuleSet.objects.get()
    age, days = rule_set.rules.order_by("id")
    data = head(here) | rows([AGE | {"id": age.pk, "value": "18"}, {**AGE, "id": days.pk, "name": "notice_days",
                                                                    "value": "14", "DELETE": "on"}])  # fmt: skip

    response = client.post(change(rule_set), data | {"rules-INITIAL_FORMS": 2})

    assert response.status_code == 302
    assert dict(rule_set.rules.values_list("name", "value")) == {"voting_age": 18}


def test_a_rule_set_in_use_is_shown_and_not_changed(client, here):
    rule_set = RuleSetFactory(region=here)
    lock_rule_set(rule_set_id=rule_set.pk, at=NOON)
    client.force_login(official(region=here))

    assert client.get(change(rule_set)).status_code == 200
    assert client.post(change(rule_set), head(here, title="앗") | rows([])).status_code in {403, 404, 409}
    assert RuleSet.objects.get().title == rule_set.title


def test_a_new_version_is_one_button_away(client, here):
    rule_set = RuleSetFactory(region=here)
    lock_rule_set(rule_set_id=rule_set.pk, at=NOON)
    client.force_login(official(region=here))
    address = reverse("admin:ordinances_ruleset_copy", args=[rule_set.pk])

    assert address in client.get(change(rule_set)).content.decode()
    answer = client.post(address, {"version": "2", "valid_from": "2026-07-01"})
    assert (answer.status_code, answer.url) == (302, change(RuleSet.objects.get(version="2")))
    assert RuleSet.objects.get(version="2").rules.count() == rule_set.rules.count()
    assert client.post(address, {"version": "2", "valid_from": "2026-07-01"}).status_code == 409


@pytest.mark.parametrize("role", [Role.DONG_OFFICIAL, Role.AUDITOR, Role.OPERATOR])
def test_others_only_look(client, here, role):
    rule_set = RuleSetFactory(region=here)
    region = {Role.DONG_OFFICIAL: DongFactory(parent=here), Role.AUDITOR: here, Role.OPERATOR: None}[role]
    client.force_login(official(role, region))

    assert rule_set.title in client.get(reverse("admin:ordinances_ruleset_changelist")).content.decode()
    assert client.get(change(rule_set)).status_code == 200
    assert client.get(reverse(ADD)).status_code == 404
    assert client.get(reverse("admin:ordinances_ruleset_copy", args=[rule_set.pk])).status_code == 404


def test_a_foreign_rule_set_is_not_there(client, here):
    client.force_login(official(region=MunicipalityFactory()))
    rule_set = RuleSetFactory(region=here)

    assert client.get(change(rule_set)).status_code == 404
    assert client.post(reverse("admin:ordinances_ruleset_copy", args=[rule_set.pk])).status_code == 404
    assert len(client.get(reverse("admin:ordinances_ruleset_changelist")).context["cl"].result_list) == 0
