"""The library and the presets at the desk."""

from datetime import date

import pytest
from django.urls import reverse

from ordinances.models import Ordinance, OrdinanceVersion, Rule, RuleKind, RuleSet
from ordinances.rulesets import Parameter
from ordinances.services import RuleInput, RuleSetFacts, create_rule_set, load_preset, lock_rule_set
from residents.states import Role
from tests.factories import NOON, DongFactory, MunicipalityFactory, official
from tests.ordinances.library import amended, enacted, make_ordinance

pytestmark = pytest.mark.django_db

ADD = "admin:ordinances_ordinance_add"
ADD_VERSION = "admin:ordinances_ordinanceversion_add"
PRESET = "admin:ordinances_ruleset_preset"
TEXT = "제1조 목적\n이 조례는 시험에 쓴다.\n\n제3조의2 (추첨)\n위원은 추첨으로 뽑는다."


@pytest.fixture(autouse=True)
def _open_desk(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def here():
    return MunicipalityFactory()


def links(*rows, initial=0):
    data = {"links-TOTAL_FORMS": len(rows), "links-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data |= {f"links-{number}-{field}": value for field, value in row.items()}
    return data


def head(region, **changed):
    return {
        "region": region.pk,
        "kind": "ordinance",
        "subject": "councils",
        "title": "주민자치회 조례",
        "note": "",
        **changed,
    }


def version_data(ordinance, **changed):
    return {
        "ordinance": ordinance.pk,
        "act": "amended",
        "day": "2019-08-14",
        "in_force_from": "",
        "number": "",
        "source": "설명서",
        "url": "",
        "note": "",
        "articles_text": TEXT,
        **changed,
    }


def change(thing):
    return reverse(f"admin:ordinances_{thing._meta.model_name}_change", args=[thing.pk])


@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICIAL, Role.OPERATOR])
def test_an_ordinance_is_put_into_the_library_with_its_links(client, here, role):
    client.force_login(official(role, here if role is Role.DISTRICT_OFFICIAL else None))

    answer = client.post(reverse(ADD), head(here) | links({"url": "https://law.example/1", "label": "원문"}))

    assert answer.status_code == 302
    ordinance = Ordinance.objects.get()
    assert (ordinance.region, ordinance.links.get().label) == (here, "원문")
    assert client.get(change(ordinance)).status_code == 200


def test_an_ordinance_is_corrected_and_its_links_replaced(client, here):
    ordinance = make_ordinance(here)
    client.force_login(official(region=here))
    kept = ordinance.links.get()
    rows = links(
        {"id": kept.pk, "ordinance": ordinance.pk, "url": kept.url, "label": "법령정보"},
        {"url": "https://law.example/2", "label": "해설", "ordinance": ordinance.pk},
        initial=1,
    )

    assert client.post(change(ordinance), head(here, title="새 조례") | rows).status_code == 302

    assert Ordinance.objects.get().title == "새 조례"
    assert [link.label for link in ordinance.links.all()] == ["법령정보", "해설"]


def test_a_foreign_municipality_is_not_offered(client, here):
    client.force_login(official(region=here))

    assert client.post(reverse(ADD), head(MunicipalityFactory()) | links()).status_code == 400
    assert client.post(reverse(ADD), head(here.parent) | links()).status_code == 400
    assert not Ordinance.objects.exists()


def test_a_version_is_added_with_its_articles(client, here):
    ordinance = make_ordinance(here)
    client.force_login(official(region=here))

    answer = client.post(reverse(ADD_VERSION), version_data(ordinance))

    assert answer.status_code == 302
    version = OrdinanceVersion.objects.get()
    assert [(one.number, one.title) for one in version.articles.all()] == [("1", "목적"), ("3의2", "추첨")]
    page = client.get(change(version)).content.decode()
    assert "제3조의2 추첨" in page
    assert "위원은 추첨으로 뽑는다." in page


def test_a_version_without_known_articles_is_added(client, here):
    ordinance = make_ordinance(here)
    client.force_login(official(region=here))

    assert client.post(reverse(ADD_VERSION), version_data(ordinance, articles_text=" ")).status_code == 302
    assert not OrdinanceVersion.objects.get().articles.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"articles_text": "머리 없는 글"},
        {"articles_text": "제1조 목적\n\n제2조 정원\n글"},
        {"articles_text": f"제1조 {'긴' * 90}\n글"},
        {"articles_text": f"{TEXT}\n\n제1조 목적\n다시"},
        {"day": "2019-13-01"},
        {"in_force_from": "2018-01-01"},
        {"url": "javascript:alert(1)"},
        {"source": " "},
        {"act": "burnt"},
    ],
)
def test_what_is_wrong_about_a_version_is_said_and_nothing_is_saved(client, here, wrong):
    ordinance = make_ordinance(here)
    client.force_login(official(region=here))

    assert client.post(reverse(ADD_VERSION), version_data(ordinance, **wrong)).status_code in {400, 409}
    assert not OrdinanceVersion.objects.exists()


def test_a_version_of_a_foreign_or_the_provinces_ordinance_cannot_be_added(client, here):
    client.force_login(official(region=here))

    for ordinance in (make_ordinance(), make_ordinance(here.parent)):
        assert client.post(reverse(ADD_VERSION), version_data(ordinance)).status_code == 400
    assert not OrdinanceVersion.objects.exists()


def test_a_version_is_corrected_until_something_in_use_rests_on_it(client, here):
    ordinance = make_ordinance(here)
    version = amended(ordinance)
    facts = RuleSetFacts(RuleKind.ORDINANCE, "규칙", "1", "조례", date(2020, 1, 1), ordinance_version=version)
    rule_set = create_rule_set(region=here, facts=facts, rules=[], actor=None, at=NOON)
    client.force_login(official(region=here))

    assert client.post(change(version), version_data(ordinance, number="제7호")).status_code == 302
    assert OrdinanceVersion.objects.get().number == "제7호"
    lock_rule_set(rule_set_id=rule_set.pk, at=NOON)
    assert client.get(change(version)).status_code == 200
    assert client.post(change(version), version_data(ordinance, number="제8호")).status_code in {403, 404, 409}
    assert OrdinanceVersion.objects.get().number == "제7호"


def test_a_version_entered_by_mistake_is_removed(client, here):
    ordinance = make_ordinance(here)
    version = amended(ordinance)
    client.force_login(official(region=here))
    address = reverse("admin:ordinances_ordinanceversion_remove", args=[version.pk])

    assert address in client.get(change(version)).content.decode()
    assert client.post(address).status_code == 302
    assert not OrdinanceVersion.objects.exists()


@pytest.mark.parametrize("role", [Role.DONG_OFFICIAL, Role.AUDITOR])
def test_others_only_look(client, here, role):
    ordinance = make_ordinance(here)
    version = enacted(ordinance)
    client.force_login(official(role, DongFactory(parent=here) if role is Role.DONG_OFFICIAL else here))

    for thing in (ordinance, version):
        assert client.get(change(thing)).status_code == 200
    assert client.post(change(ordinance), head(here, title="앗") | links()).status_code in {403, 404}
    for name in (ADD, ADD_VERSION, PRESET):
        assert client.get(reverse(name)).status_code == 404
    assert client.post(reverse("admin:ordinances_ordinanceversion_remove", args=[version.pk])).status_code == 404
    assert Ordinance.objects.get().title == ordinance.title


@pytest.mark.parametrize("count", [1, 30])
def test_the_lists_cost_the_same_with_many(client, here, django_assert_max_num_queries, count):
    for number in range(count):
        enacted(make_ordinance(here, title=f"조례 {number}"))
    client.force_login(official(region=here))

    for model in ("ordinance", "ordinanceversion"):
        with django_assert_max_num_queries(16):
            assert client.get(reverse(f"admin:ordinances_{model}_changelist")).status_code == 200


def test_the_lists_go_out_as_excel_files(client, here):
    enacted(make_ordinance(here))
    client.force_login(official(region=here))

    for model in ("ordinance", "ordinanceversion"):
        answer = client.get(reverse(f"admin:ordinances_{model}_export"))
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content)[:2] == b"PK"


# --- rules that cite articles -----------------------------------------------------------------------------------------


def test_a_rule_cites_an_article_of_the_version_of_its_rule_set(client, here):
    ordinance = make_ordinance(here)
    version, other = amended(ordinance), enacted(ordinance)
    facts = RuleSetFacts(RuleKind.ORDINANCE, "규칙", "1", "조례", date(2020, 1, 1), ordinance_version=version)
    rule_set = create_rule_set(
        region=here, facts=facts, rules=[RuleInput("seats_max", 50, "제3조")], actor=None, at=NOON
    )
    client.force_login(official(region=here))
    row = rule_set.rules.get()

    def send(article):
        return client.post(
            change(rule_set),
            {
                "kind": "ordinance",
                "title": "규칙",
                "version": "1",
                "source": "조례",
                "valid_from": "2020-01-01",
                "ordinance_version": version.pk,
                "rules-TOTAL_FORMS": 1,
                "rules-INITIAL_FORMS": 1,
                "rules-0-id": row.pk,
                "rules-0-name": "seats_max",
                "rules-0-value": "50",
                "rules-0-article": "제3조",
                "rules-0-cites": article.pk,
            },
        )

    assert send(other.articles.get(number="3")).status_code == 400
    assert Rule.objects.get().cites is None
    assert send(version.articles.get(number="3")).status_code == 302
    assert Rule.objects.get().cites == version.articles.get(number="3")
    page = client.get(change(rule_set)).content.decode()
    assert page.count("제3조의2 추첨") == len(Parameter)


# --- presets ----------------------------------------------------------------------------------------------------------


def test_the_list_of_rule_sets_leads_to_the_presets(client, here):
    client.force_login(official(region=here))

    assert reverse(PRESET) in client.get(reverse("admin:ordinances_ruleset_changelist")).content.decode()
    page = client.get(reverse(PRESET)).content.decode()
    assert "seogu-2019" in page
    assert "다섯 차례" in page


def test_a_preset_is_taken_over_and_opened_to_be_changed(client, here):
    client.force_login(official(region=here))
    sent = {"region": here.pk, "preset": "seogu-2019", "version": "2027", "valid_from": "2027-01-01"}

    answer = client.post(reverse(PRESET), sent)

    rule_set = RuleSet.objects.get()
    assert (answer.status_code, answer.url) == (302, change(rule_set))
    assert (rule_set.kind, rule_set.version, rule_set.valid_from) == ("pattern", "2027", date(2027, 1, 1))
    assert client.get(change(rule_set)).status_code == 200
    assert client.post(reverse(PRESET), sent).status_code == 409


@pytest.mark.parametrize(
    "wrong", [{"preset": ""}, {"preset": "nothing"}, {"region": ""}, {"region": "elsewhere"}, {"valid_from": "x"}]
)
def test_what_is_wrong_about_taking_over_is_said(client, here, wrong):
    client.force_login(official(region=here))
    sent = {"region": here.pk, "preset": "seogu-2019", **wrong}
    if sent["region"] == "elsewhere":
        sent["region"] = MunicipalityFactory().pk

    assert client.post(reverse(PRESET), sent).status_code == 400
    assert not RuleSet.objects.exists()


def test_every_value_of_a_preset_can_be_saved_again_as_the_form_shows_it(client, here):
    rule_set = load_preset(region=here, key="seogu-2019", actor=None, at=NOON)
    before = dict(rule_set.rules.values_list("name", "value"))
    client.force_login(official(region=here))
    formset = client.get(change(rule_set)).context["inline_admin_formsets"][0].formset
    data = {
        "kind": "pattern",
        "title": rule_set.title,
        "version": "v2",
        "source": "x",
        "valid_from": "2020-01-01",
        "rules-TOTAL_FORMS": len(formset.forms),
        "rules-INITIAL_FORMS": formset.initial_form_count(),
    }
    for form in formset.forms:
        for bound in form:
            shown = bound.value()
            parts = bound.field.widget.decompress(shown) if hasattr(bound.field.widget, "decompress") else None
            if parts is not None:
                data |= {f"{bound.html_name}_{place}": part or "" for place, part in enumerate(parts)}
            elif bound.name != "DELETE" and shown is not None:
                data[bound.html_name] = shown

    assert client.post(change(rule_set), data).status_code == 302
    assert dict(rule_set.rules.values_list("name", "value")) == before
