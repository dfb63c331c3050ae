"""Factories that build the smallest valid object."""

from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from assemblies.models import AgendaItem, Assembly, Poll, PollOption, RollEntry
from assemblies.states import Category, PollKind, TieRule
from core.jobs.models import Job
from councils.models import Council
from councils.states import CouncilType
from forums.models import Application, Forum, Member, MemberAccount, MemberTerm
from forums.states import MemberKind
from meetings.models import Meeting, Participant
from ordinances.models import Rule, RuleKind, RuleSet
from reports.codes import new_code
from reports.models import Certificate, OfficeForm, SignedDocument
from residents.models import OfficeTerm, Region, Residence, ResidentProfile, RoleAssignment, User
from residents.states import Basis, Office, RegionLevel, Role

SEOUL = ZoneInfo("Asia/Seoul")
NOON = datetime(2026, 6, 1, 12, 0, tzinfo=SEOUL)


class ProvinceFactory(DjangoModelFactory):
    class Meta:
        model = Region

    code = factory.Sequence(lambda n: f"P{n:04}")
    level = RegionLevel.PROVINCE
    kind = "광역시"
    name = factory.Sequence(lambda n: f"도{n}")


class MunicipalityFactory(ProvinceFactory):
    code = factory.Sequence(lambda n: f"M{n:04}")
    parent = factory.SubFactory(ProvinceFactory)
    level = RegionLevel.MUNICIPALITY
    kind = "자치구"
    name = factory.Sequence(lambda n: f"구{n}")


class DongFactory(ProvinceFactory):
    code = factory.Sequence(lambda n: f"D{n:04}")
    parent = factory.SubFactory(MunicipalityFactory)
    level = RegionLevel.DONG
    kind = "행정동"
    name = factory.Sequence(lambda n: f"동{n}")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"주민{n}")
    password = factory.django.Password("correct-horse-battery")


class RoleFactory(DjangoModelFactory):
    class Meta:
        model = RoleAssignment

    user = factory.SubFactory(UserFactory)
    role = Role.DISTRICT_OFFICIAL
    region = factory.SubFactory(MunicipalityFactory)
    since = date(2020, 1, 1)


def official(role=Role.DISTRICT_OFFICIAL, region=None):
    """An account that holds `role` for `region`."""
    return RoleFactory(role=role, region=region).user


def resident(dong=None, *, birth_date=date(1960, 1, 1), basis=Basis.REGISTERED, **fields):
    """An account with a profile and a verified residence in `dong`."""
    user = UserFactory(**fields)
    ResidentProfile.objects.create(user=user, birth_date=birth_date, name_key=user.name)
    Residence.objects.create(
        user=user,
        dong=dong or DongFactory(),
        basis=basis,
        status="verified",
        declared_at=NOON,
        checked_at=NOON,
        checked_by=UserFactory(),
    )
    return user


RULES = {
    "voting_age": 16,
    "age_reference": "notice",
    "resident_bases": ["registered", "working", "studying"],
    "quorum": {"kind": "share_of_population", "amount": 10},
    "notice_days": 14,
    "tie_rule": "shared_rank",
}


class RuleSetFactory(DjangoModelFactory):
    """A rule set that can carry an assembly; `rules__quorum={…}` changes one parameter."""

    class Meta:
        model = RuleSet
        skip_postgeneration_save = True

    region = factory.SubFactory(MunicipalityFactory)
    kind = RuleKind.DEMO
    title = "조례"
    version = factory.Sequence(lambda n: f"v{n}")
    source = "invented for tests"
    valid_from = date(2015, 1, 1)

    @factory.post_generation
    def rules(self, _create, _extracted, **changed):
        for name, value in {**RULES, **changed}.items():
            Rule.objects.create(rule_set=self, name=name, value=value, article=f"제{len(name)}조")


class CouncilFactory(DjangoModelFactory):
    class Meta:
        model = Council

    dong = factory.SubFactory(DongFactory)
    type = CouncilType.MINISTRY
    status = "working"
    established_on = date(2016, 3, 1)
    capacity = 30
    members = 29


class AssemblyFactory(DjangoModelFactory):
    class Meta:
        model = Assembly

    dong = factory.SubFactory(DongFactory)
    title = "주민총회"
    purpose = "내년 마을 사업의 순서를 정합니다."
    rule_set = factory.SubFactory(RuleSetFactory)
    held_at = NOON + timedelta(days=30)
    place = "동 행정복지센터"
    population = 20_000
    population_on = date(2026, 5, 31)


class AgendaItemFactory(DjangoModelFactory):
    class Meta:
        model = AgendaItem

    assembly = factory.SubFactory(AssemblyFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"의제 {n}")
    gain = "마을이 좋아집니다."
    category = Category.PARKING
    proposer = "주차 분과"
    cost = 5_000_000


class PollFactory(DjangoModelFactory):
    """A poll with `items` agenda items on the ballot, in preparation."""

    class Meta:
        model = Poll
        skip_postgeneration_save = True

    assembly = factory.SubFactory(AssemblyFactory)
    title = "사업 우선순위 투표"
    question = "먼저 했으면 하는 사업을 골라 주세요."
    kind = PollKind.CHOOSE
    max_choices = 2
    tie_rule = TieRule.SHARED_RANK
    opens_at = NOON
    closes_at = NOON + timedelta(days=10)

    @factory.post_generation
    def items(self, _create, number, **_kwargs):
        for position in range(1, (3 if number is None else number) + 1):
            PollOption.objects.create(
                poll=self, item=AgendaItemFactory(assembly=self.assembly, number=position), position=position
            )


class RollEntryFactory(DjangoModelFactory):
    class Meta:
        model = RollEntry

    assembly = factory.SubFactory(AssemblyFactory)
    user = factory.SubFactory(UserFactory)
    basis = Basis.REGISTERED
    added_at = NOON


# --- the club ---


class OfficeTermFactory(DjangoModelFactory):
    """A term of office that runs on the day of NOON."""

    class Meta:
        model = OfficeTerm

    region = factory.SubFactory(MunicipalityFactory)
    office = Office.DISTRICT_HEAD
    name = factory.Sequence(lambda n: f"단체장{n}")
    term = "민선8기"
    since = date(2022, 7, 1)
    until = date(2026, 7, 1)


class MemberFactory(DjangoModelFactory):
    """A regular member without a term; `serving_member` makes one with it."""

    class Meta:
        model = Member

    name = factory.Sequence(lambda n: f"회원{n}")
    kind = MemberKind.REGULAR
    joined_on = date(2022, 9, 1)


def serving_member(region=None, **fields):
    """A regular member who is the head of `region` on the day of NOON."""
    member = MemberFactory(**fields)
    where = {} if region is None else {"region": region}
    MemberTerm.objects.create(
        member=member, term=OfficeTermFactory(name=member.name, name_hanja=member.name_hanja, **where)
    )
    return member


def acting_for(member, user=None, **dates):
    """An account that acts for `member`."""
    user = user or UserFactory()
    MemberAccount.objects.create(member=member, user=user, **{"since": date(2022, 9, 1), **dates})
    return user


class ApplicationFactory(DjangoModelFactory):
    class Meta:
        model = Application

    kind = MemberKind.REGULAR
    name = factory.Sequence(lambda n: f"신청인{n}")
    organisation = "갑구"
    office = Office.DISTRICT_HEAD
    pledged = True
    consent_version = "1"
    consented_at = NOON
    submitted_at = NOON


# --- events of the club ---


class ForumFactory(DjangoModelFactory):
    """A forum in preparation, of two days after the day of NOON, with a host."""

    class Meta:
        model = Forum

    title = factory.Sequence(lambda n: f"포럼 {n}")
    term = "민선8기"
    host = factory.SubFactory(MunicipalityFactory)
    starts_on = date(2026, 7, 10)
    ends_on = date(2026, 7, 11)


# --- papers of offices ---


class CertificateFactory(DjangoModelFactory):
    """A valid certificate of the club, or of the district in `region`."""

    class Meta:
        model = Certificate

    kind = "attendance"
    year = 2026
    number = factory.Sequence(lambda n: n + 1)
    code = factory.Sequence(lambda n: new_code(Random(n).choice))
    title = "참석 확인서"
    statement = "위 사람이 정기포럼에 참석하였음을 확인합니다."
    facts = [["회차", "제24차"]]
    holder_name = "홍길동"
    issued_on = date(2026, 6, 1)
    issued_by = "목민관클럽 사무국"


class OfficeFormFactory(DjangoModelFactory):
    class Meta:
        model = OfficeForm

    name = "위원 신청서"
    sha256 = factory.Sequence(lambda n: f"{n:064}")
    size = 1
    fields = [{"name": "성명", "kind": "field", "label": ""}]
    added_at = NOON


class SignedDocumentFactory(DjangoModelFactory):
    class Meta:
        model = SignedDocument

    number = factory.Sequence(lambda n: f"자치분권과-{n}")
    title = "정기포럼 개최 알림"
    signed_on = date(2026, 6, 1)
    disclosure = "open"
    retention = "3"


# --- Jobs ---


class JobFactory(DjangoModelFactory):
    """Waiting, and never handed to a worker."""

    class Meta:
        model = Job

    kind = "test"
    title = "회원 명부"
    owner = factory.SubFactory(UserFactory)
    ordered_at = NOON


# --- meetings ---


class MeetingFactory(DjangoModelFactory):
    """A meeting in preparation, on the day after NOON; its kind is the one of tests.meetings.kinds."""

    class Meta:
        model = Meeting

    kind = "test"
    title = factory.Sequence(lambda n: f"회의 {n}")
    place = "시청 대회의실"
    starts_at = NOON + timedelta(days=1)
    ends_at = NOON + timedelta(days=1, hours=2)


class ParticipantFactory(DjangoModelFactory):
    class Meta:
        model = Participant

    meeting = factory.SubFactory(MeetingFactory)
    name = factory.Sequence(lambda n: f"참석자{n}")
    order = factory.Sequence(lambda n: n + 1)
