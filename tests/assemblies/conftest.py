from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from assemblies.models import Assembly, Poll, RollEntry
from assemblies.services import announce_assembly, build_roll, close_poll, open_poll, schedule_poll
from residents.models import User
from residents.states import Role
from tests.factories import NOON, AssemblyFactory, DongFactory, PollFactory, RuleSetFactory, official, resident


@dataclass
class Town:
    """A dong with an assembly whose poll is open at NOON, an official, and residents on the roll."""

    assembly: Assembly
    poll: Poll
    official: User
    voters: list[User]

    def entry(self, number=0) -> RollEntry:
        return RollEntry.objects.get(assembly=self.assembly, user=self.voters[number])

    def options(self) -> list[int]:
        return list(self.poll.options.values_list("pk", flat=True))


def make_town(*, items=3, voters=3, upto="open", quorum=None, **poll_fields) -> Town:
    dong = DongFactory()
    rule_set = RuleSetFactory(region=dong.parent, rules__quorum=quorum or {"kind": "share_of_roll", "amount": 10})
    assembly = AssemblyFactory(dong=dong, rule_set=rule_set, held_at=NOON + timedelta(days=30))
    poll = PollFactory(assembly=assembly, items=items, **poll_fields)
    people = [resident(dong) for _ in range(voters)]
    runner = official(Role.DONG_OFFICIAL, dong)
    before = NOON - timedelta(days=1)
    if upto != "draft":
        announce_assembly(assembly_id=assembly.pk, actor=runner, at=before)
        build_roll(assembly_id=assembly.pk, actor=runner, at=before)
        schedule_poll(poll_id=poll.pk, actor=runner, at=before)
    if upto in {"open", "closed"}:
        open_poll(poll_id=poll.pk, actor=runner, at=NOON)
    if upto == "closed":
        close_poll(poll_id=poll.pk, actor=runner, at=poll.closes_at)
    poll.refresh_from_db()
    assembly.refresh_from_db()
    return Town(assembly, poll, runner, people)


@pytest.fixture
def town(db) -> Town:
    return make_town()


class Clock:
    """The time that the pages read; tests move it."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch, settings):
    """The desk in English at NOON, entered without a second factor, in sessions that outlast a poll."""
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    settings.SESSION_COOKIE_AGE = 400 * 24 * 3600
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    with translation.override("en"):
        yield clock
