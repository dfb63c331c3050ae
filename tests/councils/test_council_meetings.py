"""Meetings of councils: who is on the list, with how many they open, who keeps them, what everybody may read."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import RuleViolation
from core.notices.models import Delivery
from councils.models import CouncilMeeting
from councils.queries.meetings import activity_of
from councils.services.activity import certify_activity
from councils.services.meetings import Plan, bring_council_list_up_to_date, plan_council_meeting
from councils.services.members import Facts, add_member, resign
from councils.services.subcommittees import found_subcommittee, seat_member, seat_resident
from councils.states import CouncilMeetingKind, MemberOffice
from meetings.models import Meeting
from meetings.permissions import kept_meetings, visible_meetings
from meetings.queries import quorum_now
from meetings.services import call_meeting, check_in, close_meeting, open_meeting
from meetings.states import MeetingStatus
from ordinances.models import Rule
from residents.states import Role
from tests.councils.membership_town import DAY, START, rule_set, term_of
from tests.factories import NOON, CouncilFactory, UserFactory, official

pytestmark = pytest.mark.django_db
WHO = {"actor": None, "at": NOON}


@pytest.fixture(autouse=True)
def _demo_door(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def term():
    return term_of()


def plan(term, kind=CouncilMeetingKind.REGULAR, **fields):
    begins = NOON + timedelta(days=10)
    facts = {
        "kind": kind,
        "title": "6월 정기회의",
        "place": "주민자치센터",
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=2),
        **fields,
    }
    return plan_council_meeting(council_id=term.council_id, plan=Plan(**facts), **WHO)


def refused(service, *args, **given):
    with pytest.raises(RuleViolation) as no:
        service(*args, **given)
    return no.value.code


def test_members_are_on_the_list_and_advisers_have_no_vote(term):
    add_member(term_id=term.pk, facts=Facts("한고문", START, MemberOffice.ADVISER), **WHO)

    meeting = plan(term).meeting

    assert meeting.participants.filter(is_eligible=True).count() == 3
    assert meeting.participants.get(is_eligible=False).name == "한고문"
    assert meeting.scope == term.council.dong.path


def test_without_a_rule_more_than_half_is_assumed_and_said(term):
    meeting = plan(term).meeting

    assert quorum_now(meeting, NOON).needed == 2
    assert meeting.quorum_article


@pytest.mark.parametrize(
    ("quorum", "needed"),
    [
        ({"kind": "majority", "amount": 0}, 2),
        ({"kind": "share_of_members", "amount": 667}, 3),
        ({"kind": "number", "amount": 1}, 1),
        ({"kind": "none", "amount": 0}, 0),
    ],
)
def test_the_quorum_is_the_one_of_the_rules(term, quorum, needed):
    """Source: rule set, parameter council_quorum."""
    rules = rule_set(term.council)
    Rule.objects.create(rule_set=rules, name="council_quorum", value=quorum, article="제12조")

    found = quorum_now(plan(term).meeting, NOON)

    assert (found.needed, found.article) == (needed, "제12조")


def test_a_council_without_a_register_cannot_meet_here():
    class Bare:
        council_id = CouncilFactory().pk

    assert refused(plan, Bare) == "nobody"


def test_residents_vote_in_their_subcommittee(term):
    part = found_subcommittee(council_id=term.council_id, name="문화분과", founded_on=START, **WHO)
    assert refused(plan, term, CouncilMeetingKind.SUBCOMMITTEE) == "subcommittee_or_not"
    assert refused(plan, term, subcommittee=part) == "subcommittee_or_not"
    seat_member(subcommittee_id=part.pk, member_id=term.members.first().pk, on=DAY, **WHO)
    seat_resident(subcommittee_id=part.pk, name="이주민", on=DAY, **WHO)

    meeting = plan(term, CouncilMeetingKind.SUBCOMMITTEE, subcommittee=part).meeting

    assert set(meeting.participants.values_list("name", "is_eligible")) == {("김위원00", True), ("이주민", True)}


def test_the_list_follows_the_register_until_the_meeting_opens(term):
    own = plan(term)
    assert refused(bring_council_list_up_to_date, council_meeting_id=own.pk, **WHO) == "list_up_to_date"
    resign(member_id=term.members.last().pk, on=DAY, reason="이사", **WHO)
    add_member(term_id=term.pk, facts=Facts("새위원", START), **WHO)
    assert refused(call_meeting, meeting_id=own.meeting_id, **WHO) == "cannot_be_called"

    bring_council_list_up_to_date(council_meeting_id=own.pk, **WHO)

    assert set(own.meeting.participants.values_list("name", flat=True)) == {"김위원00", "김위원01", "새위원"}
    assert call_meeting(meeting_id=own.meeting_id, **WHO).status == MeetingStatus.CALLED


def test_days_of_notice_are_kept(term):
    own = plan(term, notice_days=11)

    assert refused(call_meeting, meeting_id=own.meeting_id, **WHO) == "cannot_be_called"


def test_members_with_an_address_get_the_call(term):
    user = UserFactory()
    term.members.filter(pk=term.members.first().pk).update(user=user)

    call_meeting(meeting_id=plan(term).meeting_id, **WHO)

    assert list(Delivery.objects.values_list("address", flat=True)) == [user.email]


def hold(term):
    own = plan(term)
    meeting = call_meeting(meeting_id=own.meeting_id, **WHO)
    begins = meeting.starts_at
    for participant in meeting.participants.order_by("pk")[:2]:
        check_in(participant_id=participant.pk, way="desk", actor=None, at=begins)
    open_meeting(meeting_id=meeting.pk, actor=None, at=begins)
    return own, begins


def test_activity_is_counted_and_certified(term, django_assert_num_queries):
    own, begins = hold(term)
    close_meeting(meeting_id=own.meeting_id, actor=None, at=begins + timedelta(minutes=90))
    members = list(term.members.order_by("pk"))

    with django_assert_num_queries(3):  # participants, sittings, attendances
        activity = activity_of(members)

    assert [(one.called, one.came, one.minutes) for one in activity.values()] == [(1, 1, 90), (1, 1, 90), (1, 0, 0)]
    certificate = certify_activity(member_id=members[0].pk, actor=None, at=begins + timedelta(days=1))
    assert (certificate.kind, certificate.number, certificate.holder_name) == ("council-activity", 1, members[0].name)


def test_nothing_is_certified_before_the_first_meeting(term):
    assert refused(certify_activity, member_id=term.members.first().pk, **WHO) == "nothing_to_certify"


def test_who_keeps_them(term):
    own = plan(term)
    dong, district = term.council.dong, term.council.dong.parent
    for keeper in (official(Role.COUNCIL_OFFICER, dong), official(Role.DONG_OFFICIAL, dong), official(region=district)):
        assert own.meeting in kept_meetings(keeper)
        assert keeper.has_perm("meetings.keep_meeting", own.meeting)
    stranger = official(Role.COUNCIL_OFFICER, CouncilFactory().dong)
    assert own.meeting not in kept_meetings(stranger)
    assert not stranger.has_perm("meetings.keep_meeting", own.meeting)
    auditor = official(Role.AUDITOR, district)
    Meeting.objects.update(status=MeetingStatus.CALLED)
    assert own.meeting not in kept_meetings(auditor)
    assert own.meeting in visible_meetings(auditor)


def test_the_desk_plans_with_who_belongs_there(client, term):
    client.force_login(official(Role.COUNCIL_OFFICER, term.council.dong))
    begins = timezone.localtime() + timedelta(days=10)
    sent = {
        "council": term.council_id,
        "kind": "regular",
        "subcommittee": "",
        "title": "정기회의",
        "about": "",
        "place": "센터",
        "address": "",
        "starts_at": begins.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (begins + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"),
        "convened_by": "회장",
        "notice_days": "7",
    }
    type(term).objects.update(ends_on=begins.date() + timedelta(days=90), starts_on=begins.date() - timedelta(days=90))

    answer = client.post(reverse("admin:councils_councilmeeting_add"), sent)

    assert answer.status_code == 302
    own = CouncilMeeting.objects.get()
    assert answer.url.endswith(reverse("meetings:keep", args=[own.meeting_id]))
    assert client.get(reverse("admin:councils_councilmeeting_changelist")).status_code == 200
    assert client.get(reverse("admin:councils_councilmeeting_change", args=[own.pk])).status_code == 200
    assert client.get(reverse("meetings:keep", args=[own.meeting_id])).status_code == 200
