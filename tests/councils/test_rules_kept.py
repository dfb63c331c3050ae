"""What became of every rule of a recruitment, and what an election restricts."""

from datetime import date, timedelta

import pytest

from councils.queries.rules_kept import election_warnings, rule_lines
from ordinances.checked_table import anchor_of
from ordinances.rulesets import Parameter
from residents.models import LocalElection
from tests.councils.drawing_town import FREEZING, frozen
from tests.councils.recruiting import ANNOUNCED, SETTLING, announced, settled

pytestmark = pytest.mark.django_db


def lines_of(recruitment, at):
    recruitment.refresh_from_db()
    return {line.source_url.partition("#")[2]: line for line in rule_lines(recruitment, at=at)}


def line(lines, parameter):
    return lines[anchor_of(parameter)]


def test_hours_wait_for_the_pool_and_the_day_of_ages_stands_at_once():
    recruitment = announced(hours=6)
    lines = lines_of(recruitment, ANNOUNCED)
    assert line(lines, Parameter.EDUCATION_HOURS_MIN).met is None
    assert not line(lines, Parameter.EDUCATION_HOURS_MIN).actual


def test_who_is_in_the_pool_kept_what_the_rules_ask():
    recruitment = settled()
    told = line(lines_of(recruitment, SETTLING), Parameter.COUNCIL_AGE_MIN)
    assert told.met is True
    assert "24" in told.actual


def test_the_notice_of_a_draw_is_measured_from_its_freeze():
    draw = frozen()
    notice = line(lines_of(draw.recruitment, FREEZING), Parameter.DRAW_NOTICE_HOURS)
    assert notice.met is True
    assert notice.actual


def test_no_rule_that_was_told_stands_twice():
    draw = frozen()
    names = [line.name for line in rule_lines(draw.recruitment, at=FREEZING)]
    assert len(names) == len(set(names))


def test_an_election_warns_of_publishing_and_of_a_draw_in_its_days():
    recruitment = announced()
    assert election_warnings(recruitment, at=ANNOUNCED) == []
    recruitment.draw_at = ANNOUNCED + timedelta(days=60)
    day = (recruitment.draw_at + timedelta(days=10)).date()
    LocalElection.objects.create(held_on=date(day.year, day.month, day.day))
    assert len(election_warnings(recruitment, at=ANNOUNCED)) == 2
    recruitment.status = "cancelled"
    assert election_warnings(recruitment, at=ANNOUNCED) == []
