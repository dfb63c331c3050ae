"""What is wrong with a pool or its quotas, in sentences for the person who can mend it."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from councils.quotas import Problem

# Cells come from files: a sentence shows their beginning, on one line.
LONGEST = 80


def problem_in_words(problem: Problem) -> str:
    """One sentence or two: the row where there is one, what is wrong, and what to do where that is not plain."""
    facts = {name: _shown(value) for name, value in problem.facts.items()}
    sentence = _SENTENCES[problem.code](facts)
    if problem.row is None:
        return sentence
    return _("Row %(row)s: %(sentence)s") % {"row": problem.row, "sentence": sentence}


def _shown(value: object) -> object:
    if not isinstance(value, str):
        return value
    line = "".join(sign if sign.isprintable() else " " for sign in value)
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


Facts = Mapping[str, object]
_SENTENCES: Mapping[str, Callable[[Facts], str]] = {
    "byte_order_mark": lambda _facts: _(
        "The file begins with a byte order mark (BOM). Please save it as CSV in UTF-8 without a BOM."
    ),
    "not_utf8": lambda _facts: _("The file is not in UTF-8. Please save it as CSV in UTF-8."),
    "not_a_table": lambda _facts: _("This cannot be read as a table. Please save the file as CSV."),
    "empty_file": lambda _facts: _("The file is empty."),
    "missing_column": lambda facts: _("The column “%(column)s” is missing.") % facts,
    "duplicate_column": lambda facts: _("The column “%(column)s” is there twice.") % facts,
    "wrong_width": lambda facts: _("The row has %(cells)s cells; the heading has %(columns)s.") % facts,
    "empty_cell": lambda facts: _("Nothing is entered under “%(column)s”.") % facts,
    "not_a_number": lambda facts: _("“%(text)s” under “%(column)s” is not a whole number.") % facts,
    "no_quotas": lambda _facts: _("The file has no quotas."),
    "no_respondents": lambda _facts: _("Nobody is in the pool."),
    "empty_id": lambda _facts: _("The id is missing."),
    "duplicate_id": lambda facts: _("The id “%(id)s” stands in row %(first)s already.") % facts,
    "repeated_id": lambda facts: _("The id “%(id)s” is in the pool more than once.") % facts,
    "duplicate_quota": lambda facts: (
        _("The quota for %(feature)s “%(value)s” stands in row %(first)s already.") % facts
    ),
    "repeated_quota": lambda facts: _("There is more than one quota for %(feature)s “%(value)s”.") % facts,
    "negative_quota": lambda facts: (
        _("The quota for %(feature)s “%(value)s” is below zero: %(minimum)s to %(maximum)s.") % facts
    ),
    "minimum_above_maximum": lambda facts: (
        _("The quota for %(feature)s “%(value)s” contradicts itself: at least %(minimum)s, at most %(maximum)s.")
        % facts
    ),
    "unknown_feature": lambda facts: _("There are quotas for %(feature)s, but the pool does not have it.") % facts,
    "unknown_value": lambda facts: (
        _("No quota knows the value “%(value)s” for %(feature)s, which the person “%(id)s” has.") % facts
    ),
    "too_few_people": lambda facts: (
        _("At least %(minimum)s with %(feature)s “%(value)s” are needed; the pool has %(people)s.") % facts
    ),
    "minima_above_seats": lambda facts: (
        _("The minimums for %(feature)s add up to %(sum)s, more than the %(seats)s seats.") % facts
    ),
    "maxima_below_seats": lambda facts: (
        _("The maximums for %(feature)s add up to %(sum)s, fewer than the %(seats)s seats.") % facts
    ),
    "feature_too_small": lambda facts: (
        _("Under the quotas for %(feature)s the pool fills at most %(sum)s of the %(seats)s seats.") % facts
    ),
    "no_seats": lambda facts: _("At least one seat is needed; %(seats)s were asked for.") % facts,
    "more_seats_than_people": lambda facts: _("There are %(seats)s seats, but only %(people)s in the pool.") % facts,
    "infeasible": lambda facts: (
        _("The quotas contradict each other: no panel of %(seats)s from this pool keeps all of them.") % facts
    ),
}
