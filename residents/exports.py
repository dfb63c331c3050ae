"""What this app holds about a person, for “my data”."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.jobs.queries import jobs_of
from residents.consents import CONSENTS
from residents.models import GuardianConsent, ResidentProfile, RoleAssignment, User
from residents.personal_data import Fact, Section
from residents.queries import residences_of


def sections(user: User) -> Iterator[Section]:
    """Account, profile, residences, consents, guardian's consent, roles and jobs; a fixed number of queries."""
    yield Section("account", gettext_lazy("Account"), (_account(user),))
    profile = ResidentProfile.objects.filter(user=user).first()
    if profile:
        yield Section("profile", gettext_lazy("About you"), (_profile(profile),))
    yield Section("residences", gettext_lazy("Where you belong"), tuple(_residences(user)))
    yield Section("consents", gettext_lazy("Consents"), tuple(_consents(user)))
    guardian = GuardianConsent.objects.filter(user=user).first()
    if guardian:
        yield Section("guardian_consent", gettext_lazy("Guardian's consent"), (_guardian(guardian),))
    yield Section("roles", gettext_lazy("Roles"), tuple(_roles(user)))
    yield Section("jobs", gettext_lazy("What you ordered"), tuple(_jobs(user)))


def _account(user: User) -> tuple[Fact, ...]:
    return (
        Fact("email", _("mail address"), user.email),
        Fact("name", _("name"), user.name),
        Fact("language", _("language"), user.get_language_display()),
        Fact("pseudonym", _("pseudonym in the logs"), str(user.pseudonym)),
        Fact("joined", _("joined"), _moment(user.date_joined)),
        Fact("last_login", _("last sign-in"), _moment(user.last_login)),
    )


def _profile(profile: ResidentProfile) -> tuple[Fact, ...]:
    return (
        Fact("birth_date", _("date of birth"), profile.birth_date.isoformat()),
        Fact("sex", _("sex"), profile.get_sex_display()),
        Fact("phone", _("phone number"), profile.phone),
    )


def _residences(user: User) -> Iterator[tuple[Fact, ...]]:
    for residence in residences_of(user):
        yield (
            Fact("dong", _("dong"), residence.dong.full_name),
            Fact("basis", _("basis"), residence.get_basis_display()),
            Fact("status", _("status"), residence.get_status_display()),
            Fact("declared_at", _("declared at"), _moment(residence.declared_at)),
            Fact("checked_at", _("checked at"), _moment(residence.checked_at)),
            Fact("document", _("document seen"), residence.document),
            Fact("reason", _("reason"), residence.reason),
            Fact("ended_on", _("ended on"), _day(residence.ended_on)),
        )


def _consents(user: User) -> Iterator[tuple[Fact, ...]]:
    for consent in user.consents.all():
        text = CONSENTS.get(consent.purpose)
        items = [str(text.items.get(item, item)) if text else item for item in consent.items]
        yield (
            Fact("purpose", _("purpose"), str(text.title) if text else consent.purpose),
            Fact("version", _("version of the text"), str(consent.version)),
            Fact("items", _("items"), ", ".join(items)),
            Fact("period", _("period"), consent.period),
            Fact("given_at", _("given at"), _moment(consent.given_at)),
            Fact("withdrawn_at", _("withdrawn at"), _moment(consent.withdrawn_at)),
        )


def _guardian(consent: GuardianConsent) -> tuple[Fact, ...]:
    return (
        Fact("guardian_name", _("name of the guardian"), consent.guardian_name),
        Fact("relation", _("relation"), consent.relation),
        Fact("given_on", _("given on"), _day(consent.given_on)),
    )


def _roles(user: User) -> Iterator[tuple[Fact, ...]]:
    for assignment in RoleAssignment.objects.filter(user=user).select_related("region__parent"):
        yield (
            Fact("role", _("role"), assignment.get_role_display()),
            Fact("region", _("region"), assignment.region.full_name if assignment.region else ""),
            Fact("since", _("since"), _day(assignment.since)),
            Fact("until", _("until"), _day(assignment.until)),
        )


def _jobs(user: User) -> Iterator[tuple[Fact, ...]]:
    for job in jobs_of(user):
        yield (
            Fact("title", _("title"), job.title),
            Fact("ordered_at", _("ordered at"), _moment(job.ordered_at)),
            Fact("status", _("state"), job.get_status_display()),
            Fact("file", _("file"), job.file.name if job.file else ""),
        )


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(sep=" ", timespec="minutes")[:16] if at else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
