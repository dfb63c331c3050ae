"""Where an assembly stands: the design brief's line of steps with today on it."""

from datetime import timedelta

import pytest

from assemblies.course import Stage, Standing, Voting, course
from tests.factories import NOON

OPEN = Voting(begun=True)
CLOSED = Voting(begun=True, over=True)
COUNTED = Voting(begun=True, over=True, counted=True)
PUBLISHED = Voting(begun=True, over=True, counted=True, published=True)
BEFORE, AFTER = NOON - timedelta(seconds=1), NOON


def standings(votings, at):
    return " ".join(standing.value for _stage, standing in course(votings, held_at=NOON, at=at))


@pytest.mark.parametrize(
    ("votings", "at", "expected"),
    [
        ([Voting()], BEFORE, "now next next next next"),
        ([OPEN], BEFORE, "done now next next next"),
        ([OPEN, Voting()], BEFORE, "done now next next next"),
        # Voting may outlast the beginning of the assembly.
        ([OPEN], AFTER, "done now next next next"),
        ([CLOSED, OPEN], AFTER, "done now next next next"),
        ([CLOSED], BEFORE, "done done now next next"),
        ([CLOSED], AFTER, "done done done now next"),
        ([COUNTED, CLOSED], AFTER, "done done done now next"),
        ([COUNTED], AFTER, "done done done done now"),
        ([PUBLISHED, COUNTED], AFTER, "done done done done now"),
        ([PUBLISHED], BEFORE, "done done now done done"),
        ([PUBLISHED], AFTER, "done done done done done"),
    ],
)
def test_the_first_station_that_is_not_done_is_the_present_one(votings, at, expected):
    assert standings(votings, at) == expected


def test_an_assembly_without_a_poll_has_no_stations_of_voting():
    assert course([], held_at=NOON, at=BEFORE) == [(Stage.NOTICE, Standing.NOW), (Stage.MEETING, Standing.NEXT)]
    assert course([], held_at=NOON, at=AFTER) == [(Stage.NOTICE, Standing.DONE), (Stage.MEETING, Standing.DONE)]
