"""The step that every change of an application leaves behind: kept, audited, told; one by one or for a whole pool."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.audit.services import record
from councils.models import Application, ApplicationStep
from councils.notices.applications import tell_applicant, tell_applicants
from residents.models import User


def take_step(  # noqa: PLR0913 - a step has this many facts
    application: Application,
    action: str,
    *,
    actor: User | None,
    at: datetime,
    text: str = "",
    details: Mapping[str, Any] | None = None,
) -> ApplicationStep:
    """Note the state that a saved application has now, audit it, and tell the applicant.

    `actor` None is the applicant without an account, or the system itself. `text` is what the applicant is told.
    """
    step = ApplicationStep.objects.create(
        application=application, status=application.status, at=at, by=actor, text=text
    )
    _record(application, action, actor, at, details or {})
    tell_applicant(application=application, step=step, at=at)
    return step


def take_steps(  # noqa: PLR0913 - a step has this many facts
    applications: Sequence[Application],
    action: str,
    *,
    actor: User | None,
    at: datetime,
    fields: Sequence[str],
    texts: Sequence[str] = (),
) -> list[ApplicationStep]:
    """Save `fields` of many applications of one recruitment, with the step that each takes; told in one mailing.

    `texts` are what each is told, in their order; none is nothing to tell.
    """
    if not applications:
        return []
    told = texts or [""] * len(applications)
    Application.objects.bulk_update(applications, fields, batch_size=500)
    steps = ApplicationStep.objects.bulk_create(
        [
            ApplicationStep(application=one, status=one.status, at=at, by=actor, text=text)
            for one, text in zip(applications, told, strict=True)
        ],
        batch_size=500,
    )
    for application in applications:
        _record(application, action, actor, at, {})
    tell_applicants(steps=list(zip(applications, steps, strict=True)), at=at)
    return steps


def _record(
    application: Application, action: str, actor: User | None, at: datetime, details: Mapping[str, Any]
) -> None:
    record(
        actor=actor,
        action=action,
        target=application,
        persons=[application.user] if application.user else [],
        scope=application.recruitment.council.dong.path,
        at=at,
        details={"recruitment": application.recruitment_id, "state": application.status, **details},
    )
