"""Decisions and refusals in sentences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.models import AgendaItem, Assembly, OptionResult, Poll
from assemblies.services.rolls import age_day
from assemblies.states import AssemblyStatus, PollKind
from residents.models import User
from residents.persons import full_years
from residents.states import ResidenceStatus


@dataclass(frozen=True, slots=True)
class DecidedItem:
    """One line of a result. `share` is votes ÷ valid ballots (choose) or ÷ votes for and against (for or against).

    `stands`: adopted or carried by a vote that reached its quorum. `open`: tied where the line is drawn, so that such a
    vote alone does not settle it.
    """

    item: AgendaItem
    rank: int
    tied: bool
    votes: int
    against: int
    abstained: int
    share: Fraction
    adopted: bool | None
    verdict: str
    stands: bool
    open: bool


def decided_items(poll: Poll, results: Iterable[OptionResult]) -> list[DecidedItem]:
    """The lines of a counted poll by rank; needs `poll.result`."""
    result = poll.result
    valid = result.ballots - result.invalid
    lines = []
    for row in results:
        base = row.votes + row.against if poll.kind == PollKind.FOR_AGAINST else valid
        lines.append(
            DecidedItem(
                item=row.option.item,
                rank=row.rank,
                tied=row.tied,
                votes=row.votes,
                against=row.against,
                abstained=row.abstained,
                share=Fraction(row.votes, base) if base else Fraction(0),
                adopted=row.adopted,
                verdict=_verdict(poll, row),
                stands=result.is_quorate and bool(row.adopted),
                open=result.is_quorate and row.adopted is None and poll.adopted_count is not None,
            )
        )
    return lines


def _verdict(poll: Poll, row: OptionResult) -> str:
    if not poll.result.is_quorate:
        return _("no decision: the quorum was not reached")
    if poll.kind == PollKind.FOR_AGAINST:
        return _("carried") if row.adopted else _("rejected")
    if poll.adopted_count is None:
        return _("ranked")
    if row.adopted is None:
        return _("tied at the limit: the assembly decides")
    return _("adopted") if row.adopted else _("not adopted")


def decision_sentence(poll: Poll, lines: Sequence[DecidedItem]) -> str:
    """The decision in one sentence."""
    result = poll.result
    if not result.is_quorate:
        return _("No decision was made: %(actual)s people took part, and the quorum is %(required)s.") % {
            "actual": f"{result.participated:,}",
            "required": f"{result.quorum_required:,}",
        }
    if poll.kind == PollKind.FOR_AGAINST:
        return _for_against_sentence(lines)
    return _choice_sentence(poll, lines)


def _for_against_sentence(lines: Sequence[DecidedItem]) -> str:
    if len(lines) == 1:
        line = lines[0]
        values = {"item": line.item.title, "votes": f"{line.votes:,}", "against": f"{line.against:,}"}
        if line.adopted:
            return _("“%(item)s” was carried with %(votes)s votes for and %(against)s against.") % values
        return _("“%(item)s” was rejected with %(votes)s votes for and %(against)s against.") % values
    carried = sum(1 for line in lines if line.adopted)
    return _("%(carried)d of %(all)d items were carried.") % {"carried": carried, "all": len(lines)}


def _choice_sentence(poll: Poll, lines: Sequence[DecidedItem]) -> str:
    adopted = [line for line in lines if line.adopted]
    if adopted:
        names = ", ".join(f"“{line.item.title}”" for line in adopted)
        sentence = ngettext(
            "This item was adopted: %(names)s.", "These %(count)d items were adopted: %(names)s.", len(adopted)
        ) % {"count": len(adopted), "names": names}
        return f"{sentence} {_tie_sentence(lines)}".strip()
    first = [line for line in lines if line.rank == 1]
    if not first or not first[0].votes:
        return _("No item got a vote.")
    names = ", ".join(f"“{line.item.title}”" for line in first)
    if poll.adopted_count is not None:
        return _("The vote ended in a tie, and the assembly decides: %(names)s.") % {"names": names}
    return _("Most votes went to %(names)s, with %(votes)s votes.") % {"names": names, "votes": f"{first[0].votes:,}"}


def _tie_sentence(lines: Sequence[DecidedItem]) -> str:
    tied = [line for line in lines if line.adopted is None]
    if not tied:
        return ""
    names = ", ".join(f"“{line.item.title}”" for line in tied)
    return _("These items are tied, and the assembly decides: %(names)s.") % {"names": names}


def state_in_words(assembly: Assembly, at: datetime) -> str:
    """How far an assembly is, for readers: "announced" alone does not say whether its day has passed at `at`."""
    if assembly.status != AssemblyStatus.ANNOUNCED:
        return assembly.get_status_display()
    return _("to come") if assembly.held_at > at else _("result to come")


def why_not_on_roll(user: User, assembly: Assembly) -> str:
    """Why somebody cannot vote in an assembly, and what they can do."""
    residence = user.residences.filter(status=ResidenceStatus.VERIFIED).select_related("dong__parent").first()
    if residence is None:
        waiting = user.residences.filter(status=ResidenceStatus.DECLARED).exists()
        if waiting:
            return _(
                "Your residence has not been checked yet. Please show a document at your dong’s office; "
                "after that you can vote."
            )
        return _("You have not said yet where you live. Please enter it and have it checked at your dong’s office.")
    if residence.dong_id != assembly.dong_id:
        return _("This assembly is for residents of %(dong)s. You are verified as a resident of %(own)s.") % {
            "dong": str(assembly.dong),
            "own": str(residence.dong),
        }
    rules = assembly.rule_set.for_assemblies()
    if residence.basis not in rules.resident_bases.value:
        return _("On the basis of your residence the rules give no vote. Source: %(source)s") % {
            "source": rules.resident_bases.source
        }
    profile = getattr(user, "profile", None)
    if profile and full_years(profile.birth_date, age_day(assembly, rules, timezone.now())) < rules.voting_age.value:
        return _("The rules give a vote from the age of %(age)d. Source: %(source)s") % {
            "age": rules.voting_age.value,
            "source": rules.voting_age.source,
        }
    return _("You are verified but missing on the roll. Please call your dong’s office; they can add you.")
