"""Steps on several rows: what was chosen is named and counted before, and what became of each is said afterwards."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from assemblies.models import Poll
from assemblies.states import PollStatus
from core.audit.models import AuditEntry
from councils.models import Council
from councils.states import CouncilType
from residents.desk import acts
from residents.models import Residence, RoleAssignment
from residents.states import Role
from tests.factories import (
    NOON,
    AssemblyFactory,
    CouncilFactory,
    DongFactory,
    PollFactory,
    RoleFactory,
    RuleSetFactory,
    official,
)
from tests.residents.test_desk_people import declared

pytestmark = pytest.mark.django_db

ROLES = "/en/admin/residents/roleassignment/"
END = {"confirmed": "1", "reason": "전보"}


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def dong():
    return DongFactory(name="금호1동")


@pytest.fixture
def desk(client, dong):
    """The client of a district official."""
    client.user = official(Role.DISTRICT_OFFICIAL, dong.parent)
    client.force_login(client.user, backend="residents.backends.EmailBackend")
    return client


def roles(dong, number):
    return [RoleFactory(role=Role.DONG_OFFICIAL, region=dong) for _ in range(number)]


def choose(action, rows, **more):
    return {"action": action, ACTION_CHECKBOX_NAME: [row.pk for row in rows], **more}


def said(response):
    return " ".join(str(message) for message in response.context["messages"])


def test_what_was_chosen_is_named_and_counted_with_its_consequence(desk, dong):
    held = roles(dong, 3)
    asked = desk.post(ROLES, choose("end", held, index="0")).content.decode()
    assert "Chosen: 3 items" in asked
    assert "these persons no longer see what the chosen roles open" in asked
    for role in held:
        assert role.user.name in asked
    assert not RoleAssignment.objects.exclude(until=None).exists()


def test_of_many_the_first_are_named_and_the_rest_counted(desk, dong, monkeypatch):
    monkeypatch.setattr(acts, "ALL_NAMED_UP_TO", 4)
    monkeypatch.setattr(acts, "FIRST_NAMED", 2)
    asked = desk.post(ROLES, choose("end", roles(dong, 5), index="0"))
    assert len(asked.context["names"]) == 2
    assert "And 3 items more that are not named here." in " ".join(asked.content.decode().split())
    assert asked.content.decode().count(f'name="{ACTION_CHECKBOX_NAME}"') == 5


def test_more_than_one_request_carries_is_refused(desk, dong, monkeypatch):
    monkeypatch.setattr(acts, "MOST_AT_ONCE", 2)
    assert desk.post(ROLES, choose("end", roles(dong, 3), **END)).status_code == 409
    assert not RoleAssignment.objects.exclude(until=None).exists()


def test_all_of_a_filter_are_the_rows_of_the_filter_and_no_others(desk, dong):
    """With “all of this list” the filter decides, not the page; what it leaves out stays as it is."""
    ending = roles(dong, 2)
    staying = RoleFactory(role=Role.COUNCIL_OFFICER, region=dong)
    address = f"{ROLES}?role__exact=dong_official"
    sent = {"action": "end", "select_across": "1", "index": "0", ACTION_CHECKBOX_NAME: [ending[0].pk]}
    asked = desk.post(address, sent)
    assert {row.pk for row in asked.context["chosen"]} == {row.pk for row in ending}
    desk.post(address, choose("end", asked.context["chosen"], **END))
    assert RoleAssignment.objects.exclude(until=None).count() == 2
    staying.refresh_from_db()
    assert staying.until is None


def test_the_same_form_sent_twice_changes_nothing_more(desk, dong):
    sent = choose("end", roles(dong, 2), **END)
    assert "2 entries were changed." in said(desk.post(ROLES, sent, follow=True))
    entries = AuditEntry.objects.count()
    again = said(desk.post(ROLES, sent, follow=True))
    assert "2 entries stayed as they were." in again
    assert AuditEntry.objects.count() == entries


def test_what_a_rule_refuses_is_said_once_with_the_rows_it_concerns(desk, dong):
    """Polls whose time is not over need a reason of their own: they stay open and are named."""
    rules = RuleSetFactory(region=dong.parent)
    over, running, other = (
        PollFactory(
            assembly=AssemblyFactory(dong=dong, rule_set=rules, status="announced", announced_at=NOON),
            title=title,
            status=PollStatus.OPEN,
            items=0,
            **times,
        )
        for title, times in (
            ("끝난 투표", {"opens_at": NOON.replace(year=2020), "closes_at": NOON.replace(year=2021)}),
            ("진행 투표", {"closes_at": NOON.replace(year=2099)}),
            ("다른 투표", {"closes_at": NOON.replace(year=2099)}),
        )
    )
    for poll in (running, other):
        declared_voter = declared(dong, name=f"주민{poll.pk}")
        poll.assembly.roll.create(user=declared_voter.user, basis="registered", added_at=NOON)
    answer = desk.post(
        "/en/admin/assemblies/poll/", choose("close", [over, running, other], confirmed="1"), follow=True
    )
    text = said(answer)
    assert "1 entry was changed." in text
    assert text.count("2 entries stayed as they were.") == 1
    assert "진행 투표" in text
    assert "다른 투표" in text
    assert Poll.objects.get(pk=over.pk).status == PollStatus.CLOSED
    assert Poll.objects.get(pk=running.pk).status == PollStatus.OPEN


def test_a_confirmation_names_people_masked(desk, dong):
    rows = [declared(dong, name="홍길동", email="gildong@example.org"), declared(dong, name="김바다")]
    address = "/en/admin/residents/residence/"
    asked = desk.post(address, choose("refuse", rows, index="0")).content.decode()
    done = desk.post(address, choose("refuse", rows, confirmed="1", reason="오지 않음"), follow=True).content.decode()
    again = desk.post(f"{address}?status=all", choose("refuse", rows, confirmed="1", reason="또"), follow=True)
    assert "홍*동" in asked
    assert "홍*동" in again.content.decode()
    for page in (asked, done, again.content.decode()):
        for secret in ("홍길동", "gildong", "김바다", "1960-05-07"):
            assert secret not in page
    assert set(Residence.objects.values_list("status", "reason")) == {("refused", "오지 않음")}


def test_councils_of_a_district_are_converted_on_one_day(desk, dong):
    rows = [CouncilFactory(dong=DongFactory(parent=dong.parent)) for _ in range(2)]
    address = reverse("admin:councils_council_changelist")
    assert desk.post(address, choose("start-conversion", rows, confirmed="1", type="x")).status_code == 400
    desk.post(address, choose("start-conversion", rows, confirmed="1", type=CouncilType.SEOUL))
    desk.post(address, choose("finish-conversion", rows, confirmed="1", established_on="2026-06-01"))
    assert {(row.status, str(row.established_on)) for row in Council.objects.all()} == {("working", "2026-06-01")}
