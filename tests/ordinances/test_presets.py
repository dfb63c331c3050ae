"""Presets: what is known of the rules of real places, taken over into any municipality."""

from datetime import date

import pytest

from core.errors import RuleViolation
from ordinances.models import RuleKind, RuleSet
from ordinances.preset_files import FOLDER, presets, read_preset
from ordinances.services import Copy, change_rule_set, load_preset
from ordinances.values import Bound, Share
from tests.factories import NOON, DongFactory, MunicipalityFactory


def value(key, name):
    return next((rule.value for rule in presets()[key].rules if rule.name == name), None)


def test_the_presets_are_those_of_the_sources():
    assert list(presets()) == ["seogu-2015", "seoul-plan-2018", "seogu-2019"]
    assert [one.kind for one in presets().values()] == ["ordinance", "plan", "ordinance"]
    assert len(list(FOLDER.iterdir())) == 3


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (
            "seogu-2015",
            {
                "seats_min": 20,
                "seats_max": 30,
                "selection_method": "deliberation",
                "selection_body": "district_selection_committee",
                "open_call_share_min": None,
                "education_hours_min": None,
                "voting_age": None,
                "quorum": None,
            },
        ),
        (
            "seogu-2019",
            {
                "seats_min": 20,
                "seats_max": 50,
                "open_call_share_min": {"permille": 500, "bound": "at_least"},
                "recommended_share_max": {"permille": 500, "bound": "below"},
                "education_hours_min": 6,
                "recruitment_days_min": 14,
                "selection_body": "dong_recommendation_committee",
                "yearly_assembly": True,
                "sex_share_max": None,
                "term_months": None,
                "voting_age": None,
            },
        ),
        (
            "seoul-plan-2018",
            {
                "sex_share_max": {"permille": 600, "bound": "at_most"},
                "young_age_max": 49,
                "young_share_min": {"permille": 150, "bound": "at_least"},
                "education_hours_min": 6,
                "quorum": {"kind": "share_of_population", "amount": 10},
                "yearly_assembly": True,
                "seats_max": None,
                "voting_age": None,
            },
        ),
    ],
)
def test_a_preset_says_what_its_source_says_and_nothing_else(key, expected):
    """Source: rules.md C1."""
    assert {name: value(key, name) for name in expected} == expected


def test_every_preset_names_its_sources_and_doubts():
    for preset in presets().values():
        assert preset.note
        assert all(rule.article for rule in preset.rules)
        assert any(rule.doubt for rule in preset.rules)
    assert "다섯 차례" in next(rule.doubt for rule in presets()["seogu-2019"].rules if rule.name == "seats_max")
    assert "효력이 없습니다" in presets()["seoul-plan-2018"].note


def test_a_preset_with_an_unknown_parameter_or_a_wrong_value_is_not_read():
    raw = {"key": "x", "kind": "plan", "origin": [], "title": "x", "version": "x", "source": "x",
           "valid_from": "2020-01-01", "valid_until": None, "note": ""}  # fmt: skip
    for name, wrong in (("colour", 1), ("seats_min", "20")):
        rule = {"name": name, "value": wrong, "article": "x", "doubt": ""}
        with pytest.raises(ValueError, match=r"."):
            read_preset({**raw, "rules": [rule]})


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["seogu-2015", "seogu-2019", "seoul-plan-2018"])
def test_any_municipality_takes_a_preset_over_as_a_pattern(key):
    rule_set = load_preset(region=MunicipalityFactory(), key=key, actor=None, at=NOON)

    preset = presets()[key]
    assert (rule_set.kind, rule_set.title, rule_set.note) == (RuleKind.PATTERN, preset.title, preset.note)
    assert rule_set.locked_at is None
    assert [(one.name, one.value, one.article, one.doubt) for one in rule_set.rules.all()] == [
        (one.name, one.value, one.article, one.doubt) for one in preset.rules
    ]


@pytest.mark.django_db
def test_where_it_comes_from_a_preset_is_what_it_is():
    rule_set = load_preset(region=MunicipalityFactory(code="2914000000"), key="seogu-2019", actor=None, at=NOON)

    assert rule_set.kind == RuleKind.ORDINANCE
    rules = rule_set.for_councils()
    assert rules.recommended_share_max is not None
    assert rules.recommended_share_max.value == Share(500, Bound.BELOW)
    assert rules.term_months is None


@pytest.mark.django_db
def test_the_copy_has_a_version_and_a_first_day_of_its_own_and_can_be_changed():
    region = MunicipalityFactory()
    copy = Copy(version="2027", valid_from=date(2027, 1, 1))

    rule_set = load_preset(region=region, key="seoul-plan-2018", actor=None, at=NOON, copy=copy)
    change_rule_set(rule_set_id=rule_set.pk, rules=[], actor=None, at=NOON)

    kept = RuleSet.objects.get()
    assert (kept.version, kept.valid_from, kept.valid_until) == ("2027", date(2027, 1, 1), None)
    assert not kept.rules.exists()


@pytest.mark.django_db
def test_a_preset_is_taken_over_once_under_its_name_and_only_by_municipalities_and_provinces():
    region = MunicipalityFactory()
    load_preset(region=region, key="seogu-2019", actor=None, at=NOON)

    for refused in ({"region": region, "key": "seogu-2019"}, {"region": region, "key": "nothing"},
                    {"region": DongFactory(), "key": "seogu-2015"}):  # fmt: skip
        with pytest.raises(RuleViolation):
            load_preset(**refused, actor=None, at=NOON)
    assert RuleSet.objects.count() == 1
