"""An ordinance with two versions whose articles are known, for tests."""

from datetime import date

from core.articles import Article
from ordinances.services import LinkInput, OrdinanceFacts, VersionFacts, add_ordinance, add_version
from ordinances.states import OrdinanceKind, Subject, VersionAct
from tests.factories import NOON, MunicipalityFactory

BEFORE = (Article("1", "목적", "이 조례는 시험에 쓴다."), Article("3", "정원", "정원은 30명 이하로 한다."))
AFTER = (
    Article("1", "목적", "이 조례는 시험에 쓴다."),
    Article("3", "정원", "정원은 50명 이하로 한다."),
    Article("3의2", "추첨", "위원은 추첨으로 뽑는다."),
)


def facts(**changed):
    return OrdinanceFacts(
        **{"kind": OrdinanceKind.ORDINANCE, "subject": Subject.COUNCILS, "title": "주민자치회 조례", **changed}
    )


def version_facts(act=VersionAct.AMENDED, day=date(2019, 8, 14), **changed):
    return VersionFacts(act=act, day=day, source="지어낸 시험 자료", **changed)


def make_ordinance(region=None, **changed):
    return add_ordinance(
        region=region or MunicipalityFactory(),
        facts=facts(**changed),
        links=[LinkInput("https://law.example/1", "자치법규정보시스템")],
        actor=None,
        at=NOON,
    )


def enacted(ordinance, day=date(2015, 12, 15), articles=BEFORE):
    return add_version(
        ordinance_id=ordinance.pk, facts=version_facts(VersionAct.ENACTED, day), articles=articles, actor=None, at=NOON
    )


def amended(ordinance, day=date(2019, 8, 14), articles=AFTER):
    return add_version(ordinance_id=ordinance.pk, facts=version_facts(day=day), articles=articles, actor=None, at=NOON)
