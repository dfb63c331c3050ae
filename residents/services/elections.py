"""Days of local elections, and what they keep from being published or held."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from core.templatetags.madang import day_text
from residents import elections
from residents.models import LocalElection, User


def election_days() -> list[date]:
    """The days of all local elections that are known. One query."""
    return list(LocalElection.objects.order_by("held_on").values_list("held_on", flat=True))


def refuse_publishing(*, at: datetime) -> None:
    """Raises RuleViolation while publicity is restricted before a local election."""
    lock = elections.blocks_publishing(election_days(), timezone.localdate(at))
    if lock is not None:
        raise RuleViolation(
            _(
                "From %(since)s to %(until)s publicity is restricted because of the local election. "
                "Nothing can be published on that account; what is prepared stays as it is."
            )
            % {"since": day_text(lock.since), "until": day_text(lock.until)},
            code="election_publicity",
        )


def refuse_event(*, first_day: date, last_day: date) -> None:
    """Raises RuleViolation if an event would fall into the days before a local election when events are restricted."""
    lock = elections.blocks_event(election_days(), first_day, last_day)
    if lock is not None:
        raise RuleViolation(
            _(
                "From %(since)s to %(until)s events are restricted because of the local election. "
                "Please choose days outside of that time."
            )
            % {"since": day_text(lock.since), "until": day_text(lock.until)},
            code="election_events",
        )


def election_warning(day: date) -> str:
    """A sentence on the restriction that holds on `day` or begins within 30 days, or ""."""
    days = election_days()
    now = elections.in_force(days, day)
    if now:
        return _("Because of the local election on %(election)s publishing is restricted until that day.") % {
            "election": day_text(now[0].until)
        }
    soon = elections.begins_soon(days, day)
    if soon is None:
        return ""
    if soon.what is elections.Restricted.PUBLICITY:
        return _(
            "From %(since)s publishing is restricted because of the local election on %(election)s. "
            "Please publish before that day what is ready."
        ) % {"since": day_text(soon.since), "election": day_text(soon.until)}
    return _("From %(since)s events are restricted because of the local election on %(election)s.") % {
        "since": day_text(soon.since),
        "election": day_text(soon.until),
    }


@transaction.atomic
def save_election(*, election: LocalElection, actor: User, at: datetime) -> LocalElection:
    """Add or change the day of a local election."""
    is_new = election._state.adding
    election.save()
    record(
        actor=actor,
        action="residents.election_added" if is_new else "residents.election_changed",
        target=election,
        details={"day": election.held_on.isoformat()},
        at=at,
    )
    return election


@transaction.atomic
def remove_election(*, election_id: int, actor: User, at: datetime) -> None:
    """Remove a day that was entered in error. Raises RuleViolation for an election that is over."""
    election = LocalElection.objects.select_for_update().get(pk=election_id)
    if election.held_on < timezone.localdate(at):
        raise RuleViolation(_("An election that is over stays on record."))
    record(
        actor=actor,
        action="residents.election_removed",
        target=election,
        details={"day": election.held_on.isoformat()},
        at=at,
    )
    election.delete()
