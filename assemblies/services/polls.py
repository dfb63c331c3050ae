"""Writes on polls: making, announcing, opening, closing, halting."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assemblies.models import AgendaItem, Assembly, Participation, Poll, PollOption
from assemblies.readiness import Missing, missing_before_opening, missing_before_scheduling
from assemblies.services.agenda import locked_assembly
from assemblies.states import AssemblyStatus, PollKind, PollStatus
from core.audit.services import record
from core.errors import RuleViolation
from core.templatetags.madang import moment_text
from residents.models import User

FIELDS = frozenset({"title", "question", "kind", "max_choices", "adopted_count", "tie_rule", "opens_at", "closes_at"})


class NotReadyError(RuleViolation):
    """Something is missing; `missing` lists it."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(" ".join(problem.text for problem in missing), code="not_ready")
        self.missing = tuple(missing)


def locked_poll(poll_id: int) -> Poll:
    """The poll under its exclusive row lock: casting takes the same lock shared, so no ballot slips in between."""
    return (
        Poll.objects.select_for_update(of=("self",))
        .select_related("assembly__dong__parent", "assembly__rule_set")
        .get(pk=poll_id)
    )


def note(poll: Poll, action: str, actor: User | None, at: datetime, **details: Any) -> None:
    record(
        actor=actor,
        action=f"assemblies.poll_{action}",
        target=poll,
        scope=poll.assembly.dong.path,
        details=details,
        at=at,
    )


def _check_shape(poll: Poll) -> None:
    if poll.closes_at <= poll.opens_at:
        raise RuleViolation(_("Voting must close after it opens."), code="closes_before_opening")
    if poll.kind == PollKind.CHOOSE and not poll.max_choices:
        raise RuleViolation(_("Please say how many items one may choose."), code="max_choices_missing")
    if poll.kind != PollKind.CHOOSE and (poll.max_choices or poll.adopted_count):
        raise RuleViolation(
            _("In a vote for or against each item there is no number of choices."), code="max_choices_out_of_place"
        )


@transaction.atomic
def create_poll(  # noqa: PLR0913 - a poll has this many facts
    *,
    assembly_id: int,
    title: str,
    question: str,
    kind: str,
    opens_at: datetime,
    closes_at: datetime,
    actor: User | None,
    at: datetime,
    max_choices: int | None = None,
    adopted_count: int | None = None,
    tie_rule: str = "",
    items: Sequence[int] | None = None,
) -> Poll:
    """Make a poll in preparation, with all items of the agenda on the ballot unless `items` (their ids) says which.

    The rule for ties is the rule set's unless another is named. Raises RuleViolation if the assembly is over or the
    parts do not fit together.
    """
    assembly = locked_assembly(assembly_id)
    if assembly.status not in {AssemblyStatus.PREPARING, AssemblyStatus.ANNOUNCED}:
        raise RuleViolation(_("An assembly that is over can no longer be changed."), code="wrong_state")
    poll = Poll(
        assembly=assembly,
        title=title,
        question=question,
        kind=kind,
        max_choices=max_choices,
        adopted_count=adopted_count,
        tie_rule=tie_rule or assembly.rule_set.for_assemblies().tie_rule.value,
        opens_at=opens_at,
        closes_at=closes_at,
    )
    _check_shape(poll)
    poll.save()
    _put_on_ballot(poll, items if items is not None else list(assembly.agenda.values_list("pk", flat=True)))
    note(poll, "created", actor, at)
    return poll


def _put_on_ballot(poll: Poll, item_ids: Sequence[int]) -> None:
    if len(set(item_ids)) != len(item_ids):
        raise RuleViolation(_("An item stands on the ballot once."), code="repeated_item")
    items = AgendaItem.objects.filter(assembly_id=poll.assembly_id).in_bulk(list(item_ids))
    if len(items) != len(item_ids):
        raise RuleViolation(_("An item on the ballot must stand on this assembly’s agenda."), code="foreign_item")
    poll.options.all().delete()
    PollOption.objects.bulk_create(
        PollOption(poll=poll, item=items[item_id], position=position)
        for position, item_id in enumerate(item_ids, start=1)
    )


def _check_in_preparation(poll: Poll) -> None:
    if poll.status != PollStatus.PREPARING:
        raise RuleViolation(
            _("The poll has been announced and can no longer be changed. Take the announcement back first."),
            code="wrong_state",
        )


@transaction.atomic
def change_poll(*, poll_id: int, changes: Mapping[str, Any], actor: User, at: datetime) -> Poll:
    """Change a poll in preparation. Raises RuleViolation after it was announced; ValueError for an unknown field."""
    poll = locked_poll(poll_id)
    changed = sorted(name for name, value in changes.items() if getattr(poll, name) != value)
    if not set(changed) <= FIELDS:
        raise ValueError(f"not changeable: {set(changed) - FIELDS}")
    if not changed:
        return poll
    _check_in_preparation(poll)
    for name in changed:
        setattr(poll, name, changes[name])
    _check_shape(poll)
    poll.save()
    note(poll, "changed", actor, at, fields=changed)
    return poll


@transaction.atomic
def set_poll_options(*, poll_id: int, items: Sequence[int], actor: User | None, at: datetime) -> Poll:
    """Put these items (ids), in this order, on the ballot of a poll in preparation."""
    poll = locked_poll(poll_id)
    _check_in_preparation(poll)
    _put_on_ballot(poll, items)
    note(poll, "ballot_set", actor, at, items=list(items))
    return poll


@transaction.atomic
def schedule_poll(*, poll_id: int, actor: User | None, at: datetime) -> Poll:
    """Announce the poll with its dates; from here on ballot and agenda items are fixed.

    Raises NotReadyError with everything that is missing.
    """
    locked_assembly(Assembly.objects.get(polls=poll_id).pk)
    poll = locked_poll(poll_id)
    if poll.status == PollStatus.PREPARING:
        missing = missing_before_scheduling(poll, at)
        if missing:
            raise NotReadyError(missing)
    poll.move_to(PollStatus.SCHEDULED)
    poll.save()
    note(poll, "scheduled", actor, at)
    return poll


@transaction.atomic
def unschedule_poll(*, poll_id: int, reason: str, actor: User, at: datetime) -> Poll:
    """Take the announcement of a poll back before it opens, with a reason for the audit log."""
    poll = locked_poll(poll_id)
    if not reason.strip():
        raise RuleViolation(_("Please say why the announcement is taken back."), code="reason_missing")
    poll.move_to(PollStatus.PREPARING)
    poll.save()
    note(poll, "unscheduled", actor, at, reason=reason.strip())
    return poll


@transaction.atomic
def open_poll(*, poll_id: int, actor: User | None, at: datetime) -> Poll:
    """Open an announced poll whose time has come. Raises NotReadyError with what is missing, RuleViolation by state."""
    poll = locked_poll(poll_id)
    if poll.status in {PollStatus.PREPARING, PollStatus.SCHEDULED}:
        missing = missing_before_opening(poll, at)
        if missing:
            raise NotReadyError(missing)
    poll.move_to(PollStatus.OPEN)
    poll.opened_at = at
    poll.save()
    note(poll, "opened", actor, at)
    return poll


@transaction.atomic
def close_poll(*, poll_id: int, actor: User | None, at: datetime, reason: str = "") -> Poll:
    """Close an open poll so that no further ballot is accepted.

    Takes the poll's lock exclusively; casting takes it shared, so no ballot slips in between.
    Before the announced time this needs a `reason`, which is published, unless everybody on the roll has voted.
    Raises RuleViolation if the poll is not open, or closes early without a reason.
    """
    poll = locked_poll(poll_id)
    early = at < poll.closes_at
    if poll.status == PollStatus.OPEN and early and not reason.strip():
        waiting = poll.assembly.roll.filter(removed_at=None).exclude(participations__poll=poll).exists()
        if waiting:
            raise RuleViolation(
                _(
                    "Voting runs until %(time)s, as announced. "
                    "Closing it earlier needs a reason, which will be published."
                )
                % {"time": moment_text(poll.closes_at)},
                code="too_early",
            )
        reason = _("Everybody on the voter roll has voted.")
    poll.move_to(PollStatus.CLOSED)
    poll.closed_at = at
    poll.closed_early_because = reason.strip() if early else ""
    poll.save()
    participated = Participation.objects.filter(poll=poll).count()
    note(poll, "closed", actor, at, participated=participated, early=early)
    return poll


@transaction.atomic
def halt_poll(*, poll_id: int, reason: str, actor: User, at: datetime) -> Poll:
    """Stop a poll for good, with a reason that is published. It can be repeated as a new poll."""
    poll = locked_poll(poll_id)
    if not reason.strip():
        raise RuleViolation(_("Please say why the poll is halted."), code="reason_missing")
    poll.move_to(PollStatus.HALTED)
    poll.halted_because = reason.strip()
    poll.save()
    note(poll, "halted", actor, at)
    return poll
