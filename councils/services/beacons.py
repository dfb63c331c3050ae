"""What came out of a beacon: read by officials who must agree, or fetched from the network. Nothing is edited.

Two readings are of two persons. The site knows accounts, so it refuses a second one that shows itself to be of the same
person; the names of all who read stand on the page of the draw, for those who know them.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from core.jobs.models import Job
from core.jobs.services import order_job
from councils.drawing import BeaconError, Drand, read_beacon
from councils.drawing.beacons import randomness
from councils.drawing_wording import beacon_in_words
from councils.models import BeaconEntry, Draw
from councils.queries.draws import agreed_value
from councils.services.draws import locked_draw, refuse_applicants
from councils.states import BeaconKind, DrawStatus
from residents.duplicates import name_key
from residents.models import User

FETCH_KIND = "councils.fetch_beacon"
PREPARE_KIND = "councils.prepare_draw"
SECONDS = 20
LARGEST_ANSWER = 4096  # bytes; a round of drand has some 500


class SamePersonError(RuleViolation):
    """A second account of somebody whose reading stands already."""


def enter_beacon(*, draw_id: int, value: Mapping[str, Any], actor: User, at: datetime) -> BeaconEntry:
    """Record what an official read as the beacon's value; with a second reading that agrees it stands.

    Whoever entered one already takes it back first. A third official's reading settles two that differ.
    Raises RuleViolation before the beacon's time, for a value that cannot be one, after agreement, or a second reading;
    SamePersonError, which is audited, for another account of the same person.
    """
    try:
        return _enter_read(draw_id, value, actor, at)
    except SamePersonError:
        # Outside of what was rolled back: that somebody tried must stay.
        draw = Draw.objects.select_related("recruitment__council__dong").get(pk=draw_id)
        _record("councils.second_account_refused", draw, actor, at)
        raise


@transaction.atomic
def _enter_read(draw_id: int, value: Mapping[str, Any], actor: User, at: datetime) -> BeaconEntry:
    draw = locked_draw(draw_id)
    refuse_applicants(draw.recruitment, actor)
    _refuse_unless_open(draw, at)
    if draw.entries.filter(official=actor, taken_back=False).exists():
        raise RuleViolation(
            _("You have entered a reading already. Take it back first, if it was a slip."), code="entered_already"
        )
    _refuse_second_account(draw, actor)
    return _enter(draw, value, actor, at)


def _refuse_second_account(draw: Draw, actor: User) -> None:
    standing = draw.entries.filter(taken_back=False, official__isnull=False).values("official")
    marks = _marks_of(actor)
    for other in User.objects.filter(pk__in=standing).select_related("profile"):
        if marks & _marks_of(other):
            raise SamePersonError(
                _("Another account of the same person has entered a reading. A second person must read what came out."),
                code="same_person",
                status=403,
            )


def _marks_of(user: User) -> set[tuple[str, ...]]:
    """By what two accounts show themselves to be of one person: mailbox, telephone, or name and date of birth.

    One mailbox has many addresses: whatever follows a plus sign is its owner's choice.
    """
    local, _at, domain = user.email.lower().partition("@")
    marks: set[tuple[str, ...]] = {("mailbox", local.partition("+")[0], domain)}
    profile = getattr(user, "profile", None)
    if profile is not None:
        if user.name:
            marks.add(("born", name_key(user.name), f"{profile.birth_date:%Y%m%d}"))
        if profile.phone:
            marks.add(("phone", "".join(sign for sign in profile.phone if sign.isdigit())))
    return marks


@transaction.atomic
def take_back_reading(*, draw_id: int, actor: User, at: datetime) -> BeaconEntry:
    """Take back one's own reading; it stays on record. Raises RuleViolation where there is none, or after agreement."""
    draw = locked_draw(draw_id)
    _refuse_unless_open(draw, at)
    entry = draw.entries.filter(official=actor, taken_back=False).first()
    if entry is None:
        raise RuleViolation(_("You have entered no reading that could be taken back."), code="no_reading")
    entry.taken_back = True
    entry.save(update_fields=["taken_back"])
    _record("councils.beacon_reading_taken_back", draw, actor, at)
    return entry


def order_fetching(*, draw_id: int, actor: User, at: datetime) -> Job:
    """Let the network's own value be fetched.

    Raises RuleViolation where the beacon is none of a network, or too early.
    """
    draw = Draw.objects.select_related("recruitment").get(pk=draw_id)
    _refuse_unless_open(draw, at)
    if draw.beacon_kind != BeaconKind.DRAND or not settings.DRAND_URL:
        raise RuleViolation(_("This event cannot be fetched from here. Please enter what came out."), code="no_network")
    return order_job(
        kind=FETCH_KIND,
        title=_("Value of the beacon: %(title)s") % {"title": draw.recruitment.title},
        parameters={"draw": draw.pk},
        owner=actor,
        at=at,
        subject=f"beacon:{draw.pk}",
    )


def fetch_beacon(*, draw_id: int, at: datetime) -> BeaconEntry:
    """Fetch the round from the network and record it as a reading without an official.

    The randomness that the network names must be the SHA-256 of its signature, and the round the one that was frozen.
    Raises RuleViolation where the network does not answer or answers something else.
    """
    draw = Draw.objects.get(pk=draw_id)
    chain, number = draw.beacon["chain"], draw.beacon["round"]
    address = f"{settings.DRAND_URL.rstrip('/')}/{chain}/public/{number}"
    if not address.startswith(("https://", "http://")):
        raise RuleViolation(_("The network could not be asked. Please enter the value by hand."), code="no_answer")
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:  # noqa: S310 - http and https only, see above
            told = json.loads(answer.read(LARGEST_ANSWER))
        signature = str(told["signature"])
        is_right = told["round"] == number and told["randomness"] == randomness(signature)
    except (urllib.error.URLError, OSError, ValueError, KeyError, TypeError) as error:
        raise RuleViolation(
            _("The network could not be asked. Please enter the value by hand."), code="no_answer"
        ) from error
    if not is_right:
        raise RuleViolation(_("The network answered something that cannot be this round."), code="wrong_answer")
    return _take_fetched(draw_id, {"signature": signature}, at)


@transaction.atomic
def _take_fetched(draw_id: int, value: Mapping[str, Any], at: datetime) -> BeaconEntry:
    draw = locked_draw(draw_id)
    _refuse_unless_open(draw, at)
    fetched = draw.entries.filter(official=None).first()
    return fetched or _enter(draw, value, None, at)


def _enter(draw: Draw, value: Mapping[str, Any], actor: User | None, at: datetime) -> BeaconEntry:
    try:
        beacon = read_beacon(draw.beacon)
        beacon.read(value)
        if isinstance(beacon, Drand):
            beacon.prove(value)
    except BeaconError as error:
        raise RuleViolation(beacon_in_words(error.code), code=error.code, status=400) from error
    entry = BeaconEntry.objects.create(draw=draw, official=actor, value=dict(value), entered_at=at)
    _record("councils.beacon_entered", draw, actor, at)
    if agreed_value(draw) is not None:
        _record("councils.beacon_agreed", draw, actor, at)
        order_job(
            kind=PREPARE_KIND,
            title=_("Exchange between the panels: %(title)s") % {"title": draw.recruitment.title},
            parameters={"draw": draw.pk},
            # The system's own: nobody's waiting jobs stand in the way of a draw.
            owner=None,
            at=at,
            subject=f"prepare:{draw.pk}",
        )
    return entry


def _refuse_unless_open(draw: Draw, at: datetime) -> None:
    if draw.status != DrawStatus.FROZEN:
        raise RuleViolation(_("This draw does not wait for its beacon."), code="wrong_state")
    if draw.beacon_at is None or at < draw.beacon_at:
        raise RuleViolation(_("The event has not taken place yet."), code="before_the_beacon")
    if agreed_value(draw) is not None:
        raise RuleViolation(_("The beacon’s value stands: two readings agree."), code="beacon_stands")


def _record(action: str, draw: Draw, actor: User | None, at: datetime) -> None:
    record(actor=actor, action=action, target=draw, scope=draw.recruitment.council.dong.path, at=at)
