"""Who comes: answers of offices, lists taken over, the meeting behind an event, the pages on it."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.audit.models import AccessEntry
from core.errors import RuleViolation
from core.notices.models import Delivery
from forums.attendance import Attendee, Order, in_order
from forums.models import Registration
from forums.queries.registrations import attendees_of, next_forum, unanswered
from forums.services.admission import remind_unanswered
from forums.services.forums import cancel_forum, change_forum, mark_held, publish_forum
from forums.services.registrations import (
    Coming,
    Person,
    Reply,
    answer_for_office,
    cancel_registration,
    change_registration,
    closes_at,
    register_attendee,
    set_listed_attendance,
    set_printed_total,
)
from forums.states import AttendeeRole, RegistrationStatus
from meetings.models import Attendance
from meetings.services import check_in
from meetings.states import MeetingStatus
from residents.states import Role
from tests.factories import NOON, SEOUL, RoleFactory, UserFactory, acting_for, serving_member
from tests.forums.events import planned

pytestmark = pytest.mark.django_db

ON_THE_DAY = datetime(2026, 7, 10, 12, 30, tzinfo=SEOUL)
STAFF = (Person("수행원", "수행비서"), Person("팀장", "기획팀장", "team@example.org"))


def published(**fields):
    forum = planned(**fields)
    publish_forum(forum_id=forum.pk, actor=None, at=NOON)
    forum.refresh_from_db()
    return forum


def answer(forum, member, coming=Coming.HEAD, at=NOON, at_the_desk=False, **reply):
    return answer_for_office(
        forum_id=forum.pk,
        member_id=member.pk,
        reply=Reply(coming, **reply),
        actor=None,
        at=at,
        at_the_desk=at_the_desk,
    )


def secretary():
    return RoleFactory(role=Role.CLUB_SECRETARIAT, region=None).user


# --- The answer of an office ------------------------------------------------------------------------------------------


def test_head_and_officials_are_registered_with_their_office() -> None:
    forum, member = published(), serving_member(name="김갑수")
    head = answer(forum, member, staff=STAFF, contact="Office@example.org")
    assert (head.name, head.role, head.status) == ("김갑수", AttendeeRole.HEAD, RegistrationStatus.REGISTERED)
    assert head.organisation == member.terms.get().term.region.name
    assert (head.contact, head.position) == ("office@example.org", "구청장")
    assert list(forum.registrations.filter(role=AttendeeRole.STAFF).values_list("name", flat=True)) == [
        "수행원",
        "팀장",
    ]


def test_a_later_answer_replaces_the_one_before() -> None:
    forum, member = published(), serving_member()
    first = answer(forum, member, staff=STAFF)
    kept = forum.registrations.get(name="팀장")
    second = answer(
        forum, member, Coming.PROXY, proxy=Person("부단체장", "부시장"), staff=[Person("팀장", "실장", key=kept.pk)]
    )
    assert second.pk == first.pk
    assert (second.is_proxy, second.name) == (True, "부단체장")
    kept.refresh_from_db()
    assert kept.position == "실장"
    assert forum.registrations.get(name="수행원").status == RegistrationStatus.CANCELLED


def test_nobody_comes_and_then_the_head_does() -> None:
    forum, member = published(), serving_member()
    assert answer(forum, member, Coming.NOBODY).status == RegistrationStatus.DECLINED
    assert answer(forum, member).status == RegistrationStatus.REGISTERED
    assert answer(forum, member, Coming.NOBODY).status == RegistrationStatus.DECLINED
    assert forum.registrations.count() == 1


def test_the_meeting_of_the_event_has_everybody_on_its_list() -> None:
    forum, member = published(), serving_member(name="김갑수")
    user = acting_for(member, is_head=True)
    answer(forum, member, staff=STAFF)
    forum.refresh_from_db()
    meeting = forum.meeting
    assert meeting.status == MeetingStatus.CALLED
    assert [one.name for one in meeting.participants.all()] == ["김갑수", "수행원", "팀장"]
    assert meeting.participants.get(name="김갑수").user == user
    assert meeting.sittings.count() == 2


def test_who_is_taken_back_leaves_the_list_of_the_meeting() -> None:
    forum, member = published(), serving_member(name="김갑수")
    head = answer(forum, member, staff=STAFF)
    answer(forum, member, Coming.NOBODY)
    forum.refresh_from_db()
    assert list(forum.meeting.participants.all()) == []
    head.refresh_from_db()
    assert head.participant is None


def test_a_proxy_is_another_participant_than_the_head() -> None:
    forum, member = published(), serving_member(name="김갑수")
    acting_for(member, is_head=True)
    answer(forum, member)
    answer(forum, member, Coming.PROXY, proxy=Person("부시장"))
    forum.refresh_from_db()
    participant = forum.meeting.participants.get()
    assert (participant.name, participant.user, participant.proxy_for) == ("부시장", None, "김갑수")


def test_who_checked_in_can_no_longer_be_taken_back() -> None:
    forum, member = published(), serving_member()
    head = answer(forum, member)
    check_in(participant_id=head.participant_id, way="desk", actor=None, at=ON_THE_DAY)
    with pytest.raises(RuleViolation):
        answer(forum, member, Coming.NOBODY, at=ON_THE_DAY, at_the_desk=True)
    head.refresh_from_db()
    assert head.status == RegistrationStatus.REGISTERED


def test_after_the_closing_only_the_desk_answers() -> None:
    forum, member = published(register_until=NOON + timedelta(days=1)), serving_member()
    answer(forum, member, at=NOON + timedelta(days=1) - timedelta(seconds=1))
    with pytest.raises(RuleViolation) as refused:
        answer(forum, member, at=NOON + timedelta(days=1))
    assert refused.value.code == "registration_closed"
    answer(forum, member, Coming.NOBODY, at=NOON + timedelta(days=2), at_the_desk=True)


def test_without_a_closing_one_registers_until_the_event_begins() -> None:
    forum = published()
    assert closes_at(forum) == datetime(2026, 7, 10, 13, 20, tzinfo=SEOUL)


def test_nobody_registers_for_a_draft_or_what_was_called_off() -> None:
    draft, off, member = planned(), published(), serving_member()
    cancel_forum(forum_id=off.pk, reason="태풍", actor=None, at=NOON)
    for forum, at_the_desk in ((draft, False), (off, False), (off, True)):
        with pytest.raises(RuleViolation):
            answer(forum, member, at_the_desk=at_the_desk)
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    "reply",
    [
        {"coming": Coming.PROXY},
        {"coming": Coming.PROXY, "proxy": Person("  ")},
        {"staff": [Person(" ")]},
        {"staff": [Person("가")] * 41},
    ],
)
def test_what_is_incomplete_is_refused_whole(reply) -> None:
    forum, member = published(), serving_member()
    with pytest.raises(RuleViolation):
        answer(forum, member, **reply)
    assert not Registration.objects.exists()


def test_a_published_move_of_the_event_moves_its_meeting() -> None:
    forum, member = published(), serving_member()
    title = forum.title
    answer(forum, member)
    change_forum(
        forum_id=forum.pk,
        changes={
            "title": "옮긴 포럼",
            "starts_on": forum.starts_on + timedelta(days=7),
            "ends_on": forum.ends_on + timedelta(days=7),
        },
        actor=None,
        at=NOON,
    )
    forum.refresh_from_db()
    assert (forum.meeting.title, forum.meeting.starts_at.day) == (title, 10)
    publish_forum(forum_id=forum.pk, actor=None, at=NOON)
    forum.refresh_from_db()
    assert forum.meeting.title == "옮긴 포럼"
    assert forum.meeting.starts_at == datetime(2026, 7, 17, 13, 20, tzinfo=SEOUL)
    assert forum.meeting.sittings.count() == 2
    cancel_forum(forum_id=forum.pk, reason="태풍", actor=None, at=NOON)
    forum.meeting.refresh_from_db()
    assert forum.meeting.status == MeetingStatus.CANCELLED


def test_a_list_is_kept_before_the_programme_is_published() -> None:
    forum, member = planned(), serving_member()
    register_attendee(forum_id=forum.pk, role="head", name=member.name, member=member, actor=None, at=NOON)
    forum.refresh_from_db()
    assert forum.meeting is None
    publish_forum(forum_id=forum.pk, actor=None, at=NOON)
    forum.refresh_from_db()
    assert forum.meeting.participants.count() == 1


# --- Lists that are taken over ----------------------------------------------------------------------------------------


def test_who_is_known_by_their_post_alone_stands_on_the_list() -> None:
    forum = planned()
    one = register_attendee(
        forum_id=forum.pk,
        role="head",
        name="",
        area="경기",
        organisation="시흥시",
        position="수행비서",
        is_proxy=True,
        source_position=3,
        actor=None,
        at=NOON,
    )
    assert str(one) == "수행비서"
    with pytest.raises(RuleViolation):
        register_attendee(forum_id=forum.pk, role="staff", name=" ", actor=None, at=NOON)


def test_a_head_stands_once_on_a_list() -> None:
    forum, member = planned(), serving_member()
    fields = {"forum_id": forum.pk, "role": "head", "name": member.name, "member": member, "actor": None, "at": NOON}
    first = register_attendee(**fields)
    with pytest.raises(RuleViolation):
        register_attendee(**fields)
    cancel_registration(registration_id=first.pk, actor=None, at=NOON, at_the_desk=True)
    register_attendee(**fields)


def test_a_proxy_comes_in_a_heads_place_only() -> None:
    with pytest.raises(RuleViolation):
        register_attendee(forum_id=planned().pk, role="staff", name="가", is_proxy=True, actor=None, at=NOON)


def test_what_is_changed_on_the_list_is_changed_at_the_door() -> None:
    forum, member = published(), serving_member()
    head = answer(forum, member)
    change_registration(registration_id=head.pk, changes={"remark": "주관"}, actor=None, at=NOON)
    head.refresh_from_db()
    assert head.participant.remark == "주관"
    with pytest.raises(ValueError, match="status"):
        change_registration(registration_id=head.pk, changes={"status": "cancelled"}, actor=None, at=NOON)


def test_figures_of_sources_need_their_source_and_an_event_that_was() -> None:
    forum = planned()
    given_figures = {"heads": 1, "officials": 2, "actor": None}
    with pytest.raises(RuleViolation):
        set_listed_attendance(forum_id=forum.pk, source="안내서", at=NOON, **given_figures)
    with pytest.raises(RuleViolation):
        set_listed_attendance(forum_id=forum.pk, source=" ", at=ON_THE_DAY, **given_figures)
    set_listed_attendance(forum_id=forum.pk, source="안내서", at=ON_THE_DAY, **given_figures)
    again = set_listed_attendance(forum_id=forum.pk, source="안내서", at=ON_THE_DAY, heads=3, officials=4, actor=None)
    assert (again.heads, again.officials) == (3, 4)
    with pytest.raises(RuleViolation):
        set_printed_total(term="민선7기", source="", at=NOON, **given_figures)
    assert set_printed_total(term="민선7기", source="안내서", at=NOON, **given_figures).heads == 1


# --- The order of lists -----------------------------------------------------------------------------------------------


def line(key, rank, area, organisation, name="", **fields):
    return Attendee(key=key, rank=rank, area=area, organisation=organisation, name=name, **fields)


PRINTED = [
    line(1, 0, "경기", "오산시", "곽상욱", is_host=True, source_position=1),
    line(2, 0, "경기", "화성시", "채인석", source_position=2),
    line(3, 0, "광주", "광산구", "", is_proxy=True, position="비서실장", source_position=5),
    line(4, 0, "서울", "서대문구", "문석진", is_presenter=True, source_position=6),
    line(5, 0, "서울", "도봉구", "이동진", source_position=8),
    line(6, 1, "경기", "화성시", position="수행", source_position=23),
    line(7, 1, "서울", "도봉구", position="보좌관", source_position=50),
    line(8, 1, "서울", "서대문구", position="비서실장", source_position=30),
    line(9, 2, "", "", "손님"),
]


def keys(order, attendees=PRINTED):
    return [one.key for one in in_order(attendees, order)]


def test_the_order_of_the_source_is_kept() -> None:
    assert keys(Order.SOURCE) == [1, 2, 3, 4, 5, 6, 8, 7, 9]


def test_by_region_the_host_comes_first_and_presenters_lead_their_area() -> None:
    """Book of the 24th forum: host first, presenters before the others of their area, officials as their heads."""
    assert keys(Order.REGION) == [1, 2, 3, 4, 5, 6, 8, 7, 9]


def test_by_name_is_the_order_of_the_syllables() -> None:
    assert keys(Order.NAME)[:5] == [1, 4, 5, 2, 3]


def test_by_office_groups_the_same_posts() -> None:
    posts = [one.position for one in in_order(PRINTED, Order.OFFICE) if one.rank == 1]
    assert posts == ["보좌관", "비서실장", "수행"]


attendees = st.lists(
    st.builds(
        Attendee,
        key=st.integers(1, 10**6),
        rank=st.integers(0, 2),
        name=st.sampled_from(["", "가", "나", "다"]),
        area=st.sampled_from(["", "경기", "서울"]),
        organisation=st.sampled_from(["", "갑시", "을구"]),
        position=st.sampled_from(["", "시장"]),
        is_host=st.booleans(),
        is_presenter=st.booleans(),
        source_position=st.none() | st.integers(1, 5),
    ),
    unique_by=lambda one: one.key,
    max_size=12,
)


@given(attendees, st.sampled_from(Order), st.randoms(use_true_random=False))
def test_each_order_is_a_place_for_everybody_whatever_they_come_in(found, order, random) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    once = in_order(found, order)
    assert once == in_order(shuffled, order)
    assert sorted(one.key for one in once) == sorted(one.key for one in found)
    assert [one.rank for one in once] == sorted(one.rank for one in found)


# --- The list and its readers -----------------------------------------------------------------------------------------


def test_host_and_presenter_are_remarked_by_themselves() -> None:
    forum = published()
    host = serving_member(region=forum.host, name="주관시장")
    presenter = forum.contributions.get().member
    for member in (host, presenter):
        answer(forum, member)
    lines = attendees_of(forum, Order.REGION).lines
    assert [(one.name, bool(one.remark)) for one in lines] == [("주관시장", True), (presenter.name, True)]
    assert lines[0].remark != lines[1].remark


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_the_same_queries_for_any_number(django_assert_num_queries, count) -> None:
    forum = published()
    for _number in range(count):
        register_attendee(forum_id=forum.pk, role="staff", name="가", actor=None, at=NOON)
    forum.refresh_from_db()
    with django_assert_num_queries(5):
        attendees_of(type(forum).objects.select_related("host__parent").get(pk=forum.pk), Order.REGION)


def test_members_read_the_list_and_each_reading_is_logged(client) -> None:
    forum, member = published(), serving_member(name="김갑수")
    answer(forum, member)
    user = acting_for(member)
    client.force_login(user)
    response = client.get(reverse("forums:attendees", args=[forum.pk]))
    assert "김갑수" in response.content.decode()
    entry = AccessEntry.objects.get()
    assert (entry.account, entry.what, entry.count) == (user.pseudonym, "forums.registration", 1)


def test_everybody_else_finds_no_list(client) -> None:
    forum = published()
    url = reverse("forums:attendees", args=[forum.pk])
    assert client.get(url).status_code == 404
    client.force_login(UserFactory())
    assert client.get(url).status_code == 404
    assert client.post(reverse("forums:book", args=[forum.pk])).status_code == 404
    assert client.post(reverse("forums:remind", args=[forum.pk])).status_code == 404


def test_an_unknown_order_is_not_found(client) -> None:
    client.force_login(secretary())
    url = reverse("forums:attendees", args=[published().pk])
    assert client.get(url, {"order": "nonsense"}).status_code == 404
    for order in Order:
        assert client.get(url, {"order": order.value}).status_code == 200


# --- The page of the office -------------------------------------------------------------------------------------------


def sent(coming="head", staff=(), **fields):
    rows = {"staff-TOTAL_FORMS": str(max(2, len(staff))), "staff-INITIAL_FORMS": "0"}
    for number, values in enumerate(staff):
        rows |= {f"staff-{number}-{name}": value for name, value in values.items()}
    return {"coming": coming, "contact": "", "proxy_name": "", "proxy_position": "", **rows, **fields}


@pytest.fixture
def open_now(monkeypatch):
    """The pages ask the clock; the event lies ahead of it."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def test_an_office_answers_on_its_page(client, open_now) -> None:
    forum, member = published(), serving_member(name="김갑수")
    client.force_login(acting_for(member))
    url = reverse("forums:register", args=[forum.pk])
    assert client.get(url).status_code == 200
    response = client.post(url, sent(staff=[{"name": "수행원", "position": "수행비서", "contact": ""}]))
    assert response.status_code == 302
    assert set(forum.registrations.values_list("name", flat=True)) == {"김갑수", "수행원"}
    page = client.get(url).content.decode()
    assert "수행원" in page


def test_a_proxy_without_a_name_is_asked_for(client, open_now) -> None:
    forum, member = published(), serving_member()
    client.force_login(acting_for(member))
    response = client.post(reverse("forums:register", args=[forum.pk]), sent("proxy"))
    assert response.status_code == 400
    assert not Registration.objects.exists()


def test_nobody_answers_for_another_office(client, open_now) -> None:
    forum, own, other = published(), serving_member(), serving_member()
    client.force_login(acting_for(own))
    url = reverse("forums:register", args=[forum.pk])
    for asked in (other.pk, "1x", "9" * 30):
        assert client.post(f"{url}?member={asked}", sent()).status_code == 404
    assert not Registration.objects.exists()


def test_the_secretariat_answers_for_any_office(client, open_now) -> None:
    forum, member = published(), serving_member()
    client.force_login(secretary())
    url = f"{reverse('forums:register', args=[forum.pk])}?member={member.pk}"
    assert client.post(url, sent("nobody")).status_code == 302
    assert forum.registrations.get().status == RegistrationStatus.DECLINED


def test_rows_beyond_reason_are_refused(client, open_now) -> None:
    forum, member = published(), serving_member()
    client.force_login(acting_for(member))
    fields = {"staff-TOTAL_FORMS": "100000"}
    assert client.post(reverse("forums:register", args=[forum.pk]), sent(**fields)).status_code == 400


# --- Who has not answered ---------------------------------------------------------------------------------------------


def test_who_has_not_answered_are_regular_members_without_a_word() -> None:
    forum = published()
    answering, declining, silent = (serving_member(name=name) for name in ("가", "나", "다"))
    answer(forum, answering)
    answer(forum, declining, Coming.NOBODY)
    presenter = forum.contributions.get().member
    assert list(unanswered(forum)) == [silent, presenter]
    assert next_forum(NOON.date()) == forum


def test_reminders_go_out_once_a_week() -> None:
    forum, actor = published(), secretary()
    silent = serving_member()
    silent.mails.create(address="silent@example.org")
    assert remind_unanswered(forum_id=forum.pk, actor=actor, at=NOON) == 1
    with pytest.raises(RuleViolation) as refused:
        remind_unanswered(forum_id=forum.pk, actor=actor, at=NOON + timedelta(days=6))
    assert refused.value.code == "reminded_already"
    remind_unanswered(forum_id=forum.pk, actor=actor, at=NOON + timedelta(days=7))
    assert Delivery.objects.filter(address="silent@example.org").count() == 2


def test_when_the_event_was_held_its_meeting_is_closed_and_everybody_left() -> None:
    forum, member = published(), serving_member()
    registration = answer(forum, member)
    registration.refresh_from_db()
    forum.refresh_from_db()
    meeting = forum.meeting
    check_in(participant_id=registration.participant_id, way="desk", actor=None, at=meeting.starts_at)
    mark_held(forum_id=forum.pk, actor=None, at=meeting.ends_at + timedelta(days=2))
    meeting.refresh_from_db()
    attendance = Attendance.objects.get()
    assert meeting.status == MeetingStatus.CLOSED
    assert meeting.closed_at == meeting.ends_at
    # Who came on the first day and was not noted on the second left with the first.
    assert attendance.left_at == meeting.sittings.order_by("starts_at")[0].ends_at
