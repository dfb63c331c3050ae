"""Officers are appointed within the bylaws, elected by general assemblies, and stay until somebody follows."""

from datetime import date, timedelta

import pytest

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from forums.bylaws import Rule
from forums.models import Appointment, Outsider
from forums.queries.governance import serving_in, state_of_the_bylaws
from forums.queries.officers import groups_on
from forums.services.meetings import Plan, plan_meeting
from forums.services.members import leave_club
from forums.services.officers import Wanted, add_partner, appoint, end_partnership, install_elected, step_down
from forums.states import ClubMeetingKind, MemberKind, Position
from meetings.services.attendance import check_in
from meetings.services.course import call_meeting, close_meeting, open_meeting
from meetings.services.records import Standing, record_election, withdraw_resolution
from meetings.states import CheckInWay
from tests.factories import NOON, MemberFactory, OfficeTermFactory, UserFactory
from tests.forums.club import adopt

pytestmark = pytest.mark.django_db

SINCE = date(2025, 9, 18)


@pytest.fixture(autouse=True)
def _bylaws():
    adopt()


def appointed(member=None, position=Position.CO_CHAIR, since=SINCE, **more):
    return appoint(
        wanted=Wanted(position=position, since=since, member=member or MemberFactory(), **more), actor=None, at=NOON
    )


class TestAppointing:
    def test_the_term_of_the_bylaws_is_filled_in(self):
        assert appointed().until == date(2027, 9, 18)
        assert AuditEntry.objects.filter(action="forums.officer_appointed").exists()

    def test_a_longer_term_is_refused(self):
        with pytest.raises(RuleViolation) as refused:
            appointed(until=date(2027, 9, 19))
        assert refused.value.code == "term_too_long"

    def test_there_are_five_co_chairs_at_most(self):
        for _number in range(5):
            appointed()
        with pytest.raises(RuleViolation) as refused:
            appointed()
        assert refused.value.code == "no_room"

    def test_the_seat_of_one_who_stepped_down_is_free_from_that_day(self):
        first = appointed()
        for _number in range(4):
            appointed()
        step_down(appointment_id=first.pk, on=SINCE + timedelta(days=10), reason="사임", actor=UserFactory(), at=NOON)
        with pytest.raises(RuleViolation):
            appointed(since=SINCE + timedelta(days=9))
        appointed(since=SINCE + timedelta(days=10))

    def test_nobody_holds_a_position_twice(self):
        member = MemberFactory()
        appointed(member)
        with pytest.raises(RuleViolation) as refused:
            appointed(member)
        assert refused.value.code == "holds_it"

    def test_the_chair_of_the_committee_is_a_co_chair(self):
        member = MemberFactory()
        with pytest.raises(RuleViolation) as refused:
            appointed(member, Position.COMMITTEE_CHAIR)
        assert refused.value.code == "not_a_co_chair"
        appointed(member)
        appointed(member, Position.COMMITTEE_CHAIR)

    def test_co_chairs_take_seats_of_the_committee(self):
        for _number in range(5):
            appointed()
        for _number in range(15):
            appointed(position=Position.COMMITTEE)
        with pytest.raises(RuleViolation) as refused:
            appointed(position=Position.COMMITTEE)
        assert refused.value.code == "no_room"

    def test_an_outsider_is_no_officer_but_may_advise(self):
        outsider = Outsider.objects.create(name="박어진", affiliation="연구소", title="이사장")
        with pytest.raises(RuleViolation):
            appoint(wanted=Wanted(position=Position.AUDITOR, since=SINCE, outsider=outsider), actor=None, at=NOON)
        adviser = appoint(wanted=Wanted(position=Position.ADVISER, since=SINCE, outsider=outsider), actor=None, at=NOON)
        assert adviser.until is None

    def test_who_left_is_not_appointed(self):
        member = MemberFactory(joined_on=date(2020, 1, 1))
        leave_club(member_id=member.pk, left_on=date(2020, 2, 1), reason="임기 끝", actor=UserFactory(), at=NOON)
        member.refresh_from_db()
        with pytest.raises(RuleViolation) as refused:
            appointed(member)
        assert refused.value.code == "not_a_member"


class TestSteppingDown:
    def test_a_reason_is_asked_for_and_it_happens_once(self):
        appointment, actor = appointed(), UserFactory()
        with pytest.raises(RuleViolation):
            step_down(appointment_id=appointment.pk, on=SINCE, reason=" ", actor=actor, at=NOON)
        step_down(appointment_id=appointment.pk, on=SINCE, reason="사임", actor=actor, at=NOON)
        with pytest.raises(RuleViolation):
            step_down(appointment_id=appointment.pk, on=SINCE, reason="사임", actor=actor, at=NOON)

    def test_not_before_it_began(self):
        with pytest.raises(RuleViolation):
            step_down(
                appointment_id=appointed().pk,
                on=SINCE - timedelta(days=1),
                reason="사임",
                actor=UserFactory(),
                at=NOON,
            )


def assembly_with_election(votes):
    """A general assembly of eight members that elected, with as many votes as `votes` says for each candidate."""
    members = [MemberFactory(name=f"회원{number}") for number in range(8)]
    caller = appointed(members[0], since=date(2024, 1, 1), until=date(2026, 1, 1)).member
    plan = Plan(
        kind=ClubMeetingKind.GENERAL,
        title="정기총회",
        place="오산시청",
        starts_at=NOON + timedelta(days=10),
        ends_at=NOON + timedelta(days=10, hours=3),
        callers=[caller],
    )
    club_meeting = plan_meeting(plan=plan, actor=None, at=NOON)
    meeting = club_meeting.meeting
    call_meeting(meeting_id=meeting.pk, actor=None, at=NOON)
    participants = list(meeting.participants.order_by("order"))
    for participant in participants[:6]:
        check_in(participant_id=participant.pk, way=CheckInWay.DESK, actor=None, at=meeting.starts_at)
    open_meeting(meeting_id=meeting.pk, actor=None, at=meeting.starts_at)
    resolution = record_election(
        meeting_id=meeting.pk,
        text="공동대표를 뽑는다",
        present=6,
        seats=2,
        candidates=[
            Standing(name=participant.name, votes=count, participant_id=participant.pk)
            for participant, count in zip(participants, votes, strict=False)
        ],
        actor=None,
        at=meeting.starts_at + timedelta(hours=1),
    )
    close_meeting(meeting_id=meeting.pk, actor=None, at=meeting.starts_at + timedelta(hours=2))
    return resolution


class TestElections:
    def test_those_elected_come_into_office_and_who_is_over_makes_room(self):
        resolution = assembly_with_election([1, 5, 4])
        installed = install_elected(
            resolution_id=resolution.pk,
            position=Position.CO_CHAIR,
            since=date(2026, 12, 10),
            actor=UserFactory(),
            at=NOON + timedelta(days=11),
        )
        assert [one.member.name for one in installed] == ["회원1", "회원2"]
        assert {one.member.name for one in serving_in(Position.CO_CHAIR, date(2026, 12, 10))} == {"회원1", "회원2"}
        with pytest.raises(RuleViolation) as refused:
            install_elected(
                resolution_id=resolution.pk,
                position=Position.CO_CHAIR,
                since=date(2026, 12, 10),
                actor=UserFactory(),
                at=NOON + timedelta(days=11),
            )
        assert refused.value.code == "installed"

    def test_a_withdrawn_election_brings_nobody_into_office(self):
        resolution = assembly_with_election([1, 5])
        withdraw_resolution(resolution_id=resolution.pk, reason="표수를 잘못 적음", actor=UserFactory(), at=NOON)
        with pytest.raises(RuleViolation) as refused:
            install_elected(
                resolution_id=resolution.pk, position=Position.CO_CHAIR, since=None, actor=UserFactory(), at=NOON
            )
        assert refused.value.code == "nobody_elected"
        assert not Appointment.objects.filter(resolution=resolution).exists()

    def test_an_election_by_which_somebody_serves_is_not_withdrawn(self):
        resolution, keeper = assembly_with_election([1, 5]), UserFactory()
        (chair,) = install_elected(
            resolution_id=resolution.pk, position=Position.CO_CHAIR, since=date(2026, 12, 10), actor=keeper, at=NOON
        )
        with pytest.raises(RuleViolation) as refused:
            withdraw_resolution(resolution_id=resolution.pk, reason="잘못 적음", actor=keeper, at=NOON)
        assert refused.value.code == "in_use"
        step_down(appointment_id=chair.pk, on=chair.since, reason="선거 기록을 바로잡음", actor=keeper, at=NOON)
        withdraw_resolution(resolution_id=resolution.pk, reason="잘못 적음", actor=keeper, at=NOON)
        resolution.refresh_from_db()
        assert resolution.withdrawn_at is not None

    def test_nobody_with_a_majority_means_nobody_in_office(self):
        resolution = assembly_with_election([3, 3])
        with pytest.raises(RuleViolation) as refused:
            install_elected(
                resolution_id=resolution.pk,
                position=Position.CO_CHAIR,
                since=date(2026, 12, 10),
                actor=UserFactory(),
                at=NOON + timedelta(days=11),
            )
        assert refused.value.code == "nobody_elected"
        assert Appointment.objects.count() == 1


class TestState:
    def test_todays_holders_are_held_against_the_bylaws(self):
        for _number in range(4):
            appointed()
        _version, checks = state_of_the_bylaws(SINCE)
        found = {check.rule: check for check in checks}
        assert (found[Rule.CO_CHAIRS].actual, found[Rule.CO_CHAIRS].vacant) == (4, 1)
        assert not found[Rule.AUDITORS].met

    def test_partners_stand_on_a_resolution_or_on_what_shows_one(self):
        def check():
            return {one.rule: one for one in state_of_the_bylaws(SINCE)[1]}[Rule.BY_RESOLUTION]

        values = {"about": "", "since": SINCE, "resolution": None, "actor": None, "at": NOON}
        add_partner(name="배움터", basis="2025년 운영위원회 회의록", **values)
        assert check().met
        add_partner(name="희망제작소", **values)
        assert (check().met, check().who) == (False, ("희망제작소",))

    def test_before_the_first_bylaws_there_is_nothing_to_check(self):
        assert state_of_the_bylaws(date(2009, 1, 1)) == (None, [])

    def test_lists_put_the_chair_of_the_committee_beside_the_co_chair(self):
        member = MemberFactory()
        appointed(member)
        appointed(member, Position.COMMITTEE_CHAIR)
        (group,) = groups_on(SINCE)
        assert group.officers[0].remark


class TestPartners:
    def test_a_partnership_begins_and_ends(self):
        actor = UserFactory()
        partner = add_partner(name="희망제작소", about="", since=SINCE, resolution=None, actor=actor, at=NOON)
        with pytest.raises(RuleViolation):
            add_partner(name="희망제작소", about="", since=SINCE, resolution=None, actor=actor, at=NOON)
        with pytest.raises(RuleViolation):
            end_partnership(partner_id=partner.pk, on=SINCE, actor=actor, at=NOON)
        end_partnership(partner_id=partner.pk, on=SINCE + timedelta(days=1), actor=actor, at=NOON)
        with pytest.raises(RuleViolation):
            end_partnership(partner_id=partner.pk, on=SINCE + timedelta(days=2), actor=actor, at=NOON)


def test_lists_print_a_former_head_as_one():
    member = MemberFactory(name="김강진", kind=MemberKind.HONORARY, area="전남")
    term = OfficeTermFactory(name="김강진", since=date(2014, 7, 1), until=date(2018, 7, 1))
    member.terms.create(term=term)
    appoint(wanted=Wanted(position=Position.ADVISER, since=SINCE, member=member), actor=None, at=NOON)

    (officer,) = groups_on(NOON.date())[0].officers

    assert officer.office.startswith("前 ")
    assert officer.area == "전남"
