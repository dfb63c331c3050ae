"""The draw itself: three digits in the hall, then the panel. Once only, and never taken back."""

import json
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from councils.drawing import choose, draw, people_of, read_document, who_moves_up, write_document
from councils.models import Application, ApplicationStep, Draw, DrawnDigit, DrawResult
from councils.models.draws import DIGITS
from councils.notices.draws import tell_result
from councils.queries.draws import agreed_value
from councils.services.draws import locked_draw, refuse_applicants
from councils.states import ApplicationStatus, DrawStatus, RecruitmentStatus
from residents.models import User

LAST_DIGIT = 9


class DrawnAlreadyError(RuleViolation):
    """A second attempt at a draw."""


def prepare_draw(*, draw_id: int, tell: Callable[[int, int], None] | None = None) -> None:
    """Work out what follows from freeze and beacon alone, so that nobody waits for it when the digits come.

    Does nothing where it is done already. Raises RuleViolation before the beacon stands.
    """
    row = Draw.objects.get(pk=draw_id)
    if row.prepared:
        return
    prepared = write_document(_after_beacon(row, tell)).decode()
    Draw.objects.filter(pk=draw_id, status=DrawStatus.FROZEN, prepared="").update(prepared=prepared)


def _after_beacon(row: Draw, tell: Callable[[int, int], None] | None = None) -> dict[str, Any]:
    value = agreed_value(row)
    if value is None:
        raise RuleViolation(_("The beacon’s value does not stand yet: two readings must agree."), code="no_beacon")
    if row.prepared:
        return read_document(row.prepared.encode())
    return draw(read_document(row.public.encode()), value, openings=json.loads(row.full), tell=tell)


@transaction.atomic
def enter_digit(*, draw_id: int, place: int, digit: int, actor: User, at: datetime) -> DrawnDigit:
    """Record the digit on the ball that was just drawn: hundreds (place 0) first, then tens, then units.

    The same digit sent twice for a place is one. Raises RuleViolation before the beacon stands, out of order, for what
    is no digit, or after the draw.
    """
    row = locked_draw(draw_id)
    refuse_applicants(row.recruitment, actor)
    _refuse_unless_frozen(row)
    if not 0 <= digit <= LAST_DIGIT or not 0 <= place < DIGITS:
        raise RuleViolation(_("Each ball bears one digit from 0 to 9."), code="no_digit", status=400)
    if agreed_value(row) is None:
        raise RuleViolation(_("The beacon’s value does not stand yet: two readings must agree."), code="no_beacon")
    drawn = list(row.digits.filter(struck_because="").order_by("place"))
    if len(drawn) > place and drawn[place].digit == digit:
        return drawn[place]
    if len(drawn) != place:
        raise RuleViolation(_("Another digit was entered meanwhile. Please look at the digits again."), code="digits")
    entered = DrawnDigit.objects.create(draw=row, place=place, digit=digit, entered_by=actor, entered_at=at)
    _record("councils.digit_entered", row, actor, at, {"place": place, "digit": digit})
    return entered


@transaction.atomic
def strike_digit(*, draw_id: int, reason: str, actor: User, at: datetime) -> DrawnDigit:
    """Strike the last digit that was entered, with its reason; both stay visible.

    Raises RuleViolation without a reason, where there is none, or after the draw.
    """
    row = locked_draw(draw_id)
    refuse_applicants(row.recruitment, actor)
    _refuse_unless_frozen(row)
    last = row.digits.filter(struck_because="").order_by("-place").first()
    if last is None:
        raise RuleViolation(_("There is no digit to strike."), code="digits")
    if not reason.strip():
        raise RuleViolation(_("Please write why the digit is struck. Everybody can read it."), status=400)
    last.struck_because = reason.strip()
    last.save(update_fields=["struck_because"])
    _record("councils.digit_struck", row, actor, at, {"place": last.place, "digit": last.digit})
    return last


def draw_panel(*, draw_id: int, digits: str, actor: User, at: datetime) -> DrawResult:
    """Draw: once and for all. Sets who is selected, who is an alternate in which place, and who is neither.

    `digits` are those that were drawn in the hall, as shown to the official who confirms them. Whoever of the panel
    has withdrawn since the freeze is replaced at once by the first alternate who keeps the quotas.
    Raises DrawnAlreadyError at a second attempt, which is audited; RuleViolation before beacon and digits are there.
    """
    try:
        return _draw_panel(draw_id, digits, actor, at)
    except DrawnAlreadyError:
        # Outside of what was rolled back: that somebody tried must stay.
        row = Draw.objects.select_related("recruitment__council__dong").get(pk=draw_id)
        _record("councils.second_draw_refused", row, actor, at)
        raise


@transaction.atomic
def _draw_panel(draw_id: int, digits: str, actor: User, at: datetime) -> DrawResult:
    row = locked_draw(draw_id)
    refuse_applicants(row.recruitment, actor)
    _refuse_unless_frozen(row)
    entered = "".join(str(one.digit) for one in row.digits.filter(struck_because="").order_by("place"))
    if len(entered) != DIGITS or digits != entered:
        raise RuleViolation(
            _("The three digits are not all there, or others than you saw. Please look at the digits again."),
            code="digits",
        )
    document = choose(_after_beacon(row), digits)
    public = write_document(document)
    result = DrawResult.objects.create(
        draw=row,
        beacon_value=document["value"],
        digits=digits,
        index=document["chosen"],
        record=public.decode(),
        full_record=row.full,
        sha256=sha256(public).hexdigest(),
        drawn_at=at,
        recorded_by=actor,
    )
    row.move_to(DrawStatus.DRAWN)
    row.save(update_fields=["status"])
    row.recruitment.move_to(RecruitmentStatus.DRAWN)
    row.recruitment.save(update_fields=["status"])
    steps = _place_everybody(row, document, actor, at)
    _record("councils.panel_drawn", row, actor, at, {"index": result.index, "sha256": result.sha256})
    tell_result(draw=row, steps=steps, at=at)
    return result


def _place_everybody(
    row: Draw, document: dict[str, Any], actor: User, at: datetime
) -> list[tuple[Application, ApplicationStep]]:
    """Write down what became of each application of the pool."""
    applications = {
        str(one.pool_number): one
        for one in row.recruitment.applications.select_for_update(of=("self",)).filter(pool_number__isnull=False)
    }
    here = {id_ for id_, one in applications.items() if one.status == ApplicationStatus.POOL}
    panel, moved_up, alternates = seats_after_withdrawals(row, document, here)
    place_of = {id_: place for place, id_ in enumerate(alternates, start=1)}
    selected, steps = set(panel) | set(moved_up), []
    for id_ in sorted(here, key=int):
        one, text = applications[id_], ""
        if id_ in selected:
            one.move_to(ApplicationStatus.SELECTED)
            text = _("Moved up for somebody who had withdrawn before the draw.") if id_ in moved_up else ""
        elif id_ in place_of:
            one.move_to(ApplicationStatus.ALTERNATE)
            one.alternate_position = place_of[id_]
        else:
            one.move_to(ApplicationStatus.NOT_SELECTED)
        step = ApplicationStep(application=one, status=one.status, at=at, by=actor, text=text)
        steps.append((one, step))
    Application.objects.bulk_update([one for one, _step in steps], ["status", "alternate_position"], batch_size=500)
    ApplicationStep.objects.bulk_create([step for _one, step in steps], batch_size=500)
    return steps


def seats_after_withdrawals(
    row: Draw, document: dict[str, Any], here: set[str]
) -> tuple[list[str], list[str], list[str]]:
    """Who of the drawn panel is still there, who moves up for the others in order, and who stays an alternate.

    `here` are the numbers of the pool that have not withdrawn.
    """
    people = people_of(document, json.loads(row.full))
    if people is None:
        raise RuleViolation(_("The attributes that were sealed at the freeze are missing."), code="no_openings")
    place = people.places()
    panel = [id_ for id_ in document["panel"] if id_ in here]
    alternates = [id_ for id_ in document["alternates"][document["chosen"]] if id_ in here]
    seated, moved_up = [place[id_] for id_ in panel], []
    for _seat in range(len(document["panel"]) - len(panel)):
        chosen = who_moves_up(people, seated, [place[id_] for id_ in alternates])
        if chosen is None:
            break
        seated.append(chosen)
        moved_up.append(people.ids[chosen])
        alternates.remove(people.ids[chosen])
    return panel, moved_up, alternates


def _refuse_unless_frozen(row: Draw) -> None:
    if row.status == DrawStatus.DRAWN:
        raise DrawnAlreadyError(
            _("This draw has taken place. It is drawn once and cannot be repeated; this attempt was recorded."),
            code="drawn_already",
        )
    if row.status != DrawStatus.FROZEN:
        raise RuleViolation(_("This draw is not frozen."), code="wrong_state")


def _record(action: str, row: Draw, actor: User, at: datetime, details: dict[str, Any] | None = None) -> None:
    scope = row.recruitment.council.dong.path
    record(actor=actor, action=action, target=row, scope=scope, at=at, details=details)
