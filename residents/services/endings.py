"""A person dies, or leaves and is forgotten."""

import uuid
from datetime import date, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.audit.services import record
from core.errors import RuleViolation
from core.jobs.imports.services import forget_imports_of
from core.jobs.services import forget_jobs_of
from residents import personal_data
from residents.models import Consent, GuardianConsent, Residence, ResidentProfile, RoleAssignment, User
from residents.services.people import (
    close_residence,
    end_sessions,
    locked_person,
    noted,
    refuse_if_gone,
    refuse_oneself,
    scope_of,
)
from residents.services.roles import close_role, open_roles
from residents.states import ResidenceStatus

OPEN = (ResidenceStatus.DECLARED, ResidenceStatus.VERIFIED)


@transaction.atomic
def record_death(*, user_id: int, died_on: date, actor: User, at: datetime) -> User:
    """Record that a person has died: the account is switched off, residences and roles end, sessions are removed."""
    person = locked_person(user_id)
    refuse_oneself(person, actor)
    if person.erased_at is not None or person.deceased_on is not None:
        refuse_if_gone(person)
    today = timezone.localdate(at)
    profile = ResidentProfile.objects.filter(user=person).first()
    if died_on > today or (profile is not None and died_on < profile.birth_date):
        raise RuleViolation(_("The day of death is not plausible."), code="died_on", status=422)
    scope = scope_of(person)
    for residence in Residence.objects.filter(user=person, status__in=OPEN):
        close_residence(residence, reason=noted(gettext_noop("The person has died.")), at=at)
    for assignment in open_roles(person, today):
        close_role(assignment, today)
    person.is_active = False
    person.deceased_on = died_on
    person.save(update_fields=["is_active", "deceased_on"])
    end_sessions(person)
    record(
        actor=actor,
        action="residents.death_recorded",
        target=person,
        persons=[person],
        scope=scope,
        at=at,
    )
    return person


@transaction.atomic
def erase_person(*, user_id: int, actor: User | None, at: datetime) -> User:
    """Empty everything personal of an account, for good. The row stays, because votes and acts point to it.

    Mail address, name, profile, consents, guardian's consent, second factor and sessions go; the pseudonym changes, so
    that the audit entries of the past lead to nobody; apps above empty what they registered in `personal_data`.
    Raises RuleViolation while the person holds a role, because somebody has to take the work over first, and while an
    app above needs the data, because without it the same person could come again as somebody else.
    """
    person = locked_person(user_id)
    if person.erased_at is not None:
        refuse_if_gone(person)
    if open_roles(person, timezone.localdate(at)).exists():
        raise RuleViolation(
            _("This account holds a role. Please hand the work over and have the role ended first."),
            code="holds_role",
        )
    personal_data.refuse_while_needed(person, at)
    record(actor=actor, action="residents.person_erased", target=person, persons=[person], at=at)
    personal_data.erase(person, at)
    person.email = f"{uuid.uuid4().hex}@erased.invalid"
    person.name = ""
    person.pseudonym = uuid.uuid4()
    person.set_unusable_password()
    person.language = "ko"
    person.is_active = False
    person.last_login = None
    person.date_joined = at
    person.deceased_on = None
    person.erased_at = at
    person.save()
    end_sessions(person)
    return person


def erase_residents_data(person: User, at: datetime) -> None:
    """What this app itself holds of a person: the part of `erase_person` that is registered in `personal_data`."""
    forget_imports_of(owner=person, at=at)
    forget_jobs_of(owner=person, at=at)
    ResidentProfile.objects.filter(user=person).delete()
    GuardianConsent.objects.filter(user=person).delete()
    Consent.objects.filter(user=person).delete()
    Residence.objects.filter(user=person).delete()
    RoleAssignment.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
