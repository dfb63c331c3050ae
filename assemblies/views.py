"""Pages of assemblies: what is decided, the ballot, the receipt, the result."""

import csv
import io
import uuid
from collections.abc import Sequence
from fractions import Fraction
from http import HTTPStatus
from typing import Any
from typing import cast as as_type

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assemblies.forms import BallotInput, marked, read_ballot_input
from assemblies.models import Assembly, Participation, Poll, PollOption, RollEntry
from assemblies.queries import (
    Turnout,
    assembly_with_agenda,
    ballot_form,
    ballots_of_items,
    options_of,
    participation_of,
    results_of,
    roll_entry_of,
    turnout_of,
)
from assemblies.services import cast_ballot
from assemblies.services.voting import AlreadyVotedError, BadBallotError, fault_text
from assemblies.states import RESULT_PUBLIC, PollKind, PollStatus
from assemblies.tally import Fault, InvalidBallotError, read_choices
from assemblies.wording import DecidedItem, decided_items, decision_sentence, why_not_on_roll
from core.errors import RuleViolation, error_page
from core.pages import public_page
from core.templatetags.madang import moment_text, percent
from residents.models import User

LIST_SIZE = 20
SHOWN_WITH_RESULT = ("assembly__dong__parent", "assembly__rule_set", "result")
CSV_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def _visible_poll(request: HttpRequest, pk: int, *related: str) -> Poll:
    """The poll with its assembly and what else the page shows, or 404 for those who may not know of it."""
    poll = Poll.objects.select_related("assembly", *related).filter(pk=pk).first()
    if poll is None or not _may(request, "assemblies.view_poll", poll):
        raise Http404
    return poll


def _may(request: HttpRequest, permission: str, obj: object) -> bool:
    if request.user.is_authenticated:
        return request.user.has_perm(permission, obj)
    from assemblies.permissions import is_public  # noqa: PLC0415 - anonymous visitors have no has_perm of ours

    return bool(is_public.test(request.user, obj))


def _person(request: HttpRequest) -> User:
    return as_type("User", request.user)


# --- Reading ----------------------------------------------------------------------------------------------------------


@require_safe
@public_page
def assembly_list(request: HttpRequest) -> HttpResponse:
    """All public assemblies, the latest first."""
    assemblies = Assembly.objects.public().select_related("dong__parent").order_by("-held_at", "-pk")
    page = Paginator(assemblies, LIST_SIZE).get_page(request.GET.get("page"))
    return render(request, "assemblies/list.html", {"page": page})


@require_safe
@public_page
def assembly_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What is decided, who may vote, how and until when, and the items."""
    assembly = assembly_with_agenda().prefetch_related(ballots_of_items()).filter(pk=pk).first()
    if assembly is None or not _may(request, "assemblies.view_assembly", assembly):
        raise Http404
    entry = roll_entry_of(request.user, assembly.pk)
    voted = {}
    if request.user.is_authenticated:
        taken_part = Participation.objects.filter(poll__assembly=assembly, entry__user=_person(request))
        voted = {part.poll_id: part for part in taken_part}
    polls = [
        {"poll": poll, "participation": voted.get(poll.pk), "takes_ballots": poll.takes_ballots(timezone.now())}
        for poll in assembly.polls.all()
        if _may(request, "assemblies.view_poll", poll)
    ]
    why_not = ""
    if request.user.is_authenticated and entry is None and any(line["takes_ballots"] for line in polls):
        why_not = why_not_on_roll(_person(request), assembly)
    context = {
        "assembly": assembly,
        "polls": polls,
        "why_not": why_not,
        "items": assembly.agenda.all(),
        "rules": assembly.rule_set.for_assemblies(),
    }
    return render(request, "assemblies/assembly.html", context)


@require_safe
@public_page
def result_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Before publication the turnout only; afterwards the decision, votes, shares and ranks."""
    poll = _visible_poll(request, pk, *SHOWN_WITH_RESULT)
    context: dict[str, Any] = {"poll": poll, "assembly": poll.assembly, "turnout": turnout_of(poll)}
    if poll.status in RESULT_PUBLIC:
        decided = decided_items(poll, results_of(poll))
        context |= {"decided": decided, "decision": decision_sentence(poll, decided)}
        return render(request, "assemblies/result.html", context)
    return render(request, "assemblies/turnout.html", context)


@require_safe
@public_page
def result_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The result as a table for Excel: UTF-8 with a mark, one row for each item."""
    poll = _visible_poll(request, pk, *SHOWN_WITH_RESULT)
    if poll.status not in RESULT_PUBLIC:
        raise Http404
    decided = decided_items(poll, results_of(poll))
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerows(_csv_rows(poll, decided, turnout_of(poll)))
    response = HttpResponse("\ufeff" + buffer.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="madang-poll-{poll.pk}.csv"'
    return response


def _percent(share: Fraction) -> str:
    """As on the pages, rounded half up to one decimal, without the sign: a spreadsheet takes it as a number."""
    return percent(share).removesuffix("%")


def _csv_rows(poll: Poll, decided: Sequence[DecidedItem], turnout: Turnout) -> list[list[str | int]]:
    def text(value: str) -> str:
        """A cell that a spreadsheet does not take for a formula."""
        return f"'{value}" if value.startswith(CSV_FORMULA_SIGNS) else value

    head = [_("rank"), _("number"), _("item"), _("proposed by"), _("cost in won"), _("votes"), _("share in %")]
    for_against = poll.kind == PollKind.FOR_AGAINST
    if for_against:
        head += [_("votes against"), _("abstained")]
    head += [_("decision"), _("took part"), _("on the roll")]
    rows: list[list[str | int]] = [list(head)]
    for line in decided:
        item = line.item
        row: list[str | int] = [
            line.rank,
            item.number,
            text(item.title),
            text(item.proposer),
            "" if item.cost is None else item.cost,
            line.votes,
            _percent(line.share),
        ]
        if for_against:
            row += [line.against, line.abstained]
        row += [line.verdict, turnout.participated, turnout.eligible]
        rows.append(row)
    return rows


# --- Voting -----------------------------------------------------------------------------------------------------------


def _stand(request: HttpRequest, poll: Poll) -> HttpResponse | RollEntry:
    """Where the person stands: their entry on the roll if they may vote now, otherwise the page that says why not."""
    links = [{"url": poll.assembly.get_absolute_url(), "name": _("To the assembly")}]
    person = _person(request)
    participation = participation_of(person, poll)
    if participation:
        messages.info(
            request, _("You have already voted here. A vote that was sent cannot be changed; this is its receipt.")
        )
        return HttpResponseRedirect(reverse("assemblies:receipt", args=[poll.pk]), status=HTTPStatus.SEE_OTHER)
    if not poll.takes_ballots(timezone.now()):
        text = _not_open_text(poll)
        return error_page(
            request, status=HTTPStatus.CONFLICT, title=_("You cannot vote now"), text=text, context={"links": links}
        )
    entry = roll_entry_of(person, poll.assembly_id)
    if entry is None:
        reason = why_not_on_roll(person, poll.assembly)
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


def _draw_ballot(  # noqa: PLR0913 - what a ballot shows
    request: HttpRequest,
    poll: Poll,
    *,
    choices: Any = (),
    submission: uuid.UUID | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "poll": poll,
        "assembly": poll.assembly,
        "options": _marked_options(poll, choices),
        "submission": submission or uuid.uuid4(),
        "error": error,
    }
    return render(request, "assemblies/ballot.html", context, status=status)


def _marked_options(poll: Poll, choices: Any) -> list[tuple[PollOption, str]]:
    marks = marked(choices)
    return [(option, marks.get(str(option.pk), "")) for option in options_of(poll)]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ballot_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The ballot. A POST comes back from the check page and draws it as it was filled in."""
    poll = _visible_poll(request, pk)
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
    except InvalidBallotError as fault:
        return _draw_ballot(request, poll, error=fault_text(fault.fault, poll), status=HTTPStatus.BAD_REQUEST)
    return _draw_ballot(request, poll, choices=sent.choices, submission=sent.submission)


def _sent_ballot(request: HttpRequest, poll: Poll) -> BallotInput | HttpResponse:
    """A valid ballot from the form, or the ballot drawn again with what is wrong."""
    try:
        sent = read_ballot_input(poll.kind, request.POST)
    except InvalidBallotError as fault:
        return _draw_ballot(request, poll, error=fault_text(fault.fault, poll), status=HTTPStatus.BAD_REQUEST)
    try:
        read_choices(ballot_form(poll), sent.choices)
    except InvalidBallotError as fault:
        return _draw_ballot(
            request,
            poll,
            choices=sent.choices,
            submission=sent.submission,
            error=fault_text(fault.fault, poll),
            status=HTTPStatus.BAD_REQUEST if fault.fault is not Fault.TOO_MANY else HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    return sent


@never_cache
@require_POST
def check_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows what was chosen, in full, before it is cast."""
    poll = _visible_poll(request, pk)
    if not request.user.is_authenticated:
        return _signed_out(request, poll)
    standing = _stand(request, poll)
    if isinstance(standing, HttpResponse):
        return standing
    sent = _sent_ballot(request, poll)
    if isinstance(sent, HttpResponse):
        return sent
    context = {
        "poll": poll,
        "assembly": poll.assembly,
        "chosen": [(option, mark) for option, mark in _marked_options(poll, sent.choices) if mark],
        "submission": sent.submission,
    }
    return render(request, "assemblies/check.html", context)


@never_cache
@require_POST
def cast(request: HttpRequest, pk: int) -> HttpResponse:
    """Casts the ballot; what follows is a redirect to the receipt, so that a reload sends nothing again."""
    poll = _visible_poll(request, pk)
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
            voter=_person(request),
            choices=sent.choices,
            submission=sent.submission,
            at=timezone.now(),
        )
    except InvalidBallotError as fault:
        return _draw_ballot(request, poll, error=fault_text(fault.fault, poll), status=HTTPStatus.BAD_REQUEST)
    except BadBallotError as bad:
        return _draw_ballot(
            request, poll, choices=sent.choices, submission=sent.submission, error=bad.text, status=bad.status
        )
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
    poll = _visible_poll(request, pk, "assembly__dong__parent")
    participation = participation_of(_person(request), poll)
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
    }
    return render(request, "assemblies/receipt.html", context)
