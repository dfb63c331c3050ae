"""The life of a meeting through its services."""

from datetime import date, timedelta

import pytest

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from meetings.kinds import MeetingKind, meeting_kind, register_meeting_kind
from meetings.models import AgendaItem, Attendance, Meeting, Sitting
from meetings.queries import counts_of, quorum_now
from meetings.services import (
    Guest,
    add_item,
    add_participants,
    add_sitting,
    adjourn_meeting,
    answer_invitation,
    call_meeting,
    cancel_meeting,
    change_meeting,
    change_participant,
    check_in,
    close_meeting,
    create_meeting,
    move_item,
    open_meeting,
    remove_item,
    remove_participant,
    remove_sitting,
    resume_meeting,
)
from meetings.signals import meeting_called, meeting_cancelled, meeting_closed
from meetings.states import MEETING_TRANSITIONS, MeetingStatus
from tests.factories import NOON, ParticipantFactory, UserFactory
from tests.meetings.conftest import START, make_hall

pytestmark = pytest.mark.django_db


def facts(**changed):
    return {"title": "정기회의", "place": "시청", "starts_at": START, "ends_at": START + timedelta(hours=2), **changed}


def last_action():
    return AuditEntry.objects.order_by("-pk").values_list("action", flat=True).first()


def test_every_state_has_its_transitions():
    assert set(MEETING_TRANSITIONS) == set(MeetingStatus.values)


def test_a_new_meeting_takes_what_its_kind_says(hall):
    meeting = create_meeting(kind="test", values=facts(), **hall.by())
    assert (meeting.quorum_article, meeting.status) == ("규약 제8조", "draft")
    assert last_action() == "meetings.meeting_created"


def test_there_is_no_meeting_of_an_unknown_kind(hall):
    with pytest.raises(RuleViolation):
        create_meeting(kind="unheard", values=facts(), **hall.by())


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": START},
        {"quorum_amount": 3},
        {"quorum_rule": "share"},
        {"quorum_rule": "share", "quorum_amount": 1001},
        {"quorum_rule": "number", "quorum_amount": 0},
    ],
)
def test_fields_that_do_not_fit(hall, wrong):
    with pytest.raises(RuleViolation):
        create_meeting(kind="test", values=facts(**wrong), **hall.by())
    with pytest.raises(RuleViolation):
        change_meeting(meeting_id=hall.meeting.pk, values=wrong, **hall.by())
    assert hall.fresh().quorum_rule == "majority"


def test_unknown_fields_are_a_mistake_of_the_caller(hall):
    with pytest.raises(TypeError):
        change_meeting(meeting_id=hall.meeting.pk, values={"status": "open"}, **hall.by())


def test_changing_notes_which_fields_and_not_what_stands_there(hall):
    change_meeting(meeting_id=hall.meeting.pk, values={"title": "임시회의", "place": hall.meeting.place}, **hall.by())
    assert AuditEntry.objects.latest("pk").details == {"fields": ["title"]}


def test_an_opened_meeting_is_not_changed(open_hall):
    with pytest.raises(RuleViolation):
        change_meeting(meeting_id=open_hall.meeting.pk, values={"title": "다른 회의"}, **open_hall.by())


# --- calling ----------------------------------------------------------------------------------------------------------


def test_calling_tells_whoever_listens(db):
    hall = make_hall(upto="draft")
    heard = []

    def listener(**told):
        heard.append(told["meeting"].pk)

    meeting_called.connect(listener)
    try:
        call_meeting(meeting_id=hall.meeting.pk, **hall.by(NOON))
    finally:
        meeting_called.disconnect(listener)
    assert heard == [hall.meeting.pk]
    assert (hall.fresh().status, hall.meeting.convened_on) == ("called", NOON.date())


@pytest.mark.parametrize("days", [0, 1])
def test_days_of_notice_are_kept(db, days):
    hall = make_hall(upto="draft", notice_days=days)
    call_meeting(meeting_id=hall.meeting.pk, **hall.by(NOON))
    assert hall.fresh().status == "called"


def test_too_few_days_of_notice(db):
    hall = make_hall(upto="draft", notice_days=7)
    with pytest.raises(RuleViolation) as refused:
        call_meeting(meeting_id=hall.meeting.pk, **hall.by(NOON))
    assert "7" in refused.value.text
    assert hall.fresh().status == "draft"


def test_days_of_notice_count_from_the_day_on_the_letter(db):
    hall = make_hall(upto="draft", notice_days=7, convened_on=date(2026, 5, 20))
    assert call_meeting(meeting_id=hall.meeting.pk, **hall.by(NOON)).convened_on == date(2026, 5, 20)


def test_nobody_is_called_to_a_meeting_without_participants_or_in_the_past(db):
    empty, past = make_hall(people=0, upto="draft"), make_hall(upto="draft")
    for hall, at in ((empty, NOON), (past, START)):
        with pytest.raises(RuleViolation):
            call_meeting(meeting_id=hall.meeting.pk, **hall.by(at))


def test_the_kind_may_have_something_against_it(db):
    register_meeting_kind(
        MeetingKind(
            name="refused",
            title="",
            may_keep=meeting_kind("test").may_keep,
            against_calling=lambda _meeting, _at: ["공동대표만 소집합니다."],
        )
    )
    hall = make_hall(upto="draft", kind="refused")
    with pytest.raises(RuleViolation, match="공동대표"):
        call_meeting(meeting_id=hall.meeting.pk, **hall.by(NOON))


def test_two_kinds_do_not_share_a_name():
    with pytest.raises(ValueError, match="two kinds"):
        register_meeting_kind(MeetingKind(name="test", title="", may_keep=lambda *_: False))


def test_calling_off_needs_a_reason_and_tells_who_was_called(hall):
    with pytest.raises(RuleViolation):
        cancel_meeting(meeting_id=hall.meeting.pk, reason=" ", **hall.by())
    heard = []

    def listener(**told):
        heard.append(told["meeting"].pk)

    meeting_cancelled.connect(listener)
    try:
        cancel_meeting(meeting_id=hall.meeting.pk, reason="태풍", **hall.by())
    finally:
        meeting_cancelled.disconnect(listener)
    assert heard == [hall.meeting.pk]
    assert hall.fresh().cancelled_because == "태풍"


def test_an_open_meeting_is_not_called_off(open_hall):
    with pytest.raises(RuleViolation):
        cancel_meeting(meeting_id=open_hall.meeting.pk, reason="태풍", **open_hall.by())


# --- opening and closing ----------------------------------------------------------------------------------------------


def test_a_meeting_opens_with_a_majority(hall):
    hall.arrive(0, 1)
    with pytest.raises(RuleViolation) as refused:
        open_meeting(meeting_id=hall.meeting.pk, **hall.by())
    assert refused.value.code == "no_quorum"
    assert "1" in refused.value.text
    hall.arrive(2)
    meeting = open_meeting(meeting_id=hall.meeting.pk, **hall.by())
    assert (meeting.eligible_at_opening, meeting.present_at_opening, meeting.needed_at_opening) == (5, 3, 3)


def test_guests_do_not_make_a_quorum(hall):
    change_participant(participant_id=hall.people[2].pk, values={"is_eligible": False}, **hall.by())
    hall.arrive(0, 1, 2)
    assert counts_of(hall.meeting, START) == (4, 2, 3)
    with pytest.raises(RuleViolation):
        open_meeting(meeting_id=hall.meeting.pk, **hall.by())


def test_the_number_of_members_may_be_greater_than_the_list(db):
    hall = make_hall(people=5, eligible=57)
    hall.arrive(*range(5))
    assert (quorum_now(hall.meeting, START).needed, quorum_now(hall.meeting, START).missing) == (29, 24)


def test_who_has_left_makes_no_quorum(hall):
    from meetings.services import check_out

    hall.arrive(0, 1, 2)
    check_out(participant_id=hall.people[0].pk, **hall.by(START + timedelta(minutes=1)))
    assert quorum_now(hall.meeting, START).present == 2


def test_a_draft_does_not_open(db):
    hall = make_hall(upto="draft", quorum_rule="none")
    with pytest.raises(RuleViolation):
        open_meeting(meeting_id=hall.meeting.pk, **hall.by())


def test_adjourned_and_resumed(open_hall):
    adjourn_meeting(meeting_id=open_hall.meeting.pk, **open_hall.by())
    with pytest.raises(RuleViolation):
        adjourn_meeting(meeting_id=open_hall.meeting.pk, **open_hall.by())
    assert resume_meeting(meeting_id=open_hall.meeting.pk, **open_hall.by()).status == "open"
    with pytest.raises(RuleViolation):
        resume_meeting(meeting_id=open_hall.meeting.pk, **open_hall.by())


def test_resuming_does_not_open_a_called_meeting(hall):
    with pytest.raises(RuleViolation):
        resume_meeting(meeting_id=hall.meeting.pk, **hall.by())


def test_at_the_close_everybody_leaves(open_hall):
    heard = []

    def listener(**told):
        heard.append(told["meeting"].pk)

    meeting_closed.connect(listener)
    end = START + timedelta(hours=1)
    try:
        close_meeting(meeting_id=open_hall.meeting.pk, **open_hall.by(end))
    finally:
        meeting_closed.disconnect(listener)
    assert heard == [open_hall.meeting.pk]
    assert set(Attendance.objects.values_list("left_at", flat=True)) == {end}


def test_a_meeting_does_not_close_before_it_opened(open_hall):
    with pytest.raises(RuleViolation):
        close_meeting(meeting_id=open_hall.meeting.pk, **open_hall.by(START - timedelta(minutes=1)))
    assert open_hall.fresh().status == "open"


# --- agenda and sittings ----------------------------------------------------------------------------------------------


def titles(meeting):
    return list(meeting.agenda.order_by("position").values_list("position", "title"))


def test_the_agenda_keeps_its_order(hall):
    one, two, three = (add_item(meeting_id=hall.meeting.pk, title=name, **hall.by()) for name in "가나다")
    move_item(meeting_id=hall.meeting.pk, item_id=three.pk, up=True, **hall.by())
    assert titles(hall.meeting) == [(1, "가"), (2, "다"), (3, "나")]
    move_item(meeting_id=hall.meeting.pk, item_id=one.pk, up=True, **hall.by())
    remove_item(meeting_id=hall.meeting.pk, item_id=one.pk, **hall.by())
    assert titles(hall.meeting) == [(1, "다"), (2, "나")]
    assert two.pk in AgendaItem.objects.values_list("pk", flat=True)


def test_an_item_of_another_meeting_is_not_touched(hall):
    other = make_hall()
    item = add_item(meeting_id=other.meeting.pk, title="가", **other.by())
    with pytest.raises(RuleViolation):
        remove_item(meeting_id=hall.meeting.pk, item_id=item.pk, **hall.by())


def test_sittings_lie_within_the_meeting_and_apart(hall):
    def add(start, end):
        return add_sitting(
            meeting_id=hall.meeting.pk,
            title="제1강",
            starts_at=START + timedelta(minutes=start),
            ends_at=START + timedelta(minutes=end),
            **hall.by(),
        )

    first = add(0, 60)
    add(60, 120)
    for wrong in ((30, 40), (-10, 0), (110, 130), (60, 60)):
        with pytest.raises(RuleViolation):
            add(*wrong)
    remove_sitting(meeting_id=hall.meeting.pk, sitting_id=first.pk, **hall.by())
    assert Sitting.objects.count() == 1


# --- people -----------------------------------------------------------------------------------------------------------


def test_an_account_stands_on_the_list_once(hall):
    user = UserFactory()
    guests = [Guest("김하나", user), Guest("김하나", user), Guest("이둘")]
    added = add_participants(meeting_id=hall.meeting.pk, guests=guests, **hall.by())
    assert [one.name for one in added] == ["김하나", "이둘"]
    assert add_participants(meeting_id=hall.meeting.pk, guests=guests[:1], **hall.by()) == []


def test_new_people_stand_at_the_end_unless_they_have_a_place(hall):
    added = add_participants(
        meeting_id=hall.meeting.pk, guests=[Guest("가"), Guest("나", order=1), Guest("다")], **hall.by()
    )
    last = max(one.order for one in hall.people)
    assert [one.order for one in added] == [last + 1, 1, last + 2]


def test_everybody_has_a_name(hall):
    with pytest.raises(RuleViolation):
        add_participants(meeting_id=hall.meeting.pk, guests=[Guest(" ")], **hall.by())
    with pytest.raises(RuleViolation):
        change_participant(participant_id=hall.people[0].pk, values={"name": ""}, **hall.by())


def test_codes_are_of_their_own(hall):
    add_participants(meeting_id=hall.meeting.pk, guests=[Guest(f"손님{n}") for n in range(50)], **hall.by())
    people = list(hall.meeting.participants.all())
    assert len({one.code for one in people}) == len({one.token for one in people}) == 55


def test_who_was_there_stays_on_the_list(hall):
    hall.arrive(0)
    with pytest.raises(RuleViolation):
        remove_participant(participant_id=hall.people[0].pk, **hall.by())
    remove_participant(participant_id=hall.people[1].pk, **hall.by())
    assert hall.meeting.participants.count() == 4


def test_who_counts_is_fixed_at_the_opening(open_hall):
    with pytest.raises(RuleViolation):
        change_participant(participant_id=open_hall.people[0].pk, values={"is_eligible": False}, **open_hall.by())
    change_participant(participant_id=open_hall.people[0].pk, values={"remark": "발제"}, **open_hall.by())


def test_somebody_who_is_gone_from_the_list(hall):
    pk = hall.people[0].pk
    remove_participant(participant_id=pk, **hall.by())
    with pytest.raises(RuleViolation):
        change_participant(participant_id=pk, values={"name": "나"}, **hall.by())


def test_the_invitation_is_answered_until_the_opening(hall):
    person = hall.people[0]
    for answer in ("declines", "comes"):
        answer_invitation(participant_id=person.pk, answer=answer, **hall.by())
    person.refresh_from_db()
    assert person.answer == "comes"
    with pytest.raises(RuleViolation):
        answer_invitation(participant_id=person.pk, answer="open", **hall.by())
    hall.arrive(0, 1, 2)
    open_meeting(meeting_id=hall.meeting.pk, **hall.by())
    with pytest.raises(RuleViolation):
        answer_invitation(participant_id=person.pk, answer="declines", **hall.by())


def test_no_entry_of_the_audit_log_names_anybody(open_hall):
    close_meeting(meeting_id=open_hall.meeting.pk, **open_hall.by(START + timedelta(hours=1)))
    written = str(list(AuditEntry.objects.values_list("details", flat=True)))
    assert not any(one.name in written for one in open_hall.people)
    assert AuditEntry.objects.filter(action="meetings.arrival_recorded").first().persons


def test_the_scope_of_a_meeting_is_the_scope_of_its_entries(hall):
    create_meeting(kind="test", values=facts(), scope="/29/29155/", **hall.by())
    assert AuditEntry.objects.latest("pk").scope == "/29/29155/"
    assert Meeting.objects.latest("pk").scope == "/29/29155/"


def test_nobody_gets_a_vote_once_the_meeting_is_open(open_hall):
    with pytest.raises(RuleViolation) as refused:
        add_participants(meeting_id=open_hall.meeting.pk, guests=[Guest("늦은 회원")], **open_hall.by())
    assert refused.value.code == "eligibility_fixed"
    guests = [Guest("손님", is_eligible=False)]
    assert add_participants(meeting_id=open_hall.meeting.pk, guests=guests, **open_hall.by())
    assert counts_of(open_hall.meeting, START)[0] == open_hall.fresh().eligible_at_opening


def test_more_voters_than_members_do_not_open(db):
    hall = make_hall(people=5, eligible=4)
    hall.arrive(0, 1, 2, 3, 4)
    with pytest.raises(RuleViolation) as refused:
        open_meeting(meeting_id=hall.meeting.pk, **hall.by())
    assert refused.value.code == "more_voters_than_members"


def test_a_meeting_that_nobody_closed_in_time_ended_when_it_ended(open_hall):
    end, morning = START + timedelta(hours=2), START + timedelta(hours=20)
    close_meeting(meeting_id=open_hall.meeting.pk, ended_at=end, **open_hall.by(morning))
    assert open_hall.fresh().closed_at == end
    assert set(Attendance.objects.values_list("left_at", flat=True)) == {end}


@pytest.mark.parametrize(
    ("hours", "code"), [(-1, "closes_before_opening"), (0, "came_later"), (1, "came_later"), (30, "in_the_future")]
)
def test_an_end_that_cannot_be(open_hall, hours, code):
    late = ParticipantFactory(meeting=open_hall.meeting)
    check_in(participant_id=late.pk, way="desk", **open_hall.by(START + timedelta(hours=1)))
    end = START + timedelta(hours=hours)
    with pytest.raises(RuleViolation) as refused:
        close_meeting(meeting_id=open_hall.meeting.pk, ended_at=end, **open_hall.by(START + timedelta(hours=20)))
    assert (refused.value.code, open_hall.fresh().status) == (code, "open")


def test_a_meeting_in_the_first_year(hall):
    first = START.replace(year=1, month=1, day=2)
    with pytest.raises(RuleViolation) as refused:
        change_meeting(meeting_id=hall.meeting.pk, values={"starts_at": first}, **hall.by(NOON))
    assert refused.value.code == "bad_day"
