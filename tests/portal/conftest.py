from datetime import timedelta

import pytest
from django.utils import timezone

from assemblies.models import Assembly, OptionResult, Participation, Poll, PollResult
from assemblies.states import AssemblyStatus, PollStatus
from tests.factories import AssemblyFactory, DongFactory, PollFactory, RollEntryFactory, RuleSetFactory


@pytest.fixture
def now():
    return timezone.now()


def put(thing, **fields):
    """Set fields of a row as if its services had done it long ago."""
    type(thing)._default_manager.filter(pk=thing.pk).update(**fields)
    thing.refresh_from_db()
    return thing


def open_poll_in(dong, **fields) -> Poll:
    """An announced assembly of `dong` with a poll that is open now for three days."""
    now = timezone.now()
    assembly = AssemblyFactory(dong=dong, held_at=now + timedelta(days=20), rule_set=RuleSetFactory(region=dong.parent))
    put(assembly, status=AssemblyStatus.ANNOUNCED, announced_at=now - timedelta(days=20))
    poll = PollFactory(assembly=assembly, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=3), **fields)
    return put(poll, status=PollStatus.OPEN, opened_at=now - timedelta(days=1))


def scheduled_poll_in(dong) -> Poll:
    now = timezone.now()
    poll = open_poll_in(dong)
    return put(
        poll,
        status=PollStatus.SCHEDULED,
        opened_at=None,
        opens_at=now + timedelta(days=5),
        closes_at=now + timedelta(days=9),
    )


def decided_poll_in(dong, votes=(312, 200, 100)) -> Poll:
    """A concluded assembly of `dong` whose result is public."""
    now = timezone.now()
    poll = open_poll_in(dong, items=len(votes))
    put(
        poll,
        status=PollStatus.PUBLISHED,
        opens_at=now - timedelta(days=40),
        closes_at=now - timedelta(days=30),
        published_at=now - timedelta(days=29),
    )
    put(poll.assembly, status=AssemblyStatus.CONCLUDED, held_at=now - timedelta(days=28))
    result = PollResult.objects.create(
        poll=poll,
        counted_at=now - timedelta(days=29),
        on_roll=1000,
        participated=400,
        ballots=400,
        invalid=0,
        quorum_required=100,
    )
    for rank, (option, number) in enumerate(zip(poll.options.all(), votes, strict=True), start=1):
        OptionResult.objects.create(result=result, option=option, votes=number, rank=rank)
    return poll


def took_part(user, poll) -> Participation:
    entry = RollEntryFactory(assembly=poll.assembly, user=user)
    return Participation.objects.create(
        poll=poll,
        entry=entry,
        channel="web",
        at=timezone.now(),
        submission="00000000-0000-4000-8000-000000000001",
        receipt=f"R{poll.pk}-{entry.pk}",
    )


def many_past_assemblies(dong, number) -> None:
    """`number` concluded assemblies without polls, and as many decided and open polls as a page would show at most."""
    now = timezone.now()
    rule_set = RuleSetFactory(region=dong.parent)
    Assembly.objects.bulk_create(
        AssemblyFactory.build(
            dong=dong,
            rule_set=rule_set,
            status=AssemblyStatus.CONCLUDED,
            announced_at=now - timedelta(days=400 + place),
            held_at=now - timedelta(days=370 + place),
        )
        for place in range(number)
    )


@pytest.fixture
def dong(db):
    return DongFactory(name="금호1동", name_en="Geumho 1-dong", parent__name="서구", parent__name_en="Seo-gu")
