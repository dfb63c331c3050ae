"""The path of a dong's year and its money."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assemblies.states import AssemblyStatus
from portal.year import Happening, Kind, path_of
from tests.factories import NOON, DongFactory
from tests.portal.conftest import decided_poll_in, open_poll_in, put, scheduled_poll_in


def happening(days, kind=Kind.HELD):
    return Happening(kind, None if days is None else NOON + timedelta(days=days), f"{kind} {days}", "/")


def test_nothing_gives_no_path():
    assert path_of([], NOON) == []


def test_today_stands_between_what_was_and_what_comes():
    stations = path_of([happening(5), happening(-5), happening(1)], NOON)
    assert [station.state for station in stations] == ["done", "now", "next", "next"]
    assert stations[1].happening is None


def test_what_happens_at_this_moment_has_happened():
    assert [station.state for station in path_of([happening(0)], NOON)] == ["done", "now"]


def test_what_has_no_day_yet_stands_last():
    stations = path_of([happening(None, Kind.PUBLISHED), happening(9)], NOON)
    assert [station.happening and station.happening.kind for station in stations] == [None, Kind.HELD, Kind.PUBLISHED]


def test_at_one_moment_the_order_is_that_of_life():
    at_once = [happening(-1, kind) for kind in reversed(Kind)]
    assert [station.happening.kind for station in path_of(at_once, NOON)[:-1]] == list(Kind)


@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(-400, 400)), st.sampled_from(Kind)), min_size=1))
def test_every_path_has_all_happenings_in_order_and_today_once(days):
    happenings = [happening(day, kind) for day, kind in days]
    stations = path_of(happenings, NOON)
    states = [station.state for station in stations]
    assert states.count("now") == 1
    assert states == sorted(states, key=["done", "now", "next"].index)
    moments = [station.happening.at for station in stations if station.happening and station.happening.at]
    assert moments == sorted(moments)
    assert len(stations) == len(happenings) + 1


@pytest.mark.django_db
class TestPage:
    def page(self, client, dong):
        response = client.get(f"/en/dongs/{dong.code}/")
        assert response.status_code == 200
        return response

    def test_an_open_vote_is_the_next_date_with_its_end_and_the_one_primary_button(self, client, dong):
        poll = open_poll_in(dong)
        put(poll.assembly, held_at=timezone.now() + timedelta(days=1))
        response = self.page(client, dong)
        assert response.context["next_date"].at == poll.closes_at
        assert response.content.decode().count("button--primary") == 1
        assert response.content.decode().count("See the agenda and vote") == 2  # there, and on the card of the poll

    def test_without_an_open_vote_the_next_opening_is_the_next_date(self, client, dong):
        poll = scheduled_poll_in(dong)
        assert self.page(client, dong).context["next_date"].at == poll.opens_at

    def test_the_path_shows_the_steps_of_a_vote_that_runs(self, client, dong):
        open_poll_in(dong)
        steps = self.page(client, dong).context["steps"]
        assert [(step.name, step.state) for step in steps] == [
            ("Announced", "done"),
            ("Voting opens", "done"),
            ("Today", "now"),
            ("Voting closes", "next"),
            ("Day of the assembly", "next"),
            ("Result published", "next"),
        ]
        assert steps[2].note == "Voting is open: 3 days left"
        assert steps[-1].when == "after the count"

    def test_a_dong_without_a_date_has_no_path(self, client, dong):
        assert "The path of" not in self.page(client, dong).content.decode()

    @pytest.mark.parametrize("hidden", [AssemblyStatus.PREPARING, AssemblyStatus.CANCELLED])
    def test_what_is_prepared_or_called_off_is_not_on_it(self, client, dong, hidden):
        put(open_poll_in(dong).assembly, status=hidden)
        assert self.page(client, dong).context["steps"] == []


@pytest.mark.django_db
class TestMoney:
    """The money of the year counts what was adopted, to the won, and nothing else."""

    def decided(self, dong, costs, **fields):
        poll = decided_poll_in(dong, votes=tuple(range(len(costs), 0, -1)))
        put(poll, published_at=timezone.now(), **fields)
        poll.result.options.update(adopted=True)
        for option, cost in zip(poll.options.order_by("position"), costs, strict=True):
            put(option.item, cost=cost)
        return poll

    def money(self, client, dong):
        return client.get(f"/en/dongs/{dong.code}/").context["money"]

    def test_sums_are_exact_and_the_costliest_comes_first(self, client, dong):
        self.decided(dong, (1, 30_000_001, 999))
        money = self.money(client, dong)
        assert (money.total, [part.amount for part in money.parts]) == (30_001_001, [30_000_001, 999, 1])

    def test_what_has_no_estimate_is_said_and_not_counted(self, client, dong):
        self.decided(dong, (5_000_000, None))
        money = self.money(client, dong)
        assert (money.total, money.without_estimate) == (5_000_000, 1)
        assert "One more item was adopted" in client.get(f"/en/dongs/{dong.code}/").content.decode()

    def test_only_adopted_items_count(self, client, dong):
        poll = self.decided(dong, (5_000_000, 7_000_000))
        poll.result.options.filter(rank=2).update(adopted=False)
        assert self.money(client, dong).total == 5_000_000

    @pytest.mark.parametrize("status", ["counted", "halted"])
    def test_what_is_not_published_is_not_told(self, client, dong, status):
        self.decided(dong, (5_000_000,), status=status)
        assert self.money(client, dong) is None

    def test_another_year_and_another_dong_do_not_count(self, client, dong):
        put(self.decided(dong, (5_000_000,)), published_at=timezone.now() - timedelta(days=400))
        self.decided(DongFactory(), (6_000_000,))
        assert self.money(client, dong) is None

    def test_where_nothing_is_estimated_nothing_is_shown(self, client, dong):
        self.decided(dong, (None,))
        assert self.money(client, dong) is None
        assert "Money of" not in client.get(f"/en/dongs/{dong.code}/").content.decode()
