"""Events at the secretariat's desk: planned in tables, published, called off; what waits."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from forums.models import Forum, HostProfile, Material, Theme, Venue
from forums.services.forums import publish_forum
from forums.waiting.events import events_at_the_desk, next_event
from forums.waiting.next_forum import next_forum_at_the_desk
from residents.states import Role
from tests.factories import NOON, ForumFactory, MunicipalityFactory, official, serving_member
from tests.forums.events import planned, session
from tests.forums.test_materials import pdf

pytestmark = pytest.mark.django_db
GIVEN = {"actor": None, "at": NOON}


@pytest.fixture
def desk(client, settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    client.force_login(official(Role.CLUB_SECRETARIAT))
    return client


def url(name, *args):
    return reverse(f"admin:forums_{name}", args=args)


def facts(**fields):
    return {
        "kind": "forum",
        "term": "민선8기",
        "number": "7",
        "title": "새 포럼",
        "intent": "",
        "starts_on": "2099-07-10",
        "ends_on": "2099-07-11",
        "host": "",
        "place": "오산시 일원",
        "register_until": "",
        "places": "",
        "fee": "0",
        "note": "",
        **fields,
    }


def rows(initial, *lines):
    data = {"form-TOTAL_FORMS": str(len(lines)), "form-INITIAL_FORMS": str(initial), "form-MIN_NUM_FORMS": "0"}
    for place, line in enumerate(lines):
        data |= {f"form-{place}-{name}": value for name, value in line.items()}
    return data


def line(forum, **fields):
    return {
        "kind": "meal",
        "title": "만찬",
        "starts": "19:00",
        "ends": "",
        "day": forum.starts_on.isoformat(),
        **fields,
    }


def test_other_roles_find_nothing_here(client, settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    forum = planned()
    addresses = [
        url("forum_changelist"),
        url("forum_change", forum.pk),
        url("forum_timetable", forum.pk, 1),
        url("forum_people", forum.pk, forum.themes.get().pk),
        url("forum_publish", forum.pk),
        url("theme_change", forum.themes.get().pk),
        f"{url('material_add')}?event={forum.pk}",
    ]
    client.force_login(official(Role.DISTRICT_OFFICIAL, MunicipalityFactory()))
    assert {client.get(address).status_code for address in addresses} == {404}


def test_an_event_is_made_and_changed(desk):
    response = desk.post(url("forum_add"), facts())
    forum = Forum.objects.get()
    assert response.url == url("forum_change", forum.pk)
    desk.post(url("forum_change", forum.pk), facts(title="고친 제목"))
    forum.refresh_from_db()
    assert forum.title == "고친 제목"


def test_a_number_that_is_taken_is_said_in_the_form(desk):
    ForumFactory(number=7)
    response = desk.post(url("forum_add"), facts())
    assert response.status_code == 409
    assert "같은 종류의 7차 행사가 이미" in response.content.decode()
    assert Forum.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"ends_on": "2099-07-09"}, "마지막 날이 첫날보다"), ({"ends_on": "2099-12-31"}, "60일까지")],
    ids=["days in the wrong order", "too long"],
)
def test_what_does_not_go_together_is_said_in_a_sentence(desk, wrong, said):
    response = desk.post(url("forum_add"), facts(**wrong))
    html = response.content.decode()
    assert response.status_code == 409
    assert "forum_ends_after" not in html
    assert said in html
    assert not Forum.objects.exists()


def test_a_theme_takes_time_and_a_number_of_its_own(desk):
    forum = planned()
    add = f"{url('theme_add')}?event={forum.pk}"
    for sent in ({"number": "1", "minutes": "60"}, {"number": "2", "minutes": "0"}):
        response = desk.post(add, {"title": "복지", "points": "", **sent})
        assert response.status_code in {400, 409}
        assert "theme_takes_time" not in response.content.decode()
    assert forum.themes.count() == 1


def test_the_page_says_what_is_missing_with_links(desk):
    forum = ForumFactory(host=None)
    html = desk.get(url("forum_change", forum.pk)).content.decode()
    assert url("forum_timetable", forum.pk, 2) in html
    assert "#id_host" in html
    assert url("forum_publish", forum.pk) not in html


def test_a_complete_event_offers_publishing(desk):
    forum = planned()
    html = desk.get(url("forum_change", forum.pk)).content.decode()
    assert url("forum_publish", forum.pk) in html
    desk.post(url("forum_publish", forum.pk), {"note": ""})
    forum.refresh_from_db()
    assert forum.status == "published"


@pytest.mark.parametrize("number", [1, 2])
def test_the_timetable_of_a_day_can_be_opened(desk, number):
    html = desk.get(url("forum_timetable", planned().pk, number)).content.decode()
    for name in ("starts", "ends", "kind", "title", "venue", "room", "details", "themes", "is_parallel", "day"):
        assert f'name="form-0-{name}"' in html


def test_days_that_the_event_does_not_have_are_not_found(desk):
    for number in (0, 3):
        assert desk.get(url("forum_timetable", planned().pk, number)).status_code == 404


def test_lines_are_added_changed_and_taken_off_at_once(desk):
    forum = planned()
    shown = desk.get(url("forum_timetable", forum.pk, 1)).context["rows"]
    assert [row.initial["title"] for row in shown.initial_forms] == ["집결", "워크숍", "휴식"]
    keys = [row.initial["session"] for row in shown.initial_forms]
    venue, theme = forum.venues.get(), forum.themes.get()
    data = rows(
        3,
        line(forum, session=keys[0], kind="arrival", title="접수", starts="", ends="13:00"),
        line(forum, session=keys[1], kind="workshop", title="워크숍", starts="13:20", ends="15:00", venue=venue.pk)
        | {"themes": [theme.pk]},
        line(forum, session=keys[2], kind="rest", title="휴식", starts="21:30", remove="on"),
        line(forum),
        {"day": forum.starts_on.isoformat()},
    )
    response = desk.post(url("forum_timetable", forum.pk, 1), data)
    assert response.status_code == 302
    found = forum.sessions.filter(day=forum.starts_on).order_by("starts")
    assert {(one.title, one.starts and f"{one.starts:%H:%M}") for one in found} == {
        ("접수", None),
        ("워크숍", "13:20"),
        ("만찬", "19:00"),
    }
    assert forum.sessions.get(title="워크숍").themes.get() == theme


def test_a_wrong_line_saves_nothing_and_says_why(desk):
    forum = planned()
    data = rows(0, line(forum), line(forum, title="거꾸로", starts="14:00", ends="13:00"))
    response = desk.post(url("forum_timetable", forum.pk, 1), data)
    assert response.status_code == 409
    assert "거꾸로" in response.content.decode()
    assert forum.sessions.count() == 4
    data = rows(0, line(forum, starts="25:00"))
    assert desk.post(url("forum_timetable", forum.pk, 1), data).status_code == 400


def test_people_come_from_the_register_or_are_typed(desk):
    forum = planned()
    theme, member = forum.themes.get(), serving_member(name="문석진")
    shown = desk.get(url("forum_people", forum.pk, theme.pk)).content.decode()
    for name in ("part", "member", "outsider", "printed_as", "title"):
        assert f'name="form-0-{name}"' in shown
        assert f'name="form-1-{name}"' in shown
    data = rows(
        0,
        {"part": "panel", "member": member.pk, "outsider": "", "printed_as": "", "title": ""},
        {"part": "panel", "member": "", "outsider": "", "printed_as": "송창석 박사", "title": ""},
    )
    assert desk.post(url("forum_people", forum.pk, theme.pk), data).status_code == 302
    assert [part.printed_as.split()[0] for part in theme.contributions.order_by("position")] == [
        "윤종오",
        "문석진",
        "송창석",
    ]
    nobody = rows(0, {"part": "panel", "printed_as": ""})
    assert desk.post(url("forum_people", forum.pk, theme.pk), nobody).status_code == 400


def test_another_person_is_printed_anew(desk):
    forum = planned()
    part, other = forum.contributions.get(), serving_member(name="문석진")
    data = rows(
        1,
        {
            "contribution": part.pk,
            "part": "presenter",
            "member": other.pk,
            "printed_as": part.printed_as,
            "title": part.title,
        },
    )
    assert desk.post(url("forum_people", forum.pk, part.theme_id), data).status_code == 302
    part.refresh_from_db()
    assert part.printed_as.startswith("문석진")


def test_themes_and_venues_lead_back_to_their_event(desk):
    forum = ForumFactory()
    theme = {"number": "", "title": "복지", "minutes": "60", "points": "하나\n\n둘"}
    response = desk.post(f"{url('theme_add')}?event={forum.pk}", theme)
    assert response.url == url("forum_change", forum.pk)
    assert [point.text for point in Theme.objects.get().points.all()] == ["하나", "둘"]
    changed = {"number": "1", "title": "복지", "minutes": "90", "points": "하나"}
    desk.post(url("theme_change", Theme.objects.get().pk), changed)
    assert Theme.objects.get().minutes == 90
    desk.post(
        f"{url('venue_add')}?event={forum.pk}", {"name": "시청", "address": "", "directions": "", "position": "0"}
    )
    venue = Venue.objects.get()
    response = desk.post(url("venue_delete", venue.pk), {"post": "yes"})
    assert response.url == url("forum_change", forum.pk)
    assert not Venue.objects.exists()
    assert desk.get(url("theme_add")).status_code == 404


def test_a_file_is_taken_by_its_content(desk):
    forum = planned()
    address = f"{url('material_add')}?event={forum.pk}"
    facts_of_file = {"title": "발제", "author": "", "contribution": forum.contributions.get().pk, "in_book": "on"}
    wrong = SimpleUploadedFile("발제.pdf", b"<script>alert(1)</script>", "application/pdf")
    response = desk.post(address, {**facts_of_file, "upload": wrong})
    assert response.status_code == 400
    right = SimpleUploadedFile("아무개.exe", pdf(3), "text/html")
    response = desk.post(address, {**facts_of_file, "upload": right})
    assert response.url == url("forum_change", forum.pk)
    material = Material.objects.get()
    assert (material.content_type, material.pages, material.file_name) == ("application/pdf", 3, "아무개.exe.pdf")
    desk.post(url("material_change", material.pk), {**facts_of_file, "title": "새 제목", "is_public": "on"})
    material.refresh_from_db()
    assert (material.title, material.is_public) == ("새 제목", True)
    desk.post(url("material_delete", material.pk), {"post": "yes"})
    assert not Material.objects.exists()


def test_the_profile_is_written_as_lines(desk):
    forum = planned()
    data = {
        "area": "42.76",
        "people": "205460",
        "aims": "시정방침\n- 교육도시\n- 경제도시",
        "history": "1989년 | 시 승격",
        "goal": "",
        "households": "",
        "budget_million": "",
        "budget_note": "",
        "source": "",
    }
    assert desk.post(url("forum_profile", forum.pk), data).status_code == 302
    profile = HostProfile.objects.get()
    assert profile.area_hectares == 4_276
    assert profile.aims == [{"title": "시정방침", "lines": ["교육도시", "경제도시"]}]
    html = desk.get(url("forum_profile", forum.pk)).content.decode()
    assert "42.76" in html
    assert "- 경제도시" in html
    assert desk.post(url("forum_profile", forum.pk), {**data, "history": "1989년 승격"}).status_code == 400
    assert desk.post(url("forum_profile", forum.pk), {**data, "aims": "- 교육도시"}).status_code == 400


def test_a_copy_leads_to_itself(desk):
    forum = planned()
    data = {"title": "다음 포럼", "term": "민선8기", "number": "9", "starts_on": "2099-07-09"}
    response = desk.post(url("forum_copy", forum.pk), data)
    copy = Forum.objects.get(title="다음 포럼")
    assert response.url == url("forum_change", copy.pk)
    assert copy.sessions.count() == 4


def test_calling_off_asks_for_a_reason(desk):
    forum = planned()
    assert desk.post(url("forum_cancel", forum.pk), {"reason": ""}).status_code == 400
    assert desk.post(url("forum_cancel", forum.pk), {"reason": "태풍"}).status_code == 302
    forum.refresh_from_db()
    assert forum.status == "cancelled"
    assert desk.get(url("forum_change", forum.pk)).status_code == 200


def test_the_list_can_be_taken_as_a_file(desk):
    planned()
    assert desk.get(url("forum_changelist")).status_code == 200
    assert desk.get(url("material_changelist")).status_code == 200
    assert desk.get(url("forum_export")).status_code == 200


@pytest.mark.parametrize("sessions", [1, 30])
def test_the_page_of_an_event_takes_the_same_queries(desk, django_assert_max_num_queries, sessions):
    forum = planned()
    for number in range(sessions):
        session(forum, f"15:{number:02}~15:{number + 1:02}", title=f"발표 {number}")
    with django_assert_max_num_queries(25):
        assert desk.get(url("forum_change", forum.pk)).status_code == 200


def test_what_waits_and_what_comes():
    user, nobody = official(Role.CLUB_SECRETARIAT), official(Role.OPERATOR)
    today = timezone.localdate()
    soon = {"starts_on": today + timedelta(days=5), "ends_on": today + timedelta(days=6)}
    draft = planned(**soon)
    over = ForumFactory(status="published", starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=8))
    ForumFactory(starts_on=today + timedelta(days=300), ends_on=today + timedelta(days=300))
    lines = events_at_the_desk(user)
    assert [(one.count, one.url) for one in lines] == [
        (1, url("forum_change", draft.pk)),
        (1, url("forum_change", over.pk)),
    ]
    assert next_event(user) == []
    publish_forum(forum_id=draft.pk, **GIVEN)
    assert [coming.url for coming in next_event(user)] == [url("forum_change", draft.pk)]
    assert events_at_the_desk(nobody) == []
    assert next_event(nobody) == []


@pytest.mark.parametrize("state", ["published", "held"])
def test_the_form_is_saved_with_what_it_shows_and_no_more(desk, state):
    """What the state fixes stands there as text: the browser sends none of it."""
    forum = planned()
    publish_forum(forum_id=forum.pk, **GIVEN)
    Forum.objects.filter(pk=forum.pk).update(status=state)
    form = desk.get(url("forum_change", forum.pk)).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in values.items() if value is not None and value is not False}
    assert "number" not in sent

    response = desk.post(url("forum_change", forum.pk), sent | {"note": "버스는 두 대"})

    assert response.status_code == 302, response.context["errors"]
    forum.refresh_from_db()
    assert forum.note == "버스는 두 대"
    assert forum.title


def test_the_next_forum_stands_on_the_first_page_of_the_secretariat(desk):
    secretary = official(Role.CLUB_SECRETARIAT)
    assert next_forum_at_the_desk(secretary) == []
    day = timezone.localdate() + timedelta(days=20)
    forum = ForumFactory(status="published", title="제25차", starts_on=day, ends_on=day)
    (line,) = next_forum_at_the_desk(secretary)
    assert "제25차" in line.label
    assert str(forum.pk) in line.url
    assert desk.get(line.url).status_code == 200
    assert next_forum_at_the_desk(official(Role.DISTRICT_OFFICIAL, MunicipalityFactory())) == []
