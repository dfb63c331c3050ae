"""Calendars and cards are read by programs that are not ours: other readers than those that wrote them agree."""

import re
from datetime import date

import pytest
import vobject
from django.urls import reverse
from icalendar.parser import Contentlines

from forums.documents.directory import vcards
from forums.models import Forum, ProgrammeVersion
from forums.services.forums import change_forum, publish_forum
from forums.services.programme import add_theme, add_venue, change_session, change_venue
from reports.registry import Order
from tests.factories import NOON, ForumFactory, MemberFactory, serving_member
from tests.forums.events import session

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 10)
GIVEN = {"actor": None, "at": NOON}
# Control characters but the line end, and line ends of others.
NEVER = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def calendar_of(client, forum: Forum) -> bytes:
    return client.get(reverse("forums:forum_calendar", args=[forum.pk])).content


def published(**texts: str) -> Forum:
    forum = ForumFactory(starts_on=DAY, ends_on=DAY)
    venue = add_venue(forum_id=forum.pk, name=texts.get("place", "시청"), address="중앙로 1", **GIVEN)
    session(
        forum,
        "13:00~14:00",
        title=texts.get("title", "발제"),
        details=texts.get("details", ""),
        room=texts.get("room", ""),
        venue=venue,
    )
    publish_forum(forum_id=forum.pk, **GIVEN)
    return forum


def test_what_cannot_be_printed_does_not_come_into_an_event() -> None:
    forum = ForumFactory()
    change_forum(forum_id=forum.pk, changes={"title": "포\x00럼\x0b둘", "intent": "뜻\x01\r\n둘째 줄"}, **GIVEN)
    venue = add_venue(forum_id=forum.pk, name="시\x02청", address="", directions="역\x0b앞", **GIVEN)
    line = session(forum, "13:00~14:00", title="발\x1b제\u2028하나", details="글\x7f", room="3\x00층")
    theme = add_theme(forum_id=forum.pk, title="주\x07제", minutes=10, points=["논\x00점\n하나"], **GIVEN)
    for row in (forum, venue, line, theme):
        row.refresh_from_db()
    assert (forum.title, forum.intent) == ("포럼 둘", "뜻\n둘째 줄")
    assert (venue.name, venue.directions) == ("시청", "역 앞")
    assert (line.title, line.details, line.room) == ("발제 하나", "글", "3층")
    assert (theme.title, theme.points.get().text) == ("주제", "논점 하나")
    change_session(session_id=line.pk, changes={"title": "발\x00표"}, **GIVEN)
    change_venue(venue_id=venue.pk, changes={"name": "구\x00청"}, **GIVEN)
    line.refresh_from_db()
    venue.refresh_from_db()
    assert (line.title, venue.name) == ("발표", "구청")


def test_line_ends_of_browsers_are_no_change() -> None:
    forum = ForumFactory(intent="하나\r\n둘")
    change_forum(forum_id=forum.pk, changes={"fee": 1000}, **GIVEN)
    forum.refresh_from_db()
    assert forum.intent == "하나\r\n둘"


def test_what_was_published_before_comes_into_no_calendar_either(client) -> None:
    forum = published(title="발제OLD", place="시청OLD", room="층OLD", details="글OLD")
    version = ProgrammeVersion.objects.get(forum=forum)
    # Versions are kept as they were: an older release let such signs in.
    bad = "\\u0001\\u000b\\u2028\\r\\nATTENDEE:mailto:x@example.org"
    ProgrammeVersion.objects.filter(pk=version.pk).update(
        snapshot=_with(version.snapshot, "OLD", bad.encode().decode("unicode_escape"))
    )
    text = calendar_of(client, forum).decode()
    assert not NEVER.search(text.replace("\r\n", "\n"))
    entry = vobject.readOne(text).vevent
    assert "attendee" not in entry.contents
    assert entry.summary.value == "발제 ATTENDEE:mailto:x@example.org"


def _with(data, old: str, new: str):
    if isinstance(data, str):
        return data.replace(old, new)
    if isinstance(data, dict):
        return {key: _with(value, old, new) for key, value in data.items()}
    return [_with(value, old, new) for value in data] if isinstance(data, list) else data


def test_another_reader_reads_the_calendar_as_it_was_written(client) -> None:
    title = "발제, 토론; 그리고 \\n 역사 " + "가나다라" * 20
    forum = published(title=title, place="시청, 본관; 2\\층", details="첫째 줄\n둘째 줄, 끝;")
    content = calendar_of(client, forum)
    assert max(map(len, content.split(b"\r\n"))) <= 75
    # Each physical line is text of its own: no syllable is cut in two.
    assert all(line.decode() for line in content.split(b"\r\n")[:-1])
    entry = vobject.readOne(content.decode()).vevent
    assert entry.summary.value == title
    assert entry.location.value == "시청, 본관; 2\\층, 중앙로 1"
    assert entry.description.value == "첫째 줄\n둘째 줄, 끝;"
    assert entry.dtstart.value.utcoffset().total_seconds() == 9 * 3600


def test_another_reader_reads_every_card() -> None:
    serving_member(name="홍;미,영\\")
    MemberFactory(name="가나다라마바사아" * 4, name_hanja="高南錫" * 10)
    lines = Contentlines.from_ical(vcards(Order(values={}, reader=None, at=NOON)).decode())
    parts = [line.parts() for line in lines if line]
    names = [name.upper() for name, _parameters, _value in parts]
    assert names.count("BEGIN") == names.count("END") == names.count("FN") == names.count("N") == 2
    assert {value for name, _parameters, value in parts if name.upper() == "VERSION"} == {"4.0"}
    assert {"홍;미,영\\", "가나다라마바사아" * 4} == {value for name, _p, value in parts if name.upper() == "FN"}
