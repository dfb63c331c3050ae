"""The API of assemblies and polls: what everybody may see, in a stable shape, and refusals in sentences."""

import json
import uuid
from datetime import datetime, timedelta

import pytest
import rules
from django.test import Client
from rest_framework.settings import api_settings
from rest_framework.throttling import AnonRateThrottle

from assemblies.models import Assembly, Poll
from assemblies.permissions import visible_assemblies, visible_polls
from assemblies.services import cast_ballot, close_poll, count_poll, publish_poll
from assemblies.states import AssemblyStatus, PollKind, PollStatus
from residents.states import Role
from tests.assemblies.conftest import make_town
from tests.factories import (
    NOON,
    AgendaItemFactory,
    AssemblyFactory,
    DongFactory,
    PollFactory,
    RollEntryFactory,
    RuleSetFactory,
    official,
    resident,
)
from tests.residents.town import accounts, places, things

ASSEMBLIES = "/api/v1/assemblies/"
LATER = NOON + timedelta(hours=1)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def announced(**fields):
    return AssemblyFactory(status=AssemblyStatus.ANNOUNCED, announced_at=NOON, **fields)


def vote(town, *numbers):
    """Each of the first voters chooses the option of the number given for them."""
    for voter, number in zip(town.voters, numbers, strict=False):
        cast_ballot(
            poll_id=town.poll.pk,
            voter=voter,
            choices=[town.options()[number]],
            submission=uuid.uuid4(),
            at=LATER,
        )


def published(town):
    end = town.poll.closes_at
    close_poll(poll_id=town.poll.pk, actor=town.official, at=end)
    count_poll(poll_id=town.poll.pk, actor=town.official, at=end)
    return publish_poll(poll_id=town.poll.pk, actor=town.official, at=end)


def refused(response, status, code):
    """The JSON of a refusal, after checking that it is one and says a sentence."""
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    body = response.json()
    assert body["code"] == code
    assert body["detail"].endswith(".")
    return body


# --- Shape ------------------------------------------------------------------------------------------------------------


def test_a_row_of_the_list(client, db):
    assembly = announced(dong=DongFactory(name="금호1동", name_en="Geumho 1-dong"))
    body = client.get(ASSEMBLIES).json()
    assert (body["count"], body["next"], body["previous"]) == (1, None, None)
    assert body["results"] == [
        {
            "id": assembly.pk,
            "page": f"/assemblies/{assembly.pk}/",
            "title": "주민총회",
            "kind": "residents",
            "status": "announced",
            "dong": {
                "code": assembly.dong.code,
                "name": "금호1동",
                "name_en": "Geumho 1-dong",
                "municipality_code": assembly.dong.parent.code,
                "municipality": assembly.dong.parent.name,
            },
            "host": "",
            "purpose": "내년 마을 사업의 순서를 정합니다.",
            "held_at": "2026-07-01T12:00:00+09:00",
            "place": "동 행정복지센터",
            "announced_at": "2026-06-01T12:00:00+09:00",
            "cancelled_because": "",
        }
    ]


def test_an_assembly_with_its_agenda(client, db):
    assembly = announced()
    before = AgendaItemFactory(assembly=announced(title="금부초 총회"), number=4, title="쉴 곳")
    AgendaItemFactory(assembly=assembly, number=1, title="쉼터", cost=30_000_000, origin=before)
    AgendaItemFactory(assembly=assembly, number=2, cost=None)
    body = client.get(f"{ASSEMBLIES}{assembly.pk}/").json()
    first, second = body["agenda"]
    assert (first["number"], first["title"], first["cost_won"]) == (1, "쉼터", 30_000_000)
    assert first["origin"] == {
        "assembly": before.assembly_id,
        "assembly_title": "금부초 총회",
        "number": 4,
        "title": "쉴 곳",
    }
    assert (second["cost_won"], second["origin"]) == (None, None)
    assert body["rule_set"]["source"] == "invented for tests"
    assert body["polls"] == []


def test_an_origin_that_is_not_public_is_not_named(client, db):
    draft = AgendaItemFactory()
    assembly = announced()
    AgendaItemFactory(assembly=assembly, number=1, origin=draft)
    assert client.get(f"{ASSEMBLIES}{assembly.pk}/").json()["agenda"][0]["origin"] is None


def test_an_open_poll_tells_turnout_and_no_result(client, town):
    vote(town, 0, 0)
    body = client.get(f"/api/v1/polls/{town.poll.pk}/").json()
    assert body["turnout"] == {
        "eligible": 3,
        "participated": 2,
        "quorum_required": 1,
        "quorum_reached": True,
        "share_permille": 667,
        "by_channel": {"web": 2, "booth": 0, "paper": 0},
    }
    assert body["result"] is None
    assert (body["status"], body["kind"], body["max_choices"], body["tie_rule"]) == ("open", "choose", 2, "shared_rank")
    assert (body["opens_at"], body["closes_at"]) == ("2026-06-01T12:00:00+09:00", "2026-06-11T12:00:00+09:00")
    assert body["items"] == [1, 2, 3]


def test_the_assembly_shows_its_polls_as_the_poll_shows_itself(client, town):
    vote(town, 1)
    poll = client.get(f"/api/v1/polls/{town.poll.pk}/").json()
    assert client.get(f"{ASSEMBLIES}{town.assembly.pk}/").json()["polls"] == [poll]


@pytest.mark.parametrize("upto", ["scheduled"])
def test_before_voting_there_is_no_turnout(client, db, upto):
    town = make_town(upto=upto)
    assert client.get(f"/api/v1/polls/{town.poll.pk}/").json()["turnout"] is None


@pytest.mark.parametrize("stage", ["closed", "counted"])
def test_a_result_stays_away_until_it_is_published_even_for_officials(town, stage):
    vote(town, 0, 0, 1)
    close_poll(poll_id=town.poll.pk, actor=town.official, at=town.poll.closes_at)
    if stage == "counted":
        count_poll(poll_id=town.poll.pk, actor=town.official, at=town.poll.closes_at)
    for client in (Client(), signed_in(town.official)):
        assert client.get(f"/api/v1/polls/{town.poll.pk}/").json()["result"] is None
        assert client.get(f"{ASSEMBLIES}{town.assembly.pk}/").json()["polls"][0]["result"] is None


def test_a_published_result(client, db):
    town = make_town(adopted_count=1)
    vote(town, 1, 1, 0)
    published(town)
    result = client.get(f"/api/v1/polls/{town.poll.pk}/").json()["result"]
    assert (result["ballots"], result["invalid_ballots"]) == (3, 0)
    assert result["counted_at"] == "2026-06-11T12:00:00+09:00"
    assert town.poll.options.get(position=2).item.title in result["decision"]
    rows = [
        (row["number"], row["rank"], row["votes"], row["share_permille"], row["adopted"], row["tied"])
        for row in result["items"]
    ]
    assert rows == [(2, 1, 2, 667, True, False), (1, 2, 1, 333, False, False), (3, 3, 0, 0, False, False)]


def test_a_result_for_and_against(client, db):
    town = make_town(items=1, kind=PollKind.FOR_AGAINST, max_choices=None)
    option = str(town.options()[0])
    for voter, answer in zip(town.voters, ["for", "for", "abstain"], strict=True):
        cast_ballot(poll_id=town.poll.pk, voter=voter, choices={option: answer}, submission=uuid.uuid4(), at=LATER)
    published(town)
    (row,) = client.get(f"/api/v1/polls/{town.poll.pk}/").json()["result"]["items"]
    assert (row["votes"], row["against"], row["abstained"], row["share_permille"]) == (2, 0, 1, 1000)
    assert row["adopted"] is True


def test_nothing_about_a_person_is_said(client, db):
    town = make_town()
    vote(town, 0, 1, 2)
    published(town)
    said = client.get(f"{ASSEMBLIES}{town.assembly.pk}/").content.decode() + client.get(ASSEMBLIES).content.decode()
    for person in [*town.voters, town.official]:
        for secret in (person.email, str(person.pseudonym), json.dumps(person.name)[1:-1], person.name):
            assert secret not in said
    for receipt in town.poll.participations.values_list("receipt", flat=True):
        assert receipt not in said


# --- Filters, order, pages --------------------------------------------------------------------------------------------


@pytest.fixture
def three(db):
    """Three assemblies: 2024 concluded, 2025 of a school in another municipality, 2026 announced."""
    here, there = DongFactory(code="2914010100"), DongFactory(code="1111051500")
    return {
        "old": announced(dong=here, held_at=datetime(2024, 12, 31, 23, 59, tzinfo=NOON.tzinfo)),
        "school": announced(dong=there, kind="school", held_at=datetime(2025, 1, 1, 0, 0, tzinfo=NOON.tzinfo)),
        "new": announced(dong=here, held_at=NOON),
    }


def named(response, three):
    assert response.status_code == 200
    names = {assembly.pk: name for name, assembly in three.items()}
    return [names[row["id"]] for row in response.json()["results"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["new", "school", "old"]),
        ({"dong": "2914010100"}, ["new", "old"]),
        ({"dong": "nowhere"}, []),
        ({"kind": "school"}, ["school"]),
        ({"status": "announced"}, ["new", "school", "old"]),
        ({"status": "cancelled"}, []),
        ({"year": "2024"}, ["old"]),
        ({"year": "2025"}, ["school"]),
        ({"year": "2025", "kind": "residents"}, []),
        ({"ordering": "held_at"}, ["old", "school", "new"]),
        ({"ordering": "-announced_at"}, ["new", "school", "old"]),
        ({"ordering": "id"}, ["old", "school", "new"]),
        ({"format": "json"}, ["new", "school", "old"]),
    ],
)
def test_lists_are_narrowed_and_ordered(client, three, query, found):
    assert named(client.get(ASSEMBLIES, query), three) == found


def test_a_municipality_is_found_by_its_code(client, three):
    code = three["school"].dong.parent.code
    assert named(client.get(ASSEMBLIES, {"municipality": code}), three) == ["school"]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "open"},
        {"kind": "feast"},
        {"year": "last"},
        {"year": "2025.5"},
        {"year": "0"},
        {"year": "99999"},
        {"ordering": "title"},
        {"ordering": "held_at,password"},
        {"dong": "1" * 21},
        {"dong": "\x00"},
        {"municipality": "1" * 21},
        {"yaer": "2025"},
    ],
)
def test_a_filter_that_is_not_valid_is_refused(client, three, query):
    body = refused(client.get(ASSEMBLIES, query), 400, "invalid")
    assert list(body["fields"]) == list(query)
    assert all(texts and all(texts) for texts in body["fields"].values())


@pytest.mark.parametrize("page", ["0", "2", "-1", "one", "9" * 30])
def test_a_page_that_is_not_there_is_refused(client, three, page):
    refused(client.get(ASSEMBLIES, {"page": page}), 404, "no_such_page")


def test_every_row_stands_on_one_page_only(client, db):
    dong, rule_set = DongFactory(), RuleSetFactory()
    for _number in range(60):
        announced(dong=dong, rule_set=rule_set)
    pages = [client.get(ASSEMBLIES, {"ordering": "held_at", "page": page}).json()["results"] for page in (1, 2)]
    assert [len(page) for page in pages] == [50, 10]
    assert len({row["id"] for page in pages for row in page}) == 60


# --- Who sees what ----------------------------------------------------------------------------------------------------


def test_the_querysets_say_what_the_permissions_say(db):
    where = places()
    who = accounts(where)
    things(where, who)
    for name, user in who.items():
        for permission, visible in (("view_assembly", visible_assemblies), ("view_poll", visible_polls)):
            every = Assembly.objects.all() if permission == "view_assembly" else Poll.objects.all()
            allowed = {thing.pk for thing in every if rules.has_perm(f"assemblies.{permission}", user, thing)}
            assert set(visible(user).values_list("pk", flat=True)) == allowed, (name, permission)


@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICIAL, Role.DONG_OFFICIAL, Role.COUNCIL_OFFICER, Role.AUDITOR])
def test_officials_see_drafts_of_their_own_place(db, role):
    town = make_town(upto="draft")
    region = town.assembly.dong.parent if role in {Role.DISTRICT_OFFICIAL, Role.AUDITOR} else town.assembly.dong
    client = signed_in(official(role, region))
    assert client.get(f"{ASSEMBLIES}{town.assembly.pk}/").json()["polls"][0]["id"] == town.poll.pk
    assert client.get(f"/api/v1/polls/{town.poll.pk}/").json()["status"] == "preparing"
    assert client.get(ASSEMBLIES, {"status": "preparing"}).json()["count"] == 1


@pytest.mark.parametrize("visitor", ["anonymous", "resident", "other dong", "other district"])
def test_drafts_of_others_are_not_there(db, visitor):
    town = make_town(upto="draft")
    client = {
        "anonymous": Client,
        "resident": lambda: signed_in(resident(town.assembly.dong)),
        "other dong": lambda: signed_in(official(Role.DONG_OFFICIAL, DongFactory(parent=town.assembly.dong.parent))),
        "other district": lambda: signed_in(official(Role.DISTRICT_OFFICIAL, DongFactory().parent)),
    }[visitor]()
    refused(client.get(f"{ASSEMBLIES}{town.assembly.pk}/"), 404, "not_found")
    refused(client.get(f"/api/v1/polls/{town.poll.pk}/"), 404, "not_found")
    assert client.get(ASSEMBLIES).json()["count"] == 0


def test_a_poll_in_preparation_of_an_announced_assembly_is_for_officials(client, town):
    draft = PollFactory(assembly=town.assembly, items=0)
    refused(client.get(f"/api/v1/polls/{draft.pk}/"), 404, "not_found")
    assert [poll["id"] for poll in client.get(f"{ASSEMBLIES}{town.assembly.pk}/").json()["polls"]] == [town.poll.pk]
    seen = signed_in(town.official).get(f"{ASSEMBLIES}{town.assembly.pk}/").json()["polls"]
    assert {poll["id"] for poll in seen} == {town.poll.pk, draft.pk}


# --- Refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "assemblies/0/",
        "assemblies/99999999999999999999999/",
        f"assemblies/{'9' * 5000}/",
        "assemblies/one/",
        "polls/0/",
        "polls/",
        "nothing/of/the/kind/",
        "",
    ],
)
def test_what_is_not_there_is_json_too(client, db, address):
    refused(client.get(f"/api/v1/{address}"), 404, "not_found")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["assemblies/", "assemblies/{assembly}/", "polls/{poll}/"])
def test_nothing_can_be_written(town, method, address):
    address = "/api/v1/" + address.format(assembly=town.assembly.pk, poll=town.poll.pk)
    for client in (Client(), signed_in(town.official)):
        response = getattr(client, method)(address, data={"title": "other"}, content_type="application/json")
        refused(response, 405, "method_not_allowed")
    town.assembly.refresh_from_db()
    assert town.assembly.title == "주민총회"


def test_only_json_is_spoken(client, db):
    refused(client.get(ASSEMBLIES, headers={"accept": "text/html"}), 406, "not_acceptable")


def test_too_many_requests_are_told_when_to_come_back(client, db, monkeypatch):
    monkeypatch.setattr(AnonRateThrottle, "THROTTLE_RATES", api_settings.DEFAULT_THROTTLE_RATES | {"anon": "2/min"})
    statuses = [client.get(ASSEMBLIES).status_code for _number in range(2)]
    assert statuses == [200, 200]
    response = client.get(ASSEMBLIES)
    refused(response, 429, "throttled")
    assert 0 < int(response["Retry-After"]) <= 60


# --- Queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 200])
def test_the_list_needs_two_queries_however_long(client, db, number, django_assert_num_queries):
    dong, rule_set = DongFactory(), RuleSetFactory()
    for _number in range(number):
        announced(dong=dong, rule_set=rule_set)
    with django_assert_num_queries(2):
        assert client.get(ASSEMBLIES).json()["count"] == number


def counted_town(items):
    """A town with a published vote for and against each of `items`."""
    town = make_town(items=items, kind=PollKind.FOR_AGAINST, max_choices=None)
    choices = {str(option): "for" for option in town.options()}
    cast_ballot(poll_id=town.poll.pk, voter=town.voters[0], choices=choices, submission=uuid.uuid4(), at=LATER)
    published(town)
    return town


@pytest.mark.parametrize("items", [1, 30])
def test_an_assembly_needs_eight_queries_however_long_its_agenda(client, db, items, django_assert_num_queries):
    town = counted_town(items)
    for _number in range(items):
        PollFactory(assembly=town.assembly, items=0, status=PollStatus.OPEN)
        RollEntryFactory(assembly=town.assembly)
    with django_assert_num_queries(8):
        assert len(client.get(f"{ASSEMBLIES}{town.assembly.pk}/").json()["agenda"]) == items


@pytest.mark.parametrize("items", [1, 30])
def test_an_open_poll_needs_five_queries_however_many_items(client, db, items, django_assert_num_queries):
    town = make_town(items=items, kind=PollKind.FOR_AGAINST, max_choices=None)
    with django_assert_num_queries(5):
        assert client.get(f"/api/v1/polls/{town.poll.pk}/").json()["items"] == list(range(1, items + 1))


@pytest.mark.parametrize("items", [1, 30])
def test_a_result_needs_four_queries_however_many_items(client, db, items, django_assert_num_queries):
    town = counted_town(items)
    with django_assert_num_queries(4):
        assert len(client.get(f"/api/v1/polls/{town.poll.pk}/").json()["result"]["items"]) == items
