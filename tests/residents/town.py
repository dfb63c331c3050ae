"""A town with two districts, one of each kind of account and one of each thing in each state, for the matrices.

Everything stands in dong 가 of the first district, except what is named otherwise.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from assemblies.models import PollResult
from assemblies.states import RESULT_PUBLIC, AssemblyStatus, PollStatus
from core.audit.models import AccessEntry, AccessReview, AuditEntry
from core.notices.models import Delivery, Mailing
from councils.states import CouncilStatus
from forums.states import MemberStatus
from meetings.states import MeetingStatus
from residents.models import Consent, LocalElection, OfficeTerm, Residence, ResidentProfile, RoleAssignment
from residents.states import Basis, Office, ResidenceStatus, Role
from tests.councils.draw_things import draw_things
from tests.councils.member_things import member_things
from tests.councils.recruiting_things import recruiting_things
from tests.councils.work_things import work_things
from tests.factories import (
    NOON,
    AgendaItemFactory,
    AssemblyFactory,
    CertificateFactory,
    CouncilFactory,
    DongFactory,
    JobFactory,
    MeetingFactory,
    MemberFactory,
    MunicipalityFactory,
    OfficeFormFactory,
    ParticipantFactory,
    PollFactory,
    ProvinceFactory,
    RoleFactory,
    RollEntryFactory,
    RuleSetFactory,
    SignedDocumentFactory,
    UserFactory,
    acting_for,
    resident,
    serving_member,
)
from tests.forums.things import club_things
from tests.meetings import kinds  # noqa: F401 - registers the kind
from tests.ordinances.library import enacted, make_ordinance

ACCOUNTS = (
    "anonymous",
    "resident",
    "inactive",  # every role here, but switched off
    "ended",  # every role here, until yesterday
    "coming",  # every role here, from tomorrow on
    "elsewhere",  # every role in the other district
    "neighbour",  # dong official of the other dong of this district
    "operator",
    "secretariat",
    "district",
    "dong",
    "council",
    "auditor",
    "member",  # acts for a member of the club
)

COUNTED = RESULT_PUBLIC | {PollStatus.COUNTED}


@dataclass(frozen=True)
class Places:
    province: object
    district: object
    dong: object
    other_dong: object
    other_district: object
    dong_elsewhere: object


def places():
    province = ProvinceFactory(name="도")
    district = MunicipalityFactory(parent=province, name="갑구")
    other = MunicipalityFactory(parent=province, name="을구")
    return Places(
        province=province,
        district=district,
        dong=DongFactory(parent=district, name="가동"),
        other_dong=DongFactory(parent=district, name="나동"),
        other_district=other,
        dong_elsewhere=DongFactory(parent=other, name="다동"),
    )


def _every_role(user, district, dong, **dates):
    RoleFactory(user=user, role=Role.DISTRICT_OFFICIAL, region=district, **dates)
    RoleFactory(user=user, role=Role.AUDITOR, region=district, **dates)
    RoleFactory(user=user, role=Role.DONG_OFFICIAL, region=dong, **dates)
    RoleFactory(user=user, role=Role.COUNCIL_OFFICER, region=dong, **dates)
    return user


def accounts(where):
    """One account of each kind, by name."""
    today = timezone.localdate()
    sitewide = {"region": None}
    who = {
        "anonymous": AnonymousUser(),
        "resident": resident(where.dong),
        "inactive": _every_role(UserFactory(is_active=False), where.district, where.dong),
        "ended": _every_role(UserFactory(), where.district, where.dong, until=today),
        "coming": _every_role(UserFactory(), where.district, where.dong, since=today + timedelta(days=1)),
        "elsewhere": _every_role(UserFactory(), where.other_district, where.dong_elsewhere),
        "neighbour": RoleFactory(role=Role.DONG_OFFICIAL, region=where.other_dong).user,
        "operator": RoleFactory(role=Role.OPERATOR, **sitewide).user,
        "secretariat": RoleFactory(role=Role.CLUB_SECRETARIAT, **sitewide).user,
        "district": RoleFactory(role=Role.DISTRICT_OFFICIAL, region=where.district).user,
        "dong": RoleFactory(role=Role.DONG_OFFICIAL, region=where.dong).user,
        "council": RoleFactory(role=Role.COUNCIL_OFFICER, region=where.dong).user,
        "auditor": RoleFactory(role=Role.AUDITOR, region=where.district).user,
        "member": UserFactory(),
    }
    _join_the_club(where, who, today)
    return who


def _join_the_club(where, who, today):
    """Let the account "member" act for a member; others would, if their time, their account or the member were."""
    member = serving_member(where.district, name="회원")
    acting_for(member, who["member"])
    acting_for(member, who["inactive"])
    acting_for(member, who["ended"], until=today)
    acting_for(member, who["coming"], since=today + timedelta(days=1))
    acting_for(MemberFactory(status=MemberStatus.LEFT, left_on=today), who["elsewhere"])


def residence(dong, status, user=None, *, birth_date=date(1960, 5, 7)):
    """A residence in `status` of somebody with a profile."""
    user = user or UserFactory()
    if not ResidentProfile.objects.filter(user=user).exists():
        ResidentProfile.objects.create(user=user, birth_date=birth_date, name_key=user.name)
    checked = status in {ResidenceStatus.VERIFIED, ResidenceStatus.REFUSED}
    return Residence.objects.create(
        user=user,
        dong=dong,
        basis=Basis.REGISTERED,
        status=status,
        declared_at=NOON,
        checked_at=NOON if checked else None,
        checked_by=UserFactory() if checked else None,
    )


def _audit(scope):
    return AuditEntry.objects.create(
        at=NOON, action="residents.residence_verified", target_type="residents.Residence", target_id="1", scope=scope
    )


def _access(account, scope):
    return AccessEntry.objects.create(
        at=NOON, account=account.pseudonym, act="read", what="residents.residence", scope=scope
    )


def _mailing():
    """Of a kind that nobody but the operator looks after."""
    mailing = Mailing.objects.create(kind="tests.of_the_site", ordered_at=NOON)
    delivery = Delivery.objects.create(
        mailing=mailing, address="head1@example.org", address_key="0" * 64, token="0" * 43, due_at=NOON
    )
    return {"mailing of the site": mailing, "delivery of the site": delivery}


def _review(reviewer, scope):
    return AccessReview.objects.create(
        month=date(2026, 5, 1), scope=scope, entries=0, note="looked through", reviewer=reviewer.pseudonym, at=NOON
    )


def _people(where, who):
    roles = {role.user_id: role for role in RoleAssignment.objects.all()}
    things = {f"residence {status}": residence(where.dong, status) for status in ResidenceStatus.values}
    things |= {
        "the dong official's own residence": residence(where.dong, ResidenceStatus.DECLARED, who["dong"]),
        "a resident's account": who["resident"],
        "the operator's own account": who["operator"],
        "role of a dong official": roles[who["dong"].pk],
        "role of a council officer": roles[who["council"].pk],
        "role of the district official": roles[who["district"].pk],
        "role of the auditor": roles[who["auditor"].pk],
        "role of the secretariat": roles[who["secretariat"].pk],
        "the operator's own role": roles[who["operator"].pk],
        "consent": Consent.objects.create(
            user=who["resident"], purpose="account", version=1, items=[], period="1", given_at=NOON
        ),
        "local election": LocalElection.objects.create(held_on=date(2026, 6, 3), title="지방선거", source="시험"),
        "term of office": OfficeTerm.objects.create(
            region=where.district,
            office=Office.DISTRICT_HEAD,
            name="아무개",
            term="민선7기",
            since=date(2018, 7, 1),
            until=date(2022, 7, 1),
        ),
    }
    return things


def _assemblies(where, rules):
    things = {}
    for status in AssemblyStatus.values:
        assembly = AssemblyFactory(dong=where.dong, rule_set=rules, status=status, announced_at=NOON)
        things[f"assembly {status}"] = assembly
        things[f"agenda item of an assembly {status}"] = AgendaItemFactory(assembly=assembly)
        things[f"roll entry of an assembly {status}"] = RollEntryFactory(assembly=assembly)
    for status in PollStatus.values:
        poll = PollFactory(assembly=things["assembly announced"], status=status, items=0)
        if status in COUNTED:
            PollResult.objects.create(
                poll=poll,
                counted_at=NOON,
                on_roll=0,
                participated=0,
                ballots=0,
                invalid=0,
                quorum_required=1,
            )
        things[f"poll {status}"] = poll
    things["poll preparing of an assembly preparing"] = PollFactory(assembly=things["assembly preparing"], items=0)
    return things


def _meetings(who):
    """A meeting of the kind for tests in each state, to which the resident is invited."""
    things = {}
    for status in MeetingStatus.values:
        meeting = MeetingFactory(
            status=status, opened_at=NOON, present_at_opening=1, cancelled_because="-" if status == "cancelled" else ""
        )
        ParticipantFactory(meeting=meeting, user=who["resident"])
        things[f"meeting {status}"] = meeting
    return things


def _library(name, region):
    """An ordinance of a region, and a version of it."""
    ordinance = make_ordinance(region)
    return {name: ordinance, f"version of an {name}": enacted(ordinance)}


def things(where, who):
    """One thing of each kind in each state, by name. None stands for “anything at all”."""
    rules = RuleSetFactory(region=where.district)
    path = where.dong.path
    return {
        "anything": None,
        "province": where.province,
        "district": where.district,
        "dong": where.dong,
        "rule set": rules,
        "rule set of the province": RuleSetFactory(region=where.province),
        **_library("ordinance", where.district),
        **_library("ordinance of the province", where.province),
        # A dong has one council at a time, besides those that were dissolved.
        "council converting": CouncilFactory(dong=where.dong, status=CouncilStatus.CONVERTING),
        "council dissolved": CouncilFactory(dong=where.dong, status=CouncilStatus.DISSOLVED),
        "council working in the other dong": CouncilFactory(dong=where.other_dong),
        **draw_things(where.dong),
        **recruiting_things(where.dong, who["dong"]),
        **member_things(where.dong),
        **work_things(where.dong),
        "audit entry of the dong": _audit(path),
        "audit entry of the district": _audit(where.district.path),
        "audit entry of the site": _audit(""),
        "access entry of the dong": _access(who["dong"], path),
        "access entry of the site": _access(who["operator"], ""),
        "access review of the district": _review(who["auditor"], where.district.path),
        "access review of the site": _review(who["operator"], ""),
        **_people(where, who),
        **_assemblies(where, rules),
        # --- jobs ---
        "job of a resident": JobFactory(owner=who["resident"]),
        # --- notices ---
        **_mailing(),
        # --- papers of offices ---
        "certificate of the district": CertificateFactory(region=where.district),
        "certificate of the club": CertificateFactory(),
        "a resident's own certificate": CertificateFactory(holder=who["resident"]),
        "form of the district": OfficeFormFactory(region=where.district),
        "form of the club": OfficeFormFactory(),
        "signed letter of the district": SignedDocumentFactory(region=where.district),
        "signed letter of the club": SignedDocumentFactory(),
        # --- the club ---
        **club_things(who),
        # --- meetings ---
        **_meetings(who),
    }


@contextmanager
def standing(django_db_blocker):
    """The town, built once for a module of tests; each test's own changes are taken back before the next."""
    with django_db_blocker.unblock(), transaction.atomic():
        where = places()
        who = accounts(where)
        yield who, things(where, who)
        transaction.set_rollback(True)
