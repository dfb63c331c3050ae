"""The people of the demo town: officials, four residents with a password, and about 240 invented ones in 금호1동."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from demo.accounts import (
    OFFICIALS,
    PASSWORD,
    RESIDENTS,
    SANGMU_APPLICANTS,
    SANGMU_OFFICIAL,
    NamedResident,
    Official,
    Standing,
)
from demo.names import invented_name
from residents.consents import ACCOUNT, RESIDENCE
from residents.models import Region, Residence, User
from residents.services import declare_residence, grant_role, refuse_residence, register_person, verify_residence
from residents.states import Basis, Role, Sex

INVENTED = 232
WAITING = 9
# Share of each age band among the residents, in thousandths: (youngest, oldest, share).
AGE_BANDS = (
    (14, 15, 12), (16, 19, 45), (20, 29, 115), (30, 39, 130), (40, 49, 175),
    (50, 59, 190), (60, 69, 170), (70, 79, 105), (80, 93, 58),
)  # fmt: skip
BASES = {Basis.REGISTERED: 900, Basis.WORKING: 55, Basis.STUDYING: 35, Basis.PERMANENT_RESIDENT: 10}
DOCUMENTS = {
    Basis.REGISTERED: ("주민등록증", "운전면허증", "모바일 신분증"),
    Basis.WORKING: ("재직증명서", "사업자등록증"),
    Basis.STUDYING: ("학생증", "재학증명서"),
    Basis.PERMANENT_RESIDENT: ("영주증",),
}
GROWN_UP = 20


@dataclass(frozen=True, slots=True)
class Person:
    """Facts of an invented resident."""

    email: str
    name: str
    birth_date: date
    sex: Sex
    basis: Basis


def load_operator(at: datetime) -> User:
    """Register the operator, who comes first and has the role from nobody."""
    return _with_role(OFFICIALS[0], None, None, at)


def load_officials(regions: dict[str, Region], operator: User, at: datetime) -> dict[Role, User]:
    """Register one official for each other role; the operator gives it to them."""
    return {
        official.role: _with_role(official, regions.get(official.region), operator, at) for official in OFFICIALS[1:]
    }


def load_sangmu(dong: Region, operator: User, begun: datetime, now: datetime) -> tuple[User, dict[str, User]]:
    """The official of 상무2동, and its two named residents who applied for the council, by mail address."""
    official = _with_role(SANGMU_OFFICIAL, dong, operator, begun)
    people = {}
    for resident in SANGMU_APPLICANTS:
        registered = now - timedelta(days=120)
        residence = _declare(_named(resident, now.date()), dong, registered, PASSWORD)
        verify_residence(
            residence_id=residence.pk, document="주민등록증", actor=official, at=registered + timedelta(days=1)
        )
        people[resident.email] = residence.user
    return official, people


def _with_role(official: Official, region: Region | None, operator: User | None, at: datetime) -> User:
    person = register_person(
        email=official.email,
        name=official.name,
        password=PASSWORD,
        mail_confirmed=True,
        consents=[ACCOUNT],
        actor=operator,
        at=at,
    )
    grant_role(user_id=person.pk, role=official.role, region_id=region.pk if region else None, actor=operator, at=at)
    return person


def _birth_dates(chance: random.Random, today: date) -> Iterator[date]:
    """Dates of birth after the age bands, no two alike: so nobody is taken for somebody else by chance."""
    seen = set()
    while True:
        youngest, oldest, _share = chance.choices(AGE_BANDS, [share for *_ages, share in AGE_BANDS])[0]
        latest = today.replace(year=today.year - youngest, day=1)
        birth_date = latest - timedelta(days=chance.randrange(1, 365 * (oldest - youngest + 1)))
        if birth_date not in seen:
            seen.add(birth_date)
            yield birth_date


def invented_people(chance: random.Random, today: date) -> list[Person]:
    """The same people every time, for the same day."""
    people = []
    for number, birth_date in zip(range(1, INVENTED + 1), _birth_dates(chance, today), strict=False):
        female = chance.random() < (0.6 if today.year - birth_date.year >= 75 else 0.51)
        basis = chance.choices(list(BASES), list(BASES.values()))[0]
        if today.year - birth_date.year < GROWN_UP and basis is not Basis.REGISTERED:
            basis = Basis.STUDYING
        people.append(
            Person(
                email=f"jumin{number:03}@example.org",
                name=invented_name(chance, birth_date=birth_date, female=female),
                birth_date=birth_date,
                sex=Sex.FEMALE if female else Sex.MALE,
                basis=basis,
            )
        )
    return people


def _declare(person: Person, dong: Region, at: datetime, password: str | None = None) -> Residence:
    user = register_person(
        email=person.email,
        name=person.name,
        password=password,
        birth_date=person.birth_date,
        sex=person.sex,
        mail_confirmed=True,
        consents=[ACCOUNT, RESIDENCE],
        at=at,
    )
    return declare_residence(user_id=user.pk, dong_id=dong.pk, basis=person.basis, at=at + timedelta(minutes=4))


def _named(resident: NamedResident, today: date) -> Person:
    return Person(resident.email, resident.name, resident.birth_date(today), resident.sex, Basis.REGISTERED)


def load_residents(chance: random.Random, dong: Region, official: User, now: datetime) -> dict[str, User]:
    """Register the town's residents and check most of them at the desk; the accounts by mail address.

    Waiting at the desk on the day of loading: some people as usual, one who looks like somebody verified already, one
    under 14 without a guardian's consent, and the named resident who waits.
    """
    today = now.date()
    for number, person in enumerate(invented_people(chance, today)):
        waits = number >= INVENTED - WAITING
        days = chance.randrange(1, 6) if waits else chance.randrange(40, 400)
        registered = now - timedelta(days=days, minutes=chance.randrange(10, 500))
        residence = _declare(person, dong, registered)
        if not waits:
            checked = registered + timedelta(days=chance.randrange(1, 9), hours=1)
            document = chance.choice(DOCUMENTS[person.basis])
            verify_residence(residence_id=residence.pk, document=document, actor=official, at=checked)
    for resident in RESIDENTS:
        registered = now - timedelta(days=2 if resident.standing is Standing.WAITING else 60)
        residence = _declare(_named(resident, today), dong, registered, PASSWORD)
        if resident.standing is not Standing.WAITING:
            verify_residence(
                residence_id=residence.pk, document="주민등록증", actor=official, at=registered + timedelta(days=1)
            )
    _load_special_cases(dong, official, now)
    return {user.email: user for user in User.objects.filter(residences__dong=dong).distinct()}


def _load_special_cases(dong: Region, official: User, now: datetime) -> None:
    """What the desk has to decide: the same person again, a child, and somebody who was refused."""
    today = now.date()
    twice = next(resident for resident in RESIDENTS if resident.standing is Standing.VOTED)
    again = Person("garam.park@example.org", "Park Garam", twice.birth_date(today), twice.sex, Basis.REGISTERED)
    _declare(again, dong, now - timedelta(days=1, hours=3))
    child = Person("soram@example.org", "류소람", date(today.year - 12, 5, 17), Sex.FEMALE, Basis.REGISTERED)
    _declare(child, dong, now - timedelta(days=1, hours=5))
    elsewhere = Person("byeol@example.org", "남별", date(today.year - 38, 9, 3), Sex.MALE, Basis.WORKING)
    residence = _declare(elsewhere, dong, now - timedelta(days=15))
    refuse_residence(
        residence_id=residence.pk,
        reason="근무지가 다른 동에 있습니다. 그 동의 행정복지센터에서 신청해 주세요.",
        actor=official,
        at=now - timedelta(days=12),
    )
