"""What happens to events in real life: open nights, forms sent twice, drafts never published, late changes."""

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from core.errors import RuleViolation
from core.notices.models import Delivery
from forums.consents import GUEST
from forums.models import Forum, Registration
from forums.queries.forums import forum_with_programme, programme_of
from forums.queries.statistics import attendance_by_term
from forums.readiness import advised_in, missing_in
from forums.services.forums import cancel_forum, change_forum, mark_held, publish_forum
from forums.services.gathering import days_of
from forums.services.programme import add_contribution, add_theme, add_venue, change_session, remove_session
from forums.services.registrations import Coming, Person, cancel_registration, register_attendee
from meetings.queries import attended_by, roll_of, sittings_of
from meetings.services import check_in
from meetings.services.attendance import check_in_oneself
from residents.services import erase_person
from tests.factories import NOON, SEOUL, ForumFactory, UserFactory, serving_member
from tests.forums.events import planned, session
from tests.forums.test_admission import academy, guest
from tests.forums.test_registrations import answer, open_now, published  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
GIVEN = {"actor": None, "at": NOON}
DAY = date(2026, 7, 10)


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 7, day, hour, minute, tzinfo=SEOUL)


def one_day(*printed: str) -> Forum:
    forum = ForumFactory(starts_on=DAY, ends_on=DAY)
    for line in printed:
        session(forum, line, title=line)
    publish_forum(forum_id=forum.pk, **GIVEN)
    return Forum.objects.get(pk=forum.pk)


def told(kind: str) -> list[str]:
    return sorted(Delivery.objects.filter(mailing__kind=kind).values_list("address", flat=True))


# --- Nights without an end --------------------------------------------------------------------------------------------


def test_one_checks_in_while_a_session_without_an_end_goes_on() -> None:
    forum = one_day("13:00~18:00", "19:30~")
    head = answer(forum, serving_member())
    _attendance, is_new = check_in_oneself(participant_id=head.participant_id, way="qr", actor=None, at=moment(10, 21))
    assert is_new


def test_an_evening_without_an_end_belongs_to_its_day() -> None:
    forum = published()
    answer(forum, serving_member())
    forum.refresh_from_db()
    first = forum.meeting.sittings.order_by("starts_at").first()
    assert timezone.localtime(first.ends_at).time() == time(23, 59)


@pytest.mark.parametrize("printed", ["21:00~00:00", "22:00~01:00", "13:00~13:00"])
def test_a_session_past_midnight_says_what_to_do(printed: str) -> None:
    forum = ForumFactory(starts_on=DAY, ends_on=DAY)
    with pytest.raises(RuleViolation) as refused:
        session(forum, printed)
    assert "past midnight" in refused.value.text or "자정" in refused.value.text


# --- Two things at once -----------------------------------------------------------------------------------------------


def test_sessions_beside_each_other_share_neither_room_nor_speaker() -> None:
    forum = ForumFactory(starts_on=DAY, ends_on=DAY)
    venue = add_venue(forum_id=forum.pk, name="강당", address="시청로 1", **GIVEN)
    member = serving_member(name="윤종오")
    themes = [add_theme(forum_id=forum.pk, title=title, minutes=30, **GIVEN) for title in ("가", "나")]
    for theme in themes:
        add_contribution(forum_id=forum.pk, theme=theme, part="presenter", member=member, **GIVEN)
    session(forum, "13:00~14:00", title="첫째", venue=venue, themes=themes[:1])
    second = session(forum, "13:00~14:00", title="둘째", venue=venue, themes=themes[1:], is_parallel=True)
    full = forum_with_programme().get(pk=forum.pk)
    assert not missing_in(full, programme_of(full))
    assert [one.code for one in advised_in(programme_of(full), NOON)] == ["same_place", "same_person"]
    change_session(session_id=second.pk, changes={"starts": time(14), "ends": time(15)}, **GIVEN)
    full = forum_with_programme().get(pk=forum.pk)
    assert not advised_in(programme_of(full), NOON)


# --- Forms sent twice, answers that change ----------------------------------------------------------------------------


def test_an_answer_sent_twice_keeps_places_and_passes() -> None:
    forum, member = published(places=2), serving_member()
    answer(forum, member, staff=[Person("수행원", "비서")])
    before = forum.registrations.get(name="수행원")
    assert answer(forum, serving_member()).status == "waiting"
    answer(forum, member, staff=[Person("수행원", "비서")])
    after = forum.registrations.get(name="수행원")
    assert (after.pk, after.status, after.participant_id) == (before.pk, "registered", before.participant_id)


def test_two_of_the_same_name_stay_two() -> None:
    forum, member = published(), serving_member()
    for _time in range(2):
        answer(forum, member, staff=[Person("김철수", "과장"), Person("김철수", "주무관")])
    assert sorted(forum.registrations.filter(name="김철수").values_list("position", "status")) == [
        ("과장", "registered"),
        ("주무관", "registered"),
    ]


def test_another_proxy_gets_a_pass_of_their_own() -> None:
    forum, member = published(), serving_member()
    first = answer(forum, member, Coming.PROXY, proxy=Person("부시장"))
    same = answer(forum, member, Coming.PROXY, proxy=Person("부시장", "부단체장"))
    assert same.participant_id == first.participant_id
    other = answer(forum, member, Coming.PROXY, proxy=Person("국장"))
    assert other.participant_id != first.participant_id


def test_who_checked_in_does_not_become_somebody_else() -> None:
    forum, member = published(), serving_member()
    head = answer(forum, member, Coming.PROXY, proxy=Person("부시장"))
    check_in(participant_id=head.participant_id, way="desk", actor=None, at=moment(10, 12, 30))
    with pytest.raises(RuleViolation):
        answer(forum, member, Coming.PROXY, proxy=Person("국장"), at=moment(10, 13))
    assert Registration.objects.get(pk=head.pk).name == "부시장"


def test_nobody_registers_for_what_is_over() -> None:
    forum = published(register_until=datetime(2026, 12, 1, tzinfo=SEOUL))
    answer(forum, serving_member(), at=moment(11, 11))
    with pytest.raises(RuleViolation) as refused:
        answer(forum, serving_member(), at=moment(12, 9))
    assert refused.value.code == "registration_closed"


def test_a_link_to_register_leads_to_what_became_of_the_event(client) -> None:
    forum = published()
    url = reverse("forums:register", args=[forum.pk])
    cancel_forum(forum_id=forum.pk, reason="태풍", **GIVEN)
    assert client.get(url).url == reverse("forums:forum", args=[forum.pk])
    draft = planned()
    assert client.get(reverse("forums:register", args=[draft.pk])).status_code == 404


def test_a_confirmation_that_was_lost_is_sent_again_but_not_at_will() -> None:
    forum = academy()
    for hours in (0, 0, 2):
        guest(forum, 1, at=NOON + timedelta(hours=hours))
    assert told("forums.registration_confirmed") == ["guest1@example.org"] * 2
    assert forum.registrations.count() == 1


def test_the_page_of_a_full_event_says_that_one_may_have_to_wait(client, open_now) -> None:  # noqa: F811 - the fixture
    forum = academy(places=1)
    guest(forum, 1)
    url = reverse("forums:register", args=[forum.pk])
    before = client.get(url).content.decode()
    assert "notice--warning" in before
    assert "notice__title" not in before
    sent = {"name": "손님", "contact": "late@example.org", "consent_version": str(GUEST.version), "consent": "on"}
    after = client.post(url, sent, follow=True).content.decode()
    assert "wait for one" in after or "대기하시는지" in after


def test_nobody_is_called_to_an_event_that_is_over() -> None:
    forum = published(places=1)
    head = answer(forum, serving_member())
    answer(forum, serving_member(), contact="waits@example.org")
    cancel_registration(registration_id=head.pk, actor=None, at=moment(20, 9), at_the_desk=True)
    assert told("forums.registration_moved_up") == []
    assert forum.registrations.filter(status="waiting").count() == 1


# --- What was never published -----------------------------------------------------------------------------------------


def test_a_draft_that_was_never_published_stays_out_of_the_figures() -> None:
    forum = published(title="주민자치 포럼")
    change_forum(forum_id=forum.pk, changes={"title": "비밀 초안"}, **GIVEN)
    mark_held(forum_id=forum.pk, actor=None, at=moment(11, 18))
    assert [line.title for term in attendance_by_term() for line in term.lines] == ["주민자치 포럼"]


def test_the_marker_goes_by_the_days_that_were_published(client, monkeypatch) -> None:
    forum = published()
    change_forum(
        forum_id=forum.pk, changes={"starts_on": date(2026, 8, 10), "ends_on": date(2026, 8, 11)}, actor=None, at=NOON
    )
    monkeypatch.setattr(timezone, "now", lambda: moment(10, 14))
    assert 'id="now"' in client.get(reverse("forums:forum", args=[forum.pk])).content.decode()


def test_who_is_told_of_a_cancellation_reads_the_days_that_were_published() -> None:
    forum = published(title="주민자치 포럼")
    answer(forum, serving_member(), contact="a@example.org")
    change_forum(
        forum_id=forum.pk,
        changes={"title": "비밀 초안", "starts_on": date(2026, 8, 10), "ends_on": date(2026, 8, 11)},
        **GIVEN,
    )
    cancel_forum(forum_id=forum.pk, reason="태풍", **GIVEN)
    context = Delivery.objects.get(mailing__kind="forums.event_cancelled").context
    assert (context["title"], context["first_day"]) == ("주민자치 포럼", "2026. 7. 10.(금)")


def test_a_head_on_the_list_without_an_address_is_told_as_a_member() -> None:
    forum, member = published(), serving_member()
    member.mails.create(address="office@example.org")
    register_attendee(forum_id=forum.pk, role="head", name=member.name, member=member, **GIVEN)
    register_attendee(forum_id=forum.pk, role="staff", name="수행원", member=member, **GIVEN)
    cancel_forum(forum_id=forum.pk, reason="태풍", **GIVEN)
    assert told("forums.event_cancelled") == ["office@example.org"]


def test_what_moves_along_with_the_event_is_told_once() -> None:
    forum = published()
    answer(forum, serving_member(), contact="a@example.org")
    days = {"starts_on": date(2026, 8, 10), "ends_on": date(2026, 8, 11)}
    change_forum(forum_id=forum.pk, changes=days, **GIVEN)
    late = forum.sessions.get(title="종합토론")
    change_session(session_id=late.pk, changes={"starts": time(10)}, **GIVEN)
    version = publish_forum(forum_id=forum.pk, **GIVEN)
    assert [(one["thing"], one["changed"], one["name"]) for one in version.changes] == [
        ("event", "moved", forum.title),
        ("session", "moved", "종합토론"),
    ]


# --- The calendar -----------------------------------------------------------------------------------------------------


def entries(client, forum):
    content = client.get(reverse("forums:forum_calendar", args=[forum.pk])).content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    return {str(entry["summary"]): entry for entry in Calendar.from_ical(content).walk("VEVENT")}


def test_a_session_that_was_dropped_is_cancelled_in_calendars_that_have_it(client) -> None:
    forum = published()
    before = entries(client, forum)["종합토론"]
    remove_session(session_id=forum.sessions.get(title="종합토론").pk, **GIVEN)
    session(forum, "10:00~11:00", day=forum.ends_on, title="새 토론")
    publish_forum(forum_id=forum.pk, **GIVEN)
    found = entries(client, forum)
    after = found["종합토론"]
    assert (after["uid"], str(after["status"])) == (before["uid"], "CANCELLED")
    assert int(after["sequence"]) > int(before["sequence"])
    assert {str(found[name]["status"]) for name in ("워크숍", "새 토론")} == {"CONFIRMED"}


def test_a_cancellation_is_newer_than_the_last_version(client) -> None:
    forum = published()
    before = entries(client, forum)["워크숍"]
    cancel_forum(forum_id=forum.pk, reason="태풍", **GIVEN)
    assert int(entries(client, forum)["워크숍"]["sequence"]) == int(before["sequence"]) + 1


# --- On the day -------------------------------------------------------------------------------------------------------


def test_the_programme_changes_while_people_come_in() -> None:
    forum = published()
    head = answer(forum, serving_member())
    check_in(participant_id=head.participant_id, way="desk", actor=None, at=moment(10, 12, 30))
    change_session(
        session_id=forum.sessions.get(title="종합토론").pk, changes={"ends": time(12)}, actor=None, at=moment(10, 15)
    )
    publish_forum(forum_id=forum.pk, actor=None, at=moment(10, 15))
    forum.refresh_from_db()
    assert timezone.localtime(forum.meeting.ends_at).time() == time(12)
    mark_held(forum_id=forum.pk, actor=None, at=moment(11, 18))
    forum.refresh_from_db()
    assert forum.meeting.status == "closed"


def test_hours_at_an_event_that_nobody_opened_in_form_count_from_its_beginning() -> None:
    forum = one_day("13:00~18:00")
    head = answer(forum, serving_member())
    check_in(participant_id=head.participant_id, way="desk", actor=None, at=moment(10, 13, 30))
    mark_held(forum_id=forum.pk, actor=None, at=moment(11, 18))
    meeting = Forum.objects.get(pk=forum.pk).meeting
    person = roll_of(meeting).get()
    assert attended_by(person, sittings_of(meeting), until=meeting.closed_at).minutes == 270


def test_who_came_after_the_planned_end_was_there() -> None:
    forum = one_day("13:00~18:00")
    head = answer(forum, serving_member())
    check_in(participant_id=head.participant_id, way="desk", actor=None, at=moment(10, 18, 10))
    mark_held(forum_id=forum.pk, actor=None, at=moment(11, 18))
    assert attendance_by_term()[0].lines[0].came.heads == 1


def test_a_day_follows_its_programme_though_people_came_to_it() -> None:
    forum = published()
    head = answer(forum, serving_member())
    check_in(participant_id=head.participant_id, way="desk", actor=None, at=moment(10, 12, 30))
    remove_session(session_id=forum.sessions.get(title="휴식").pk, actor=None, at=moment(10, 14))
    publish_forum(forum_id=forum.pk, actor=None, at=moment(10, 15))
    meeting = Forum.objects.get(pk=forum.pk).meeting
    assert [one.ends_at for one in meeting.sittings.order_by("starts_at")] == [
        end for _day, _begin, end in days_of(forum)
    ]


def test_the_account_of_who_is_registered_can_be_erased() -> None:
    """Both hold on to the place on the list of the event to come: the head's office, and a guest's empty line."""
    forum, member = published(), serving_member()
    head = UserFactory()
    member.accounts.create(user=head, is_head=True, since=DAY)
    answer(forum, member)
    forum.refresh_from_db()
    assert forum.meeting.participants.filter(user=head).exists()
    erase_person(user_id=head.pk, actor=None, at=NOON)
    participant = forum.meeting.participants.get()
    assert (participant.user, participant.email, participant.name) == (None, "", member.name)
