"""Nobody decides in a recruitment in which they applied: neither on their own application nor on anybody else's."""

from django.utils.translation import gettext as _

from core.errors import RuleViolation
from councils.models import Application, Recruitment
from councils.queries.applied import recruitments_applied_in
from residents.models import User


def refuse_own(application: Application, actor: User | None) -> None:
    """Raise RuleViolation if somebody decides on their own application, or on a rival's."""
    if actor is not None and application.user_id == actor.pk:
        raise RuleViolation(
            _("Nobody may do this for their own application. Please ask a colleague."), code="own_account", status=403
        )
    refuse_candidate(application.recruitment, actor)


def refuse_competitor(application: Application, actor: User | None) -> None:
    """Raise RuleViolation if somebody takes another out of a recruitment in which they applied themselves."""
    if actor is not None and application.user_id != actor.pk:
        refuse_candidate(application.recruitment, actor)


def refuse_candidate(recruitment: Recruitment, actor: User | None) -> None:
    """Raise RuleViolation if the official applied in this recruitment; None is the system itself."""
    if actor is not None and recruitment.pk in recruitments_applied_in(actor):
        raise RuleViolation(
            _("You applied in this recruitment yourself. Please let another official do this."),
            code="own_recruitment",
            status=403,
        )
