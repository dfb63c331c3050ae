"""Recruitments, quotas and applicants for tests: everything goes through the services.

recruitment = announced()                    # 10 seats, quotas on sex, age and track, open on 1 June 2026
apply(recruitment, sex="female", age=34)     # somebody without an account, at the counter
confirmed(recruitment, sex="male", age=61)   # checked; in the courses if the rules want hours
settled(pool=24)                             # a pool of 24 with numbers, mixed in every feature
"""

from datetime import date, datetime, timedelta
from itertools import count

from councils.models import Recruitment
from councils.services.applications import ApplicantFacts, submit_application
from councils.services.decisions import DecisionFacts
from councils.services.eligibility import confirm_eligibility, credit_hours
from councils.services.pool import settle_pool
from councils.services.quotas import FeaturePlan, ValuePlan, propose_quotas, set_quotas
from councils.services.recruitment import Dates, Plan, announce_recruitment, create_recruitment
from councils.states import FeatureSource, IntakeWay, Method
from tests.factories import SEOUL, CouncilFactory, DongFactory, MunicipalityFactory, RuleSetFactory, UserFactory

ANNOUNCED = datetime(2026, 6, 1, 9, 0, tzinfo=SEOUL)
OPEN = datetime(2026, 6, 3, 10, 0, tzinfo=SEOUL)  # a moment at which applications are taken
SETTLING = datetime(2026, 7, 11, 9, 0, tzinfo=SEOUL)  # a moment at which the pool can be settled
DATES = Dates(
    opens_at=ANNOUNCED,
    closes_at=datetime(2026, 6, 20, 0, 0, tzinfo=SEOUL),
    learning_until=datetime(2026, 7, 11, 0, 0, tzinfo=SEOUL),
    draw_at=datetime(2026, 7, 18, 14, 0, tzinfo=SEOUL),
    appoints_on=date(2026, 8, 1),
    erase_on=date(2027, 8, 1),
)
COUNCIL_RULES = {
    "seats_min": 5,
    "seats_max": 50,
    "open_call_share_min": {"permille": 500, "bound": "at_least"},
    "recommended_share_max": {"permille": 500, "bound": "below"},
    "sex_share_max": {"permille": 600, "bound": "at_most"},
    "young_share_min": {"permille": 150, "bound": "at_least"},
    "young_age_max": 49,
    "recruitment_days_min": 14,
    "council_age_min": 15,
    "council_age_reference": "notice",
    "council_bases": ["registered", "working", "studying", "organisation"],
    "term_months": 24,
    "reappointments_max": 1,
    "selection_method": "leximin",
    "draw_notice_hours": 24,
    "publication_group_size": 5,
    "names_published": True,
}
AREAS = FeaturePlan(
    "area",
    "통",
    FeatureSource.AREA,
    (ValuePlan("north", "1~10통", 1, 10), ValuePlan("south", "11~20통", 1, 10)),
)
_sequence = count(1)


def rule_set(region, *, hours=None, **changed):
    """A rule set of councils in `region`; `hours` of education None leaves the school out."""
    rules = {**COUNCIL_RULES, **changed}
    if hours is not None:
        rules["education_hours_min"] = hours
    made = RuleSetFactory(region=region)
    made.rules.all().delete()
    for name, value in rules.items():
        if value is not None:
            made.rules.create(name=name, value=value, article="시연 조례 제8조")
    return made


def prepared(*, council=None, seats=10, method=Method.LEXIMIN, hours=None, features=None, rules=None, dates=DATES):
    """A recruitment in preparation. `features` None are the quotas that the rules propose, () none."""
    council = council or CouncilFactory(dong=DongFactory(parent=MunicipalityFactory()))
    rules = rules or rule_set(council.dong.parent, hours=hours, selection_method=str(method))
    recruitment = create_recruitment(
        council=council,
        rule_set=rules,
        plan=Plan(
            title="주민자치회 위원 모집", method=method, seats=seats, place="동 행정복지센터", contact="062-000-0000"
        ),
        dates=dates,
        actor=None,
        at=ANNOUNCED,
    )
    plans = propose_quotas(recruitment) if features is None else features
    if plans:
        set_quotas(recruitment_id=recruitment.pk, features=plans, actor=None, at=ANNOUNCED)
    return recruitment


def announced(*, at=ANNOUNCED, **options) -> Recruitment:
    """A recruitment that takes applications since `at`."""
    recruitment = prepared(**options)
    return announce_recruitment(recruitment_id=recruitment.pk, actor=None, at=at)


def facts(*, age=60, **changed):
    """An applicant who is `age` on the day of the announcement; everybody has another name and birthday."""
    number = next(_sequence)
    born = date(ANNOUNCED.year - age, 1, 1) + timedelta(days=number % 140)
    given = {"name": f"지원자{_letters(number)}", "birth_date": born, "sex": "female", "address": f"상무대로 {number}"}
    return ApplicantFacts(**{**given, **changed})


def apply(recruitment, *, user=None, at=OPEN, actor=None, way=None, **changed):
    """Receive an application; without `user` it comes over the counter."""
    return submit_application(
        recruitment_id=recruitment.pk,
        facts=facts(**changed),
        way=way or (IntakeWay.WEB if user else IntakeWay.COUNTER),
        consent_version="1",
        user=user,
        actor=actor or user,
        at=at,
    )


def confirmed(recruitment, *, actor=None, at=OPEN, minutes=0, **changed):
    """An applicant whose eligibility is confirmed, with `minutes` of education credited."""
    actor = actor or UserFactory()
    application = apply(recruitment, at=at, **changed)
    application = confirm_eligibility(application_id=application.pk, document="주민등록증", actor=actor, at=at)
    if minutes:
        credit_hours(application_id=application.pk, minutes=minutes, reason="다른 동 과정 수료증", actor=actor, at=at)
    return application


def fill(recruitment, number, *, actor=None, minutes=0):
    """`number` confirmed applicants: sexes in turn, every third young, every fourth recommended."""
    actor = actor or UserFactory()
    return [
        confirmed(
            recruitment,
            actor=actor,
            minutes=minutes,
            sex=("female", "male")[place % 2],
            age=(62, 55, 33)[place % 3],
            **({"track": "recommended", "organisation": "통장협의회"} if place % 4 == 3 else {}),
        )
        for place in range(number)
    ]


def settled(*, pool=24, **options) -> Recruitment:
    """A recruitment whose pool of `pool` applicants is settled."""
    recruitment = announced(**options)
    fill(recruitment, pool)
    settle_pool(recruitment_id=recruitment.pk, actor=None, at=SETTLING)
    recruitment.refresh_from_db()
    return recruitment


def decision(**changed):
    """A decision of a committee of nine, seven of them there and for it."""
    given = {
        "text": "추천위원회가 의결하였습니다.",
        "decided_on": ANNOUNCED.date(),
        "entitled": 9,
        "present": 7,
        "in_favour": 7,
    }
    return DecisionFacts(**{**given, **changed})


def _letters(number):
    return "".join(chr(0xAC00 + int(digit) * 588) for digit in str(number))
