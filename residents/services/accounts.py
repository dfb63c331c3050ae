"""Opening, filling in and switching off accounts."""

from collections.abc import Iterable
from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from residents.consents import ACCOUNT
from residents.duplicates import name_key
from residents.models import Residence, ResidentProfile, User
from residents.persons import ImplausibleError, checked_birth_date, cleaned_name, cleaned_phone
from residents.services.consents import give_consent
from residents.services.people import end_sessions, locked_person, refuse_if_gone, refuse_oneself, scope_of
from residents.services.roles import refuse_last_operator
from residents.states import ResidenceStatus, Sex


@transaction.atomic
def register_person(  # noqa: PLR0913 - a person has this many facts
    *,
    email: str,
    name: str,
    at: datetime,
    password: str | None = None,
    birth_date: date | None = None,
    sex: str = "",
    phone: str = "",
    language: str = "ko",
    mail_confirmed: bool = False,
    consents: Iterable[str] = (),
    actor: User | None = None,
) -> User:
    """Make an account for somebody: at the desk, by a command, or for the demo town.

    Without a password the person sets one through the mail of “set a new password”. `mail_confirmed` says that the
    address was seen to be theirs. `consents` are purposes that the person agreed to, for example on paper.
    Raises RuleViolation if the address is taken or a value is not plausible.
    """
    address = email.strip().lower()
    fields = {"name": _plausible_name(name), "language": language, "date_joined": at}
    try:
        with transaction.atomic():
            person = User.objects.create_user(address, password, **fields)
    except IntegrityError:
        raise RuleViolation(_("There is already an account with this mail address."), code="mail_taken") from None
    EmailAddress.objects.create(user=person, email=address, primary=True, verified=mail_confirmed)
    record(actor=actor, action="residents.person_registered", target=person, persons=[person], at=at)
    for purpose in consents:
        give_consent(user_id=person.pk, purpose=purpose, at=at, actor=actor)
    if birth_date is not None:
        _save_profile(person, birth_date=birth_date, sex=sex, phone=phone, at=at)
    return person


@transaction.atomic
def open_account(*, user_id: int, name: str, language: str, consent_version: int, at: datetime) -> User:
    """Finish a sign-up: name, language and the consent to keeping the account.

    Raises RuleViolation if the name is not plausible or the text of the consent has changed since it was shown.
    """
    person = locked_person(user_id)
    person.name = _plausible_name(name)
    person.language = language
    person.save(update_fields=["name", "language"])
    give_consent(user_id=person.pk, purpose=ACCOUNT, version=consent_version, at=at)
    record(actor=person, action="residents.account_opened", target=person, persons=[person], at=at)
    return person


@transaction.atomic
def update_profile(  # noqa: PLR0913 - a person has this many facts
    *,
    user_id: int,
    name: str,
    birth_date: date,
    sex: str,
    phone: str,
    language: str,
    actor: User,
    at: datetime,
) -> ResidentProfile:
    """Write what is known of a person. `sex` and `phone` may be empty.

    Name and date of birth of a verified person were compared with a document: only an official changes them, and not
    their own. Raises RuleViolation for that, and for what is not plausible.
    """
    person = locked_person(user_id)
    refuse_if_gone(person)
    cleaned = _plausible_name(name)
    before = ResidentProfile.objects.filter(user=person).first()
    checked_facts_change = before is not None and (person.name, before.birth_date) != (cleaned, birth_date)
    if checked_facts_change and actor.pk == person.pk and _is_verified(person):
        raise RuleViolation(
            _("Name and date of birth were checked at the desk. Please have them corrected there, with a document."),
            code="checked_at_the_desk",
        )
    changed = sorted(
        field for field, value in {"name": cleaned, "language": language}.items() if getattr(person, field) != value
    )
    person.name, person.language = cleaned, language
    person.save(update_fields=["name", "language"])
    profile, changed_facts = _save_profile(person, birth_date=birth_date, sex=sex, phone=phone, at=at)
    record(
        actor=actor,
        action="residents.profile_updated",
        target=profile,
        persons=[person],
        scope=scope_of(person),
        details={"changed": changed + changed_facts},
        at=at,
    )
    return profile


@transaction.atomic
def deactivate_account(*, user_id: int, reason: str, actor: User | None, at: datetime) -> User:
    """Switch an account off, with a reason: it can no longer sign in, and is signed out at once."""
    person = locked_person(user_id)
    refuse_oneself(person, actor)
    refuse_if_gone(person)
    if not reason.strip():
        raise RuleViolation(_("Please give a reason."), code="no_reason")
    refuse_last_operator(person, at)
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions(person)
    record(
        actor=actor,
        action="residents.account_deactivated",
        target=person,
        persons=[person],
        scope=scope_of(person),
        details={"reason": reason.strip()},
        at=at,
    )
    return person


@transaction.atomic
def reactivate_account(*, user_id: int, reason: str, actor: User | None, at: datetime) -> User:
    """Switch an account on again. Not for the erased and the dead."""
    person = locked_person(user_id)
    refuse_oneself(person, actor)
    if person.is_active:
        raise RuleViolation(_("This account is in use."), code="active")
    if person.erased_at is not None or person.deceased_on is not None:
        refuse_if_gone(person)
    if not reason.strip():
        raise RuleViolation(_("Please give a reason."), code="no_reason")
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(
        actor=actor,
        action="residents.account_reactivated",
        target=person,
        persons=[person],
        scope=scope_of(person),
        details={"reason": reason.strip()},
        at=at,
    )
    return person


def _is_verified(person: User) -> bool:
    return Residence.objects.filter(user=person, status=ResidenceStatus.VERIFIED).exists()


def _plausible_name(name: str) -> str:
    try:
        return cleaned_name(name)
    except ImplausibleError:
        raise RuleViolation(
            _("Please write the name with letters, at most 60 signs."), code="name", status=422
        ) from None


def _save_profile(
    person: User, *, birth_date: date, sex: str, phone: str, at: datetime
) -> tuple[ResidentProfile, list[str]]:
    """Write the profile; also the names of the fields that changed."""
    if sex not in {"", *Sex.values}:
        raise RuleViolation(_("Please choose one of the answers for sex, or leave it out."), code="sex", status=422)
    try:
        number = cleaned_phone(phone)
    except ImplausibleError:
        raise RuleViolation(_("This is not a telephone number."), code="phone", status=422) from None
    try:
        checked_birth_date(birth_date, timezone.localdate(at))
    except ImplausibleError:
        raise RuleViolation(
            _("The date of birth must lie between 1900 and today."), code="birth_date", status=422
        ) from None
    profile = ResidentProfile.objects.filter(user=person).first() or ResidentProfile(user=person)
    values = {"birth_date": birth_date, "sex": sex, "phone": number, "name_key": name_key(person.name)[:60]}
    changed = sorted(field for field, value in values.items() if getattr(profile, field) != value)
    for field, value in values.items():
        setattr(profile, field, value)
    profile.save()
    return profile, [field for field in changed if field != "name_key"]
