"""The library: ordinances, versions and articles; what a rule set in use rests on stays as it is."""

from datetime import date

import pytest

from core.articles import Article as Plain
from core.audit.models import AuditEntry
from core.errors import RuleViolation
from ordinances.models import Article, Ordinance, OrdinanceVersion, RuleKind
from ordinances.queries import found_ordinances, regions_of_the_library, years_of_the_library
from ordinances.services import (
    LinkInput,
    RuleInput,
    RuleSetFacts,
    add_ordinance,
    add_version,
    change_ordinance,
    change_rule_set,
    change_version,
    copy_as_new_version,
    create_rule_set,
    lock_rule_set,
    remove_version,
)
from ordinances.states import Subject, VersionAct
from tests.factories import NOON, DongFactory, MunicipalityFactory, ProvinceFactory
from tests.ordinances.library import AFTER, BEFORE, amended, enacted, facts, make_ordinance, version_facts

pytestmark = pytest.mark.django_db


def rest_on(version, *rules, region=None, **changed):
    head = RuleSetFacts(
        kind=RuleKind.ORDINANCE,
        title="규칙",
        version="1",
        source="조례",
        valid_from=date(2019, 8, 14),
        ordinance_version=version,
        **changed,
    )
    return create_rule_set(region=region or version.ordinance.region, facts=head, rules=rules, actor=None, at=NOON)


def test_an_ordinance_keeps_its_head_links_and_a_trace():
    ordinance = make_ordinance()

    assert ordinance.links.get().label == "자치법규정보시스템"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.scope) == ("ordinances.ordinance_added", ordinance.region.path)


def test_a_province_has_ordinances_and_a_dong_has_none():
    assert make_ordinance(ProvinceFactory()).pk
    with pytest.raises(RuleViolation):
        make_ordinance(DongFactory())


@pytest.mark.parametrize("title", ["", "  ", "주민자치회 조례", " 주민자치회   조례 "])
def test_a_title_stands_once_in_a_municipality(title):
    region = MunicipalityFactory()
    make_ordinance(region)

    with pytest.raises(RuleViolation):
        add_ordinance(region=region, facts=facts(title=title), actor=None, at=NOON)
    assert Ordinance.objects.count() == 1


@pytest.mark.parametrize(
    "links",
    [
        [LinkInput("javascript:alert(1)", "x")],
        [LinkInput("law.example", "x")],
        [LinkInput("https://", "x")],
        [LinkInput("https://[", "x")],
        [LinkInput("https://law.example/", " ")],
        [LinkInput("https://law.example/", "x"), LinkInput("https://law.example/", "y")],
    ],
)
def test_a_link_is_a_web_address_with_words(links):
    ordinance = make_ordinance()

    with pytest.raises(RuleViolation):
        change_ordinance(ordinance_id=ordinance.pk, links=links, actor=None, at=NOON)
    assert ordinance.links.get().url == "https://law.example/1"


def test_head_and_links_are_changed_apart():
    ordinance = make_ordinance()

    change_ordinance(ordinance_id=ordinance.pk, facts=facts(subject=Subject.BUDGETS), actor=None, at=NOON)
    change_ordinance(ordinance_id=ordinance.pk, links=[], actor=None, at=NOON)

    changed = Ordinance.objects.get()
    assert (changed.subject, changed.links.count()) == ("budgets", 0)


def test_a_version_keeps_its_articles_in_their_order():
    ordinance = make_ordinance()
    version = amended(ordinance)

    assert [article.heading for article in version.articles.all()] == ["제1조 목적", "제3조 정원", "제3조의2 추첨"]
    assert AuditEntry.objects.filter(action="ordinances.version_added").exists()


@pytest.mark.parametrize(
    ("act", "day"),
    [
        (VersionAct.AMENDED, date(2015, 12, 15)),
        (VersionAct.AMENDED, date(2015, 12, 14)),
        (VersionAct.ENACTED, date(2016, 1, 1)),
        (VersionAct.REPEALED, date(2015, 1, 1)),
        (VersionAct.REPEALED, date(2019, 8, 13)),
    ],
)
def test_the_history_of_an_ordinance_has_an_order(act, day):
    ordinance = make_ordinance()
    enacted(ordinance)
    amended(ordinance)

    with pytest.raises(RuleViolation):
        add_version(ordinance_id=ordinance.pk, facts=version_facts(act, day), actor=None, at=NOON)
    assert ordinance.versions.count() == 2


def test_nothing_follows_a_repeal():
    ordinance = make_ordinance()
    enacted(ordinance)
    repeal = version_facts(VersionAct.REPEALED, date(2020, 1, 1))
    add_version(ordinance_id=ordinance.pk, facts=repeal, actor=None, at=NOON)

    with pytest.raises(RuleViolation):
        amended(ordinance, day=date(2021, 1, 1))


@pytest.mark.parametrize(
    "wrong", [{"in_force_from": date(2019, 8, 13)}, {"url": "ftp://law.example"}, {"url": "javascript:x"}]
)
def test_what_is_wrong_about_a_version_is_refused(wrong):
    ordinance = make_ordinance()

    with pytest.raises(RuleViolation):
        add_version(ordinance_id=ordinance.pk, facts=version_facts(**wrong), actor=None, at=NOON)
    assert not OrdinanceVersion.objects.exists()


def test_an_article_stands_once_in_a_version():
    with pytest.raises(RuleViolation):
        amended(make_ordinance(), articles=[*AFTER, AFTER[0]])


def test_articles_are_changed_where_they_stand():
    version = enacted(make_ordinance())
    third = version.articles.get(number="3")

    change_version(
        version_id=version.pk,
        facts=version_facts(VersionAct.ENACTED, date(2015, 12, 16)),
        articles=AFTER,
        actor=None,
        at=NOON,
    )

    assert Article.objects.get(pk=third.pk).text == "정원은 50명 이하로 한다."
    assert [article.number for article in version.articles.all()] == ["1", "3", "3의2"]
    assert OrdinanceVersion.objects.get().day == date(2015, 12, 16)


def test_a_rule_cites_an_article_of_the_version_that_its_rule_set_rests_on():
    ordinance = make_ordinance()
    first, second = enacted(ordinance), amended(ordinance)
    of_first, of_second = first.articles.get(number="3"), second.articles.get(number="3")

    rule_set = rest_on(second, RuleInput("seats_max", 50, "제3조", cites=of_second))
    assert rule_set.rules.get().cites == of_second
    with pytest.raises(RuleViolation, match="정원"):
        change_rule_set(
            rule_set_id=rule_set.pk,
            rules=[RuleInput("seats_max", 30, "제3조", cites=of_first)],
            actor=None,
            at=NOON,
        )


def test_a_rule_set_that_rests_on_another_version_now_cites_nothing_of_the_first():
    ordinance = make_ordinance()
    first, second = enacted(ordinance), amended(ordinance)
    rule_set = rest_on(first, RuleInput("seats_max", 30, "제3조", cites=first.articles.get(number="3")))
    moved = RuleSetFacts(RuleKind.ORDINANCE, "규칙", "1", "조례", date(2019, 8, 14), ordinance_version=second)

    change_rule_set(rule_set_id=rule_set.pk, facts=moved, actor=None, at=NOON)

    assert rule_set.rules.get().cites is None


def test_a_new_version_of_a_rule_set_rests_on_the_same_and_cites_the_same():
    version = amended(make_ordinance())
    article = version.articles.get(number="3")
    old = rest_on(version, RuleInput("seats_max", 50, "제3조", cites=article))

    new = copy_as_new_version(rule_set_id=old.pk, version="2", valid_from=date(2027, 1, 1), actor=None, at=NOON)

    assert (new.ordinance_version, new.rules.get().cites) == (version, article)


def test_a_rule_set_rests_on_its_own_ordinances_or_those_of_its_province():
    district = MunicipalityFactory()

    assert rest_on(amended(make_ordinance(district.parent)), region=district).pk
    with pytest.raises(RuleViolation):
        rest_on(amended(make_ordinance(MunicipalityFactory())), region=district)


def test_a_version_under_a_rule_set_in_use_stays_as_it_is():
    version = amended(make_ordinance())
    rule_set = rest_on(version)
    change = {"version_id": version.pk, "facts": version_facts(number="제5호"), "articles": AFTER}
    change_version(**change, actor=None, at=NOON)
    lock_rule_set(rule_set_id=rule_set.pk, at=NOON)

    with pytest.raises(RuleViolation) as no:
        change_version(**change, actor=None, at=NOON)
    assert no.value.code == "version_in_use"


def test_an_article_that_a_rule_cites_is_not_taken_out():
    version = amended(make_ordinance())
    rest_on(version, RuleInput("seats_max", 50, "제3조", cites=version.articles.get(number="3")))

    with pytest.raises(RuleViolation) as no:
        change_version(
            version_id=version.pk, facts=version_facts(), articles=[Plain("1", "목적", "글")], actor=None, at=NOON
        )
    assert no.value.code == "article_cited"
    assert version.articles.count() == 3


def test_a_version_is_removed_unless_a_rule_set_rests_on_it():
    ordinance = make_ordinance()
    first, second = enacted(ordinance), amended(ordinance)
    rest_on(second)

    remove_version(version_id=first.pk, actor=None, at=NOON)
    with pytest.raises(RuleViolation):
        remove_version(version_id=second.pk, actor=None, at=NOON)
    assert list(ordinance.versions.all()) == [second]


def test_the_library_is_searched_by_municipality_subject_year_and_words():
    ours = make_ordinance(title="서구 주민자치회 조례")
    enacted(ours, articles=BEFORE)
    amended(ours)
    theirs = make_ordinance(title="남구 참여예산 조례", subject=Subject.BUDGETS)
    enacted(theirs, day=date(2011, 1, 1), articles=())

    def found(**asked):
        return list(found_ordinances(**asked))

    assert set(found()) == {ours, theirs}
    assert found(region=ours.region) == [ours]
    assert found(region=ours.region.parent) == [ours]
    assert found(subject="budgets") == [theirs]
    assert found(year=2019) == [ours]
    assert found(year=2011) == [theirs]
    assert found(words="주민자치회 서구") == [ours]
    assert found(words="추첨으로") == [ours]
    assert found(words="조례 없음") == []
    assert years_of_the_library() == [2019, 2015, 2011]
    assert set(regions_of_the_library()) == {ours.region, theirs.region}


def test_a_year_of_many_amendments_is_offered_once():
    ordinance = make_ordinance()
    for day in (date(2018, 5, 10), date(2018, 8, 20), date(2019, 3, 15)):
        amended(ordinance, day=day)

    assert years_of_the_library() == [2019, 2018]
