"""What a rule set can say about residents' councils. Pure: no Django, no clock.

Every parameter may be missing, because ordinances differ in what they lay down; each that is there carries its source.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ordinances.values import (
    Bound,
    Cited,
    CouncilQuorum,
    Share,
    read_bases,
    read_council_quorum,
    read_flag,
    read_share,
    read_whole,
)

MOST_SEATS = 1000
HIGHEST_COUNCIL_AGE = 30
HIGHEST_YOUNG_AGE = 99
MOST_HOURS = 200
MOST_RECRUITMENT_DAYS = 365
MOST_MONTHS = 120
MOST_REAPPOINTMENTS = 20
MOST_NOTICE_HOURS = 720
LARGEST_GROUP = 1000


class CouncilAgeReference(StrEnum):
    """The day on which full years are counted for a council."""

    NOTICE = "notice"  # the day on which the recruitment is announced
    CLOSING = "closing"  # the last day of applications
    APPOINTMENT = "appointment"  # the day on which the council is appointed


class SelectionMethod(StrEnum):
    """How members are chosen. Source: C14 names the customary ways beside the fair lottery."""

    LEXIMIN = "leximin"
    BALLS = "balls"
    LOTTERY_INTERVIEW = "lottery_interview"
    RECOMMENDATION_SHARES = "recommendation_shares"
    WITHIN_GROUPS = "within_groups"
    DELIBERATION = "deliberation"


class SelectionBody(StrEnum):
    """Who is in charge of the choice."""

    DISTRICT_SELECTION_COMMITTEE = "district_selection_committee"
    DONG_RECOMMENDATION_COMMITTEE = "dong_recommendation_committee"
    DONG_SELECTION_COMMITTEE = "dong_selection_committee"
    DISTRICT_HEAD = "district_head"


@dataclass(frozen=True, slots=True)
class CouncilRules:
    """What a rule set says of councils; None where it is silent.

    Units: seats in persons, shares of the seats in permille, ages in full years, education in whole hours, recruitment
    in days, the notice of the draw in hours, terms in months. `publication_group_size`: how many applicants must have
    the same attributes before these are published.
    """

    seats_min: Cited[int] | None = None
    seats_max: Cited[int] | None = None
    open_call_share_min: Cited[Share] | None = None
    recommended_share_max: Cited[Share] | None = None
    sex_share_max: Cited[Share] | None = None
    young_share_min: Cited[Share] | None = None
    young_age_max: Cited[int] | None = None
    education_hours_min: Cited[int] | None = None
    recruitment_days_min: Cited[int] | None = None
    council_age_min: Cited[int] | None = None
    council_age_reference: Cited[CouncilAgeReference] | None = None
    council_bases: Cited[frozenset[str]] | None = None
    term_months: Cited[int] | None = None
    reappointments_max: Cited[int] | None = None
    selection_method: Cited[SelectionMethod] | None = None
    selection_body: Cited[SelectionBody] | None = None
    draw_notice_hours: Cited[int] | None = None
    publication_group_size: Cited[int] | None = None
    one_per_household: Cited[bool] | None = None
    names_published: Cited[bool] | None = None
    council_quorum: Cited[CouncilQuorum] | None = None
    yearly_assembly: Cited[bool] | None = None


COUNCIL_READERS: Mapping[str, Callable[[Any], Any]] = {
    "seats_min": lambda raw: read_whole(raw, 1, MOST_SEATS),
    "seats_max": lambda raw: read_whole(raw, 1, MOST_SEATS),
    "open_call_share_min": lambda raw: read_share(raw, Bound.AT_LEAST),
    "recommended_share_max": lambda raw: read_share(raw, Bound.AT_MOST, Bound.BELOW),
    "sex_share_max": lambda raw: read_share(raw, Bound.AT_MOST, Bound.BELOW),
    "young_share_min": lambda raw: read_share(raw, Bound.AT_LEAST),
    "young_age_max": lambda raw: read_whole(raw, 0, HIGHEST_YOUNG_AGE),
    "education_hours_min": lambda raw: read_whole(raw, 0, MOST_HOURS),
    "recruitment_days_min": lambda raw: read_whole(raw, 0, MOST_RECRUITMENT_DAYS),
    "council_age_min": lambda raw: read_whole(raw, 0, HIGHEST_COUNCIL_AGE),
    "council_age_reference": CouncilAgeReference,
    "council_bases": read_bases,
    "term_months": lambda raw: read_whole(raw, 1, MOST_MONTHS),
    "reappointments_max": lambda raw: read_whole(raw, 0, MOST_REAPPOINTMENTS),
    "selection_method": SelectionMethod,
    "selection_body": SelectionBody,
    "draw_notice_hours": lambda raw: read_whole(raw, 1, MOST_NOTICE_HOURS),
    "publication_group_size": lambda raw: read_whole(raw, 1, LARGEST_GROUP),
    "one_per_household": read_flag,
    "names_published": read_flag,
    "council_quorum": read_council_quorum,
    "yearly_assembly": read_flag,
}


def contradiction_between(values: Mapping[str, Any]) -> tuple[str, str] | None:
    """Two parameters among raw `values` that cannot both hold, or None: the fewest seats above the most.

    Each value must be readable by itself.
    """
    low, high = values.get("seats_min"), values.get("seats_max")
    if low is not None and high is not None and low > high:
        return "seats_min", "seats_max"
    return None
