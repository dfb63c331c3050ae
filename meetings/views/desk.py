"""The desk at the door: find a person, record that they came or left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import RuleViolation
from core.hangul import folded, found_in, initials
from meetings.kinds import DoorStep, meeting_kind
from meetings.models import Attendance, Meeting, Participant, Sitting
from meetings.queries import counts_of, meeting_days, open_span, roll_of, spans_of
from meetings.quorum import check_quorum
from meetings.services import check_in, check_out
from meetings.services.attendance import CORRECTABLE
from meetings.sittings import Day, day_at, nearest
from meetings.states import CHECK_IN_POSSIBLE, CheckInWay
from meetings.views.access import kept_meeting, note_reading, person
from residents.desk.site import doorkeeper

LONGEST_NUMBER = 18  # digits of a row's number


@dataclass(frozen=True, slots=True)
class Row:
    """A person on the list at the door; `letters` and `key` are what the script looks through.

    there: since when they are there. last: the last span of that day, of those who are not. step: what else can be
    done about them here.
    """

    participant: Participant
    there: Attendance | None
    last: Attendance | None
    key: str
    letters: str
    step: DoorStep | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """What the desk is about: the whole meeting, or one of its sittings with the day that it belongs to.

    is_now: whether that day is at hand, so that people come and go. is_chosen: by hand, not by the clock.
    """

    meeting: Meeting
    sittings: list[Sitting]
    sitting: Sitting | None
    day: Day
    is_now: bool
    is_chosen: bool = False

    @property
    def query(self) -> str:
        """What the desk's addresses have behind them."""
        return f"?{urlencode({'sitting': self.sitting.pk})}" if self.sitting and self.is_chosen else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def _place(meeting: Meeting, chosen: str, now: datetime) -> Place:
    """The chosen sitting, or the one that goes on or is nearest. 404 for one of another meeting."""
    sittings, days = list(meeting.sittings.all()), meeting_days(meeting)
    if not sittings:
        return Place(meeting, [], None, days[0], is_now=True)
    at_hand = sittings[nearest([(one.starts_at, one.ends_at) for one in sittings], now)]
    sitting = next((one for one in sittings if one.pk == _number(chosen)), None) if chosen else at_hand
    if sitting is None:
        raise Http404
    day = day_at(days, sitting.starts_at)
    return Place(meeting, sittings, sitting, day, is_now=day.has(now), is_chosen=bool(chosen))


def _row(participant: Participant, day: Day, step: DoorStep | None) -> Row:
    spans = [span for span in spans_of(participant) if day.has(span.arrived_at)]
    text = folded(f"{participant.name}{participant.affiliation}")
    return Row(participant, open_span(participant, day), spans[-1] if spans else None, text, initials(text), step)


def _rows(meeting: Meeting, participants: Iterable[Participant], day: Day) -> list[Row]:
    kind = meeting_kind(meeting.kind)
    steps = kind.door_steps(meeting) if kind else {}
    return [_row(one, day, steps.get(one.pk)) for one in participants]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@doorkeeper
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """The list; a search comes as POST too, because names have no place in addresses."""
    meeting, now = kept_meeting(request, pk), timezone.now()
    wanted = request.POST.get("wanted", "").strip()
    place = _place(meeting, request.POST.get("sitting", "") or request.GET.get("sitting", ""), now)
    if request.method == "POST" and not wanted and "participant" in request.POST:
        return _recorded(request, meeting, place, now)
    rows = _rows(meeting, roll_of(meeting), place.day)
    if wanted:
        token = _token_in(wanted)
        if token:
            return redirect("meetings:pass_link", token=token)
        rows = [row for row in rows if _is_meant(row, wanted)]
    note_reading(request, meeting, len(rows))
    return _drawn(request, place, rows, now, wanted)


def _drawn(request: HttpRequest, place: Place, rows: list[Row], now: datetime, wanted: str = "") -> HttpResponse:
    meeting = place.meeting
    eligible, present, there = counts_of(meeting, now)
    context = {
        "meeting": meeting,
        "rows": rows,
        "wanted": wanted,
        "place": place,
        "quorum": check_quorum(meeting.quorum, eligible=eligible, present=present, article=meeting.quorum_article),
        "there": there,
        "takes_arrivals": meeting.status in CHECK_IN_POSSIBLE and place.is_now,
        "is_over": meeting.status not in CHECK_IN_POSSIBLE,
        # Of a day that is over what the sheet says is entered, not who comes.
        "takes_sheet": meeting.status in CORRECTABLE and not place.is_now and place.day.begins <= now,
    }
    return render(request, "meetings/desk.html", context)


def _is_meant(row: Row, wanted: str) -> bool:
    code = "".join(wanted.split()).replace("-", "").upper()
    return row.participant.code == code or found_in(wanted, row.participant.name, row.participant.affiliation)


def _token_in(text: str) -> str:
    """The personal token in a scanned address of this site; "" if it is something else."""
    if "://" not in text:
        return ""
    try:
        match = resolve(urlsplit(text).path)
    except (Resolver404, ValueError):
        return ""
    return str(match.kwargs["token"]) if match.view_name == "meetings:pass_link" else ""


def _recorded(request: HttpRequest, meeting: Meeting, place: Place, now: datetime) -> HttpResponse:
    """Record what the button says, then back to the same place of the list."""
    chosen = _number(request.POST.get("participant", ""))
    participant = meeting.participants.filter(pk=chosen).first() if chosen is not None else None
    if participant is None:
        raise Http404
    actor = person(request)
    try:
        if request.POST.get("what") == "left":
            check_out(participant_id=participant.pk, actor=actor, at=now)
            text = _("Recorded that %(name)s has left.")
        else:
            _attendance, is_new = check_in(
                participant_id=participant.pk,
                way=CheckInWay.DESK,
                actor=actor,
                at=now,
                sitting_id=place.sitting.pk if place.sitting else None,
            )
            text = _("%(name)s is checked in.") if is_new else _("%(name)s was checked in already.")
    except RuleViolation as violation:
        messages.error(request, violation.text)
    else:
        messages.success(request, text % {"name": participant.name})
    # Whoever chose a sitting stays with it; else the page goes on choosing by the clock.
    address = reverse("meetings:desk", args=[meeting.pk]) + place.query
    return HttpResponseRedirect(f"{address}#p{participant.pk}", status=303)


@never_cache
@require_safe
@doorkeeper
def pass_link(request: HttpRequest, token: str) -> HttpResponse:
    """What a personal QR code leads to when the desk scans it: this one person with the button."""
    participant = Participant.objects.select_related("meeting").filter(token=token).first()
    if participant is None:
        raise Http404
    meeting, now = kept_meeting(request, participant.meeting_id), timezone.now()
    place = _place(meeting, "", now)
    rows = _rows(meeting, roll_of(meeting).filter(pk=participant.pk), place.day)
    note_reading(request, meeting, len(rows))
    return _drawn(request, place, rows, now, participant.name)
