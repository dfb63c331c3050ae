"""The documents of a meeting, its personal data, and what waits."""

from datetime import timedelta

import pytest
from django.utils import translation

from core.errors import RuleViolation
from meetings import documents
from meetings.models import Participant
from meetings.personal_data import erase, need, sections
from meetings.services import (
    add_item,
    approve_minutes,
    cancel_meeting,
    close_meeting,
    draft_minutes,
    record_election,
    record_resolution,
    record_statement,
)
from meetings.services.records import Standing
from meetings.waiting import meeting_work, next_meetings
from reports.content import Facts, Paragraph, Signatures, Table, plain
from reports.queries import may_order_any
from reports.registry import Order, document_called
from tests.factories import NOON, UserFactory
from tests.meetings.conftest import START, make_hall

pytestmark = pytest.mark.django_db

END = START + timedelta(hours=1)


def order(hall, reader=None, at=END):
    return Order({"meeting": hall.meeting.pk}, reader or hall.keeper, at)


def words_of(report):
    """Everything that a document says, as one text."""
    found = [report.title, report.subtitle]
    for _depth, section in report.all_sections():
        found.append(section.title)
    for block in report.blocks():
        if isinstance(block, Paragraph):
            found.append(plain(block.text))
        elif isinstance(block, Facts):
            found += [f"{name} {plain(value)}" for name, value in block.rows]
        elif isinstance(block, Table):
            found += [str(cell) for row in (*block.rows, block.total) for cell in row]
        elif isinstance(block, Signatures):
            found += [f"{role} {name}" for role, name in block.people]
        elif hasattr(block, "items"):
            found += [plain(item) for item in block.items]
    return "\n".join(found)


def held(*, approved=False):
    hall = make_hall(upto="open")
    item = add_item(meeting_id=hall.meeting.pk, title="회비", proposer="사무국", **hall.by())
    record_statement(meeting_id=hall.meeting.pk, speaker="손님", gist="축하합니다", item_id=item.pk, **hall.by())
    record_resolution(
        meeting_id=hall.meeting.pk, text="월 10만 원", present=5, in_favour=4, against=1, item_id=item.pk, **hall.by()
    )
    record_election(
        meeting_id=hall.meeting.pk,
        text="의장 선출",
        present=5,
        seats=1,
        candidates=[Standing("김하나", 3), Standing("이둘", 2)],
        **hall.by(),
    )
    close_meeting(meeting_id=hall.meeting.pk, **hall.by(END))
    if approved:
        minutes = draft_minutes(meeting_id=hall.meeting.pk, remarks="인사말이 있었다.", **hall.by(END))
        approve_minutes(minutes_id=minutes.pk, signed_by=[("의장", "김하나")], **hall.by(END))
    hall.fresh()
    return hall


def test_minutes_say_what_they_have_to_say():
    hall = held(approved=True)
    words = words_of(documents.minutes_document(order(hall)))
    wanted = [
        "시청 대회의실",
        "1. 회비",
        "손님: 축하합니다",
        "월 10만 원",
        "규약 제9조",
        "김하나",
        "인사말이 있었다.",
        "의장 김하나",
    ]
    assert [word for word in wanted if word not in words] == []
    assert all(person.name in words for person in hall.people)


def test_minutes_say_what_was_not_dealt_with():
    hall = make_hall(upto="open")
    add_item(meeting_id=hall.meeting.pk, title="기타", **hall.by())
    close_meeting(meeting_id=hall.meeting.pk, **hall.by(END))
    with translation.override("en"):
        words = words_of(documents.minutes_document(order(hall)))
    assert "Not dealt with." in words


def test_minutes_say_a_vote_below_the_quorum_and_vacant_seats():
    hall = make_hall(upto="open")
    record_resolution(meeting_id=hall.meeting.pk, text="회비", present=2, in_favour=2, against=0, **hall.by())
    standing = [Standing("김하나", 4)]
    record_election(meeting_id=hall.meeting.pk, text="감사", present=5, seats=2, candidates=standing, **hall.by())
    close_meeting(meeting_id=hall.meeting.pk, **hall.by(END))
    with translation.override("en"):
        report = documents.minutes_document(order(hall))
    assert "fewer were present than the 3" in words_of(report)
    assert [block.note for block in report.blocks() if isinstance(block, Table)][1].endswith("stay vacant: 1.")


def test_a_meeting_of_two_days_says_on_which_day_it_ends():
    hall = make_hall(ends_at=START + timedelta(days=1))
    with translation.override("en"):
        words = words_of(documents.attendance_list(order(hall)))
    assert f"{START.day + 1} " in words.split("–")[1]


def test_minutes_that_nobody_approved_say_so():
    hall = held()
    with translation.override("en"):
        report = documents.minutes_document(order(hall))
    assert report.subtitle == "Draft, not approved"
    with translation.override("en"):
        assert documents.minutes_document(order(held(approved=True))).subtitle == ""


def test_approved_minutes_do_not_change_with_the_list():
    hall = held(approved=True)
    Participant.objects.filter(pk=hall.people[0].pk).update(name="다른 이름")
    assert hall.people[0].name in words_of(documents.minutes_document(order(hall)))


def test_there_are_no_minutes_of_a_meeting_to_come(hall):
    with pytest.raises(RuleViolation):
        documents.minutes_document(order(hall))


def test_a_sheet_to_sign_before_and_times_after(hall):
    sheet = next(
        block for block in documents.attendance_list(order(hall, at=NOON)).blocks() if isinstance(block, Table)
    )
    assert [(row[4], row[5]) for row in sheet.rows] == [("", "")] * 5
    after = documents.attendance_list(order(held()))
    table = next(block for block in after.blocks() if isinstance(block, Table))
    assert [(row[4], row[5], row[6]) for row in table.rows] == [("12:00", "13:00", 60)] * 5


def test_a_list_of_nobody(db):
    hall = make_hall(people=0, upto="draft")
    with pytest.raises(RuleViolation):
        documents.attendance_list(order(hall))


@pytest.mark.parametrize("people", [1, 30])
def test_documents_ask_as_often_for_thirty_as_for_one(people, django_assert_num_queries):
    hall = make_hall(people=people, upto="open")
    close_meeting(meeting_id=hall.meeting.pk, **hall.by(END))
    with django_assert_num_queries(4):
        documents.attendance_list(order(hall))
    with django_assert_num_queries(8):
        documents.minutes_document(order(hall))


@pytest.mark.parametrize("name", ["meeting-attendance", "meeting-minutes"])
def test_only_keepers_are_offered_documents(hall, name):
    """The list of documents asks before a meeting is chosen."""
    assert may_order_any(document_called(name), hall.keeper)
    assert not may_order_any(document_called(name), UserFactory())


@pytest.mark.parametrize("name", ["meeting-attendance", "meeting-minutes"])
def test_only_keepers_order_documents(hall, name):
    document = document_called(name)
    values = {"meeting": hall.meeting.pk}
    assert document.may_order(hall.keeper, values)
    assert not document.may_order(hall.people[0].user, values)
    assert not document.may_order(UserFactory(), values)
    assert not document.may_order(hall.keeper, {"meeting": 999_999})
    with pytest.raises(RuleViolation):
        document.build(Order({"meeting": 999_999}, hall.keeper, END))


# --- personal data ----------------------------------------------------------------------------------------------------


def test_what_is_held_about_a_person(open_hall):
    person = open_hall.people[0]
    record_statement(meeting_id=open_hall.meeting.pk, participant_id=person.pk, gist="찬성", **open_hall.by())
    meetings, said = sections(person.user)
    facts = {fact.key: fact.value for fact in meetings.records[0]}
    assert (facts["meeting"], facts["attendance"]) == (open_hall.meeting.title, "2026-06-02 12:00 – ")
    assert said.records[0][1].value == "찬성"


def test_nobody_is_erased_while_their_meeting_goes_on(open_hall):
    person = open_hall.people[0].user
    assert need(person, START)
    close_meeting(meeting_id=open_hall.meeting.pk, **open_hall.by(END))
    assert need(person, END) == ""


def test_an_erased_person_leaves_lists_and_records_but_no_count_changes():
    hall, coming = held(approved=True), make_hall()
    user, name = hall.people[0].user, hall.people[0].name
    coming.people[0].user = user
    coming.people[0].save()
    erase(user, END)
    assert not coming.meeting.participants.filter(user=user).exists()
    person = hall.meeting.participants.get(user=user)
    assert name not in (person.name, person.affiliation, person.email)
    assert hall.fresh().present_at_opening == 5
    assert name in str(hall.meeting.minutes.get().content)


# --- what waits -------------------------------------------------------------------------------------------------------


def waiting(hall):
    with translation.override("en"):
        return [(line.label, line.count) for line in meeting_work(hall.keeper)]


def test_what_waits_for_the_keeper(clock):
    clock.now = NOON
    draft = make_hall(upto="draft")
    assert waiting(draft) == [("Meetings not called yet", 1)]
    assert meeting_work(draft.people[0].user) == []


def test_today_and_minutes(clock):
    hall = make_hall()
    assert waiting(hall) == [("Meetings of today", 1)]
    cancel_meeting(meeting_id=hall.meeting.pk, reason="태풍", **hall.by())
    assert waiting(held()) == [("Minutes to write", 1)]


def test_the_next_meeting(clock):
    clock.now = NOON
    hall = make_hall()
    assert [one.what for one in next_meetings(hall.keeper)] == [hall.meeting.title]
    assert next_meetings(hall.people[0].user) == []
