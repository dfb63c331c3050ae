"""Forums through their services: made, changed, published, held, cancelled, copied, found by what people call them."""

from datetime import date, datetime, timedelta

import pytest

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.notices.models import Delivery, Mailing
from forums.models import Forum, ProgrammeVersion, Registration, Session
from forums.programme import change_from_data, from_data
from forums.queries.forums import (
    forum_by_reference,
    forum_with_programme,
    printed_name,
    programme_of,
    reference_of,
)
from forums.readiness import advised_in, missing_before_publishing
from forums.services.forums import (
    cancel_forum,
    change_forum,
    copy_forum,
    create_forum,
    mark_held,
    publish_forum,
    record_past_forum,
    set_host_profile,
)
from forums.services.programme import (
    add_contribution,
    add_session,
    add_theme,
    add_venue,
    change_contribution,
    change_session,
    change_theme,
    change_venue,
    remove_contribution,
    remove_session,
    remove_theme,
    remove_venue,
    set_timetable,
)
from residents.models import LocalElection
from tests.factories import NOON, SEOUL, ForumFactory, MunicipalityFactory, UserFactory, serving_member
from tests.forums.events import FIRST, SECOND, THEN, clock, forum_24, planned, session

pytestmark = pytest.mark.django_db
GIVEN = {"actor": None, "at": NOON}


def refused(code):
    """A RuleViolation with this code."""

    class Expected:
        def __enter__(self):
            self.raises = pytest.raises(RuleViolation)
            self.found = self.raises.__enter__()
            return self.found

        def __exit__(self, *failure):
            done = self.raises.__exit__(*failure)
            assert self.found.value.code == code
            return done

    return Expected()


def publish(forum, at=NOON, **fields):
    return publish_forum(forum_id=forum.pk, actor=None, at=at, **fields)


def registered(forum, contact="heads.office@example.org", **fields):
    return Registration.objects.create(
        forum=forum, role="head", name="비서", contact=contact, registered_at=NOON, **fields
    )


# --- Made and changed -------------------------------------------------------------------------------------------------


def test_a_forum_is_made_in_preparation_and_noted():
    actor = UserFactory()
    forum = create_forum(
        title="포럼", term="민선8기", number=1, starts_on=FIRST, ends_on=SECOND, actor=actor, at=NOON, fee=30_000
    )
    assert (forum.status, forum.fee) == ("draft", 30_000)
    entry = AuditEntry.objects.get()
    assert (entry.action, str(entry.actor)) == ("forums.forum_created", str(actor.pseudonym))


def test_a_number_is_taken_once_in_a_term():
    ForumFactory(number=3)
    with refused("number_taken"):
        create_forum(title="포럼", term="민선8기", number=3, starts_on=FIRST, ends_on=SECOND, **GIVEN)
    assert create_forum(title="포럼", term="민선9기", number=3, starts_on=FIRST, ends_on=SECOND, **GIVEN).pk


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"ends_on": FIRST - timedelta(days=1)}, "ends_before_it_starts"),
        ({"ends_on": FIRST + timedelta(days=61)}, "too_long"),
        ({"title": " "}, "nameless"),
        ({"term": ""}, "nameless"),
    ],
)
def test_an_event_has_a_name_and_days_in_order(fields, code):
    with refused(code):
        create_forum(**{"title": "포럼", "term": "민선8기", "starts_on": FIRST, "ends_on": SECOND, **fields}, **GIVEN)
    assert not Forum.objects.exists()


def test_unknown_fields_are_an_error():
    with pytest.raises(ValueError, match="status"):
        create_forum(title="포럼", term="민선8기", starts_on=FIRST, ends_on=SECOND, status="held", **GIVEN)
    with pytest.raises(ValueError, match="status"):
        change_forum(forum_id=ForumFactory().pk, changes={"status": "held"}, **GIVEN)


def test_sessions_move_along_when_the_event_moves():
    forum = planned()
    change_forum(
        forum_id=forum.pk,
        changes={"starts_on": FIRST + timedelta(days=7), "ends_on": SECOND + timedelta(days=7)},
        **GIVEN,
    )
    assert set(forum.sessions.values_list("day", flat=True)) == {FIRST + timedelta(days=7), SECOND + timedelta(days=7)}


def test_sessions_stay_when_the_event_gets_longer():
    forum = planned()
    change_forum(forum_id=forum.pk, changes={"starts_on": FIRST - timedelta(days=1)}, **GIVEN)
    assert set(forum.sessions.values_list("day", flat=True)) == {FIRST, SECOND}


def test_an_event_is_not_cut_shorter_than_its_sessions():
    forum = planned()
    with refused("session_outside"):
        change_forum(forum_id=forum.pk, changes={"ends_on": FIRST}, **GIVEN)
    assert Forum.objects.get().ends_on == SECOND


def test_a_published_forum_keeps_its_number():
    forum = planned(number=1)
    publish(forum)
    with refused("published"):
        change_forum(forum_id=forum.pk, changes={"number": 2}, **GIVEN)
    assert change_forum(forum_id=forum.pk, changes={"title": "새 제목"}, **GIVEN).title == "새 제목"


# --- Publishing -------------------------------------------------------------------------------------------------------


def test_what_is_published_is_the_programme_as_it_stood_then():
    forum = planned()
    version = publish(forum)
    change_session(session_id=forum.sessions.get(title="워크숍").pk, changes={"title": "다른 이름"}, **GIVEN)
    assert version.number == 1
    assert version.changes == []
    titles = [line.title for line in from_data(ProgrammeVersion.objects.get().snapshot).in_order()]
    assert titles == ["집결", "워크숍", "휴식", "종합토론"]
    assert Forum.objects.get().status == "published"


def test_the_next_version_says_what_changed():
    forum = planned()
    publish(forum)
    change_session(session_id=forum.sessions.get(title="워크숍").pk, changes={"starts": clock("13:30")}, **GIVEN)
    second = publish(forum, note="점심이 길어졌습니다.")
    (change,) = [change_from_data(data) for data in second.changes]
    assert (second.number, second.note) == (2, "점심이 길어졌습니다.")
    assert (change.changed, change.before, change.after) == (
        "moved",
        "2026-07-10 13:20~15:00",
        "2026-07-10 13:30~15:00",
    )


def test_nothing_new_is_nothing_to_publish():
    forum = planned()
    publish(forum)
    with refused("nothing_changed"):
        publish(forum)
    assert forum.versions.count() == 1


def test_an_empty_forum_lacks_its_host_and_both_days():
    forum = ForumFactory(host=None)
    assert [problem.code for problem in missing_before_publishing(forum)] == ["no_host", "empty_day", "empty_day"]
    with refused("no_host"):
        publish(forum)


def test_an_academy_and_an_online_forum_need_no_host():
    for fields in ({"kind": "academy"}, {"is_online": True}):
        problems = missing_before_publishing(ForumFactory(host=None, **fields))
        assert "no_host" not in {problem.code for problem in problems}


def test_overlaps_and_overfull_sessions_are_missing_something():
    forum = planned()
    session(forum, "14:00~14:30", title="다른 방")
    theme = forum.themes.get()
    change_theme(theme_id=theme.pk, changes={"minutes": 101}, **GIVEN)
    assert [problem.code for problem in missing_before_publishing(forum)] == ["overlap", "overfull"]


def test_what_is_marked_as_parallel_may_overlap():
    forum = planned()
    session(forum, "14:00~14:30", title="다른 방", is_parallel=True)
    assert missing_before_publishing(forum) == []


def test_advice_stands_in_nobodys_way():
    forum = planned()
    add_venue(forum_id=forum.pk, name="식당", **GIVEN)
    add_theme(forum_id=forum.pk, title="복지", minutes=60, **GIVEN)
    session(forum, "16:00~17:00", title="견학", kind="visit")
    advised = advised_in(programme_of(forum_with_programme().get(pk=forum.pk)), NOON)
    assert [advice.code for advice in advised] == ["no_address", "nobody", "theme_without_session", "gap", "gap"]
    assert publish(forum).number == 1


def test_publishing_is_locked_180_days_before_a_local_election():
    LocalElection.objects.create(held_on=date(2026, 6, 3), title="지방선거", source="시험")
    forum = planned()
    with refused("election_publicity"):
        publish(forum)
    assert forum.versions.count() == 0
    assert publish(forum, at=datetime(2026, 6, 4, tzinfo=SEOUL)).number == 1


def test_an_event_in_the_60_days_before_a_local_election_is_refused():
    LocalElection.objects.create(held_on=date(2026, 7, 30), title="지방선거", source="시험")
    with refused("election_events"):
        create_forum(title="포럼", term="민선8기", starts_on=FIRST, ends_on=SECOND, **GIVEN)


def test_an_election_that_became_known_later_locks_the_event_too():
    forum = planned()
    LocalElection.objects.create(held_on=date(2027, 1, 20), title="지방선거", source="시험")
    LocalElection.objects.update(held_on=date(2026, 12, 30))
    assert publish(forum).number == 1
    LocalElection.objects.update(held_on=SECOND + timedelta(days=10))
    add_venue(forum_id=forum.pk, name="식당", **GIVEN)
    with pytest.raises(RuleViolation):
        publish(forum)


def test_participants_are_told_of_changes_once():
    forum = planned()
    registered(forum)
    registered(forum, contact="", status="registered")
    registered(forum, contact="gone@example.org", status="cancelled")
    publish(forum)
    assert not Mailing.objects.exists()
    remove_session(session_id=forum.sessions.get(title="휴식").pk, **GIVEN)
    publish(forum)
    mailing = Mailing.objects.get()
    assert (mailing.kind, mailing.subject_key) == ("forums.programme_changed", f"forum:{forum.pk}:2")
    delivery = Delivery.objects.get()
    assert delivery.address == "heads.office@example.org"


# --- Held, recorded, cancelled ----------------------------------------------------------------------------------------


def test_a_forum_is_held_when_its_last_day_has_come():
    forum = planned()
    publish(forum)
    with refused("not_over"):
        mark_held(forum_id=forum.pk, **GIVEN)
    mark_held(forum_id=forum.pk, actor=None, at=datetime(2026, 7, 11, 18, tzinfo=SEOUL))
    with refused("wrong_state"):
        session(forum, "10:00~11:00")
    with refused("wrong_state"):
        change_forum(forum_id=forum.pk, changes={"title": "새 제목"}, **GIVEN)
    assert change_forum(forum_id=forum.pk, changes={"note": "메모"}, **GIVEN).note == "메모"


def test_a_past_forum_becomes_public_only_after_the_election_and_is_filled_all_the_time(client):
    LocalElection.objects.create(held_on=NOON.date() + timedelta(days=30), title="지방선거", source="시험")
    forum = create_forum(title="창립", term="민선7기", starts_on=date(2018, 9, 1), ends_on=date(2018, 9, 1), **GIVEN)
    add_theme(forum_id=forum.pk, title="주민참여", minutes=60, points=[], **GIVEN)
    with refused("election_publicity"):
        record_past_forum(forum_id=forum.pk, **GIVEN)
    page = f"/club/forums/{forum.pk}/"
    assert client.get(page).status_code == 404
    assert not forum.versions.exists()
    record_past_forum(forum_id=forum.pk, actor=None, at=NOON + timedelta(days=31))
    assert client.get(page).status_code == 200


def test_an_election_ahead_does_not_keep_days_of_the_past_from_the_record():
    """The restriction of events is on those that are to come, also where the days of then lay before an election."""
    LocalElection.objects.create(held_on=date(2018, 9, 20), title="지방선거", source="시험")
    forum = create_forum(title="창립", term="민선7기", starts_on=date(2018, 9, 1), ends_on=date(2018, 9, 1), **GIVEN)
    assert record_past_forum(forum_id=forum.pk, **GIVEN).status == "held"


def test_a_past_forum_is_put_on_record_whatever_it_lacks():
    forum = create_forum(title="창립", term="민선7기", starts_on=date(2018, 9, 1), ends_on=date(2018, 9, 1), **GIVEN)
    record_past_forum(forum_id=forum.pk, **GIVEN)
    assert Forum.objects.get().status == "held"
    assert forum.versions.get().number == 1
    with refused("wrong_state"):
        record_past_forum(forum_id=forum.pk, **GIVEN)


def test_what_is_to_come_is_not_put_on_record():
    with refused("not_over"):
        record_past_forum(forum_id=planned().pk, **GIVEN)


def test_calling_off_needs_a_reason_and_tells_those_who_would_come():
    forum = planned()
    publish(forum)
    registered(forum)
    with refused("reason_missing"):
        cancel_forum(forum_id=forum.pk, reason=" ", **GIVEN)
    cancel_forum(forum_id=forum.pk, reason="태풍이 옵니다.", **GIVEN)
    assert Forum.objects.get().cancelled_because == "태풍이 옵니다."
    assert Mailing.objects.get().kind == "forums.event_cancelled"


def test_a_cancelled_draft_tells_nobody():
    forum = planned()
    registered(forum)
    cancel_forum(forum_id=forum.pk, reason="다음 해로 미룹니다.", **GIVEN)
    assert not Mailing.objects.exists()


# --- Copied -----------------------------------------------------------------------------------------------------------


def test_a_copy_has_the_programme_on_new_days_without_people():
    source = planned()
    copy = copy_forum(forum_id=source.pk, title="다음 포럼", term="민선8기", starts_on=date(2027, 7, 9), **GIVEN)
    old = programme_of(forum_with_programme().get(pk=source.pk))
    new = programme_of(forum_with_programme().get(pk=copy.pk))
    assert copy.status == "draft"
    assert [(line.title, line.starts, line.ends) for line in new.in_order()] == [
        (line.title, line.starts, line.ends) for line in old.in_order()
    ]
    assert {line.day for line in new.sessions} == {date(2027, 7, 9), date(2027, 7, 10)}
    assert [theme.points for theme in new.themes] == [theme.points for theme in old.themes]
    assert [theme.people for theme in new.themes] == [()]
    placed = next(line for line in new.sessions if line.themes)
    assert placed.themes == (new.themes[0].key,)
    assert placed.venue == new.venues[0].key
    assert not {line.key for line in new.sessions} & {line.key for line in old.sessions}
    assert Session.objects.count() == 8


def test_a_copy_can_bring_the_people_along():
    copy = copy_forum(forum_id=planned().pk, title="다음", term="민선8기", starts_on=FIRST, with_people=True, **GIVEN)
    assert copy.contributions.get().theme == copy.themes.get()


# --- What it consists of ----------------------------------------------------------------------------------------------


def test_venues():
    forum = ForumFactory()
    venue = add_venue(forum_id=forum.pk, name="시청", **GIVEN)
    with refused("venue_twice"):
        add_venue(forum_id=forum.pk, name="시청", **GIVEN)
    with refused("nameless"):
        add_venue(forum_id=forum.pk, name=" ", **GIVEN)
    assert change_venue(venue_id=venue.pk, changes={"directions": "버스 15분"}, **GIVEN).directions == "버스 15분"
    line = session(forum, "10:00~11:00", venue=venue)
    remove_venue(venue_id=venue.pk, **GIVEN)
    line.refresh_from_db()
    assert line.venue is None


def test_themes_are_numbered_and_keep_their_points():
    forum = ForumFactory()
    first = add_theme(forum_id=forum.pk, title="하나", minutes=60, points=["가", " ", "나"], **GIVEN)
    second = add_theme(forum_id=forum.pk, title="둘", minutes=60, **GIVEN)
    assert (first.number, second.number) == (1, 2)
    assert [point.text for point in first.points.all()] == ["가", "나"]
    change_theme(theme_id=first.pk, changes={"title": "하나"}, points=["나", "가"], **GIVEN)
    assert [point.text for point in first.points.all()] == ["나", "가"]
    with refused("number_taken"):
        change_theme(theme_id=first.pk, changes={"number": 2}, **GIVEN)
    with refused("no_minutes"):
        add_theme(forum_id=forum.pk, title="셋", minutes=0, **GIVEN)
    remove_theme(theme_id=first.pk, **GIVEN)
    assert [theme.title for theme in forum.themes.all()] == ["둘"]


@pytest.mark.parametrize(
    ("printed", "fields", "code"),
    [
        ("~", {}, "timeless"),
        ("14:00~13:00", {}, "ends_before_it_starts"),
        ("13:00~14:00", {"day": FIRST - timedelta(days=1)}, "session_outside"),
        ("13:00~14:00", {"title": ""}, "nameless"),
    ],
)
def test_a_session_stands_in_the_days_with_a_time(printed, fields, code):
    forum = ForumFactory()
    with refused(code):
        session(forum, printed, **fields)


def test_venue_and_themes_are_those_of_the_event():
    forum, other = ForumFactory(), ForumFactory()
    venue = add_venue(forum_id=other.pk, name="시청", **GIVEN)
    theme = add_theme(forum_id=other.pk, title="주제", minutes=60, **GIVEN)
    for fields in ({"venue": venue}, {"themes": [theme]}):
        with refused("foreign_part"):
            session(forum, "10:00~11:00", **fields)
    with refused("foreign_part"):
        add_contribution(forum_id=forum.pk, theme=theme, part="panel", printed_as="김○○", **GIVEN)


def test_the_table_writes_all_lines_or_none():
    forum = planned()
    rest, workshop = forum.sessions.get(title="휴식"), forum.sessions.get(title="워크숍")
    line = {"kind": "meal", "title": "만찬", "day": FIRST, "starts": clock("19:00"), "ends": None}
    with refused("ends_before_it_starts"):
        set_timetable(
            forum_id=forum.pk,
            lines=[line, {"session": workshop.pk, "starts": clock("16:00")}, {"session": rest.pk, "remove": True}],
            **GIVEN,
        )
    assert forum.sessions.count() == 4
    lines = [line, {"session": workshop.pk, "ends": clock("16:00")}, {"session": rest.pk, "remove": True}]
    set_timetable(forum_id=forum.pk, lines=lines, **GIVEN)
    assert [one.title for one in programme_of(forum_with_programme().get(pk=forum.pk)).in_order()] == [
        "집결",
        "워크숍",
        "만찬",
        "종합토론",
    ]


def test_the_table_touches_no_other_event():
    forum, other = planned(), planned()
    with refused("gone"):
        set_timetable(forum_id=forum.pk, lines=[{"session": other.sessions.first().pk, "remove": True}], **GIVEN)
    assert other.sessions.count() == 4


def test_members_are_printed_with_the_office_of_that_day():
    member = serving_member(MunicipalityFactory(name="북구", parent__name="울산"), name="윤종오")
    assert printed_name(member, FIRST) == "윤종오 구청장 (울산 북구)"
    forum = ForumFactory()
    part = add_contribution(forum_id=forum.pk, part="moderator", member=member, **GIVEN)
    assert part.printed_as == "윤종오 구청장 (울산 북구)"
    other = serving_member(name="문석진")
    changed = change_contribution(contribution_id=part.pk, changes={"member": other}, **GIVEN)
    assert changed.printed_as.startswith("문석진")
    remove_contribution(contribution_id=part.pk, **GIVEN)
    assert not forum.contributions.exists()


def test_somebody_has_to_be_named():
    with refused("nobody"):
        add_contribution(forum_id=ForumFactory().pk, part="panel", **GIVEN)


def test_the_profile_of_the_host_is_kept_in_its_units():
    forum = ForumFactory()
    facts = {"households": 79_951, "people": 205_460, "area_hectares": 4_276, "budget_million": 356_019}
    set_host_profile(forum_id=forum.pk, aims=[{"title": "시정방침", "lines": ["교육도시"]}], **facts, **GIVEN)
    profile = set_host_profile(forum_id=forum.pk, history=[{"when": "1989", "what": "시 승격"}], **GIVEN)
    assert (profile.people, profile.area_hectares, len(profile.aims)) == (205_460, 4_276, 1)
    with pytest.raises(ValueError, match="an aim"):
        set_host_profile(forum_id=forum.pk, aims=[{"name": "x"}], **GIVEN)


# --- By what people call it -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["24", " 제24차", "24차", "민선5기-24", "민선5기 제24차", "민선5기 24"])
def test_a_forum_is_found_by_what_people_call_it(text):
    forum = ForumFactory(number=24, term="민선5기")
    ForumFactory(number=23, term="민선5기")
    ForumFactory(number=24, term="민선5기", kind="academy")
    assert forum_by_reference(text) == forum


def test_any_event_is_found_by_its_key():
    academy = ForumFactory(kind="academy")
    assert forum_by_reference(f"#{academy.pk}") == academy
    assert reference_of(academy) == f"#{academy.pk}"


def test_a_number_of_several_terms_is_refused_naming_them():
    for term in ("민선5기", "민선7기"):
        ForumFactory(number=3, term=term)
    with refused("ambiguous_forum") as found:
        forum_by_reference("3")
    assert "민선5기-3" in found.value.text
    assert "민선7기-3" in found.value.text


@pytest.mark.parametrize("text", ["", "99", "#0", "민선5기", "스물넷", "민선5기-9999999", "#" + "9" * 18])
def test_what_names_nothing_is_not_found(text):
    with refused("unknown_forum"):
        forum_by_reference(text)


# --- The 24th ---------------------------------------------------------------------------------------------------------


def test_the_24th_forum_is_planned_and_published_as_printed():
    forum = forum_24()
    assert missing_before_publishing(forum) == []
    version = publish_forum(forum_id=forum.pk, actor=None, at=THEN)
    programme = from_data(version.snapshot)
    assert [theme.minutes for theme in programme.themes] == [60, 60, 60, 120]
    assert programme == programme_of(forum_with_programme().get(pk=forum.pk))
    assert programme.host == "경기도 오산시"


@pytest.mark.parametrize("events", [1, 5])
def test_reading_programmes_takes_eight_queries(django_assert_num_queries, events):
    for _number in range(events):
        planned()
    with django_assert_num_queries(8):
        assert all(programme_of(forum).sessions for forum in forum_with_programme())


def test_adding_by_hand_is_what_the_service_saved():
    forum = ForumFactory()
    made = add_session(
        forum_id=forum.pk, kind="meal", title="만찬", day=FIRST, starts=clock("19:00"), actor=None, at=NOON
    )
    assert made.ends is None
    assert made.position == 0
