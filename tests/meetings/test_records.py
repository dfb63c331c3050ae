"""What is said and decided, and the minutes."""

from datetime import timedelta

import pytest

from core.errors import RuleViolation
from meetings.models import Minutes, Resolution, Statement
from meetings.services import (
    add_item,
    adjourn_meeting,
    approve_minutes,
    close_meeting,
    draft_minutes,
    record_election,
    record_resolution,
    record_statement,
    remove_item,
    remove_statement,
    withdraw_resolution,
)
from meetings.services.records import MajorityOf, Standing
from meetings.signals import minutes_approved
from meetings.states import MajorityRule
from tests.meetings.conftest import START, make_hall

pytestmark = pytest.mark.django_db

END = START + timedelta(hours=1)


def vote(hall, in_favour=3, against=1, **more):
    facts = {"text": "회비를 정한다", "present": 5, "in_favour": in_favour, "against": against, **more}
    return record_resolution(meeting_id=hall.meeting.pk, **facts, **hall.by())


def elect(hall, *candidates, seats=1, **more):
    standing = [Standing(name, votes) for name, votes in candidates]
    facts = {"text": "공동대표 선출", "present": 5, "seats": seats, "candidates": standing, **more}
    return record_election(meeting_id=hall.meeting.pk, **facts, **hall.by())


def closed(hall):
    close_meeting(meeting_id=hall.meeting.pk, **hall.by(END))
    return hall


def minuted(hall):
    minutes = draft_minutes(meeting_id=hall.meeting.pk, **hall.by(END))
    return approve_minutes(minutes_id=minutes.pk, signed_by=[("의장", "김하나")], **hall.by(END))


@pytest.mark.parametrize(
    ("in_favour", "against", "outcome"), [(3, 1, "adopted"), (2, 2, "tied"), (2, 1, "rejected"), (0, 5, "rejected")]
)
def test_a_motion_and_what_becomes_of_it(open_hall, in_favour, against, outcome):
    resolution = vote(open_hall, in_favour, against)
    assert (resolution.outcome, resolution.needed, resolution.article) == (outcome, 3, "규약 제9조")


@pytest.mark.parametrize(
    ("majority", "needed"),
    [
        (MajorityOf(MajorityRule.SHARE_OF_PRESENT, 667, "제20조"), 4),
        (MajorityOf(MajorityRule.OF_ELIGIBLE), 3),
        (MajorityOf(), 3),
    ],
)
def test_other_majorities(open_hall, majority, needed):
    assert vote(open_hall, majority=majority).needed == needed


@pytest.mark.parametrize(
    "wrong",
    [
        {"in_favour": 5, "against": 1},
        {"present": 0},
        {"present": 6},
        {"text": " "},
        {"item_id": 999},
        {"majority": MajorityOf(MajorityRule.SHARE_OF_PRESENT)},
        {"majority": MajorityOf(MajorityRule.MOST)},
    ],
)
def test_votes_that_cannot_be(open_hall, wrong):
    with pytest.raises(RuleViolation):
        vote(open_hall, **wrong)
    assert not Resolution.objects.exists()


def test_nothing_is_decided_before_the_opening_or_while_adjourned(hall):
    with pytest.raises(RuleViolation):
        vote(hall)
    opened = make_hall(upto="open")
    adjourn_meeting(meeting_id=opened.meeting.pk, **opened.by())
    with pytest.raises(RuleViolation):
        vote(opened)
    with pytest.raises(RuleViolation):
        elect(opened, ("김하나", 4))


def test_an_election(open_hall):
    resolution = elect(open_hall, ("김하나", 4), ("이둘", 1))
    assert resolution.outcome == "elected"
    assert [one.is_elected for one in resolution.candidates.all()] == [True, False]


def test_an_election_that_needs_a_run_off_and_its_run_off(open_hall):
    first = elect(open_hall, ("김하나", 2), ("이둘", 2), ("박셋", 1))
    assert (first.outcome, [one.in_run_off for one in first.candidates.all()]) == ("run_off", [True, True, False])
    second = elect(open_hall, ("김하나", 2), ("이둘", 1), majority=MajorityOf(MajorityRule.MOST))
    assert (second.outcome, second.number, second.needed) == ("elected", 2, 1)


@pytest.mark.parametrize(
    "candidates", [[], [("", 1)], [("김하나", 2), ("김하나", 1)], [("김하나", 6)], [("김하나", 4), ("이둘", 4)]]
)
def test_elections_that_cannot_be(open_hall, candidates):
    with pytest.raises(RuleViolation):
        elect(open_hall, *candidates)


def test_two_of_the_same_name_stand_as_two_people(open_hall):
    one, two = open_hall.people[:2]
    standing = [Standing("김하나", 3, one.pk), Standing("김하나", 2, two.pk)]
    resolution = record_election(
        meeting_id=open_hall.meeting.pk, text="선출", present=5, seats=1, candidates=standing, **open_hall.by()
    )
    assert resolution.candidates.get(is_elected=True).participant == one


def test_somebody_of_another_meeting_does_not_stand(open_hall):
    other = make_hall()
    with pytest.raises(RuleViolation):
        record_election(
            meeting_id=open_hall.meeting.pk,
            text="선출",
            present=5,
            seats=1,
            candidates=[Standing("김하나", 3, other.people[0].pk)],
            **open_hall.by(),
        )


def test_a_mistaken_record_is_withdrawn_and_its_number_not_used_again(open_hall):
    wrong = vote(open_hall)
    with pytest.raises(RuleViolation):
        withdraw_resolution(resolution_id=wrong.pk, reason="", **open_hall.by())
    withdraw_resolution(resolution_id=wrong.pk, reason="표수를 잘못 적음", **open_hall.by())
    with pytest.raises(RuleViolation):
        withdraw_resolution(resolution_id=wrong.pk, reason="또", **open_hall.by())
    assert vote(open_hall).number == 2


def test_an_item_on_which_something_was_decided_stays(open_hall):
    item = add_item(meeting_id=open_hall.meeting.pk, title="회비", **open_hall.by())
    vote(open_hall, item_id=item.pk)
    with pytest.raises(RuleViolation):
        remove_item(meeting_id=open_hall.meeting.pk, item_id=item.pk, **open_hall.by())


def test_what_was_said(open_hall):
    person = open_hall.people[0]
    said = record_statement(
        meeting_id=open_hall.meeting.pk, participant_id=person.pk, gist="찬성합니다", **open_hall.by()
    )
    guest = record_statement(meeting_id=open_hall.meeting.pk, speaker="손님", gist="축하합니다", **open_hall.by())
    assert (said.speaker, said.position, guest.position) == (person.name, 1, 2)
    remove_statement(statement_id=said.pk, **open_hall.by())
    assert list(Statement.objects.all()) == [guest]


@pytest.mark.parametrize("wrong", [{"gist": ""}, {"speaker": ""}, {"participant_id": 0}, {"item_id": 0}])
def test_statements_that_cannot_be(open_hall, wrong):
    with pytest.raises(RuleViolation):
        record_statement(
            meeting_id=open_hall.meeting.pk, **{"speaker": "손님", "gist": "말", **wrong}, **open_hall.by()
        )


# --- minutes ----------------------------------------------------------------------------------------------------------


def test_minutes_name_members_those_present_what_was_said_and_decided(open_hall):
    vote(open_hall)
    record_statement(meeting_id=open_hall.meeting.pk, speaker="손님", gist="축하합니다", **open_hall.by())
    content = draft_minutes(meeting_id=closed(open_hall).meeting.pk, **open_hall.by(END)).content
    assert (content["eligible"], content["present"], content["needed"]) == (5, 5, 3)
    assert len(content["present_names"]) == 5
    assert content["statements"] == [{"item": None, "speaker": "손님", "gist": "축하합니다"}]
    assert content["resolutions"][0]["outcome"] == "adopted"


def test_minutes_are_drafted_after_the_close(open_hall):
    with pytest.raises(RuleViolation):
        draft_minutes(meeting_id=open_hall.meeting.pk, **open_hall.by())


def test_approved_minutes_end_the_meeting_and_close_the_record(open_hall):
    heard = []

    def listener(**told):
        heard.append(told["minutes"].version)

    minutes_approved.connect(listener)
    try:
        minutes = minuted(closed(open_hall))
    finally:
        minutes_approved.disconnect(listener)
    assert (open_hall.fresh().status, minutes.signed_by, heard) == ("minuted", [["의장", "김하나"]], [1])
    with pytest.raises(RuleViolation):
        vote(open_hall)


def test_minutes_are_approved_once_with_names(open_hall):
    minutes = draft_minutes(meeting_id=closed(open_hall).meeting.pk, **open_hall.by(END))
    with pytest.raises(RuleViolation):
        approve_minutes(minutes_id=minutes.pk, signed_by=[("의장", " ")], **open_hall.by(END))
    approve_minutes(minutes_id=minutes.pk, signed_by=[("의장", "김하나")], **open_hall.by(END))
    with pytest.raises(RuleViolation):
        approve_minutes(minutes_id=minutes.pk, signed_by=[("의장", "김하나")], **open_hall.by(END))


def test_a_draft_that_the_record_has_left_behind_is_not_approved(open_hall):
    minutes = draft_minutes(meeting_id=closed(open_hall).meeting.pk, **open_hall.by(END))
    vote(open_hall)
    with pytest.raises(RuleViolation) as refused:
        approve_minutes(minutes_id=minutes.pk, signed_by=[("의장", "김하나")], **open_hall.by(END))
    assert refused.value.code == "record_changed"


def test_only_the_newest_draft_is_approved(open_hall):
    first = draft_minutes(meeting_id=closed(open_hall).meeting.pk, **open_hall.by(END))
    draft_minutes(meeting_id=open_hall.meeting.pk, **open_hall.by(END))
    with pytest.raises(RuleViolation):
        approve_minutes(minutes_id=first.pk, signed_by=[("의장", "김하나")], **open_hall.by(END))


def test_a_version_after_the_approval_says_what_it_corrects(open_hall):
    minuted(closed(open_hall))
    with pytest.raises(RuleViolation):
        draft_minutes(meeting_id=open_hall.meeting.pk, **open_hall.by(END))
    second = draft_minutes(meeting_id=open_hall.meeting.pk, reason="이름 오기", **open_hall.by(END))
    assert (second.version, Minutes.objects.count()) == (2, 2)


def test_minutes_do_not_depend_on_the_readers_language(open_hall):
    from django.utils import translation

    minutes = draft_minutes(meeting_id=closed(open_hall).meeting.pk, **open_hall.by(END))
    with translation.override("en"):
        approve_minutes(minutes_id=minutes.pk, signed_by=[("의장", "김하나")], **open_hall.by(END))
