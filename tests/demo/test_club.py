"""The club of the demo town holds what the printed sources say."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import Sum

from demo.accounts import OFFICES
from demo.loader import load
from forums.bylaws import Rule
from forums.models import (
    Application,
    Bylaws,
    ClubMeeting,
    Forum,
    ListedAttendance,
    Member,
    MemberAccount,
    PrintedTotal,
    Publication,
    Registration,
)
from forums.permissions import members_of
from forums.queries.dues import standings
from forums.queries.governance import state_of_the_bylaws
from forums.queries.members import directory
from forums.states import AttendeeRole, EventKind, ForumStatus, MemberKind, Part, SessionKind
from meetings.models import Attendance
from meetings.states import MeetingStatus
from residents.models import LocalElection, User

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=ZoneInfo("Asia/Seoul"))
TODAY = NOW.date()
PRINTED_ON = date(2014, 1, 10)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("club")]


@pytest.fixture(scope="module")
def club(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        assert load(now=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def forum():
    return Forum.objects.get(term="민선5기", number=24)


def checked(day):
    return {check.rule: check for check in state_of_the_bylaws(day)[1]}


class TestRegister:
    def test_the_directory_has_57_entries_in_order_of_the_alphabet(self):
        entries = directory(today=TODAY)
        names = [entry.name for entry in entries]
        assert len(names) == 57
        assert names == sorted(names)
        # The one pair that the printed list has the wrong way round.
        assert names.index("허태정") < names.index("홍미영")
        assert sum(entry.is_honorary for entry in entries) == 1
        assert all(entry.name_hanja for entry in entries)

    def test_mails_are_of_the_example_domain(self):
        mails = [mail for entry in directory(today=TODAY) for mail in entry.mails]
        assert len(mails) == 58
        assert all(mail.endswith("@example.org") for mail in mails)

    def test_regions_are_54_municipalities_seoul_and_gangwon(self):
        terms = [held.term for member in Member.objects.all() for held in member.terms.select_related("term__region")]
        assert len({term.region_id for term in terms}) == 56
        assert sum(term.office in {"mayor_metro", "governor"} for term in terms) == 2


class TestBylaws:
    @pytest.mark.parametrize("day", [PRINTED_ON, TODAY])
    def test_todays_holders_are_held_against_the_bylaws(self, day):
        checks = checked(day)
        assert (checks[Rule.CO_CHAIRS].actual, checks[Rule.CO_CHAIRS].vacant) == (4, 1)
        assert (checks[Rule.AUDITORS].actual, checks[Rule.AUDITORS].met) == (1, True)
        assert (checks[Rule.COMMITTEE].actual, checks[Rule.COMMITTEE].met) == (15, True)
        assert checks[Rule.COMMITTEE_CHAIR].who == ("나소열",)

    def test_terms_were_about_to_end_then_and_are_over_now(self):
        assert len(checked(PRINTED_ON)[Rule.TERMS_ENDING].who) == 16
        assert len(checked(TODAY)[Rule.TERMS_OVER].who) == 16

    def test_the_amendment_of_2011_changed_article_2(self):
        first, second = Bylaws.objects.order_by("number")
        changed = [
            one.number
            for one, other in zip(first.articles.all(), second.articles.all(), strict=True)
            if one.text != other.text
        ]
        assert changed == ["2"]
        assert second.in_force_from == date(2011, 11, 30)

    def test_a_general_assembly_was_held_and_the_committee_is_called(self):
        states = dict(ClubMeeting.objects.values_list("kind", "meeting__status"))
        assert states == {"general": MeetingStatus.MINUTED, "committee": MeetingStatus.CALLED}
        assert checked(TODAY)[Rule.GENERAL_ASSEMBLY].met

    def test_most_have_paid_and_some_have_not(self):
        open_ones = [one for one in standings(Member.objects.all()) if one.standing.open]
        assert 0 < len(open_ones) < 15
        honorary = Member.objects.get(kind=MemberKind.HONORARY)
        assert not standings([honorary])[0].standing.owed


class TestForum24:
    def test_themes_take_60_60_60_and_120_minutes(self, forum):
        assert list(forum.themes.values_list("minutes", flat=True)) == [60, 60, 60, 120]

    def test_presenters_panels_and_points_are_those_of_the_programme(self, forum):
        parts = [
            (
                theme.contributions.filter(part=Part.PRESENTER).count(),
                theme.contributions.filter(part=Part.PANEL).count(),
                theme.points.count(),
            )
            for theme in forum.themes.all()
        ]
        # In the last one the participating heads discuss, named together.
        assert parts == [(2, 8, 4), (2, 5, 3), (1, 3, 4), (1, 1, 1)]

    def test_the_workshop_as_a_whole_is_moderated(self, forum):
        moderators = forum.contributions.filter(part=Part.MODERATOR)
        assert [(one.outsider.name, one.theme) for one in moderators] == [("윤석인", None)]

    def test_open_starts_and_ends_stand_as_printed(self, forum):
        first = forum.sessions.first()
        late = forum.sessions.get(starts__isnull=False, ends__isnull=True)
        assert (first.starts, str(first.ends)) == (None, "13:00:00")
        assert str(late.starts) == "21:30:00"
        assert forum.sessions.filter(kind=SessionKind.COMMITTEE).count() == 1

    def test_the_host_is_osan_with_its_figures(self, forum):
        profile = forum.profile
        assert (profile.households, profile.people, profile.area_hectares) == (79_951, 205_460, 4276)
        assert profile.budget_million == 356_019
        assert forum.host.name == "오산시"

    def test_the_list_has_20_heads_and_2_proxies_and_all_came(self, forum):
        heads = Registration.objects.filter(forum=forum, role=AttendeeRole.HEAD)
        assert (heads.filter(is_proxy=False).count(), heads.filter(is_proxy=True).count()) == (20, 2)
        assert forum.registrations.count() == 94
        came = Attendance.objects.filter(participant__registration__forum=forum).values("participant").distinct()
        assert came.count() == 94

    def test_nobody_of_the_staff_bears_a_masked_name(self, forum):
        assert not forum.registrations.filter(name__contains="○").exists()


class TestOtherEvents:
    def test_the_listed_figures_of_term_7_add_up_beside_the_printed_ones(self):
        listed = ListedAttendance.objects.filter(forum__term="민선7기")
        sums = listed.aggregate(heads=Sum("heads"), officials=Sum("officials"))
        printed = PrintedTotal.objects.get(term="민선7기")
        assert listed.count() == 15
        assert (sums["heads"], sums["officials"]) == (286, 948)
        assert (printed.heads, printed.officials) == (350, 1265)
        numbers = set(Forum.objects.filter(term="민선7기", number__isnull=False).values_list("number", flat=True))
        assert set(range(2, 20)) - numbers == {4, 11, 12, 15}

    def test_members_by_term_stand_there_as_the_handbook_prints_them(self):
        printed = PrintedTotal.objects.order_by("term").values_list("term", "members")
        assert list(printed) == [("민선5기", 57), ("민선6기", 57), ("민선7기", 62)]

    def test_a_forum_is_to_come_and_some_have_not_answered(self):
        coming = Forum.objects.get(status=ForumStatus.PUBLISHED, starts_on__gt=TODAY)
        answered = coming.registrations.filter(role=AttendeeRole.HEAD).count()
        assert 0 < answered < Member.objects.filter(kind=MemberKind.REGULAR).count()

    def test_the_academy_of_2022_is_what_the_handbook_announces(self):
        academy = Forum.objects.get(kind=EventKind.ACADEMY)
        assert (academy.starts_on, academy.ends_on) == (date(2022, 6, 10), date(2022, 6, 11))
        assert (academy.title, academy.places) == ("2022 시장학교(민선8기 지방정부 당선자 워크숍)", 50)

    def test_six_volumes_and_the_22nd_issue_are_in_the_archive(self):
        assert Publication.objects.filter(kind="series").count() == 6
        assert Publication.objects.get(kind="journal").number == 22


def test_applications_wait_in_different_states():
    assert set(Application.objects.values_list("status", flat=True)) == {"submitted", "supplement", "checked"}


def test_an_office_acts_for_its_member():
    account = MemberAccount.objects.get()
    assert account.member.name == OFFICES[0].member
    assert members_of(User.objects.get(email=OFFICES[0].email), TODAY) == [account.member]


def test_local_elections_are_known():
    assert LocalElection.objects.filter(held_on=date(2014, 6, 4)).exists()
