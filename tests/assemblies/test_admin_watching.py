"""Watching a poll at the desk, what waits, lists, and what they cost."""

import uuid
from datetime import timedelta

import pytest
from django.contrib import admin
from django.test import Client

from assemblies.models import Ballot, Participation
from assemblies.services import cast_ballot
from assemblies.states import PollKind, PollStatus
from core.audit import actions
from core.audit.models import AuditEntry
from residents.states import Role
from tests.assemblies.conftest import make_town
from tests.assemblies.desk import act, brought_to, signed_in, url, words
from tests.factories import NOON, AssemblyFactory, DongFactory, PollFactory, RuleSetFactory, UserFactory, official

pytestmark = pytest.mark.usefixtures("clock", "db")


@pytest.fixture
def desk(town):
    return signed_in(town.official)


# --- turnout and the count --------------------------------------------------------------------------------------------


def test_turnout_is_shown_by_channel_and_no_vote_before_the_count(town, desk):
    cast_ballot(
        poll_id=town.poll.pk, voter=town.voters[0], choices=town.options()[:1], submission=uuid.uuid4(), at=NOON
    )
    page = words(desk.get(url("poll_change", town.poll.pk)))

    assert "1 person of 3 people on the voter roll took part (33.3%)." in page
    assert "on the web 1 person" in page
    assert "in the booth 0 people" in page
    assert "1 vote" not in page


def test_only_who_publishes_sees_the_count_before_publication(clock):
    town, desk = brought_to(PollStatus.COUNTED, clock)
    here = town.assembly.dong
    others = [official(Role.COUNCIL_OFFICER, here), official(Role.AUDITOR, here.parent), official(Role.OPERATOR)]

    assert "not public yet" in words(desk.get(url("poll_change", town.poll.pk)))
    for other in others:
        page = words(signed_in(other).get(url("poll_change", town.poll.pk)))
        assert "Turnout" in page
        assert "not public yet" not in page
        assert "of them invalid" not in page


def test_ballots_and_participations_have_no_page():
    assert not {Ballot, Participation} & set(admin.site._registry)


# --- the desk's first page and lists ----------------------------------------------------------------------------------


def test_the_first_page_says_what_waits_and_leads_to_it(clock):
    town = make_town()
    AssemblyFactory(dong=town.assembly.dong, rule_set=town.assembly.rule_set)
    clock.now = town.poll.closes_at
    desk = signed_in(town.official)
    page = desk.get("/en/admin/").content.decode()

    # Where only one thing waits, the link leads to it and not to a list of one.
    assert f'href="{url("poll_change", town.poll.pk)}"' in page
    assert f'{url("assembly_changelist")}?parts=missing"' not in page
    AssemblyFactory(dong=town.assembly.dong, rule_set=town.assembly.rule_set)
    assert f'{url("assembly_changelist")}?parts=missing"' in desk.get("/en/admin/").content.decode()
    assert town.poll.title in words(desk.get(f"{url('poll_changelist')}?due=close"))
    assert town.poll.title not in words(desk.get(f"{url('poll_changelist')}?due=count"))
    assert "Polls whose time to close" not in words(
        signed_in(official(Role.DONG_OFFICIAL, DongFactory())).get("/en/admin/")
    )


def test_open_polls_stand_on_the_first_page_of_everybody_who_watches_them(clock):
    town = make_town()
    clock.now = town.poll.opens_at + timedelta(minutes=1)
    here = town.assembly.dong
    link = url("poll_change", town.poll.pk)
    watching = [official(Role.COUNCIL_OFFICER, here), official(Role.AUDITOR, here.parent), official(Role.OPERATOR)]
    for user in (town.official, *watching):
        desk = signed_in(user)
        assert f'href="{link}"' in desk.get("/en/admin/").content.decode().split('id="running"')[1]
        assert town.poll.title in words(desk.get(link))

    elsewhere = signed_in(official(Role.COUNCIL_OFFICER, DongFactory()))
    assert link not in elsewhere.get("/en/admin/").content.decode()


def test_an_officer_of_the_council_sees_the_drafts_that_are_not_yet_prepared():
    draft = AssemblyFactory(title="준비하는 총회")
    whole = PollFactory(assembly=AssemblyFactory(dong=draft.dong, rule_set=draft.rule_set, title="다 된 총회"), items=1)
    desk = signed_in(official(Role.COUNCIL_OFFICER, draft.dong))
    assert f'href="{url("assembly_change", draft.pk)}"' in desk.get("/en/admin/").content.decode()
    AssemblyFactory(dong=draft.dong, rule_set=draft.rule_set)
    link = f"{url('assembly_changelist')}?parts=draft"
    assert f'href="{link}"' in desk.get("/en/admin/").content.decode()
    shown = words(desk.get(link))
    assert draft.title in shown
    assert whole.assembly.title not in shown


def test_every_act_of_the_services_has_a_name_in_the_audit_log(clock):
    brought_to(PollStatus.OBJECTION, clock)
    recorded = set(AuditEntry.objects.filter(action__startswith="assemblies.").values_list("action", flat=True))
    assert recorded
    assert not {action for action in recorded if actions.label_of(action) == action}


@pytest.mark.parametrize("name", ["assembly", "agendaitem", "poll", "rollentry"])
def test_lists_filter_and_refuse_nonsense(town, desk, name):
    address = url(f"{name}_changelist")
    assert desk.get(address, {"place": town.assembly.dong.code, "from": "2026-01-01"}).status_code == 200
    assert desk.get(address, {"place": DongFactory().code}).status_code == 400
    assert desk.get(address, {"place": "x"}).status_code == 400
    assert desk.get(address, {"until": "2026-13-01"}).status_code == 400
    if name != "rollentry":
        assert desk.get(address, {"q": "총회"}).status_code == 200


@pytest.mark.parametrize("items", [1, 30])
def test_pages_cost_the_same_for_one_item_and_thirty(clock, django_assert_num_queries, items):
    town = make_town(items=items, upto="closed", kind=PollKind.FOR_AGAINST, max_choices=None)
    clock.now = town.poll.closes_at
    desk = signed_in(town.official)
    desk.post(act("poll", "count", town.poll))
    for page in ("poll", "assembly"):  # the first look also asks for content types
        desk.get(url(f"{page}_change", getattr(town, page).pk))
    with django_assert_num_queries(21):
        assert desk.get(url("assembly_change", town.assembly.pk)).status_code == 200
    with django_assert_num_queries(9):
        assert desk.get(url("poll_change", town.poll.pk)).status_code == 200


@pytest.mark.parametrize("many", [1, 200])
@pytest.mark.parametrize(("name", "queries"), [("assembly", 8), ("poll", 8), ("agendaitem", 8)])
def test_lists_cost_the_same_for_one_assembly_and_two_hundred(django_assert_num_queries, many, name, queries):
    district = DongFactory().parent
    rule_set = RuleSetFactory(region=district)
    # One more in any case, so that there is a choice of dongs with its names.
    for _ in range(many + 1):
        PollFactory(assembly=AssemblyFactory(dong=DongFactory(parent=district), rule_set=rule_set), items=1)
    desk = signed_in(official(Role.DISTRICT_OFFICIAL, district))
    with django_assert_num_queries(queries):
        assert desk.get(url(f"{name}_changelist")).status_code == 200


def test_a_plain_account_does_not_get_in(town):
    assert signed_in(UserFactory()).get(url("assembly_changelist")).status_code == 403
    assert Client().get(url("assembly_changelist")).status_code == 302
