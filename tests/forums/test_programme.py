"""What changed between two versions of a programme, as values and as sentences."""

from dataclasses import replace
from datetime import date, time

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from forums.programme import (
    Change,
    Changed,
    PersonLine,
    Programme,
    SessionLine,
    ThemeLine,
    Thing,
    VenueLine,
    as_data,
    change_from_data,
    changes,
    from_data,
)
from forums.programme_wording import change_in_words

DAY = date(2014, 1, 10)
PRESENTER = PersonLine(1, "presenter", "윤종오", "주민참여 정책")
THEME = ThemeLine(1, 1, "주민참여", 60, ("어떻게?",), (PRESENTER,))
HALL = VenueLine(1, "시청", "성호대로 141")
WORKSHOP = SessionLine(1, "workshop", "워크숍", DAY, time(15), time(18), 1, "물향기실", themes=(1,))
BASE = Programme(
    "포럼",
    "forum",
    DAY,
    date(2014, 1, 11),
    "민선5기",
    24,
    "오산시",
    venues=(HALL,),
    themes=(THEME,),
    sessions=(WORKSHOP,),
)


def only(new):
    (change,) = changes(BASE, new)
    return change


def with_session(**fields):
    return replace(BASE, sessions=(replace(WORKSHOP, **fields),))


def with_theme(**fields):
    return replace(BASE, themes=(replace(THEME, **fields),))


def test_the_same_programme_has_no_changes():
    assert changes(BASE, BASE) == []
    assert changes(BASE, from_data(as_data(BASE))) == []


@pytest.mark.parametrize(
    ("new", "thing", "changed", "before", "after"),
    [
        (with_session(starts=time(16)), "session", "moved", "2014-01-10 15:00~18:00", "2014-01-10 16:00~18:00"),
        (with_session(ends=None), "session", "moved", "2014-01-10 15:00~18:00", "2014-01-10 15:00~"),
        (with_session(room="대강당"), "session", "relocated", "시청 물향기실", "시청 대강당"),
        (with_session(venue=None, room=""), "session", "relocated", "시청 물향기실", ""),
        (with_session(title="종합토론"), "session", "renamed", "워크숍", "종합토론"),
        (with_session(details="발제"), "session", "text", "", ""),
        (with_session(themes=()), "session", "text", "", ""),
        (replace(BASE, sessions=()), "session", "removed", "2014-01-10 15:00~18:00", ""),
        (with_theme(title="복지"), "theme", "renamed", "주민참여", "복지"),
        (with_theme(minutes=90), "theme", "minutes", "60", "90"),
        (with_theme(points=()), "theme", "text", "", ""),
        (with_theme(people=()), "person", "removed", "주민참여", ""),
        (with_theme(people=(replace(PRESENTER, name="문석진"),)), "person", "person", "윤종오", "문석진"),
        (with_theme(people=(replace(PRESENTER, part="panel"),)), "person", "part", "presenter", "panel"),
        (with_theme(people=(replace(PRESENTER, title="성과"),)), "person", "renamed", "주민참여 정책", "성과"),
        (replace(BASE, venues=(replace(HALL, name="시민회관"),)), "venue", "renamed", "시청", "시민회관"),
        (replace(BASE, venues=(replace(HALL, address="역 앞"),)), "venue", "relocated", "성호대로 141", "역 앞"),
        (replace(BASE, ends_on=DAY), "event", "moved", "2014-01-10 ~ 2014-01-11", "2014-01-10"),
        (replace(BASE, title="새 포럼"), "event", "renamed", "포럼", "새 포럼"),
        (replace(BASE, place="화성시"), "event", "relocated", "오산시", "오산시 화성시"),
        (replace(BASE, intent="취지"), "event", "text", "", ""),
    ],
)
def test_each_kind_of_change_is_told_apart(new, thing, changed, before, after):
    change = only(new)
    assert (change.thing, change.changed, change.before, change.after) == (thing, changed, before, after)


def test_a_new_session_says_when_it_is():
    new = replace(BASE, sessions=(WORKSHOP, SessionLine(2, "meal", "만찬", DAY, time(19))))
    assert only(new) == Change(Thing.SESSION, Changed.ADDED, "만찬", after="2014-01-10 19:00~")


def test_another_order_of_lines_is_no_change():
    dinner = SessionLine(2, "meal", "만찬", DAY, time(19))
    old = replace(BASE, sessions=(WORKSHOP, dinner))
    assert changes(old, replace(old, sessions=(dinner, WORKSHOP))) == []


SECOND_SPEAKER = PersonLine(2, "presenter", "문석진", "복지")
MODERATOR = PersonLine(3, "moderator", "윤석인")
LUNCH, MOVE = (
    SessionLine(2, "meal", "점심", DAY, None, time(12), position=1),
    SessionLine(3, "move", "이동", DAY, None, time(12), position=2),
)


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        (
            with_theme(people=(PRESENTER, SECOND_SPEAKER)),
            with_theme(people=(SECOND_SPEAKER, PRESENTER)),
            Change(Thing.PERSON, Changed.REORDERED, "주민참여"),
        ),
        (
            replace(BASE, people=(PRESENTER, SECOND_SPEAKER)),
            replace(BASE, people=(SECOND_SPEAKER, PRESENTER)),
            Change(Thing.PERSON, Changed.REORDERED, ""),
        ),
        (
            replace(BASE, sessions=(LUNCH, MOVE)),
            replace(BASE, sessions=(replace(LUNCH, position=3), MOVE)),
            Change(Thing.SESSION, Changed.REORDERED, "이동"),
        ),
        (
            replace(BASE, venues=(HALL, VenueLine(2, "수라청"))),
            replace(BASE, venues=(VenueLine(2, "수라청"), HALL)),
            Change(Thing.VENUE, Changed.REORDERED, "수라청"),
        ),
    ],
    ids=["speakers", "people of the event", "lines at the same time", "venues"],
)
def test_another_order_in_print_is_a_change_of_its_own(old, new, change):
    assert changes(old, new) == [change]


def test_who_takes_another_part_or_joins_is_not_told_of_the_order_besides():
    old = with_theme(people=(PRESENTER, SECOND_SPEAKER))
    moved = with_theme(people=(MODERATOR, SECOND_SPEAKER, replace(PRESENTER, part="panel")))
    assert [change.changed for change in changes(old, moved)] == [Changed.ADDED, Changed.PART]


def test_a_new_theme_tells_of_its_speakers_only_once():
    new = replace(BASE, themes=(THEME, ThemeLine(2, 2, "복지", 60, (), (replace(PRESENTER, key=2),))))
    assert [change.thing for change in changes(BASE, new)] == ["theme"]


@pytest.mark.parametrize(
    ("new", "korean", "english"),
    [
        (
            with_session(starts=time(16)),
            "“워크숍”의 시간이 바뀌었습니다: 2014. 1. 10.(금) 15:00~18:00 → 2014. 1. 10.(금) 16:00~18:00.",
            "Other time for “워크숍”: Fri 10 Jan 2014 15:00~18:00 → Fri 10 Jan 2014 16:00~18:00.",
        ),
        (
            with_theme(people=(replace(PRESENTER, name="문석진"),)),
            "“주민참여”: 윤종오 → 문석진.",
            "“주민참여”: 문석진 instead of 윤종오.",
        ),
        (
            replace(BASE, starts_on=date(2014, 1, 9)),
            "“포럼”의 시간이 바뀌었습니다: 2014. 1. 10.(금) ~ 2014. 1. 11.(토) → 2014. 1. 9.(목) ~ 2014. 1. 11.(토).",
            "Other time for “포럼”: Fri 10 Jan 2014 ~ Sat 11 Jan 2014 → Thu 9 Jan 2014 ~ Sat 11 Jan 2014.",
        ),
    ],
)
def test_changes_are_sentences_in_the_readers_language(new, korean, english):
    del korean  # the catalogue is tested as a whole
    with translation.override("en"):
        assert change_in_words(only(new)) == english


@pytest.mark.parametrize("thing", Thing)
@pytest.mark.parametrize("changed", Changed)
@pytest.mark.parametrize(("before", "after"), [("", ""), ("가", ""), ("", "나"), ("가", "나")])
def test_every_change_has_a_sentence(thing, changed, before, after):
    change = Change(thing, changed, "100% 참여", before, after)
    text = change_in_words(change)
    assert text
    assert "%(" not in text
    assert change_from_data(change.as_data()) == change


TEXT = st.text("가나다 100%", max_size=6)
KEYS = st.lists(st.integers(1, 6), unique=True, max_size=5)


@st.composite
def programmes(draw):
    sessions = tuple(
        SessionLine(
            key,
            "workshop",
            draw(TEXT),
            draw(st.dates(DAY, date(2014, 1, 12))),
            draw(st.sampled_from([time(9), time(13, 20)])),
            draw(st.sampled_from([None, time(18)])),
            details=draw(TEXT),
        )
        for key in draw(KEYS)
    )
    themes = tuple(
        ThemeLine(
            key,
            key,
            draw(TEXT),
            draw(st.integers(1, 120)),
            tuple(draw(st.lists(TEXT, max_size=2))),
            tuple(PersonLine(place, "panel", draw(TEXT)) for place in draw(KEYS)),
        )
        for key in draw(KEYS)
    )
    return replace(BASE, title=draw(TEXT), sessions=sessions, themes=themes)


@given(programmes())
def test_a_programme_survives_its_snapshot(programme):
    assert from_data(as_data(programme)) == programme
    assert changes(programme, programme) == []


@given(programmes(), programmes())
def test_two_programmes_without_changes_print_the_same(old, new):
    if not changes(old, new):
        assert as_data(replace(old, sessions=(), themes=())) == as_data(replace(new, sessions=(), themes=()))
        assert {line.key: line for line in old.sessions} == {line.key: line for line in new.sessions}


@given(programmes(), programmes())
def test_what_was_added_one_way_was_dropped_the_other(old, new):
    there = {(one.thing, one.name) for one in changes(old, new) if one.changed is Changed.ADDED}
    back = {(one.thing, one.name) for one in changes(new, old) if one.changed is Changed.REMOVED}
    assert there == back
