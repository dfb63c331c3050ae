"""The way of a ballot: filled in, checked, cast, and the receipt. None of these pages is ever stored."""

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assemblies.forms import BallotInput, marked, read_ballot_input
from assemblies.guidance import BALLOT_STEPS_LABEL, BallotStep, after_the_vote, ballot_steps
from assemblies.models import Poll, PollOption, RollEntry
from assemblies.queries import ballot_form, options_of, participation_of, roll_entry_of
from assemblies.services import cast_ballot
from assemblies.services.voting import AlreadyVotedError, BadBallotError, fault_text
from assemblies.states import PollStatus
from assemblies.tally import Fault, InvalidBallotError, read_choices
from assemblies.views.access import person, visible_poll
from assemblies.wording import why_not_on_roll
from core.errors import RuleViolation, error_page
from core.templatetags.madang import moment_text


def _stand(request: HttpRequest, poll: Poll) -> HttpResponse | RollEntry:
    """Where the person stands: their entry on the roll if they may vote now, otherwise the page that says why not."""
    links = [{"url": poll.assembly.get_absolute_url(), "name": _("To the assembly")}]
    voter = person(request)
    if participation_of(voter, poll):
        messages.info(
            request, _("You have already voted here. A vote that was sent cannot be changed; this is its receipt.")
        )
        return HttpResponseRedirect(reverse("assemblies:receipt", args=[poll.pk]), status=HTTPStatus.SEE_OTHER)
    if not poll.takes_ballots(timezone.now()):
        text = _not_open_text(poll)
        return error_page(
            request, status=HTTPStatus.CONFLICT, title=_("You cannot vote now"), text=text, context={"links": links}
        )
    entry = roll_entry_of(voter, poll.assembly_id)
    if entry is None:
        reason = why_not_on_roll(voter, poll.assembly)
        links.append({"url": reverse("residents:residence"), "name": _("Where I live and whether it was checked")})
        return error_page(
            request,
            status=HTTPStatus.FORBIDDEN,
            title=_("You are not on the voter roll"),
            text=reason,
            context={"links": links},
        )
    return entry


def _not_open_text(poll: Poll) -> str:
    if poll.status == PollStatus.HALTED:
        return _("This poll was halted. Reason: %(reason)s") % {"reason": poll.halted_because}
    if poll.status == PollStatus.SCHEDULED or timezone.now() < poll.opens_at:
        return _("Voting has not opened yet. It opens on %(time)s.") % {"time": moment_text(poll.opens_at)}
    return _("The ballot box was closed on %(time)s. Votes sent before then were accepted.") % {
        "time": moment_text(poll.closed_at or poll.closes_at)
    }


def _signed_out(request: HttpRequest, poll: Poll) -> HttpResponse:
    """The answer to a ballot that arrives without a session: nothing recorded, here is the way back."""
    login = f"{reverse('account_login')}?next={reverse('assemblies:ballot', args=[poll.pk])}"
    return error_page(
        request,
        status=HTTPStatus.FORBIDDEN,
        title=_("You are signed out"),
        text=_(
            "You were signed out before the ballot arrived, so your vote has not been recorded. "
            "Please sign in and fill in the ballot again."
        ),
        context={"links": [{"url": login, "name": _("Sign in and vote")}]},
    )


def _draw_ballot(
    request: HttpRequest,
    poll: Poll,
    *,
    choices: Any = (),
    submission: uuid.UUID | None = None,
    fault: Fault | None = None,
) -> HttpResponse:
    """The ballot as it was filled in; `fault` says what is wrong with it, and marks what has no answer yet."""
    status = HTTPStatus.OK
    if fault:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if fault is Fault.TOO_MANY else HTTPStatus.BAD_REQUEST
    context = {
        "poll": poll,
        "assembly": poll.assembly,
        "options": _marked_options(poll, choices),
        "submission": submission or uuid.uuid4(),
        "error": fault_text(fault, poll) if fault else "",
        "unanswered": fault is Fault.NO_ANSWER,
        "steps": ballot_steps(BallotStep.CHOOSE),
        "steps_label": BALLOT_STEPS_LABEL,
    }
    return render(request, "assemblies/ballot.html", context, status=status)


def _marked_options(poll: Poll, choices: Any) -> list[tuple[PollOption, str]]:
    marks = marked(choices)
    return [(option, marks.get(str(option.pk), "")) for option in options_of(poll)]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ballot_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The ballot. A POST comes back from the check page and draws it as it was filled in."""
    poll = visible_poll(request, pk)
    if not request.user.is_authenticated:
        if request.method == "POST":
            return _signed_out(request, poll)
        return login_required(lambda _request: HttpResponse())(request)
    standing = _stand(request, poll)
    if isinstance(standing, HttpResponse):
        return standing
    if request.method != "POST":
        return _draw_ballot(request, poll)
    try:
        sent = read_ballot_input(poll.kind, request.POST)
    except InvalidBallotError as wrong:
        return _draw_ballot(request, poll, fault=wrong.fault)
    return _draw_ballot(request, poll, choices=sent.choices, submission=sent.submission)


def _sent_ballot(request: HttpRequest, poll: Poll) -> BallotInput | HttpResponse:
    """A valid ballot from the form, or the ballot drawn again with what is wrong."""
    try:
        sent = read_ballot_input(poll.kind, request.POST)
    except InvalidBallotError as wrong:
        return _draw_ballot(request, poll, fault=wrong.fault)
    try:
        read_choices(ballot_form(poll), sent.choices)
    except InvalidBallotError as wrong:
        return _draw_ballot(request, poll, choices=sent.choices, submission=sent.submission, fault=wrong.fault)
    return sent


@never_cache
@require_POST
def check_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows what was chosen, in full, before it is cast."""
    poll = visible_poll(request, pk)
    if not request.user.is_authenticated:
        return _signed_out(request, poll)
    standing = _stand(request, poll)
    if isinstance(standing, HttpResponse):
        return standing
    sent = _sent_ballot(request, poll)
    if isinstance(sent, HttpResponse):
        return sent
    chosen = [(option, mark) for option, mark in _marked_options(poll, sent.choices) if mark]
    context = {
        "poll": poll,
        "assembly": poll.assembly,
        "chosen": chosen,
        "unused": (poll.max_choices or 0) - len(chosen),
        "submission": sent.submission,
        "steps": ballot_steps(BallotStep.CHECK),
        "steps_label": BALLOT_STEPS_LABEL,
    }
    return render(request, "assemblies/check.html", context)


@never_cache
@require_POST
def cast(request: HttpRequest, pk: int) -> HttpResponse:
    """Casts the ballot; what follows is a redirect to the receipt, so that a reload sends nothing again."""
    poll = visible_poll(request, pk)
    if not request.user.is_authenticated:
        return _signed_out(request, poll)
    receipt = reverse("assemblies:receipt", args=[poll.pk])
    links = [
        {"url": receipt, "name": _("To the receipt of your vote")},
        {"url": poll.assembly.get_absolute_url(), "name": _("To the assembly")},
    ]
    try:
        sent = read_ballot_input(poll.kind, request.POST)
        cast_ballot(
            poll_id=poll.pk,
            voter=person(request),
            choices=sent.choices,
            submission=sent.submission,
            at=timezone.now(),
        )
    except InvalidBallotError as wrong:
        return _draw_ballot(request, poll, fault=wrong.fault)
    except BadBallotError as bad:
        return _draw_ballot(request, poll, choices=sent.choices, submission=sent.submission, fault=bad.fault)
    except AlreadyVotedError as again:
        return error_page(
            request, status=again.status, title=_("You have already voted"), text=again.text, context={"links": links}
        )
    except RuleViolation as refusal:
        return error_page(
            request,
            status=refusal.status,
            title=_("You cannot vote now"),
            text=refusal.text,
            context={"links": links[1:]},
        )
    return HttpResponseRedirect(receipt, status=HTTPStatus.SEE_OTHER)


@never_cache
@require_safe
@login_required
def receipt_page(request: HttpRequest, pk: int) -> HttpResponse:
    """That the person took part, when and where, and what happens next. Never what they chose."""
    poll = visible_poll(request, pk, "assembly__dong__parent")
    participation = participation_of(person(request), poll)
    if participation is None:
        return error_page(
            request,
            status=HTTPStatus.NOT_FOUND,
            title=_("There is no receipt"),
            text=_("You have not taken part in this poll, so there is no receipt."),
            context={"links": [{"url": poll.assembly.get_absolute_url(), "name": _("To the assembly")}]},
        )
    others = (
        Poll.objects.filter(assembly=poll.assembly, status=PollStatus.OPEN)
        .exclude(participations__entry=participation.entry)
        .order_by("opens_at", "pk")
    )
    context = {
        "poll": poll,
        "assembly": poll.assembly,
        "participation": participation,
        "others": [other for other in others if other.takes_ballots(timezone.now())],
        "steps": ballot_steps(BallotStep.DONE),
        "steps_label": BALLOT_STEPS_LABEL,
        "stations": after_the_vote(participation, poll, timezone.now()),
    }
    return render(request, "assemblies/receipt.html", context)
