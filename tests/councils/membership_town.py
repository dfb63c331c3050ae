"""A council whose recruitment was drawn, as small as it can be: selected applicants, alternates, quotas by sex."""

from datetime import date, timedelta

from councils.models import Application, CouncilTerm, Member, QuotaFeature, QuotaValue, Recruitment
from councils.states import ApplicationStatus, FeatureSource, IntakeWay, MemberOffice, RecruitmentStatus
from ordinances.models import Rule
from residents.states import Sex
from tests.factories import NOON, CouncilFactory, RuleSetFactory

DAY = NOON.date()
START = DAY - timedelta(days=30)
BORN = date(1970, 1, 1)


def rule_set(council, **rules):
    made = RuleSetFactory(region=council.dong.parent, valid_from=date(2010, 1, 1))
    for name, value in rules.items():
        Rule.objects.create(rule_set=made, name=name, value=value, article="제9조")
    return made


def drawn(council=None, *, selected="FFM", waiting="FMM", quotas=True, rules=None, **fields):
    """A drawn recruitment; the letters say the sex of those selected and of the alternates, in their order."""
    council = council or CouncilFactory()
    recruitment = Recruitment.objects.create(
        council=council,
        rule_set=rule_set(council, **(rules or {})),
        title="위원 모집",
        seats=len(selected),
        announced_at=NOON - timedelta(days=90),
        opens_at=NOON - timedelta(days=90),
        closes_at=NOON - timedelta(days=60),
        learning_until=NOON - timedelta(days=50),
        pooled_at=NOON - timedelta(days=50),
        erase_on=DAY + timedelta(days=365),
        status=RecruitmentStatus.DRAWN,
        **fields,
    )
    if quotas:
        feature = QuotaFeature.objects.create(
            recruitment=recruitment, key="sex", label="성별", source=FeatureSource.SEX
        )
        for sex, letter in ((Sex.FEMALE, "F"), (Sex.MALE, "M")):
            number = selected.count(letter)
            QuotaValue.objects.create(feature=feature, key=sex, label=sex, minimum=number, maximum=number)
    for place, letter in enumerate(selected, start=1):
        applicant(recruitment, place, letter, ApplicationStatus.SELECTED)
    for place, letter in enumerate(waiting, start=1):
        applicant(recruitment, 100 + place, letter, ApplicationStatus.ALTERNATE, alternate_position=place)
    return recruitment


def applicant(recruitment, number, letter, status, **fields):
    return Application.objects.create(
        recruitment=recruitment,
        number=number,
        pool_number=number,
        status=status,
        way=IntakeWay.COUNTER,
        name=f"위원{number}호",
        birth_date=fields.pop("birth_date", BORN.replace(day=number % 28 + 1)),
        sex=Sex.FEMALE if letter == "F" else Sex.MALE,
        submitted_at=NOON - timedelta(days=80),
        **fields,
    )


def term_of(council=None, *, seats=5, members=3, number=1, starts_on=START, ends_on=DAY + timedelta(days=300)):
    """A term written down by hand, with members whose first is the chair."""
    council = council or CouncilFactory()
    term = CouncilTerm.objects.create(council=council, number=number, starts_on=starts_on, ends_on=ends_on, seats=seats)
    for place in range(members):
        Member.objects.create(
            term=term,
            name=f"김위원{place:02}",
            birth_date=BORN,
            office=MemberOffice.MEMBER if place else MemberOffice.CHAIR,
            appointed_on=starts_on,
        )
    return term
