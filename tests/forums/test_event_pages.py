"""Programmes as readers see them: the list, what goes on now, versions, drafts, the calendar file."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from forums.models import Forum
from forums.services.forums import cancel_forum, change_forum, publish_forum, record_past_forum, set_host_profile
from forums.services.programme import add_contribution, add_venue, change_contribution, change_session
from residents.states import Role
from tests.factories import NOON, SEOUL, ForumFactory, MunicipalityFactory, UserFactory, official
from tests.forums.events import FIRST, THEN, clock, forum_24, planned, session

pytestmark = pytest.mark.django_db
GIVEN = {"actor": None, "at": NOON}


@pytest.fixture
def secretariat():
    return official(Role.CLUB_SECRETARIAT)


def published(**fields):
    forum = planned(**fields)
    publish_forum(forum_id=forum.pk, **GIVEN)
    return Forum.objects.get(pk=forum.pk)


def page(client, name, *args, **query):
    response = client.get(reverse(f"forums:{name}", args=args), query)
    return response, response.content.decode()


def test_a_draft_is_no_page_for_others(client):
    forum = planned()
    for user in (None, UserFactory(), official(Role.DISTRICT_OFFICIAL, MunicipalityFactory()), official(Role.OPERATOR)):
        if user:
            client.force_login(user)
        for name in ("forum", "forum_draft", "forum_versions", "forum_calendar"):
            assert page(client, name, forum.pk)[0].status_code == 404


def test_the_secretariat_sees_a_draft_marked_as_such(client, secretariat):
    client.force_login(secretariat)
    forum = ForumFactory(host=None)
    response, html = page(client, "forum", forum.pk)
    assert response.status_code == 200
    assert "초안" in html or "Draft" in html
    assert reverse("admin:forums_forum_change", args=[forum.pk]) in html


def test_a_published_programme_shows_times_as_printed_people_and_points(client):
    forum = published(title="주민자치 포럼")
    _response, html = page(client, "forum", forum.pk)
    for text in (
        "주민자치 포럼",
        "~<wbr>13:00",
        "13:20~<wbr>15:00",
        "21:30~<wbr>",
        "윤종오",
        "무엇부터 할까요?",
        "시청로 1",
    ):
        assert text in html


def test_what_is_not_published_yet_is_not_shown(client, secretariat):
    forum = published()
    change_session(session_id=forum.sessions.get(title="워크숍").pk, changes={"title": "비밀 회의"}, **GIVEN)
    _response, html = page(client, "forum", forum.pk)
    assert "비밀 회의" not in html
    client.force_login(secretariat)
    _response, html = page(client, "forum", forum.pk)
    assert "비밀 회의" not in html
    assert reverse("forums:forum_draft", args=[forum.pk]) in html
    _response, html = page(client, "forum_draft", forum.pk)
    assert "비밀 회의" in html


def test_a_new_version_is_seen_at_once_with_what_changed(client):
    forum = published()
    assert "저녁 산책" not in page(client, "forum", forum.pk)[1]
    change_session(session_id=forum.sessions.get(title="휴식").pk, changes={"title": "저녁 산책"}, **GIVEN)
    publish_forum(forum_id=forum.pk, note="비가 그칩니다.", **GIVEN)
    _response, html = page(client, "forum", forum.pk)
    assert "저녁 산책" in html
    assert "비가 그칩니다." in html
    assert 'id="changes"' in html
    response, old = page(client, "forum_version", forum.pk, 1)
    assert response.status_code == 200
    assert "저녁 산책" not in old
    _response, versions = page(client, "forum_versions", forum.pk)
    assert reverse("forums:forum_version", args=[forum.pk, 1]) in versions
    assert page(client, "forum_version", forum.pk, 3)[0].status_code == 404


def test_another_order_of_speakers_is_published_and_told(client, secretariat):
    forum = planned()
    theme, first = forum.themes.get(), forum.contributions.get()
    add_contribution(forum_id=forum.pk, theme=theme, part="presenter", printed_as="문석진 구청장", position=5, **GIVEN)
    publish_forum(forum_id=forum.pk, **GIVEN)
    change_contribution(contribution_id=first.pk, changes={"position": 9}, **GIVEN)
    client.force_login(secretariat)
    assert reverse("forums:forum_draft", args=[forum.pk]) in page(client, "forum", forum.pk)[1]
    publish_forum(forum_id=forum.pk, **GIVEN)
    html = page(client, "forum", forum.pk)[1]
    assert html.index("문석진 구청장") < html.index(first.printed_as)
    assert 'id="changes"' in html
    assert reverse("forums:forum_draft", args=[forum.pk]) not in html


def test_what_nobody_reads_of_a_programme_makes_no_draft_to_be_published(client, secretariat):
    forum = published()
    change_session(session_id=forum.sessions.get(title="휴식").pk, changes={"is_parallel": True}, **GIVEN)
    client.force_login(secretariat)
    assert reverse("forums:forum_draft", args=[forum.pk]) not in page(client, "forum", forum.pk)[1]


def test_changes_are_in_the_language_of_the_page(client):
    forum = published()
    change_session(session_id=forum.sessions.get(title="휴식").pk, changes={"title": "저녁 산책"}, **GIVEN)
    publish_forum(forum_id=forum.pk, **GIVEN)
    for address in (f"/en/club/forums/{forum.pk}/", f"/en/club/forums/{forum.pk}/versions/"):
        html = client.get(address).content.decode()
        assert "<ul><li>“휴식” is now called “저녁 산책”.</li></ul>" in html


def test_a_cancelled_event_says_why_and_a_cancelled_draft_is_unknown(client):
    forum, draft = published(), planned()
    for one in (forum, draft):
        cancel_forum(forum_id=one.pk, reason="태풍이 옵니다.", **GIVEN)
    assert "태풍이 옵니다." in page(client, "forum", forum.pk)[1]
    assert page(client, "forum", draft.pk)[0].status_code == 404
    assert draft.get_absolute_url() not in page(client, "forums")[1]


@pytest.mark.parametrize(
    ("moment", "marked"),
    [
        (datetime(2026, 7, 10, 12, 59, tzinfo=SEOUL), "집결"),
        (datetime(2026, 7, 10, 14, 0, tzinfo=SEOUL), "워크숍"),
        (datetime(2026, 7, 10, 16, 0, tzinfo=SEOUL), ""),
        (datetime(2026, 7, 11, 10, 0, tzinfo=SEOUL), "종합토론"),
    ],
)
def test_during_the_event_the_page_marks_what_goes_on(client, monkeypatch, moment, marked):
    forum = published()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    _response, html = page(client, "forum", forum.pk)
    assert "js/now.js" in html
    assert html.count('aria-current="time"') == bool(marked)
    if marked:
        assert html.index('aria-current="time"') < html.index(f">{marked}</span>")
        assert html.count('id="now"') == 1


@pytest.mark.parametrize("day", [FIRST - timedelta(days=1), FIRST + timedelta(days=2)])
def test_before_and_after_nothing_is_marked(client, monkeypatch, day):
    forum = published()
    monkeypatch.setattr(timezone, "now", lambda: datetime.combine(day, clock("14:00"), tzinfo=SEOUL))
    _response, html = page(client, "forum", forum.pk)
    assert 'aria-current="time"' not in html
    assert "js/now.js" not in html


def test_the_profile_of_the_host_shows_its_area_in_square_kilometres(client):
    forum = published()
    set_host_profile(
        forum_id=forum.pk, people=205_460, area_hectares=4_276, history=[{"when": "1989", "what": "승격"}], **GIVEN
    )
    _response, html = page(client, "forum", forum.pk)
    assert "42.76 km²" in html
    assert "205,460" in html


def test_the_list_is_by_term_with_filters(client):
    published(term="민선8기", title="여덟")
    published(term="민선9기", title="아홉", kind="academy", starts_on=date(2026, 8, 1), ends_on=date(2026, 8, 2))
    planned(title="아직 초안")
    _response, html = page(client, "forums")
    assert html.index("아홉") < html.index("여덟")
    assert "아직 초안" not in html
    assert "아홉" not in page(client, "forums", term="민선8기")[1].split("</form>")[1]
    assert "여덟" not in page(client, "forums", kind="academy")[1]
    for query in ({"term": "민선1기"}, {"kind": "party"}):
        assert page(client, "forums", **query)[0].status_code == 404


def test_the_secretariat_finds_its_drafts_in_the_list(client, secretariat):
    draft = planned(title="아직 초안")
    client.force_login(secretariat)
    assert draft.get_absolute_url() in page(client, "forums")[1]


@pytest.mark.parametrize("sessions", [1, 30])
def test_a_programme_takes_the_same_queries_however_long(client, django_assert_num_queries, sessions):
    forum = planned()
    for number in range(sessions):
        session(forum, f"15:{number:02}~15:{number + 1:02}", title=f"발표 {number}")
    publish_forum(forum_id=forum.pk, **GIVEN)
    with django_assert_num_queries(5):
        assert page(client, "forum", forum.pk)[0].status_code == 200


@pytest.mark.parametrize("events", [1, 30])
def test_the_list_takes_the_same_queries_however_long(client, django_assert_num_queries, events):
    for _number in range(events):
        ForumFactory(status="published")
    with django_assert_num_queries(5):
        assert page(client, "forums")[0].status_code == 200


def test_the_24th_forum_is_light(client):
    forum = forum_24()
    publish_forum(forum_id=forum.pk, actor=None, at=THEN)
    response = client.get(forum.get_absolute_url(), headers={"accept-encoding": "gzip"})
    assert len(response.content) < 12_000


# --- The calendar -----------------------------------------------------------------------------------------------------


def entries(client, forum):
    response = client.get(reverse("forums:forum_calendar", args=[forum.pk]))
    assert response["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(response.content)
    return {str(entry["summary"]): entry for entry in calendar.walk("VEVENT")}


def test_the_calendar_has_one_entry_for_each_session_in_seoul(client):
    found = entries(client, published())
    assert list(found) == ["집결 (~13:00)", "워크숍", "휴식 (21:30~)", "종합토론"]
    workshop = found["워크숍"]
    assert workshop["dtstart"].params["TZID"] == "Asia/Seoul"
    assert workshop.decoded("dtstart") == datetime(2026, 7, 10, 13, 20, tzinfo=SEOUL)
    assert workshop.decoded("dtend") == datetime(2026, 7, 10, 15, 0, tzinfo=SEOUL)
    assert str(workshop["location"]) == "시청 대강당, 시청로 1"


def test_open_times_are_closed_for_calendars(client):
    found = entries(client, published())
    assert "dtend" not in found["집결 (~13:00)"]
    assert found["집결 (~13:00)"].decoded("dtstart") == datetime(2026, 7, 10, 13, 0, tzinfo=SEOUL)
    assert found["휴식 (21:30~)"].decoded("dtend") == datetime(2026, 7, 11, 0, 0, tzinfo=SEOUL)


def test_an_entry_keeps_its_uid_and_counts_versions(client):
    forum = published()
    before = entries(client, forum)["워크숍"]
    change_session(session_id=forum.sessions.get(title="워크숍").pk, changes={"starts": clock("13:30")}, **GIVEN)
    publish_forum(forum_id=forum.pk, **GIVEN)
    after = entries(client, forum)["워크숍"]
    assert before["uid"] == after["uid"]
    assert (int(before["sequence"]), int(after["sequence"])) == (1, 2)


def test_a_cancelled_event_cancels_its_entries(client):
    forum = published()
    cancel_forum(forum_id=forum.pk, reason="태풍", **GIVEN)
    assert {str(entry["status"]) for entry in entries(client, forum).values()} == {"CANCELLED"}


def test_an_event_without_a_timetable_stands_in_the_calendar_with_its_days(client):
    forum = ForumFactory(title="출범식", place="서울시", starts_on=date(2018, 9, 6), ends_on=date(2018, 9, 7))
    record_past_forum(forum_id=forum.pk, **GIVEN)
    entry = entries(client, forum)["출범식"]
    assert (entry.decoded("dtstart"), entry.decoded("dtend")) == (date(2018, 9, 6), date(2018, 9, 8))
    assert str(entry["location"]) == "서울시"


def test_new_days_reach_the_calendar_with_the_next_version(client):
    forum = published()
    later = {"starts_on": FIRST + timedelta(days=7), "ends_on": FIRST + timedelta(days=8)}
    change_forum(forum_id=forum.pk, changes=later, **GIVEN)
    add_venue(forum_id=forum.pk, name="식당", **GIVEN)
    assert entries(client, forum)["워크숍"].decoded("dtstart").day == 10
    publish_forum(forum_id=forum.pk, **GIVEN)
    assert entries(client, forum)["워크숍"].decoded("dtstart").day == 17


def test_lists_tell_what_was_published_and_not_the_next_draft(client, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    forum = planned()
    publish_forum(forum_id=forum.pk, **GIVEN)
    change_forum(forum_id=forum.pk, changes={"title": "아직 비밀인 제목", "place": "아직 비밀인 곳"}, **GIVEN)
    for address in ("/club/", "/club/forums/", f"/club/forums/{forum.pk}/", f"/club/forums/{forum.pk}/versions/"):
        text = client.get(address).content.decode()
        assert forum.title in text
        assert "비밀" not in text
