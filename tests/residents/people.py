"""People in the states that tests of this app begin with."""

from datetime import date

import pytest

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from residents import services
from residents.consents import ACCOUNT, RESIDENCE
from residents.states import Basis, Role
from tests.factories import NOON, DongFactory, official

TODAY = date(2026, 6, 1)


def register(**changes):
    facts = {
        "email": "person@example.org",
        "name": "김민수",
        "birth_date": date(1980, 3, 15),
        "consents": [ACCOUNT, RESIDENCE],
        "at": NOON,
    }
    return services.register_person(**{**facts, **changes})


def declared(dong=None, *, basis=Basis.REGISTERED, **changes):
    person = register(**changes)
    return services.declare_residence(user_id=person.pk, dong_id=(dong or DongFactory()).pk, basis=basis, at=NOON)


def verify(residence, actor=None, **changes):
    facts = {"document": "주민등록증", "at": NOON, **changes}
    return services.verify_residence(
        residence_id=residence.pk, actor=actor or official(Role.DONG_OFFICIAL, residence.dong), **facts
    )


def refusal(call, *args, **kwargs):
    """The code of the RuleViolation, after checking that nothing was written."""
    entries = AuditEntry.objects.count()
    with pytest.raises(RuleViolation) as no:
        call(*args, **kwargs)
    assert AuditEntry.objects.count() == entries
    return no.value.code


def last_entry():
    return AuditEntry.objects.first()
