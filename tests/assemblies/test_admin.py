"""The official's whole way through the desk, from the first draft to the published result."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from assemblies.models import Assembly, Poll
from assemblies.services import cast_ballot
from assemblies.states import AssemblyStatus, PollStatus
from core.audit.models import AuditEntry
from residents.states import Role
from tests.assemblies.conftest import make_town
from tests.assemblies.desk import (
    act,
    assembly_form,
    brought_to,
    item_form,
    poll_form,
    signed_in,
    status_of,
    url,
    words,
)
from tests.factories import (
    NOON,
    AgendaItemFactory,
    AssemblyFactory,
    DongFactory,
    PollFactory,
    RuleSetFactory,
    official,
    resident,
)

pytestmark = pytest.mark.usefixtures("clock", "db")


@pytest.fixture
def desk(town):
    return signed_in(town.official)


# --- the whole way ----------------------------------------------------------------------------------------------------


def test_from_the_first_draft_to_the_published_result(clock):
    dong = DongFactory(population=9_000, population_on=NOON.date(), population_source="official")
    rule_set = RuleSetFactory(region=dong.parent, rules__quorum={"kind": "number", "amount": 2})
    voters = [resident(dong) for _ in range(3)]
    desk = signed_in(official(Role.DONG_OFFICIAL, dong))

    made = desk.post(url("assembly_add"), assembly_form(dong, rule_set))
    assembly = Assembly.objects.get()
    assert made.url == url("assembly_change", assembly.pk)
    assert assembly.population == 9_000

    first = desk.post(f"{url('agendaitem_add')}?assembly={assembly.pk}", item_form(assembly))
    assert first.url == f"{url('assembly_change', assembly.pk)}#agenda"
    for title in ("쉼터", "은행나무 냄새"):
        desk.post(url("agendaitem_add"), item_form(assembly, title=title))
    assert list(assembly.agenda.values_list("number", "cost")) == [(1, 30_000_000), (2, 30_000_000), (3, 30_000_000)]

    desk.post(url("poll_add"), poll_form(assembly))
    poll = Poll.objects.get()
    assert poll.tie_rule == "shared_rank"
    assert poll.options.count() == 3
    page = words(desk.get(url("poll_change", poll.pk)))
    assert "The assembly has not been announced yet." in page
    assert "Nobody stands on the voter roll yet." in page

    for step, thing, obj in (
        ("announce", "assembly", assembly),
        ("build-roll", "assembly", assembly),
        ("schedule", "poll", poll),
    ):
        answer = desk.post(act(thing, step, obj))
        assert answer.status_code == 302, words(answer)
    assert status_of(poll) == PollStatus.SCHEDULED
    assert assembly.roll.count() == 3

    poll.refresh_from_db()
    clock.now = poll.opens_at
    assert desk.post(act("poll", "open", poll)).status_code == 302
    options = list(poll.options.values_list("pk", flat=True))
    for voter in voters:
        cast_ballot(poll_id=poll.pk, voter=voter, choices=options[:2], submission=uuid.uuid4(), at=clock.now)

    clock.now = poll.closes_at
    for step in ("close", "count"):
        assert desk.post(act("poll", step, poll)).status_code == 302
    preview = words(desk.get(url("poll_change", poll.pk)))
    assert "The count, not public yet" in preview
    assert "3 votes" in preview

    assert desk.post(act("poll", "publish", poll)).status_code == 302
    assert status_of(poll) == PollStatus.PUBLISHED
    clock.now = assembly.held_at + timedelta(hours=3)
    assert desk.post(act("assembly", "conclude", assembly)).status_code == 302
    assembly.refresh_from_db()
    assert assembly.status == AssemblyStatus.CONCLUDED


def test_after_a_step_the_page_says_what_happened_and_what_comes_next(town, desk):
    town.poll.refresh_from_db()
    page = words(desk.post(act("poll", "close", town.poll), {"reason": "정전"}, follow=True))

    assert "Voting is closed. Next comes the count." in page


# --- a page that asks back, and a step only with POST -----------------------------------------------------------------

POLL_ACTS = ("ballot", "schedule", "open", "close", "count", "publish", "object", "settle", "unschedule", "halt")
ASSEMBLY_ACTS = ("order", "announce", "build-roll", "add-person", "conclude", "cancel")
POLL_STATUSES = [status for status in PollStatus if status != PollStatus.COUNTING]
POSSIBLE = {
    PollStatus.PREPARING: {"ballot", "schedule", "halt"},
    PollStatus.SCHEDULED: {"open", "unschedule", "halt"},
    PollStatus.OPEN: {"close", "halt"},
    PollStatus.CLOSED: {"count", "halt"},
    PollStatus.COUNTED: {"publish", "halt"},
    PollStatus.PUBLISHED: {"object"},
    PollStatus.OBJECTION: {"settle", "halt"},
    PollStatus.HALTED: set(),
}


@pytest.mark.parametrize("status", POLL_STATUSES)
def test_exactly_the_possible_steps_are_offered_and_the_others_explained(status, clock):
    town, desk = brought_to(status, clock)
    page = desk.get(url("poll_change", town.poll.pk)).content.decode()

    for step in POLL_ACTS:
        assert (f'href="{act("poll", step, town.poll)}"' in page) == (step in POSSIBLE[status]), step
    assert page.count("<dt>") >= len(POLL_ACTS) - len(POSSIBLE[status])


@pytest.mark.parametrize("status", POLL_STATUSES)
def test_a_step_in_the_wrong_state_is_409_and_changes_nothing(status, clock):
    town, desk = brought_to(status, clock)
    entries = AuditEntry.objects.count()
    for step in set(POLL_ACTS) - POSSIBLE[status]:
        sent = desk.post(act("poll", step, town.poll), {"reason": "까닭"})
        asked = desk.get(act("poll", step, town.poll))

        assert sent.status_code == 409, step
        assert asked.status_code == 409, step
        assert status_of(town.poll) == status
    assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize("status", POLL_STATUSES)
def test_asking_back_changes_nothing(status, clock):
    town, desk = brought_to(status, clock)
    entries = AuditEntry.objects.count()
    for step in POSSIBLE[status]:
        page = desk.get(act("poll", step, town.poll), {"reason": "까닭"})

        assert page.status_code == 200
        assert page["Cache-Control"].find("no-cache") >= 0
    assert status_of(town.poll) == status
    assert AuditEntry.objects.count() == entries


def test_an_act_names_what_follows_before_it_is_taken(town, desk):
    page = words(desk.get(act("poll", "close", town.poll)))

    assert "voting cannot be opened again" in page
    assert "the reason you give is published" in page


def test_every_post_needs_the_token(town):
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.official)
    for address in (
        act("poll", "close", town.poll),
        act("assembly", "cancel", town.assembly),
        act("rollentry", "remove", town.entry()),
        url("assembly_change", town.assembly.pk),
        url("poll_change", town.poll.pk),
        url("agendaitem_add"),
    ):
        assert client.post(address, {"reason": "까닭"}).status_code == 403
    assert status_of(town.poll) == PollStatus.OPEN
    assert not town.assembly.roll.filter(removed_at__isnull=False).exists()


@pytest.mark.parametrize("step", ["unschedule", "halt", "close", "settle"])
def test_a_step_with_a_reason_needs_one(clock, step):
    status = {"unschedule": PollStatus.SCHEDULED, "halt": PollStatus.OPEN, "close": PollStatus.OPEN}
    town, desk = brought_to(status.get(step, PollStatus.OBJECTION), clock)
    before = status_of(town.poll)
    for reason in ({}, {"reason": "  "}, {"reason": "가" * 301}):
        assert desk.post(act("poll", step, town.poll), reason).status_code == 400
    assert status_of(town.poll) == before


def test_closing_on_time_needs_no_reason(town, desk, clock):
    clock.now = town.poll.closes_at
    assert desk.post(act("poll", "close", town.poll)).status_code == 302
    assert Poll.objects.get(pk=town.poll.pk).closed_early_because == ""


# --- what is missing --------------------------------------------------------------------------------------------------


def test_what_is_missing_is_a_list_of_links_to_where_it_is_mended():
    dong = DongFactory()
    rule_set = RuleSetFactory(region=dong.parent)
    assembly = AssemblyFactory(dong=dong, rule_set=rule_set, population=None, population_on=None)
    poll = PollFactory(assembly=assembly, items=0, opens_at=NOON - timedelta(days=1))
    desk = signed_in(official(Role.DONG_OFFICIAL, dong))
    for address in (url("poll_missing", poll.pk), url("poll_change", poll.pk), act("poll", "schedule", poll)):
        page = desk.get(address).content.decode()
        for link in (
            url("assembly_announce", assembly.pk),
            url("assembly_build-roll", assembly.pk),
            f"{url('agendaitem_add')}?assembly={assembly.pk}",
            f"{url('poll_change', poll.pk)}#id_opens_at",
        ):
            assert f'href="{link}"' in page
            assert desk.get(link.split("#")[0]).status_code in {200, 409}
    sent = desk.post(act("poll", "schedule", poll))
    assert sent.status_code == 409
    assert "There is no item on the ballot yet." in words(sent)
    assert status_of(poll) == PollStatus.PREPARING


def test_population_and_ballot_are_mended_on_their_own_pages():
    dong = DongFactory()
    assembly = AssemblyFactory(
        dong=dong, rule_set=RuleSetFactory(region=dong.parent), population=None, population_on=None
    )
    poll = PollFactory(assembly=assembly, items=2, max_choices=2, adopted_count=3)
    desk = signed_in(official(Role.DONG_OFFICIAL, dong))
    resident(dong)
    desk.post(act("assembly", "build-roll", assembly))
    page = desk.get(url("poll_missing", poll.pk)).content.decode()

    assert f'href="{url("assembly_change", assembly.pk)}#id_population"' in page
    assert f'href="{url("poll_ballot", poll.pk)}"' in page
    assert f'href="{url("poll_change", poll.pk)}#id_adopted_count"' in page


def test_an_announcement_that_is_too_late_says_the_article():
    dong = DongFactory()
    assembly = AssemblyFactory(dong=dong, rule_set=RuleSetFactory(region=dong.parent), held_at=NOON + timedelta(days=3))
    AgendaItemFactory(assembly=assembly)
    desk = signed_in(official(Role.DONG_OFFICIAL, dong))
    sent = desk.post(act("assembly", "announce", assembly))

    assert sent.status_code == 409
    assert "14" in words(sent)
    assert assembly.rule_set.rules.get(name="notice_days").article in words(sent)


def test_the_announcement_is_offered_once_nothing_stands_in_its_way():
    assembly = AssemblyFactory()
    desk = signed_in(official(Role.DONG_OFFICIAL, assembly.dong))
    page, step = url("assembly_change", assembly.pk), f'href="{act("assembly", "announce", assembly)}"'
    blocked = desk.get(page)
    assert step not in blocked.content.decode()
    assert "The agenda is still empty." in words(blocked)
    assert "The agenda is still empty." in words(desk.get(act("assembly", "announce", assembly)))

    AgendaItemFactory(assembly=assembly)
    offered = desk.get(page).content.decode()
    assert step in offered
    for advice in (f"{url('poll_add')}?assembly={assembly.pk}", url("assembly_build-roll", assembly.pk)):
        assert f'<li><a href="{advice}">' in offered


def test_after_the_announcement_the_poll_that_comes_next_is_named_with_a_link():
    poll = PollFactory(items=1, title="<b>순위</b> 투표")
    desk = signed_in(official(Role.DONG_OFFICIAL, poll.assembly.dong))
    answer = desk.post(act("assembly", "announce", poll.assembly), follow=True).content.decode()

    link = f'<a href="{url("poll_change", poll.pk)}">&lt;b&gt;순위&lt;/b&gt; 투표</a>'
    assert f"the announcement of: {link}" in answer
    assert f"still have to be announced: {link}" in answer


def test_when_nothing_is_missing_the_page_says_so(clock):
    town = make_town(upto="scheduled")
    clock.now = NOON
    page = words(signed_in(town.official).get(url("poll_missing", town.poll.pk)))
    assert "Nothing is missing." in page
