"""Rule sets and ordinances of the demo: sources where there are any, and invented ones that say so."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from demo.facts import DATA
from demo.rules import invented_rule_sets, load_rule_sets
from ordinances.models import Ordinance, RuleKind
from ordinances.preset_files import presets
from ordinances.rulesets import ASSEMBLY_PARAMETERS, COUNCIL_PARAMETERS
from ordinances.states import VersionAct
from tests.factories import MunicipalityFactory, ProvinceFactory, UserFactory

BEGINNING = datetime(2015, 1, 2, 9, tzinfo=ZoneInfo("Asia/Seoul"))
ASSEMBLY_SETS = {"demo-seogu-assembly", "demo-residents-2018", "demo-school"}


@pytest.fixture
def loaded(db):
    regions = {"2914000000": MunicipalityFactory(code="2914000000"), "1100000000": ProvinceFactory(code="1100000000")}
    return load_rule_sets(regions, UserFactory(), BEGINNING)


def test_every_rule_set_is_loaded_where_it_belongs(loaded):
    assert set(loaded) == set(presets()) | ASSEMBLY_SETS | {"demo-seogu-council", "demo-seogu-body"}
    assert {one.region.code for key, one in loaded.items() if key != "seoul-plan-2018"} == {"2914000000"}
    assert loaded["seoul-plan-2018"].region.code == "1100000000"
    assert RuleKind.PATTERN not in {one.kind for one in loaded.values()}


def test_what_is_invented_says_so():
    for key, preset in invented_rule_sets().items():
        assert preset.kind == RuleKind.DEMO, key
        assert "가상" in preset.title
        assert "지어낸" in preset.note
        assert all("시연 규칙" in rule.article for rule in preset.rules)


@pytest.mark.parametrize("key", sorted(ASSEMBLY_SETS))
def test_the_rules_of_assemblies_carry_assemblies(loaded, key):
    assert loaded[key].for_assemblies()
    assert {rule.name for rule in loaded[key].rules.all()} == set(ASSEMBLY_PARAMETERS)


def test_the_rules_of_councils_leave_nothing_open_that_a_recruitment_needs(loaded):
    rules = loaded["demo-seogu-council"].for_councils()

    assert all(getattr(rules, name) is not None for name in COUNCIL_PARAMETERS)
    assert {rule.name for rule in loaded["demo-seogu-council"].rules.all()} == set(COUNCIL_PARAMETERS)


def test_the_rules_of_councils_keep_what_the_ordinance_says_and_name_what_is_of_seoul():
    demo = {rule.name: rule for rule in invented_rule_sets()["demo-seogu-council"].rules}

    said = {"seats_min", "seats_max", "open_call_share_min", "recommended_share_max", "recruitment_days_min"}
    for rule in presets()["seogu-2019"].rules:
        if rule.name in said | {"education_hours_min", "selection_body", "yearly_assembly"}:
            assert demo[rule.name].value == rule.value
            assert "서구 조례" in demo[rule.name].article
    for name in ("sex_share_max", "young_share_min", "young_age_max"):
        of_seoul = next(rule for rule in presets()["seoul-plan-2018"].rules if rule.name == name)
        assert demo[name].value == of_seoul.value
        assert "서울시" in demo[name].article


def test_the_ordinance_of_seogu_has_the_days_that_the_report_names(loaded):
    """Source: rules.md C1; no number and no article is known."""
    ordinance = Ordinance.objects.get()
    versions = list(ordinance.versions.order_by("day"))

    assert [one.day.isoformat() for one in versions] == [
        *("2015-12-15", "2016-11-01", "2018-05-10", "2018-08-20", "2019-03-15", "2019-08-14")
    ]
    assert [one.act for one in versions] == [VersionAct.ENACTED, *[VersionAct.AMENDED] * 5]
    assert not any(one.number or one.articles.exists() or one.in_force_from for one in versions)
    assert loaded["seogu-2015"].ordinance_version == versions[0]
    assert loaded["seogu-2019"].ordinance_version == loaded["demo-seogu-council"].ordinance_version == versions[-1]


def test_rule_sets_and_ordinances_belong_to_regions_of_the_demo():
    known = (DATA / "regions.csv").read_text(encoding="utf-8")
    codes = {code for one in (*presets().values(), *invented_rule_sets().values()) for code in one.origin}
    listed = json.loads((DATA / "ordinances.json").read_text(encoding="utf-8"))["ordinances"]

    assert all(f"\n{code}," in known for code in codes | {one["region_code"] for one in listed})
    assert all(date.fromisoformat(said["day"]) for one in listed for said in one["versions"])
