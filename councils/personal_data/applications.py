"""What councils hold about an account as an applicant."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.madang import day_text, moment_text
from councils.models import Application, ApplicationStep
from councils.queries.courses import minutes_attended, minutes_credited
from councils.services.erasure import erase_of_account
from ordinances.phrases import minutes_as_hours
from residents.models import User
from residents.personal_data import Fact, Section


def sections(user: User) -> Iterator[Section]:
    """Applications with steps, answers and hours; eight queries at most."""
    applications = list(
        Application.objects.filter(user=user)
        .select_related("recruitment")
        .prefetch_related("steps", "recruitment__features__values")
        .order_by("submitted_at", "pk")
    )
    attended, credited = minutes_attended(applications), minutes_credited(applications)
    yield Section(
        "council_applications",
        gettext_lazy("Applications for residents’ councils"),
        tuple(_application(one, attended[one.pk] + credited[one.pk]) for one in applications),
    )


def _application(one: Application, minutes: int) -> tuple[Fact, ...]:
    return (
        Fact("recruitment", _("recruitment"), one.recruitment.title),
        Fact("number", _("receipt number"), str(one.number or "")),
        Fact("state", _("state"), one.get_status_display()),
        Fact("submitted_at", _("received at"), moment_text(one.submitted_at) if one.submitted_at else ""),
        Fact("name", _("name"), one.name),
        Fact("birth_date", _("date of birth"), one.birth_date.isoformat() if one.birth_date else ""),
        Fact("sex", _("sex"), one.get_sex_display()),
        Fact("phone", _("phone"), one.phone),
        Fact("email", _("mail address"), one.email),
        Fact("address", _("address"), one.address),
        Fact("basis", _("basis"), one.get_basis_display()),
        Fact("track", _("track"), one.get_track_display()),
        Fact("organisation", _("recommending organisation"), one.organisation),
        Fact("answers", _("answers"), "; ".join(_answers(one))),
        Fact("motive", _("why you apply"), one.motive),
        Fact("guardian", _("name of the guardian"), f"{one.guardian_name} {one.guardian_relation}".strip()),
        Fact("consented_at", _("consented at"), moment_text(one.consented_at) if one.consented_at else ""),
        Fact("hours", _("hours of education"), minutes_as_hours(minutes)),
        Fact("pool_number", _("number in the pool"), str(one.pool_number or "")),
        Fact("reason", _("reason or what is asked for"), one.reason),
        Fact("steps", _("what happened so far"), "; ".join(_step(step) for step in one.steps.all())),
        Fact("erase_on", _("personal data deleted on"), day_text(one.recruitment.erase_on)),
    )


def _answers(one: Application) -> Iterator[str]:
    for feature in one.recruitment.features.all():
        key = one.answers.get(feature.key)
        label = next((value.label for value in feature.values.all() if value.key == key), "")
        if label:
            yield f"{feature.label}: {label}"


def _step(step: ApplicationStep) -> str:
    words = f"{moment_text(step.at)} {step.get_status_display()}"
    return f"{words}: {step.text}" if step.text else words


def erase(user: User, at: datetime) -> None:
    erase_of_account(user=user, at=at)
