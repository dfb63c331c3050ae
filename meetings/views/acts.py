"""The acts of whoever keeps a meeting: what each asks for, and the service that it calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings import services
from meetings.forms import (
    AttendanceForm,
    CloseForm,
    CorrectionForm,
    ElectionForm,
    GuestsForm,
    ItemForm,
    MeetingForm,
    MinutesForm,
    ParticipantForm,
    ReasonForm,
    ResolutionForm,
    SignersForm,
    SittingForm,
    StatementForm,
)
from meetings.kinds import is_bound
from meetings.models import AgendaItem, Attendance, Meeting, Minutes, Participant, Resolution, Sitting, Statement
from meetings.queries import counts_of
from meetings.services.course import FIELDS
from meetings.services.people import FIELDS as PERSON_FIELDS
from meetings.services.records import majority_of
from meetings.states import BEFORE_OPENING
from residents.models import User


@dataclass(frozen=True, slots=True)
class Doing:
    """What an act is done with: the meeting, the thing of it that it is about, by whom, when."""

    meeting: Meeting
    thing: Any
    actor: User
    at: datetime


Asking = Callable[[Meeting, Any, Mapping[str, Any] | None], "forms.Form | forms.ModelForm[Any]"]


@dataclass(frozen=True, slots=True)
class KeepingAct:
    """One act.

    done: the sentence afterwards. ask: makes the form of what the service needs; none asks back only. about: what kind
    of thing it is about, and how that leads to its meeting. question: what is said before the button.
    """

    title: str | Promise
    run: Callable[[Doing, dict[str, Any]], object]
    done: str | Promise
    ask: Asking | None = None
    about: type[Model] | None = None
    question: str | Promise = ""
    danger: bool = False
    back_to: str = ""

    def form(self, meeting: Meeting, thing: Any, data: Mapping[str, Any] | None) -> "forms.Form | forms.ModelForm[Any]":
        return self.ask(meeting, thing, data) if self.ask else forms.Form(data)


def _plain(form: type[forms.Form]) -> Asking:
    return lambda _meeting, _thing, data: form(data)


def _who(doing: Doing) -> dict[str, Any]:
    return {"actor": doing.actor, "at": doing.at}


def _on_meeting(service: Callable[..., object]) -> Callable[[Doing, dict[str, Any]], object]:
    """An act that hands the form's fields to a service of the meeting as they are."""
    return lambda doing, data: service(meeting_id=doing.meeting.pk, **data, **_who(doing))


# --- the meeting ------------------------------------------------------------------------------------------------------


def _change(doing: Doing, data: dict[str, Any]) -> object:
    values = {name: data[name] for name in FIELDS if name in data}
    return services.change_meeting(meeting_id=doing.meeting.pk, values=values, **_who(doing))


def _ask_meeting(meeting: Meeting, _thing: Any, data: Mapping[str, Any] | None) -> MeetingForm:
    return MeetingForm(data, instance=Meeting.objects.get(pk=meeting.pk))


# --- agenda and sittings ----------------------------------------------------------------------------------------------


def _ask_item(_meeting: Meeting, item: AgendaItem, data: Mapping[str, Any] | None) -> ItemForm:
    return ItemForm(data, initial={"title": item.title, "text": item.text, "proposer": item.proposer})


def _ask_sitting(_meeting: Meeting, sitting: Sitting, data: Mapping[str, Any] | None) -> SittingForm:
    times = {"starts_at": sitting.starts_at, "ends_at": sitting.ends_at}
    return SittingForm(data, initial={"title": sitting.title, **times})


def _on_item(service: Callable[..., object], **fixed: Any) -> Callable[[Doing, dict[str, Any]], object]:
    return lambda doing, data: service(
        meeting_id=doing.meeting.pk, item_id=doing.thing.pk, **fixed, **data, **_who(doing)
    )


# --- people -----------------------------------------------------------------------------------------------------------


def _add_guests(doing: Doing, data: dict[str, Any]) -> object:
    guests = [replace(guest, is_eligible=data.get("is_eligible", False)) for guest in data["lines"]]
    return services.add_participants(meeting_id=doing.meeting.pk, guests=guests, **_who(doing))


def _ask_guests(meeting: Meeting, _thing: Any, data: Mapping[str, Any] | None) -> GuestsForm:
    return GuestsForm(data, may_vote=meeting.status in BEFORE_OPENING and not is_bound(meeting))


def _ask_participant(_meeting: Meeting, participant: Participant, data: Mapping[str, Any] | None) -> ParticipantForm:
    return ParticipantForm(data, instance=Participant.objects.get(pk=participant.pk))


def _change_participant(doing: Doing, data: dict[str, Any]) -> object:
    values = {name: data[name] for name in PERSON_FIELDS if name in data}
    return services.change_participant(participant_id=doing.thing.pk, values=values, **_who(doing))


def _on_participant(service: Callable[..., object]) -> Callable[[Doing, dict[str, Any]], object]:
    return lambda doing, data: service(participant_id=doing.thing.pk, **data, **_who(doing))


def _ask_correction(_meeting: Meeting, attendance: Attendance, data: Mapping[str, Any] | None) -> CorrectionForm:
    return CorrectionForm(data, initial={"arrived_at": attendance.arrived_at, "left_at": attendance.left_at})


# --- record -----------------------------------------------------------------------------------------------------------


def _vote_defaults(meeting: Meeting) -> dict[str, Any]:
    majority = majority_of(meeting)
    _eligible, voting, _there = counts_of(meeting, timezone.now())
    present = voting or meeting.present_at_opening
    return {"present": present, "rule": majority.rule, "permille": majority.permille, "article": majority.article}


def _ask_resolution(meeting: Meeting, item: AgendaItem | None, data: Mapping[str, Any] | None) -> ResolutionForm:
    return ResolutionForm(meeting, item, data, _vote_defaults(meeting))


def _ask_election(meeting: Meeting, item: AgendaItem | None, data: Mapping[str, Any] | None) -> ElectionForm:
    return ElectionForm(meeting, item, data, _vote_defaults(meeting))


def _vote(data: dict[str, Any]) -> dict[str, Any]:
    """What a vote's form says, as the services take it."""
    majority = data.pop("majority")
    rest = {name: value for name, value in data.items() if name not in {"rule", "permille", "article", "item"}}
    return {**rest, "item_id": data["item"], "majority": majority}


def _record_resolution(doing: Doing, data: dict[str, Any]) -> object:
    return services.record_resolution(meeting_id=doing.meeting.pk, **_vote(data), **_who(doing))


def _record_election(doing: Doing, data: dict[str, Any]) -> object:
    return services.record_election(meeting_id=doing.meeting.pk, **_vote(data), **_who(doing))


def _ask_statement(meeting: Meeting, item: AgendaItem | None, data: Mapping[str, Any] | None) -> StatementForm:
    return StatementForm(meeting, item, data)


def _record_statement(doing: Doing, data: dict[str, Any]) -> object:
    return services.record_statement(
        meeting_id=doing.meeting.pk,
        gist=data["gist"],
        speaker=data["speaker"],
        participant_id=data["participant"],
        item_id=data["item"],
        **_who(doing),
    )


# --- minutes ----------------------------------------------------------------------------------------------------------


def _ask_minutes(meeting: Meeting, _thing: Any, data: Mapping[str, Any] | None) -> MinutesForm:
    last = meeting.minutes.order_by("-version").first()
    return MinutesForm(data, initial={"remarks": last.remarks if last else ""})


AGENDA, PEOPLE, MINUTES = "agenda", "people", "minutes"

ACTS: dict[str, KeepingAct] = {
    "change": KeepingAct(_("Change the meeting"), _change, _("The meeting was changed."), _ask_meeting),
    "call": KeepingAct(
        _("Call the meeting"),
        _on_meeting(services.call_meeting),
        _("The meeting is called. Participants see it from now on."),
        question=_("Those on the list see the meeting from then on, and the invitations go out."),
    ),
    "cancel": KeepingAct(
        _("Call off the meeting"),
        _on_meeting(services.cancel_meeting),
        _("The meeting was called off."),
        _plain(ReasonForm),
        question=_("This cannot be taken back. Those who see the meeting read the reason."),
        danger=True,
    ),
    "open": KeepingAct(
        _("Open the meeting"),
        _on_meeting(services.open_meeting),
        _("The meeting is open. How many were there has been noted."),
        question=_("The meeting opens with those who are checked in now. Their number is noted for the minutes."),
    ),
    "adjourn": KeepingAct(
        _("Adjourn the meeting"),
        _on_meeting(services.adjourn_meeting),
        _("The meeting is adjourned."),
        question=_("Nothing can be decided until it is resumed. People may come and go."),
    ),
    "resume": KeepingAct(
        _("Resume the meeting"),
        _on_meeting(services.resume_meeting),
        _("The meeting goes on."),
        question=_("The meeting goes on, and decisions can be recorded again."),
    ),
    "close": KeepingAct(
        _("Close the meeting"),
        _on_meeting(services.close_meeting),
        _("The meeting is closed. Whoever was still there has left at its end."),
        _plain(CloseForm),
        question=_("Whoever is still there leaves at its end. Records can be put right until the minutes stand."),
    ),
    "add-item": KeepingAct(
        pgettext_lazy("a meeting", "Add an agenda item"),
        _on_meeting(services.add_item),
        _("The item was put on the agenda."),
        _plain(ItemForm),
        back_to=AGENDA,
    ),
    "change-item": KeepingAct(
        _("Change the agenda item"),
        _on_item(services.change_item),
        _("The item was changed."),
        _ask_item,
        AgendaItem,
        back_to=AGENDA,
    ),
    "item-up": KeepingAct(
        _("Move the item up"),
        _on_item(services.move_item, up=True),
        _("The agenda was ordered anew."),
        about=AgendaItem,
        back_to=AGENDA,
    ),
    "remove-item": KeepingAct(
        _("Take the item off the agenda"),
        _on_item(services.remove_item),
        _("The item was taken off the agenda."),
        about=AgendaItem,
        question=_("The item and its explanation are deleted."),
        danger=True,
        back_to=AGENDA,
    ),
    "add-sitting": KeepingAct(
        _("Add a sitting"),
        _on_meeting(services.add_sitting),
        _("The sitting was added."),
        _plain(SittingForm),
        question=_("Attendance is then reckoned within the sittings, for example on two days or in lectures."),
        back_to=AGENDA,
    ),
    "change-sitting": KeepingAct(
        _("Change the sitting"),
        lambda doing, data: services.change_sitting(
            meeting_id=doing.meeting.pk, sitting_id=doing.thing.pk, **data, **_who(doing)
        ),
        _("The sitting was changed."),
        _ask_sitting,
        Sitting,
        question=_("Hours of attendance are reckoned from these times, also of those who were there already."),
        back_to=AGENDA,
    ),
    "remove-sitting": KeepingAct(
        _("Remove the sitting"),
        lambda doing, _data: services.remove_sitting(
            meeting_id=doing.meeting.pk, sitting_id=doing.thing.pk, **_who(doing)
        ),
        _("The sitting was removed."),
        about=Sitting,
        danger=True,
        back_to=AGENDA,
    ),
    "add-people": KeepingAct(
        _("Add participants"),
        _add_guests,
        _("They are on the list now."),
        _ask_guests,
        back_to=PEOPLE,
    ),
    "change-person": KeepingAct(
        _("Change the entry on the list"),
        _change_participant,
        _("The entry was changed."),
        _ask_participant,
        Participant,
        back_to=PEOPLE,
    ),
    "remove-person": KeepingAct(
        _("Take off the list"),
        _on_participant(services.remove_participant),
        _("The person was taken off the list."),
        about=Participant,
        question=_("The person no longer stands on the list and no longer sees the meeting."),
        danger=True,
        back_to=PEOPLE,
    ),
    "enter-attendance": KeepingAct(
        _("Enter attendance from the sheet"),
        _on_participant(services.enter_attendance),
        _("The attendance was entered."),
        _plain(AttendanceForm),
        Participant,
        back_to=PEOPLE,
    ),
    "correct-attendance": KeepingAct(
        _("Correct the attendance"),
        lambda doing, data: services.correct_attendance(attendance_id=doing.thing.pk, **data, **_who(doing)),
        _("The attendance was corrected; the first entry stays in the record."),
        _ask_correction,
        Attendance,
        question=_("The first entry is kept with the reason. What was counted at the opening stays."),
        back_to=PEOPLE,
    ),
    "statement": KeepingAct(
        _("Note what was said"),
        _record_statement,
        _("It was noted."),
        _ask_statement,
        AgendaItem,
        back_to=AGENDA,
    ),
    "remove-statement": KeepingAct(
        _("Take out the note"),
        lambda doing, _data: services.remove_statement(statement_id=doing.thing.pk, **_who(doing)),
        _("The note was taken out."),
        about=Statement,
        danger=True,
        back_to=AGENDA,
    ),
    "resolution": KeepingAct(
        _("Record a vote"),
        _record_resolution,
        _("The vote was recorded."),
        _ask_resolution,
        AgendaItem,
        question=_("Everybody present is counted, also those who abstain: a motion needs the majority of them."),
        back_to=AGENDA,
    ),
    "election": KeepingAct(
        _("Record an election"),
        _record_election,
        _("The election was recorded."),
        _ask_election,
        AgendaItem,
        question=_("Everybody may give as many votes as there are seats, one for each candidate."),
        back_to=AGENDA,
    ),
    "withdraw": KeepingAct(
        _("Withdraw the record of a vote"),
        lambda doing, data: services.withdraw_resolution(resolution_id=doing.thing.pk, **data, **_who(doing)),
        _("The record was withdrawn. The right one can be recorded now."),
        _plain(ReasonForm),
        Resolution,
        question=_("The record stays with the reason, and its number is not used again."),
        danger=True,
        back_to=AGENDA,
    ),
    "draft-minutes": KeepingAct(
        _("Draft the minutes"),
        _on_meeting(services.draft_minutes),
        _("The minutes were drafted from the record."),
        _ask_minutes,
        question=_("They are put together from the list, the notes and the votes as they stand now."),
        back_to=MINUTES,
    ),
    "approve-minutes": KeepingAct(
        _("Approve the minutes"),
        lambda doing, data: services.approve_minutes(minutes_id=doing.thing.pk, **data, **_who(doing)),
        _("The minutes are approved."),
        _plain(SignersForm),
        Minutes,
        question=_("Please name those who signed the printed minutes. The record can no longer be changed then."),
        back_to=MINUTES,
    ),
}
# These may be about an item of the agenda, or about none.
ITEM_OPTIONAL = frozenset({"statement", "resolution", "election"})


def thing_of(act_name: str, meeting: Meeting, pk: int | None) -> Any:
    """The thing of this meeting that an act is about; None where it is about none. Raises LookupError otherwise."""
    about = ACTS[act_name].about
    if about is None or (pk is None and act_name in ITEM_OPTIONAL):
        if pk is not None:
            raise LookupError(act_name)
        return None
    lookup = {"participant__meeting": meeting} if about is Attendance else {"meeting": meeting}
    thing = about._default_manager.filter(pk=pk, **lookup).first()
    if thing is None:
        raise LookupError(act_name)
    return thing
