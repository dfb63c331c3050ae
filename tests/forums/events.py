"""Events for tests: a small one that can be published, and the 24th forum as its book prints it."""

from datetime import date, datetime, time

from forums.models import Outsider
from forums.services.forums import create_forum
from forums.services.programme import add_contribution, add_session, add_theme, add_venue
from tests.factories import NOON, SEOUL, ForumFactory, MunicipalityFactory, ProvinceFactory, serving_member

FIRST, SECOND = date(2026, 7, 10), date(2026, 7, 11)


def clock(text):
    return time.fromisoformat(text) if text else None


def session(forum, printed, *, kind="workshop", day=None, title="워크숍", **fields):
    """A session at "13:00~14:00", "~13:00" or "21:30~"."""
    starts, ends = printed.split("~")
    return add_session(
        forum_id=forum.pk,
        kind=kind,
        title=title,
        day=day or forum.starts_on,
        starts=clock(starts),
        ends=clock(ends),
        actor=None,
        at=NOON,
        **fields,
    )


def planned(**fields):
    """A forum of two days with a theme, a presenter and a session on each day: nothing is missing."""
    forum = ForumFactory(**fields)
    venue = add_venue(forum_id=forum.pk, name="시청 대강당", address="시청로 1", actor=None, at=NOON)
    theme = add_theme(
        forum_id=forum.pk,
        title="주민참여",
        minutes=60,
        points=["무엇부터 할까요?", "누가 할까요?"],
        actor=None,
        at=NOON,
    )
    add_contribution(
        forum_id=forum.pk,
        theme=theme,
        part="presenter",
        member=serving_member(name="윤종오"),
        title="주민참여 정책의 성과",
        actor=None,
        at=NOON,
    )
    session(forum, "~13:00", kind="arrival", title="집결")
    session(forum, "13:20~15:00", title="워크숍", venue=venue, themes=[theme])
    session(forum, "21:30~", kind="rest", title="휴식")
    session(forum, "09:20~11:20", day=forum.ends_on, title="종합토론")
    return forum


# (time, kind, title, day, place, themes): the printed timetable.
TIMETABLE_24 = [
    ("~13:00", "arrival", "집결과 접수", 10, "아모레퍼시픽 오산공장", ()),
    ("13:20~14:30", "visit", "현장견학", 10, "아모레퍼시픽 오산공장", ()),
    ("~14:50", "move", "이동", 10, "", ()),
    ("15:00~18:00", "workshop", "워크숍", 10, "오산시청", (1, 2, 3)),
    ("18:10~18:40", "committee", "운영위원회", 10, "오산시청", ()),
    ("~19:00", "move", "이동", 10, "", ()),
    ("19:00~21:00", "meal", "만찬과 자유토론", 10, "예찬", ()),
    ("~21:20", "move", "이동", 10, "", ()),
    ("21:30~", "rest", "추가토론과 휴식", 10, "라비돌리조트", ()),
    ("~08:50", "meal", "아침식사", 11, "라비돌리조트", ()),
    ("~09:20", "move", "이동", 11, "", ()),
    ("09:20~11:20", "workshop", "워크숍", 11, "유엔군 초전기념관", (4,)),
    ("11:20~11:50", "visit", "기념관 관람", 11, "유엔군 초전기념관", ()),
    ("~12:00", "move", "이동", 11, "", ()),
    ("~12:00", "meal", "점심식사", 11, "수라청", ()),
    ("~13:00", "closing", "마무리", 11, "수라청", ()),
]
VENUES_24 = {
    "아모레퍼시픽 오산공장": "오산시 가장동 382",
    "오산시청": "오산시 성호대로 141",
    "예찬": "오산시 세교동 470",
    "라비돌리조트": "화성시 정남면 보통리 141-39",
    "유엔군 초전기념관": "오산시 외삼미동 605-2",
    "수라청": "오산시 외삼미동 459-102",
}
THEMES_24 = [
    ("주민참여와 소통, 거버넌스 구축 주요사례 및 개선과제", 60, 4),
    ("보편적 복지 실현을 위한 다양한 시도와 성과들 및 개선과제", 60, 3),
    ("사회적경제 생태계 조성 동향과 모범사례 및 개선과제", 60, 4),
    ("지속가능한 지역발전과 지방자치 혁신을 위한 과제", 120, 0),
]
PRESENTERS_24 = [(1, "윤석인"), (1, "윤종오"), (2, "윤석인"), (2, "문석진"), (3, "김영배"), (4, "송창석")]
THEN = datetime(2013, 12, 2, 9, 0, tzinfo=SEOUL)


def forum_24():
    """The 24th forum in preparation, with the facts of its book."""
    osan = MunicipalityFactory(name="오산시", parent=ProvinceFactory(name="경기도"))
    given = {"actor": None, "at": THEN}
    forum = create_forum(
        title="민선5기 지방자치 혁신, 평가와 전망",
        term="민선5기",
        number=24,
        host=osan,
        place="경기 오산시 일원",
        starts_on=date(2014, 1, 10),
        ends_on=date(2014, 1, 11),
        intent="참여와 소통이 어디까지 왔는지 살펴보고 앞으로의 과제를 이야기합니다.",
        **given,
    )
    venues = {
        name: add_venue(forum_id=forum.pk, name=name, address=address, directions="버스 15분", **given)
        for name, address in VENUES_24.items()
    }
    themes = {}
    for number, (title, minutes, points) in enumerate(THEMES_24, start=1):
        questions = [f"토론거리 {place}: 어떻게 뿌리내릴 수 있을까요?" for place in range(1, points + 1)]
        themes[number] = add_theme(forum_id=forum.pk, title=title, minutes=minutes, points=questions, **given)
    for number, name in PRESENTERS_24:
        person, _is_new = Outsider.objects.get_or_create(name=name)
        add_contribution(
            forum_id=forum.pk, theme=themes[number], part="presenter", outsider=person, title="사례와 과제", **given
        )
        for place in range(4):
            add_contribution(
                forum_id=forum.pk,
                theme=themes[number],
                part="panel",
                printed_as=f"김윤식 시장 (시흥시) {place}",
                **given,
            )
    for printed, kind, title, day, place, held in TIMETABLE_24:
        session(
            forum,
            printed,
            kind=kind,
            title=title,
            day=date(2014, 1, day),
            venue=venues.get(place),
            themes=[themes[number] for number in held],
            details="버스로 움직입니다." if kind == "move" else "",
        )
    return forum
