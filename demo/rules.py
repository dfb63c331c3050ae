"""Rule sets of the demo: those of the data file, and two invented ones for assemblies before it begins.

The sources name no article and do not say who may vote; what an assembly needs is therefore invented and says so.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from demo.facts import DATA
from ordinances.models import RuleKind, RuleSet
from ordinances.rulesets import Parameter
from ordinances.services import RuleInput, RuleSetFacts, create_rule_set
from residents.models import Region, User

# The data file is written in English; what people read on the pages is Korean.
KOREAN = {
    "invented for the demo": "시연을 위해 지어냄",
    "seo-gu case report 2019": "광주 서구 주민자치 사례 보고서(2019)",
    "Seoul second village community plan, approved 2018-03-13": "서울시 제2기 마을공동체 기본계획(2018. 3. 13. 승인)",
    "Seoul plan, residents' assembly": "서울시 제2기 마을공동체 기본계획, 주민총회",
    "Printed as open to every resident (1 % or more); read as a quorum of 1 % of residents.": (
        "원문에는 주민 누구나(1% 이상)라고 되어 있어, 주민의 1%를 정족수로 읽었습니다."
    ),
}
NOTES = {
    "seogu-2015": (
        "원문에 조문 번호가 없고, 언제까지 이 판이 쓰였는지도 나와 있지 않습니다. 주민총회에 필요한 내용은 없습니다."
    ),
    "seogu-2019": (
        "원문은 다섯 차례의 개정을 적었지만 어느 개정에서 정원 50명과 추첨이 들어왔는지는 밝히지 않습니다. "
        "시행일은 마지막 개정일로 보았습니다. 주민총회에 필요한 내용은 없습니다."
    ),
    "seoul-plan-2018": "조례가 아니라 계획이어서 누구에게도 효력이 없습니다. 자치구마다 조례로 정합니다.",
    "demo-seogu-assembly": "시연을 위해 지어낸 규칙입니다. 어느 자치단체의 조례도 아닙니다.",
}
VERSIONS = {
    "seogu-2015": "2015. 12. 15. 제정",
    "seogu-2019": "2019. 8. 14. 개정까지",
    "seoul-plan-2018": "2018~2022",
    "demo-seogu-assembly": "시연 2판",
}
INVENTED_NOTE = NOTES["demo-seogu-assembly"]
ARTICLES = {
    Parameter.VOTING_AGE: "시연 규칙 제5조(투표할 수 있는 나이)",
    Parameter.AGE_REFERENCE: "시연 규칙 제5조(투표할 수 있는 나이)",
    Parameter.RESIDENT_BASES: "시연 규칙 제4조(주민의 범위)",
    Parameter.QUORUM: "시연 규칙 제8조(성원)",
    Parameter.NOTICE_DAYS: "시연 규칙 제6조(공고)",
    Parameter.TIE_RULE: "시연 규칙 제9조(동률)",
}


@dataclass(frozen=True, slots=True)
class InventedRules:
    """A rule set that only the demo has."""

    title: str
    version: str
    valid_from: date
    valid_until: date | None
    values: dict[Parameter, Any]


INVENTED = {
    "demo-residents-2018": InventedRules(
        title="시연용 서구 주민총회 규칙 (가상)",
        version="시연 1판",
        valid_from=date(2018, 1, 1),
        valid_until=date(2026, 7, 1),
        values={
            Parameter.VOTING_AGE: 16,
            Parameter.AGE_REFERENCE: "notice",
            Parameter.RESIDENT_BASES: ["registered", "working", "studying"],
            Parameter.QUORUM: {"kind": "share_of_population", "amount": 10},
            Parameter.NOTICE_DAYS: 14,
            Parameter.TIE_RULE: "shared_rank",
        },
    ),
    "demo-school": InventedRules(
        title="시연용 학교총회 규칙 (가상)",
        version="시연 1판",
        valid_from=date(2018, 1, 1),
        valid_until=None,
        values={
            Parameter.VOTING_AGE: 7,
            Parameter.AGE_REFERENCE: "assembly",
            Parameter.RESIDENT_BASES: ["studying"],
            Parameter.QUORUM: {"kind": "share_of_roll", "amount": 500},
            Parameter.NOTICE_DAYS: 7,
            Parameter.TIE_RULE: "shared_rank",
        },
    ),
}


def _translated(text: str | None) -> str:
    """The Korean for a phrase of the data file. Raises KeyError for one that has none."""
    return KOREAN[text] if text else ""


def load_rule_sets(regions: dict[str, Region], seogu: Region, actor: User, at: datetime) -> dict[str, RuleSet]:
    """Every rule set by its key. Parameters that nothing uses yet stay in the data file."""
    loaded = {}
    for listed in json.loads((DATA / "rule_sets.json").read_text(encoding="utf-8"))["rule_sets"]:
        key = listed["key"]
        invented = listed["kind"] == RuleKind.DEMO
        facts = RuleSetFacts(
            kind=RuleKind(listed["kind"]),
            title=listed["title_ko"].removesuffix(" (제정)").removesuffix(" (2019. 8. 14. 개정까지)"),
            version=VERSIONS[key],
            source=_translated(listed["source"]),
            valid_from=date.fromisoformat(listed["valid_from"]),
            valid_until=date.fromisoformat(listed["valid_until"]) if listed["valid_until"] else None,
            note=NOTES[key],
        )
        rules = [
            RuleInput(
                name=name,
                value=rule["value"],
                article=ARTICLES[Parameter(name)] if invented else _translated(rule["article_or_source"]),
                doubt=_translated(rule["doubt"]),
            )
            for name, rule in listed["parameters"].items()
            if name in set(Parameter) and rule["value"] is not None
        ]
        region = regions[listed["region_code"]]
        loaded[key] = create_rule_set(region=region, facts=facts, rules=rules, actor=actor, at=at)
    for key, invented_rules in INVENTED.items():
        loaded[key] = _invent(invented_rules, seogu, actor, at)
    return loaded


def _invent(invented: InventedRules, region: Region, actor: User, at: datetime) -> RuleSet:
    facts = RuleSetFacts(
        kind=RuleKind.DEMO,
        title=invented.title,
        version=invented.version,
        source=KOREAN["invented for the demo"],
        valid_from=invented.valid_from,
        valid_until=invented.valid_until,
        note=INVENTED_NOTE,
    )
    rules = [RuleInput(name, value, ARTICLES[name]) for name, value in invented.values.items()]
    return create_rule_set(region=region, facts=facts, rules=rules, actor=actor, at=at)
