"""A head who came after all, though somebody was sent in their place: both are recorded, and the list is right."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from forums.admin.dues import members_at
from forums.attendance import Order
from forums.models import Registration
from forums.queries.registrations import attendees_of
from forums.services.at_the_door import head_came_after_all
from forums.services.forums import cancel_forum, change_forum, mark_held, publish_forum
from forums.services.registrations import Coming, Person, Reply, answer_for_office, register_attendee
from forums.states import AttendeeRole, RegistrationStatus
from meetings.services import check_in
from residents.states import Role
from tests.factories import NOON, SEOUL, UserFactory, acting_for, official, serving_member
from tests.forums.events import planned

pytestmark = pytest.mark.django_db

ON_THE_DAY = datetime(2026, 7, 10, 14, 0, tzinfo=SEOUL)
LATER = ON_THE_DAY + timedelta(hours=1)
AFTER = datetime(2026, 7, 12, 9, 0, tzinfo=SEOUL)


def with_proxy(*, first_day=None, **fields):
    """(the event, the member, the line of who comes in the head's place)"""
    forum = planned(**({"starts_on": first_day, "ends_on": first_day + timedelta(days=1)} if first_day else {}))
    if fields:
        change_forum(forum_id=forum.pk, changes=fields, actor=None, at=NOON)
    member = serving_member(name="김갑수")
    at = timezone.now() if first_day else NOON
    publish_forum(forum_id=forum.pk, actor=None, at=at)
    reply = Reply(Coming.PROXY, proxy=Person("부구청장", "부구청장"), contact="office@example.org")
    proxy = answer_for_office(
        forum_id=forum.pk, member_id=member.pk, reply=reply, actor=None, at=at, at_the_desk=bool(first_day)
    )
    forum.refresh_from_db()
    return forum, member, proxy


def came(registration, at=ON_THE_DAY):
    registration.refresh_from_db()
    check_in(participant_id=registration.participant_id, way="desk", actor=None, at=at)


def head_came(proxy, at=LATER):
    return head_came_after_all(registration_id=proxy.pk, actor=None, at=at)


def names(lines):
    return [(line.name, bool(line.came_on)) for line in lines]


def test_beside_a_proxy_who_is_there_both_are_recorded() -> None:
    forum, member, proxy = with_proxy()
    came(proxy)

    head, is_there = head_came(proxy)

    assert is_there
    assert (head.name, head.position, head.role, head.is_proxy) == ("김갑수", "구청장", AttendeeRole.HEAD, False)
    found = attendees_of(forum, Order.REGION)
    assert names(found.heads) == [("김갑수", True)]
    assert names(found.staff) == [("부구청장", True)]
    assert found.proxies == 0
    proxy.refresh_from_db()
    assert proxy.participant.proxy_for == ""
    assert proxy.participant.attendances.get().arrived_at == ON_THE_DAY
    assert head.participant.attendances.get().arrived_at == LATER
    assert members_at(forum) == [member]
    entry = AuditEntry.objects.get(action="forums.head_came")
    assert entry.details == {"proxy_stays": True, "checked_in": True}


def test_a_proxy_who_never_came_makes_way() -> None:
    forum, _member, proxy = with_proxy()
    proxy.refresh_from_db()
    their_pass = proxy.participant.token
    head, _is_there = head_came(proxy)
    assert (head.pk, head.name, head.is_proxy) == (proxy.pk, "김갑수", False)
    assert head.participant.token != their_pass
    assert names(attendees_of(forum, Order.REGION).heads) == [("김갑수", True)]
    assert forum.registrations.count() == 1


def test_the_head_stands_where_the_proxy_stood_and_the_account_is_theirs() -> None:
    _forum, member, proxy = with_proxy()
    user = acting_for(member, is_head=True)
    Registration.objects.filter(pk=proxy.pk).update(source_position=7)
    came(proxy)
    head, _is_there = head_came(proxy)
    proxy.refresh_from_db()
    assert (head.source_position, proxy.source_position) == (7, None)
    assert head.participant.user == user


def test_who_stands_at_the_door_of_a_full_event_has_a_place() -> None:
    _forum, _member, proxy = with_proxy(places=1)
    came(proxy)
    head, is_there = head_came(proxy)
    assert (head.status, is_there) == (RegistrationStatus.REGISTERED, True)


def test_after_the_event_the_list_is_put_right_and_the_times_come_from_the_sheet() -> None:
    forum, _member, proxy = with_proxy()
    came(proxy)
    mark_held(forum_id=forum.pk, actor=None, at=AFTER)
    head, is_there = head_came(proxy, at=AFTER)
    assert not is_there
    assert head.participant is not None
    assert not head.participant.attendances.exists()


def test_before_the_event_nobody_is_checked_in() -> None:
    _forum, _member, proxy = with_proxy()
    _head, is_there = head_came(proxy, at=NOON)
    assert not is_there


def test_a_line_that_is_no_proxys_is_refused() -> None:
    forum, _member, proxy = with_proxy()
    came(proxy)
    head, _is_there = head_came(proxy)
    staff = register_attendee(forum_id=forum.pk, role="staff", name="수행원", actor=None, at=NOON)
    for line in (head, proxy, staff):
        with pytest.raises(RuleViolation) as refused:
            head_came(line)
        assert refused.value.code == "no_proxy"


def test_the_list_of_an_event_that_was_called_off_stays() -> None:
    forum, _member, proxy = with_proxy()
    cancel_forum(forum_id=forum.pk, reason="태풍", actor=None, at=NOON)
    with pytest.raises(RuleViolation):
        head_came(proxy)


def test_other_ways_to_put_the_head_on_the_list_say_which_step_to_take() -> None:
    forum, member, proxy = with_proxy()
    came(proxy)
    with pytest.raises(RuleViolation) as refused:
        register_attendee(forum_id=forum.pk, role="head", name=member.name, member=member, actor=None, at=LATER)
    with pytest.raises(RuleViolation) as said:
        answer_for_office(
            forum_id=forum.pk, member_id=member.pk, reply=Reply(Coming.HEAD), actor=None, at=LATER, at_the_desk=True
        )
    assert said.value.code == "proxy_is_there"
    assert refused.value.text == said.value.text


class TestAtTheDoor:
    @pytest.fixture
    def desk(self, client, settings):
        settings.OFFICIALS_NEED_SECOND_FACTOR = False
        client.force_login(official(Role.CLUB_SECRETARIAT))
        return client

    @pytest.mark.parametrize("is_there", [True, False])
    def test_the_step_stands_beside_the_proxy_and_leads_back_to_the_door(self, desk, is_there) -> None:
        forum, _member, proxy = with_proxy(first_day=timezone.localdate())
        if is_there:
            came(proxy, at=timezone.now())
        door = reverse("meetings:desk", args=[forum.meeting_id])
        step = reverse("admin:forums_registration_head-came", args=[proxy.pk])
        assert step in desk.get(door).content.decode()
        assert desk.get(step).status_code == 200
        response = desk.post(step)
        assert (response.status_code, response.url) == (302, door)
        html = desk.get(door).content.decode()
        assert step not in html
        assert "김갑수" in html
        assert ("부구청장" in html) is is_there
        assert desk.post(step).status_code == 409

    def test_it_is_the_secretariats(self, client) -> None:
        _forum, member, proxy = with_proxy()
        for user in (acting_for(member), UserFactory()):
            client.force_login(user)
            response = client.post(reverse("admin:forums_registration_head-came", args=[proxy.pk]))
            assert response.status_code in {302, 403, 404}
            proxy.refresh_from_db()
            assert proxy.is_proxy

    def test_the_door_costs_the_same_with_many_proxies(self, desk, django_assert_max_num_queries) -> None:
        forum, _member, _proxy = with_proxy(first_day=timezone.localdate())
        door = reverse("meetings:desk", args=[forum.meeting_id])
        desk.get(door)
        with django_assert_max_num_queries(30) as one:
            desk.get(door)
        for number in range(10):
            register_attendee(
                forum_id=forum.pk,
                role="head",
                is_proxy=True,
                name=f"부구청장{number}",
                member=serving_member(),
                actor=None,
                at=timezone.now(),
            )
        desk.get(door)  # notes in the access log how many were read
        with django_assert_max_num_queries(30) as many:
            desk.get(door)
        assert len(many) == len(one)
