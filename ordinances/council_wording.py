"""What a rule set says of councils, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ordinances.checks import CheckedRule, Part
from ordinances.council_rules import CouncilAgeReference, SelectionBody, SelectionMethod
from ordinances.phrases import (
    bases_in_words,
    days,
    full_years_or_more,
    hours,
    minutes_as_hours,
    people,
    percent,
    times,
    years,
)
from ordinances.rulesets import Parameter
from ordinances.values import Bound, CouncilQuorum, CouncilQuorumKind, Share

BASES_EXPECTED = gettext_lazy(
    'A list of one or more of: "registered", "working", "studying", "organisation", "registered_foreigner", '
    '"permanent_resident", "overseas_korean".'
)
SMALLEST_SHARE_EXPECTED = gettext_lazy('For example {"permille": 500, "bound": "at_least"} for at least half.')
LARGEST_SHARE_EXPECTED = gettext_lazy(
    'For example {"permille": 600, "bound": "at_most"} for at most 60 %, or {"permille": 500, "bound": "below"} for '
    "less than half."
)
FLAG_EXPECTED = gettext_lazy("Either true or false.")
SEATS_EXPECTED = gettext_lazy("A whole number of persons from 1 to 1,000, for example 30.")

METHODS = {
    SelectionMethod.LEXIMIN: gettext_lazy("fair quota lottery"),
    SelectionMethod.BALLS: gettext_lazy(
        "balls drawn one after another, passing to the other sex when its share is full"
    ),
    SelectionMethod.LOTTERY_INTERVIEW: gettext_lazy("lottery followed by an interview"),
    SelectionMethod.RECOMMENDATION_SHARES: gettext_lazy("lottery with shares by recommendation"),
    SelectionMethod.WITHIN_GROUPS: gettext_lazy("lottery within groups by sex, age and area"),
    SelectionMethod.DELIBERATION: gettext_lazy("deliberation of a committee, without a lottery"),
}
BODIES = {
    SelectionBody.DISTRICT_SELECTION_COMMITTEE: gettext_lazy("selection committee of the district"),
    SelectionBody.DONG_RECOMMENDATION_COMMITTEE: gettext_lazy("recommendation committee of the dong"),
    SelectionBody.DONG_SELECTION_COMMITTEE: gettext_lazy("selection committee of the dong"),
    SelectionBody.DISTRICT_HEAD: gettext_lazy("head of the district"),
}
COUNCIL_PARAMETER_NAMES = {
    Parameter.YEARLY_ASSEMBLY: gettext_lazy("yearly residents’ assembly"),
    Parameter.SEATS_MIN: gettext_lazy("fewest seats"),
    Parameter.SEATS_MAX: gettext_lazy("most seats"),
    Parameter.OPEN_CALL_SHARE_MIN: gettext_lazy("share of the open call"),
    Parameter.RECOMMENDED_SHARE_MAX: gettext_lazy("share of the recommended"),
    Parameter.SEX_SHARE_MAX: gettext_lazy("share of one sex"),
    Parameter.YOUNG_SHARE_MIN: gettext_lazy("share of younger people"),
    Parameter.YOUNG_AGE_MAX: gettext_lazy("who counts as younger"),
    Parameter.RECRUITMENT_DAYS_MIN: gettext_lazy("days of recruitment"),
    Parameter.COUNCIL_AGE_MIN: gettext_lazy("lowest age of members"),
    Parameter.COUNCIL_AGE_REFERENCE: gettext_lazy("day on which the age of members is counted"),
    Parameter.COUNCIL_BASES: gettext_lazy("who may be a member"),
    Parameter.EDUCATION_HOURS_MIN: gettext_lazy("hours of the residents’ school"),
    Parameter.SELECTION_METHOD: gettext_lazy("way of selection"),
    Parameter.SELECTION_BODY: gettext_lazy("who is in charge of the selection"),
    Parameter.ONE_PER_HOUSEHOLD: gettext_lazy("people of one household"),
    Parameter.DRAW_NOTICE_HOURS: gettext_lazy("notice of the draw"),
    Parameter.PUBLICATION_GROUP_SIZE: gettext_lazy("group size for publication"),
    Parameter.NAMES_PUBLISHED: gettext_lazy("names of the members"),
    Parameter.TERM_MONTHS: gettext_lazy("term of office"),
    Parameter.REAPPOINTMENTS_MAX: gettext_lazy("re-appointment"),
    Parameter.COUNCIL_QUORUM: gettext_lazy("quorum of the council"),
}
COUNCIL_EXPECTED_VALUES = {
    Parameter.YEARLY_ASSEMBLY: FLAG_EXPECTED,
    Parameter.SEATS_MIN: SEATS_EXPECTED,
    Parameter.SEATS_MAX: SEATS_EXPECTED,
    Parameter.OPEN_CALL_SHARE_MIN: SMALLEST_SHARE_EXPECTED,
    Parameter.RECOMMENDED_SHARE_MAX: LARGEST_SHARE_EXPECTED,
    Parameter.SEX_SHARE_MAX: LARGEST_SHARE_EXPECTED,
    Parameter.YOUNG_SHARE_MIN: SMALLEST_SHARE_EXPECTED,
    Parameter.YOUNG_AGE_MAX: gettext_lazy("A whole number of years from 0 to 99, for example 49."),
    Parameter.RECRUITMENT_DAYS_MIN: gettext_lazy("A whole number of days from 0 to 365, for example 14."),
    Parameter.COUNCIL_AGE_MIN: gettext_lazy("A whole number of years from 0 to 30, for example 16."),
    Parameter.COUNCIL_AGE_REFERENCE: gettext_lazy(
        'One of "notice" (the day of the announcement), "closing" (the last day of applications) and "appointment" '
        "(the day of the appointment)."
    ),
    Parameter.COUNCIL_BASES: BASES_EXPECTED,
    Parameter.EDUCATION_HOURS_MIN: gettext_lazy("A whole number of hours from 0 to 200, for example 6."),
    Parameter.SELECTION_METHOD: gettext_lazy(
        'One of "leximin", "balls", "lottery_interview", "recommendation_shares", "within_groups" and "deliberation".'
    ),
    Parameter.SELECTION_BODY: gettext_lazy(
        'One of "district_selection_committee", "dong_recommendation_committee", "dong_selection_committee" and '
        '"district_head".'
    ),
    Parameter.ONE_PER_HOUSEHOLD: FLAG_EXPECTED,
    Parameter.DRAW_NOTICE_HOURS: gettext_lazy("A whole number of hours from 1 to 720, for example 24."),
    Parameter.PUBLICATION_GROUP_SIZE: gettext_lazy("A whole number of persons from 1 to 1,000, for example 5."),
    Parameter.NAMES_PUBLISHED: FLAG_EXPECTED,
    Parameter.TERM_MONTHS: gettext_lazy("A whole number of months from 1 to 120, for example 24."),
    Parameter.REAPPOINTMENTS_MAX: gettext_lazy("A whole number from 0 to 20; 0 for no re-appointment."),
    Parameter.COUNCIL_QUORUM: gettext_lazy(
        'For example {"kind": "majority", "amount": 0} for more than half of the members, {"kind": "share_of_members", '
        '"amount": 300} for 30 %, {"kind": "number", "amount": 10} for 10 people, or {"kind": "none", "amount": 0}.'
    ),
}
COUNCIL_CHECK_NAMES = {
    CheckedRule.SEATS_MIN: gettext_lazy("fewest seats"),
    CheckedRule.SEATS_MAX: gettext_lazy("most seats"),
    CheckedRule.RECRUITMENT_DAYS: gettext_lazy("days of recruitment"),
    CheckedRule.COUNCIL_AGE: gettext_lazy("lowest age of members"),
    CheckedRule.COUNCIL_BASIS: gettext_lazy("who may be a member"),
    CheckedRule.EDUCATION: gettext_lazy("hours of the residents’ school"),
    CheckedRule.OPEN_SHARE: gettext_lazy("share of the open call"),
    CheckedRule.RECOMMENDED_SHARE: gettext_lazy("share of the recommended"),
    CheckedRule.SEX_SHARE: gettext_lazy("share of one sex"),
    CheckedRule.YOUNG_SHARE: gettext_lazy("share of younger people"),
    CheckedRule.DRAW_NOTICE: gettext_lazy("notice of the draw"),
    CheckedRule.PUBLICATION_GROUP: gettext_lazy("group size for publication"),
    CheckedRule.TERM: gettext_lazy("term of office"),
    CheckedRule.REAPPOINTMENTS: gettext_lazy("re-appointment"),
    CheckedRule.COUNCIL_QUORUM: gettext_lazy("quorum of the council"),
}


def share_in_words(share: Share) -> str:
    """The share with its bound: at least 50 %, less than 50 %."""
    words = {
        Bound.AT_LEAST: _("at least %(share)s"),
        Bound.AT_MOST: _("at most %(share)s"),
        Bound.BELOW: _("less than %(share)s"),
    }
    return words[share.bound] % {"share": percent(share.permille)}


def required_share_in_words(share: Share, whole: int) -> str:
    """The share, and how many of `whole` seats that makes: at least 50 % (15 of 30 seats)."""
    of_all = {"share": share_in_words(share), "part": f"{share.limit(whole):,}", "whole": f"{whole:,}"}
    if share.bound is Bound.AT_LEAST:
        return _("%(share)s (%(part)s of %(whole)s seats or more)") % of_all
    return _("%(share)s (%(part)s of %(whole)s seats or fewer)") % of_all


def part_in_words(part: Part) -> str:
    """15 of 30 seats."""
    return _("%(part)s of %(whole)s seats") % {"part": f"{part.part:,}", "whole": f"{part.whole:,}"}


def council_age_reference_in_words(reference: CouncilAgeReference) -> str:
    return {
        CouncilAgeReference.NOTICE: _("the day of the announcement"),
        CouncilAgeReference.CLOSING: _("the last day of applications"),
        CouncilAgeReference.APPOINTMENT: _("the day of the appointment"),
    }[reference]


def reappointments_in_words(times: int) -> str:
    if times == 0:
        return _("no re-appointment")
    return ngettext("once more at most", "%(count)s times more at most", times) % {"count": times}


def _of_seats(share: Share) -> str:
    return _("%(share)s of the seats") % {"share": share_in_words(share)}


def _months(months: int) -> str:
    years, rest = divmod(months, 12)
    if rest:
        return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
    return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}


def _council_quorum(quorum: CouncilQuorum) -> str:
    if quorum.kind is CouncilQuorumKind.NONE:
        return _("no quorum")
    if quorum.kind is CouncilQuorumKind.MAJORITY:
        return _("more than half of the members in office")
    if quorum.kind is CouncilQuorumKind.NUMBER:
        return _("%(people)s or more") % {"people": people(quorum.amount)}
    return _("%(share)s of the members in office or more") % {"share": percent(quorum.amount)}


COUNCIL_WORDS: Mapping[Parameter, Callable[[Any], str]] = {
    Parameter.YEARLY_ASSEMBLY: lambda yes: _("held every year") if yes else _("not required"),
    Parameter.SEATS_MIN: lambda seats: _("at least %(people)s") % {"people": people(seats)},
    Parameter.SEATS_MAX: lambda seats: _("at most %(people)s") % {"people": people(seats)},
    Parameter.OPEN_CALL_SHARE_MIN: _of_seats,
    Parameter.RECOMMENDED_SHARE_MAX: _of_seats,
    Parameter.SEX_SHARE_MAX: _of_seats,
    Parameter.YOUNG_SHARE_MIN: _of_seats,
    Parameter.YOUNG_AGE_MAX: lambda age: (
        ngettext("up to %(count)s full year old", "up to %(count)s full years old", age) % {"count": age}
    ),
    Parameter.RECRUITMENT_DAYS_MIN: lambda count: _("at least %(days)s") % {"days": days(count)},
    Parameter.COUNCIL_AGE_MIN: full_years_or_more,
    Parameter.COUNCIL_AGE_REFERENCE: council_age_reference_in_words,
    Parameter.COUNCIL_BASES: bases_in_words,
    Parameter.EDUCATION_HOURS_MIN: lambda count: _("at least %(hours)s") % {"hours": hours(count)},
    Parameter.SELECTION_METHOD: lambda method: str(METHODS[method]),
    Parameter.SELECTION_BODY: lambda body: str(BODIES[body]),
    Parameter.ONE_PER_HOUSEHOLD: lambda one: (
        _("at most one person of a household") if one else _("several people of a household are possible")
    ),
    Parameter.DRAW_NOTICE_HOURS: lambda count: _("at least %(hours)s before") % {"hours": hours(count)},
    Parameter.PUBLICATION_GROUP_SIZE: lambda size: (
        _("attributes are published where at least %(people)s share them") % {"people": people(size)}
    ),
    Parameter.NAMES_PUBLISHED: lambda yes: (
        _("names of those appointed are published") if yes else _("names are not published")
    ),
    Parameter.TERM_MONTHS: _months,
    Parameter.REAPPOINTMENTS_MAX: reappointments_in_words,
    Parameter.COUNCIL_QUORUM: _council_quorum,
}

COUNCIL_ACTUAL_WORDS: Mapping[CheckedRule, Callable[[int], str]] = {
    CheckedRule.SEATS_MIN: people,
    CheckedRule.SEATS_MAX: people,
    CheckedRule.RECRUITMENT_DAYS: days,
    CheckedRule.COUNCIL_AGE: years,
    CheckedRule.EDUCATION: minutes_as_hours,
    CheckedRule.DRAW_NOTICE: minutes_as_hours,
    CheckedRule.PUBLICATION_GROUP: people,
    CheckedRule.TERM: _months,
    CheckedRule.REAPPOINTMENTS: times,
    CheckedRule.COUNCIL_QUORUM: people,
}
COUNCIL_REQUIRED_WORDS: Mapping[CheckedRule, Callable[[int], str]] = {
    CheckedRule.SEATS_MIN: COUNCIL_WORDS[Parameter.SEATS_MIN],
    CheckedRule.SEATS_MAX: COUNCIL_WORDS[Parameter.SEATS_MAX],
    CheckedRule.RECRUITMENT_DAYS: COUNCIL_WORDS[Parameter.RECRUITMENT_DAYS_MIN],
    CheckedRule.COUNCIL_AGE: full_years_or_more,
    CheckedRule.REAPPOINTMENTS: reappointments_in_words,
}
