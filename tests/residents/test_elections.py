"""Restrictions before local elections: 180 days for publicity, 60 for events (Election Act, article 86)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RuleViolation
from residents import elections
from residents.elections import Restricted
from residents.models import LocalElection
from residents.services.elections import (
    election_warning,
    refuse_event,
    refuse_publishing,
    remove_election,
    save_election,
)
from tests.factories import UserFactory

ELECTION = date(2026, 6, 3)
SEOUL = ZoneInfo("Asia/Seoul")


def at(day, hour=12):
    return datetime(day.year, day.month, day.day, hour, tzinfo=SEOUL)


def days_before(days):
    return ELECTION - timedelta(days=days)


@pytest.mark.parametrize(("days", "blocked"), [(181, False), (180, True), (60, True), (0, True), (-1, False)])
def test_publicity_is_restricted_from_180_days_before_to_the_day_itself(days, blocked):
    assert (elections.blocks_publishing([ELECTION], days_before(days)) is not None) is blocked


@pytest.mark.parametrize(("days", "blocked"), [(62, False), (61, True), (60, True), (0, True), (-1, False)])
def test_an_event_of_two_days_must_not_touch_the_60_days(days, blocked):
    first = days_before(days)
    assert (elections.blocks_event([ELECTION], first, first + timedelta(days=1)) is not None) is blocked


def test_an_event_that_spans_the_whole_time_is_blocked_too():
    assert elections.blocks_event([ELECTION], days_before(90), ELECTION + timedelta(days=9)) is not None


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(-400, 400))
def test_events_are_restricted_only_while_publicity_is(election, offset):
    day = election + timedelta(days=offset)
    held = {one.what for one in elections.in_force([election], day)}
    assert Restricted.EVENTS not in held or Restricted.PUBLICITY in held
    assert (elections.blocks_publishing([election], day) is not None) == (-180 <= offset <= 0)


@pytest.mark.django_db
class TestServices:
    def test_publishing_is_refused_with_the_days(self):
        LocalElection.objects.create(held_on=ELECTION, title="지방선거", source="시험")
        with pytest.raises(RuleViolation, match="2026") as refused:
            refuse_publishing(at=at(days_before(180), 0))
        assert refused.value.code == "election_publicity"
        refuse_publishing(at=at(days_before(181), 23))
        refuse_publishing(at=at(ELECTION + timedelta(days=1), 0))

    def test_without_an_election_nothing_is_refused(self):
        refuse_publishing(at=at(ELECTION))
        refuse_event(first_day=ELECTION, last_day=ELECTION)

    def test_events_are_refused(self):
        LocalElection.objects.create(held_on=ELECTION, title="지방선거", source="시험")
        with pytest.raises(RuleViolation):
            refuse_event(first_day=days_before(60), last_day=days_before(60))

    @pytest.mark.parametrize(("days", "warned"), [(211, False), (210, True), (181, True), (180, True), (0, True)])
    def test_the_warning_comes_thirty_days_before(self, days, warned):
        LocalElection.objects.create(held_on=ELECTION, title="지방선거", source="시험")
        assert bool(election_warning(days_before(days))) is warned

    def test_an_election_that_is_over_is_not_removed(self):
        operator = UserFactory()
        election = save_election(
            election=LocalElection(held_on=ELECTION, title="지방선거", source="시험"),
            actor=operator,
            at=at(days_before(300)),
        )
        with pytest.raises(RuleViolation):
            remove_election(election_id=election.pk, actor=operator, at=at(ELECTION + timedelta(days=1)))
        remove_election(election_id=election.pk, actor=operator, at=at(days_before(200)))
        assert not LocalElection.objects.exists()
