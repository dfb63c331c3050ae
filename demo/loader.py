"""Loads the demo town: all of it in one transaction, or nothing."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone, translation

from assemblies.services import raise_objection
from core.errors import RuleViolation
from councils.models import Council
from councils.states import BodyKind
from demo import balls
from demo.accounts import GEUMHO, OFFICIALS, RESIDENTS, SANGMU2, Standing
from demo.acts import Town, hold
from demo.club import Club, load_bylaws, load_dues, load_elections, load_members, load_officers
from demo.club_events import hold_24th, load_24th, load_listed_events, load_next, load_publications
from demo.club_people import load_answers, load_attendees_of_24th, load_figures, load_materials, load_offices
from demo.club_year import apply_for_membership, call_committee, hold_assembly
from demo.council_sources import load_call, load_sources
from demo.council_work import work
from demo.facts import load_office_terms, load_regions
from demo.history import past_assemblies
from demo.people import load_officials, load_operator, load_residents, load_sangmu
from demo.recruitments import RULES, Recruiting, load_recruitments
from demo.roster import load_councils
from demo.rules import load_rule_sets
from demo.town import open_assembly, other_assemblies, spring_assembly
from residents.models import Region, User
from residents.states import Role

SEED = 20190618
OBJECTED_BEFORE = timedelta(days=1)
SEOUL = ZoneInfo("Asia/Seoul")
BEGINNING = datetime(2018, 1, 2, 9, tzinfo=SEOUL)
ROSTER_COUNTED = datetime(2019, 9, 2, 9, tzinfo=SEOUL)


def is_loaded() -> bool:
    """Whether the town stands: it is there whole or not at all."""
    return User.objects.filter(email=OFFICIALS[0].email).exists()


@transaction.atomic
def load(*, now: datetime, tell: Callable[[str], None] = lambda _text: None) -> bool:
    """Load the town as it is at `now`; whether there was anything to do.

    The same day gives the same town. Raises RuleViolation if the database holds regions of somebody else.
    """
    if is_loaded():
        return False
    if Region.objects.exists():
        raise RuleViolation("This database holds data that is not the demo town’s. It is left as it is.")
    now = timezone.localtime(now)
    chance = random.Random(SEED)  # noqa: S311 - a town that is the same every time is the aim
    with translation.override("ko"):
        operator = load_operator(BEGINNING)
        tell("places")
        regions = load_regions(operator, BEGINNING)
        load_office_terms(regions, operator, BEGINNING)
        officials = load_officials(regions, operator, BEGINNING)
        district = officials[Role.DISTRICT_OFFICIAL]
        rule_sets = load_rule_sets(regions, district, BEGINNING)
        load_call(regions, district)
        load_councils(regions, district, ROSTER_COUNTED)
        load_sources(regions, district, operator, ROSTER_COUNTED)
        town = Town(chance, now, regions, rule_sets, district)
        tell("history")
        for plan in past_assemblies():
            hold(town, plan)
        # With chances of its own: the people who are invented next stay who they are.
        hold(replace(town, chance=random.Random(SEED)), spring_assembly(now))  # noqa: S311 - as above
        tell("residents")
        people = load_residents(chance, regions[GEUMHO], officials[Role.DONG_OFFICIAL], now)
        tell("assemblies")
        _load_assemblies(town, people)
        tell("councils")
        _load_sangmu(town, operator)
        tell("club")
        _load_club(regions, operator, officials[Role.CLUB_SECRETARIAT], now)
    return True


def _load_sangmu(town: Town, operator: User) -> None:
    """상무2동's council: its recruitment in every stage, and what the council appointed last works on."""
    dong = town.regions[SANGMU2]
    official, applicants = load_sangmu(dong, operator, BEGINNING, town.now)
    run = Recruiting(
        council=Council.objects.get(dong=dong, kind=BodyKind.COUNCIL),
        rules=town.rule_sets[RULES],
        dong_official=official,
        district_official=town.actor,
        applicants=applicants,
        chance=random.Random(SEED),  # noqa: S311 - a town that is the same every time is the aim
        now=town.now,
    )
    work(run, load_recruitments(run))
    balls.load_balls(run, town.rule_sets[balls.RULES])


def _load_club(regions: dict[str, Region], operator: User, secretariat: User, now: datetime) -> None:
    load_elections(operator, BEGINNING)
    load_bylaws(secretariat)
    members = load_members(secretariat, BEGINNING)
    outsiders = load_officers(members, secretariat)
    load_dues(members, secretariat, now)
    club = Club(members, outsiders, regions, secretariat, now)
    forum = load_24th(club)
    load_materials(club, forum)
    load_attendees_of_24th(club, forum)
    hold_24th(club, forum)
    load_figures(club, load_listed_events(club))
    load_publications(club)
    hold_assembly(club)
    call_committee(club)
    load_offices(club)
    load_answers(club, load_next(club))
    apply_for_membership(club)


def _load_assemblies(town: Town, people: dict[str, User]) -> None:
    for plan in other_assemblies(town.now):
        assembly = hold(town, plan)
        if plan.under_objection:
            for poll in assembly.polls.all():
                raise_objection(poll_id=poll.pk, actor=town.actor, at=town.now - OBJECTED_BEFORE)
    hold(
        town,
        open_assembly(town.now),
        voting_first=[people[resident.email] for resident in RESIDENTS if resident.standing is Standing.VOTED],
        not_voting=[people[resident.email] for resident in RESIDENTS if resident.standing is Standing.VERIFIED],
    )
