"""Versions of the bylaws: drafted as a copy, adopted by a general assembly, never changed afterwards."""

from datetime import date

import pytest

from core.articles import Article
from core.errors import RuleViolation
from forums.queries.governance import bylaws_on
from forums.services.bylaws import adopt_bylaws, change_bylaws, draft_bylaws
from tests.factories import NOON, UserFactory
from tests.forums.club import RAW_RULES, adopt

pytestmark = pytest.mark.django_db

ARTICLES = [Article("1", "목적", "함께 배운다.")]


def test_a_draft_begins_as_a_copy():
    first = adopt()
    draft = draft_bylaws(actor=None, at=NOON)
    assert (draft.number, draft.rules) == (2, first.rules)
    assert [one.text for one in draft.articles.all()] == [one.text for one in first.articles.all()]


def test_there_is_one_draft_at_a_time():
    adopt()
    draft_bylaws(actor=None, at=NOON)
    with pytest.raises(RuleViolation) as refused:
        draft_bylaws(actor=None, at=NOON)
    assert refused.value.code == "draft_exists"


def test_adopted_ones_are_never_changed():
    first = adopt()
    with pytest.raises(RuleViolation) as refused:
        change_bylaws(bylaws_id=first.pk, articles=ARTICLES, rules=RAW_RULES, note="", actor=UserFactory(), at=NOON)
    assert refused.value.code == "wrong_state"


@pytest.mark.parametrize(
    ("articles", "code"),
    [
        ([Article("1", "가", "나"), Article(" 1 ", "다", "라")], "article_twice"),
        ([Article("1", " ", "나")], None),
        ([], None),
    ],
)
def test_odd_articles_are_refused_and_nothing_is_lost(articles, code):
    adopt()
    draft = draft_bylaws(actor=None, at=NOON)
    with pytest.raises(RuleViolation) as refused:
        change_bylaws(bylaws_id=draft.pk, articles=articles, rules=RAW_RULES, note="", actor=UserFactory(), at=NOON)
    assert code is None or refused.value.code == code
    assert draft.articles.count() == 2


def test_rules_that_contradict_themselves_are_refused():
    adopt()
    draft = draft_bylaws(actor=None, at=NOON)
    rules = {**RAW_RULES, "committee": {"value": [20, 15], "article": "5"}}
    with pytest.raises(RuleViolation) as refused:
        change_bylaws(bylaws_id=draft.pk, articles=ARTICLES, rules=rules, note="", actor=UserFactory(), at=NOON)
    assert refused.value.code == "odd_rules"


def test_a_version_takes_over_on_its_first_day():
    first = adopt()
    draft = draft_bylaws(actor=None, at=NOON)
    second = adopt_bylaws(
        bylaws_id=draft.pk,
        adopted_on=date(2011, 11, 30),
        in_force_from=date(2011, 12, 1),
        resolution=None,
        from_source=True,
        actor=None,
        at=NOON,
    )
    assert bylaws_on(date(2011, 11, 30)) == first
    assert bylaws_on(date(2011, 12, 1)) == second
    assert bylaws_on(date(2010, 9, 6)) is None


def test_without_a_resolution_of_an_assembly_nothing_is_adopted():
    adopt()
    draft = draft_bylaws(actor=None, at=NOON)
    with pytest.raises(RuleViolation) as refused:
        adopt_bylaws(
            bylaws_id=draft.pk,
            adopted_on=date(2026, 9, 1),
            in_force_from=date(2026, 9, 1),
            resolution=None,
            actor=None,
            at=NOON,
        )
    assert refused.value.code == "resolution_missing"
