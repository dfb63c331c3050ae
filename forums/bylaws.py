"""What the bylaws ask of officers, committee and meetings, held against how things are. Pure: no Django, no clock.

Source: bylaws of the Mokmingwan Club of 2010-09-07, amended on 2011-11-30, articles 2, 4, 5, 7 and 9. The figures are
parameters of a version (`read_rules`), never constants here, because the next general assembly may change them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any


class Asked(StrEnum):
    """Parameters of a version of the bylaws."""

    CO_CHAIRS = "co_chairs"
    AUDITORS = "auditors"
    COMMITTEE = "committee"
    CHAIR_IS_CO_CHAIR = "chair_is_co_chair"
    TERM_YEARS = "term_years"
    GENERAL_MONTH = "general_month"
    CALLERS_MEMBERS = "callers_members"
    CALLERS_CO_CHAIRS = "callers_co_chairs"
    PROVINCES = "provinces"
    BY_RESOLUTION = "by_resolution"
    QUORUM = "quorum"


class Rule(StrEnum):
    """What is checked, in the order of the articles."""

    SERVING = "serving"
    CO_CHAIRS = "co_chairs"
    AUDITORS = "auditors"
    TERM_LENGTH = "term_length"
    TERMS_OVER = "terms_over"
    TERMS_ENDING = "terms_ending"
    COMMITTEE = "committee"
    COMMITTEE_CHAIR = "committee_chair"
    GENERAL_ASSEMBLY = "general_assembly"
    BY_RESOLUTION = "by_resolution"
    CALLERS = "callers"


class Post(StrEnum):
    """The positions that the bylaws know."""

    CO_CHAIR = "co_chair"
    AUDITOR = "auditor"
    COMMITTEE_CHAIR = "committee_chair"
    COMMITTEE = "committee"
    ADVISER = "adviser"
    SECRETARY = "secretary"
    SECONDED = "seconded"


ELECTED = frozenset({Post.CO_CHAIR, Post.AUDITOR})
WITH_TERM = ELECTED | {Post.COMMITTEE, Post.COMMITTEE_CHAIR}
ENDING_WITHIN = timedelta(days=270)


@dataclass(frozen=True, slots=True)
class Span:
    """At least and at most so many persons."""

    least: int
    most: int

    def holds(self, number: int) -> bool:
        return self.least <= number <= self.most


@dataclass(frozen=True, slots=True)
class Rules:
    """The parameters of one version. `articles` says which article each comes from.

    term_years: of co-chairs, auditors and committee. general_month: 1–12, in which the yearly general assembly is held.
    callers_members, callers_co_chairs: how many of them may call an extraordinary one. provinces: whether heads of
    provinces are regular members. by_resolution: whether advisers and partners need a resolution of the committee.
    """

    co_chairs: int
    auditors: Span
    committee: Span
    chair_is_co_chair: bool
    term_years: int
    general_month: int
    callers_members: int
    callers_co_chairs: int
    provinces: bool
    by_resolution: bool
    articles: Mapping[Asked, str]

    def article(self, asked: Asked) -> str:
        return self.articles[asked]


def _number(value: Any, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{value!r} is no number from {least} to {most}")
    return value


def _span(value: Any) -> Span:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"{value!r} is no span")
    span = Span(_number(value[0], 0, 1000), _number(value[1], 1, 1000))
    if span.least > span.most:
        raise ValueError(f"{value!r} ends before it begins")
    return span


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _majority(value: Any) -> str:
    """The only quorum that the club ever had; another one wants a rule of `meetings.quorum` first."""
    if value != "majority":
        raise ValueError(f"{value!r} is no quorum that is known here")
    return "majority"


def read_rules(raw: Mapping[str, Mapping[str, Any]]) -> Rules:
    """The typed parameters of {"co_chairs": {"value": 5, "article": "4"}, …}.

    Raises ValueError naming the parameter if one is missing, of another kind, or without an article.
    """

    def take(asked: Asked, read: Any) -> Any:
        entry = raw.get(asked)
        if not isinstance(entry, Mapping) or "value" not in entry:
            raise ValueError(f"{asked}: missing")
        if not str(entry.get("article", "")).strip():
            raise ValueError(f"{asked}: no article")
        try:
            return read(entry["value"])
        except (TypeError, ValueError) as error:
            raise ValueError(f"{asked}: {error}") from error

    take(Asked.QUORUM, _majority)
    return Rules(
        co_chairs=take(Asked.CO_CHAIRS, lambda value: _number(value, 1, 100)),
        auditors=take(Asked.AUDITORS, _span),
        committee=take(Asked.COMMITTEE, _span),
        chair_is_co_chair=take(Asked.CHAIR_IS_CO_CHAIR, _truth),
        term_years=take(Asked.TERM_YEARS, lambda value: _number(value, 1, 10)),
        general_month=take(Asked.GENERAL_MONTH, lambda value: _number(value, 1, 12)),
        callers_members=take(Asked.CALLERS_MEMBERS, lambda value: _number(value, 1, 1000)),
        callers_co_chairs=take(Asked.CALLERS_CO_CHAIRS, lambda value: _number(value, 1, 100)),
        provinces=take(Asked.PROVINCES, _truth),
        by_resolution=take(Asked.BY_RESOLUTION, _truth),
        articles={asked: str(raw[asked]["article"]) for asked in Asked if asked in raw},
    )


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in a position since `since`; `until` is the end of the term (a day after its last), None is no term.

    person: a key that is the same for the same person in two positions. ended_on: from when on they are gone.
    Whoever's term is over stays until somebody follows or they step down, so that the club is never without officers.
    """

    person: str
    name: str
    post: Post
    since: date
    until: date | None = None
    ended_on: date | None = None
    by_resolution: bool = False

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.ended_on is None or day < self.ended_on)


@dataclass(frozen=True, slots=True)
class Check:
    """One rule held against how things are.

    required, actual: numbers of persons, years or meetings as the rule has it; a span for what has bounds.
    who: whom it concerns, by name. is_notice: nothing is broken, but something will have to be done.
    """

    rule: Rule
    article: str
    required: int | Span
    actual: int
    met: bool
    who: tuple[str, ...] = ()
    is_notice: bool = False

    @property
    def vacant(self) -> int:
        """Seats that nobody takes."""
        least = self.required.least if isinstance(self.required, Span) else self.required
        return max(0, least - self.actual)


def end_of_term(since: date, years: int) -> date:
    """The first day on which a term of `years` that began on `since` is over."""
    try:
        return since.replace(year=since.year + years)
    except ValueError:  # 29 February
        return date(since.year + years, 3, 1)


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of an office that somebody holds since `since`; `until` is the end of the term, None where there is none.

    ended_on: from when on they are gone, whatever the term.
    """

    person: str
    since: date
    until: date | None = None
    ended_on: date | None = None


def taken_on(seats: Iterable[Seat], day: date) -> set[str]:
    """Who holds one of these seats on `day`; whoever's term is over by then makes room for a successor."""
    return {
        seat.person
        for seat in seats
        if seat.since <= day and all(end is None or day < end for end in (seat.until, seat.ended_on))
    }


def first_day_with_room(
    seats: Sequence[Seat], persons: int, limit: int, day: date, *, again: Iterable[str] = ()
) -> date | None:
    """The first day from `day` on which `persons` more find a seat among `limit`; None if no such day is known.

    again: who of them may hold a seat now, and begins anew once the term is over.
    """
    known = set(again)
    ends = {end for seat in seats for end in (seat.until, seat.ended_on) if end is not None and end > day}
    for one in (day, *sorted(ends)):
        taken = taken_on(seats, one)
        if len(taken) + persons <= limit and not taken & known:
            return one
    return None


def committee_of(holders: Iterable[Holder], day: date) -> dict[str, str]:
    """Persons of the steering committee on `day`: those appointed, and the co-chairs ex officio (article 5)."""
    posts = {Post.COMMITTEE, Post.COMMITTEE_CHAIR, Post.CO_CHAIR}
    return {one.person: one.name for one in holders if one.post in posts and one.holds_on(day)}


def check_officers(
    rules: Rules, holders: Sequence[Holder], day: date, partners: Iterable[tuple[str, bool]] = ()
) -> list[Check]:
    """Articles 4, 5 and 9 on `day`. partners: the organisations of that day, and whether a resolution is known."""
    there = [one for one in holders if one.holds_on(day)]
    return [
        _co_chairs(rules, there),
        _auditors(rules, there),
        _term_length(rules, there),
        *_ends_of_terms(rules, there, day),
        _committee(rules, there, day),
        _committee_chair(rules, there),
        _resolutions(rules, there, partners),
    ]


def _in_post(there: Iterable[Holder], post: Post) -> dict[str, str]:
    return {one.person: one.name for one in there if one.post is post}


def _co_chairs(rules: Rules, there: Sequence[Holder]) -> Check:
    found = _in_post(there, Post.CO_CHAIR)
    article = rules.article(Asked.CO_CHAIRS)
    return Check(Rule.CO_CHAIRS, article, rules.co_chairs, len(found), len(found) == rules.co_chairs)


def _auditors(rules: Rules, there: Sequence[Holder]) -> Check:
    found = _in_post(there, Post.AUDITOR)
    return Check(
        Rule.AUDITORS, rules.article(Asked.AUDITORS), rules.auditors, len(found), rules.auditors.holds(len(found))
    )


def _term_length(rules: Rules, there: Sequence[Holder]) -> Check:
    """Nobody was given a longer term than the bylaws allow."""
    officers = [one for one in there if one.post in WITH_TERM]
    too_long = [one for one in officers if one.until is None or one.until > end_of_term(one.since, rules.term_years)]
    article = rules.article(Asked.TERM_YEARS)
    return Check(Rule.TERM_LENGTH, article, rules.term_years, len(too_long), not too_long, _names(too_long))


def _ends_of_terms(rules: Rules, there: Sequence[Holder], day: date) -> list[Check]:
    """Terms that are over without a successor, and terms that end within nine months: time to prepare an election."""
    officers = [one for one in there if one.post in WITH_TERM and one.until is not None]
    over = [one for one in officers if one.until is not None and one.until <= day]
    ending = [one for one in officers if one.until is not None and day < one.until <= day + ENDING_WITHIN]
    article = rules.article(Asked.TERM_YEARS)
    return [
        Check(Rule.TERMS_OVER, article, 0, len(over), not over, _names(over)),
        Check(Rule.TERMS_ENDING, article, 0, len(ending), met=True, who=_names(ending), is_notice=bool(ending)),
    ]


def _committee(rules: Rules, there: Sequence[Holder], day: date) -> Check:
    number = len(committee_of(there, day))
    return Check(Rule.COMMITTEE, rules.article(Asked.COMMITTEE), rules.committee, number, rules.committee.holds(number))


def _committee_chair(rules: Rules, there: Sequence[Holder]) -> Check:
    """There is one chair, chosen among the co-chairs."""
    chairs = _in_post(there, Post.COMMITTEE_CHAIR)
    co_chairs = _in_post(there, Post.CO_CHAIR)
    fits = len(chairs) == 1 and (not rules.chair_is_co_chair or set(chairs) <= set(co_chairs))
    article = rules.article(Asked.CHAIR_IS_CO_CHAIR)
    return Check(Rule.COMMITTEE_CHAIR, article, 1, len(chairs), fits, tuple(chairs.values()))


def _resolutions(rules: Rules, there: Sequence[Holder], partners: Iterable[tuple[str, bool]]) -> Check:
    """Advisers and partner organisations were appointed on a resolution of the committee."""
    article = rules.article(Asked.BY_RESOLUTION)
    if not rules.by_resolution:
        return Check(Rule.BY_RESOLUTION, article, 0, 0, met=True)
    advisers = _names(one for one in there if one.post is Post.ADVISER and not one.by_resolution)
    without = (*advisers, *(name for name, by_resolution in partners if not by_resolution))
    return Check(Rule.BY_RESOLUTION, article, 0, len(without), not without, without)


def _names(holders: Iterable[Holder]) -> tuple[str, ...]:
    """Each person once, in the order given; two of the same name are two."""
    return tuple({one.person: one.name for one in holders}.values())


def check_general_assembly(rules: Rules, held_on: Iterable[date], day: date) -> Check:
    """Whether the last general assembly that was due was held: one a year, in the month of the bylaws (article 7).

    Due is that of this year once its month is over, before that the one of the year before.
    """
    is_over = day.month > rules.general_month
    year = day.year if is_over else day.year - 1
    held = [one for one in held_on if one.year == year or (one.year == day.year and one <= day)]
    return Check(Rule.GENERAL_ASSEMBLY, rules.article(Asked.GENERAL_MONTH), 1, len(held), bool(held))


def check_serving(rules: Rules, regular: Iterable[tuple[str, bool]]) -> Check:
    """Regular members are serving heads (article 2): for each the name and whether a term of office runs."""
    without = tuple(name for name, serves in regular if not serves)
    return Check(Rule.SERVING, rules.article(Asked.PROVINCES), 0, len(without), not without, without)


class Called(StrEnum):
    """Kinds of meetings (article 7)."""

    GENERAL = "general"
    EXTRAORDINARY = "extraordinary"
    COMMITTEE = "committee"


@dataclass(frozen=True, slots=True)
class Callers:
    """Who calls a meeting, in persons; a co-chair is a member too."""

    members: int
    co_chairs: int
    committee_chairs: int


def check_callers(rules: Rules, kind: Called, callers: Callers) -> Check:
    """Whether these persons may call a meeting of this kind.

    A general assembly is called by the co-chairs, who represent the club (article 4); an extraordinary one by a
    co-chair or by as many members as the version says; the committee by its chair (article 7).
    """
    if kind is Called.COMMITTEE:
        article = rules.article(Asked.CHAIR_IS_CO_CHAIR)
        return Check(Rule.CALLERS, article, 1, callers.committee_chairs, callers.committee_chairs >= 1)
    article = rules.article(Asked.CALLERS_MEMBERS)
    by_co_chairs = callers.co_chairs >= rules.callers_co_chairs
    if kind is Called.GENERAL:
        return Check(Rule.CALLERS, article, rules.callers_co_chairs, callers.co_chairs, by_co_chairs)
    if by_co_chairs:
        return Check(Rule.CALLERS, article, rules.callers_co_chairs, callers.co_chairs, met=True)
    by_members = callers.members >= rules.callers_members
    return Check(Rule.CALLERS, article, rules.callers_members, callers.members, by_members)
