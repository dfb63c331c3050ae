"""The pages of participants, of the hall, of the desk and of whoever keeps a meeting."""

import re
from datetime import timedelta

import pytest
import vobject
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from core.audit.models import AccessEntry
from meetings import attempts, door
from meetings.models import Attendance, Meeting, Participant, Resolution
from meetings.services import add_item, close_meeting, record_election, record_resolution, record_statement
from meetings.services.records import Standing
from tests.factories import ParticipantFactory, UserFactory
from tests.meetings.conftest import START, make_hall

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"meetings:{name}", args=args)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def keeper(client, clock, hall):
    client.force_login(hall.keeper)
    return client


@pytest.fixture
def guest(client, clock, hall):
    """The first person on the list, signed in."""
    client.force_login(hall.people[0].user)
    return client


KEEPER_PAGES = ["keep", "desk", "door", "door_svg", "hall", "state", "poster", "poster_svg"]
PARTICIPANT_PAGES = ["meeting", "ics"]


@pytest.mark.parametrize("name", [*KEEPER_PAGES, *PARTICIPANT_PAGES])
def test_the_keeper_opens_every_page(keeper, hall, name):
    assert keeper.get(url(name, hall.meeting.pk)).status_code == 200


@pytest.mark.parametrize("name", KEEPER_PAGES)
def test_pages_of_the_keeper_are_closed_to_participants(guest, hall, name):
    assert guest.get(url(name, hall.meeting.pk)).status_code in {403, 404}


@pytest.mark.parametrize("name", [*KEEPER_PAGES, *PARTICIPANT_PAGES, "pass_svg"])
def test_strangers_sign_in_first(client, hall, name):
    assert "login" in client.get(url(name, hall.meeting.pk))["Location"]


@pytest.mark.parametrize("name", [*PARTICIPANT_PAGES, "pass_svg"])
def test_pages_of_participants(guest, hall, name):
    assert guest.get(url(name, hall.meeting.pk)).status_code == 200
    guest.force_login(UserFactory())
    assert guest.get(url(name, hall.meeting.pk)).status_code == 404


def test_a_draft_is_not_shown_to_participants(client, clock):
    hall = make_hall(upto="draft")
    client.force_login(hall.people[0].user)
    assert client.get(url("meeting", hall.meeting.pk)).status_code == 404
    assert hall.meeting.title not in text_of(client.get(url("list")))


def test_participants_see_no_names_of_others(guest, hall):
    page = text_of(guest.get(url("meeting", hall.meeting.pk)))
    assert hall.people[0].code in page
    assert not any(one.name in page for one in hall.people[1:])


def test_the_second_factor_stands_before_the_keepers_pages(client, hall, settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = True
    client.force_login(hall.keeper)
    assert client.get(url("keep", hall.meeting.pk)).status_code == 302


def test_reading_the_list_is_noted_once_in_ten_minutes(keeper, hall, clock):
    for minutes in (0, 5, 11):
        clock.now = START + timedelta(minutes=minutes)
        keeper.get(url("desk", hall.meeting.pk))
    entries = AccessEntry.objects.filter(what="meetings.participant")
    assert [entry.count for entry in entries] == [5, 5]


def test_a_look_at_one_pass_does_not_hide_a_look_at_the_whole_list(keeper, hall, clock):
    """Else scanning one code would open the list of everybody without a trace for ten minutes."""
    participant = hall.meeting.participants.first()
    keeper.get(url("pass_link", participant.token))
    keeper.get(url("desk", hall.meeting.pk))
    keeper.get(url("pass_link", participant.token))
    entries = AccessEntry.objects.filter(what="meetings.participant")
    assert sorted(entry.count for entry in entries) == [1, 5]


@pytest.mark.parametrize("name", ["keep", "desk", "meeting", "state"])
@pytest.mark.parametrize("people", [1, 30])
def test_pages_ask_as_often_for_thirty_as_for_one(client, clock, name, people, django_assert_num_queries):
    hall = make_hall(people=people, upto="open")
    for number in range(people):
        add_item(meeting_id=hall.meeting.pk, title=f"안건 {number}", **hall.by())
    client.force_login(hall.keeper)
    client.get(url(name, hall.meeting.pk))
    expected = {"keep": 13, "desk": 9, "meeting": 8, "state": 6}[name]
    with django_assert_num_queries(expected):
        client.get(url(name, hall.meeting.pk))


# --- answering, calendar ----------------------------------------------------------------------------------------------


def test_answering_the_invitation(guest, hall, clock):
    clock.now = START - timedelta(hours=5)
    response = guest.post(url("answer", hall.meeting.pk), {"answer": "declines"}, follow=True)
    assert gettext("Your answer:") in text_of(response)
    assert Participant.objects.get(pk=hall.people[0].pk).answer == "declines"
    assert guest.post(url("answer", hall.meeting.pk), {"answer": "perhaps"}).status_code == 409


def test_the_calendar_entry(guest, hall):
    from icalendar import Calendar

    add_item(meeting_id=hall.meeting.pk, title="회비", **hall.by())
    calendar = Calendar.from_ical(guest.get(url("ics", hall.meeting.pk)).content)
    event = calendar.walk("VEVENT")[0]
    assert (event["summary"], event.decoded("dtstart"), event["status"]) == (hall.meeting.title, START, "CONFIRMED")
    assert "1. 회비" in event["description"]
    assert event["location"] == "시청 대회의실"


def test_no_control_character_comes_into_a_meeting_or_its_calendar_entry(guest, hall):
    """Another reader than the one that wrote it reads the file."""
    add_item(meeting_id=hall.meeting.pk, title="회\x00비\x0b인상", text="글\x01", **hall.by())
    item = hall.meeting.agenda.get()
    assert (item.title, item.text) == ("회비 인상", "글")
    # Kept before the services took them out.
    Meeting.objects.filter(pk=hall.meeting.pk).update(
        title="정기\x01회의\r\nATTENDEE:x", place="시청\u2028 본관, 2;층", about="뜻\x7f\n둘째 " + "가나다라" * 20
    )
    text = guest.get(url("ics", hall.meeting.pk)).content.decode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]", text.replace("\r\n", "\n"))
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    event = vobject.readOne(text).vevent
    assert "attendee" not in event.contents
    assert event.summary.value == "정기회의 ATTENDEE:x"
    assert event.location.value == "시청 본관, 2;층"
    assert event.description.value.startswith("뜻\n둘째 가나다라")


# --- checking in with the code in the hall ----------------------------------------------------------------------------


def token(hall, at=START):
    return door.token(hall.meeting.checkin_secret, hall.meeting.pk, at)


def test_one_tap_after_scanning(guest, hall):
    page = guest.get(url("door_link", token(hall)), follow=True)
    assert hall.meeting.title in text_of(page)
    assert "digits" not in page.content.decode()
    guest.post(url("arrive", hall.meeting.pk), follow=True)
    attendance = Attendance.objects.get()
    assert (attendance.participant, attendance.way, attendance.recorded_by) == (
        hall.people[0],
        "qr",
        hall.people[0].user,
    )


def test_tapping_twice_is_no_second_arrival(guest, hall):
    guest.get(url("door_link", token(hall)))
    for _time in range(2):
        assert guest.post(url("arrive", hall.meeting.pk)).status_code == 302
    assert Attendance.objects.count() == 1


def test_a_photographed_code_does_not_work_two_minutes_later(guest, hall, clock):
    old = token(hall)
    clock.now = START + timedelta(minutes=2)
    assert guest.get(url("door_link", old)).status_code == 410
    assert guest.post(url("arrive", hall.meeting.pk)).status_code == 400
    assert not Attendance.objects.exists()


def test_the_proof_lasts_a_quarter_of_an_hour(guest, hall, clock):
    guest.get(url("door_link", token(hall)))
    clock.now = START + timedelta(minutes=16)
    assert guest.post(url("arrive", hall.meeting.pk)).status_code == 400


@pytest.mark.parametrize("bad", ["x", "1-", "-1-abc", "9" * 30, "٣-abc"])
def test_links_that_are_no_codes(guest, hall, bad):
    assert guest.get(url("door_link", bad)).status_code == 410


def test_typing_the_digits(guest, hall):
    shown = door.digits(hall.meeting.checkin_secret, START)
    assert guest.post(url("arrive", hall.meeting.pk), {"digits": "000 00x"}).status_code == 400
    guest.post(url("arrive", hall.meeting.pk), {"digits": f"{shown[:3]} {shown[3:]}"})
    assert Attendance.objects.get().way == "qr"


def test_a_personal_code_without_an_account(client, clock, hall):
    person = ParticipantFactory(meeting=hall.meeting, user=None)
    client.get(url("door_link", token(hall)))
    assert client.post(url("arrive", hall.meeting.pk), {"code": "nobody"}).status_code == 400
    typed = f"{person.code[:4]}-{person.code[4:]}".lower()
    assert client.post(url("arrive", hall.meeting.pk), {"code": typed}).status_code == 302
    attendance = Attendance.objects.get()
    assert (attendance.participant, attendance.way, attendance.recorded_by) == (person, "self", None)


def test_without_a_proof_strangers_learn_nothing(client, clock, hall):
    assert hall.meeting.title not in text_of(client.get(url("arrive", hall.meeting.pk)))


def test_guessing_ends(client, clock, hall):
    client.get(url("door_link", token(hall)))
    answers = [
        client.post(url("arrive", hall.meeting.pk), {"code": f"AAAA{number:04}"}).status_code
        for number in range(attempts.MOST_MISTAKES + 1)
    ]
    assert set(answers[:-1]) == {400}
    assert answers[-1] == 429


def test_guessing_ends_however_many_addresses_a_connection_has(client, clock, hall):
    client.get(url("door_link", token(hall)))
    answers = [
        client.post(
            url("arrive", hall.meeting.pk), {"code": "nobody"}, REMOTE_ADDR=f"2001:db8:1:2:{number:x}::1"
        ).status_code
        for number in range(attempts.MOST_MISTAKES + 1)
    ]
    assert answers[-1] == 429
    other = client.post(url("arrive", hall.meeting.pk), {"code": "nobody"}, REMOTE_ADDR="2001:db8:1:3::1")
    assert other.status_code == 400


def test_who_types_nothing_is_not_kept_out_by_the_mistakes_of_others(client, clock, hall):
    client.get(url("door_link", token(hall)))
    for number in range(attempts.MOST_MISTAKES):
        client.post(url("arrive", hall.meeting.pk), {"code": f"AAAA{number:04}"})
    client.force_login(hall.people[0].user)
    client.get(url("door_link", token(hall)))
    assert client.post(url("arrive", hall.meeting.pk)).status_code == 302
    assert Attendance.objects.count() == 1


def test_in_a_full_hall_everybody_may_mistype_once(client, clock, db):
    hall = make_hall(people=attempts.MOST_MISTAKES + 5)
    client.get(url("door_link", token(hall)))
    answers = [
        client.post(url("arrive", hall.meeting.pk), {"code": "nobody"}).status_code
        for _number in range(attempts.MOST_MISTAKES + 6)
    ]
    assert (set(answers[:-1]), answers[-1]) == ({400}, 429)


def test_the_proof_does_not_last_longer_by_using_it(client, clock, hall):
    """One phone from the hall would else check in whoever sends their code, all day."""
    person = ParticipantFactory(meeting=hall.meeting, user=None)
    client.get(url("door_link", token(hall)))
    for minutes in (10, 14, 20):
        clock.now = START + timedelta(minutes=minutes)
        answer = client.post(url("arrive", hall.meeting.pk), {"code": "nobody" if minutes < 20 else person.code})
    assert answer.status_code == 400
    assert not Attendance.objects.exists()


def test_too_early_on_ones_own_phone(guest, hall, clock):
    clock.now = START - timedelta(hours=3)
    guest.get(url("door_link", token(hall, clock.now)))
    response = guest.post(url("arrive", hall.meeting.pk))
    assert response.status_code == 409
    assert not Attendance.objects.exists()


def test_no_arrivals_at_a_closed_meeting(client, clock):
    hall = make_hall(upto="open")
    close_meeting(meeting_id=hall.meeting.pk, **hall.by(START + timedelta(hours=1)))
    assert client.get(url("arrive", hall.meeting.pk)).status_code == 404
    assert client.get(url("arrive", 999)).status_code == 404


def test_the_code_on_the_projector_changes(keeper, hall, clock):
    first = keeper.get(url("state", hall.meeting.pk)).json()
    clock.now = START + timedelta(minutes=1)
    second = keeper.get(url("state", hall.meeting.pk)).json()
    assert (first["digits"], first["step"]) != (second["digits"], second["step"])
    picture = keeper.get(url("door_svg", hall.meeting.pk))
    assert picture["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture["Cache-Control"]
    assert picture.content.startswith(b"<svg")


def test_the_wall_knows_numbers_and_no_names(keeper, hall):
    hall.arrive(0, 1)
    state = keeper.get(url("state", hall.meeting.pk)).json()
    assert (state["present"], state["needed"], state["missing"], state["met"]) == (2, 3, 1, False)
    for name in ("hall", "door", "state"):
        page = keeper.get(url(name, hall.meeting.pk)).content.decode()
        assert not any(one.name in page for one in hall.people)


# --- the desk at the door ---------------------------------------------------------------------------------------------


def test_the_desk_records_coming_and_going(keeper, hall, clock):
    person = hall.people[0]
    sent = {"participant": person.pk, "what": "came"}
    response = keeper.post(url("desk", hall.meeting.pk), sent)
    assert (response.status_code, response["Location"]) == (303, f"{url('desk', hall.meeting.pk)}#p{person.pk}")
    keeper.post(url("desk", hall.meeting.pk), sent)
    clock.now = START + timedelta(minutes=30)
    keeper.post(url("desk", hall.meeting.pk), {"participant": person.pk, "what": "left"})
    attendance = Attendance.objects.get()
    assert (attendance.arrived_at, attendance.left_at, attendance.way) == (START, clock.now, "desk")


@pytest.mark.parametrize("wanted", ["김하나", "ㄱㅎㄴ", "갑구", " 하나 "])
def test_finding_somebody(keeper, hall, wanted):
    ParticipantFactory(meeting=hall.meeting, name="김하나", affiliation="갑구")
    page = keeper.post(url("desk", hall.meeting.pk), {"wanted": wanted}).content.decode()
    assert page.count('class="desk-row"') == 1
    assert "김하나" in page


def test_finding_by_code_and_by_scanner(keeper, hall):
    person = hall.people[2]
    page = keeper.post(url("desk", hall.meeting.pk), {"wanted": person.code.lower()}).content.decode()
    assert page.count('class="desk-row"') == 1
    scanned = f"http://testserver{url('pass_link', person.token)}"
    found = keeper.post(url("desk", hall.meeting.pk), {"wanted": scanned}, follow=True)
    assert found.redirect_chain == [(url("pass_link", person.token), 302)]
    assert person.name in found.content.decode()


def test_an_unknown_or_foreign_pass(keeper, hall):
    assert keeper.get(url("pass_link", "nonsense")).status_code == 404
    for text in ("https://elsewhere.example/x/", "http://[", "://"):
        assert keeper.post(url("desk", hall.meeting.pk), {"wanted": text}).status_code == 200


@pytest.mark.parametrize("chosen", ["", "x", "٣", "999999", "-1"])
def test_nobody_of_this_meeting(keeper, hall, chosen):
    response = keeper.post(url("desk", hall.meeting.pk), {"participant": chosen, "what": "came"})
    assert response.status_code == 404


def test_a_desk_of_a_closed_meeting_says_so(client, clock):
    hall = make_hall(upto="open")
    close_meeting(meeting_id=hall.meeting.pk, **hall.by(START + timedelta(hours=1)))
    client.force_login(hall.keeper)
    sent = {"participant": hall.people[0].pk, "what": "came"}
    response = client.post(url("desk", hall.meeting.pk), sent, follow=True)
    assert "notice--danger" in response.content.decode() or "message" in response.content.decode()
    assert Attendance.objects.count() == 5


# --- keeping ----------------------------------------------------------------------------------------------------------


def local(at):
    from django.utils import timezone

    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def test_a_meeting_from_the_draft_to_the_minutes(client, clock):
    """The keeper's whole way through the pages."""
    start = START + timedelta(days=3)
    keeper = make_hall(people=0, upto="draft").keeper
    client.force_login(keeper)
    facts = {
        "title": "2026년 정기총회",
        "starts_at": local(start),
        "ends_at": local(start + timedelta(hours=2)),
        "place": "시청",
        "notice_days": 2,
        "quorum_rule": "majority",
    }
    made = client.post(f"{url('new')}?kind=test", facts)
    meeting = Meeting.objects.get(title="2026년 정기총회")
    assert made["Location"] == url("keep", meeting.pk)

    def do(name, sent=None, thing=None):
        address = url("act_on", meeting.pk, name, thing) if thing else url("act", meeting.pk, name)
        assert client.get(address).status_code == 200
        response = client.post(address, sent or {})
        assert response.status_code == 303, text_of(response)
        assert client.get(response["Location"]).status_code == 200

    do("add-item", {"title": "회비"})
    do("add-people", {"lines": "김하나, 갑구, 구청장\n이둘\t을구\n박셋", "is_eligible": "on"})
    do("call")
    clock.now = start
    for person in meeting.participants.all()[:2]:
        client.post(url("desk", meeting.pk), {"participant": person.pk, "what": "came"})
    do("open")
    item = meeting.agenda.get()
    do("statement", {"item": item.pk, "participant": meeting.participants.first().pk, "gist": "찬성"}, item.pk)
    vote = {"item": item.pk, "text": "월 10만 원", "present": 2, "in_favour": 2, "against": 0, "abstained": 0}
    do("resolution", {**vote, "invalid": 0, "ballot": "hands", "rule": "of_present"}, item.pk)
    election = {"text": "의장", "present": 2, "seats": 1, "candidates": "김하나, 2\n손님, 0", "invalid": 0}
    do("election", {**election, "ballot": "paper", "rule": "of_present"}, item.pk)
    assert Resolution.objects.get(kind="election").candidates.get(is_elected=True).participant.name == "김하나"
    do("adjourn")
    do("resume")
    clock.now = start + timedelta(hours=1)
    do("close")
    do("draft-minutes", {"remarks": "인사말"})
    do("approve-minutes", {"signed_by": "의장, 김하나\n간사, 이둘"}, meeting.minutes.get().pk)
    meeting.refresh_from_db()
    assert meeting.status == "minuted"
    page = text_of(client.get(url("keep", meeting.pk)))
    assert all(word in page for word in ("월 10만 원", "찬성", "의장 김하나"))


def test_what_a_rule_refuses_stands_on_the_form(keeper, hall):
    response = keeper.post(url("act", hall.meeting.pk, "open"))
    assert response.status_code == 409
    assert "form-errors" in response.content.decode()
    assert hall.fresh().status == "called"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("add-people", {"lines": ", 갑구"}),
        ("add-people", {"lines": "김하나, 갑구, 구청장, 주소아님"}),
        ("add-people", {"lines": "가" * 61}),
        ("add-people", {"lines": "가\n" * 501}),
        ("election", {"text": "의장", "present": 2, "seats": 1, "candidates": "김하나 둘"}),
        ("election", {"text": "의장", "present": 2, "seats": 1, "candidates": "김하나, ٣"}),
        ("resolution", {"text": "회비", "present": "많음"}),
        ("change", {"title": ""}),
        ("cancel", {"reason": ""}),
        ("election", {"text": "의장", "present": 2, "seats": 99999, "candidates": "김하나, 2"}),
        ("election", {"text": "의장", "present": 2, "invalid": 10**12, "seats": 1, "candidates": "김하나, 2"}),
        ("change", {"eligible": 10**12}),
        ("change", {"notice_days": 99999}),
        ("change", {"quorum_rule": "number", "quorum_amount": 10**12}),
        ("change", {"starts_at": "0001-01-01T00:00"}),
    ],
)
def test_bad_input_is_told_and_changes_nothing(keeper, hall, name, sent):
    response = keeper.post(url("act", hall.meeting.pk, name), sent)
    assert response.status_code == 400
    assert "form-errors" in response.content.decode()
    assert hall.meeting.participants.count() == 5


def test_an_account_is_found_by_its_mail_address(keeper, hall):
    user = UserFactory()
    keeper.post(
        url("act", hall.meeting.pk, "add-people"), {"lines": f"김하나,,,{user.email.upper()}", "is_eligible": "on"}
    )
    assert Participant.objects.get(name="김하나").user == user


def test_an_act_on_a_thing_of_another_meeting(keeper, hall):
    other = make_hall()
    person = other.people[0].pk
    assert keeper.post(url("act_on", hall.meeting.pk, "remove-person", person)).status_code == 404
    assert keeper.get(url("act", hall.meeting.pk, "remove-person")).status_code == 404
    assert keeper.get(url("act_on", hall.meeting.pk, "call", person)).status_code == 404
    assert keeper.get(url("act", hall.meeting.pk, "unheard-of")).status_code == 404


def test_others_do_nothing(client, clock, hall):
    client.force_login(hall.people[0].user)
    assert client.post(url("act", hall.meeting.pk, "cancel"), {"reason": "심술"}).status_code == 403
    assert client.get(url("new")).status_code == 403
    assert hall.fresh().status == "called"


def test_guests_who_are_added_later_have_no_vote(client, clock):
    hall = make_hall(upto="open")
    client.force_login(hall.keeper)
    page = client.get(url("act", hall.meeting.pk, "add-people"))
    assert "is_eligible" not in page.context["form"].fields
    client.post(url("act", hall.meeting.pk, "add-people"), {"lines": "늦은 손님", "is_eligible": "on"})
    assert not Participant.objects.get(name="늦은 손님").is_eligible


def test_what_was_not_dealt_with_is_said(client, clock):
    hall = make_hall(upto="open")
    said, left = (add_item(meeting_id=hall.meeting.pk, title=title, **hall.by()) for title in ("회비", "기타"))
    record_statement(meeting_id=hall.meeting.pk, speaker="손님", gist="축하", item_id=said.pk, **hall.by())
    words = gettext("Not dealt with.")
    client.force_login(hall.keeper)
    assert words not in text_of(client.get(url("keep", hall.meeting.pk)))
    close_meeting(meeting_id=hall.meeting.pk, **hall.by(START + timedelta(hours=1)))
    for name in ("keep", "meeting"):
        text = text_of(client.get(url(name, hall.meeting.pk)))
        assert text.count(words) == 1
        assert text.index(left.title) < text.index(words)


def test_a_vote_below_the_quorum_and_vacant_seats_are_said(client, clock):
    hall = make_hall(upto="open")
    record_resolution(meeting_id=hall.meeting.pk, text="회비", present=2, in_favour=2, against=0, **hall.by())
    standing = [Standing("김하나", 4)]
    record_election(meeting_id=hall.meeting.pk, text="감사", present=5, seats=2, candidates=standing, **hall.by())
    client.force_login(hall.keeper)
    text = text_of(client.get(url("keep", hall.meeting.pk)))
    below = gettext("At this vote fewer were present than the %(needed)s that the quorum asks for.") % {"needed": 3}
    vacant = gettext("Seats that stay vacant: %(number)s.") % {"number": 1}
    assert (text.count(below), text.count(vacant)) == (1, 1)


def test_a_hall_without_a_quorum_says_only_who_is_there(client, clock):
    hall = make_hall(quorum_rule="none")
    client.force_login(hall.keeper)

    html = client.get(url("hall", hall.meeting.pk)).content.decode()

    assert 'data-shown="there"' in html
    assert gettext("The quorum is reached.") not in html
    assert "is-met" not in html


def test_a_sitting_names_its_day_once(client, clock):
    hall = make_hall(upto="draft")
    starts, ends = hall.meeting.starts_at, hall.meeting.ends_at
    hall.meeting.sittings.create(title="1차", starts_at=starts, ends_at=ends)
    client.force_login(hall.keeper)

    words = text_of(client.get(url("keep", hall.meeting.pk)))

    assert f"– {timezone.localtime(ends):%H:%M}" in words
