"""The steps of a poll, from the announcement to the published result, each with what follows from it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assemblies.admin.forms import PlacesForm, ReasonForm
from assemblies.models import Poll
from assemblies.queries import turnout_of
from assemblies.services import (
    close_poll,
    count_poll,
    halt_poll,
    open_poll,
    publish_poll,
    raise_objection,
    schedule_poll,
    set_poll_options,
    settle_objection,
    unschedule_poll,
)
from assemblies.states import POLL_TRANSITIONS, PollStatus
from core.templatetags.madang import moment_text, people, votes
from ordinances.quoting import quote
from ordinances.rulesets import Parameter
from residents.desk import Act
from residents.desk.acts import current_user


def _set_ballot(request: HttpRequest, poll: Poll, data: dict[str, Any]) -> str:
    items = data["items"]
    set_poll_options(poll_id=poll.pk, items=items, actor=current_user(request), at=timezone.now())
    text = ngettext("%(count)s item stands on the ballot now.", "%(count)s items stand on the ballot now.", len(items))
    return text % {"count": len(items)}


def _schedule(request: HttpRequest, poll: Poll, data: dict[str, Any]) -> str:
    del data
    schedule_poll(poll_id=poll.pk, actor=current_user(request), at=timezone.now())
    return _("The poll is announced. Voting opens by itself on %(opens)s.") % {"opens": moment_text(poll.opens_at)}


def _unschedule(request: HttpRequest, poll: Poll, data: dict[str, Any]) -> str:
    unschedule_poll(poll_id=poll.pk, reason=data["reason"], actor=current_user(request), at=timezone.now())
    return _("The announcement is taken back. The poll can be changed and has to be announced again.")


def _open(request: HttpRequest, poll: Poll, data: dict[str, Any]) -> str:
    del data
    open_poll(poll_id=poll.pk, actor=current_user(request), at=timezone.now())
    return _("Voting is open until %(closes)s. Turnout is shown below.") % {"closes": moment_text(poll.closes_at)}


def _close(request: HttpRequest, poll: Poll, data: dict[str, Any]) -> str:
    reason = data.get("reason", "")
    close_poll(poll_id=poll.pk, reason=reason, actor=current_user(request), at=timezone.now())
    return _("Voting is closed. Next comes the count.")


def _count(request: HttpRequest, poll: Poll, data: dict[str, Any]) -> str:
    del data
    result = count_poll(poll_id=poll.pk, actor=current_user(request), at=timezone.now())
    values = {"ballots": votes(result.ballots), "invalid": votes(result.invalid)}
    return _("%(ballots)s counted, %(invalid)s of them invalid. Look at the result below, then publish it.") % values


def _publish(request: HttpRequest, poll: Poll, data: dict[str, Any]) -> str:
    del data
    publish_poll(poll_id=poll.pk, actor=current_user(request), at=timezone.now())
    return _("The result is public. When every poll has its result, conclude the assembly.")


def _object(request: HttpRequest, poll: Poll, data: dict[str, Any]) -> str:
    del data
    raise_objection(poll_id=poll.pk, actor=current_user(request), at=timezone.now())
    return _("The result is marked as under objection and stays public. Settle the objection, or halt the poll.")


def _settle(request: HttpRequest, poll: Poll, data: dict[str, Any]) -> str:
    settle_objection(poll_id=poll.pk, reason=data["reason"], actor=current_user(request), at=timezone.now())
    return _("The objection is settled, and the result stands.")


def _halt(request: HttpRequest, poll: Poll, data: dict[str, Any]) -> str:
    halt_poll(poll_id=poll.pk, reason=data["reason"], actor=current_user(request), at=timezone.now())
    return _("The poll is halted, and the reason is public. It can be repeated as a new poll.")


def _ballot_form(_request: HttpRequest, poll: Poll, data: Mapping[str, Any] | None) -> forms.Form:
    places = dict(poll.options.values_list("item_id", "position"))
    return PlacesForm(data, items=list(poll.assembly.agenda.order_by("number")), places=places)


def closes_early(poll: Poll, at: datetime) -> bool:
    """Whether closing now needs a reason: before the announced time, while somebody on the roll has not voted."""
    if at >= poll.closes_at:
        return False
    return poll.assembly.roll.filter(removed_at=None).exclude(participations__poll=poll).exists()


def _close_form(_request: HttpRequest, poll: Poll | None, data: Mapping[str, Any] | None) -> forms.Form:
    """For several polls at once no reason is asked: what would need one is closed on its own page."""
    if poll is None:
        return forms.Form(data)
    early = poll.status == PollStatus.OPEN and closes_early(poll, timezone.now())
    return ReasonForm(data) if early else forms.Form(data)


def _in(*statuses: PollStatus) -> Any:
    return lambda poll: poll.status in statuses


def _can_open(poll: Poll) -> bool:
    return poll.status == PollStatus.SCHEDULED and timezone.now() >= poll.opens_at


ACTS = (
    Act(
        name="ballot",
        label=gettext_lazy("Put the ballot together"),
        permission="assemblies.change_poll",
        run=_set_ballot,
        question=gettext_lazy(
            "Give each item its place on the ballot: 1 stands first. An item without a place does not stand on it."
        ),
        make_form=_ballot_form,
        available=_in(PollStatus.PREPARING),
    ),
    Act(
        name="schedule",
        label=gettext_lazy("Announce the poll"),
        permission="assemblies.schedule_poll",
        run=_schedule,
        question=gettext_lazy("Announce this poll?"),
        available=_in(PollStatus.PREPARING),
    ),
    Act(
        name="open",
        label=gettext_lazy("Open voting"),
        permission="assemblies.open_poll",
        run=_open,
        question=gettext_lazy("Open voting now?"),
        bulk_question=gettext_lazy(
            "Voting opens in the chosen polls whose announced time has come. An open poll cannot go back."
        ),
        bulk=True,
        available=_can_open,
    ),
    Act(
        name="close",
        label=gettext_lazy("Close voting"),
        permission="assemblies.close_poll",
        run=_close,
        question=gettext_lazy("Close voting now?"),
        bulk_question=gettext_lazy(
            "Voting is closed in the chosen polls whose announced time is over; no further ballot is accepted. A poll "
            "that would end early stays open: close it on its own page, with a reason."
        ),
        bulk=True,
        make_form=_close_form,
        available=_in(PollStatus.OPEN),
    ),
    Act(
        name="count",
        label=gettext_lazy("Count the ballots"),
        permission="assemblies.count_poll",
        run=_count,
        question=gettext_lazy("Count the ballots now?"),
        bulk_question=gettext_lazy(
            "The ballots of the chosen polls are counted. Results are not public before each is published by itself."
        ),
        bulk=True,
        available=_in(PollStatus.CLOSED),
    ),
    Act(
        name="publish",
        label=gettext_lazy("Publish the result"),
        permission="assemblies.publish_poll",
        run=_publish,
        question=gettext_lazy("Publish this result?"),
        available=_in(PollStatus.COUNTED),
    ),
    Act(
        name="object",
        label=gettext_lazy("Note an objection"),
        permission="assemblies.object_poll",
        run=_object,
        question=gettext_lazy("Mark the result as under objection?"),
        available=_in(PollStatus.PUBLISHED),
    ),
    Act(
        name="settle",
        label=gettext_lazy("Settle the objection"),
        permission="assemblies.object_poll",
        run=_settle,
        question=gettext_lazy("Does the result stand? Say why."),
        form=ReasonForm,
        available=_in(PollStatus.OBJECTION),
    ),
    Act(
        name="unschedule",
        label=gettext_lazy("Take the announcement back"),
        permission="assemblies.unschedule_poll",
        run=_unschedule,
        question=gettext_lazy("Take the announcement of this poll back?"),
        form=ReasonForm,
        available=_in(PollStatus.SCHEDULED),
    ),
    Act(
        name="halt",
        label=gettext_lazy("Halt the poll"),
        permission="assemblies.halt_poll",
        run=_halt,
        question=gettext_lazy("Halt this poll for good?"),
        form=ReasonForm,
        available=lambda poll: PollStatus.HALTED in POLL_TRANSITIONS[poll.status],
        danger=True,
    ),
)

POSSIBLE_WHEN = {
    "ballot": gettext_lazy("while the poll is in preparation"),
    "schedule": gettext_lazy("while the poll is in preparation"),
    "open": gettext_lazy("once the poll is announced and its time to open has come; it opens by itself then"),
    "close": gettext_lazy("while voting is open"),
    "count": gettext_lazy("once voting is closed"),
    "publish": gettext_lazy("once the ballots are counted"),
    "object": gettext_lazy("once the result is published"),
    "settle": gettext_lazy("while the result is under objection"),
    "unschedule": gettext_lazy("after the announcement, until voting opens"),
    "halt": gettext_lazy("until the result is published, and while it is under objection"),
}


def _closing(poll: Poll, at: datetime) -> list[str]:
    turnout = turnout_of(poll)
    texts = [
        _("So far %(voted)s of %(all)s have voted.")
        % {"voted": people(turnout.participated), "all": people(turnout.eligible)}
    ]
    if not turnout.is_quorate:
        texts.append(_("The quorum of %(required)s is not reached.") % {"required": people(turnout.required)})
        texts.append(quote(poll.assembly.rule_set, Parameter.QUORUM))
    if closes_early(poll, at):
        texts.append(
            _("Voting was announced until %(closes)s. Closing it now is early; the reason you give is published.")
            % {"closes": moment_text(poll.closes_at)}
        )
    texts.append(_("No further ballot is accepted, and voting cannot be opened again."))
    return texts


def consequences(poll: Poll, act: str, at: datetime) -> list[str]:
    """What follows from an act, said before it is taken."""
    if act == "close" and poll.status == PollStatus.OPEN:
        return _closing(poll, at)
    texts = {
        "schedule": [
            _("Everybody reads when voting opens and closes: from %(opens)s to %(closes)s.")
            % {"opens": moment_text(poll.opens_at), "closes": moment_text(poll.closes_at)},
            _("Ballot, way of counting, rule for ties and the items on the ballot are fixed from now on."),
            _("Voting opens and closes by itself. Before it opens, the announcement can be taken back with a reason."),
        ],
        "open": [
            _("Everybody on the voter roll can vote until %(closes)s.") % {"closes": moment_text(poll.closes_at)},
            _("An open poll can only be closed or halted; it cannot go back."),
        ],
        "count": [
            _("Every ballot is counted, and the result is kept. You see it before anybody else does."),
            _("It is not public before you publish it. The count cannot be repeated."),
        ],
        "publish": [
            _("Everybody can read the result, the turnout and the votes of each item from now on."),
            _("A published result cannot be taken back; it can only be put under objection."),
        ],
        "object": [_("The result stays public and says that it is under objection.")],
        "settle": [
            _("The result stands and no longer says that it is under objection. The reason stands in the audit log."),
            _("If the result does not stand, halt the poll instead."),
        ],
        "unschedule": [
            _("Residents no longer see this poll. It can be changed and has to be announced again."),
            _("The reason stands in the audit log."),
        ],
        "halt": [
            _("Nobody can vote in this poll any more, and it has no result. The reason is published."),
            _("This cannot be taken back. The poll can be repeated as a new one."),
        ],
    }
    return texts.get(act, [])


def next_step(poll: Poll, at: datetime) -> str:
    """One sentence: where the poll stands and what comes next."""
    opens, closes = moment_text(poll.opens_at), moment_text(poll.closes_at)
    due_to_close = poll.status == PollStatus.OPEN and at >= poll.closes_at
    if due_to_close:
        return _("The announced time of voting is over, and no ballot is accepted any more. Close voting, then count.")
    return {
        PollStatus.PREPARING: _("The poll is in preparation. When nothing is missing any more, announce it."),
        PollStatus.SCHEDULED: _("The poll is announced. Voting opens by itself on %(opens)s.") % {"opens": opens},
        PollStatus.OPEN: _("Voting is open and closes by itself on %(closes)s.") % {"closes": closes},
        PollStatus.CLOSED: _("Voting is closed. Next comes the count."),
        PollStatus.COUNTING: _("The ballots are being counted."),
        PollStatus.COUNTED: _("The ballots are counted. Only you see the result until you publish it."),
        PollStatus.PUBLISHED: _("The result is public. Nothing waits here any more."),
        PollStatus.OBJECTION: _("The result is under objection. Settle the objection, or halt the poll."),
        PollStatus.HALTED: _("The poll was halted. Reason: %(reason)s") % {"reason": poll.halted_because},
    }[PollStatus(poll.status)]
