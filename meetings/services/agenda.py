"""Writes on the agenda and the sittings."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from core.signs import one_line, printable_text
from meetings.models import AgendaItem, Meeting, Sitting
from meetings.services.locking import check_status, locked_meeting, note
from meetings.states import BEFORE_OPENING, RECORDING, UNDER_WAY
from residents.models import User

AGENDA_OPEN = BEFORE_OPENING | UNDER_WAY


def _item(meeting: Meeting, item_id: int) -> AgendaItem:
    item = AgendaItem.objects.filter(meeting=meeting, pk=item_id).first()
    if item is None:
        raise RuleViolation(_("This item does not stand on the agenda."), code="foreign_item")
    return item


def _word(item: AgendaItem, title: str, text: str, proposer: str) -> None:
    item.title, item.text, item.proposer = one_line(title), printable_text(text).strip(), one_line(proposer)


@transaction.atomic
def add_item(  # noqa: PLR0913 - an item has this many facts
    *, meeting_id: int, title: str, actor: User | None, at: datetime, text: str = "", proposer: str = ""
) -> AgendaItem:
    """Put an item at the end of the agenda, also while the meeting goes on. Raises RuleViolation once it is closed."""
    meeting = locked_meeting(meeting_id)
    check_status(meeting, AGENDA_OPEN)
    last = meeting.agenda.aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem(meeting=meeting, position=last + 1)
    _word(item, title, text, proposer)
    item.save()
    note(meeting, "item_added", actor, at, item=item.pk)
    return item


@transaction.atomic
def change_item(  # noqa: PLR0913 - an item has this many facts
    *, meeting_id: int, item_id: int, title: str, text: str, proposer: str, actor: User | None, at: datetime
) -> AgendaItem:
    """Word an item anew. Raises RuleViolation once the meeting is closed."""
    meeting = locked_meeting(meeting_id)
    check_status(meeting, AGENDA_OPEN)
    item = _item(meeting, item_id)
    _word(item, title, text, proposer)
    item.save(update_fields=["title", "text", "proposer"])
    note(meeting, "item_changed", actor, at, item=item.pk)
    return item


@transaction.atomic
def remove_item(*, meeting_id: int, item_id: int, actor: User | None, at: datetime) -> None:
    """Take an item off the agenda. Raises RuleViolation if something was said or decided on it."""
    meeting = locked_meeting(meeting_id)
    check_status(meeting, AGENDA_OPEN)
    item = _item(meeting, item_id)
    if item.resolutions.exists() or item.statements.exists():
        raise RuleViolation(_("Something was said or decided on this item, so it stays."), code="item_in_use")
    position = item.position
    item.delete()
    # One by one, because positions are unique at every moment.
    for below in meeting.agenda.filter(position__gt=position).order_by("position"):
        AgendaItem.objects.filter(pk=below.pk).update(position=F("position") - 1)
    note(meeting, "item_removed", actor, at, item=item_id)


@transaction.atomic
def move_item(*, meeting_id: int, item_id: int, up: bool, actor: User | None, at: datetime) -> None:
    """Change places with the item before (or after); the first stays first. Raises RuleViolation once it is closed."""
    meeting = locked_meeting(meeting_id)
    check_status(meeting, AGENDA_OPEN)
    item = _item(meeting, item_id)
    other = meeting.agenda.filter(position=item.position + (-1 if up else 1)).first()
    if other is None:
        return
    spare = (meeting.agenda.aggregate(last=Max("position"))["last"] or 0) + 1
    for pk, position in ((item.pk, spare), (other.pk, item.position), (item.pk, other.position)):
        AgendaItem.objects.filter(pk=pk).update(position=position)
    note(meeting, "agenda_ordered", actor, at, item=item.pk)


@transaction.atomic
def add_sitting(  # noqa: PLR0913 - a sitting has this many facts
    *, meeting_id: int, title: str, starts_at: datetime, ends_at: datetime, actor: User | None, at: datetime
) -> Sitting:
    """Add a part for which attendance is reckoned. Raises RuleViolation if it overlaps another or lies outside."""
    meeting = locked_meeting(meeting_id)
    check_status(meeting, AGENDA_OPEN)
    _check_times(meeting, starts_at, ends_at)
    sitting = Sitting.objects.create(meeting=meeting, title=one_line(title), starts_at=starts_at, ends_at=ends_at)
    note(meeting, "sitting_added", actor, at, sitting=sitting.pk)
    return sitting


def _check_times(meeting: Meeting, starts_at: datetime, ends_at: datetime, sitting_id: int | None = None) -> None:
    """Raise RuleViolation for times that no sitting can have; once opened a meeting may last longer than planned."""
    if ends_at <= starts_at:
        raise RuleViolation(_("A sitting must end after it begins."), code="ends_before_start")
    is_planned = meeting.status in BEFORE_OPENING
    if starts_at < meeting.starts_at or (is_planned and ends_at > meeting.ends_at):
        raise RuleViolation(_("A sitting lies within the meeting."), code="outside_the_meeting")
    overlapping = meeting.sittings.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).values_list("pk", flat=True)
    if set(overlapping) - {sitting_id}:
        raise RuleViolation(_("There is another sitting at this time."), code="sittings_overlap")


@transaction.atomic
def change_sitting(  # noqa: PLR0913 - a sitting has this many facts
    *,
    meeting_id: int,
    sitting_id: int,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    actor: User | None,
    at: datetime,
) -> Sitting:
    """Say anew when a sitting is or was, also of one that people came to: hours are reckoned from the new times.

    Raises RuleViolation if it would overlap another or lie outside, or once the minutes are approved.
    """
    meeting = locked_meeting(meeting_id)
    check_status(meeting, BEFORE_OPENING | RECORDING)
    sitting = meeting.sittings.filter(pk=sitting_id).first()
    if sitting is None:
        raise RuleViolation(_("This sitting is not one of this meeting."), code="foreign_sitting")
    _check_times(meeting, starts_at, ends_at, sitting_id)
    sitting.title, sitting.starts_at, sitting.ends_at = one_line(title), starts_at, ends_at
    sitting.save(update_fields=["title", "starts_at", "ends_at"])
    note(meeting, "sitting_changed", actor, at, sitting=sitting_id)
    return sitting


@transaction.atomic
def remove_sitting(*, meeting_id: int, sitting_id: int, actor: User | None, at: datetime) -> None:
    """Take a sitting out. Raises RuleViolation if attendance was recorded for it."""
    meeting = locked_meeting(meeting_id)
    check_status(meeting, AGENDA_OPEN)
    sitting = meeting.sittings.filter(pk=sitting_id).first()
    if sitting is None:
        raise RuleViolation(_("This sitting is not one of this meeting."), code="foreign_sitting")
    if sitting.attendances.exists():
        raise RuleViolation(_("Somebody’s attendance was recorded for this sitting, so it stays."), code="in_use")
    sitting.delete()
    note(meeting, "sitting_removed", actor, at, sitting=sitting_id)
