"""Between the planning of a meeting and its opening members come and go, days move, meetings are called off."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.notices.composing import compose
from core.notices.models import Delivery
from forums.models import ClubMeeting
from forums.services.meetings import Plan, bring_list_up_to_date, plan_meeting
from forums.services.members import leave_club
from forums.services.officers import Wanted, appoint, install_elected
from forums.states import ClubMeetingKind, MemberKind, Position
from forums.waiting.governance import governance_at_the_desk
from meetings.models import Participant
from meetings.services.attendance import check_in
from meetings.services.course import call_meeting, cancel_meeting, change_meeting, close_meeting, open_meeting
from meetings.services.records import MajorityOf, Standing, record_election
from meetings.states import CheckInWay, MajorityRule, MeetingStatus
from residents.states import Role
from tests.factories import (
    NOON,
    MeetingFactory,
    MemberFactory,
    ParticipantFactory,
    RoleFactory,
    UserFactory,
    acting_for,
)
from tests.forums.club import adopt

pytestmark = pytest.mark.django_db

SOON = NOON + timedelta(days=10)


@pytest.fixture(autouse=True)
def _bylaws():
    adopt()


@pytest.fixture
def secretary():
    return RoleFactory(role=Role.CLUB_SECRETARIAT, region=None).user


def member(name, **fields):
    found = MemberFactory(name=name, joined_on=date(2010, 9, 7), **fields)
    found.mails.create(address=f"m{found.pk}@example.org")
    return found


def appointed(whom, position=Position.CO_CHAIR):
    appoint(wanted=Wanted(position=position, since=NOON.date(), member=whom), actor=None, at=NOON)
    return whom


def planned(caller, kind=ClubMeetingKind.GENERAL):
    plan = Plan(
        kind=kind,
        title="정기총회",
        place="오산시청",
        starts_at=SOON,
        ends_at=SOON + timedelta(hours=3),
        callers=[caller],
    )
    return plan_meeting(plan=plan, actor=None, at=NOON)


def planned_ahead(caller):
    """Of the clock that pages go by, not of NOON."""
    club_meeting = planned(caller)
    begin = timezone.now() + timedelta(days=10)
    values = {"starts_at": begin, "ends_at": begin + timedelta(hours=2)}
    change_meeting(meeting_id=club_meeting.meeting_id, values=values, actor=None, at=NOON)
    return club_meeting


def called(caller):
    club_meeting = planned(caller)
    call_meeting(meeting_id=club_meeting.meeting_id, actor=None, at=NOON)
    return club_meeting


def leave(whom, secretary):
    leave_club(member_id=whom.pk, left_on=NOON.date(), reason="사임", actor=secretary, at=NOON)


def up_to_date(club_meeting, secretary, at=NOON):
    return bring_list_up_to_date(club_meeting_id=club_meeting.pk, actor=secretary, at=at)


def names_on(club_meeting):
    return list(club_meeting.meeting.participants.order_by("order", "pk").values_list("name", flat=True))


def told(kind):
    return sorted(Delivery.objects.filter(mailing__kind=kind).values_list("name", flat=True))


class TestTheList:
    def test_it_follows_who_joined_and_who_left(self, secretary):
        chair, leaver = appointed(member("가은")), member("나은")
        club_meeting = planned(chair)
        member("다은")
        leave(leaver, secretary)

        changes = up_to_date(club_meeting, secretary)

        assert (changes.names_missing, changes.names_gone) == ("다은", "나은")
        assert names_on(club_meeting) == ["가은", "다은"]
        club_meeting.meeting.refresh_from_db()
        assert club_meeting.meeting.eligible == 2
        assert AuditEntry.objects.filter(action="forums.meeting_list_updated").count() == 1

    def test_a_meeting_with_the_list_of_yesterday_is_not_called(self, secretary):
        chair, leaver = appointed(member("가은")), member("나은")
        club_meeting = planned(chair)
        member("다은")
        leave(leaver, secretary)

        with pytest.raises(RuleViolation) as no:
            call_meeting(meeting_id=club_meeting.meeting_id, actor=secretary, at=NOON)
        assert "다은" in no.value.text
        assert "나은" in no.value.text

        up_to_date(club_meeting, secretary)
        call_meeting(meeting_id=club_meeting.meeting_id, actor=secretary, at=NOON)
        assert told("forums.meeting_called") == ["가은", "다은"]

    def test_who_joins_after_the_call_gets_it_and_can_be_elected(self, secretary):
        chair = appointed(member("가은"))
        club_meeting = called(chair)
        newcomer = member("다은")
        up_to_date(club_meeting, secretary, NOON + timedelta(days=1))
        assert told("forums.meeting_called") == ["가은", "다은"]

        meeting = club_meeting.meeting
        standing = Participant.objects.get(meeting=meeting, name="다은")
        for one in meeting.participants.all():
            check_in(participant_id=one.pk, way=CheckInWay.DESK, actor=secretary, at=SOON)
        open_meeting(meeting_id=meeting.pk, actor=secretary, at=SOON)
        resolution = record_election(
            meeting_id=meeting.pk,
            text="감사 선출",
            present=2,
            seats=1,
            candidates=[Standing("다은", 2, standing.pk)],
            actor=secretary,
            at=SOON,
        )
        close_meeting(meeting_id=meeting.pk, actor=secretary, at=SOON + timedelta(hours=3))
        installed = install_elected(
            resolution_id=resolution.pk,
            position=Position.AUDITOR,
            since=None,
            actor=secretary,
            at=SOON + timedelta(hours=4),
        )
        assert [one.member for one in installed] == [newcomer]

    def test_who_has_come_and_left_the_club_stays_on_the_list_and_counts_no_more(self, secretary):
        chair, leaver = appointed(member("가은")), member("나은")
        club_meeting = called(chair)
        gone = Participant.objects.get(meeting=club_meeting.meeting, name="나은")
        check_in(participant_id=gone.pk, way=CheckInWay.DESK, actor=secretary, at=SOON)
        leave(leaver, secretary)

        up_to_date(club_meeting, secretary, SOON)

        gone.refresh_from_db()
        assert not gone.is_eligible
        club_meeting.meeting.refresh_from_db()
        assert club_meeting.meeting.eligible == 1

    def test_the_committee_follows_its_seats(self, secretary):
        chair = appointed(appointed(member("가은")), Position.COMMITTEE_CHAIR)
        club_meeting = planned(chair, ClubMeetingKind.COMMITTEE)
        appointed(member("나은"), Position.COMMITTEE)

        up_to_date(club_meeting, secretary)

        assert names_on(club_meeting) == ["가은", "나은"]

    def test_nothing_to_do_is_said(self, secretary):
        with pytest.raises(RuleViolation) as no:
            up_to_date(planned(appointed(member("가은"))), secretary)
        assert no.value.code == "list_up_to_date"

    def test_after_the_opening_it_is_fixed(self, secretary):
        club_meeting = called(appointed(member("가은")))
        only = club_meeting.meeting.participants.get()
        check_in(participant_id=only.pk, way=CheckInWay.DESK, actor=secretary, at=SOON)
        open_meeting(meeting_id=club_meeting.meeting_id, actor=secretary, at=SOON)
        member("나은")
        with pytest.raises(RuleViolation):
            up_to_date(club_meeting, secretary, SOON)

    def test_honorary_members_and_others_are_not_on_it(self, secretary):
        club_meeting = planned(appointed(member("가은")))
        member("나은", kind=MemberKind.HONORARY)
        with pytest.raises(RuleViolation):
            up_to_date(club_meeting, secretary)

    def test_one_account_for_two_members_is_no_hindrance(self):
        chair, other = appointed(member("가은")), member("나은")
        acting_for(other, acting_for(chair, is_head=True), is_head=True)

        assert names_on(planned(chair)) == ["가은", "나은"]

    def test_names_stand_in_their_order(self):
        chair = appointed(member("하은"))
        for name in ("Ford", "김 구", "강인"):
            member(name)
        assert names_on(planned(chair)) == ["강인", "김 구", "하은", "Ford"]

    def test_the_desk_does_it(self, client, secretary):
        club_meeting = planned(appointed(member("가은")))
        member("나은")
        client.force_login(secretary)
        address = reverse("admin:forums_clubmeeting_update-list", args=[club_meeting.pk])
        assert client.get(address).status_code == 200
        assert client.post(address).status_code == 302
        assert names_on(ClubMeeting.objects.get()) == ["가은", "나은"]

    def test_it_waits_at_the_desk_until_it_is_done(self, secretary):
        club_meeting = planned_ahead(appointed(member("가은")))

        def waiting():
            return [line.url for line in governance_at_the_desk(secretary) if "list is no longer" in line.label]

        with override("en"):
            assert waiting() == []
            member("나은")
            assert waiting() == [reverse("admin:forums_clubmeeting_change", args=[club_meeting.pk])]
            up_to_date(club_meeting, secretary)
            assert waiting() == []


class TestWhatMembersAreTold:
    def test_another_day_or_place(self, secretary):
        meeting = called(appointed(member("가은"))).meeting
        values = {"starts_at": SOON + timedelta(days=2), "ends_at": SOON + timedelta(days=2, hours=3)}
        change_meeting(meeting_id=meeting.pk, values=values, actor=secretary, at=NOON + timedelta(hours=1))
        change_meeting(
            meeting_id=meeting.pk, values={"place": "수원시청"}, actor=secretary, at=NOON + timedelta(hours=2)
        )
        assert told("forums.meeting_changed") == ["가은", "가은"]
        changes = Delivery.objects.filter(mailing__kind="forums.meeting_changed")
        assert sorted(one.context["place"] for one in changes) == ["수원시청", "오산시청"]

    def test_not_what_concerns_them_less_nor_before_the_call(self, secretary):
        chair = appointed(member("가은"))
        draft = planned(chair).meeting
        change_meeting(meeting_id=draft.pk, values={"place": "수원시청"}, actor=secretary, at=NOON)
        change_meeting(
            meeting_id=called(chair).meeting_id, values={"about": "서둘러 모입니다."}, actor=secretary, at=NOON
        )
        assert told("forums.meeting_changed") == []

    def test_that_it_is_called_off_and_why(self, secretary):
        meeting = called(appointed(member("가은"))).meeting
        cancel_meeting(meeting_id=meeting.pk, reason="폭설", actor=secretary, at=NOON)
        assert told("forums.meeting_cancelled") == ["가은"]
        assert Delivery.objects.get(mailing__kind="forums.meeting_cancelled").context["reason"] == "폭설"

    @pytest.mark.parametrize("language", ["ko", "en"])
    def test_the_mails_can_be_read(self, secretary, language):
        meeting = called(appointed(member("가은"))).meeting
        change_meeting(
            meeting_id=meeting.pk, values={"place": "수원시청"}, actor=secretary, at=NOON + timedelta(hours=1)
        )
        cancel_meeting(meeting_id=meeting.pk, reason="폭설", actor=secretary, at=NOON + timedelta(hours=2))
        for kind, words in (("changed", "수원시청"), ("cancelled", "폭설")):
            delivery = Delivery.objects.select_related("mailing").get(mailing__kind=f"forums.meeting_{kind}")
            delivery.language = language
            message = compose(delivery)
            assert "정기총회" in message.subject
            assert words in message.text

    def test_nobody_when_it_was_never_called(self, secretary):
        meeting = planned(appointed(member("가은"))).meeting
        cancel_meeting(meeting_id=meeting.pk, reason="폭설", actor=secretary, at=NOON)
        assert told("forums.meeting_cancelled") == []


def test_a_meeting_that_was_called_is_not_moved_behind_its_days_of_notice():
    meeting = MeetingFactory(
        status=MeetingStatus.CALLED, starts_at=SOON, ends_at=SOON + timedelta(hours=2), notice_days=7
    )
    ParticipantFactory(meeting=meeting)

    def moved(days):
        begin = NOON + timedelta(days=days)
        values = {"starts_at": begin, "ends_at": begin + timedelta(hours=2)}
        change_meeting(meeting_id=meeting.pk, values=values, actor=UserFactory(), at=NOON)

    with pytest.raises(RuleViolation) as no:
        moved(6)
    assert no.value.code == "short_notice"
    moved(7)
    moved(6 + 7)


class TestWhatTheBylawsBind:
    """Who counts, with how many it opens and by which majority it decides is not for whoever keeps the meeting."""

    @pytest.fixture
    def kept(self, client, secretary):
        meeting = called(appointed(member("가은"))).meeting
        client.force_login(secretary)
        return client, meeting

    def test_neither_quorum_nor_members_nor_callers_are_asked_for(self, kept):
        client, meeting = kept
        page = client.get(reverse("meetings:act", args=[meeting.pk, "change"]))
        assert not {"quorum_rule", "quorum_amount", "quorum_article", "eligible", "convened_by"} & set(
            page.context["form"].fields
        )

    def test_what_is_sent_all_the_same_changes_nothing(self, kept):
        client, meeting = kept
        sent = {
            "title": "정기총회",
            "starts_at": "2090-12-20T14:00",
            "ends_at": "2090-12-20T16:00",
            "place": "수원시청",
            "notice_days": 0,
            "quorum_rule": "none",
            "eligible": 1000,
        }
        assert client.post(reverse("meetings:act", args=[meeting.pk, "change"]), sent).status_code == 303
        meeting.refresh_from_db()
        assert (meeting.place, meeting.quorum_rule, meeting.eligible) == ("수원시청", "majority", 1)

    def test_guests_come_without_a_vote(self, kept):
        client, meeting = kept
        sent = {"lines": "손님, 연구소", "is_eligible": "on"}
        assert client.post(reverse("meetings:act", args=[meeting.pk, "add-people"]), sent).status_code == 303
        assert not meeting.participants.get(name="손님").is_eligible

    def test_no_other_majority_decides(self, kept, secretary):
        client, meeting = kept
        for one in meeting.participants.all():
            check_in(participant_id=one.pk, way=CheckInWay.DESK, actor=secretary, at=SOON)
        open_meeting(meeting_id=meeting.pk, actor=secretary, at=SOON)
        page = client.get(reverse("meetings:act", args=[meeting.pk, "election"]))
        assert [value for value, _label in page.context["form"].fields["rule"].choices] == ["of_present"]
        with pytest.raises(RuleViolation) as no:
            record_election(
                meeting_id=meeting.pk,
                text="감사 선출",
                present=1,
                seats=1,
                candidates=[Standing("손님", 1)],
                majority=MajorityOf(MajorityRule.MOST),
                actor=secretary,
                at=SOON,
            )
        assert no.value.code == "majority_is_fixed"
